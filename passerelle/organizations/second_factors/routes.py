"""HTTP of second factors: all of it about the caller's own, but the last."""

from typing import Annotated

from fastapi import Response

from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.web import Admitted, Router, admit, allow, refusals
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import (
    AccountLocked,
    OperatorNotFound,
    OperatorsOnly,
    OwnAccount,
    ScopeNotYours,
    SignInFailed,
)
from passerelle.organizations.schemas import OperatorId
from passerelle.organizations.second_factors import service
from passerelle.organizations.second_factors.errors import CodeWrong, SecondFactorAbsent, SecondFactorPresent
from passerelle.organizations.second_factors.schemas import (
    Enrolment,
    FirstCode,
    PasswordProof,
    RecoveryCodes,
    SecondFactorOut,
)

router = Router(prefix="/api/v1", tags=["sign-in"])
_PROOF = (OperatorsOnly, SignInFailed, AccountLocked)


@router.get("/me/second-factor", responses=refusals(OperatorsOnly))
async def get_second_factor(tx: Annotated[Tx, allow("organization:read")]) -> SecondFactorOut:
    """Whether the caller is asked for a code at sign-in."""
    return await service.get_second_factor(tx, organizations.own_id(tx))


@router.post("/me/second-factor", status_code=201, responses=refusals(*_PROOF, SecondFactorPresent))
async def begin_second_factor(body: PasswordProof, who: Annotated[Admitted, admit("organization:read")]) -> Enrolment:
    """Begin: a secret for an authenticator app, shown this once."""
    async with who.transaction() as tx:
        outcome = await service.begin(tx, organizations.own_id(tx), body.password.get_secret_value())
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


@router.post(
    "/me/second-factor/confirm",
    responses=refusals(OperatorsOnly, CodeWrong, SecondFactorAbsent, SecondFactorPresent),
)
async def confirm_second_factor(body: FirstCode, tx: Annotated[Tx, allow("organization:read")]) -> RecoveryCodes:
    """Turn it on with a first code; the recovery codes are shown this once."""
    return await service.confirm(tx, organizations.own_id(tx), body.code)


@router.post("/me/second-factor/recovery-codes", responses=refusals(*_PROOF, SecondFactorAbsent))
async def renew_recovery_codes(
    body: PasswordProof, who: Annotated[Admitted, admit("organization:read")]
) -> RecoveryCodes:
    """New recovery codes; the old ones are no longer good."""
    async with who.transaction() as tx:
        outcome = await service.renew_recovery_codes(tx, organizations.own_id(tx), body.password.get_secret_value())
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


@router.post("/me/second-factor/turn-off", status_code=204, responses=refusals(*_PROOF))
async def turn_off_second_factor(
    body: PasswordProof, who: Annotated[Admitted, admit("organization:read")]
) -> Response:
    """Sign in by password alone again."""
    async with who.transaction() as tx:
        outcome = await service.turn_off(tx, organizations.own_id(tx), body.password.get_secret_value())
    if outcome is not None:
        raise outcome
    return Response(status_code=204)


@router.delete(
    "/operators/{operator_id}/second-factor",
    status_code=204,
    responses=refusals(OperatorNotFound, OwnAccount, ScopeNotYours),
)
async def take_second_factor_off(operator_id: OperatorId, tx: Annotated[Tx, allow("operators:reset")]) -> Response:
    """Help an operator who lost phone and recovery codes; they must have no more rights than the caller."""
    await service.take_off(tx, operator_id)
    return Response(status_code=204)

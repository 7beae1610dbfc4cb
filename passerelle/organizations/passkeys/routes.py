"""HTTP of passkeys."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response

from passerelle.kit import directory
from passerelle.kit.actors import SYSTEM
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.pacing import Budget
from passerelle.kit.web import Admitted, Edge, Router, admit, allow, edge, refusals
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import AccountLocked, OperatorsOnly, SignInFailed, TooManyAttempts
from passerelle.organizations.passkeys import service
from passerelle.organizations.passkeys.errors import (
    PasskeyNotFound,
    PasskeyRefused,
    PasskeysUnavailable,
    TooManyPasskeys,
)
from passerelle.organizations.passkeys.schemas import (
    NewPasskey,
    PasskeyAnswer,
    PasskeyId,
    PasskeyList,
    PasskeyOptions,
    PasskeyOut,
)
from passerelle.organizations.second_factors.schemas import PasswordProof
from passerelle.organizations.sessions.cookies import browser_of, pace, signed_in

router = Router(prefix="/api/v1", tags=["sign-in"])
_attempts: Final = Budget(300)


@router.post("/sessions/passkey/options", responses=refusals(PasskeysUnavailable, TooManyAttempts))
async def passkey_sign_in_options(at: Annotated[Edge, Depends(edge)], request: Request) -> PasskeyOptions:
    """Begin to sign in with a passkey."""
    pace(_attempts, request)
    party = service.require_relying_party(at.settings)
    return PasskeyOptions(public_key=service.sign_in_options(at.database.vault, party))


@router.post(
    "/sessions/passkey",
    status_code=204,
    responses=refusals(PasskeysUnavailable, PasskeyRefused, TooManyAttempts),
)
async def sign_in_with_passkey(body: PasskeyAnswer, at: Annotated[Edge, Depends(edge)], request: Request) -> Response:
    """Sign in with a passkey; the answer sets the session cookie."""
    pace(_attempts, request)
    party = service.require_relying_party(at.settings)
    key = directory.fingerprint(service.credential_id_of(body.credential))
    for organization_id in await directory.find(at.database, service.DIRECTORY, key):
        try:
            async with at.database.transaction(organization_id, SYSTEM) as tx:
                session = await service.sign_in(tx, body.credential, party, browser_of(request))
        except PasskeyRefused:
            continue  # somebody else's credential of the same name must not keep the holder out
        return signed_in(request, session)
    raise PasskeyRefused


@router.get("/me/passkeys", responses=refusals(OperatorsOnly))
async def list_passkeys(tx: Annotated[Tx, allow("organization:read")]) -> PasskeyList:
    """The caller's passkeys."""
    return PasskeyList(items=await service.list_passkeys(tx, organizations.own_id(tx)))


@router.post(
    "/me/passkeys/options",
    responses=refusals(OperatorsOnly, SignInFailed, AccountLocked, PasskeysUnavailable, TooManyPasskeys),
)
async def begin_passkey(
    body: PasswordProof, at: Annotated[Edge, Depends(edge)], who: Annotated[Admitted, admit("organization:read")]
) -> PasskeyOptions:
    """Begin to add a passkey."""
    party = service.require_relying_party(at.settings)
    async with who.transaction() as tx:
        outcome = await service.begin(tx, organizations.own_id(tx), body.password.get_secret_value(), party)
    if isinstance(outcome, Refusal):
        raise outcome
    return PasskeyOptions(public_key=outcome)


@router.post("/me/passkeys", status_code=201, responses=refusals(OperatorsOnly, PasskeysUnavailable, PasskeyRefused))
async def add_passkey(
    body: NewPasskey, at: Annotated[Edge, Depends(edge)], tx: Annotated[Tx, allow("organization:read")]
) -> PasskeyOut:
    """Add the passkey that the browser made."""
    party = service.require_relying_party(at.settings)
    return await service.add_passkey(tx, organizations.own_id(tx), body.name, body.credential, party)


@router.delete("/me/passkeys/{passkey_id}", status_code=204, responses=refusals(OperatorsOnly, PasskeyNotFound))
async def remove_passkey(passkey_id: PasskeyId, tx: Annotated[Tx, allow("organization:read")]) -> Response:
    """Remove a passkey: it opens nothing any more."""
    await service.remove_passkey(tx, organizations.own_id(tx), passkey_id)
    return Response(status_code=204)

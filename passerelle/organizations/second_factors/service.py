"""The verbs of second factors; the only writer of its tables."""

from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_code, new_secret
from passerelle.organizations import passwords
from passerelle.organizations import queries as organization_queries
from passerelle.organizations import service as organizations
from passerelle.organizations.passwords import Failure
from passerelle.organizations.second_factors import queries, rules
from passerelle.organizations.second_factors.errors import CodeWrong, SecondFactorAbsent, SecondFactorPresent
from passerelle.organizations.second_factors.events import (
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
    SecondFactorTurnedOff,
    SecondFactorTurnedOn,
)
from passerelle.organizations.second_factors.models import SecondFactor
from passerelle.organizations.second_factors.schemas import Enrolment, RecoveryCodes, SecondFactorOut

_SECRET = "second_factors.secret"  # noqa: S105  the name of a column


async def is_on(tx: Tx, operator_id: UUID) -> bool:
    """Whether a code is asked for when this operator signs in."""
    return await queries.is_on(tx, operator_id)


async def get_second_factor(tx: Tx, operator_id: UUID) -> SecondFactorOut:
    """Whether it is on, and how many recovery codes are left."""
    left = await tx.fetchval(queries.COUNT_RECOVERY_CODES, tx.organization_id, operator_id)
    return SecondFactorOut(on=await queries.is_on(tx, operator_id), recovery_codes_left=left)


async def begin(tx: Tx, operator_id: UUID, password: str) -> Enrolment | Failure:
    """Make a secret for an authenticator app; it counts once ``confirm`` has seen a code of it.

    A wrong password is returned, so that it is counted. Raises SecondFactorPresent.
    """
    operator = await organization_queries.operator_for_update(tx, operator_id)
    failure = await passwords.check(tx, operator, password)
    if failure is not None:
        return failure
    factor = await queries.second_factor_for_update(tx, operator_id)
    if factor is not None and factor.confirmed_at is not None:
        raise SecondFactorPresent
    if factor is None:
        factor = SecondFactor(organization_id=tx.organization_id, operator_id=operator_id)
        tx.session.add(factor)
    secret = new_secret(rules.SECRET_BYTES)
    factor.secret = (await tx.vault.keys(tx)).encrypt(secret.hex(), _SECRET)
    factor.created_at = clock.now()
    account = (await organizations.get_operator(tx, operator_id)).email
    issuer = (await organizations.get_organization(tx)).name
    url = rules.enrolment_url(secret, issuer=issuer, account=account)
    import segno  # noqa: PLC0415  1 MB that tills and phones never need

    picture = segno.make(url, error="m").svg_data_uri(scale=4, border=2, light="#fff")
    return Enrolment(secret=rules.as_text(secret), url=url, qr=picture)


async def confirm(tx: Tx, operator_id: UUID, code: str) -> RecoveryCodes:
    """Turn the second factor on with a first code; raises SecondFactorAbsent, SecondFactorPresent, CodeWrong."""
    factor = await queries.second_factor_for_update(tx, operator_id)
    if factor is None:
        raise SecondFactorAbsent
    if factor.confirmed_at is not None:
        raise SecondFactorPresent
    step = await _matching_step(tx, factor, rules.plain_code(code))
    if step is None:
        raise CodeWrong
    factor.last_step, factor.confirmed_at = step, clock.now()
    await announce(tx, SecondFactorTurnedOn(operator_id=operator_id))
    return await _new_recovery_codes(tx, operator_id)


async def accept(tx: Tx, operator_id: UUID, typed: str) -> bool:
    """Whether a code or recovery code is good; it is used up by this. Only for a second factor that is on."""
    factor = await queries.second_factor_for_update(tx, operator_id)
    if factor is None or factor.confirmed_at is None:
        return False
    code = rules.plain_code(typed)
    if rules.is_time_code(code):
        step = await _matching_step(tx, factor, code)
        if step is not None:
            factor.last_step = step
        return step is not None
    digest = await _digest(tx, operator_id, code)
    if not await tx.fetchval(queries.USE_RECOVERY_CODE, tx.organization_id, operator_id, digest):
        return False
    left = await tx.fetchval(queries.COUNT_RECOVERY_CODES, tx.organization_id, operator_id)
    await announce(tx, RecoveryCodeUsed(operator_id=operator_id, left=left))
    return True


async def renew_recovery_codes(tx: Tx, operator_id: UUID, password: str) -> RecoveryCodes | Failure:
    """New recovery codes in place of the old; a wrong password is returned. Raises SecondFactorAbsent."""
    operator = await organization_queries.operator_for_update(tx, operator_id)
    failure = await passwords.check(tx, operator, password)
    if failure is not None:
        return failure
    if not await queries.is_on(tx, operator_id):
        raise SecondFactorAbsent
    await announce(tx, RecoveryCodesRenewed(operator_id=operator_id))
    return await _new_recovery_codes(tx, operator_id)


async def turn_off(tx: Tx, operator_id: UUID, password: str) -> Failure | None:
    """Sign in by password alone again; a wrong password is returned. Harmless when there is none."""
    operator = await organization_queries.operator_for_update(tx, operator_id)
    failure = await passwords.check(tx, operator, password)
    if failure is None:
        await _turn_off(tx, operator_id)
    return failure


async def take_off(tx: Tx, operator_id: UUID) -> None:
    """Help somebody who lost phone and recovery codes; raises OperatorNotFound, OwnAccount, ScopeNotYours."""
    await organizations.require_colleague(tx, operator_id)
    await _turn_off(tx, operator_id)


async def _turn_off(tx: Tx, operator_id: UUID) -> None:
    factor = await queries.second_factor_for_update(tx, operator_id)
    if factor is not None:
        await tx.execute(queries.FORGET_RECOVERY_CODES, tx.organization_id, operator_id)
        await tx.session.delete(factor)
        await announce(tx, SecondFactorTurnedOff(operator_id=operator_id))


async def _matching_step(tx: Tx, factor: SecondFactor, code: str) -> int | None:
    secret = bytes.fromhex((await tx.vault.keys(tx)).decrypt(factor.secret, _SECRET))
    return rules.matching_step(secret, code, clock.now(), factor.last_step)


async def _new_recovery_codes(tx: Tx, operator_id: UUID) -> RecoveryCodes:
    await tx.execute(queries.FORGET_RECOVERY_CODES, tx.organization_id, operator_id)
    codes = [new_code(rules.RECOVERY_CODE_LETTERS) for _ in range(rules.RECOVERY_CODES)]
    digests = [await _digest(tx, operator_id, code) for code in codes]
    await tx.execute(queries.KEEP_RECOVERY_CODES, tx.organization_id, operator_id, digests)
    return RecoveryCodes(recovery_codes=[f"{code[:5]}-{code[5:]}" for code in codes])


async def _digest(tx: Tx, operator_id: UUID, code: str) -> bytes:
    """A recovery code has 50 bits, so its digest is keyed: the database alone does not allow trying them all."""
    return (await tx.vault.keys(tx)).blind_index("recovery_code", f"{operator_id}\0{code}")

"""The verbs of sessions."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from passerelle.kit import clock, directory
from passerelle.kit.actors import Actor
from passerelle.kit.crypto import Vault
from passerelle.kit.db import Database, Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import digest, new_id, new_secret, open_tenant_token, tenant_token
from passerelle.organizations import passwords, rules
from passerelle.organizations import queries as organization_queries
from passerelle.organizations.errors import SignInFailed
from passerelle.organizations.events import OperatorSignedIn
from passerelle.organizations.models import Operator, OperatorSession
from passerelle.organizations.passwords import Failure
from passerelle.organizations.second_factors import service as second_factors
from passerelle.organizations.sessions import queries
from passerelle.organizations.sessions.errors import SecondFactorRequired, SessionNotFound
from passerelle.organizations.sessions.schemas import Method, SessionOut, SignIn

_MAX_BROWSER = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the cookie's value and when it ends."""

    token: str
    expires_at: datetime


Outcome = SignedIn | Failure | SecondFactorRequired


async def tenants_of_email(database: Database, vault: Vault, email: str) -> Sequence[UUID]:
    """The organizations in which somebody signs in with this e-mail."""
    return await directory.find(
        database, "operator", vault.instance_index("operator_email", rules.normal_email(email))
    )


async def find_operator(tx: Tx, email: str) -> Operator | None:
    """The enabled operator with this e-mail, locked."""
    index = (await tx.vault.keys(tx)).blind_index("operator_email", rules.normal_email(email))
    operator = await queries.find_operator_by_email(tx, index)
    return None if operator is None or operator.disabled_at is not None else operator


async def is_operator(tx: Tx, email: str) -> bool:
    """Whether somebody works here with this e-mail, enabled or not."""
    index = (await tx.vault.keys(tx)).blind_index("operator_email", rules.normal_email(email))
    return await queries.find_operator_by_email(tx, index) is not None


async def sign_in(tx: Tx, asked: SignIn, browser: str | None) -> Outcome:
    """Check a password, and a code when the operator has a second factor, and open a session.

    A refusal is returned, not raised: the failure must be counted, so the transaction must commit. Wrong codes are
    counted as wrong passwords are.
    """
    operator = await find_operator(tx, asked.email)
    if operator is None:
        await passwords.refuse_unknown(asked.password.get_secret_value())
        return SignInFailed(limit=rules.MAX_FAILED_SIGN_INS)
    failure = await passwords.check(tx, operator, asked.password.get_secret_value())
    if failure is not None:
        return failure
    method: Method = "password"
    if await second_factors.is_on(tx, operator.id):
        if asked.code is None:
            return SecondFactorRequired()
        if not await second_factors.accept(tx, operator.id, asked.code):
            return await passwords.count_failure(tx, operator)
        method = "second_factor"
    return await open_session(tx, operator.id, method, browser)


async def open_session(tx: Tx, operator_id: UUID, method: Method, browser: str | None) -> SignedIn:
    """Open a session for an operator whose proof was good; earlier failures are forgotten."""
    operator = await organization_queries.get_operator(tx, operator_id)
    operator.failed_sign_ins, operator.locked_until = 0, None
    secret, now = new_secret(), clock.now()
    expires_at = now + rules.SESSION_LIFE
    session = OperatorSession(
        organization_id=tx.organization_id,
        digest=digest(secret),
        id=new_id(),
        operator_id=operator_id,
        method=method,
        browser=_printable(browser),
        created_at=now,
        expires_at=expires_at,
    )
    tx.session.add(session)
    await tx.flush()
    tx.actor = Actor("operator", operator_id)  # from here on it is known who is calling
    await announce(tx, OperatorSignedIn(operator_id=operator_id, method=method))
    return SignedIn(tenant_token("ses", tx.organization_id, secret), expires_at)


async def sign_out(tx: Tx, token: str) -> None:
    """End the session of this cookie."""
    session = await tx.session.get(OperatorSession, (tx.organization_id, digest_of(token)))
    if session is not None:
        await tx.session.delete(session)


async def list_sessions(tx: Tx, operator_id: UUID, current: bytes) -> list[SessionOut]:
    """Where an operator is signed in, newest first."""
    now = clock.now()
    return [
        SessionOut(
            id=session.id,
            method=cast("Method", session.method),
            browser=session.browser,
            created_at=session.created_at,
            expires_at=session.expires_at,
            current=hmac.compare_digest(session.digest, current),
        )
        for session in await queries.list_sessions(tx, operator_id)
        if session.expires_at > now
    ]


async def end_session(tx: Tx, operator_id: UUID, session_id: UUID) -> None:
    """Sign an operator out of one browser; raises SessionNotFound."""
    if not await tx.fetchval(queries.END_ONE, tx.organization_id, operator_id, session_id):
        raise SessionNotFound


async def end_other_sessions(tx: Tx, operator_id: UUID, current: bytes) -> None:
    """Sign an operator out everywhere else."""
    await tx.execute(organization_queries.END_SESSIONS, tx.organization_id, operator_id, current)


async def forget_ended_sessions(tx: Tx) -> None:
    """Remove sessions whose time is over."""
    await tx.execute(queries.FORGET_ENDED, tx.organization_id, clock.now())


def digest_of(token: str) -> bytes:
    """How the session of a cookie is stored; of no session when the cookie is none of ours."""
    opened = open_tenant_token("ses", token)
    return digest(opened[1]) if opened is not None else b""


def _printable(browser: str | None) -> str | None:
    return "".join(letter for letter in browser if letter.isprintable())[:_MAX_BROWSER] if browser else None

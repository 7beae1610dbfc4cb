"""The verbs of recovery; the only writer of its table."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from passerelle.kit import clock
from passerelle.kit.actors import SYSTEM, Actor
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import enqueue
from passerelle.organizations import links, rules
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import LinkInvalid
from passerelle.organizations.recovery.events import PasswordResetMade, PasswordResetUsed
from passerelle.organizations.recovery.models import PasswordReset
from passerelle.organizations.recovery.schemas import PasswordResetOut
from passerelle.organizations.sessions import service as sessions

PREFIX: Final = "pwr"
MAIL: Final = "organizations.mail_new_password"
_REPLACE: Final = """
INSERT INTO password_resets (organization_id, id, operator_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organization_id, operator_id) DO UPDATE
    SET id = excluded.id, created_at = excluded.created_at, expires_at = excluded.expires_at
"""


async def help_colleague(tx: Tx, operator_id: UUID, settings: Settings) -> PasswordResetOut:
    """A link for a colleague who may do no more than the caller.

    Raises OperatorNotFound, OwnAccount, ScopeNotYours.
    """
    await organizations.require_colleague(tx, operator_id)
    return await make_link(tx, operator_id, settings)


async def make_link(tx: Tx, operator_id: UUID, settings: Settings) -> PasswordResetOut:
    """A link with which the operator chooses a new password; an older one ends."""
    reset_id, now = new_id(), clock.now()
    expires_at = now + rules.RESET_LIFE
    await tx.execute(_REPLACE, tx.organization_id, reset_id, operator_id, now, expires_at)
    await announce(tx, PasswordResetMade(operator_id=operator_id))
    token = links.make(PREFIX, await tx.vault.keys(tx), tx.organization_id, reset_id)
    return PasswordResetOut(url=settings.url(f"/app/new-password#{token}"), expires_at=expires_at)


async def mail_links(database: Database, email: str) -> None:
    """Have a link mailed to whoever signs in with this e-mail, if anybody does; tells nobody whether."""
    for organization_id in await sessions.tenants_of_email(database, database.vault, email):
        async with database.transaction(organization_id, SYSTEM) as tx:
            operator = await sessions.find_operator(tx, email)
            if operator is not None:
                await enqueue(tx, MAIL, {"operator_id": str(operator.id)})


async def links_for(database: Database, email: str, settings: Settings) -> list[tuple[str, PasswordResetOut]]:
    """A link per organization in which somebody signs in with this e-mail, for whoever runs the server."""
    made: list[tuple[str, PasswordResetOut]] = []
    for organization_id in await sessions.tenants_of_email(database, database.vault, email):
        async with database.transaction(organization_id, SYSTEM) as tx:
            operator = await sessions.find_operator(tx, email)
            if operator is not None:
                name = (await organizations.get_organization(tx)).name
                made.append((name, await make_link(tx, operator.id, settings)))
    return made


async def choose_password(tx: Tx, opened: links.Opened, password: str) -> None:
    """Set the new password and end all sessions; raises LinkInvalid. A second factor stays on."""
    if not links.is_genuine(PREFIX, await tx.vault.keys(tx), opened):
        raise LinkInvalid
    query = (
        select(PasswordReset)
        .where(PasswordReset.organization_id == tx.organization_id, PasswordReset.id == opened.id)
        .with_for_update()
    )
    reset = (await tx.session.execute(query)).scalar_one_or_none()
    if reset is None or clock.now() >= reset.expires_at:
        raise LinkInvalid
    operator = await organizations.get_operator(tx, reset.operator_id)
    if operator.disabled:
        raise LinkInvalid
    await tx.session.delete(reset)
    tx.actor = Actor("operator", operator.id)
    await organizations.set_password(tx, operator.id, password)
    await announce(tx, PasswordResetUsed(operator_id=operator.id))

"""The verbs of invitations; the only writer of its table."""

from typing import Final, cast
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.config import Settings
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import enqueue
from passerelle.kit.mail import is_configured
from passerelle.organizations import links, rules
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import EmailTaken, LinkInvalid
from passerelle.organizations.invitations import queries
from passerelle.organizations.invitations.errors import InvitationNotFound, TooManyInvitations
from passerelle.organizations.invitations.events import InvitationAccepted, InvitationMade, InvitationRevoked
from passerelle.organizations.invitations.models import Invitation
from passerelle.organizations.invitations.schemas import (
    Acceptance,
    InvitationIn,
    InvitationMadeOut,
    InvitationOut,
    InvitationRead,
)
from passerelle.organizations.schemas import OperatorIn
from passerelle.organizations.sessions import service as sessions
from passerelle.organizations.sessions.service import SignedIn

PREFIX: Final = "inv"
MAIL: Final = "organizations.mail_invitation"
_EMAIL: Final = "invitations.email"
_MAX_OPEN: Final = 200


async def invite(tx: Tx, asked: InvitationIn, settings: Settings) -> InvitationMadeOut:
    """Invite a person in a role that may do no more than the caller; an older invitation of theirs ends.

    Raises ScopeNotYours, EmailTaken, TooManyInvitations.
    """
    organizations.require_role(tx, asked.role)
    email = rules.normal_email(asked.email)
    if await sessions.is_operator(tx, email):
        raise EmailTaken
    keys, now = await tx.vault.keys(tx), clock.now()
    index = keys.blind_index("operator_email", email)
    await tx.execute(queries.REVOKE_OLDER, tx.organization_id, index, now)
    if await tx.fetchval(queries.COUNT_OPEN, tx.organization_id, now) >= _MAX_OPEN:
        raise TooManyInvitations(limit=_MAX_OPEN)
    invitation = Invitation(
        organization_id=tx.organization_id,
        id=new_id(),
        email=keys.encrypt(email, _EMAIL),
        email_index=index,
        role=asked.role,
        invited_by=tx.actor.label,
        created_at=now,
        expires_at=now + rules.INVITATION_LIFE,
    )
    tx.session.add(invitation)
    await tx.flush()
    await announce(tx, InvitationMade(invitation_id=invitation.id, role=asked.role))
    mailed = is_configured(settings)
    if mailed:
        await enqueue(tx, MAIL, {"invitation_id": str(invitation.id)})
    out = await _invitation_out(tx, invitation)
    return InvitationMadeOut(**out.model_dump(), url=await url_of(tx, invitation.id, settings), mailed=mailed)


async def url_of(tx: Tx, invitation_id: UUID, settings: Settings) -> str:
    """The link; the token stands behind #, which browsers send to nobody."""
    token = links.make(PREFIX, await tx.vault.keys(tx), tx.organization_id, invitation_id)
    return settings.url(f"/app/invitation#{token}")


async def list_invitations(tx: Tx, before: UUID, limit: int) -> list[InvitationOut]:
    """Invitations that can still be accepted, newest first."""
    return [await _invitation_out(tx, each) for each in await queries.list_open(tx, before, limit, clock.now())]


async def find_open(tx: Tx, invitation_id: UUID) -> InvitationOut | None:
    """An invitation that can still be accepted."""
    try:
        invitation = await queries.invitation_for_update(tx, invitation_id)
    except InvitationNotFound:
        return None
    return await _invitation_out(tx, invitation) if _is_open(invitation) else None


async def revoke_invitation(tx: Tx, invitation_id: UUID) -> None:
    """Have the link open nothing any more; harmless when it was used. Raises InvitationNotFound."""
    invitation = await queries.invitation_for_update(tx, invitation_id)
    if _is_open(invitation):
        invitation.revoked_at = clock.now()
        await announce(tx, InvitationRevoked(invitation_id=invitation_id))


async def read_invitation(tx: Tx, opened: links.Opened) -> InvitationRead:
    """What the invited person is asked; raises LinkInvalid."""
    invitation = await _behind(tx, opened)
    organization = await organizations.get_organization(tx)
    out = await _invitation_out(tx, invitation)
    return InvitationRead(
        organization_name=organization.name,
        language=organization.language,
        email=out.email,
        role=out.role,
        expires_at=out.expires_at,
    )


async def accept(tx: Tx, opened: links.Opened, person: Acceptance, browser: str | None) -> SignedIn:
    """Make the operator and sign them in; raises LinkInvalid, EmailTaken."""
    invitation = await _behind(tx, opened)
    out = await _invitation_out(tx, invitation)
    operator = await organizations.add_operator(
        tx, OperatorIn(name=person.name, email=out.email, role=out.role, password=person.password)
    )
    tx.actor = Actor("operator", operator.id)
    invitation.accepted_at = clock.now()
    await announce(tx, InvitationAccepted(invitation_id=invitation.id, operator_id=operator.id))
    return await sessions.open_session(tx, operator.id, "link", browser)


async def _behind(tx: Tx, opened: links.Opened) -> Invitation:
    if not links.is_genuine(PREFIX, await tx.vault.keys(tx), opened):
        raise LinkInvalid
    invitation = await queries.invitation_for_update(tx, opened.id)
    if not _is_open(invitation):
        raise LinkInvalid
    return invitation


def _is_open(invitation: Invitation) -> bool:
    return invitation.accepted_at is None and invitation.revoked_at is None and clock.now() < invitation.expires_at


async def _invitation_out(tx: Tx, invitation: Invitation) -> InvitationOut:
    return InvitationOut(
        id=invitation.id,
        email=(await tx.vault.keys(tx)).decrypt(invitation.email, _EMAIL),
        role=cast("rules.Role", invitation.role),
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
    )

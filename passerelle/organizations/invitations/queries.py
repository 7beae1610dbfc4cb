"""Every SELECT of invitations; the tenant is the transaction's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from passerelle.kit.db import Tx
from passerelle.organizations.invitations.errors import InvitationNotFound
from passerelle.organizations.invitations.models import Invitation

COUNT_OPEN: Final = """
SELECT count(*) FROM invitations
WHERE organization_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2
"""
REVOKE_OLDER: Final = """
UPDATE invitations SET revoked_at = $3
WHERE organization_id = $1 AND email_index = $2 AND accepted_at IS NULL AND revoked_at IS NULL
"""


async def invitation_for_update(tx: Tx, invitation_id: UUID) -> Invitation:
    """The invitation, locked: of two who accept at once, one comes in. Raises InvitationNotFound."""
    query = (
        select(Invitation)
        .where(Invitation.organization_id == tx.organization_id, Invitation.id == invitation_id)
        .with_for_update()
    )
    invitation = (await tx.session.execute(query)).scalar_one_or_none()
    if invitation is None:
        raise InvitationNotFound
    return invitation


async def list_open(tx: Tx, before: UUID, limit: int, now: datetime) -> Sequence[Invitation]:
    """Invitations that can still be accepted, newest first."""
    query = (
        select(Invitation)
        .where(
            Invitation.organization_id == tx.organization_id,
            Invitation.id < before,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.id.desc())
        .limit(limit)
    )
    return (await tx.session.execute(query)).scalars().all()

"""Invitations by mail, where the server can send any."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit import mail
from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.organizations import service as organizations
from passerelle.organizations import wording
from passerelle.organizations.invitations import service


async def mail_invitation(work: Work, payload: dict[str, Any]) -> None:
    """Mail an invitation that is still open; repeated after a failure, it may arrive twice and is the same link."""
    invitation_id = UUID(payload["invitation_id"])
    async with work.database.transaction(organization_of(payload)) as tx:
        invitation = await service.find_open(tx, invitation_id)
        if invitation is None:
            return
        organization = await organizations.get_organization(tx)
        url = await service.url_of(tx, invitation_id, work.settings)
    letter = wording.invitation(organization, invitation.email, url, invitation.expires_at)
    await mail.send(work.settings, letter)


MAIL_INVITATION: Final = JobKind(service.MAIL, mail_invitation)

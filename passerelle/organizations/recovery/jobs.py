"""Links for new passwords by mail."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit import mail
from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.organizations import service as organizations
from passerelle.organizations import wording
from passerelle.organizations.recovery import service


async def mail_new_password(work: Work, payload: dict[str, Any]) -> None:
    """Make a link and mail it; repeated after a failure, the newest link is the good one."""
    async with work.database.transaction(organization_of(payload)) as tx:
        organization = await organizations.get_organization(tx)
        operator = await organizations.get_operator(tx, UUID(payload["operator_id"]))
        made = await service.make_link(tx, operator.id, work.settings)
    await mail.send(work.settings, wording.new_password(organization, operator.email, made.url, made.expires_at))


MAIL_NEW_PASSWORD: Final = JobKind(service.MAIL, mail_new_password)

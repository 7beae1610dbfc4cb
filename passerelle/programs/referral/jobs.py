"""What wakes referral without HTTP."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.programs.referral import service


async def settle(work: Work, payload: dict[str, Any]) -> None:
    """Give or take back what one referral asks for."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.settle_referral(tx, UUID(payload["referral_id"]))


SETTLE: Final = JobKind(service.SETTLE_JOB, settle)

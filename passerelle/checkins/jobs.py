"""What time alone does: stays that nobody ended."""

from typing import Any, Final

from passerelle.checkins import service
from passerelle.kit.jobs import JobKind, Work, organization_of


async def close_forgotten(work: Work, payload: dict[str, Any]) -> None:
    """Close stays whose time is over, a batch to a transaction."""
    closed = 1
    while closed:
        async with work.database.transaction(organization_of(payload)) as tx:
            closed = await service.close_due(tx)


CLOSE_FORGOTTEN: Final = JobKind("checkins.close_forgotten", close_forgotten, schedule="*/5 * * * *")

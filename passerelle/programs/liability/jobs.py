"""What wakes liability without HTTP: limits are looked at every hour."""

from typing import Any, Final

from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.programs.liability import service

_TIMEOUT_MS: Final = 60_000


async def check_limits(work: Work, payload: dict[str, Any]) -> None:
    """Tell which programs exceed their limit of liability."""
    async with work.database.transaction(organization_of(payload), timeout_ms=_TIMEOUT_MS) as tx:
        await service.check_limits(tx)


CHECK_LIMITS: Final = JobKind("liability.check_limits", check_limits, schedule="41 * * * *")

"""What time does to organizations: sessions end."""

from typing import Any, Final

from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.organizations import service


async def forget_ended_sessions(work: Work, payload: dict[str, Any]) -> None:
    """Remove sessions that nobody can use any more."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.forget_ended_sessions(tx)


FORGET_ENDED_SESSIONS: Final = JobKind("organizations.forget_ended_sessions", forget_ended_sessions, "23 * * * *")

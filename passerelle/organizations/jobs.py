"""What time does to organizations: sessions end."""

from typing import Any, Final

from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.organizations.passkeys import service as passkeys
from passerelle.organizations.sessions import service as sessions


async def forget_ended_sessions(work: Work, payload: dict[str, Any]) -> None:
    """Remove sessions and challenges that nobody can use any more."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await sessions.forget_ended_sessions(tx)
        await passkeys.forget_spent_challenges(tx)


FORGET_ENDED_SESSIONS: Final = JobKind("organizations.forget_ended_sessions", forget_ended_sessions, "23 * * * *")

"""What is forgotten of messages by itself."""

from typing import Any, Final

from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.messaging import service


async def prune(work: Work, payload: dict[str, Any]) -> None:
    """Forget old messages."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.prune(tx)


PRUNE: Final = JobKind("messaging.prune", prune, schedule="47 3 * * *")

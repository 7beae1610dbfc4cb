"""What is forgotten of receipts by itself."""

from typing import Any, Final

from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.purchases.receipts import service


async def prune(work: Work, payload: dict[str, Any]) -> None:
    """Forget receipts that nobody claimed, and guesses of long ago."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.prune(tx)


PRUNE: Final = JobKind("receipts.prune", prune, schedule="27 3 * * *")

"""What wakes the ledger without HTTP: lots come of age and lapse."""

from typing import Any, Final

from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.ledger import service

# Accounts are locked to the end of a batch, and tills wait for them: rather many small batches.
_BATCH: Final = 100
_MAX_BATCHES: Final = 5_000


async def age_lots(work: Work, payload: dict[str, Any]) -> None:
    """Activate, then expire what is due in one organization: a lot is told as active before it is told as lapsed."""
    organization_id = organization_of(payload)
    for _ in range(_MAX_BATCHES):
        async with work.database.transaction(organization_id) as tx:
            if await service.activate_due_lots(tx, _BATCH) + await service.expire_due_lots(tx, _BATCH) == 0:
                break


AGE_LOTS: Final = JobKind("ledger.age_lots", age_lots, schedule="* * * * *")

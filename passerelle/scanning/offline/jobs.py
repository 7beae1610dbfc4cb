"""What wakes without HTTP: operations whose predecessors never came."""

from functools import partial
from typing import Any, Final

from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.scanning.offline import queries
from passerelle.scanning.offline.batches import apply_waiting


async def apply_what_waited(work: Work, payload: dict[str, Any]) -> None:
    """Apply what waited long enough, and what a request that broke off left behind."""
    open_tx = partial(work.database.transaction, organization_of(payload))
    async with open_tx() as tx:
        device_ids = await queries.devices_waiting(tx)
    for device_id in device_ids:
        await apply_waiting(open_tx, device_id)


APPLY_WHAT_WAITED: Final = JobKind("scanning.apply_what_waited", apply_what_waited, schedule="*/5 * * * *")

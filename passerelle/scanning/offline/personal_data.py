"""What queues hold of a person: what tills did with their card without a network.

After erasure the rows stay beside the purchases they made; what the till sent goes.
"""

from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.scanning.offline import queries

tables: Final = frozenset({"offline_operations"})
_SHOWN: Final = ("kind", "status", "payload", "told_at", "occurred_at", "received_at", "applied_at")


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every queued operation that was booked for the person, newest first."""
    rows = await queries.operations_of_customer(tx, customer_id)
    return {"offline_operations": [{name: row[name] for name in _SHOWN} for row in rows]}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Drop what the till sent."""
    await tx.execute(queries.FORGET, tx.organization_id, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """What tills did for either, they did for one person."""
    await tx.execute(queries.MERGE, tx.organization_id, kept_id, merged_id)

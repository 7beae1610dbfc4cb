"""What receipts hold of a person: which ones they claimed. What was bought stands in the purchase, too."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.purchases.receipts import queries

tables: Final = frozenset({"receipts"})
_PAGE: Final = 200
_TOLD: Final = (
    "id",
    "reference",
    "purchase_id",
    "amount_minor",
    "currency",
    "occurred_at",
    "claimed_at",
    "claimed_by",
)


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every receipt that the customer claimed, newest first."""
    receipts: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await queries.list_receipts(tx, before, _PAGE, clock.now(), customer_id=customer_id):
        receipts += [{name: row[name] for name in _TOLD} for row in page]
        before = page[-1]["id"]
    return {"receipts": receipts}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Keep amounts and times, drop numbers and texts."""
    await tx.execute(queries.FORGET, tx.organization_id, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """What both claimed, one person claimed."""
    await tx.execute(queries.MERGE, tx.organization_id, kept_id, merged_id)

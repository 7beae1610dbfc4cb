"""What purchases hold of a person: what they bought, where and when, and what was paid back.

After erasure the amounts stay for the books under a pseudonym; receipt numbers, reasons and the texts of lines go,
for they may tell who it was.
"""

from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.purchases import queries, service

tables: Final = frozenset({"purchases", "purchase_refunds"})
_PAGE: Final = 200


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every purchase with its lines, newest first, and every refund of them."""
    purchases: list[dict[str, Any]] = []
    refunds: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await service.list_purchases(tx, customer_id, before, _PAGE):
        purchases += [purchase.model_dump(mode="json") for purchase in page]
        refunds += [dict(row) for row in await queries.refunds_of(tx, [purchase.id for purchase in page])]
        before = page[-1].id
    return {"purchases": purchases, "refunds": refunds}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Keep amounts and times, drop receipt numbers and texts."""
    await tx.execute(queries.FORGET_REFUNDS, tx.organization_id, customer_id)
    await tx.execute(queries.FORGET, tx.organization_id, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """What both bought, one person bought."""
    await tx.execute(queries.MERGE, tx.organization_id, kept_id, merged_id)

"""What staff wrote about a person."""

from typing import Any, Final
from uuid import UUID

from passerelle.customers.notes import queries, service
from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL

tables: Final = frozenset({"customer_notes"})
_PAGE: Final = 200


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every note, newest first."""
    notes: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await service.list_notes(tx, customer_id, before, _PAGE):
        notes += [note.model_dump(mode="json") for note in page]
        before = page[-1].id
    return {"notes": notes}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Delete them."""
    await tx.execute(queries.FORGET, tx.organization_id, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """Keep all notes under one person."""
    await tx.execute(queries.MERGE, tx.organization_id, kept_id, merged_id)

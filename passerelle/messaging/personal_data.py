"""What was written to a person."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.messaging import queries, service

tables: Final = frozenset({"messages"})
_PAGE: Final = 200


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every message, newest first."""
    messages: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await service.list_messages(tx, customer_id, before, _PAGE):
        messages += [message.model_dump(mode="json") for message in page]
        before = page[-1].id
    return {"messages": messages}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Forget them."""
    await tx.execute(queries.FORGET, tx.organization_id, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """Keep all messages under one person."""
    await tx.execute(queries.MERGE, tx.organization_id, kept_id, merged_id)

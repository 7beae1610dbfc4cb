"""What ticketing holds of a person: the tickets that were issued to them.

After erasure the rows stay under the pseudonym, for an event knows how many came; tickets with which they could still
come in are cancelled.
"""

from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.ticketing import queries, service
from passerelle.ticketing.schemas import TicketOut

tables: Final = frozenset({"tickets"})
_PAGE: Final = 200


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every ticket issued to them, newest first, with the event's name."""
    told: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while tickets := await service.list_tickets(tx, before, _PAGE, customer_id=customer_id):
        events = await service.events_among(tx, sorted({ticket.event_id for ticket in tickets}))
        told += [
            {"event": events[ticket.event_id].name, **TicketOut.of(ticket).model_dump(mode="json")}
            for ticket in tickets
        ]
        before = tickets[-1].id
    return {"tickets": told}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Cancel the tickets they could still use; nothing here tells who somebody is."""
    await service.forget_customer(tx, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """What both were given, one person was."""
    await tx.execute(queries.MERGE, tx.organization_id, kept_id, merged_id)

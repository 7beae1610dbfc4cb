"""Every SQL text of ticketing; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from passerelle.kit.db import Row, Tx
from passerelle.ticketing.errors import TicketedEventNotFound, TicketNotFound
from passerelle.ticketing.models import TicketedEventRow
from passerelle.ticketing.rules import LASTS
from passerelle.ticketing.schemas import Attendance

_COLUMNS: Final = """t.id, t.event_id, t.customer_id, t.state, t.code, t.category, t.section, t.row, t.seat,
       t.created_at, t.used_at, t.used_location_id, t.used_by, t.left_at, t.left_by, t.returns,
       t.cancelled_at"""
_TICKET: Final = f"SELECT {_COLUMNS} FROM tickets t WHERE t.organization_id = $1"
_BY_ID: Final = f"{_TICKET} AND t.id = $2"
_BY_IDS: Final = f"{_TICKET} AND t.id = ANY($2::uuid[])"
_BY_CODE: Final = f"{_TICKET} AND t.code_index = $2"
_BY_REFERENCE: Final = f"{_TICKET} AND t.event_id = $2 AND t.reference = $3"
_LOCKED: Final = " FOR NO KEY UPDATE"
_PAGE: Final = f"""
{_TICKET} AND t.id < $2 AND ($4::uuid IS NULL OR t.event_id = $4) AND ($5::uuid IS NULL OR t.customer_id = $5)
AND ($6::text IS NULL OR t.state = $6) ORDER BY t.id DESC LIMIT $3
"""
_COMING: Final = f"{_TICKET} AND t.customer_id = $2 AND t.state = 'issued' ORDER BY t.event_id, t.id LIMIT $3"
# A seat that another ticket has is told apart from everything else by its index.
ADD: Final = """
INSERT INTO tickets (organization_id, id, event_id, customer_id, code, code_index, category, section, row, seat,
    reference, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
COUNT_ISSUED: Final = "UPDATE ticketed_events SET issued = issued + $3 WHERE organization_id = $1 AND id = $2"
USE: Final = """
UPDATE tickets SET state = 'used', used_at = $3, used_location_id = $4, used_by = $5, left_at = NULL, left_by = NULL,
    returns = returns + CASE WHEN state = 'used' THEN 1 ELSE 0 END
WHERE organization_id = $1 AND id = $2
"""
UNUSE: Final = """
UPDATE tickets SET state = 'issued', used_at = NULL, used_location_id = NULL, used_by = NULL
WHERE organization_id = $1 AND id = $2
"""
LEAVE: Final = """
UPDATE tickets SET left_at = $3, left_by = $4 WHERE organization_id = $1 AND id = $2
"""
UNDO_RETURN: Final = """
UPDATE tickets SET left_at = used_at, left_by = used_by, returns = returns - 1 WHERE organization_id = $1 AND id = $2
"""
CANCEL: Final = "UPDATE tickets SET state = 'cancelled', cancelled_at = $3 WHERE organization_id = $1 AND id = $2"
MERGE: Final = "UPDATE tickets SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
_SEAT: Final = """
SELECT 1 FROM tickets WHERE organization_id = $1 AND event_id = $2 AND section = $3 AND row = $4 AND seat = $5
AND seat <> '' AND state <> 'cancelled'
"""
_CANCELLED: Final = "SELECT id FROM tickets WHERE organization_id = $1 AND event_id = $2 AND state = 'cancelled'"
_USED: Final = """
SELECT event_id, count(*) AS used, count(*) FILTER (WHERE left_at IS NULL) AS inside FROM tickets
WHERE organization_id = $1 AND event_id = ANY($2::uuid[]) AND state = 'used' GROUP BY event_id
"""


async def get_event(tx: Tx, event_id: UUID, *, for_update: bool = False) -> TicketedEventRow:
    """An event, locked to the end of the transaction for who changes it or its tickets' number."""
    query = select(TicketedEventRow).where(
        TicketedEventRow.organization_id == tx.organization_id, TicketedEventRow.id == event_id
    )
    if for_update:
        query = query.with_for_update(key_share=True)
    event = (await tx.session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if event is None:
        raise TicketedEventNotFound
    return event


async def list_events(
    tx: Tx, before: UUID, limit: int, *, not_ended_at: datetime | None = None
) -> Sequence[TicketedEventRow]:
    query = select(TicketedEventRow).where(
        TicketedEventRow.organization_id == tx.organization_id, TicketedEventRow.id < before
    )
    if not_ended_at is not None:
        query = query.where(
            func.coalesce(TicketedEventRow.ends_at, TicketedEventRow.starts_at + LASTS) > not_ended_at
        )
    return (await tx.session.execute(query.order_by(TicketedEventRow.id.desc()).limit(limit))).scalars().all()


async def coming_events_at(tx: Tx, location_id: UUID, now: datetime) -> Sequence[TicketedEventRow]:
    """Events at a location that are not over, locked in the order of their ids."""
    query = select(TicketedEventRow).where(
        TicketedEventRow.organization_id == tx.organization_id,
        TicketedEventRow.location_id == location_id,
        func.coalesce(TicketedEventRow.ends_at, TicketedEventRow.starts_at + LASTS) > now,
    )
    locked = query.order_by(TicketedEventRow.id).with_for_update(key_share=True)
    return (await tx.session.execute(locked.execution_options(populate_existing=True))).scalars().all()


async def list_events_by_id(tx: Tx, event_ids: Sequence[UUID]) -> Sequence[TicketedEventRow]:
    query = select(TicketedEventRow).where(
        TicketedEventRow.organization_id == tx.organization_id, TicketedEventRow.id.in_(event_ids)
    )
    return (await tx.session.execute(query.execution_options(populate_existing=True))).scalars().all()


async def count_events(tx: Tx) -> int:
    query = select(func.count()).where(TicketedEventRow.organization_id == tx.organization_id)
    return (await tx.session.execute(query)).scalar_one()


async def attendance_of(tx: Tx, event_ids: Sequence[UUID]) -> dict[UUID, Attendance]:
    """How many came in and are in, by event; those without anybody are left out."""
    rows = await tx.fetch(_USED, tx.organization_id, list(event_ids))
    return {row["event_id"]: Attendance(row["used"], row["inside"]) for row in rows}


async def cancelled_of(tx: Tx, event_id: UUID) -> list[UUID]:
    """Tickets of an event that were taken back."""
    return [row["id"] for row in await tx.fetch(_CANCELLED, tx.organization_id, event_id)]


async def get_ticket(tx: Tx, ticket_id: UUID, *, for_update: bool = False) -> Row:
    row = await tx.fetchrow(_BY_ID + (_LOCKED if for_update else ""), tx.organization_id, ticket_id)
    if row is None:
        raise TicketNotFound
    return row


async def find_ticket_by_code(tx: Tx, code_index: bytes, *, for_update: bool = False) -> Row | None:
    return await tx.fetchrow(_BY_CODE + (_LOCKED if for_update else ""), tx.organization_id, code_index)


async def find_ticket_by_reference(tx: Tx, event_id: UUID, reference: str) -> Row | None:
    return await tx.fetchrow(_BY_REFERENCE, tx.organization_id, event_id, reference)


async def list_tickets_by_id(tx: Tx, ticket_ids: Sequence[UUID]) -> Sequence[Row]:
    return await tx.fetch(_BY_IDS, tx.organization_id, list(ticket_ids))


async def list_tickets(
    tx: Tx, before: UUID, limit: int, *, event_id: UUID | None, customer_id: UUID | None, state: str | None
) -> Sequence[Row]:
    return await tx.fetch(_PAGE, tx.organization_id, before, limit, event_id, customer_id, state)


async def list_unused_of(tx: Tx, customer_id: UUID, limit: int) -> Sequence[Row]:
    """Tickets with which a customer could still come in, by their events."""
    return await tx.fetch(_COMING, tx.organization_id, customer_id, limit)


async def is_taken(tx: Tx, event_id: UUID, section: str, row: str, seat: str) -> bool:
    """Whether a ticket has the seat; sure while the event is locked."""
    return await tx.fetchval(_SEAT, tx.organization_id, event_id, section, row, seat) is not None

"""The verbs of ticketing: the only public door. Each lives with its kind: planning, issuing, entry."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.ticketing import queries
from passerelle.ticketing.entry import admit, check_out, may_return, place_of_entry, undo_entry
from passerelle.ticketing.errors import TicketUnknown
from passerelle.ticketing.issuing import (
    cancel_ticket,
    find_handed_out,
    forget_customer,
    hand_out_ticket,
    issue_ticket,
    require_issuing,
)
from passerelle.ticketing.planning import (
    cancel_event,
    change_event,
    create_event,
    follow_location,
    hold_event_design,
    reinstate_event,
    set_event_design,
)
from passerelle.ticketing.reading import event_of, events_among, index_of, ticket_of
from passerelle.ticketing.rules import Entry, TicketState, judge_entry
from passerelle.ticketing.schemas import Attendance, Ticket, TicketedEvent

__all__ = [
    "admit",
    "cancel_event",
    "cancel_ticket",
    "cancelled_of",
    "change_event",
    "check_out",
    "count_attendance",
    "create_event",
    "entry_of",
    "events_among",
    "find_handed_out",
    "follow_location",
    "forget_customer",
    "get_event",
    "get_ticket",
    "hand_out_ticket",
    "hold_event_design",
    "issue_ticket",
    "list_events",
    "list_tickets",
    "place_of_entry",
    "reinstate_event",
    "require_issuing",
    "set_event_design",
    "ticket_by_code",
    "tickets_among",
    "undo_entry",
]


async def get_event(tx: Tx, event_id: UUID) -> TicketedEvent:
    """An event; raises TicketedEventNotFound."""
    return await event_of(tx, await queries.get_event(tx, event_id))


async def list_events(tx: Tx, before: UUID, limit: int, *, coming: bool = False) -> list[TicketedEvent]:
    """Events, newest first; ``coming`` leaves out those that are over."""
    rows = await queries.list_events(tx, before, limit, not_ended_at=clock.now() if coming else None)
    return [await event_of(tx, row) for row in rows]


async def count_attendance(tx: Tx, event_ids: Sequence[UUID]) -> dict[UUID, Attendance]:
    """How many came in and how many are in, by event; those without anybody are left out."""
    return await queries.attendance_of(tx, event_ids)


async def cancelled_of(tx: Tx, event_id: UUID) -> list[UUID]:
    """Tickets of an event that were taken back."""
    return await queries.cancelled_of(tx, event_id)


async def get_ticket(tx: Tx, ticket_id: UUID) -> tuple[TicketedEvent, Ticket]:
    """A ticket and its event; raises TicketNotFound."""
    ticket = ticket_of(await tx.vault.keys(tx), await queries.get_ticket(tx, ticket_id))
    return await get_event(tx, ticket.event_id), ticket


async def ticket_by_code(tx: Tx, typed: str) -> tuple[TicketedEvent, Ticket]:
    """The ticket behind a scanned or typed code, in any state; raises TicketUnknown."""
    keys = await tx.vault.keys(tx)
    row = await queries.find_ticket_by_code(tx, index_of(keys, typed))
    if row is None:
        raise TicketUnknown
    return await get_event(tx, row["event_id"]), ticket_of(keys, row)


def entry_of(event: TicketedEvent, ticket: Ticket, now: datetime) -> Entry:
    """Whether a ticket lets in at an instant, or what forbids it."""
    return judge_entry(ticket.state, event.state, event.times, now, may_return=may_return(event, ticket))


async def list_tickets(
    tx: Tx,
    before: UUID,
    limit: int,
    *,
    event_id: UUID | None = None,
    customer_id: UUID | None = None,
    state: TicketState | None = None,
) -> list[Ticket]:
    """Tickets, newest first."""
    rows = await queries.list_tickets(tx, before, limit, event_id=event_id, customer_id=customer_id, state=state)
    keys = await tx.vault.keys(tx)
    return [ticket_of(keys, row) for row in rows]


async def tickets_among(tx: Tx, ticket_ids: Sequence[UUID]) -> dict[UUID, tuple[TicketedEvent, Ticket]]:
    """Tickets with their events, for their cards; as many statements for one as for all of an event."""
    keys = await tx.vault.keys(tx)
    tickets = [ticket_of(keys, row) for row in await queries.list_tickets_by_id(tx, ticket_ids)]
    events = await events_among(tx, sorted({ticket.event_id for ticket in tickets}))
    return {ticket.id: (events[ticket.event_id], ticket) for ticket in tickets}

"""HTTP of ticketing; entry is with the other scans (scanning)."""

from typing import Annotated, Final

from fastapi import Query

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.organizations.errors import LocationNotFound
from passerelle.ticketing import service
from passerelle.ticketing.errors import (
    ISSUE_REFUSALS,
    CapacityBelowIssued,
    EventTimesDoNotFit,
    TicketAlreadyUsed,
    TicketedEventNotFound,
    TicketNotFound,
    TicketReferenceReused,
    TooManyTicketedEvents,
)
from passerelle.ticketing.rules import TicketState
from passerelle.ticketing.schemas import (
    Attendance,
    TicketedEvent,
    TicketedEventChange,
    TicketedEventId,
    TicketedEventIn,
    TicketedEventOut,
    TicketId,
    TicketIn,
    TicketIssuedOut,
    TicketOut,
)

router = Router(prefix="/api/v1", tags=["ticketing"])
Reader = Annotated[Tx, allow("tickets:read")]
Writer = Annotated[Tx, allow("tickets:write")]
_ITEMS: Final = 50


@router.post(
    "/ticketed-events",
    status_code=201,
    responses=refusals(LocationNotFound, EventTimesDoNotFit, TooManyTicketedEvents),
)
async def create_event(body: TicketedEventIn, tx: Writer) -> TicketedEventOut:
    """Plan an event; tickets can be issued at once."""
    return await _out(tx, await service.create_event(tx, body))


@router.get("/ticketed-events", responses=refusals())
async def list_events(
    tx: Reader,
    *,
    coming: Annotated[bool, Query(description="Only those that are not over.")] = False,
    limit: PageSize = _ITEMS,
    cursor: Cursor = None,
) -> Page[TicketedEventOut]:
    """Events with their tickets' numbers, newest first."""
    events = await service.list_events(tx, after(cursor), limit, coming=coming)
    came = await service.count_attendance(tx, [event.id for event in events])
    items = [TicketedEventOut.of(event, came.get(event.id, Attendance())) for event in events]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/ticketed-events/{event_id}", responses=refusals(TicketedEventNotFound))
async def get_event(event_id: TicketedEventId, tx: Reader) -> TicketedEventOut:
    """One event: how many tickets are out, how many came in, how many are left."""
    return await _out(tx, await service.get_event(tx, event_id))


@router.patch(
    "/ticketed-events/{event_id}",
    responses=refusals(
        TicketedEventNotFound, LocationNotFound, EventTimesDoNotFit, CapacityBelowIssued, InvalidInput
    ),
)
async def change_event(event_id: TicketedEventId, body: TicketedEventChange, tx: Writer) -> TicketedEventOut:
    """Move, rename or enlarge an event; the cards of its tickets follow."""
    return await _out(tx, await service.change_event(tx, event_id, body))


@router.post("/ticketed-events/{event_id}/cancel", responses=refusals(TicketedEventNotFound))
async def cancel_event(event_id: TicketedEventId, tx: Writer) -> TicketedEventOut:
    """The event does not take place: its tickets let nobody in, and their cards say so. Harmless to repeat."""
    return await _out(tx, await service.cancel_event(tx, event_id))


@router.post("/ticketed-events/{event_id}/reinstate", responses=refusals(TicketedEventNotFound))
async def reinstate_event(event_id: TicketedEventId, tx: Writer) -> TicketedEventOut:
    """A cancelled event is on again, with its tickets. Harmless to repeat."""
    return await _out(tx, await service.reinstate_event(tx, event_id))


@router.post(
    "/tickets",
    status_code=201,
    responses=refusals(TicketedEventNotFound, CustomerNotFound, CustomerGone, *ISSUE_REFUSALS, TicketReferenceReused),
)
async def issue_ticket(body: TicketIn, tx: Writer) -> TicketIssuedOut:
    """A ticket, for a customer or for whoever gets it; never more than the capacity, and each seat once."""
    ticket = await service.issue_ticket(tx, body)
    return TicketIssuedOut(**dict(TicketOut.of(ticket)), code=ticket.code)


@router.get("/tickets", responses=refusals())
async def list_tickets(
    tx: Reader,
    *,
    event_id: Annotated[TicketedEventId | None, Query(description="Only those of this event.")] = None,
    customer_id: Annotated[CustomerId | None, Query(description="Only this customer's.")] = None,
    state: Annotated[TicketState | None, Query(description="Only those in this state.")] = None,
    limit: PageSize = _ITEMS,
    cursor: Cursor = None,
) -> Page[TicketOut]:
    """Tickets, newest first."""
    found = await service.list_tickets(
        tx, after(cursor), limit, event_id=event_id, customer_id=customer_id, state=state
    )
    items = [TicketOut.of(ticket) for ticket in found]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/tickets/{ticket_id}", responses=refusals(TicketNotFound))
async def get_ticket(ticket_id: TicketId, tx: Reader) -> TicketOut:
    """One ticket."""
    return TicketOut.of((await service.get_ticket(tx, ticket_id))[1])


@router.post("/tickets/{ticket_id}/cancel", responses=refusals(TicketNotFound, TicketAlreadyUsed))
async def cancel_ticket(ticket_id: TicketId, tx: Writer) -> TicketOut:
    """Take a ticket back: its place is free again, its card void. Harmless to repeat."""
    return TicketOut.of(await service.cancel_ticket(tx, ticket_id))


async def _out(tx: Tx, event: TicketedEvent) -> TicketedEventOut:
    came = await service.count_attendance(tx, [event.id])
    return TicketedEventOut.of(event, came.get(event.id, Attendance()))

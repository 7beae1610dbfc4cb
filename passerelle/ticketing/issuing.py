"""Tickets: issued, handed to whoever asks, cancelled. Part of the public door, service.py."""

from typing import Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Row, Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_code, new_id
from passerelle.kit.moments import LocalTime
from passerelle.ticketing import queries, rules
from passerelle.ticketing.entry import already_used
from passerelle.ticketing.errors import (
    EventCancelled,
    EventOver,
    EventSoldOut,
    SeatTaken,
    TicketReferenceReused,
)
from passerelle.ticketing.events import TicketCancelled, TicketIssued
from passerelle.ticketing.reading import event_of, index_of, seal, ticket_of
from passerelle.ticketing.schemas import Ticket, TicketedEvent, TicketIn

_FORGOTTEN_AT_ONCE: Final = 10_000


async def issue_ticket(tx: Tx, new: TicketIn) -> Ticket:
    """Issue a ticket; the same reference answers the same ticket.

    The event is locked: of two who want the last place or the same seat, one gets it. Raises TicketedEventNotFound,
    CustomerNotFound, CustomerGone, EventCancelled, EventOver, EventSoldOut, SeatTaken, TicketReferenceReused.
    """
    if new.customer_id is not None:
        await customers.hold_customer(tx, new.customer_id)
    event = await event_of(tx, await queries.get_event(tx, new.event_id, for_update=True))
    known = await queries.find_ticket_by_reference(tx, event.id, new.reference) if new.reference else None
    if known is not None:
        return _same(ticket_of(await tx.vault.keys(tx), known), new)
    require_issuing(event)
    if new.seat and await queries.is_taken(tx, event.id, new.section, new.row, new.seat):
        raise SeatTaken(seat=" ".join(part for part in (new.section, new.row, new.seat) if part))
    return await _insert(tx, new)


async def hand_out_ticket(tx: Tx, event_id: UUID, reference: str) -> UUID:
    """A ticket for somebody whom nobody knows; the same reference answers the same ticket. Raises as issue_ticket."""
    return (await issue_ticket(tx, TicketIn(event_id=event_id, reference=reference))).id


async def find_handed_out(tx: Tx, event_id: UUID, reference: str) -> UUID | None:
    """The ticket that was issued under a reference, if one was."""
    row = await queries.find_ticket_by_reference(tx, event_id, reference)
    return row["id"] if row is not None else None


def require_issuing(event: TicketedEvent) -> None:
    """Refuse an event that has no ticket to give: raises EventCancelled, EventOver, EventSoldOut."""
    match rules.judge_issue(event.state, event.times, event.capacity, event.issued, clock.now()):
        case "event_cancelled":
            raise EventCancelled(event=event.name)
        case "over":
            raise EventOver(event=event.name, on=LocalTime(event.times.closes_at, event.time_zone))
        case "sold_out":
            raise EventSoldOut(event=event.name, capacity=event.capacity)


async def cancel_ticket(tx: Tx, ticket_id: UUID) -> Ticket:
    """Take a ticket back and free its place; harmless to repeat. Raises TicketNotFound, TicketAlreadyUsed."""
    row = await queries.get_ticket(tx, ticket_id)
    event = await event_of(tx, await queries.get_event(tx, row["event_id"], for_update=True))
    row = await queries.get_ticket(tx, ticket_id, for_update=True)
    ticket = ticket_of(await tx.vault.keys(tx), row)
    if ticket.state == "used":
        raise await already_used(tx, ticket, event)
    if ticket.state == "issued":
        await _cancel(tx, row)
    return ticket_of(await tx.vault.keys(tx), await queries.get_ticket(tx, ticket_id))


async def forget_customer(tx: Tx, customer_id: UUID) -> None:
    """Cancel the tickets with which an erased customer could still come in."""
    held = await queries.list_unused_of(tx, customer_id, _FORGOTTEN_AT_ONCE)
    for event_id in sorted({row["event_id"] for row in held}):
        await queries.get_event(tx, event_id, for_update=True)
    for row in held:
        if (await queries.get_ticket(tx, row["id"], for_update=True))["state"] == "issued":
            await _cancel(tx, row)


async def _cancel(tx: Tx, row: Row) -> None:
    await tx.execute(queries.CANCEL, tx.organization_id, row["id"], clock.now())
    await tx.execute(queries.COUNT_ISSUED, tx.organization_id, row["event_id"], -1)
    await announce(tx, TicketCancelled(ticket_id=row["id"], event_id=row["event_id"], customer_id=row["customer_id"]))


async def _insert(tx: Tx, new: TicketIn) -> Ticket:
    keys, ticket_id, code = await tx.vault.keys(tx), new_id(), rules.shown_code(new_code(rules.CODE_LENGTH))
    await tx.execute(queries.COUNT_ISSUED, tx.organization_id, new.event_id, 1)
    await tx.execute(
        queries.ADD,
        *(tx.organization_id, ticket_id, new.event_id, new.customer_id, seal(keys, code), index_of(keys, code)),
        *(new.category, new.section, new.row, new.seat, new.reference, clock.now()),
    )
    await announce(tx, TicketIssued(ticket_id=ticket_id, event_id=new.event_id, customer_id=new.customer_id))
    return ticket_of(keys, await queries.get_ticket(tx, ticket_id))


def _same(known: Ticket, new: TicketIn) -> Ticket:
    asked = ("customer_id", "category", "section", "row", "seat")
    if any(getattr(known, name) != getattr(new, name) for name in asked):
        raise TicketReferenceReused
    return known

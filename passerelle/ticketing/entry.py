"""Entry: a ticket lets in once, and again after an exit where the event allows it. Part of the door, service.py."""

from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce
from passerelle.kit.moments import LocalTime
from passerelle.organizations import service as organizations
from passerelle.ticketing import queries, rules
from passerelle.ticketing.errors import (
    EntryTooEarly,
    EventCancelled,
    EventOver,
    ReentryOff,
    TicketAlreadyUsed,
    TicketNotInside,
    TicketNotUsed,
    TicketOfOtherEvent,
    TicketUnknown,
    TicketWasCancelled,
)
from passerelle.ticketing.events import TicketEntryUndone, TicketLeft, TicketUsed
from passerelle.ticketing.reading import event_of, index_of, ticket_of
from passerelle.ticketing.rules import Entry
from passerelle.ticketing.schemas import Ticket, TicketedEvent


async def admit(
    tx: Tx, typed: str, *, event_id: UUID | None = None, location_id: UUID | None = None
) -> tuple[TicketedEvent, Ticket]:
    """Let somebody in. ``event_id`` is the one that the gate is for, if it is for one.

    The ticket is locked: of two gates that read it at the same instant, one lets in. Raises TicketUnknown,
    LocationNotFound and ENTRY_REFUSALS.
    """
    if location_id is not None:
        await organizations.get_location(tx, location_id)
    event, ticket = await _held(tx, typed)
    keys, now = await tx.vault.keys(tx), clock.now()
    verdict = rules.judge_entry(
        ticket.state,
        event.state,
        event.times,
        now,
        is_other_event=event_id is not None and event_id != event.id,
        may_return=may_return(event, ticket),
    )
    if verdict != "admit":
        raise await _refusal(tx, verdict, ticket, event)
    await tx.execute(queries.USE, tx.organization_id, ticket.id, now, location_id, tx.actor.label)
    await announce(tx, TicketUsed(ticket_id=ticket.id, event_id=event.id, customer_id=ticket.customer_id))
    return event, ticket_of(keys, await queries.get_ticket(tx, ticket.id))


async def check_out(tx: Tx, typed: str, *, event_id: UUID | None = None) -> tuple[TicketedEvent, Ticket]:
    """Let somebody out who may come in with the ticket again; locked as in ``admit``.

    Raises TicketUnknown and EXIT_REFUSALS.
    """
    event, ticket = await _held(tx, typed)
    is_other = event_id is not None and event_id != event.id
    match rules.judge_exit(
        ticket.state, has_left=ticket.left_at is not None, reentry=event.reentry, is_other_event=is_other
    ):
        case "other_event":
            raise TicketOfOtherEvent(event=event.name, on=LocalTime(event.times.starts_at, event.time_zone))
        case "not_inside":
            raise TicketNotInside
        case "no_reentry":
            raise ReentryOff(event=event.name)
    await tx.execute(queries.LEAVE, tx.organization_id, ticket.id, clock.now(), tx.actor.label)
    await announce(tx, TicketLeft(ticket_id=ticket.id, event_id=event.id, customer_id=ticket.customer_id))
    return event, ticket_of(await tx.vault.keys(tx), await queries.get_ticket(tx, ticket.id))


def may_return(event: TicketedEvent, ticket: Ticket) -> bool:
    """Whether the holder of a used ticket left and may come in again."""
    return event.reentry and ticket.left_at is not None


async def _held(tx: Tx, typed: str) -> tuple[TicketedEvent, Ticket]:
    """The ticket behind a code, locked to the end of the transaction; raises TicketUnknown."""
    keys = await tx.vault.keys(tx)
    row = await queries.find_ticket_by_code(tx, index_of(keys, typed), for_update=True)
    if row is None:
        raise TicketUnknown
    ticket = ticket_of(keys, row)
    return await event_of(tx, await queries.get_event(tx, ticket.event_id)), ticket


async def undo_entry(tx: Tx, ticket_id: UUID) -> tuple[TicketedEvent, Ticket]:
    """Take the last step back: who went out is in, who came in again is out, and a used ticket is good again.

    Raises TicketNotFound, TicketNotUsed.
    """
    keys = await tx.vault.keys(tx)
    ticket = ticket_of(keys, await queries.get_ticket(tx, ticket_id, for_update=True))
    if ticket.state != "used":
        raise TicketNotUsed
    if ticket.left_at is not None:
        await tx.execute(queries.LEAVE, tx.organization_id, ticket_id, None, None)
    else:
        statement = queries.UNDO_RETURN if ticket.returns else queries.UNUSE
        await tx.execute(statement, tx.organization_id, ticket_id)
    fact = TicketEntryUndone(ticket_id=ticket_id, event_id=ticket.event_id, customer_id=ticket.customer_id)
    await announce(tx, fact)
    event = await event_of(tx, await queries.get_event(tx, ticket.event_id))
    return event, ticket_of(keys, await queries.get_ticket(tx, ticket_id))


async def already_used(tx: Tx, ticket: Ticket, event: TicketedEvent) -> TicketAlreadyUsed:
    """The refusal that says when and where somebody came in with the ticket."""
    assert ticket.used_at is not None, "the database checks it"
    place = await place_of_entry(tx, event, ticket)
    return TicketAlreadyUsed(on=LocalTime(ticket.used_at, event.time_zone), place=place)


async def place_of_entry(tx: Tx, event: TicketedEvent, ticket: Ticket) -> str:
    """The location at which a used ticket was scanned, or else that of its event."""
    if ticket.used_location_id is None:
        return event.venue.name
    return (await organizations.get_location(tx, ticket.used_location_id)).name


async def _refusal(tx: Tx, verdict: Entry, ticket: Ticket, event: TicketedEvent) -> Refusal:
    times, zone = event.times, event.time_zone
    match verdict:
        case "other_event":
            return TicketOfOtherEvent(event=event.name, on=LocalTime(times.starts_at, zone))
        case "ticket_cancelled":
            assert ticket.cancelled_at is not None, "the database checks it"
            return TicketWasCancelled(on=LocalTime(ticket.cancelled_at, zone))
        case "event_cancelled":
            return EventCancelled(event=event.name)
        case "used":
            return await already_used(tx, ticket, event)
        case "over":
            return EventOver(event=event.name, on=LocalTime(times.closes_at, zone))
    return EntryTooEarly(event=event.name, on=LocalTime(times.opens_at, zone))

"""Events: planned, moved, cancelled and put on again. Part of the public door, service.py."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.ticketing import queries, rules
from passerelle.ticketing.errors import CapacityBelowIssued, EventTimesDoNotFit, TooManyTicketedEvents
from passerelle.ticketing.events import TicketedEventChanged, TicketedEventCreated
from passerelle.ticketing.models import TicketedEventRow
from passerelle.ticketing.reading import event_of
from passerelle.ticketing.rules import EventState
from passerelle.ticketing.schemas import TicketedEvent, TicketedEventChange, TicketedEventIn

MAX_EVENTS: Final = 5_000
_MAY_BE_EMPTIED: Final = frozenset({"ends_at", "doors_at", "capacity", "venue_address", "template_id"})


async def create_event(tx: Tx, new: TicketedEventIn) -> TicketedEvent:
    """Plan an event. Raises LocationNotFound, EventTimesDoNotFit, TooManyTicketedEvents."""
    if new.location_id is not None:
        await organizations.get_location(tx, new.location_id)
    if await queries.count_events(tx) >= MAX_EVENTS:
        raise TooManyTicketedEvents(limit=MAX_EVENTS)
    event = TicketedEventRow(
        organization_id=tx.organization_id,
        id=new_id(),
        issued=0,
        state="published",
        version=1,
        created_at=clock.now(),
        **new.model_dump(),
    )
    _require_order(event)
    tx.session.add(event)
    await tx.flush()
    await announce(tx, TicketedEventCreated(event_id=event.id))
    return await event_of(tx, event)


async def change_event(tx: Tx, event_id: UUID, change: TicketedEventChange) -> TicketedEvent:
    """Move or rename an event; the cards of its tickets follow.

    Raises TicketedEventNotFound, LocationNotFound, EventTimesDoNotFit, CapacityBelowIssued, InvalidInput.
    """
    if change.location_id is not None:
        await organizations.get_location(tx, change.location_id)
    event = await queries.get_event(tx, event_id, for_update=True)
    given = change.model_dump(exclude_unset=True)
    if change.capacity is not None and change.capacity < event.issued:
        raise CapacityBelowIssued(issued=event.issued)
    for name, value in {**given, **_place(event, change)}.items():
        if value is not None or name in _MAY_BE_EMPTIED or name in {"location_id", "venue_name"}:
            setattr(event, name, value)
    _require_order(event)
    return await _changed(tx, event, tuple(sorted(given)))


async def cancel_event(tx: Tx, event_id: UUID) -> TicketedEvent:
    """Let nobody in, and say so on every card; harmless to repeat. Raises TicketedEventNotFound."""
    return await _set_state(tx, event_id, "cancelled")


async def reinstate_event(tx: Tx, event_id: UUID) -> TicketedEvent:
    """Put a cancelled event on again, with its tickets; harmless to repeat. Raises TicketedEventNotFound."""
    return await _set_state(tx, event_id, "published")


async def hold_event_design(tx: Tx, event_id: UUID) -> TicketedEvent:
    """An event whose design is about to be made, held; raises TicketedEventNotFound."""
    return await event_of(tx, await queries.get_event(tx, event_id, for_update=True))


async def set_event_design(tx: Tx, event_id: UUID, template_id: UUID) -> None:
    """The design of the event's tickets from now on; raises TicketedEventNotFound."""
    event = await queries.get_event(tx, event_id, for_update=True)
    event.template_id = template_id
    await tx.flush()
    await announce(tx, TicketedEventChanged(event_id=event_id, fields=("template_id",)))


async def follow_location(tx: Tx, location_id: UUID) -> None:
    """Have the cards of its coming events show a place as it is now."""
    for event in await queries.coming_events_at(tx, location_id, clock.now()):
        await _changed(tx, event, ("location",))


async def _set_state(tx: Tx, event_id: UUID, state: EventState) -> TicketedEvent:
    event = await queries.get_event(tx, event_id, for_update=True)
    if event.state == state:
        return await event_of(tx, event)
    event.state = state
    return await _changed(tx, event, ("state",))


async def _changed(tx: Tx, event: TicketedEventRow, fields: tuple[str, ...]) -> TicketedEvent:
    event.version += 1
    await tx.flush()
    await announce(tx, TicketedEventChanged(event_id=event.id, fields=fields))
    return await event_of(tx, event)


def _place(event: TicketedEventRow, change: TicketedEventChange) -> dict[str, Any]:
    """Where the event is after the change: at a location, or at a venue with the address that belongs to it."""
    if change.location_id is not None:
        return {"location_id": change.location_id, "venue_name": None, "venue_address": None}
    if change.venue_name is None:
        if change.venue_address is not None and event.venue_name is None:
            raise InvalidInput(detail="venue_address goes with venue_name.")
        return {"location_id": event.location_id, "venue_name": event.venue_name}
    return {"location_id": None, "venue_name": change.venue_name, "venue_address": change.venue_address}


def _require_order(event: TicketedEventRow) -> None:
    if not rules.Times(event.starts_at, event.ends_at, event.doors_at).fit():
        raise EventTimesDoNotFit(limit_days=rules.LONGEST.days)

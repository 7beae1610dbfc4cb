"""Ticketing between domains and on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from passerelle.customers.schemas import CustomerId
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Instant, Name, Outbound, Reference, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.ticketing.rules import MAX_CAPACITY, EventState, TicketCondition, TicketState, Times, condition_of

TicketedEventId = Annotated[UUID, WireId("evn")]
TicketId = Annotated[UUID, WireId("tck")]
TemplateId = Annotated[UUID, WireId("tpl")]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
Translations = Annotated[dict[LanguageTag, Name], Field(max_length=20)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=NO_NUL)]
Capacity = Annotated[WholeNumber, Field(ge=1, le=MAX_CAPACITY, description="How many tickets there are at most.")]
Part = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=NO_NUL)]


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many came in with tickets of an event, and how many of them are in now."""

    used: int = 0
    inside: int = 0


@dataclass(frozen=True, slots=True)
class Venue:
    """Where an event is."""

    name: str
    address: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class TicketedEvent:
    """An event as other domains see it; ``issued`` counts tickets that were not cancelled."""

    id: UUID
    name: str
    names: Mapping[str, str]
    location_id: UUID | None
    venue: Venue
    times: Times
    time_zone: str
    capacity: int | None
    issued: int
    state: EventState
    version: int
    template_id: UUID | None
    reentry: bool
    created_at: datetime

    def name_in(self, language: str) -> str:
        return self.names.get(language) or self.name


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket; parts of its place that it does not name are empty."""

    id: UUID
    event_id: UUID
    customer_id: UUID | None
    state: TicketState
    code: str = field(repr=False)
    category: str
    section: str
    row: str
    seat: str
    created_at: datetime
    used_at: datetime | None
    used_location_id: UUID | None
    used_by: str | None
    left_at: datetime | None
    left_by: str | None
    returns: int
    cancelled_at: datetime | None

    @property
    def place(self) -> str:
        """Section, row and seat, as far as it names them."""
        return " ".join(part for part in (self.section, self.row, self.seat) if part)

    def condition(self, event: TicketedEvent, now: datetime) -> TicketCondition:
        """What wallets show of it."""
        return condition_of(self.state, event.state, event.times, now, reentry=event.reentry)


class TicketedEventIn(Wire):
    """A new event, at a location of the organization or at a venue by name.

    People are let in from ``doors_at`` (two hours before the start where it is left out) to ``ends_at`` (twelve hours
    after the start). Without ``capacity`` there are as many tickets as are asked for. With ``reentry`` somebody who
    was checked out at the gate may come in with the same ticket again.
    """

    name: Name
    names: Annotated[Translations, Field(default_factory=dict)]
    location_id: LocationId | None = None
    venue_name: Name | None = None
    venue_address: Address | None = None
    starts_at: Instant
    ends_at: Instant | None = None
    doors_at: Instant | None = None
    capacity: Capacity | None = None
    template_id: TemplateId | None = None
    reentry: bool = False

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.location_id is None) == (self.venue_name is None):
            raise ValueError("Give either location_id or venue_name.")
        if self.location_id is not None and self.venue_address is not None:
            raise ValueError("venue_address goes with venue_name.")
        return self


class TicketedEventChange(Wire):
    """Fields left out stay as they are; null empties ``ends_at``, ``doors_at``, ``capacity``, ``venue_address``.

    ``location_id`` takes the place of the venue, ``venue_name`` that of the location.
    """

    name: Name | None = None
    names: Translations | None = None
    location_id: LocationId | None = None
    venue_name: Name | None = None
    venue_address: Address | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    doors_at: Instant | None = None
    capacity: Capacity | None = None
    template_id: TemplateId | None = None
    reentry: bool | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.location_id is not None and (self.venue_name is not None or self.venue_address is not None):
            raise ValueError("Give either location_id or venue_name with venue_address.")
        return self


class VenueOut(Outbound):
    name: str
    address: str | None


class TicketedEventOut(Outbound):
    """An event. ``issued`` tickets are not cancelled, ``used`` of them came in, and ``inside`` of these are in now.

    ``left`` is null without capacity.
    """

    id: TicketedEventId
    name: str
    names: dict[str, str]
    location_id: LocationId | None
    venue: VenueOut
    starts_at: datetime
    ends_at: datetime | None
    doors_at: datetime | None
    opens_at: datetime
    closes_at: datetime
    capacity: int | None
    issued: int
    used: int
    inside: int
    left: int | None
    state: EventState
    template_id: TemplateId | None
    reentry: bool
    created_at: datetime

    @classmethod
    def of(cls, event: TicketedEvent, attendance: Attendance) -> Self:
        return cls(
            **{
                name: getattr(event, name)
                for name in ("id", "name", "location_id", "capacity", "issued", "state", "reentry")
            },
            **{name: getattr(event.times, name) for name in ("starts_at", "ends_at", "doors_at")},
            names=dict(event.names),
            venue=VenueOut(name=event.venue.name, address=event.venue.address),
            opens_at=event.times.opens_at,
            closes_at=event.times.closes_at,
            used=attendance.used,
            inside=attendance.inside,
            left=None if event.capacity is None else event.capacity - event.issued,
            template_id=event.template_id,
            created_at=event.created_at,
        )


class TicketIn(Wire):
    """A new ticket. ``reference`` (an order number) is unique within the event: told again, it is the same ticket."""

    event_id: TicketedEventId
    customer_id: CustomerId | None = None
    category: Part = ""
    section: Part = ""
    row: Part = ""
    seat: Part = ""
    reference: Reference | None = None


class TicketOut(Outbound):
    """A ticket. Its code is told when it is issued, and stands on its card."""

    id: TicketId
    event_id: TicketedEventId
    customer_id: CustomerId | None
    state: TicketState
    category: str
    section: str
    row: str
    seat: str
    created_at: datetime
    used_at: datetime | None
    used_location_id: LocationId | None
    left_at: datetime | None
    cancelled_at: datetime | None

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        return cls(**{name: getattr(ticket, name) for name in TicketOut.model_fields})


class TicketIssuedOut(TicketOut):
    """A new ticket with what the gate scans."""

    code: Annotated[str, Field(repr=False)]

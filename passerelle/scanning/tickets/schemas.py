"""Tickets at the gate, on the wire."""

from datetime import datetime
from typing import Any, Literal, Self

from passerelle.customers.schemas import CustomerId
from passerelle.kit.i18n import Language
from passerelle.kit.wire import Outbound, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.scanning.rules import TicketAction
from passerelle.scanning.schemas import Code
from passerelle.ticketing.schemas import Ticket, TicketedEvent, TicketedEventId, TicketId


class _AtTheGate(Outbound):
    """A ticket with its event, as the gate shows it."""

    ticket_id: TicketId
    event_id: TicketedEventId
    event_name: str
    venue: str
    starts_at: datetime
    opens_at: datetime
    closes_at: datetime
    state: Literal["issued", "used", "cancelled"]
    category: str
    section: str
    row: str
    seat: str
    customer_id: CustomerId | None
    used_at: datetime | None
    left_at: datetime | None
    reentry: bool

    @classmethod
    def of(cls, event: TicketedEvent, ticket: Ticket, language: Language, **more: Any) -> Self:
        fields = {name: getattr(ticket, name) for name in ("event_id", "state", "category", "section", "row", "seat")}
        times = {name: getattr(event.times, name) for name in ("starts_at", "opens_at", "closes_at")}
        return cls(
            **fields,
            **times,
            **more,
            ticket_id=ticket.id,
            event_name=event.name_in(language),
            venue=event.venue.name,
            customer_id=ticket.customer_id,
            used_at=ticket.used_at,
            left_at=ticket.left_at,
            reentry=event.reentry,
        )


class TicketScanOut(_AtTheGate):
    """A ticket was scanned: what it is for, and what the gate may do now.

    ``entry`` is whether it lets in at this moment, or what forbids it; ``used_place`` where somebody came in with it.
    """

    kind: Literal["ticket"] = "ticket"
    entry: Literal["admit", "ticket_cancelled", "event_cancelled", "used", "over", "too_early"]
    used_place: str | None
    may: list[TicketAction]


class AdmissionIn(Wire):
    """Let somebody in. ``event_id`` is the event that this gate is for: tickets of others are refused."""

    code: Code
    event_id: TicketedEventId | None = None
    location_id: LocationId | None = None


class CheckOutIn(Wire):
    """Let somebody out for a while. ``event_id`` as for an entry."""

    code: Code
    event_id: TicketedEventId | None = None


class AdmissionOut(_AtTheGate):
    """Somebody was let in or out, or that was taken back: the ticket as it is now, and who came.

    ``issued`` counts the tickets that are out, ``used`` those whose holders came, ``inside`` those who are in now.
    """

    used: int
    inside: int
    issued: int

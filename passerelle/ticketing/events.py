"""Facts of ticketing; codes are never in them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class TicketedEventCreated(Event):
    name = "ticketed_event.created"
    event_id: UUID


@dataclass(frozen=True, slots=True)
class TicketedEventChanged(Event):
    """``fields`` are what was given to change, sorted; ``state`` when it was cancelled or is on again.

    ``location`` when the place where it is was renamed or moved.
    """

    name = "ticketed_event.changed"
    event_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TicketIssued(Event):
    name = "ticket.issued"
    ticket_id: UUID
    event_id: UUID
    customer_id: UUID | None


@dataclass(frozen=True, slots=True)
class TicketMoved(Event):
    """Base of what happens to a ticket that is out."""

    ticket_id: UUID
    event_id: UUID
    customer_id: UUID | None


@dataclass(frozen=True, slots=True)
class TicketUsed(TicketMoved):
    """Somebody was let in."""

    name = "ticket.used"


@dataclass(frozen=True, slots=True)
class TicketLeft(TicketMoved):
    """Somebody went out, and may come in again."""

    name = "ticket.left"


@dataclass(frozen=True, slots=True)
class TicketEntryUndone(TicketMoved):
    """The last step at the gate was taken back: an entry, or somebody's going out."""

    name = "ticket.entry_undone"


@dataclass(frozen=True, slots=True)
class TicketCancelled(TicketMoved):
    name = "ticket.cancelled"


MOVED: Final[tuple[type[TicketMoved], ...]] = (TicketUsed, TicketLeft, TicketEntryUndone, TicketCancelled)

"""Facts of check-ins."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class CheckInMoved(Event):
    """Base of what happens to a check-in."""

    check_in_id: UUID
    customer_id: UUID
    location_id: UUID


@dataclass(frozen=True, slots=True)
class CheckInOpened(CheckInMoved):
    """Somebody came in; ``way`` is ``self`` for a visit that the customer noted alone, which has no end.

    ``opened_at`` is an ISO 8601 instant.
    """

    name = "check_in.opened"
    way: str
    opened_at: str


@dataclass(frozen=True, slots=True)
class CheckInClosed(CheckInMoved):
    """Somebody went out, or the clock closed their stay; ``how`` is ``out``, ``expired`` or ``day_end``."""

    name = "check_in.closed"
    how: str


@dataclass(frozen=True, slots=True)
class CheckInReopened(CheckInMoved):
    """An "out" was taken back."""

    name = "check_in.reopened"


@dataclass(frozen=True, slots=True)
class CheckInUndone(CheckInMoved):
    """An "in" was taken back, with what it earned."""

    name = "check_in.undone"


@dataclass(frozen=True, slots=True)
class CheckInPlaceChanged(Event):
    """Check-in was set up at a location; ``fields`` are what is different now, sorted."""

    name = "check_in_place.changed"
    location_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckInCodeRenewed(Event):
    """The printed code and the screen of a location have other addresses from now on."""

    name = "check_in_place.code_renewed"
    location_id: UUID

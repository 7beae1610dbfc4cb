"""Check-ins between domains and on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from passerelle.checkins.rules import (
    LONGEST_MINUTES,
    MOST_INSIDE,
    NARROWEST_M,
    PERIOD_SECONDS,
    WIDEST_M,
    Asked,
    ClosedHow,
    Direction,
    Position,
    SelfBy,
    Way,
)
from passerelle.customers.schemas import CustomerId
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Outbound, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.schemas import Accrued, AccruedOut, ProgramId

__all__ = ["PERIOD_SECONDS", "Asked", "Position"]  # of rules.py, for others; what is defined here is public anyway

CheckInId = Annotated[UUID, WireId("chk")]
CheckInState = Literal["in", "out", "undone"]
Minutes = Annotated[WholeNumber, Field(ge=0, le=LONGEST_MINUTES)]


class CheckInPlaceIn(Wire):
    """How a location takes check-ins; what is left out is as it was when nothing had been set.

    ``by_staff`` has the tills of the location offer "in" and "out". Without ``capacity`` as many as come may be in.
    ``pass_back_minutes`` after an "out" the same card does not come in again. A stay without an "out" ends by itself
    after ``longest_minutes``, or with the day in the organization's time zone (``ends_with_day``) if that is sooner.

    ``self_by`` is what customers scan to check in alone: ``printed`` takes printed codes and those of the screen,
    ``screen`` only codes of the screen, which change every 30 seconds. With ``radius_m`` their phone must say that it
    is that near to the location's coordinates. Of one customer, one check-in within ``cooldown_minutes`` counts, and
    ``per_day`` a day, whoever booked them: what counts may earn.

    With ``program_id`` only its members in good standing come in, by staff or alone; without, everybody does.
    """

    by_staff: bool = True
    capacity: Annotated[WholeNumber, Field(ge=1, le=MOST_INSIDE)] | None = None
    pass_back_minutes: Minutes = 0
    longest_minutes: Annotated[WholeNumber, Field(ge=5, le=LONGEST_MINUTES)] = 720
    ends_with_day: bool = True
    self_by: SelfBy = "none"
    radius_m: Annotated[WholeNumber, Field(ge=NARROWEST_M, le=WIDEST_M)] | None = None
    cooldown_minutes: Minutes = 240
    per_day: Annotated[WholeNumber, Field(ge=1, le=24)] = 1
    program_id: ProgramId | None = None


class CheckInPlaceOut(Outbound):
    """The settings of a location; both ways are off until somebody turns them on."""

    location_id: LocationId
    location_name: str
    by_staff: bool
    capacity: int | None
    pass_back_minutes: int
    longest_minutes: int
    ends_with_day: bool
    self_by: SelfBy
    radius_m: int | None
    cooldown_minutes: int
    per_day: int
    program_id: ProgramId | None
    inside: Annotated[int, Field(description="How many are in now.")]


class CheckInPlacesOut(Outbound):
    items: list[CheckInPlaceOut]


class CheckInOut(Outbound):
    """A stay, or a visit that a customer noted alone (``way`` is ``self``).

    ``closes_at`` is when it ends by itself; ``closed_how`` says whether somebody checked out (``out``), the clock did
    (``expired``, ``day_end``), or it never had an end (``visit``). ``minutes`` is how long it lasted, until now if it
    has not ended. ``counted`` when it was told to programs as a visit.
    """

    id: CheckInId
    location_id: LocationId
    customer_id: CustomerId
    way: Way
    state: CheckInState
    opened_at: datetime
    opened_by: str
    closes_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_how: ClosedHow | None
    undone_at: datetime | None
    minutes: int
    counted: bool


class CheckInDoneOut(Outbound):
    """What was booked, how many are in now, and what it earned."""

    direction: Direction
    check_in: CheckInOut
    customer_name: str
    location_name: str
    inside: int
    capacity: int | None
    earned: list[AccruedOut]


class PresentOut(CheckInOut):
    customer_name: str


class PresenceOut(Outbound):
    """Who is in a location now, last come first."""

    location_id: LocationId
    location_name: str
    inside: int
    capacity: int | None
    items: list[PresentOut]
    next: Annotated[str | None, Field(description="Cursor of the following page.")] = None


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be booked of a customer; without ``location_id`` the caller's own."""

    customer_id: UUID
    location_id: UUID | None
    asked: Asked
    reference: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was booked, and what it earned."""

    direction: Direction
    check_in: CheckInOut
    place: CheckInPlaceOut
    earned: tuple[Accrued, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """What a code of a place stands for: ``period`` is that of a screen, None on paper."""

    location_id: UUID
    period: int | None


@dataclass(frozen=True, slots=True)
class Screen:
    """The place of a screen, the code that it shows, and for how many seconds still."""

    place: CheckInPlaceOut
    code: bytes
    seconds_left: int

"""Decisions of check-ins: who may come in, when a stay ends by itself, what counts, and who is near enough.

The tables of docs/algorithms/checkins.md say the same, and are read by the tests.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Final, Literal

from passerelle.kit.days import day_of

Asked = Literal["in", "out", "toggle"]
Direction = Literal["in", "out"]
Way = Literal["staff", "self"]
SelfBy = Literal["none", "printed", "screen"]
ClosedHow = Literal["out", "expired", "day_end", "visit"]
Entry = Literal["in", "already_in", "pass_back", "full"]
Count = Literal["count", "lately", "enough"]
Nearness = Literal["near", "missing", "vague", "far"]

EARTH_RADIUS_M: Final = 6_371_008.8
"""The mean radius of the Earth (IUGG 1980, R1)."""
MOST_VAGUE_M: Final = 250
"""A browser that knows its place no better than this tells nothing about a shop."""
PERIOD_SECONDS: Final = 30
MAX_AGE: Final = timedelta(days=7)
CLOCK_SKEW: Final = timedelta(minutes=5)
MOST_INSIDE: Final = 100_000
LONGEST_MINUTES: Final = 7 * 24 * 60
NARROWEST_M: Final = 20
WIDEST_M: Final = 5_000


@dataclass(frozen=True, slots=True)
class Position:
    """Where a browser says it is, and how sure it is, in metres."""

    latitude: float
    longitude: float
    accuracy_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Closing:
    """When a stay ends by itself, and why then."""

    at: datetime
    how: ClosedHow


def direction_of(asked: Asked, *, is_in: bool) -> Direction:
    """What a card means that is shown at a gate for both ways."""
    if asked == "toggle":
        return "out" if is_in else "in"
    return asked


def judge_entry(
    *, is_in: bool, since_out: timedelta | None, pass_back: timedelta, inside: int, capacity: int | None
) -> Entry:
    """Whether somebody may come in: the first thing that forbids it is the one that is told.

    ``since_out`` is how long ago they left this place; within ``pass_back`` their card may be in another's hand.
    """
    if is_in:
        return "already_in"
    if since_out is not None and since_out < pass_back:
        return "pass_back"
    if capacity is not None and inside >= capacity:
        return "full"
    return "in"


def closing_of(opened_at: datetime, longest: timedelta, *, ends_with_day: bool, time_zone: str) -> Closing:
    """When a stay ends if nobody checks out: after so long, or at midnight in the organization's zone before that."""
    expires = opened_at + longest
    _, midnight = day_of(opened_at, time_zone)
    if ends_with_day and midnight <= expires:
        return Closing(midnight, "day_end")
    return Closing(expires, "expired")


def judge_count(*, since_last: timedelta | None, today: int, cooldown: timedelta, per_day: int) -> Count:
    """Whether one more check-in of a customer at a place counts as a visit, and so may earn."""
    if today >= per_day:
        return "enough"
    return "lately" if since_last is not None and since_last < cooldown else "count"


def distance_m(one: Position, other: Position) -> float:
    """The way between two points on a sphere, in metres, by the haversine formula."""
    first, second = radians(one.latitude), radians(other.latitude)
    half_north = sin((second - first) / 2)
    half_east = sin(radians(other.longitude - one.longitude) / 2)
    square = half_north**2 + cos(first) * cos(second) * half_east**2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(square)))


def judge_position(place: Position, radius_m: int, told: Position | None) -> Nearness:
    """Whether a browser is near enough: within the radius, widened by how unsure it says it is."""
    if told is None:
        return "missing"
    if told.accuracy_m > MOST_VAGUE_M:
        return "vague"
    return "near" if distance_m(place, told) <= radius_m + told.accuracy_m else "far"


def period_of(instant: datetime) -> int:
    """Which code a screen shows at an instant."""
    return int(instant.timestamp()) // PERIOD_SECONDS


def seconds_left(instant: datetime) -> int:
    """How long a screen shows its code still, at least a second."""
    return PERIOD_SECONDS - int(instant.timestamp()) % PERIOD_SECONDS


def is_current(period: int, now: datetime) -> bool:
    """Whether a screen's code still counts: this one, the one before, and the next for clocks that differ."""
    return abs(period - period_of(now)) <= 1


def minutes_of(span: timedelta) -> int:
    """Whole minutes, begun ones counted, for what somebody must wait."""
    return max(0, -(-int(span.total_seconds()) // 60))

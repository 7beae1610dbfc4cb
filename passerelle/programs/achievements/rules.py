"""Decisions of achievements: what happened adds which step, and how often a goal is reached by the tallies.

Written in prose, with tables, in docs/algorithms/community.md. Days, weeks and months are local to the program.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from passerelle.programs.earning_rules import Item

Metric = Literal["visits", "purchases", "spend", "items", "locations", "friends"]
Window = Literal["ever", "day", "week", "month", "quarter", "year"]
StreakUnit = Literal["day", "week", "month"]
Kind = Literal["purchase", "visit", "friend"]

_COUNTED_BY: Final[Mapping[Metric, frozenset[Kind]]] = {
    "visits": frozenset({"purchase", "visit"}),
    "purchases": frozenset({"purchase"}),
    "spend": frozenset({"purchase"}),
    "items": frozenset({"purchase"}),
    "locations": frozenset({"purchase", "visit"}),
    "friends": frozenset({"friend"}),
}
MOST_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Goal:
    """``target`` of a metric within a calendar window; items count by SKU or category, all when neither is listed."""

    metric: Metric
    target: int
    window: Window = "ever"
    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Streak:
    """At least one visit in each of ``length`` consecutive days, ISO weeks or months."""

    unit: StreakUnit
    length: int


Definition: TypeAlias = Goal | Streak


@dataclass(frozen=True, slots=True)
class Happening:
    """A purchase, a visit without an amount, or a friend for whom the member was rewarded."""

    kind: Kind
    occurred_at: datetime
    amount_minor: int = 0
    items: tuple[Item, ...] = ()
    location_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a happening adds: to the tally of ``slot`` within ``period``.

    ``period`` is the first day of the window, or empty. ``slot`` is the location of a goal of locations, the number
    of the day, week or month of a streak, else empty.
    """

    period: str
    slot: str
    amount: int


def step_of(definition: Definition, happening: Happening, time_zone: str) -> Step | None:
    """What a happening adds to a definition; None when it adds nothing."""
    day = happening.occurred_at.astimezone(ZoneInfo(time_zone)).date()
    if isinstance(definition, Streak):
        return None if happening.kind == "friend" else Step("", str(slot_of(day, definition.unit)), 1)
    if happening.kind not in _COUNTED_BY[definition.metric]:
        return None
    amount = _amount(definition, happening)
    if amount <= 0:
        return None
    slot = str(happening.location_id) if definition.metric == "locations" else ""
    return Step(period_start(day, definition.window), slot, amount)


def rest_of(definition: Definition, rest_minor: int, items: Sequence[Item]) -> int | None:
    """What still counts of a purchase of which so much money and these items are left; None: as much as before."""
    if not isinstance(definition, Goal):
        return None
    if definition.metric == "spend":
        return rest_minor
    if definition.metric == "items":
        return sum(item.quantity for item in items if _counts(definition, item))
    return None


def reached(definition: Definition, tallies: Mapping[str, int], *, repeatable: bool) -> int:
    """How often a definition is reached by the tallies of one period, by slot; once at most unless repeatable."""
    if isinstance(definition, Streak):
        times = sum(run // definition.length for run in runs(_slots(tallies)))
    else:
        times = progress(definition, tallies) // definition.target
    return times if repeatable else min(times, 1)


def progress(definition: Goal, tallies: Mapping[str, int]) -> int:
    """How far a goal got: the sum, or the number of locations that were visited."""
    if definition.metric == "locations":
        return sum(1 for amount in tallies.values() if amount > 0)
    return sum(tallies.values())


def runs(slots: Iterable[int]) -> list[int]:
    """The lengths of the runs of consecutive numbers, in their order."""
    lengths: list[int] = []
    last: int | None = None
    for slot in sorted(set(slots)):
        if last is not None and slot == last + 1:
            lengths[-1] += 1
        else:
            lengths.append(1)
        last = slot
    return lengths


def running(definition: Streak, tallies: Mapping[str, int], today: date) -> int:
    """The length of the streak that is alive: its last day, week or month is the present one or the one before."""
    slots = _slots(tallies)
    present = slot_of(today, definition.unit)
    last = present if present in slots else present - 1
    length = 0
    while last - length in slots:
        length += 1
    return length


def slot_of(day: date, unit: StreakUnit) -> int:
    """The number of a day, an ISO week (Monday to Sunday) or a month; consecutive ones differ by one."""
    if unit == "day":
        return day.toordinal()
    if unit == "week":
        return (day.toordinal() - 1) // 7  # the first day of the calendar was a Monday
    return day.year * 12 + day.month - 1


def period_start(day: date, window: Window) -> str:
    """The first day of the window of a day, or nothing for all time."""
    starts = {
        "ever": None,
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "year": day.replace(month=1, day=1),
    }
    start = starts[window]
    return start.isoformat() if start else ""


def _amount(goal: Goal, happening: Happening) -> int:
    if goal.metric == "spend":
        return happening.amount_minor
    if goal.metric == "items":
        return sum(item.quantity for item in happening.items if _counts(goal, item))
    if goal.metric == "locations":
        return 0 if happening.location_id is None else 1
    return 1


def _counts(goal: Goal, item: Item) -> bool:
    if not goal.skus and not goal.categories:
        return True
    return item.sku in goal.skus or item.category in goal.categories


def _slots(tallies: Mapping[str, int]) -> set[int]:
    return {int(slot) for slot, amount in tallies.items() if amount > 0}

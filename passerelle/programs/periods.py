"""Calendar periods and hours of the day in a program's time zone, safe across clock changes. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from passerelle.kit.days import midnight

Period = Literal["day", "week", "month", "year", "ever"]
PERIODS: Final[tuple[Period, ...]] = ("day", "week", "month", "year", "ever")
"""From the shortest to the longest."""
MINUTES_OF_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """What a clock on the wall and a calendar show: ``weekday`` 0 is Monday, ``minute`` counts from midnight."""

    weekday: int
    minute: int


def local_moment(instant: datetime, time_zone: str) -> LocalMoment:
    """An instant as people in that zone read it."""
    local = instant.astimezone(ZoneInfo(time_zone))
    return LocalMoment(local.weekday(), 60 * local.hour + local.minute)


def bounds(period: Period, instant: datetime, time_zone: str) -> tuple[datetime | None, datetime | None]:
    """The half-open period ``[from, to)`` around an instant; “ever” has neither end.

    Midnights are those of the zone, so a day has 23 or 25 hours when clocks change; weeks are ISO weeks.
    """
    if period == "ever":
        return None, None
    return _bounds_on(period, instant.astimezone(ZoneInfo(time_zone)).date(), time_zone)


@lru_cache(maxsize=1024)
def _bounds_on(period: Period, today: date, time_zone: str) -> tuple[datetime, datetime]:
    """The period around a local day; remembered, for the purchases of a day share it."""
    first = {
        "day": today,
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }[period]
    return midnight(first, time_zone), midnight(_next(period, first), time_zone)


def is_within(moment: LocalMoment, weekdays: frozenset[int], hours: tuple[tuple[int, int], ...]) -> bool:
    """Whether a moment lies on one of the weekdays and in one of the spans of minutes ``[from, to)``.

    An empty set of weekdays or spans allows all. A span whose end comes before its start goes on after midnight,
    and its later part still belongs to the weekday on which it began.
    """
    if not hours:
        return not weekdays or moment.weekday in weekdays
    today = not weekdays or moment.weekday in weekdays
    yesterday = not weekdays or (moment.weekday - 1) % 7 in weekdays
    for start, end in hours:
        if start < end:
            if today and start <= moment.minute < end:
                return True
        elif (today and moment.minute >= start) or (yesterday and moment.minute < end):
            return True
    return False


def _next(period: Period, first: date) -> date:
    if period == "day":
        return first + timedelta(days=1)
    if period == "week":
        return first + timedelta(days=7)
    if period == "month":
        return (first + timedelta(days=31)).replace(day=1)
    return first.replace(year=first.year + 1)

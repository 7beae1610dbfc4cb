"""Decisions of analytics: what a visit is, what a period is, and how figures come of counts. Pure.

The prose and the tables are in docs/algorithms/kpis.md; the tests read those tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

MAX_PERIOD_DAYS: Final = 366
FREQUENCY_DAYS: Final = 30


class Period(NamedTuple):
    """Local days, half-open: ``end`` is the day after the last."""

    first: date
    end: date

    @property
    def length(self) -> int:
        """How many days."""
        return (self.end - self.first).days

    @property
    def before(self) -> "Period":
        """As many days just before."""
        return Period(self.first - (self.end - self.first), self.first)

    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=offset) for offset in range(self.length)]

    def moved(self, days: int) -> "Period":
        """The same, so many days later."""
        return Period(self.first + timedelta(days=days), self.end + timedelta(days=days))

    def midnights(self, zone: str) -> list[datetime]:
        """The first instant of each day and of ``end``; a day of 23 or 25 hours is one."""
        place = ZoneInfo(zone)
        return [datetime.combine(day, time(), place) for day in [*self.days(), self.end]]


class Moment(NamedTuple):
    """Somebody came: ``net_minor`` is what a purchase came to, None for a visit without an amount."""

    location_id: UUID | None
    at: datetime
    net_minor: int | None


class Neighbours(NamedTuple):
    """The visits before and after, and on a first one after how many days the customer came again."""

    previous_day: date | None
    next_day: date | None
    returned_after: int | None


class Visit(NamedTuple):
    """One customer at one location on one day, among all of their visits and among those at this location."""

    day: date
    location_id: UUID | None
    purchases: int
    net_minor: int
    anywhere: Neighbours
    here: Neighbours


def visits_of(moments: Iterable[Moment], zone: str) -> list[Visit]:
    """A customer's visits, oldest first: all moments at one location on one local day are one."""
    place = ZoneInfo(zone)
    found: dict[tuple[date, UUID | None], tuple[int, int]] = {}
    for moment in moments:
        key = (moment.at.astimezone(place).date(), moment.location_id)
        purchases, net_minor = found.get(key, (0, 0))
        if moment.net_minor is not None:
            purchases, net_minor = purchases + 1, net_minor + moment.net_minor
        found[key] = (purchases, net_minor)
    keys = sorted(found, key=lambda key: (key[0], str(key[1])))
    anywhere = _neighbours([day for day, _ in keys])
    here: dict[tuple[date, UUID | None], Neighbours] = {}
    for location_id in {location for _, location in keys}:
        days = [day for day, location in keys if location == location_id]
        here |= {(day, location_id): found for day, found in zip(days, _neighbours(days), strict=True)}
    return [Visit(*key, *found[key], anywhere[index], here[key]) for index, key in enumerate(keys)]


def _neighbours(days: Sequence[date]) -> list[Neighbours]:
    """For sorted days, in which one may stand twice."""
    again = next((day for day in days if day > days[0]), None)
    returned_after = (again - days[0]).days if again else None
    before = [None, *days[:-1]]
    after = [*days[1:], None]
    return [
        Neighbours(before[index], after[index], returned_after if index == 0 else None) for index in range(len(days))
    ]


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of one local day.

    ``visitors_new``: those who had not come in the same period before. ``arriving`` had not come for a period's
    length, ``leaving`` will not come again for as long. ``newcomers`` came for the first time, ``returned`` of them
    again within the days asked for.
    """

    visits: int = 0
    visitors_new: int = 0
    arriving: int = 0
    leaving: int = 0
    purchases: int = 0
    net_minor: int = 0
    newcomers: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """What a figure is made of, for a period or a day; what is only counted is divided by nothing."""

    numerator: int
    denominator: int = 1


NO_DAY: Final = Day()


def visits_in(days: Mapping[date, Day], period: Period) -> Count:
    """Visits and visitors of a period that ``visitors_new`` was counted for."""
    each = [days.get(day, NO_DAY) for day in period.days()]
    return Count(sum(day.visits for day in each), sum(day.visitors_new for day in each))


def visits_until(days: Mapping[date, Day], period: Period) -> list[Count]:
    """For each day of the period: visits and visitors of as many days that end with it.

    Who visited is known of the period before; from then on those who arrive are added and those who left the window
    are taken off. ``days`` must reach back to the beginning of the period before.
    """
    so_far = visits_in(days, period.before)
    visits, visitors = so_far.numerator, so_far.denominator
    counts: list[Count] = []
    for day in period.days():
        come, gone = days.get(day, NO_DAY), days.get(day - timedelta(days=period.length), NO_DAY)
        visits += come.visits - gone.visits
        visitors += come.arriving - gone.leaving
        counts.append(Count(visits, visitors))
    return counts


def sales_in(days: Mapping[date, Day], period: Period) -> Count:
    """What was paid net, and by how many purchases."""
    each = [days.get(day, NO_DAY) for day in period.days()]
    return Count(sum(day.net_minor for day in each), sum(day.purchases for day in each))


def returns_in(days: Mapping[date, Day], period: Period, within: int, today: date) -> Count:
    """Of those whose ``within`` days after their first visit ended in the period, how many had come again.

    Windows that have not ended yet are left out: who came first yesterday has not failed to return.
    """
    first_visits = Period(period.first, max(period.first, min(period.end, today))).moved(-within)
    each = [days.get(day, NO_DAY) for day in first_visits.days()]
    return Count(sum(day.returned for day in each), sum(day.newcomers for day in each))


def frequency(count: Count, days: int) -> float | None:
    """Visits per visitor in 30 days."""
    return round(count.numerator * FREQUENCY_DAYS / (count.denominator * days), 2) if count.denominator else None


def average(count: Count) -> int | None:
    """A quotient in whole minor units, half up."""
    return (2 * count.numerator + count.denominator) // (2 * count.denominator) if count.denominator else None


def share(count: Count) -> float | None:
    """A part of the whole, 0 to 1, to a hundredth of a percent."""
    return round(count.numerator / count.denominator, 4) if count.denominator else None


def change(value: float | None, previous: float | None) -> float | None:
    """By which part of the previous value it grew; None when there is nothing to compare with."""
    return round((value - previous) / previous, 4) if value is not None and previous else None

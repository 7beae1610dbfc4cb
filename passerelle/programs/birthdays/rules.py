"""Decisions of birthdays; written in prose, with tables, in docs/algorithms/community.md."""

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from passerelle.programs.community_settings import BirthdaySettings, LeapDay

CATCH_UP_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Occasion:
    """A local day whose hour has come: whose birthdays it is, and when they were due.

    ``settled_before``: a date that was set or edited later than this counts only next year.
    """

    year: int
    month_days: tuple[tuple[int, int], ...]
    due_at: datetime
    settled_before: datetime


def occasions(settings: BirthdaySettings, now: datetime, time_zone: str) -> Iterator[Occasion]:
    """The days whose hour came within the last CATCH_UP_DAYS days, oldest first.

    A worker that was down for longer has missed the days before that.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    for days_ago in range(CATCH_UP_DAYS, -1, -1):
        day = today - timedelta(days=days_ago)
        due_at = datetime.combine(day, time(settings.send_hour), zone).astimezone(UTC)
        if due_at <= now < due_at + timedelta(days=CATCH_UP_DAYS):
            midnight = datetime.combine(day, time(), zone)
            settled_before = midnight - timedelta(days=settings.settled_days)
            yield Occasion(day.year, birthdays_on(day, settings.leap_day), due_at, settled_before.astimezone(UTC))


def birthdays_on(day: date, leap_day: LeapDay) -> tuple[tuple[int, int], ...]:
    """Whose birthday a day is, as (month, day); people of 29 February have theirs every year."""
    own = (day.month, day.day)
    stands_in = (2, 28) if leap_day == "feb_28" else (3, 1)
    if not isleap(day.year) and own == stands_in:
        return (own, (2, 29))
    return (own,)

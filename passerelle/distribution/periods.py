"""The days that figures are counted over, as requests name them."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Query

from passerelle.kit import clock
from passerelle.kit.wire import Day

FirstDay = Annotated[Day | None, Query(alias="from", description="First day; by default 30 days before “to”.")]
EndDay = Annotated[Day | None, Query(alias="to", description="The day after the last; by default tomorrow.")]
_DEFAULT_DAYS: Final = 30


def period_of(start: date | None, end: date | None, zone: str) -> tuple[datetime, datetime]:
    """``[from, to)`` from midnight to midnight of a time zone, written as its clocks show them."""
    last = end or clock.today(zone) + timedelta(days=1)
    first = start or last - timedelta(days=_DEFAULT_DAYS)
    return _midnight(first, zone), _midnight(last, zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))

"""The calendar of tiers: periods, windows of counting, ends of validity and of grace. Pure.

Everything is half-open and made of whole local days of the program's time zone; instants are in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, model_validator

from passerelle.kit.days import midnight
from passerelle.kit.wire import WholeNumber, Wire

Period = Literal["month", "quarter", "half_year", "year"]
WindowType = Literal["calendar", "rolling", "since_enrolment", "since_change", "ever"]
ValidityType = Literal["continuous", "end_of_period", "end_of_next_period", "duration", "calendar_date"]

MOMENT: Final = timedelta(microseconds=1)
"""The smallest step of an instant: what comes before an instant ends with the moment before it."""
# Members that are decided together ask for the same days again and again.
_REMEMBERED: Final = 4_096
_BEGINNING: Final = datetime(1900, 1, 1, tzinfo=UTC)
_MONTHS: Final[dict[Period, int]] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_DAYS_OF_MONTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Days = Annotated[WholeNumber, Field(ge=1, le=3_660)]
Months = Annotated[WholeNumber, Field(ge=1, le=120)]


@dataclass(frozen=True, slots=True)
class Span:
    """``[starts_at, ends_at)``."""

    starts_at: datetime
    ends_at: datetime


class Window(Wire):
    """In which time the amount is counted. ``rolling`` takes ``days`` or ``months``; ``calendar`` is a period.

    ``since_change``: since the tier was last reached, kept at its end, or lost.
    """

    model_config = ConfigDict(frozen=True)

    type: WindowType
    days: Days | None = None
    months: Months | None = None

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        given = (self.days is not None) + (self.months is not None)
        if given != (1 if self.type == "rolling" else 0):
            raise ValueError("A rolling window has days or months, not both; other windows have neither.")
        return self


class Validity(Wire):
    """How long a tier is held when the amount is no longer there.

    ``continuous``: not at all. The ends of periods may be moved on by ``days`` or ``months``; a ``duration`` is one
    of them; a ``calendar_date`` is ``month`` and ``day``, the last day on which the tier is valid.
    """

    model_config = ConfigDict(frozen=True)

    type: ValidityType
    days: Days | None = None
    months: Months | None = None
    month: Annotated[WholeNumber, Field(ge=1, le=12)] | None = None
    day: Annotated[WholeNumber, Field(ge=1, le=31)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        lengths = (self.days is not None) + (self.months is not None)
        least, most = {"continuous": (0, 0), "duration": (1, 1), "calendar_date": (0, 0)}.get(self.type, (0, 1))
        if not least <= lengths <= most:
            raise ValueError("A duration has days or months; the end of a period may have one of them.")
        dated = self.type == "calendar_date"
        if (self.month is not None, self.day is not None) != (dated, dated):
            raise ValueError("A calendar date has month and day, and nothing else has.")
        if self.month is not None and self.day is not None and self.day > _DAYS_OF_MONTHS[self.month - 1]:
            raise ValueError("The month has not that many days.")
        return self


@lru_cache(maxsize=_REMEMBERED)
def local_day(instant: datetime, zone: str) -> date:
    """The day that it is at an instant."""
    return instant.astimezone(_zone(zone)).date()


@lru_cache(maxsize=_REMEMBERED)
def period_of(instant: datetime, period: Period, zone: str) -> Span:
    """The calendar period that an instant falls into."""
    length, first = _MONTHS[period], local_day(instant, zone).replace(day=1)
    first = first.replace(month=(first.month - 1) // length * length + 1)
    return Span(midnight(first, zone), midnight(_later(first, months=length), zone))


def period_key(instant: datetime, period: Period, zone: str) -> str:
    """The name of a period: ``2026``, ``2026-H2``, ``2026-Q4`` or ``2026-11``."""
    day = local_day(instant, zone)
    number = (day.month - 1) // _MONTHS[period] + 1
    parts = {"month": f"-{number:02}", "quarter": f"-Q{number}", "half_year": f"-H{number}", "year": ""}
    return f"{day.year}{parts[period]}"


def counted_span(
    window: Window, period: Period, zone: str, at: datetime, *, joined_at: datetime, changed_at: datetime
) -> Span:
    """What a window spans for somebody at an instant; ``changed_at``: the tier was last reached, kept or lost."""
    if window.type == "calendar":
        return period_of(at, period, zone)
    tomorrow = local_day(at, zone) + timedelta(days=1)
    starts_at = _BEGINNING
    if window.type == "rolling":
        starts_at = midnight(_later(tomorrow, days=-(window.days or 0), months=-(window.months or 0)), zone)
    elif window.type == "since_enrolment":
        starts_at = midnight(local_day(joined_at, zone), zone)
    elif window.type == "since_change":
        starts_at = changed_at + MOMENT
    return Span(starts_at, max(starts_at, midnight(tomorrow, zone)))


def valid_until(validity: Validity, period: Period, zone: str, reached_at: datetime) -> datetime | None:
    """Until when a tier that was reached at an instant is held; None for a continuous one, which has no term."""
    days, months = validity.days or 0, validity.months or 0
    day = local_day(reached_at, zone)
    if validity.type == "continuous":
        return None
    if validity.type == "duration":
        return midnight(_later(day, days=days, months=months) + timedelta(days=1), zone)
    if validity.type == "calendar_date":
        assert validity.month is not None
        assert validity.day is not None
        last = min(
            found for year in (day.year, day.year + 1) if (found := _day(year, validity.month, validity.day)) >= day
        )
        return midnight(last + timedelta(days=1), zone)
    ends_at = period_of(reached_at, period, zone).ends_at
    if validity.type == "end_of_next_period":
        ends_at = period_of(ends_at, period, zone).ends_at
    return midnight(_later(local_day(ends_at, zone), days=days, months=months), zone)


def grace_until(lapsed_at: datetime, days: int, zone: str, *, to_month_end: bool) -> datetime:
    """The end of so many whole days of grace; a day that has begun is not counted as one of them."""
    first = local_day(lapsed_at, zone)
    if midnight(first, zone) < lapsed_at:
        first += timedelta(days=1)
    end = first + timedelta(days=days)
    if to_month_end and end.day != 1:
        end = _later(end.replace(day=1), months=1)
    return midnight(end, zone)


def _later(day: date, *, days: int = 0, months: int = 0) -> date:
    """A day moved by months, to the last day of a shorter month, and then by days."""
    total = day.year * 12 + day.month - 1 + months
    return _day(total // 12, total % 12 + 1, day.day) + timedelta(days=days)


def _day(year: int, month: int, day: int) -> date:
    """A day of a month, or its last one when it is shorter."""
    last = 28 if month == 2 and not _is_leap(year) else _DAYS_OF_MONTHS[month - 1]
    return date(year, month, min(day, last))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@lru_cache(maxsize=600)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)

"""The term of a program, what each entry of a history adds to it, and what a membership is at an instant. Pure.

Prose and vectors are in docs/algorithms/memberships.md; the tests read them.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from passerelle.kit.days import midnight
from passerelle.kit.wire import WholeNumber, Wire
from passerelle.programs.timing import MonthDay, first_day_of, last_day_of, months_later, next_of_year

Joining = Literal["open", "unpaid"]
TermStatus = Literal["unpaid", "active", "grace", "lapsed"]
Stage = Literal[0, 1, 2, 3]
"""What can be told of a running term: nothing yet, that it ends soon, that it is in grace, that it lapsed."""
CLOCK_SKEW: Final = timedelta(minutes=5)
OLDEST_PAYMENT: Final = timedelta(days=3_660)
UNDO_BY_CASHIER: Final = timedelta(minutes=30)
LAST_YEAR: Final = 2200
"""Memberships end in it at the latest: a calendar has an end, too, and one more term must find room before it."""

_Days = Annotated[WholeNumber, Field(ge=1, le=36_500)]
_Months = Annotated[WholeNumber, Field(ge=1, le=1_200)]
_Years = Annotated[WholeNumber, Field(ge=1, le=100)]


class Length(Wire):
    """How long one term runs: so many days, months or years from its first day, or to a day of each year.

    ``ends_on`` is the last day (MM-DD; 02-29 is 02-28 in common years); ``until`` is one last day, for gifts
    alone.
    """

    model_config = ConfigDict(frozen=True)

    days: _Days | None = None
    months: _Months | None = None
    years: _Years | None = None
    ends_on: MonthDay | None = None
    until: Annotated[date, Field(le=date(LAST_YEAR, 12, 30))] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(part is not None for part in (self.days, self.months, self.years, self.ends_on, self.until)) != 1:
            raise ValueError("Give one of days, months, years and ends_on.")
        return self


class TermSettings(Wire):
    """How long a membership of the program runs, what a term costs (0: nothing), and what happens around its end.

    ``joining``: with ``open`` the first term runs at once; with ``unpaid`` the membership gives nothing until its
    first payment. It may be renewed from ``renew_early_days`` before its last day on, counts for ``grace_days`` more
    after it, and ``remind_days`` before its end that is told (0: not).
    """

    model_config = ConfigDict(frozen=True)

    days: _Days | None = None
    months: _Months | None = None
    years: _Years | None = None
    ends_on: MonthDay | None = None
    price_minor: Annotated[WholeNumber, Field(ge=0, le=10**12)] = 0
    joining: Joining = "open"
    renew_early_days: Annotated[WholeNumber, Field(ge=0, le=3_650)] = 30
    grace_days: Annotated[WholeNumber, Field(ge=0, le=365)] = 0
    remind_days: Annotated[WholeNumber, Field(ge=0, le=365)] = 14

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(part is not None for part in (self.days, self.months, self.years, self.ends_on)) != 1:
            raise ValueError("Give one of days, months, years and ends_on.")
        return self

    def length(self) -> Length:
        """What a payment adds."""
        return Length(days=self.days, months=self.months, years=self.years, ends_on=self.ends_on)


@dataclass(frozen=True, slots=True)
class Entry:
    """What prolongs a membership from an instant on; ``grace_days`` are those in force when it was recorded."""

    at: datetime
    length: Length
    grace_days: int


@dataclass(frozen=True, slots=True)
class Term:
    """One term ``[starts_at, ends_at)``, and since when the membership has been good without a gap.

    ``anchor`` is the day of the month that months are counted from, so that 31 January is followed by the end of
    February and then by 31 March.
    """

    starts_at: datetime
    ends_at: datetime
    good_since: datetime
    anchor: int | None = None


def next_term(running: Term | None, entry: Entry, time_zone: str) -> Term:
    """What an entry adds: from the end of what runs, or is in grace; otherwise from its own instant.

    Terms end at local midnights, so no day is lost and none is given.
    """
    goes_on = running is not None and entry.at < end_of_grace(running.ends_at, entry.grace_days, time_zone)
    if running is not None and goes_on:
        starts_at, good_since, anchor = running.ends_at, running.good_since, running.anchor
    else:
        starts_at, good_since, anchor = entry.at, entry.at, None
    first, length = first_day_of(starts_at, time_zone), entry.length
    months = (length.months or 0) + 12 * (length.years or 0)
    if months:
        anchor = anchor or first.day
        ends_on = _anchored(months_later(first, months), anchor)
    else:
        anchor = None
        ends_on = _day_after(first, length)
    return Term(starts_at, max(starts_at, midnight(ends_on, time_zone)), good_since, anchor)


def terms_of(entries: Iterable[Entry], time_zone: str) -> list[Term]:
    """The terms of entries in the order of their instants."""
    terms: list[Term] = []
    for entry in entries:
        terms.append(next_term(terms[-1] if terms else None, entry, time_zone))
    return terms


def end_of_grace(ends_at: datetime, grace_days: int, time_zone: str) -> datetime:
    """The instant from which a membership counts no longer."""
    return (
        midnight(first_day_of(ends_at, time_zone) + timedelta(days=grace_days), time_zone) if grace_days else ends_at
    )


def renewable_from(ends_at: datetime, early_days: int, time_zone: str) -> datetime:
    """The instant from which a running term may be renewed: so many days before its last day."""
    return midnight(last_day_of(ends_at, time_zone) - timedelta(days=early_days), time_zone)


def status_at(
    settings: TermSettings, good_since: datetime | None, until: datetime | None, instant: datetime, time_zone: str
) -> TermStatus:
    """What a membership is at an instant, by the span that its row keeps.

    Without a span it is older than the program's term, and good until it gets its first one. A span that is empty was
    never paid; before its beginning it had not been paid yet.
    """
    if good_since is None or until is None:
        return "active"
    if good_since == until or instant < good_since:
        return "unpaid"
    if instant < until:
        return "active"
    return "grace" if instant < end_of_grace(until, settings.grace_days, time_zone) else "lapsed"


def stage_at(
    settings: TermSettings, good_since: datetime | None, until: datetime | None, instant: datetime, time_zone: str
) -> Stage:
    """What has come to be told of a membership at an instant."""
    if good_since is None or until is None:
        return 0
    if good_since == until:
        return 3
    stages: tuple[Stage, ...] = (3, 2, 1)
    return next((stage for stage in stages if _begins(settings, until, stage, time_zone) <= instant), 0)


def due_after(settings: TermSettings, until: datetime, told: Stage, time_zone: str) -> datetime | None:
    """When the next thing is to be told after what was told; None after the last."""
    later: tuple[Stage, ...] = (1, 2, 3)
    return next((_begins(settings, until, stage, time_zone) for stage in later if stage > told), None)


def _begins(settings: TermSettings, until: datetime, stage: Stage, time_zone: str) -> datetime:
    """When a stage begins; one that a program has not is that which follows it."""
    if stage == 1 and settings.remind_days:
        return midnight(last_day_of(until, time_zone) - timedelta(days=settings.remind_days), time_zone)
    return until if stage < 3 else end_of_grace(until, settings.grace_days, time_zone)


def _anchored(day: date, anchor: int) -> date:
    return day.replace(day=min(anchor, monthrange(day.year, day.month)[1]))


def _day_after(first: date, length: Length) -> date:
    """The first day on which a term of days, or to a day, is over."""
    if length.days is not None:
        return first + timedelta(days=length.days)
    if length.until is not None:
        return length.until + timedelta(days=1)
    assert length.ends_on is not None, "A length has one part."
    return next_of_year([length.ends_on], first) + timedelta(days=1)

"""When units become usable and when they lapse: the policy of a unit, and what it says of one accrual. Pure.

Days begin at local midnight of the program's time zone, also when clocks change. Prose and vectors are in
docs/algorithms/expiry.md; the tests read them.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Final, Literal, Self, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from passerelle.kit.days import midnight
from passerelle.kit.wire import WholeNumber, Wire
from passerelle.ledger.schemas import Credit

MAX_DATES: Final = 20
NOT_BY_TIME: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""When units become active that only an event can make active."""
_LEAP_YEAR: Final = 2024

Activity = Literal["earn", "spend", "visit"]
RoundUpTo = Literal["month", "quarter", "half_year", "year"]
_PERIOD_MONTHS: Final[dict[RoundUpTo, int]] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def _month_day(text: str) -> str:
    """Raises ValueError for a day that no year has; 02-29 is one, and means 28 February in common years."""
    month, day = int(text[:2]), int(text[3:])
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(_LEAP_YEAR, month)[1]:
        raise ValueError(f"There is no day {text}: write month and day, such as 12-31.")
    return text


def _distinct(dates: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(dates)) != len(dates):
        raise ValueError("A day may stand in the list once.")
    return tuple(sorted(dates))


MonthDay = Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$"), AfterValidator(_month_day)]
MonthDays = Annotated[
    tuple[MonthDay, ...],
    AfterValidator(_distinct),
    Field(min_length=1, max_length=MAX_DATES, description="Days of each year as MM-DD; 02-29 is 02-28 if need be."),
]
Days = Annotated[WholeNumber, Field(ge=1, le=365)]
Hours = Annotated[WholeNumber, Field(ge=1, le=8_760)]
EventName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,63}$")]


class _Policy(Wire):
    model_config = ConfigDict(frozen=True)


class PendingFor(_Policy):
    """Pending for some days, to the local midnight with which the last of them begins, or for exact hours."""

    type: Literal["for"] = "for"
    days: Days | None = None
    hours: Hours | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.days is None) == (self.hours is None):
            raise ValueError("Give either days or hours.")
        return self


class PendingUntilDate(_Policy):
    """Pending until a day begins; what is earned later is active at once."""

    type: Literal["until_date"] = "until_date"
    date: date


class PendingUntilDates(_Policy):
    """Pending until the next of these days begins, after the day of earning."""

    type: Literal["until_dates"] = "until_dates"
    dates: MonthDays


class PendingUntilEvent(_Policy):
    """Pending until an event is told for the member; without it, after ``within_days`` the units do ``otherwise``."""

    type: Literal["until_event"] = "until_event"
    event: EventName
    within_days: Days
    otherwise: Literal["lapse", "activate"]


class ExpiresAfter(_Policy):
    """Usable to the end of the day so much later, or of the period in which that day lies.

    ``round_up_to_month`` is the month (1 to 12) at whose end it stops. Zero is allowed with a rounding alone.
    """

    type: Literal["after"] = "after"
    days: Annotated[WholeNumber, Field(ge=0, le=36_500)] | None = None
    months: Annotated[WholeNumber, Field(ge=0, le=1_200)] | None = None
    years: Annotated[WholeNumber, Field(ge=0, le=100)] | None = None
    round_up_to: RoundUpTo | None = None
    round_up_to_month: Annotated[WholeNumber, Field(ge=1, le=12)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        lengths = [length for length in (self.days, self.months, self.years) if length is not None]
        if len(lengths) != 1:
            raise ValueError("Give one of days, months and years.")
        if self.round_up_to is not None and self.round_up_to_month is not None:
            raise ValueError("Give round_up_to or round_up_to_month, not both.")
        if lengths[0] == 0 and self.round_up_to is None and self.round_up_to_month is None:
            raise ValueError("A length of zero needs round_up_to or round_up_to_month.")
        return self


class ExpiresOnDates(_Policy):
    """Usable to the end of the next of these days, the day of activation included."""

    type: Literal["on_dates"] = "on_dates"
    dates: MonthDays


class ExpiresOnInactivity(_Policy):
    """Usable to the end of the day so long after the last activity; ``reset_by`` says what counts as one."""

    type: Literal["on_inactivity"] = "on_inactivity"
    days: Annotated[WholeNumber, Field(ge=1, le=3_650)] | None = None
    months: Annotated[WholeNumber, Field(ge=1, le=120)] | None = None
    reset_by: Annotated[tuple[Activity, ...], Field(min_length=1, max_length=3)] = ("earn", "spend", "visit")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.days is None) == (self.months is None):
            raise ValueError("Give either days or months.")
        if len(set(self.reset_by)) != len(self.reset_by):
            raise ValueError("An activity may stand in the list once.")
        return self


Pending: TypeAlias = Annotated[
    PendingFor | PendingUntilDate | PendingUntilDates | PendingUntilEvent, Field(discriminator="type")
]
Expiry: TypeAlias = Annotated[ExpiresAfter | ExpiresOnDates | ExpiresOnInactivity, Field(discriminator="type")]


class Timing(_Policy):
    """The policy of a unit, or of a rule or a tier that overrides it: pending first, then usable, then lapsed.

    Without ``pending`` units are active at once; without ``expiry`` they never lapse. The time to lapse begins when
    they become active.
    """

    pending: Pending | None = None
    expiry: Expiry | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        pending, expiry = self.pending, self.expiry
        if isinstance(pending, PendingFor) and isinstance(expiry, ExpiresOnDates):
            days = pending.days if pending.days is not None else (pending.hours or 0) / 24
            if days >= shortest_gap_days(expiry.dates):
                raise ValueError("Units would be pending from one of the expiry dates to the next: shorten pending.")
        return self

    @property
    def slides(self) -> bool:
        """Whether activity postpones the expiry."""
        return isinstance(self.expiry, ExpiresOnInactivity)


@dataclass(frozen=True, slots=True)
class Times:
    """Usable in ``[activates_at, expires_at)``; None is at once, and never.

    ``awaits`` is the event that activates sooner. ``policy`` is the text of a timing that may be asked again: when
    units become active before their time, or at each activity.
    """

    activates_at: datetime | None = None
    expires_at: datetime | None = None
    awaits: str | None = None
    policy: str | None = None


def times_of(timing: Timing, earned_at: datetime, time_zone: str) -> Times:
    """What a policy says of units earned at an instant; the time to lapse begins when they become active."""
    zone, pending = ZoneInfo(time_zone), timing.pending
    policy = timing.model_dump_json(exclude_none=True) if pending is not None or timing.slides else None
    if isinstance(pending, PendingUntilEvent):
        deadline = midnight(_local(earned_at, zone) + timedelta(days=pending.within_days), zone.key)
        if pending.otherwise == "lapse":
            return Times(NOT_BY_TIME, deadline, pending.event, policy)
        return Times(deadline, expiry_of(timing, deadline, time_zone), pending.event, policy)
    activates_at = _activates_at(pending, earned_at, zone)
    return Times(activates_at, expiry_of(timing, activates_at or earned_at, time_zone), policy=policy)


def times_when_told(timing: Timing, occurred_at: datetime, told_at: datetime, time_zone: str) -> Times:
    """The times of units for something that is told later: from when it happened, unless they had lapsed meanwhile.

    Who was offline is not the member's fault: what would have lapsed already begins when it is told.
    """
    times = times_of(timing, occurred_at, time_zone)
    if times.expires_at is not None and times.expires_at <= told_at:
        return times_of(timing, told_at, time_zone)
    return times


def expiry_of(timing: Timing, since: datetime, time_zone: str) -> datetime | None:
    """When units lapse that are active, or were last kept alive, since an instant: a local midnight, or never."""
    if timing.expiry is None:
        return None
    zone = ZoneInfo(time_zone)
    last_day = _last_day(timing.expiry, _local(since, zone))
    return midnight(last_day + timedelta(days=1), zone.key)


def postponed(policy: str, activity: Activity, at: datetime, time_zone: str) -> datetime | None:
    """When units posted with a policy lapse after an activity; None when this activity does not keep them alive."""
    timing = Timing.model_validate_json(policy)
    if isinstance(timing.expiry, ExpiresOnInactivity) and activity in timing.expiry.reset_by:
        return expiry_of(timing, at, time_zone)
    return None


def pending_at_least(timing: Timing, days: int, earned_at: datetime, time_zone: str) -> Timing:
    """A timing under which units earned at an instant are pending for so many days, or longer if it says so."""
    if days == 0:
        return timing
    longer = timing.model_copy(update={"pending": PendingFor(days=days)})
    own, least = (times_of(one, earned_at, time_zone).activates_at for one in (timing, longer))
    assert least is not None
    return timing if own is not None and own >= least else longer


def credit_of(owner_id: UUID, unit_id: UUID, amount: int, times: Times) -> Credit:
    """The credit of units with their times."""
    return Credit(owner_id, unit_id, amount, times.activates_at, times.expires_at, times.awaits, times.policy)


def first_day_of(instant: datetime, time_zone: str) -> date:
    """The local day in which an instant lies."""
    return _local(instant, ZoneInfo(time_zone))


def last_day_of(instant: datetime, time_zone: str) -> date:
    """The last local day on which something can be used that lapses at an instant."""
    return _local(instant - timedelta(microseconds=1), ZoneInfo(time_zone))


def shortest_gap_days(dates: Iterable[str]) -> int:
    """Days between the two nearest of these days of the year; 365 for a single one."""
    ordinals = sorted(_in_year(each, _LEAP_YEAR + 1).toordinal() for each in dates)
    ordinals.append(ordinals[0] + 365)
    return min(later - earlier for earlier, later in pairwise(ordinals))


def _activates_at(
    pending: PendingFor | PendingUntilDate | PendingUntilDates | None, earned_at: datetime, zone: ZoneInfo
) -> datetime | None:
    today = _local(earned_at, zone)
    if isinstance(pending, PendingFor):
        if pending.hours is not None:
            return earned_at + timedelta(hours=pending.hours)
        return midnight(today + timedelta(days=pending.days or 0), zone.key)
    if isinstance(pending, PendingUntilDate):
        return midnight(pending.date, zone.key) if today < pending.date else None
    if isinstance(pending, PendingUntilDates):
        return midnight(next_of_year(pending.dates, today + timedelta(days=1)), zone.key)
    return None


def _last_day(expiry: ExpiresAfter | ExpiresOnDates | ExpiresOnInactivity, first: date) -> date:
    if isinstance(expiry, ExpiresOnDates):
        return next_of_year(expiry.dates, first)
    if expiry.days is not None:
        day = first + timedelta(days=expiry.days)
    else:
        years = (expiry.years or 0) if isinstance(expiry, ExpiresAfter) else 0
        day = months_later(first, (expiry.months or 0) + 12 * years)
    return _rounded_up(day, expiry) if isinstance(expiry, ExpiresAfter) else day


def _rounded_up(day: date, expiry: ExpiresAfter) -> date:
    if expiry.round_up_to is not None:
        period = _PERIOD_MONTHS[expiry.round_up_to]
        return _end_of_month(day.year, -(-day.month // period) * period)
    month = expiry.round_up_to_month
    return day if month is None else _end_of_month(day.year + (day.month > month), month)


def next_of_year(dates: Iterable[str], first: date) -> date:
    """The first of these days of the year that is not before a day."""
    return min(
        day for year in (first.year, first.year + 1) for each in dates if (day := _in_year(each, year)) >= first
    )


def _in_year(month_day: str, year: int) -> date:
    month, day = int(month_day[:2]), int(month_day[3:])
    return date(year, month, min(day, monthrange(year, month)[1]))


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _local(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()

"""The policies of units, by the tables of docs/algorithms/expiry.md, and what holds for every policy."""

import json
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from passerelle.kit.days import midnight
from passerelle.kit.ids import new_id
from passerelle.programs.timing import (
    NOT_BY_TIME,
    ExpiresAfter,
    ExpiresOnDates,
    ExpiresOnInactivity,
    Expiry,
    Pending,
    PendingFor,
    PendingUntilEvent,
    Times,
    Timing,
    credit_of,
    expiry_of,
    last_day_of,
    pending_at_least,
    postponed,
    times_of,
)
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/expiry.md")
PARIS = "Europe/Paris"
ZONES = st.sampled_from(["UTC", PARIS, "Africa/Casablanca", "Africa/Cairo", "America/Havana", "Pacific/Apia"])
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  the zone is drawn
MONTH_DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: f"{day:%m-%d}")
EXPIRIES = st.one_of(
    st.builds(ExpiresAfter, days=st.integers(1, 1_000)),
    st.builds(
        ExpiresAfter,
        months=st.integers(0, 60),
        round_up_to=st.sampled_from(["month", "quarter", "half_year", "year"]),
    ),
    st.builds(ExpiresAfter, years=st.integers(0, 5), round_up_to_month=st.integers(1, 12)),
    st.builds(ExpiresOnDates, dates=st.lists(MONTH_DAYS, min_size=1, max_size=20, unique=True)),
    st.builds(ExpiresOnInactivity, months=st.integers(1, 24)),
)


def _timing(**parts: str) -> Timing:
    """A timing of the cells that are not a dash."""
    return Timing.model_validate({name: json.loads(cell) for name, cell in parts.items() if cell != "—"})


@DOCUMENT.each_row("midnights")
def test_days_begin_at_local_midnight(row: dict[str, str]) -> None:
    assert midnight(date.fromisoformat(row["day"]), row["time zone"]) == datetime.fromisoformat(row["begins"])


@DOCUMENT.each_row("pending")
def test_pending(row: dict[str, str]) -> None:
    times = times_of(_timing(pending=row["pending"]), datetime.fromisoformat(row["earned"]), row["time zone"])
    expected = None if row["becomes usable"] == "at once" else datetime.fromisoformat(row["becomes usable"])
    assert (times.activates_at, times.expires_at, times.awaits) == (expected, None, None)


@DOCUMENT.each_row("expiry")
def test_expiry(row: dict[str, str]) -> None:
    since = datetime.fromisoformat(row["active since"])
    timing = _timing(expiry=row["expiry"])
    expected = None if row["lapses"] == "never" else datetime.fromisoformat(row["lapses"])
    assert expiry_of(timing, since, row["time zone"]) == expected
    assert times_of(timing, since, row["time zone"]).expires_at == expected


def _days(text: str) -> list[date]:
    """The days that a cell of the published table names, in 2027, whose February has 28 days."""
    if text in {"any day of Jan", "—"}:
        last = date(2027, 1, 31) if "Jan" in text else date(2027, 12, 31)
        return [date(2027, 1, 1) + timedelta(days=days) for days in range((last - date(2027, 1, 1)).days + 1)]
    return [datetime.strptime(f"{text} 2027", "%d %b %Y").replace(tzinfo=UTC).date()]


@DOCUMENT.each_row("published")
def test_published_vectors(row: dict[str, str]) -> None:
    timing, until = _timing(expiry=row["expiry"]), row["usable until"]
    for day in _days(row["earned"]):
        expires_at = expiry_of(timing, datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo(PARIS)), PARIS)
        assert expires_at is not None
        if until.startswith("expires"):
            assert expires_at == datetime(2027, 2, 1, tzinfo=ZoneInfo(PARIS))
            assert until == "expires 1 Feb 00:00"
            continue
        last = _days(until.removeprefix("end of ").removesuffix(" each year"))[0]
        last = last.replace(year=last.year + (until.endswith("each year") and day > last))
        assert last_day_of(expires_at, PARIS) == last
        assert expires_at == midnight(last + timedelta(days=1), PARIS)


@DOCUMENT.each_row("refused")
def test_a_contradiction_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        Timing.model_validate_json(row["timing"])
    assert row["because"] in str(refused.value)


def test_up_to_twenty_dates() -> None:
    dates = [f"01-{day:02}" for day in range(1, 22)]
    assert len(ExpiresOnDates(dates=tuple(dates[:20])).dates) == 20
    with pytest.raises(ValidationError):
        ExpiresOnDates(dates=tuple(dates))


@pytest.mark.parametrize("otherwise", ["lapse", "activate"])
def test_until_an_event(otherwise: str) -> None:
    pending = {"type": "until_event", "event": "review", "within_days": 30, "otherwise": otherwise}
    timing = Timing.model_validate({"pending": pending, "expiry": {"type": "after", "days": 10}})
    times = times_of(timing, datetime.fromisoformat("2026-11-22T10:00:00+01:00"), PARIS)
    deadline = datetime.fromisoformat("2026-12-22T00:00:00+01:00")
    later = datetime.fromisoformat("2027-01-02T00:00:00+01:00")
    expected = (NOT_BY_TIME, deadline) if otherwise == "lapse" else (deadline, later)
    assert (times.activates_at, times.expires_at, times.awaits) == (*expected, "review")
    assert times.policy is not None
    assert Timing.model_validate_json(times.policy) == timing


def test_a_policy_is_kept_only_where_it_is_asked_again() -> None:
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert times_of(Timing(expiry=ExpiresAfter(days=3)), now, PARIS).policy is None
    assert times_of(Timing(), now, PARIS) == Times()
    sliding = Timing(expiry=ExpiresOnInactivity(days=30, reset_by=("spend",)))
    policy = times_of(sliding, now, PARIS).policy
    assert policy is not None
    assert postponed(policy, "earn", now, PARIS) is None
    assert postponed(policy, "spend", now, PARIS) == datetime.fromisoformat("2026-12-23T00:00:00+01:00")
    assert postponed(Timing().model_dump_json(), "spend", now, PARIS) is None


@pytest.mark.parametrize(
    ("pending", "days", "longer"),
    [
        (None, 0, False),
        (None, 14, True),
        (PendingFor(days=7), 14, True),
        (PendingFor(days=14), 14, False),
        (PendingFor(hours=12), 1, True),
        (PendingUntilEvent(event="review", within_days=30, otherwise="lapse"), 14, False),
        (PendingUntilEvent(event="review", within_days=7, otherwise="activate"), 14, True),
    ],
)
def test_pending_at_least(pending: Pending | None, days: int, *, longer: bool) -> None:
    timing, now = Timing(pending=pending, expiry=ExpiresAfter(days=3)), datetime(2026, 11, 22, 10, tzinfo=UTC)
    expected = Timing(pending=PendingFor(days=days), expiry=ExpiresAfter(days=3)) if longer else timing
    assert pending_at_least(timing, days, now, PARIS) == expected


def test_a_credit_carries_all_times() -> None:
    owner_id, unit_id = new_id(), new_id()
    pending = PendingUntilEvent(event="review", within_days=3, otherwise="activate")
    times = times_of(Timing(pending=pending), datetime(2026, 11, 22, 10, tzinfo=UTC), "UTC")
    credit = credit_of(owner_id, unit_id, 5, times)
    assert (credit.owner_id, credit.unit_id, credit.amount) == (owner_id, unit_id, 5)
    assert (credit.activates_at, credit.expires_at) == (datetime(2026, 11, 25, tzinfo=UTC), None)
    assert (credit.awaits, credit.policy) == ("review", times.policy)


@given(expiry=EXPIRIES, since=INSTANTS, time_zone=ZONES)
def test_units_live_to_a_local_midnight_after_their_first_instant(
    expiry: ExpiresAfter | ExpiresOnDates | ExpiresOnInactivity, since: datetime, time_zone: str
) -> None:
    expires_at = expiry_of(Timing(expiry=expiry), since, time_zone)
    assert expires_at is not None
    assert expires_at > since
    last = last_day_of(expires_at, time_zone)
    assert last >= since.astimezone(ZoneInfo(time_zone)).date()
    assert midnight(last + timedelta(days=1), time_zone) == expires_at
    if isinstance(expiry, ExpiresAfter) and (expiry.round_up_to or expiry.round_up_to_month):
        assert last.day == monthrange(last.year, last.month)[1]


@given(expiry=EXPIRIES, since=INSTANTS, later=st.timedeltas(timedelta(0), timedelta(days=400)), time_zone=ZONES)
def test_later_activation_never_means_earlier_expiry(
    expiry: ExpiresAfter | ExpiresOnDates | ExpiresOnInactivity, since: datetime, later: timedelta, time_zone: str
) -> None:
    timing = Timing(expiry=expiry)
    first, second = expiry_of(timing, since, time_zone), expiry_of(timing, since + later, time_zone)
    assert first is not None
    assert second is not None
    assert first <= second


@given(expiry=EXPIRIES)
def test_what_is_kept_is_what_was_said(expiry: ExpiresAfter | ExpiresOnDates | ExpiresOnInactivity) -> None:
    timing = Timing(expiry=expiry)
    assert Timing.model_validate_json(timing.model_dump_json(exclude_none=True)) == timing
    assert Timing.model_validate(timing.model_dump(mode="json")) == timing
    assert TypeAdapter(Expiry).validate_python(expiry.model_dump()) == expiry

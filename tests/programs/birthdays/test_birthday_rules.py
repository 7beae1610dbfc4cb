"""The rules of birthdays, by the tables of docs/algorithms/community.md and day by day over years."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.programs.birthdays.rules import birthdays_on, occasions
from passerelle.programs.community_settings import BirthdaySettings, LeapDay
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/community.md")

ZONES = ("Europe/Paris", "Africa/Casablanca", "America/Santiago", "Asia/Kathmandu", "Africa/Cairo")


@DOCUMENT.each_row("days")
def test_whose_birthday_a_day_is(row: dict[str, str]) -> None:
    found = birthdays_on(date.fromisoformat(row["day"]), row["leap_day"])  # type: ignore[arg-type]  # the table has the two
    assert " ".join(f"{month:02}-{day:02}" for month, day in found) == row["whose birthday it is"]


@DOCUMENT.each_row("due")
def test_when_a_birthday_is_due(row: dict[str, str]) -> None:
    terms, birthday = BirthdaySettings(send_hour=int(row["send hour"])), date.fromisoformat(row["birthday"])
    found = [
        occasion
        for occasion in occasions(terms, datetime.fromisoformat(row["now"]), row["time zone"])
        if (birthday.month, birthday.day) in occasion.month_days
    ]
    if not row["due since"]:
        assert found == []
        return
    [occasion] = found
    assert occasion.year == birthday.year
    assert occasion.due_at == datetime.fromisoformat(row["due since"])
    assert occasion.settled_before == datetime.fromisoformat(row["date settled by"])


@settings(deadline=None)
@given(st.integers(1950, 2150), st.dates(date(2000, 1, 1), date(2000, 12, 31)), st.sampled_from(["feb_28", "mar_1"]))
def test_everybody_has_one_birthday_a_year(year: int, born: date, leap_day: LeapDay) -> None:
    day, count = date(year, 1, 1), 0
    while day.year == year:
        count += (born.month, born.day) in birthdays_on(day, leap_day)
        day += timedelta(days=1)
    assert count == 1


@settings(max_examples=40, deadline=None)
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  hypothesis adds the zone
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(60, 10_000),
)
def test_a_worker_that_pauses_up_to_a_week_misses_no_day(
    start: datetime, zone: str, send_hour: int, pause_minutes: int
) -> None:
    terms = BirthdaySettings(send_hour=send_hour)
    seen: Counter[datetime] = Counter()
    now = start
    while now < start + timedelta(days=17):
        seen.update({occasion.due_at for occasion in occasions(terms, now, zone)})
        now += timedelta(minutes=min(pause_minutes, 7 * 24 * 60 - 61))
    first = start.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    days = {due_at.astimezone(ZoneInfo(zone)).date() for due_at in seen}
    assert {first + timedelta(days=number) for number in range(9)} <= days


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_what_is_due_has_come_and_is_settled_before(now: datetime, zone: str) -> None:
    for occasion in occasions(BirthdaySettings(), now, zone):
        assert occasion.due_at <= now
        distance = occasion.due_at - occasion.settled_before
        assert timedelta(days=30, hours=8) - timedelta(hours=2) <= distance <= timedelta(days=30, hours=12)

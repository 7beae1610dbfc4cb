"""Local days, on the mornings when clocks change, too."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.kit.days import day_of

_INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  zone beside


@given(_INSTANTS, st.sampled_from(["Europe/Paris", "Africa/Casablanca", "Africa/Cairo", "Asia/Kathmandu"]))
def test_a_day_holds_its_instants(instant: datetime, time_zone: str) -> None:
    begin, end = day_of(instant, time_zone)
    assert begin <= instant < end
    assert end - begin in {timedelta(hours=hours) for hours in (23, 24, 25)}
    assert day_of(begin, time_zone) == day_of(end - timedelta(microseconds=1), time_zone) == (begin, end)


@pytest.mark.parametrize(
    ("time_zone", "noon", "begin", "hours"),
    [
        ("Europe/Paris", "2026-03-29T12:00Z", "2026-03-28T23:00Z", 23),
        ("Europe/Paris", "2026-10-25T12:00Z", "2026-10-24T22:00Z", 25),
        # Here the clocks skip midnight itself: the day begins at one.
        ("Africa/Cairo", "2026-04-24T12:00Z", "2026-04-23T22:00Z", 23),
    ],
)
def test_a_day_has_its_own_length(time_zone: str, noon: str, begin: str, hours: int) -> None:
    start, end = day_of(datetime.fromisoformat(noon), time_zone)
    assert (start, end - start) == (datetime.fromisoformat(begin), timedelta(hours=hours))

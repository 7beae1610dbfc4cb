"""What comes in: names that can be seen, numbers that are numbers, times that every calendar has."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from passerelle.kit.wire import Instant, Name, WholeNumber

_NAME, _NUMBER, _INSTANT = TypeAdapter(Name), TypeAdapter(WholeNumber), TypeAdapter(Instant)
_OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\u2060\ufeff", "\u200e \u200f", "\ue000", "a\0b", "x" * 101])
def test_names_that_nobody_could_read(text: str) -> None:
    with pytest.raises(ValidationError):
        _NAME.validate_python(text)


@pytest.mark.parametrize("text", ["Café", "مقهى", "😀", "👩\u200d🍳", "7", "«»"])
def test_names_are_kept_without_the_spaces_around_them(text: str) -> None:
    assert _NAME.validate_python(f" {text}\t") == text


@pytest.mark.parametrize("value", [True, False, "450", 450.0, 4.5, None, [450]])
def test_only_integers_are_whole_numbers(value: Any) -> None:
    with pytest.raises(ValidationError):
        _NUMBER.validate_python(value)
    assert _NUMBER.validate_python(450) == 450


@given(st.datetimes(timezones=_OFFSETS))
def test_times_are_of_our_centuries_and_in_utc(given_time: datetime) -> None:
    first, end = datetime(1900, 1, 1, tzinfo=UTC), datetime(2201, 1, 1, tzinfo=UTC)
    try:
        taken = _INSTANT.validate_python(given_time)
    except ValidationError:
        assert given_time < first or given_time >= end
    else:
        assert first <= taken < end
        assert (taken, taken.tzinfo) == (given_time, UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T00:00:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "1900-01-01T00:00:00+00:01",
        "2200-12-31T23:59:59-00:01",
    ],
)
def test_times_without_offset_or_at_the_edge_of_the_calendar(text: str) -> None:
    with pytest.raises(ValidationError):
        _INSTANT.validate_python(text)

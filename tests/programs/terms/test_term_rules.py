"""Terms and statuses, by the tables of docs/algorithms/memberships.md, and what holds for every program."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from passerelle.kit.days import midnight
from passerelle.programs.term_rules import (
    Entry,
    Length,
    TermSettings,
    due_after,
    end_of_grace,
    next_term,
    renewable_from,
    stage_at,
    status_at,
    terms_of,
)
from passerelle.programs.timing import last_day_of
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/memberships.md")
PARIS: Final = "Europe/Paris"
SPAN: Final = datetime(2026, 1, 10, 9, tzinfo=UTC), datetime(2026, 2, 9, 23, tzinfo=UTC)
ZONES = st.sampled_from(["UTC", PARIS, "Africa/Casablanca", "Africa/Cairo", "America/Havana", "Pacific/Apia"])
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  the zone is drawn
LENGTHS = st.one_of(
    st.builds(Length, days=st.integers(1, 800)),
    st.builds(Length, months=st.integers(1, 40)),
    st.builds(Length, years=st.integers(1, 5)),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: Length(ends_on=f"{day:%m-%d}")),
)


def _program(grace_days: int = 0, remind_days: int = 14, **fields: Any) -> TermSettings:
    return TermSettings.model_validate({"months": 1, "grace_days": grace_days, "remind_days": remind_days, **fields})


@DOCUMENT.each_row("first term")
def test_a_first_term(row: dict[str, str]) -> None:
    begins = datetime.fromisoformat(row["begins"])
    term = next_term(None, Entry(begins, Length(**json.loads(row["length"])), 0), row["time zone"])
    assert (term.starts_at, term.ends_at) == (begins, datetime.fromisoformat(row["ends"]))
    assert last_day_of(term.ends_at, row["time zone"]) == date.fromisoformat(row["last day"])


@DOCUMENT.each_row("renewals")
def test_renewals(row: dict[str, str]) -> None:
    length = Length(**json.loads(row["length"]))
    entries = [Entry(datetime.fromisoformat(at), length, int(row["grace"])) for at in row["entries at"].split()]
    terms = terms_of(entries, PARIS)
    assert [term.ends_at for term in terms] == [
        midnight(date.fromisoformat(day), PARIS) for day in row["ends"].split()
    ]
    assert terms[-1].good_since == datetime.fromisoformat(row["good since"])


@DOCUMENT.each_row("status")
def test_status(row: dict[str, str]) -> None:
    instant = datetime.fromisoformat(row["instant"])
    assert status_at(_program(int(row["grace"])), *SPAN, instant, PARIS) == row["status"]


@DOCUMENT.each_row("announced")
def test_stages(row: dict[str, str]) -> None:
    settings, instant = _program(int(row["grace"]), int(row["remind"])), datetime.fromisoformat(row["instant"])
    assert stage_at(settings, *SPAN, instant, PARIS) == int(row["stage"])


def test_what_has_no_span_is_good_until_it_gets_one() -> None:
    assert status_at(_program(), None, None, SPAN[0], PARIS) == "active"
    assert stage_at(_program(), None, None, SPAN[0], PARIS) == 0


def test_an_empty_span_was_never_paid_and_is_not_told() -> None:
    for instant in (SPAN[0], SPAN[1]):
        assert status_at(_program(7), SPAN[0], SPAN[0], instant, PARIS) == "unpaid"
        assert stage_at(_program(7), SPAN[0], SPAN[0], instant, PARIS) == 3


@pytest.mark.parametrize(
    "fields", [{"months": None}, {"days": 3}, {"ends_on": "02-30"}, {"grace_days": -1}, {"price_minor": 1.5}]
)
def test_terms_that_contradict_themselves_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _program(**fields)


def test_an_end_that_a_gift_names_is_no_term_of_a_program() -> None:
    with pytest.raises(ValidationError):
        _program(months=None, until="2027-01-01")


@given(INSTANTS, LENGTHS, st.integers(0, 60), ZONES)
def test_a_term_begins_where_it_should_and_ends_at_a_midnight(
    at: datetime, length: Length, grace: int, zone: str
) -> None:
    first = next_term(None, Entry(at, length, grace), zone)
    assert first.starts_at == first.good_since == at < first.ends_at
    assert first.ends_at == midnight(first.ends_at.astimezone(ZoneInfo(zone)).date(), zone)
    again = next_term(first, Entry(first.ends_at - timedelta(seconds=1), length, grace), zone)
    assert (again.starts_at, again.good_since) == (first.ends_at, at)
    assert again.ends_at > again.starts_at
    lapsed_at = end_of_grace(first.ends_at, grace, zone)
    assert next_term(first, Entry(lapsed_at - timedelta(seconds=1), length, grace), zone) == again
    assert next_term(first, Entry(lapsed_at, length, grace), zone).starts_at == lapsed_at


@given(INSTANTS, st.integers(1, 12), st.integers(1, 30), ZONES)
def test_many_short_terms_reach_as_far_as_a_long_one(at: datetime, months: int, times: int, zone: str) -> None:
    short = terms_of([Entry(at, Length(months=months), 0)] * times, zone)
    [long] = terms_of([Entry(at, Length(months=months * times), 0)], zone)
    assert short[-1].ends_at == long.ends_at


@given(INSTANTS, st.integers(0, 40), st.integers(0, 60), st.integers(-90, 90), ZONES)
def test_statuses_and_stages_agree(at: datetime, grace: int, remind: int, days: int, zone: str) -> None:
    settings = _program(grace, remind)
    term = next_term(None, Entry(at, Length(months=1), grace), zone)
    instant = term.ends_at + timedelta(days=days)
    stage, status = stage_at(settings, at, term.ends_at, instant, zone), None
    if instant >= at:
        status = status_at(settings, at, term.ends_at, instant, zone)
        assert {2: "grace", 3: "lapsed"}.get(stage, "active") == status
    due = due_after(settings, term.ends_at, stage, zone)
    assert (due is None) == (stage == 3)
    assert due is None or due > instant


def test_a_term_may_be_renewed_so_many_days_before_its_last_day() -> None:
    assert renewable_from(SPAN[1], 0, PARIS) == midnight(date(2026, 2, 9), PARIS)
    assert renewable_from(SPAN[1], 30, PARIS) == midnight(date(2026, 1, 10), PARIS)

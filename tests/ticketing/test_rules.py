"""The pure rules, by the tables of docs/algorithms/ticketing.md."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.kit.ids import new_code
from passerelle.ticketing import rules
from passerelle.ticketing.errors import ENTRY_REFUSALS, EXIT_REFUSALS
from passerelle.ticketing.rules import EventState, TicketState, Times
from tests.ticketing.conftest import DOCUMENT

Row = dict[str, str]
START: Final = datetime(2026, 6, 5, 20, tzinfo=UTC)
TIMES: Final = Times(START, START + timedelta(hours=3), START - timedelta(hours=1))
MOMENTS: Final = {
    "early": TIMES.opens_at - timedelta(microseconds=1),
    "before": TIMES.opens_at - timedelta(days=9),
    "open": TIMES.opens_at,
    "during": START + timedelta(hours=1),
    "late": TIMES.closes_at,
    "after": TIMES.closes_at,
}
EVENTS: Final[dict[str, EventState]] = {"published": "published", "cancelled": "cancelled"}
TICKETS: Final[dict[str, TicketState]] = {"issued": "issued", "used": "used", "cancelled": "cancelled"}


def instant(cell: str) -> datetime | None:
    return None if cell == "none" else datetime.fromisoformat(cell)


@DOCUMENT.each_row("issue")
def test_a_ticket_is_issued_as_the_page_says(row: Row) -> None:
    capacity = None if row["capacity"] == "none" else int(row["capacity"])
    found = rules.judge_issue(EVENTS[row["event"]], TIMES, capacity, int(row["issued"]), MOMENTS[row["moment"]])
    assert found == row["answer"]


@DOCUMENT.each_row("window")
def test_the_doors_open_and_close(row: Row) -> None:
    starts_at = instant(row["start"])
    assert starts_at is not None
    times = Times(starts_at, instant(row["end"]), instant(row["doors"]))
    assert (times.opens_at, times.closes_at) == (instant(row["opens"]), instant(row["closes"]))
    assert times.fit()


@DOCUMENT.each_row("entry")
def test_a_ticket_lets_in_as_the_page_says(row: Row) -> None:
    ticket, event, now = TICKETS[row["ticket"]], EVENTS[row["event"]], MOMENTS[row["moment"]]
    assert rules.judge_entry(ticket, event, TIMES, now, is_other_event=row["gate"] == "other") == row["answer"]


@DOCUMENT.each_row("exit")
def test_somebody_goes_out_as_the_page_says(row: Row) -> None:
    found = rules.judge_exit(
        TICKETS[row["ticket"]],
        has_left=row["left"] == "yes",
        reentry=row["re-entry"] == "yes",
        is_other_event=row["gate"] == "other",
    )
    assert found == row["answer"]


@DOCUMENT.each_row("return")
def test_a_ticket_lets_in_again_as_the_page_says(row: Row) -> None:
    may_return = row["left"] == row["re-entry"] == "yes"
    now = MOMENTS[row["moment"]]
    found = rules.judge_entry(TICKETS[row["ticket"]], "published", TIMES, now, may_return=may_return)
    assert found == row["answer"]


def test_a_used_ticket_is_needed_until_the_end_where_it_lets_in_again() -> None:
    def shown(moment: str) -> str:
        return rules.condition_of("used", "published", TIMES, MOMENTS[moment], reentry=True)

    assert (shown("during"), shown("late")) == ("valid", "used")


def test_the_page_names_every_refusal_of_exit() -> None:
    named = {row["refusal"] for row in DOCUMENT.table("exit")} - {"none"}
    assert named == {refusal.code for refusal in EXIT_REFUSALS}


def test_the_page_names_every_refusal_of_entry() -> None:
    named = {row["refusal"] for row in DOCUMENT.table("entry")} - {"none"}
    assert named == {refusal.code for refusal in ENTRY_REFUSALS}


@DOCUMENT.each_row("condition")
def test_a_card_shows_what_the_page_says(row: Row) -> None:
    ticket, event, now = TICKETS[row["ticket"]], EVENTS[row["event"]], MOMENTS[row["moment"]]
    assert rules.condition_of(ticket, event, TIMES, now) == row["condition"]


@pytest.mark.parametrize(
    "times",
    [
        Times(START, START),
        Times(START, START - timedelta(hours=1)),
        Times(START, START + timedelta(days=31, seconds=1)),
        Times(START, None, START + timedelta(seconds=1)),
        Times(START, None, START - timedelta(days=32)),
    ],
)
def test_times_out_of_order_do_not_fit(times: Times) -> None:
    assert not times.fit()


@given(st.sampled_from(sorted(TICKETS)), st.sampled_from(sorted(EVENTS)), st.integers(-99, 99))
def test_only_a_valid_card_lets_in(ticket: str, event: str, hours: int) -> None:
    now = START + timedelta(hours=hours)
    verdict = rules.judge_entry(TICKETS[ticket], EVENTS[event], TIMES, now)
    valid = rules.condition_of(TICKETS[ticket], EVENTS[event], TIMES, now) == "valid"
    assert (verdict in {"admit", "too_early"}) == valid


def test_a_code_is_found_however_it_is_typed() -> None:
    code = new_code(rules.CODE_LENGTH)
    shown = rules.shown_code(code)
    assert [len(part) for part in shown.split("-")] == [4, 4, 4, 4]
    assert {rules.normal_code(each) for each in (code, shown, shown.lower(), f" {shown} ")} == {code}

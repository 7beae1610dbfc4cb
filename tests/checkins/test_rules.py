"""The pure rules, by the tables of docs/algorithms/checkins.md."""

from datetime import UTC, datetime, timedelta
from math import pi
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.checkins import errors, rules
from passerelle.checkins.rules import Closing, Position
from tests.checkins.conftest import DOCUMENT, HERE

Row = dict[str, str]
YES: Final = {"yes": True, "no": False}
POSITIONS: Final = st.builds(
    Position,
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.floats(0, 500),
)

INSTANTS: Final = st.integers(1_577_836_800, 1_893_456_000).map(lambda second: datetime.fromtimestamp(second, UTC))


def minutes(cell: str) -> timedelta | None:
    return None if cell in {"never", "none"} else timedelta(minutes=float(cell))


def number(cell: str) -> int | None:
    return None if cell == "none" else int(cell)


@DOCUMENT.each_row("direction")
def test_a_gate_for_both_ways(row: Row) -> None:
    asked: Any = row["asked"]
    assert rules.direction_of(asked, is_in=YES[row["is in"]]) == row["direction"]


@DOCUMENT.each_row("entry")
def test_who_comes_in(row: Row) -> None:
    pass_back = minutes(row["pass back"])
    assert pass_back is not None
    verdict = rules.judge_entry(
        is_in=YES[row["is in"]],
        since_out=minutes(row["left"]),
        pass_back=pass_back,
        inside=int(row["inside"]),
        capacity=number(row["capacity"]),
    )
    assert verdict == row["answer"]


@DOCUMENT.each_row("closing")
def test_when_a_stay_ends_by_itself(row: Row) -> None:
    longest = minutes(row["longest"])
    assert longest is not None
    closing = rules.closing_of(
        datetime.fromisoformat(row["in"]), longest, ends_with_day=YES[row["with day"]], time_zone=row["zone"]
    )
    assert closing == Closing(datetime.fromisoformat(row["ends"]), row["how"])  # type: ignore[arg-type]  # a cell


@DOCUMENT.each_row("count")
def test_what_counts(row: Row) -> None:
    cooldown = minutes(row["cooldown"])
    assert cooldown is not None
    found = rules.judge_count(
        since_last=minutes(row["minutes since the last"]),
        today=int(row["today"]),
        cooldown=cooldown,
        per_day=int(row["per day"]),
    )
    assert found == row["answer"]


@DOCUMENT.each_row("period")
def test_a_screen_changes_its_code(row: Row) -> None:
    begin = datetime(2026, 6, 5, 12, tzinfo=UTC)
    shown, scanned = (begin + timedelta(seconds=int(row[f"{name} at second"])) for name in ("shown", "scanned"))
    assert rules.is_current(rules.period_of(shown), scanned) is YES[row["good"]]


@DOCUMENT.each_row("position")
def test_who_is_near(row: Row) -> None:
    told = None
    if row["unsure"] != "none":
        north = float(row["metres north"]) / rules.EARTH_RADIUS_M * 180 / pi
        told = Position(HERE.latitude + north, HERE.longitude, float(row["unsure"]))
    assert rules.judge_position(HERE, int(row["radius"]), told) == row["answer"]


@DOCUMENT.each_row("distance")
def test_distances(row: Row) -> None:
    one, other = (Position(*map(float, row[name].split(","))) for name in ("from", "to"))
    assert rules.distance_m(one, other) == pytest.approx(int(row["metres"]), abs=1)


@given(POSITIONS, POSITIONS)
def test_a_distance_is_one_both_ways(one: Position, other: Position) -> None:
    distance = rules.distance_m(one, other)
    assert 0 <= distance <= pi * rules.EARTH_RADIUS_M
    assert distance == pytest.approx(rules.distance_m(other, one), abs=1e-6)
    assert rules.distance_m(one, one) == 0


@given(POSITIONS, POSITIONS, POSITIONS)
def test_a_way_around_is_not_shorter(one: Position, other: Position, between: Position) -> None:
    around = rules.distance_m(one, between) + rules.distance_m(between, other)
    assert rules.distance_m(one, other) <= around + 0.1


@given(POSITIONS, POSITIONS, st.integers(rules.NARROWEST_M, rules.WIDEST_M))
def test_a_wider_radius_keeps_nobody_out(place: Position, told: Position, radius: int) -> None:
    narrow, wide = (rules.judge_position(place, each, told) for each in (radius, radius + 1))
    assert (narrow, wide) in {("near", "near"), ("far", "near"), ("far", "far"), ("vague", "vague")}


@given(INSTANTS, st.integers(5, rules.LONGEST_MINUTES), st.booleans())
def test_a_stay_ends_after_it_began(opened: datetime, longest: int, with_day: bool) -> None:  # noqa: FBT001  given
    span = timedelta(minutes=longest)
    closing = rules.closing_of(opened, span, ends_with_day=with_day, time_zone="Africa/Casablanca")
    assert opened < closing.at <= opened + span
    assert (closing.how == "expired") is (closing.at == opened + span) or closing.how == "day_end"


def test_the_page_names_refusals_that_there_are() -> None:
    codes = {getattr(each, "code", None) for each in (*vars(errors).values(), *errors.ACT_REFUSALS)}
    named = {row["refusal"] for table in ("entry", "members", "position") for row in DOCUMENT.table(table)} - {"none"}
    assert named <= codes

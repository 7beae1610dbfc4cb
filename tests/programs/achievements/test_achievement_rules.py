"""The rules of achievements, by the tables of docs/algorithms/community.md, and streaks against a naive model."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from passerelle.programs.achievements.rules import (
    Goal,
    Happening,
    Streak,
    StreakUnit,
    reached,
    running,
    runs,
    slot_of,
    step_of,
)
from passerelle.programs.earning_rules import Item
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/community.md")

PARIS = "Europe/Paris"


@DOCUMENT.each_row("steps")
def test_what_a_happening_adds(row: dict[str, str]) -> None:
    at = datetime.fromisoformat(row["at"])
    items = (Item(2, "espresso", "coffee"), Item(1, "cake", "food"))
    happening = Happening(row["happening"], at, 1250 if row["happening"] == "purchase" else 0, items)  # type: ignore[arg-type]  # the table has the kinds
    step = step_of(Goal(row["metric"], 10, row["window"]), happening, PARIS)  # type: ignore[arg-type]  # likewise
    assert (step.amount if step else 0) == int(row["adds"])
    assert (step.period if step else "") == row["period"]


@DOCUMENT.each_row("streaks")
def test_streaks(row: dict[str, str]) -> None:
    streak, today = Streak("day", int(row["length"])), date(2026, 11, 22)
    first = today - timedelta(days=len(row["days"]) - 1)
    tallies = {
        str(slot_of(first + timedelta(days=number), "day")): 1
        for number, mark in enumerate(row["days"])
        if mark == "v"
    }
    assert reached(streak, tallies, repeatable=row["repeatable"] == "yes") == int(row["reached"])
    assert running(streak, tallies, today) == int(row["alive today (the last day)"])


def _naive_runs(days: list[date], unit: StreakUnit) -> list[int]:
    """Runs by the calendar's own words: yesterday, the week of last Monday, the month before."""

    def start(day: date) -> date:
        return {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[unit]

    def after(day: date) -> date:
        if unit == "day":
            return day + timedelta(days=1)
        return day + timedelta(days=7) if unit == "week" else (day + timedelta(days=32)).replace(day=1)

    starts = sorted({start(day) for day in days})
    lengths = [1] if starts else []
    for before, this in pairwise(starts):
        if this == after(before):
            lengths[-1] += 1
        else:
            lengths.append(1)
    return lengths


@given(
    st.lists(st.dates(date(2024, 1, 1), date(2027, 12, 31)), max_size=60), st.sampled_from(["day", "week", "month"])
)
def test_runs_are_those_of_the_calendar(days: list[date], unit: StreakUnit) -> None:
    assert runs(slot_of(day, unit) for day in days) == _naive_runs(days, unit)


@given(
    st.lists(st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 10), timezones=st.just(UTC)), max_size=30),  # noqa: DTZ001  hypothesis adds the zone
    st.integers(2, 5),
)
def test_a_streak_counts_local_days_across_the_clock_change(instants: list[datetime], length: int) -> None:
    streak = Streak("day", length)
    tallies: dict[str, int] = {}
    for instant in instants:
        step = step_of(streak, Happening("visit", instant), PARIS)
        assert step is not None
        tallies[step.slot] = tallies.get(step.slot, 0) + step.amount
    offset_changes_at = datetime(2026, 3, 29, 1, tzinfo=UTC)
    days = [(instant + timedelta(hours=1 if instant < offset_changes_at else 2)).date() for instant in instants]
    assert reached(streak, tallies, repeatable=True) == sum(run // length for run in _naive_runs(days, "day"))


def test_items_count_by_sku_or_category() -> None:
    items = (Item(2, "espresso", "coffee"), Item(1, "cake", "food"), Item(4))
    happening = Happening("purchase", datetime(2026, 11, 22, tzinfo=UTC), 100, items)
    amounts = []
    for goal in (
        Goal("items", 1),
        Goal("items", 1, skus=frozenset({"cake"})),
        Goal("items", 1, skus=frozenset({"cake"}), categories=frozenset({"coffee"})),
        Goal("items", 1, skus=frozenset({"tea"})),
    ):
        step = step_of(goal, happening, PARIS)
        amounts.append(step.amount if step else 0)
    assert amounts == [7, 1, 3, 0]


def test_locations_are_different_ones() -> None:
    goal = Goal("locations", 2)
    assert reached(goal, {"one": 5}, repeatable=False) == 0
    assert reached(goal, {"one": 5, "two": 1}, repeatable=False) == 1
    assert reached(goal, {"one": 5, "two": 0}, repeatable=False) == 0
    assert step_of(goal, Happening("visit", datetime(2026, 11, 22, tzinfo=UTC)), PARIS) is None

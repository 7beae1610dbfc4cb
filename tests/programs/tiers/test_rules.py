"""The rules of tiers: the tables of docs/algorithms/tiers.md."""

import re
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import pytest

from passerelle.programs.tiers.rules import (
    NONE,
    Definition,
    Held,
    Proof,
    Situation,
    Tier,
    asked,
    assess,
    assigned,
    direction,
    locked,
    next_due,
    unreachable,
)
from passerelle.programs.tiers.windows import (
    Span,
    Validity,
    Window,
    counted_span,
    grace_until,
    period_key,
    valid_until,
)
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/tiers.md")
NOW = datetime(2027, 1, 1, tzinfo=UTC)
JOINED = datetime(2026, 5, 10, 9, tzinfo=UTC)
CHANGED = datetime(2026, 9, 1, 8, tzinfo=UTC)
NAMES = ("Basic", "Silver", "Gold", "VIP")
IDS = {name: UUID(int=number) for number, name in enumerate(NAMES, start=1)}
TIERS = tuple(
    Tier(IDS[name], threshold, name == "VIP") for name, threshold in zip(NAMES, (0, 100, 300, 1000), strict=True)
)
OLD = Span(datetime(2026, 1, 1, tzinfo=UTC), NOW)


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    found = NOW if text == "now" else datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _at(text: str) -> datetime:
    found = _instant(text)
    assert found is not None
    return found


def _window(text: str) -> Window:
    kind, *length = text.split()
    return Window.model_validate({"type": kind, **({length[1]: int(length[0])} if length else {})})


def _validity(text: str) -> Validity:
    kind, *rest = text.replace("+ ", "").split()
    if kind == "calendar_date":
        month, day = rest[0].split("-")
        return Validity(type="calendar_date", month=int(month), day=int(day))
    return Validity.model_validate({"type": kind, **({rest[1]: int(rest[0])} if rest else {})})


@DOCUMENT.each_row("windows")
def test_windows(row: dict[str, str]) -> None:
    window, period, zone = _window(row["window"]), row["period"], row["zone"]
    span = counted_span(window, period, zone, _at(row["at"]), joined_at=JOINED, changed_at=CHANGED)  # type: ignore[arg-type]  # the table has the four periods
    assert span == Span(_at(row["from"]), _at(row["to"]))


@DOCUMENT.each_row("validity")
def test_validity(row: dict[str, str]) -> None:
    found = valid_until(_validity(row["validity"]), row["period"], row["zone"], _at(row["reached at"]))  # type: ignore[arg-type]
    assert found == _instant(row["until"])


@DOCUMENT.each_row("grace")
def test_grace(row: dict[str, str]) -> None:
    found = grace_until(
        _at(row["lapsed at"]), int(row["days"]), row["zone"], to_month_end=row["to month end"] == "yes"
    )
    assert found == _at(row["until"])


@DOCUMENT.each_row("decisions")
def test_decisions(row: dict[str, str]) -> None:
    definition = Definition(
        tiers=TIERS,
        window=Window(type="calendar"),
        upgrade=row["upgrade"],  # type: ignore[arg-type]  # words of the table
        validity=_validity(row["validity"]),
        downgrade=row["downgrade"],  # type: ignore[arg-type]
        grace_days=int(row["grace"]),
        refunds=row["refunds"],  # type: ignore[arg-type]
    )
    proven = int(row["proven by"])
    held = Held(CHANGED, IDS[row["holds"]], CHANGED, _instant(row["until"]), proof=Proof(OLD, 1000, ""))
    amounts = {"now": int(row["amount now"]), "previous": int(row["last period"]), "proof": proven}
    wanted = asked(definition, held, JOINED, NOW, row["cause"])  # type: ignore[arg-type]
    situation = Situation(NOW, JOINED, row["cause"], {anchor: amounts[anchor] for anchor in wanted})  # type: ignore[arg-type]
    found = assess(definition, held, situation)
    assert found.tier_id == IDS[row["becomes"]]
    assert found.ends_at == _instant(row["then until"])
    assert found.grace_until == _instant(row["in grace until"])


@pytest.mark.parametrize(
    ("period", "key"), [("year", "2026"), ("half_year", "2026-H2"), ("quarter", "2026-Q4"), ("month", "2026-11")]
)
def test_periods_have_names(period: str, key: str) -> None:
    assert period_key(datetime(2026, 11, 22, tzinfo=UTC), period, "Europe/Paris") == key  # type: ignore[arg-type]
    assert re.fullmatch(r"\d{4}(-[HQ]?\d+)?", key)


def test_the_name_of_a_period_is_local() -> None:
    assert period_key(datetime(2026, 12, 31, 23, tzinfo=UTC), "year", "Europe/Paris") == "2027"


def test_a_lock_holds_until_it_ends() -> None:
    definition = Definition(tiers=TIERS)
    held = locked(assigned(definition, Held(CHANGED), IDS["Gold"], CHANGED), locked=True, until=NOW)
    before = Situation(CHANGED, JOINED, "activity", {"now": 0})
    assert assess(definition, held, before).tier_id == IDS["Gold"]
    assert next_due(definition, held, JOINED, CHANGED) == NOW
    after = assess(definition, held, Situation(NOW, JOINED, "time", {"now": 0}))
    assert (after.tier_id, after.locked) == (IDS["Basic"], False)


def test_a_tier_given_by_hand_outlasts_a_purchase() -> None:
    definition = Definition(tiers=TIERS)
    held = assigned(definition, Held(CHANGED), IDS["Gold"], CHANGED)
    assert held.ends_at == NOW
    assert assess(definition, held, Situation(CHANGED, JOINED, "activity", {"now": 5})).tier_id == IDS["Gold"]


def test_grace_ends_in_the_tier_that_the_amount_pays_for() -> None:
    definition = Definition(tiers=TIERS, validity=Validity(type="end_of_period"), grace_days=30)
    held = Held(CHANGED, IDS["Gold"], CHANGED, NOW, proof=Proof(OLD, 300, ""))
    graced = assess(definition, held, Situation(NOW, JOINED, "time", {"now": 120}))
    due = next_due(definition, graced, JOINED, NOW)
    assert graced.tier_id == IDS["Gold"]
    assert due is not None
    assert due == graced.grace_until == datetime(2027, 1, 31, tzinfo=UTC)
    again = assess(definition, graced, Situation(datetime(2027, 1, 9, tzinfo=UTC), JOINED, "activity", {"now": 300}))
    assert (again.tier_id, again.grace_until) == (IDS["Gold"], None)
    assert again.ends_at == datetime(2028, 1, 1, tzinfo=UTC)
    lost = assess(definition, graced, Situation(due, JOINED, "time", {"now": 120}))
    assert (lost.tier_id, lost.grace_until) == (IDS["Silver"], None)


def test_a_changed_threshold_takes_no_tier_before_it_applies() -> None:
    held = Held(CHANGED, IDS["Gold"], CHANGED, proof=Proof(OLD, 300, ""), definition="old")
    tiers = (*TIERS[:2], Tier(IDS["Gold"], 400), TIERS[3])
    definition = Definition(tiers=tiers, key="new", applies_at=NOW)
    before = assess(definition, held, Situation(CHANGED, JOINED, "definition", {"now": 300}))
    assert (before.tier_id, before.definition) == (IDS["Gold"], "old")
    assert next_due(definition, before, JOINED, CHANGED) == NOW
    after = assess(definition, before, Situation(NOW, JOINED, "time", {"now": 300}))
    assert (after.tier_id, after.definition) == (IDS["Silver"], "new")


def test_a_retired_tier_ranks_by_its_threshold() -> None:
    definition = Definition(tiers=TIERS[:2], retired={IDS["Gold"]: 300})
    assert definition.rank(IDS["Gold"]) == 1
    assert definition.rank(None) == NONE
    held = Held(CHANGED, IDS["Gold"], CHANGED)
    assert assess(definition, held, Situation(NOW, JOINED, "definition", {"now": 300})).tier_id == IDS["Silver"]
    assert direction(definition, IDS["Gold"], IDS["Silver"]) == "down"
    assert direction(definition, IDS["Gold"], IDS["Gold"]) == "same"


def test_a_tier_at_a_price_is_never_reached() -> None:
    assert unreachable(TIERS, [300]) == [IDS["Gold"]]
    assert unreachable(TIERS, [301]) == []

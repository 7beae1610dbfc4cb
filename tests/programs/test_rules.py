"""The rules of earning: the tables of docs/algorithms/earning.md, and what holds for every amount."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.kit.i18n import LANGUAGES
from passerelle.kit.money import exponent
from passerelle.programs import rules
from passerelle.programs.reasons import _TEXTS, explain
from passerelle.programs.rules import (
    Earning,
    EarningRule,
    HistoryFacts,
    Item,
    PastAccrual,
    PerAmount,
    PerItem,
    PerVisit,
    PurchaseFacts,
    Reason,
    accrue,
    units_of,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "algorithms" / "earning.md"
UNIT, RULE, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _table(name: str) -> list[dict[str, str]]:
    """The rows of one marked table of the document, by the names of its columns."""
    lines = DOCUMENT.read_text().split(f"<!-- table: {name} -->\n")[1].split("\n\n")[0].splitlines()
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(head, row, strict=True)) for row in body]


def _rows(name: str) -> pytest.MarkDecorator:
    """One test for each row."""
    return pytest.mark.parametrize("row", [pytest.param(row, id=" ".join(row.values())[:80]) for row in _table(name)])


def _minor(text: str, currency: str) -> int:
    scaled = Decimal(text).scaleb(exponent(currency))
    assert scaled == int(scaled)
    return int(scaled)


def _rule(earning: Earning, **changes: int | None) -> EarningRule:
    return EarningRule(RULE, UNIT, earning, **changes)  # type: ignore[arg-type]  # names and numbers only


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@_rows("per_amount")
def test_per_amount(row: dict[str, str]) -> None:
    amount, currency = row["amount"].split()
    earning = PerAmount(_minor(row["step"], currency), int(row["units per step"]), row["rounding"])  # type: ignore[arg-type]  # the table has the three
    [accrual] = accrue([_rule(earning)], PurchaseFacts(NOON, _minor(amount, currency)), HistoryFacts())
    assert accrual.amount == int(row["earned"])
    assert accrual.reasons[0].code == ("per_amount" if accrual.amount else "below_step")


@_rows("per_visit")
def test_per_visit(row: dict[str, str]) -> None:
    earning = PerVisit(1, int(row["minutes"]) if row["minutes"] else None, row["once per day"] == "yes")
    counted, visit = _instant(row["counted visit"]), _instant(row["this visit"])
    assert visit is not None
    past = (PastAccrual(RULE, 1, counted),) if counted else ()
    [accrual] = accrue([_rule(earning)], PurchaseFacts(visit), HistoryFacts(row["time zone"], past))
    assert accrual.amount == int(row["earned"])
    assert accrual.reasons[0].code == ("per_visit" if accrual.amount else "visit_counted")


@_rows("per_item")
def test_per_item(row: dict[str, str]) -> None:
    def listed(column: str) -> frozenset[str]:
        return frozenset(name for name in row[column].split(", ") if name)

    items = []
    for entry in filter(None, row["basket"].split(", ")):
        quantity, article = entry.split()
        sku, category = article.split("/")
        items.append(Item(int(quantity), sku, category))
    earning = PerItem(int(row["units per item"]), listed("SKUs"), listed("categories"))
    [accrual] = accrue([_rule(earning)], PurchaseFacts(NOON, 1000, tuple(items)), HistoryFacts())
    assert accrual.amount == int(row["earned"])
    assert accrual.reasons[0].code == ("per_item" if accrual.amount else "no_matching_item")


@_rows("caps")
def test_minimum_and_caps(row: dict[str, str]) -> None:
    rule = _rule(
        PerAmount(100, 1),
        minimum_amount_minor=_minor(row["minimum"] or "0", "EUR"),
        cap_per_purchase=int(row["cap per purchase"]) if row["cap per purchase"] else None,
        cap_per_day=int(row["cap per day"]) if row["cap per day"] else None,
    )
    today = PastAccrual(RULE, int(row["given today"]), NOON - timedelta(hours=1))
    not_counted = (PastAccrual(RULE, 1000, NOON - timedelta(days=1)), PastAccrual(OTHER, 1000, NOON))
    [accrual] = accrue(
        [rule], PurchaseFacts(NOON, _minor(row["amount"], "EUR")), HistoryFacts("UTC", (today, *not_counted))
    )
    assert accrual.amount == int(row["earned"])
    assert [reason.code for reason in accrual.reasons] == row["reasons"].split(", ")


@_rows("running")
def test_running(row: dict[str, str]) -> None:
    instant = _instant(row["purchase at"])
    assert instant is not None
    runs = rules.is_running(row["state"], _instant(row["starts"]), _instant(row["ends"]), instant)  # type: ignore[arg-type]  # the table has the states
    assert runs == (row["runs"] == "yes")


_amounts = st.integers(0, 10**9)
_steps = st.integers(1, 10**6)


@given(_amounts, _steps, st.integers(1, 1000))
def test_rounding_stays_within_its_bounds(amount: int, step: int, units: int) -> None:
    exact = Fraction(amount, step)
    floor, half_up, half_even = (units_of(amount, step, 1, mode) for mode in ("floor", "half_up", "half_even"))
    assert 0 <= exact - floor < 1
    assert abs(exact - half_up) <= Fraction(1, 2)
    assert abs(exact - half_even) <= Fraction(1, 2)
    assert half_even == round(exact)
    assert half_up - half_even in {0, 1}
    assert units_of(amount, step, units, "floor") == floor * units


@given(_amounts, _amounts, _steps)
def test_more_money_never_earns_less(one: int, other: int, step: int) -> None:
    low, high = sorted((one, other))
    for mode in ("floor", "half_up", "half_even"):
        assert units_of(low, step, 1, mode) <= units_of(high, step, 1, mode)


@given(st.lists(_amounts, min_size=1, max_size=20), _steps)
def test_splitting_a_purchase_earns_no_more_with_floor(parts: list[int], step: int) -> None:
    split = sum(units_of(part, step, 1, "floor") for part in parts)
    assert split <= units_of(sum(parts), step, 1, "floor")


_roundings = st.sampled_from(["floor", "half_up", "half_even"])
_names = st.sampled_from
_earnings = st.one_of(
    st.builds(
        PerAmount, st.integers(1, 1000), st.integers(1, 10), st.sampled_from(["floor", "half_up", "half_even"])
    ),
    st.builds(PerVisit, st.integers(1, 10), st.none() | st.integers(1, 10_000), st.booleans()),
    st.builds(PerItem, st.integers(1, 10), st.frozensets(_names("ab")), st.frozensets(_names("xy"))),
)
_caps = st.none() | st.integers(1, 100)
_rules = st.lists(
    st.builds(
        EarningRule,
        id=st.uuids(),
        unit_id=st.just(UNIT),
        earning=_earnings,
        active=st.booleans(),
        minimum_amount_minor=st.integers(0, 500),
        cap_per_purchase=_caps,
        cap_per_day=_caps,
    ),
    max_size=5,
    unique_by=lambda rule: rule.id,
)
_items = st.lists(
    st.builds(Item, st.integers(1, 20), st.none() | st.sampled_from("abc"), st.none() | st.sampled_from("xyz")),
    max_size=4,
).map(tuple)
_instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda naive: naive.replace(tzinfo=UTC))  # noqa: DTZ001  hypothesis wants naive bounds
_distances = st.integers(-48, 48).map(lambda hours: timedelta(hours=hours))
_zones = st.sampled_from(["UTC", "Africa/Casablanca", "Europe/Paris", "America/St_Johns"])


@given(_rules, _items, st.none() | st.integers(1, 10_000), _instants, _zones, st.data())
def test_every_rule_answers_with_a_reason_and_within_its_caps(
    some: list[EarningRule],
    items: tuple[Item, ...],
    amount: int | None,
    instant: datetime,
    zone: str,
    data: st.DataObject,
) -> None:
    past = tuple(
        PastAccrual(
            rule.id, data.draw(st.integers(1, 50)), instant + timedelta(hours=data.draw(st.integers(-48, 48)))
        )
        for rule in some
        if data.draw(st.booleans())
    )
    purchase, history = PurchaseFacts(instant, amount, items), HistoryFacts(zone, past)
    accruals = accrue(some, purchase, history)
    active = [rule for rule in some if rule.active]
    assert [accrual.rule_id for accrual in accruals] == [rule.id for rule in active]
    start, end = rules.history_window(active, instant, zone)
    assert start <= instant < end
    within = HistoryFacts(zone, tuple(one for one in past if start <= one.occurred_at < end))
    assert accruals == accrue(some, purchase, within), "the window leaves out nothing that matters"
    for rule, accrual in zip(active, accruals, strict=True):
        assert accrual.reasons
        assert accrual.amount >= 0
        assert rule.cap_per_purchase is None or accrual.amount <= rule.cap_per_purchase
        given_today = rules._given_today(rule, purchase, history)
        assert rule.cap_per_day is None or accrual.amount <= max(0, rule.cap_per_day - given_today)
        alone = accrue([rule], purchase, history)
        assert alone == [accrual], "rules do not depend on each other"


@pytest.mark.parametrize(
    ("state", "wanted", "may"),
    [
        ("draft", "active", True),
        ("draft", "paused", False),
        ("active", "paused", True),
        ("paused", "active", True),
        ("active", "draft", False),
        ("active", "ended", True),
        ("ended", "active", False),
        ("ended", "ended", True),
    ],
)
def test_states(state: rules.ProgramState, wanted: rules.ProgramState, may: bool) -> None:  # noqa: FBT001  pytest passes by name
    assert rules.may_become(state, wanted) is may


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(_TEXTS))
def test_every_reason_has_its_sentence(code: rules.ReasonCode, language: str) -> None:
    params = {
        "units": 12,
        "units_per_step": 1,
        "step_minor": 100,
        "amount_minor": 1234,
        "units_per_item": 2,
        "items": 6,
        "minimum_minor": 500,
        "counted_at": "2026-11-22T23:30:00+00:00",
        "before": 35,
        "tier": "Gold",
        "friends": 3,
        "name": "Explorer",
    }
    text = explain(Reason(code, params), currency="EUR", time_zone="Europe/Paris", language=language)  # type: ignore[arg-type]  # LANGUAGES
    assert text
    assert "{" not in text
    if code == "visit_counted":
        assert "2026-11-23 00:30" in text
    if code == "per_amount" and language == "en":
        assert text == "1 per €1.00, €12.34 paid: +12"


@pytest.mark.parametrize(
    ("count", "language", "form"),
    [(1, "en", "one"), (2, "en", "other"), (0, "fr", "one"), (2, "ar", "two"), (5, "ar", "few"), (5, "xx", "other")],
)
def test_plural_forms(count: int, language: str, form: str) -> None:
    assert rules.plural_form(count, language) == form

"""What each type of rule gives: the tables of docs/algorithms/earning.md, and what holds for every amount."""

from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.kit.i18n import LANGUAGES, Language
from passerelle.programs import rules
from passerelle.programs.accrual_base import Line, Occasion
from passerelle.programs.earning_rules import PerAmount, PerEvent, PerItem, PerPercent, PerVisit, Times
from passerelle.programs.periods import Period, bounds
from passerelle.programs.plan import History
from passerelle.programs.reasons import _TEXTS, Reader, explain
from passerelle.programs.rules import Reason, units_of
from tests.programs.evaluating import DOCUMENT, NOON, bought, codes, earn, figures, instant, minor, rule


@DOCUMENT.each_row("per_amount")
def test_per_amount(row: dict[str, str]) -> None:
    amount, currency = row["amount"].split()
    earning = PerAmount(minor(row["step"], currency), int(row["units per step"]), row["rounding"])  # type: ignore[arg-type]  # the table has the three
    [accrual] = earn([rule(earning)], bought(minor(amount, currency))).accruals
    assert accrual.amount == int(row["earned"])
    assert codes(accrual) == ["per_amount" if accrual.amount else "below_step"]


@DOCUMENT.each_row("per_percent")
def test_per_percent(row: dict[str, str]) -> None:
    earning = PerPercent(int(row["basis points"]), row["rounding"])  # type: ignore[arg-type]  # the table has the three
    [accrual] = earn([rule(earning)], bought(minor(row["amount"]))).accruals
    assert accrual.amount == minor(row["earned"])
    assert codes(accrual) == ["per_percent" if accrual.amount else "too_little"]


@DOCUMENT.each_row("per_visit")
def test_per_visit(row: dict[str, str]) -> None:
    visits = rule(PerVisit(1, int(row["minutes"]) if row["minutes"] else None, row["once per day"] == "yes"))
    counted, visit = instant(row["counted visit"]), instant(row["this visit"])
    assert visit is not None
    past = History(rules={visits.id: figures([(1, counted)] if counted else [], visit, row["time zone"])})
    [accrual] = earn([visits], Occasion("visit", visit), past, zone=row["time zone"]).accruals
    assert accrual.amount == int(row["earned"])
    assert codes(accrual) == ["per_visit" if accrual.amount else "visit_counted"]


@DOCUMENT.each_row("per_item")
def test_per_item(row: dict[str, str]) -> None:
    def listed(column: str) -> frozenset[str]:
        return frozenset(name for name in row[column].split(", ") if name)

    lines = []
    for entry in filter(None, row["basket"].split(", ")):
        quantity, article = entry.split()
        sku, category = article.split("/")
        lines.append(Line("item", int(quantity), 100, None, sku, category))
    lines.append(Line("shipping", 1, 500, None, "espresso", "coffee"))
    earning = PerItem(int(row["units per item"]), listed("SKUs"), listed("categories"), int(row["from"]))
    [accrual] = earn([rule(earning)], bought(1000, lines=tuple(lines))).accruals
    assert accrual.amount == int(row["earned"])
    few = "too_few_items" if row["from"] != "1" else "no_matching_item"
    assert codes(accrual) == ["per_item" if accrual.amount else few]


@DOCUMENT.each_row("caps")
def test_minimum_and_caps(row: dict[str, str]) -> None:
    limited = rule(
        PerAmount(100, 1),
        minimum_amount_minor=minor(row["minimum"] or "0"),
        cap_per_purchase=int(row["cap per purchase"]) if row["cap per purchase"] else None,
        cap_per_day=int(row["cap per day"]) if row["cap per day"] else None,
    )
    past = [(int(row["given today"]), NOON - timedelta(hours=1)), (1000, NOON - timedelta(days=1))]
    history = History(rules={limited.id: figures(past, NOON), UUID(int=9): figures([(1000, NOON)], NOON)})
    [accrual] = earn([limited], bought(minor(row["amount"])), history).accruals
    assert accrual.amount == int(row["earned"])
    assert codes(accrual) == row["reasons"].split(", ")


@DOCUMENT.each_row("running")
def test_running(row: dict[str, str]) -> None:
    at = instant(row["purchase at"])
    assert at is not None
    runs = rules.is_running(row["state"], instant(row["starts"]), instant(row["ends"]), at)  # type: ignore[arg-type]  # the table has the states
    assert runs == (row["runs"] == "yes")


@DOCUMENT.each_row("periods")
def test_periods(row: dict[str, str]) -> None:
    at = instant(row["purchase at"])
    assert at is not None
    start, end = bounds(row["period"], at, row["time zone"])  # type: ignore[arg-type]  # the table has the periods
    assert (start, end) == (instant(row["from"]), instant(row["to"]))


def test_events_are_for_their_own_rules() -> None:
    review, visit = rule(PerEvent("review", 5), 2), rule(PerVisit(1), 3)
    assert [each.rule_id for each in earn([review, visit], bought(100)).accruals] == [visit.id]
    [accrual] = earn([review, visit], Occasion("event", NOON, event="review")).accruals
    assert (accrual.rule_id, accrual.amount, codes(accrual)) == (review.id, 5, ["per_event"])
    assert earn([review, visit], Occasion("event", NOON, event="check_in")).accruals == ()


@pytest.mark.parametrize(
    ("minutes_apart", "earned", "code"), [(59, 0, "too_soon"), (60, 5, "per_amount"), (-59, 0, "too_soon")]
)
def test_a_cooldown_holds_in_both_directions(minutes_apart: int, earned: int, code: str) -> None:
    cooled = rule(PerAmount(100, 1), cooldown_minutes=60)
    past = History(rules={cooled.id: figures([(5, NOON - timedelta(minutes=minutes_apart))], NOON)})
    [accrual] = earn([cooled], bought(500), past).accruals
    assert (accrual.amount, codes(accrual)) == (earned, [code])


@pytest.mark.parametrize("period", ["day", "week", "month", "year", "ever"])
def test_so_many_times_in_a_period(period: Period) -> None:
    twice = rule(PerAmount(100, 1), times=(Times(period, 2),))
    for given_before, earned in ((1, 5), (2, 0), (3, 0)):
        past = History(rules={twice.id: figures([(5, NOON)] * given_before, NOON)})
        [accrual] = earn([twice], bought(500), past).accruals
        assert (accrual.amount, codes(accrual)) == (earned, ["per_amount" if earned else "times_reached"])


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


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001  hypothesis wants naive bounds
    st.sampled_from(["UTC", "Africa/Casablanca", "Europe/Paris", "America/St_Johns", "Africa/Cairo"]),
    st.sampled_from(["day", "week", "month", "year"]),
)
def test_periods_follow_each_other_without_a_gap(naive: datetime, zone: str, period: Period) -> None:
    at = naive.replace(tzinfo=NOON.tzinfo)
    start, end = bounds(period, at, zone)
    assert start is not None
    assert end is not None
    assert start <= at < end
    assert bounds(period, end, zone)[0] == end
    assert bounds(period, end - timedelta(microseconds=1), zone) == (start, end)


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


_SCOPED = [f"{done}_per_{per}" for done in ("capped", "refused") for per in ("day", "purchase", "ever", "balance")]
_PARAMS = {
    "units": 12,
    "units_per_step": 1,
    "step_minor": 100,
    "amount_minor": 1234,
    "basis_points": 500,
    "units_per_item": 2,
    "items": 6,
    "minimum": 8,
    "minimum_minor": 500,
    "counted_at": "2026-11-22T23:30:00+00:00",
    "minutes": 60,
    "times": 3,
    "reward": "Mug",
    "per": "week",
    "before": 35,
    "cap": 30,
    "would_be": 7,
    "percent": 150,
    "promotion": "Happy hour",
    "promotion_names": {"fr": "Heure joyeuse"},
    "event": "review",
    "friends": 3,
    "tier": "Gold",
    "name": "Explorer",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted([*_TEXTS, *_SCOPED]))
def test_every_reason_has_its_sentence(code: rules.ReasonCode, language: Language) -> None:
    params = dict(_PARAMS)
    if code == "too_few_items":
        params.pop("minimum_minor")
    text = explain(Reason(code, params), Reader("EUR", "Europe/Paris", language))
    assert text
    assert "{" not in text
    if code == "visit_counted":
        assert "2026-11-23 00:30" in text
    if code == "per_amount" and language == "en":
        assert text == "Happy hour: 1 per €1.00, €12.34 counted: +12"
    if code == "promotion_multiplier":
        assert ("Heure joyeuse" if language == "fr" else "Happy hour") in text
        assert "1.5" in text


def test_every_code_has_a_sentence() -> None:
    scoped = {code for code in rules.ReasonCode.__args__ if code.startswith(("capped_per_", "refused_per_"))}  # type: ignore[attr-defined]  # what a Literal lists
    assert scoped | _TEXTS.keys() == set(rules.ReasonCode.__args__)  # type: ignore[attr-defined]  # the same


def test_units_that_are_money_are_told_as_money() -> None:
    reader = Reader("EUR", "UTC", "fr", is_money=True)
    capped = Reason("capped_per_day", {"before": 3500, "units": 3000, "cap": 3000})
    assert explain(capped, reader) == "Limité de 35,00\xa0€ à 30,00\xa0€ : 30,00\xa0€ au plus par jour"
    plain = Reader("EUR", "UTC", "en")
    assert explain(Reason("capped_per_day", {"before": 35, "units": 30, "cap": 40}), plain) == (
        "Limited from 35 to 30: at most 40 per day"
    )


@pytest.mark.parametrize(
    ("count", "language", "form"),
    [(1, "en", "one"), (2, "en", "other"), (0, "fr", "one"), (2, "ar", "two"), (5, "ar", "few"), (5, "xx", "other")],
)
def test_plural_forms(count: int, language: str, form: str) -> None:
    assert rules.plural_form(count, language) == form

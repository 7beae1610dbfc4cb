"""Policy, promotions and caps: the tables of the document, and what holds whatever the rules are."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.programs.conditions import Conditions
from passerelle.programs.earning_rules import Cap, Combining, EarningRule, PerAmount, PerItem, PerVisit, Times
from passerelle.programs.evaluator import Earned
from passerelle.programs.plan import History
from passerelle.programs.promoting import (
    Bonus,
    Budget,
    Multiplier,
    Promotion,
    excesses,
    shares,
    stacked,
)
from tests.programs.evaluating import DOCUMENT, NOON, UNIT, bought, codes, earn, explained, figures, rule


def _giving(amounts: str) -> list[EarningRule]:
    """A rule for each amount; one that gives nothing has a minimum that is out of reach."""
    return [
        rule(PerVisit(max(1, int(amount))), 10 + place, minimum_amount_minor=0 if int(amount) else 10**9)
        for place, amount in enumerate(amounts.split(", "))
    ]


def _promotion(effect: Multiplier | Bonus, number: int = 50, **changes: Any) -> Promotion:
    return Promotion(UUID(int=number), UNIT, f"Promotion {number}", effect, **changes)


def _total(earned: Earned) -> int:
    return sum(accrual.amount for accrual in earned.accruals)


@DOCUMENT.each_row("policy")
def test_policy(row: dict[str, str]) -> None:
    earned = earn(_giving(row["rules give"]), bought(100), combining=Combining(row["policy"]))  # type: ignore[arg-type]  # the table has the policies
    assert _total(earned) == int(row["earned"])
    assert len(earned.accruals) == len(row["rules give"].split(", ")), "those that give way say so"


@DOCUMENT.each_row("multipliers")
def test_multipliers(row: dict[str, str]) -> None:
    promotions = [
        _promotion(Multiplier(int(percent)), 50 + place)
        for place, percent in enumerate(row["multipliers"].split(", "))
    ]
    combining = Combining(multipliers=row["together"])  # type: ignore[arg-type]  # the table has the three
    earned = earn(_giving(row["rules give"]), bought(100), combining=combining, promotions=promotions)
    assert _total(earned) == int(row["earned"])
    assert sum(earned.uses.values()) == int(row["earned"]) - sum(map(int, row["rules give"].split(", ")))


@DOCUMENT.each_row("unit_caps")
def test_caps_of_a_unit(row: dict[str, str]) -> None:
    kind, _, figure = row["promotion"].partition(" ")
    promotions = [_promotion(Bonus(int(figure)) if kind == "bonus" else Multiplier(int(figure)))] if kind else []
    per, units = row["cap"].split()
    cap = Cap(per, int(units), row["action"])  # type: ignore[arg-type]  # the table has the scopes
    before = int(row["counted before"])
    history = History(units={UNIT: figures([(before, NOON)] if before else [], NOON)}, balances={UNIT: before})
    earned = earn(
        _giving(row["rules give"]), bought(100), history, combining=Combining(caps=(cap,)), promotions=promotions
    )
    assert _total(earned) == int(row["earned"])
    told = [code for accrual in earned.accruals for code in codes(accrual) if code.startswith(("capped", "refused"))]
    assert told == [code for code in row["reasons of the cap"].split(", ") if code]
    assert all(explained(accrual) == accrual.amount for accrual in earned.accruals)


def test_happy_hour_and_the_daily_cap() -> None:
    doubled = _promotion(Multiplier(240))
    earned = earn([rule(PerAmount(100, 1), cap_per_day=30)], bought(1500), promotions=[doubled])
    [accrual] = earned.accruals
    assert codes(accrual) == ["per_amount", "promotion_multiplier", "capped_per_day"]
    assert [reason.params["units"] for reason in accrual.reasons] == [15, 21, 30]
    assert earned.uses == {doubled.id: 15}, "what the cap took is not used up"


def test_an_exclusive_promotion_applies_alone_or_not_at_all() -> None:
    first = _promotion(Multiplier(300), 51, stacking="exclusive", priority=5)
    second, third = _promotion(Multiplier(200), 52), _promotion(Bonus(7), 53)
    assert stacked([second, third, first]) == ([first], [second, third])
    late = replace(first, priority=-1)
    assert stacked([second, third, late]) == ([second, third], [late])
    earned = earn([rule(PerVisit(10))], bought(100), promotions=[second, third, late])
    assert _total(earned) == 27
    assert [codes(accrual) for accrual in earned.accruals if not accrual.amount] == [["another_promotion"]]


def test_promotions_say_why_they_do_not_apply() -> None:
    promotions = [
        _promotion(Bonus(5), 51, conditions=Conditions(channels=["online"])),
        _promotion(Bonus(5), 52, minimum_amount_minor=101),
        _promotion(Bonus(5), 53, limit_per_customer=2),
        _promotion(Bonus(5), 54, budget_uses=9),
        _promotion(Multiplier(200), 55),
        _promotion(Bonus(5), 56, ends_at=NOON),
        _promotion(Bonus(5), 57, state="paused"),
    ]
    history = History(uses={promotions[2].id: 2}, budgets={promotions[3].id: Budget(uses=0)})
    earned = earn([], bought(100), history, promotions=promotions)
    assert {accrual.promotion_id: codes(accrual) for accrual in earned.accruals} == {
        UUID(int=51): ["other_channel"],
        UUID(int=52): ["below_minimum"],
        UUID(int=53): ["promotion_limit_reached"],
        UUID(int=54): ["promotion_budget_spent"],
        UUID(int=55): ["nothing_to_multiply"],
    }


@pytest.mark.parametrize("effect", [Multiplier(300), Bonus(20)])
def test_the_last_of_a_budget(effect: Multiplier | Bonus) -> None:
    promotion = _promotion(effect, budget_units=100)
    history = History(budgets={promotion.id: Budget(units=7)})
    earned = earn([rule(PerVisit(4)), rule(PerVisit(6), 3)], bought(100), history, promotions=[promotion])
    assert _total(earned) == 17
    assert earned.uses == {promotion.id: 7}
    assert "capped_by_budget" in {code for accrual in earned.accruals for code in codes(accrual)}
    assert all(explained(accrual) == accrual.amount for accrual in earned.accruals)


@given(st.integers(0, 10**6), st.lists(st.integers(101, 1000), max_size=5), st.sampled_from(["product", "sum"]))
def test_the_order_of_multipliers_changes_nothing(units: int, percents: list[int], how: Any) -> None:
    added = excesses(units, percents, how)
    assert sum(added) == sum(excesses(units, percents[::-1], how))
    assert all(each >= 0 for each in added)
    assert sum(excesses(units, percents, "best")) <= sum(added)


@given(st.integers(0, 10**6), st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_shares_are_whole_and_fair(total: int, weights: list[int]) -> None:
    parts = shares(total, weights)
    whole = sum(weights)
    assert sum(parts) == (total if whole else 0)
    assert all(
        abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True) if whole
    )


_caps = st.lists(
    st.builds(
        Cap,
        st.sampled_from(["purchase", "day", "week", "month", "year", "ever"]),
        st.integers(1, 80),
        st.sampled_from(["reduce", "refuse"]),
    ),
    max_size=3,
).map(tuple)
_earnings = st.one_of(
    st.builds(PerAmount, st.integers(1, 200), st.integers(1, 5), st.sampled_from(["floor", "half_up", "half_even"])),
    st.builds(PerVisit, st.integers(1, 20), st.none() | st.integers(1, 2000), st.booleans()),
    st.builds(PerItem, st.integers(1, 5)),
)
_conditions = st.sampled_from(
    [Conditions(), Conditions(weekdays=["sun"]), Conditions(channels=["online"]), Conditions(segments=["vip"])]
)
_rules = st.lists(
    st.builds(
        EarningRule,
        id=st.uuids(),
        unit_id=st.just(UNIT),
        earning=_earnings,
        active=st.booleans(),
        minimum_amount_minor=st.integers(0, 1000),
        caps=_caps,
        times=st.lists(st.builds(Times, st.sampled_from(["day", "ever"]), st.integers(1, 3)), max_size=1).map(tuple),
        cooldown_minutes=st.none() | st.integers(1, 600),
        conditions=_conditions,
    ),
    max_size=6,
    unique_by=lambda each: each.id,
)
_promotions = st.lists(
    st.builds(
        Promotion,
        id=st.uuids(),
        unit_id=st.just(UNIT),
        name=st.just("p"),
        effect=st.builds(Multiplier, st.integers(101, 500)) | st.builds(Bonus, st.integers(1, 30)),
        conditions=_conditions,
        priority=st.integers(0, 2),
        stacking=st.sampled_from(["stackable", "stackable", "exclusive"]),
        budget_units=st.none() | st.integers(1, 40),
        limit_per_customer=st.none() | st.integers(1, 2),
    ),
    max_size=4,
    unique_by=lambda each: each.id,
)
_unit_caps = st.lists(
    st.builds(
        Cap,
        st.sampled_from(["purchase", "day", "ever", "balance"]),
        st.integers(1, 120),
        st.sampled_from(["reduce", "refuse"]),
    ),
    max_size=2,
).map(tuple)
_combinings = st.builds(
    Combining, st.sampled_from(["sum", "best", "first"]), st.sampled_from(["best", "product", "sum"]), _unit_caps
)


@st.composite
def _histories(draw: st.DrawFn, some: Sequence[EarningRule], promotions: Sequence[Promotion]) -> History:
    def past() -> list[tuple[int, Any]]:
        return draw(
            st.lists(
                st.tuples(
                    st.integers(1, 40), st.integers(-3000, 3000).map(lambda near: NOON + timedelta(minutes=near))
                ),
                max_size=3,
            )
        )

    by_rule = {each.id: past() for each in some}
    every = [one for given_before in by_rule.values() for one in given_before]
    return History(
        rules={rule_id: figures(given_before, NOON) for rule_id, given_before in by_rule.items()},
        units={UNIT: figures(every, NOON)},
        balances={UNIT: sum(amount for amount, _ in every)},
        uses={each.id: draw(st.integers(0, 2)) for each in promotions},
        budgets={
            each.id: Budget(None, draw(st.integers(0, each.budget_units))) for each in promotions if each.budget_units
        },
    )


@given(st.data(), _rules, _promotions, _combinings, st.integers(1, 5000))
def test_whatever_the_rules_are(
    data: st.DataObject,
    some: list[EarningRule],
    promotions: list[Promotion],
    combining: Combining,
    amount: int,
) -> None:
    history = data.draw(_histories(some, promotions))
    earned = earn(some, bought(amount), history, combining=combining, promotions=promotions)
    ruled = [accrual for accrual in earned.accruals if accrual.rule_id is not None]
    assert [accrual.rule_id for accrual in ruled] == [each.id for each in some if each.active]
    for accrual in earned.accruals:
        assert accrual.reasons
        assert explained(accrual) == accrual.amount >= 0, "the reasons explain the amount"
    _assert_caps_hold(earned, some, combining, history)
    for promotion in promotions:
        used = earned.uses.get(promotion.id, 0)
        left = history.budgets.get(promotion.id, Budget()).units
        assert left is None or used <= left
    base = earn(some, bought(amount), history, combining=replace(combining, caps=()), promotions=())
    if not promotions and not combining.caps:
        assert base == earned
    _assert_order_does_not_matter(earned, some, promotions, combining, history, amount)


def _assert_caps_hold(earned: Earned, some: list[EarningRule], combining: Combining, history: History) -> None:
    by_rule = {accrual.rule_id: accrual.amount for accrual in earned.accruals}
    for each in some:
        for cap in each.every_cap:
            before = 0 if cap.per == "purchase" else history.rules[each.id].units.get(cap.per, 0)  # type: ignore[arg-type]  # no balance here
            given_now = by_rule.get(each.id, 0)
            assert not given_now or before + given_now <= cap.units
    for cap in combining.caps:
        counted = dict(history.units[UNIT].units) | {"purchase": 0, "balance": history.balances[UNIT]}
        before = counted.get(cap.per, 0)
        assert not _total(earned) or before + _total(earned) <= cap.units


def _assert_order_does_not_matter(
    earned: Earned,
    some: list[EarningRule],
    promotions: list[Promotion],
    combining: Combining,
    history: History,
    amount: int,
) -> None:
    """Promised for the sum of rules without multipliers; multipliers divide what they add by the order of rules."""
    if combining.policy == "sum" and not any(isinstance(each.effect, Multiplier) for each in promotions):
        other = earn(some[::-1], bought(amount), history, combining=combining, promotions=promotions[::-1])
        assert _total(other) == _total(earned)

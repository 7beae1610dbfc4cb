"""When rules apply: hours across clock changes, and every other condition; which part of a purchase counts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.programs.accrual_base import AccrualBase, Line, Occasion, counted
from passerelle.programs.conditions import AttributeCondition, Conditions
from passerelle.programs.earning_rules import PerAmount, PerEvent, PerVisit
from tests.programs.evaluating import DOCUMENT, NOON, bought, codes, earn, instant, minor, rule

PLACE, OTHER = UUID(int=7), UUID(int=8)


def _when(**given: Any) -> Conditions:
    return Conditions.model_validate(given)


@DOCUMENT.each_row("hours")
def test_hours_and_weekdays(row: dict[str, str]) -> None:
    hours = [dict(zip(("from", "to"), span.split("-"), strict=True)) for span in row["hours"].split(", ") if span]
    weekdays = [day for day in row["weekdays"].split(", ") if day]
    conditions = _when(**{name: value for name, value in {"hours": hours, "weekdays": weekdays}.items() if value})
    at = instant(row["purchase at"])
    assert at is not None
    [accrual] = earn([rule(PerVisit(1), conditions=conditions)], bought(100, at), zone=row["time zone"]).accruals
    assert codes(accrual) == ["per_visit" if row["holds"] == "yes" else "other_hours"]


@pytest.mark.parametrize(
    ("conditions", "occasion", "member", "code"),
    [
        ({"locations": [PLACE]}, {"location_id": PLACE}, {}, None),
        ({"locations": [PLACE]}, {"location_id": OTHER}, {}, "other_location"),
        ({"locations": [PLACE]}, {}, {}, "other_location"),
        ({"channels": ["online"]}, {"channel": "online"}, {}, None),
        ({"channels": ["online"]}, {"channel": "till"}, {}, "other_channel"),
        ({"tiers": [PLACE]}, {}, {"tier_ids": frozenset({PLACE, OTHER})}, None),
        ({"tiers": [PLACE]}, {}, {"tier_ids": frozenset({OTHER})}, "other_tier"),
        ({"segments": ["vip"]}, {}, {"segments": frozenset({"vip"})}, None),
        ({"segments": ["vip"]}, {}, {"segments": frozenset({"VIP"})}, "other_segment"),
        ({"first_purchase": True}, {}, {"is_first_purchase": True}, None),
        ({"first_purchase": True}, {}, {}, "not_first_purchase"),
        ({"starts_at": NOON}, {}, {}, None),
        ({"starts_at": NOON + timedelta(seconds=1)}, {}, {}, "outside_dates"),
        ({"ends_at": NOON}, {}, {}, "outside_dates"),
        ({"ends_at": NOON + timedelta(seconds=1)}, {}, {}, None),
    ],
)
def test_each_condition(
    conditions: dict[str, Any], occasion: dict[str, Any], member: dict[str, Any], code: str | None
) -> None:
    conditioned = rule(PerVisit(1), conditions=_when(**conditions))
    [accrual] = earn([conditioned], bought(100, **occasion), **member).accruals
    assert codes(accrual) == [code or "per_visit"]


@pytest.mark.parametrize(
    ("condition", "value", "met"),
    [
        ({}, "anything", True),
        ({"equals": 5}, 5, True),
        ({"equals": 5}, "5", False),
        ({"equals": 1}, True, False),
        ({"equals": True}, True, True),
        ({"one_of": ["a", "b"]}, "b", True),
        ({"one_of": ["a", "b"]}, "c", False),
        ({"at_least": 4}, 4, True),
        ({"at_least": 4}, 3.9, False),
        ({"at_least": 4, "at_most": 5}, 5, True),
        ({"at_most": 5}, 6, False),
        ({"at_least": 0}, True, False),
        ({"at_least": 0}, "9", False),
    ],
)
def test_attributes_of_events(condition: dict[str, Any], value: object, met: bool) -> None:  # noqa: FBT001  pytest passes by name
    asked = rule(PerEvent("review", 5), conditions=_when(attributes=[{"name": "stars", **condition}]))
    occasion = Occasion("event", NOON, event="review", attributes={"stars": value})
    [accrual] = earn([asked], occasion).accruals
    assert codes(accrual) == ["per_event" if met else "other_attributes"]
    assert not AttributeCondition.model_validate({"name": "other", **condition}).is_met({"stars": value})


def _lines(text: str) -> tuple[Line, ...]:
    lines = []
    for part in text.split(", "):
        kind, amounts = part.split()
        amount, _, tax = amounts.partition("/")
        lines.append(Line(kind, 1, minor(amount), minor(tax) if tax else None))  # type: ignore[arg-type]  # the table has the kinds
    return tuple(lines)


def _base(text: str) -> AccrualBase:
    changes = {word.removeprefix("-"): not word.startswith("-") for word in text.split(", ") if word}
    assert changes.keys() <= AccrualBase.model_fields.keys()
    return AccrualBase().model_copy(update=changes)


@DOCUMENT.each_row("accrual_base")
def test_the_accrual_base(row: dict[str, str]) -> None:
    lines = _lines(row["lines"]) if row["lines"] else ()
    assert not lines or sum(line.total_minor for line in lines) == minor(row["amount"])
    occasion = bought(
        minor(row["amount"]),
        lines=lines,
        tax_minor=minor(row["tax"]) if row["tax"] else None,
        points_minor=minor(row["with points"] or "0"),
        gift_card_minor=minor(row["with gift card"] or "0"),
    )
    assert counted(occasion, _base(row["counts"])).amount_minor == minor(row["earned for"])


def test_excluded_goods_earn_nothing() -> None:
    lines = (
        Line("item", 1, 1000, None, "tobacco", "shelf"),
        Line("item", 1, 300, None, "a", "food"),
        Line("item", 1, 50),
    )
    occasion = bought(1350, lines=lines)
    without_sku = rule(PerAmount(1, 1), base=AccrualBase(excluded_skus=("tobacco",)))
    without_category = rule(PerAmount(1, 1), 3, base=AccrualBase(excluded_categories=("food", "shelf")))
    amounts = [accrual.amount for accrual in earn([without_sku, without_category], occasion).accruals]
    assert amounts == [350, 50]


def test_the_minimum_compares_what_counts() -> None:
    lines = (Line("item", 1, 2900), Line("shipping", 1, 600))
    asked = rule(PerAmount(100, 1), minimum_amount_minor=3000)
    [accrual] = earn([asked], bought(3500, lines=lines)).accruals
    assert codes(accrual) == ["below_minimum"]
    [accrual] = earn([asked], bought(3500)).accruals
    assert accrual.amount == 35


_kinds = st.sampled_from(["item", "discount", "shipping", "tip", "gift_card", "reward", "fee"])


@st.composite
def _baskets(draw: st.DrawFn) -> Occasion:
    lines = [Line("item", 1, 50_000, draw(st.none() | st.integers(0, 50_000)))]
    for kind in draw(st.lists(_kinds, max_size=6)):
        sign = -1 if kind == "discount" or (kind == "reward" and draw(st.booleans())) else 1
        lines.append(Line(kind, 1, sign * draw(st.integers(0, 5_000))))  # type: ignore[arg-type]  # only kinds are drawn
    amount = sum(line.total_minor for line in lines)
    points = draw(st.integers(0, amount))
    return bought(
        amount,
        lines=tuple(lines),
        tax_minor=draw(st.none() | st.integers(0, amount)),
        points_minor=points,
        gift_card_minor=draw(st.integers(0, amount - points)),
    )


_flags = st.fixed_dictionaries(
    {name: st.booleans() for name, field in AccrualBase.model_fields.items() if field.annotation is bool}
)


@given(_baskets(), _flags, st.sampled_from(sorted(AccrualBase.model_fields)))
def test_counting_more_never_counts_less(occasion: Occasion, flags: dict[str, bool], more: str) -> None:
    narrow = AccrualBase().model_copy(update=flags)
    amount = counted(occasion, narrow).amount_minor
    assert amount is not None
    assert amount >= 0
    if more in flags and more != "rewards":  # a reward that takes off is taken off either way, one that adds adds
        wide = narrow.model_copy(update={more: True})
        assert (counted(occasion, wide).amount_minor or 0) >= (
            counted(occasion, narrow.model_copy(update={more: False})).amount_minor or 0
        )

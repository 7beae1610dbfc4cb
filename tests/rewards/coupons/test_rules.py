"""The rules of coupons: the tables of docs/algorithms/coupons.md, and what holds for every basket."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import LANGUAGES
from passerelle.rewards.coupons import errors, rules
from passerelle.rewards.coupons.codes import CodePattern
from passerelle.rewards.coupons.terms import Hours, Terms
from passerelle.rewards.coupons.values import (
    Basket,
    BasketLine,
    Campaign,
    Count,
    CountKey,
    Coupon,
    Gain,
    Redemption,
    Situation,
)
from tests.rewards.coupons.conftest import DOCUMENT, FIVE_OFF

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOLDER, STRANGER, PLACE = UUID(int=7), UUID(int=8), UUID(int=9)


def _campaign(terms: dict[str, Any] | None = None, **fields: Any) -> Campaign:
    campaign = Campaign(
        id=UUID(int=1),
        name="Five off",
        names={},
        state="active",
        program_id=None,
        currency="EUR",
        time_zone="Europe/Paris",
        starts_at=None,
        ends_at=None,
        ended_at=None,
        pattern=CodePattern(),
        terms=Terms.model_validate({"effect": FIVE_OFF} | (terms or {})),
        created_at=NOW,
    )
    return replace(campaign, **fields)


def _coupon(**fields: Any) -> Coupon:
    return replace(Coupon(UUID(int=2), UUID(int=1), "K7WM", None, "active", 0, None, None, NOW), **fields)


def _minor(text: str) -> int:
    return int(Decimal(text) * 100)


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _outcome(campaign: Campaign, basket: Basket | None, **fields: Any) -> Gain | str:
    coupon = fields.pop("coupon", _coupon())
    situation = Situation(fields.pop("at", NOW), **fields.pop("situation", {}))
    try:
        return rules.judge(campaign, coupon, situation, basket=basket, counts=fields.pop("counts", {}), **fields)
    except Refusal as refusal:
        return refusal.code


@DOCUMENT.each_row("window")
def test_window(row: dict[str, str]) -> None:
    """Complaint 10: a code is refused from the very instant at which its time is over."""
    at = _instant(row["shown at"])
    starts, ends = _instant(row["starts"]), _instant(row["ends"])
    for campaign, coupon in (
        (_campaign(starts_at=starts, ends_at=ends), _coupon()),
        (_campaign(), _coupon(starts_at=starts, expires_at=ends)),
        (_campaign(starts_at=starts), _coupon(expires_at=ends)),
    ):
        outcome = _outcome(campaign, Basket(1_200), coupon=coupon, at=at)
        assert outcome == (Gain(500) if row["taken"] == "yes" else row["taken"])


@DOCUMENT.each_row("days")
def test_days_after_issue(row: dict[str, str]) -> None:
    issued = _instant(row["issued"])
    assert issued is not None
    ends = int(row["ends after"]) if row["ends after"] else None
    found = rules.days_after_issue(issued, int(row["starts after"]), ends, row["zone"])
    assert tuple(one.astimezone(UTC) if one else None for one in found) == (
        _utc(row["from"]),
        _utc(row["to"]),
    )


def _utc(text: str) -> datetime | None:
    found = _instant(text)
    return found.astimezone(UTC) if found else None


@DOCUMENT.each_row("unreachable_limits")
def test_limits_that_could_never_be_reached(row: dict[str, str]) -> None:
    words = [limit.split() for limit in row["limits"].split("; ")]
    limits = [{"of": of, "period": period, measure: int(most)} for of, period, most, measure in words]
    found = Terms.model_validate({"effect": FIVE_OFF, "limits": limits})
    assert (rules.unreachable(found.limits) is not None) == (row["refused"] == "yes")


@DOCUMENT.each_row("overlapping_hours")
def test_overlapping_hours(row: dict[str, str]) -> None:
    hours = []
    for entry in row["hours"].split("; "):
        days, _, span = entry.partition(" ")
        opens, closes = span.split("\N{EN DASH}")
        hours.append(Hours(days=tuple(map(int, days.split(","))), opens=opens, closes=closes))
    for order in permutations(hours):
        assert (rules.overlapping(order) is not None) == (row["overlap"] == "yes")


@DOCUMENT.each_row("hours")
def test_hours(row: dict[str, str]) -> None:
    days = tuple(int(day) for day in row["days"].split(","))
    hours = (Hours(days=days, opens=row["opens"], closes=row["closes"]),)
    at = _instant(row["shown at"])
    assert at is not None
    assert rules.is_open(hours, at, row["zone"]) == (row["taken"] == "yes")
    if row["next"]:
        assert rules.next_opening(hours, at, row["zone"]).astimezone(UTC) == _instant(row["next"])


@DOCUMENT.each_row("periods")
def test_periods(row: dict[str, str]) -> None:
    at = _instant(row["instant"])
    assert at is not None
    for period in ("day", "week", "month"):
        found = rules.period_start(period, at, row["zone"])
        assert found.isoformat() == row[period]


@DOCUMENT.each_row("limits")
def test_limits(row: dict[str, str]) -> None:
    limit = {
        "of": row["of"],
        "period": "day",
        "uses": int(row["uses"]) if row["uses"] else None,
        "discount_minor": _minor(row["discount"]) if row["discount"] else None,
    }
    campaign = _campaign({"limits": [limit]})
    [key] = rules.keys_of(campaign.terms.limits, NOW, campaign.time_zone)
    counts = {key: Count(int(row["uses before"]), _minor(row["discount before"]))}
    outcome = _outcome(campaign, Basket(1_200), counts=counts, situation={"customer_id": HOLDER})
    assert outcome == (row["refusal"] or Gain(_minor(row["this discount"])))


def _effect(text: str) -> dict[str, Any]:
    amount, unit, *rest = text.split()
    if unit == "off":
        return {"type": "amount_off", "amount_minor": _minor(amount)}
    if unit == "%":
        most = _minor(rest[-1]) if rest else None
        return {"type": "percent_off", "basis_points": int(Decimal(amount) * 100), "max_discount_minor": most}
    names = {"skus": [rest[0]], "categories": [rest[0]]}
    return {"type": "free_item", "quantity": int(amount)} | names


def _basket(text: str) -> Basket:
    if "\N{MULTIPLICATION SIGN}" not in text:
        return Basket(_minor(text))
    lines = []
    for entry in text.split("; "):
        quantity, _, price, names = entry.split()
        sku, category = names.split("/")
        lines.append(BasketLine(_minor(price), int(quantity), sku, category))
    return Basket(sum(line.amount_minor for line in lines), tuple(lines))


@DOCUMENT.each_row("discounts")
def test_discounts(row: dict[str, str]) -> None:
    only = [row["only for"]] if row["only for"] else []
    conditions = {
        "skus": only,
        "categories": only,
        "minimum_basket_minor": _minor(row["minimum"] or "0"),
    }
    outcome = _outcome(
        _campaign({"effect": _effect(row["effect"]), "conditions": conditions}), _basket(row["basket"])
    )
    by_line = tuple(_minor(part) for part in row["by line"].split(", ")) if row["by line"] else ()
    is_refused = "_" in row["discount"]
    assert outcome == (row["discount"] if is_refused else Gain(_minor(row["discount"]), by_line))


def test_the_first_refusal_wins() -> None:
    """Everything is wrong at once; mending one thing after the other meets the refusals in the document's order."""
    terms = {
        "effect": {"type": "percent_off", "basis_points": 1_000},
        "holder_only": True,
        "conditions": {
            "minimum_basket_minor": 1_000,
            "categories": ["coffee"],
            "location_ids": [PLACE],
            "channels": ["till"],
            "hours": [{"days": [1], "opens": "08:00", "closes": "09:00"}],
        },
        "limits": [{"of": "customer", "uses": 1}, {"of": "campaign", "uses": 1}],
    }
    monday = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    keys = [CountKey("customer", "ever", rules.EVER), CountKey("campaign", "ever", rules.EVER)]
    tea, coffee = BasketLine(2_000, 1, "tea", "tea"), BasketLine(500, 1, "latte", "coffee")
    state: dict[str, Any] = {
        "campaign": {"state": "ended", "ended_at": NOW, "starts_at": NOW, "ends_at": NOW},
        "coupon": {"state": "voided", "uses": 1, "customer_id": HOLDER},
        "situation": {"at": NOW - timedelta(days=1)},
        "basket": None,
        "counts": dict.fromkeys(keys, Count(1)),
        "others": [_redemption()],
    }
    mendings: list[tuple[str, dict[str, Any]]] = [
        ("coupon", {"state": "active"}),
        ("coupon", {"uses": 0}),
        ("campaign", {"state": "paused", "ended_at": None}),
        ("campaign", {"state": "active"}),
        ("situation", {"at": NOW}),
        ("campaign", {"ends_at": None}),
        ("situation", {"customer_id": STRANGER}),
        ("situation", {"customer_id": HOLDER}),
        ("situation", {"location_id": PLACE}),
        ("situation", {"channel": "till"}),
        ("situation", {"at": monday}),
        ("others", {}),
        ("basket", {"lines": (coffee,)}),
        ("basket", {"lines": (tea,)}),
        ("basket", {"lines": (tea, coffee)}),
        ("counts", {"left": keys[1:]}),
    ]
    met = []
    for what, change in [("", {}), *mendings]:
        if what == "others":
            state["others"] = []
        elif what == "basket":
            lines = change["lines"]
            state["basket"] = Basket(sum(line.amount_minor for line in lines), lines)
        elif what == "counts":
            state["counts"] = {key: Count(1) for key in change["left"]}
        elif what:
            state[what] |= change
        met.append(
            _outcome(
                _campaign(terms, **state["campaign"]),
                state["basket"],
                coupon=_coupon(**state["coupon"]),
                at=state["situation"]["at"],
                situation={name: value for name, value in state["situation"].items() if name != "at"},
                counts=state["counts"],
                others=state["others"],
            )
        )
    assert met == [row["refusal"].strip("`") for row in DOCUMENT.table("order")]


def _redemption(**fields: Any) -> Redemption:
    base: dict[str, Any] = dict.fromkeys(Redemption.__dataclass_fields__)
    return Redemption(**base | {"stacking": "exclusive", "coupon_id": UUID(int=99)} | fields)


def test_stacking() -> None:
    alone, together = _campaign(), _campaign({"stacking": "combinable"})
    basket = Basket(1_200)
    assert _outcome(alone, basket, others=[_redemption(stacking="combinable")]) == "coupon_not_combinable"
    assert _outcome(together, basket, others=[_redemption()]) == "coupon_not_combinable"
    assert _outcome(together, basket, others=[_redemption(stacking="combinable")]) == Gain(500)
    same = _redemption(stacking="combinable", coupon_id=_coupon().id)
    assert _outcome(together, basket, others=[same]) == "coupon_not_combinable"


def test_units_need_no_basket_but_somebody() -> None:
    units = _campaign({"effect": {"type": "grant_units", "amount": 50}})
    assert _outcome(units, None) == "coupon_customer_needed"
    assert _outcome(units, None, situation={"customer_id": HOLDER}) == Gain(units=50)
    picky = _campaign({"effect": {"type": "grant_units", "amount": 50}, "conditions": {"minimum_basket_minor": 1}})
    assert _outcome(picky, None, situation={"customer_id": HOLDER}) == "coupon_basket_needed"
    assert _outcome(picky, Basket(1), situation={"customer_id": HOLDER}) == Gain(units=50)


def test_states() -> None:
    assert rules.may_become("draft", "active")
    assert not rules.may_become("ended", "active")
    assert not rules.may_become("active", "draft")
    late = NOW + timedelta(days=1)
    assert rules.state_of(_campaign(ends_at=late), _coupon(), NOW) == "active"
    assert rules.state_of(_campaign(ends_at=late), _coupon(), late) == "expired"
    assert rules.state_of(_campaign(), _coupon(uses=1), NOW) == "used"
    assert rules.state_of(_campaign(ends_at=NOW), _coupon(state="voided"), NOW) == "voided"
    extended = _coupon(state="expired")
    assert _outcome(_campaign(ends_at=late), Basket(1_200), coupon=extended) == Gain(500), "the window decides"


_lines = st.lists(
    st.builds(
        BasketLine,
        st.integers(-2_000, 20_000),
        st.integers(1, 20),
        st.none() | st.sampled_from("abc"),
        st.none() | st.sampled_from("xyz"),
    ),
    max_size=8,
).map(tuple)
_effects = st.one_of(
    st.builds(lambda amount: {"type": "amount_off", "amount_minor": amount}, st.integers(1, 100_000)),
    st.builds(
        lambda points, most: {"type": "percent_off", "basis_points": points, "max_discount_minor": most},
        st.integers(1, 10_000),
        st.none() | st.integers(1, 10_000),
    ),
    st.builds(
        lambda quantity, sku: {"type": "free_item", "quantity": quantity, "skus": [sku]},
        st.integers(1, 30),
        st.sampled_from("abc"),
    ),
)


@given(_lines, _effects, st.lists(st.sampled_from("abc"), max_size=2), st.data())
def test_a_discount_stays_within_the_basket_and_its_limits(
    lines: tuple[BasketLine, ...], effect: dict[str, Any], skus: list[str], data: st.DataObject
) -> None:
    total = sum(line.amount_minor for line in lines) if lines else data.draw(st.integers(0, 100_000))
    if total < 0:
        return
    taken = tuple(data.draw(st.integers(0, max(0, line.amount_minor))) for line in lines)
    if sum(taken) > total:
        taken = ()
    budget = data.draw(st.integers(1, 50_000))
    spent = data.draw(st.integers(0, budget))
    terms = {
        "effect": effect,
        "conditions": {"skus": skus},
        "limits": [{"of": "campaign", "discount_minor": budget}],
    }
    counts = {CountKey("campaign", "ever", rules.EVER): Count(1, spent)}
    basket = Basket(total, lines, taken)
    outcome = _outcome(_campaign(terms), basket, counts=counts)
    if isinstance(outcome, str):
        assert outcome in {"coupon_item_missing", "coupon_basket_needed", "coupon_campaign_exhausted"}
        return
    assert 0 < outcome.discount_minor <= total - sum(taken)
    assert spent + outcome.discount_minor <= budget
    if lines:
        assert sum(outcome.spread) == outcome.discount_minor
        gone = taken or (0,) * len(lines)
        for part, line, before in zip(outcome.spread, lines, gone, strict=True):
            assert 0 <= part <= max(0, line.amount_minor - before)
            assert part == 0 or effect["type"] == "free_item" or not skus or line.sku in skus
    if effect["type"] == "amount_off":
        assert outcome.discount_minor <= effect["amount_minor"]
    if effect["type"] == "percent_off":
        assert outcome.discount_minor <= (effect["max_discount_minor"] or total * 2)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.data())
def test_a_spread_sums_exactly_and_is_fair(shares: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(shares)))
    parts = rules.spread(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert part <= share
        assert abs(part * sum(shares) - total * share) < max(1, sum(shares)), "within one unit of its exact share"


@pytest.mark.parametrize(
    "wrong",
    [
        {"effect": {"type": "amount_off", "amount_minor": 0}},
        {"effect": {"type": "amount_off", "amount_minor": -500}},
        {"effect": {"type": "percent_off", "basis_points": 10_001}},
        {"effect": {"type": "free_item"}},
        {"effect": {"type": "gift"}},
        {"limits": [{"of": "customer"}]},
        {"limits": [{"of": "customer", "uses": 1}, {"of": "customer", "uses": 2}]},
        {"conditions": {"hours": [{"opens": "24:00", "closes": "25:00"}]}},
        {"conditions": {"hours": [{"days": [1, 1], "opens": "08:00", "closes": "09:00"}]}},
        {"starts_days_after_issue": 2, "ends_days_after_issue": 1},
        {"uses_per_code": 0},
    ],
)
def test_terms_that_contradict_themselves(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Terms.model_validate({"effect": FIVE_OFF} | wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_its_sentence(language: str) -> None:
    names = ("limit", "coupon", "on", "program", "missing", "minimum", "channels", "state", "wanted", "bits")
    params = dict.fromkeys((*names, "needed", "length", "position", "one", "other", "count", "items"), "7")
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and kind.__module__ == errors.__name__]
    assert len(kinds) > 25
    for kind in kinds:
        sentence = kind(**params, seconds=3).sentence(language)
        assert sentence
        assert "{" not in sentence

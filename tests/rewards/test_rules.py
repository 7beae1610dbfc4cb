"""For whom, when, how often and for how much: the tables, and what holds for every number."""

from contextlib import nullcontext
from datetime import UTC, date, datetime
from typing import get_args
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from passerelle.purchases.schemas import PurchaseLine
from passerelle.rewards import rules
from passerelle.rewards.benefits import benefit_of, discount_of
from passerelle.rewards.payments.schemas import SpendingTermsIn
from passerelle.rewards.rules import PERIODS, Bounds, Fulfilment, affordable, readiness
from tests.rewards.tables import DOCUMENT, instant, number, words


def _tier(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@DOCUMENT.each_row("caps")
def test_caps_that_could_never_be_reached(row: dict[str, str]) -> None:
    told: dict[str, object] = {"caps": {period: int(most) for period, most in map(str.split, words(row["caps"]))}}
    if row["least of a payment"]:
        least = [word.rpartition(" ") for word in words(row["least of a payment"])]
        how = {name or "minimum": int(amount) for name, _, amount in least}
        told["payment"] = {"value": {"units": 1, "amount_minor": 1}} | how
    with nullcontext() if row["saved"] == "yes" else pytest.raises(ValidationError):
        SpendingTermsIn.model_validate(told)


@DOCUMENT.each_row("discounts")
def test_discounts(row: dict[str, str]) -> None:
    kind, _, what = row["benefit"].partition(" ")
    told: dict[str, object] = {"type": kind}
    if kind == "amount_off":
        told["amount_minor"] = int(what)
    elif kind == "percent_off":
        told["percent"] = int(what)
    elif kind == "free_item" and what != "any":
        told["skus"] = [what]
    if row["maximum"]:
        told["maximum_minor"] = int(row["maximum"])
    basket = None if row["basket"] == "unknown" else int(row["basket"])
    lines = [
        PurchaseLine(name=sku, sku=sku, unit_amount_minor=int(price))
        for sku, _, price in (line.partition(" ") for line in words(row["lines"]))
    ]
    expected = None if row["discount"] == "unknown" else int(row["discount"])
    assert discount_of(benefit_of(told), basket, lines) == expected


@given(st.integers(1, 10**9), st.integers(1, 100), st.none() | st.integers(1, 10**9))
def test_a_discount_never_exceeds_the_basket(basket: int, percent: int, maximum: int | None) -> None:
    benefits = (
        {"type": "percent_off", "percent": percent, "maximum_minor": maximum},
        {"type": "amount_off", "amount_minor": percent * 1000},
        {"type": "free_item", "maximum_minor": maximum},
    )
    lines = [PurchaseLine(name="all", unit_amount_minor=basket)]
    for benefit in benefits:
        discount = discount_of(benefit_of(benefit), basket, lines)
        assert discount is not None
        assert 0 <= discount <= basket


@DOCUMENT.each_row("beside")
def test_tiers_beside_rewards_that_are_issued_by_themselves(row: dict[str, str]) -> None:
    assert (rules.tier_beside(int(row["price"]), int(row["threshold"])) or "") == row["warning"]


@DOCUMENT.each_row("tier_prices")
def test_tier_prices(row: dict[str, str]) -> None:
    held = [_tier(name) for name in words(row["tiers held"])]
    prices = {
        _tier(name): int(price) for name, _, price in (each.partition(" ") for each in words(row["tier prices"]))
    }
    assert rules.is_for([_tier(name) for name in words(row["open to"])], held) == (row["pays"] != "refused")
    if row["pays"] != "refused":
        assert rules.price_for(int(row["price"]), prices, held) == int(row["pays"])


@DOCUMENT.each_row("days")
def test_days(row: dict[str, str]) -> None:
    days = _day(row["first day"]), _day(row["last day"])
    closed = rules.closed_by_date(*days, instant(row["at"]), row["time zone"])
    assert (closed or "yes") == row["open"]


@DOCUMENT.each_row("lapses")
def test_lapses(row: dict[str, str]) -> None:
    found = rules.lapses_at(instant(row["issued"]), int(row["days"]), row["time zone"])
    assert found == instant(row["lapses"])


@DOCUMENT.each_row("periods")
def test_periods(row: dict[str, str]) -> None:
    for period in PERIODS:
        assert rules.period_start(period, instant(row["at"]), row["time zone"]) == instant(row[period])


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001  hypothesis adds the zone
    st.sampled_from(["UTC", "Africa/Casablanca", "Africa/Cairo", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia"]),
)
def test_an_instant_lies_in_its_periods(naive: datetime, zone: str) -> None:
    at = naive.replace(tzinfo=UTC)
    for period in PERIODS:
        start, end = rules.period_start(period, at, zone), rules.period_end(period, at, zone)
        assert start <= at < end
    starts = [rules.period_start(period, at, zone) for period in PERIODS]
    assert all(start <= at for start in starts)
    assert starts[0] >= max(starts[1:])
    assert rules.end_of_day(at.astimezone(ZoneInfo(zone)).date(), zone) > at


@DOCUMENT.each_row("readiness")
def test_readiness(row: dict[str, str]) -> None:
    bounds = Bounds(*(number(row[name]) for name in ("stock", "turns", "spendable")))
    state = readiness(int(row["active"]), int(row["price"]), bounds)
    assert (state.ready_count, state.missing) == (int(row["ready"]), int(row["missing"]))
    assert (state.held_back or "") == row["held back"]


@given(
    st.integers(-100, 10_000),
    st.integers(1, 100),
    st.none() | st.integers(0, 10),
    st.none() | st.integers(-2, 10),
    st.none() | st.integers(-50, 500),
)
def test_what_is_ready_can_be_taken_so_often(
    active: int, price: int, stock: int | None, turns: int | None, spendable: int | None
) -> None:
    state = readiness(active, price, Bounds(stock, turns, spendable))
    assert 0 <= state.ready_count <= affordable(active, price)
    for limit in (stock, turns):
        assert limit is None or state.ready_count <= max(0, limit)
    assert spendable is None or state.ready_count * price <= max(0, spendable)
    if state.held_back is None:
        assert (state.ready_count > 0) == (state.missing == 0)


def test_a_closed_reward_is_not_ready() -> None:
    assert readiness(50, 10, Bounds(stock=0), "ended").held_back == "ended"


def test_fulfilment_follows_its_table() -> None:
    known = {row["from"]: set(words(row["may become"])) for row in DOCUMENT.table("fulfilment")}
    assert known.keys() == set(get_args(Fulfilment))
    for state in get_args(Fulfilment):
        allowed = {wanted for wanted in get_args(Fulfilment) if rules.may_follow(state, wanted)}
        assert allowed == known[state] | {state}


@pytest.mark.parametrize("typed", ["0a1b-23cd", "OA1B 23CD", " oalb23cd ", "0a1b23cd"])
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert rules.plain_code(typed) == "0a1b23cd"

"""Buy so many, get so many: the table of docs/algorithms/coupons.md, and every way to give, tried one by one."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from passerelle.rewards.coupons.errors import MoreItemsNeeded
from passerelle.rewards.coupons.pieces import given_minor
from passerelle.rewards.coupons.rules import gain_of
from passerelle.rewards.coupons.terms import BuyGet, Terms
from passerelle.rewards.coupons.values import Basket, BasketLine, Gain
from tests.rewards.coupons.conftest import DOCUMENT
from tests.rewards.coupons.test_rules import _basket, _campaign, _minor, _outcome

_NAMES: Final = ("coffee", "cake", "tea")
_items = st.builds(
    lambda categories, quantity: {"categories": categories, "quantity": quantity},
    st.lists(st.sampled_from(_NAMES), min_size=1, max_size=2, unique=True),
    st.integers(1, 3),
)
_effects = st.builds(
    lambda buy, get, same, share, times: BuyGet.model_validate(
        {"type": "buy_get", "buy": buy, "get": {**get, "categories": [] if same else get["categories"]}}
        | {"basis_points": share, "times": times}
    ),
    *(_items, _items, st.booleans(), st.integers(1, 10_000), st.integers(1, 3)),
)
# So few pieces that every choice of them can be tried.
_lines = st.lists(
    st.builds(
        lambda price, quantity, category: BasketLine(price, quantity, None, category),
        *(st.integers(-200, 900), st.integers(1, 3), st.sampled_from((*_NAMES, None))),
    ),
    max_size=4,
).map(tuple)


def _effect(text: str) -> dict[str, Any]:
    """“2 coffee + 1 cake, 50 %, 3 times”."""
    items, share, times = text.split(", ")
    buy, get = (
        {"quantity": int(quantity), "skus": [name], "categories": [name]}
        for quantity, name in (one.split() for one in items.split(" + "))
    )
    basis_points = int(share.removesuffix(" %")) * 100
    return {"type": "buy_get", "buy": buy, "get": get, "basis_points": basis_points, "times": int(times.split()[0])}


@DOCUMENT.each_row("buy_get")
def test_buy_get(row: dict[str, str]) -> None:
    effect, basket = _effect(row["effect"]), _basket(row["basket"])
    if row["discount"].endswith("missing"):
        with pytest.raises(MoreItemsNeeded) as refused:
            gain_of(_campaign({"effect": effect}), basket)
        count, _, name, _ = row["discount"].split()
        # Names of the document stand for a SKU and a category alike.
        assert refused.value.params == {"count": int(count), "items": f"{name}, {name}"}
        return
    outcome = _outcome(_campaign({"effect": effect}), basket)
    by_line = tuple(_minor(part) for part in row["by line"].split(", ")) if row["by line"] else ()
    is_refused = "_" in row["discount"]
    assert outcome == (row["discount"] if is_refused else Gain(_minor(row["discount"]), by_line))


def _by_trying(effect: BuyGet, lines: Sequence[BasketLine]) -> int:
    """What the cheapest pieces cost of the most that can be given; 0 when there are none."""
    pieces = [line for line in lines if line.unit_amount_minor > 0 for _ in range(line.quantity)]
    buyable = [effect.buy.matches(piece.sku, piece.category) for piece in pieces]
    givable = [number for number, piece in enumerate(pieces) if effect.given.matches(piece.sku, piece.category)]
    get = effect.given.quantity
    for count in range(min(len(givable), get * effect.times), 0, -1):
        repeats = (count + get - 1) // get
        costs = [
            sum(pieces[number].unit_amount_minor for number in chosen)
            for chosen in combinations(givable, count)
            if sum(buyable) - sum(buyable[number] for number in chosen) >= repeats * effect.buy.quantity
        ]
        if costs:
            return min(costs)
    return 0


def _cost(effect: BuyGet, lines: Sequence[BasketLine]) -> int:
    try:
        return sum(given_minor(effect, lines, [max(0, line.amount_minor) for line in lines]))
    except MoreItemsNeeded:
        return 0


@given(_effects, _lines)
def test_the_cheapest_pieces_of_the_most_that_can_be_given(effect: BuyGet, lines: tuple[BasketLine, ...]) -> None:
    assert _cost(effect, lines) == _by_trying(effect, lines)


@given(_effects, _lines, st.data())
def test_a_discount_stays_within_what_is_left(
    effect: BuyGet, lines: tuple[BasketLine, ...], data: st.DataObject
) -> None:
    total = sum(line.amount_minor for line in lines)
    taken = tuple(data.draw(st.integers(0, max(0, line.amount_minor))) for line in lines)
    if total < sum(taken):
        return
    outcome = _outcome(_campaign({"effect": effect.model_dump()}), Basket(total, lines, taken))
    if isinstance(outcome, str):
        assert outcome in {"coupon_item_missing", "coupon_basket_needed", "coupon_more_items_needed"}
        return
    assert 0 < outcome.discount_minor <= total - sum(taken)
    assert sum(outcome.spread) == outcome.discount_minor
    for part, line, gone in zip(outcome.spread, lines, taken, strict=True):
        assert 0 <= part <= max(0, line.amount_minor - gone)
        assert part == 0 or effect.given.matches(line.sku, line.category)


@given(_effects, _lines, st.data())
def test_dearer_pieces_a_greater_share_and_more_repeats_never_give_less(
    effect: BuyGet, lines: tuple[BasketLine, ...], data: st.DataObject
) -> None:
    before = _cost(effect, lines)
    dearer = tuple(
        BasketLine(line.unit_amount_minor + more, line.quantity, line.sku, line.category)
        if line.unit_amount_minor > 0
        else line
        for line in lines
        for more in [data.draw(st.integers(0, 500))]
    )
    assert _cost(effect, dearer) >= before
    assert _cost(effect.model_copy(update={"times": effect.times + 1}), lines) >= before
    if before and sum(line.amount_minor for line in lines) >= before:
        less = max(1, effect.basis_points // 2)
        gains = [
            _outcome(
                _campaign({"effect": effect.model_copy(update={"basis_points": share}).model_dump()}),
                Basket(sum(line.amount_minor for line in lines), lines),
            )
            for share in (less, effect.basis_points)
        ]
        off = [gain.discount_minor if isinstance(gain, Gain) else 0 for gain in gains]
        assert off[0] <= off[1] == before * effect.basis_points // 10_000


@given(_effects, _lines)
def test_what_is_missing_is_enough(effect: BuyGet, lines: tuple[BasketLine, ...]) -> None:
    """Adding what the refusal asks for, as often as it asks, leads to a discount."""
    for _ in range(3):
        try:
            given_minor(effect, lines, [max(0, line.amount_minor) for line in lines])
        except MoreItemsNeeded as refused:
            lines = (*lines, BasketLine(100, refused.params["count"], None, refused.params["items"].split(", ")[0]))
        else:
            return
    raise AssertionError(f"still refused: {lines}")


def test_what_must_be_bought_is_named() -> None:
    with pytest.raises(ValidationError):
        Terms.model_validate({"effect": {"type": "buy_get", "buy": {"quantity": 2}, "get": {"skus": ["cake"]}}})

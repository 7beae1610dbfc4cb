"""Which pieces of a basket a “buy so many, get so many” gives; in prose in docs/algorithms/coupons.md. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from passerelle.rewards.coupons.errors import MoreItemsNeeded
from passerelle.rewards.coupons.terms import BuyGet, Items
from passerelle.rewards.coupons.values import BasketLine


@dataclass(frozen=True, slots=True)
class _Pile:
    """Pieces of one line that something is left to pay of, and whether they may be bought, given, or both."""

    line: int
    price_minor: int
    pieces: int
    bought: bool
    given: bool


def given_minor(effect: BuyGet, lines: Sequence[BasketLine], left: Sequence[int]) -> list[int]:
    """What the pieces that are given cost, by line; ``left`` is what is left to pay of each line.

    As many are given as can be; of all ways to give so many, the one that takes the cheapest. Raises MoreItemsNeeded
    when there is none to give.
    """
    piles = _piles(effect, lines, left)
    bought, both, others = _counts(piles)
    buy, get = effect.buy.quantity, effect.given.quantity

    def is_too_many(count: int) -> bool:
        may_be_both = bought - -(-count // get) * buy
        return may_be_both < 0 or min(both, may_be_both) + others < count

    most = bisect_left(range(1, get * effect.times + 1), 1, key=is_too_many)
    if most == 0:
        raise _missing(effect, bought, both, others)
    may_be_both = bought - -(-most // get) * buy
    costs = [0] * len(lines)
    for pile in sorted(piles, key=lambda pile: (pile.price_minor, pile.line)):
        pieces = min(pile.pieces, most) if pile.given else 0
        if pile.bought:
            pieces = min(pieces, may_be_both)
            may_be_both -= pieces
        most -= pieces
        costs[pile.line] = min(pieces * pile.price_minor, left[pile.line])
    return costs


def _piles(effect: BuyGet, lines: Sequence[BasketLine], left: Sequence[int]) -> list[_Pile]:
    given = effect.given
    return [
        # What other coupons of the order took counts from the last piece on: one that is free already is not bought.
        _Pile(
            number,
            line.unit_amount_minor,
            -(-rest // line.unit_amount_minor),
            effect.buy.matches(line.sku, line.category),
            given.matches(line.sku, line.category),
        )
        for number, (line, rest) in enumerate(zip(lines, left, strict=True))
        if rest > 0
    ]


def _counts(piles: Sequence[_Pile]) -> tuple[int, int, int]:
    """How many pieces may be bought, how many of these may be given as well, and how many may only be given."""
    return (
        sum(pile.pieces for pile in piles if pile.bought),
        sum(pile.pieces for pile in piles if pile.bought and pile.given),
        sum(pile.pieces for pile in piles if pile.given and not pile.bought),
    )


def _missing(effect: BuyGet, bought: int, both: int, others: int) -> MoreItemsNeeded:
    """What to add first: what must be bought, then what is given."""
    is_same = effect.given.skus == effect.buy.skus and effect.given.categories == effect.buy.categories
    wanted = effect.buy.quantity + (not others and (is_same or both > 0))
    if bought < wanted:
        return MoreItemsNeeded(count=wanted - bought, items=_names(effect.buy))
    return MoreItemsNeeded(count=1, items=_names(effect.given))


def _names(items: Items) -> str:
    return ", ".join((*items.categories, *items.skus))

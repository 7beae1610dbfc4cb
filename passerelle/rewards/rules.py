"""Decisions of rewards: how often a reward is ready, what is missing, why it is held back."""

from dataclasses import dataclass
from typing import Literal

HeldBack = Literal["sold_out", "limit_reached"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """``ready_count`` times now; ``missing`` units when the balance does not pay for one; or why it is held back."""

    ready_count: int
    missing: int
    held_back: HeldBack | None = None


def affordable(active: int, price: int) -> int:
    """How often an active balance pays a price; stamps may exceed the card, so it can be more than once."""
    return max(0, active) // price


def readiness(
    active: int, price: int, *, stock: int | None = None, limit: int | None = None, taken: int = 0
) -> Readiness:
    """How ready a reward is: bounded by the balance, the stock left, and what one customer may still take."""
    count = affordable(active, price)
    missing = max(0, price - active)
    if stock is not None and stock <= 0:
        return Readiness(0, missing, "sold_out")
    if limit is not None and taken >= limit:
        return Readiness(0, missing, "limit_reached")
    if stock is not None:
        count = min(count, stock)
    if limit is not None:
        count = min(count, limit - taken)
    return Readiness(count, missing)

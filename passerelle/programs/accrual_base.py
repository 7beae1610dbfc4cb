"""What is earned for, and the part of it that counts: the accrual base of docs/algorithms/earning.md. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from passerelle.kit.wire import NO_NUL, Wire
from passerelle.purchases.schemas import Channel, LineKind

Text64 = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=NO_NUL)]


class AccrualBase(Wire):
    """Which parts of a purchase count; each field answers “does it count?”.

    Without further words: goods with their taxes, after discounts. Delivery, tips, fees, gift cards that are bought
    and rewards do not count, nor does what is paid with points.
    """

    model_config = ConfigDict(frozen=True)

    taxes: bool = True
    discounted_part: Annotated[bool, Field(description="true: the price before discounts counts.")] = False
    shipping: bool = False
    tips: bool = False
    fees: bool = False
    gift_cards: Annotated[bool, Field(description="Gift cards that are bought.")] = False
    rewards: bool = False
    paid_with_points: bool = False
    paid_with_gift_card: bool = True
    excluded_skus: Annotated[tuple[Text64, ...], Field(max_length=50)] = ()
    excluded_categories: Annotated[tuple[Text64, ...], Field(max_length=20)] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a basket, as far as earning looks at it; amounts are of the whole line."""

    kind: LineKind
    quantity: int
    total_minor: int
    tax_minor: int | None = None
    sku: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """What units are earned for: a purchase, a visit without an amount, or a custom event with its attributes."""

    kind: Literal["purchase", "visit", "event"]
    occurred_at: datetime
    amount_minor: int | None = None
    lines: tuple[Line, ...] = ()
    tax_minor: int | None = None
    points_minor: int = 0
    gift_card_minor: int = 0
    location_id: UUID | None = None
    channel: Channel | None = None
    event: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts of an occasion; ``amount_minor`` is None when there is no amount."""

    amount_minor: int | None
    items: tuple[Line, ...] = ()


def counted(occasion: Occasion, base: AccrualBase) -> Counted:
    """The part of a purchase that counts, never below zero.

    First the lines, then what was paid with points or a gift card is taken off, then the tax that is contained in
    what is left, rounded half up, once.
    """
    if occasion.amount_minor is None:
        return Counted(None)
    if occasion.lines:
        lines = [line for line in occasion.lines if _counts(line, base)]
        rewards = () if base.rewards else _taken_off(occasion.lines)
        gross = sum(line.total_minor for line in (*lines, *rewards))
    else:
        lines, rewards, gross = [], (), occasion.amount_minor
    paid = (0 if base.paid_with_points else occasion.points_minor) + (
        0 if base.paid_with_gift_card else occasion.gift_card_minor
    )
    left = max(0, gross - paid)
    if not base.taxes:
        left -= _tax_within(left, occasion, [*lines, *rewards], gross)
    items = tuple(line for line in lines if line.kind in {"item", "reward"} and line.total_minor >= 0)
    return Counted(max(0, left), items)


def _counts(line: Line, base: AccrualBase) -> bool:
    if line.kind == "item":
        return line.sku not in base.excluded_skus and line.category not in base.excluded_categories
    return {
        "discount": not base.discounted_part,
        "shipping": base.shipping,
        "tip": base.tips,
        "fee": base.fees,
        "gift_card": base.gift_cards,
        "reward": base.rewards,
    }[line.kind]


def _taken_off(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Rewards never add; where all reward lines together take off, the customer did not pay that part."""
    rewards = tuple(line for line in lines if line.kind == "reward")
    return rewards if sum(line.total_minor for line in rewards) < 0 else ()


def _tax_within(left: int, occasion: Occasion, lines: list[Line], gross: int) -> int:
    """The tax in ``left``: of its own lines where these tell it, else as much as in the whole amount."""
    assert occasion.amount_minor is not None
    if any(line.tax_minor is not None for line in occasion.lines):
        tax, whole = sum(line.tax_minor or 0 for line in lines), gross
    else:
        tax, whole = occasion.tax_minor or 0, occasion.amount_minor
    return (2 * tax * left + whole) // (2 * whole) if whole > 0 else 0

"""How units may be spent: the terms of a unit, and how many of it may pay for a basket. Whole numbers only; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from passerelle.rewards.rules import Period

Bound = Literal["balance", "basket_share", "maximum", "spending_cap"]


@dataclass(frozen=True, slots=True)
class Value:
    """What units are worth: ``units`` of them are ``amount_minor``."""

    units: int
    amount_minor: int

    def of(self, units: int) -> int:
        """What so many units take off, rounded down to a minor unit: never more than was taken."""
        return units * self.amount_minor // self.units

    def within(self, amount_minor: int) -> int:
        """The most units that are worth no more than an amount."""
        return amount_minor * self.units // self.amount_minor

    def smallest(self) -> int:
        """The fewest units that take anything off."""
        return -(-self.units // self.amount_minor)


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """How a unit pays. Payments are multiples of ``step``; ``basket_percent`` is the most of a bill that it pays."""

    value: Value
    minimum: int = 1
    maximum: int | None = None
    step: int = 1
    basket_percent: int = 100


@dataclass(frozen=True, slots=True)
class SpendingTerms:
    """How a unit may be spent: on bills, unless ``payment`` is None; ``caps`` hold for bills and rewards together."""

    payment: PaymentTerms | None = None
    caps: Mapping[Period, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Funds:
    """What a member can spend now: the active balance without what the same purchase earned, and what caps leave."""

    available: int
    spendable: int | None = None


@dataclass(frozen=True, slots=True)
class Payable:
    """How many units may be taken: ``minimum`` to ``maximum`` in steps, or nothing when ``maximum`` is 0.

    ``bound`` is what sets the maximum, ``bounded_at`` where it does before the steps.
    """

    minimum: int
    maximum: int
    step: int
    bound: Bound
    bounded_at: int


Fault = Literal["step", "minimum"] | Bound


def payable(basket_minor: int, funds: Funds, terms: PaymentTerms, paid_minor: int = 0) -> Payable:
    """How many units may pay for a basket of which units paid ``paid_minor`` before.

    Of two equal bounds, the first in the order of ``Bound`` is told.
    """
    step = terms.step
    share_minor = max(0, basket_minor * terms.basket_percent // 100 - paid_minor)
    bounds: list[tuple[int, Bound]] = [
        (max(0, funds.available), "balance"),
        (terms.value.within(share_minor), "basket_share"),
    ]
    if terms.maximum is not None:
        bounds.append((terms.maximum, "maximum"))
    if funds.spendable is not None:
        bounds.append((max(0, funds.spendable), "spending_cap"))
    most, bound = min(bounds, key=lambda each: each[0])
    minimum = -(-max(terms.minimum, terms.value.smallest()) // step) * step
    maximum = most // step * step
    return Payable(minimum, maximum if maximum >= minimum else 0, step, bound, most)


def fault_of(units: int, allowed: Payable) -> Fault | None:
    """Why so many units may not be taken, or None when they may."""
    if units > allowed.bounded_at:
        return allowed.bound
    if units % allowed.step:
        return "step"
    return "minimum" if units < allowed.minimum else None


def nearest(units: int, allowed: Payable) -> int:
    """The allowed number of units that is nearest to the one asked for; of two, the lower."""
    below = units // allowed.step * allowed.step
    near = below if units - below <= allowed.step - (units - below) else below + allowed.step
    return min(max(near, allowed.minimum), allowed.maximum)

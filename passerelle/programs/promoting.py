"""Promotions as values: which of those that could apply do, and what they add. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal, TypeAlias
from uuid import UUID

from passerelle.programs.conditions import NO_CONDITIONS, Conditions
from passerelle.programs.earning_rules import Multipliers
from passerelle.programs.rules import ProgramState, is_running
from passerelle.programs.timing import Timing

Stacking = Literal["stackable", "exclusive"]


@dataclass(frozen=True, slots=True)
class Multiplier:
    """What the rules give, times this percentage: 200 doubles it."""

    percent: int


@dataclass(frozen=True, slots=True)
class Bonus:
    """So many units on top of whatever the rules give, for a purchase or a visit."""

    units: int


Effect: TypeAlias = Multiplier | Bonus


@dataclass(frozen=True, slots=True)
class Promotion:
    """A promotion of a program, in ``[starts_at, ends_at)``. Of two, that of higher ``priority`` comes first.

    Budgets are for all customers together, ``limit_per_customer`` counts occasions. ``timing`` is that of a bonus;
    what a multiplier adds has the timing of its rule.
    """

    id: UUID
    unit_id: UUID
    name: str
    effect: Effect
    state: ProgramState = "active"
    names: dict[str, str] = field(default_factory=dict)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    conditions: Conditions = NO_CONDITIONS
    minimum_amount_minor: int = 0
    priority: int = 0
    stacking: Stacking = "stackable"
    budget_uses: int | None = None
    budget_units: int | None = None
    limit_per_customer: int | None = None
    timing: Timing | None = None

    @property
    def has_budget(self) -> bool:
        """Whether it can run out."""
        return self.budget_uses is not None or self.budget_units is not None

    def is_running(self, instant: datetime) -> bool:
        """Whether it is active at an instant."""
        return is_running(self.state, self.starts_at, self.ends_at, instant)


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of a promotion; None is without end."""

    uses: int | None = None
    units: int | None = None

    @property
    def is_spent(self) -> bool:
        """Whether nothing more can be given."""
        return self.uses == 0 or self.units == 0


def stacked(applicable: Sequence[Promotion]) -> tuple[list[Promotion], list[Promotion]]:
    """Those that apply together, and those that give way, each by priority, then the older first.

    An exclusive promotion applies alone, and only if no other comes before it.
    """
    ordered = sorted(applicable, key=lambda each: (-each.priority, each.id))
    if ordered and ordered[0].stacking == "exclusive":
        return ordered[:1], ordered[1:]
    together = [each for each in ordered if each.stacking == "stackable"]
    return together, [each for each in ordered if each.stacking == "exclusive"]


def excesses(units: int, percents: Sequence[int], how: Multipliers) -> list[int]:
    """What each multiplier adds to ``units``, in order; rounded down once, so that the parts add up to the whole.

    With ``best``, only the highest adds; of equal ones the first.
    """
    if how == "best":
        best = max(range(len(percents)), key=lambda place: (percents[place], -place), default=-1)
        return [_whole(units, Fraction(each, 100)) if place == best else 0 for place, each in enumerate(percents)]
    factor, reached, parts = Fraction(1), 0, []
    for percent in percents:
        factor = factor * Fraction(percent, 100) if how == "product" else factor + Fraction(percent, 100) - 1
        total = _whole(units, factor)
        parts.append(total - reached)
        reached = total
    return parts


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` divided in proportion to ``weights``, whole and exact: the largest remainders get what is left."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in remainders[: total - sum(parts)]:
        parts[place] += 1
    return parts


def _whole(units: int, factor: Fraction) -> int:
    """What a factor adds, rounded down."""
    return units * factor.numerator // factor.denominator - units

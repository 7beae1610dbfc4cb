"""Earning rules as values: what they give, what they count, and how far they go. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias
from uuid import UUID

from passerelle.programs.accrual_base import AccrualBase, Line
from passerelle.programs.conditions import NO_CONDITIONS, Conditions
from passerelle.programs.periods import PERIODS, Period
from passerelle.programs.rules import Rounding
from passerelle.programs.timing import Timing

CapScope: TypeAlias = Literal["purchase", "balance"] | Period
Figure: TypeAlias = tuple[Literal["units", "times"], Period]
"""What history tells of a period: how many units, or on how many occasions."""
CapAction = Literal["reduce", "refuse"]
Policy = Literal["sum", "best", "first"]
Multipliers = Literal["best", "product", "sum"]


@dataclass(frozen=True, slots=True)
class PerAmount:
    """``units_per_step`` for each ``amount_minor_per_step``; the number of steps is rounded once per purchase."""

    amount_minor_per_step: int
    units_per_step: int
    rounding: Rounding = "floor"


@dataclass(frozen=True, slots=True)
class PerPercent:
    """A part of the amount, in hundredths of a percent: 500 of 100.00 gives 5.00, in minor units of a money unit."""

    basis_points: int
    rounding: Rounding = "floor"


@dataclass(frozen=True, slots=True)
class PerVisit:
    """``units`` for coming by, at most once in so many minutes and, if asked, once per local day."""

    units: int
    once_per_minutes: int | None = None
    once_per_day: bool = False


@dataclass(frozen=True, slots=True)
class PerItem:
    """``units_per_item`` for each item whose SKU or category is listed; with neither list, for each item.

    Fewer than ``minimum_quantity`` of them in one purchase give nothing.
    """

    units_per_item: int
    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    minimum_quantity: int = 1


@dataclass(frozen=True, slots=True)
class PerEvent:
    """``units`` for a custom event of that name."""

    event: str
    units: int


@dataclass(frozen=True, slots=True)
class Item:
    """Items of one line of a purchase."""

    quantity: int
    sku: str | None = None
    category: str | None = None


def matches(earning: PerItem, item: Item | Line) -> bool:
    """Whether a rule by item counts these."""
    if not earning.skus and not earning.categories:
        return True
    return item.sku in earning.skus or item.category in earning.categories


Earning: TypeAlias = PerAmount | PerPercent | PerVisit | PerItem | PerEvent


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that may come in per purchase or period, or that a balance may reach.

    What is above is cut off (``reduce``), or nothing at all is given (``refuse``).
    """

    per: CapScope
    units: int
    action: CapAction = "reduce"


def figures_of(caps: Iterable[Cap]) -> frozenset[Figure]:
    """The figures that caps compare with."""
    scopes = {cap.per for cap in caps}
    return frozenset(("units", period) for period in PERIODS if period in scopes)


@dataclass(frozen=True, slots=True)
class Times:
    """How often a rule may give something in a period."""

    per: Period
    times: int


@dataclass(frozen=True, slots=True)
class Combining:
    """How what several rules and promotions give in one unit comes together: policy, then multipliers, then caps.

    Multipliers: only the highest (``best``), one after the other (``product``: 200 % and 150 % are 300 %), or their
    excesses added (``sum``: 250 %).
    """

    policy: Policy = "sum"
    multipliers: Multipliers = "best"
    caps: tuple[Cap, ...] = ()


SUM_OF_ALL: Final = Combining()


@dataclass(frozen=True, slots=True)
class EarningRule:
    """One rule of a program. ``minimum_amount_minor`` is met by an equal amount; caps count units of this rule.

    ``base`` and ``timing`` stand in for the program's and the unit's. ``cooldown_minutes``: how far apart two
    occasions must lie for both to count.
    """

    id: UUID
    unit_id: UUID
    earning: Earning
    active: bool = True
    minimum_amount_minor: int = 0
    cap_per_purchase: int | None = None
    cap_per_day: int | None = None
    caps: tuple[Cap, ...] = ()
    times: tuple[Times, ...] = ()
    cooldown_minutes: int | None = None
    conditions: Conditions = NO_CONDITIONS
    base: AccrualBase | None = None
    timing: Timing | None = None
    every_cap: tuple[Cap, ...] = field(init=False, compare=False, repr=False)
    every_times: tuple[Times, ...] = field(init=False, compare=False, repr=False)
    least_minutes: int = field(init=False, compare=False, repr=False)
    figures: frozenset[Figure] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Bring the short forms of caps and cooldowns together with the general ones."""
        short = [Cap("purchase", self.cap_per_purchase)] if self.cap_per_purchase is not None else []
        short += [Cap("day", self.cap_per_day)] if self.cap_per_day is not None else []
        visit = self.earning if isinstance(self.earning, PerVisit) else PerVisit(1)
        daily = (Times("day", 1),) if visit.once_per_day else ()
        object.__setattr__(self, "every_cap", (*short, *self.caps))
        object.__setattr__(self, "every_times", (*daily, *self.times))
        figures = figures_of(self.every_cap) | {("times", each.per) for each in self.every_times}
        object.__setattr__(self, "figures", figures)
        object.__setattr__(self, "least_minutes", max(self.cooldown_minutes or 0, visit.once_per_minutes or 0))

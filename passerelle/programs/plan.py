"""A program's rules and promotions made ready for many purchases: once per version of the program. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Final
from uuid import UUID

from passerelle.programs.accrual_base import AccrualBase, Occasion
from passerelle.programs.conditions import Facts, Matcher
from passerelle.programs.earning_rules import Combining, EarningRule, Figure, figures_of
from passerelle.programs.periods import Period
from passerelle.programs.promoting import Bonus, Budget, Promotion
from passerelle.programs.rules import ReasonCode
from passerelle.programs.screening import PreparedRule, Screen


@dataclass(frozen=True, slots=True)
class Figures:
    """What was given before, by period around the occasion: units, and on how many occasions.

    ``before`` and ``after`` are the nearest other occasions; a till that was offline may tell the earlier one later.
    """

    units: Mapping[Period, int] = field(default_factory=dict)
    times: Mapping[Period, int] = field(default_factory=dict)
    before: datetime | None = None
    after: datetime | None = None


NO_FIGURES: Final = Figures()


@dataclass(frozen=True, slots=True)
class History:
    """What one membership has been given: by rule, by unit, from promotions; and what promotions have left for all.

    ``balances`` are active and pending units.
    """

    rules: Mapping[UUID, Figures] = field(default_factory=dict)
    units: Mapping[UUID, Figures] = field(default_factory=dict)
    balances: Mapping[UUID, int] = field(default_factory=dict)
    uses: Mapping[UUID, int] = field(default_factory=dict)
    budgets: Mapping[UUID, Budget] = field(default_factory=dict)


NO_HISTORY: Final = History()


@dataclass(frozen=True, slots=True)
class Reach:
    """Which history of a membership matters around an occasion: since when, and which figures of which periods.

    ``limited`` are promotions of which it matters how often they gave something.
    """

    membership_id: UUID
    instant: datetime
    since: datetime
    figures: frozenset[Figure]
    spans: Mapping[Period, tuple[datetime | None, datetime | None]]
    limited: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class PreparedPromotion:
    """A promotion with its conditions ready."""

    promotion: Promotion
    matcher: Matcher
    base: AccrualBase

    def concerns(self, occasion: Occasion) -> bool:
        """Whether it runs then; a bonus is for purchases and visits, a multiplier also for custom events."""
        promotion = self.promotion
        is_kind = occasion.kind != "event" or not isinstance(promotion.effect, Bonus)
        return is_kind and promotion.is_running(occasion.occurred_at)

    def unmet(self, facts: Facts) -> ReasonCode | None:
        """The condition that does not hold."""
        code = self.matcher.unmet(facts)
        if code is None and self.promotion.minimum_amount_minor > 0:
            amount = facts.counted(self.base).amount_minor
            if amount is None:
                return "no_amount"
            return "below_minimum" if amount < self.promotion.minimum_amount_minor else None
        return code


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """What gives one unit beside the rules, which are screened together."""

    unit_id: UUID
    combining: Combining
    promotions: tuple[PreparedPromotion, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a program gives, and what must be known to decide it; ``rules`` are the active ones by place."""

    units: tuple[UnitPlan, ...]
    rules: tuple[PreparedRule, ...]
    screen: Screen
    needs_segments: bool
    needs_first_purchase: bool
    needs_balances: bool
    limited: tuple[UUID, ...]
    has_budgets: bool

    def candidates(self, facts: Facts) -> list[UUID]:
        """Promotions with a budget whose conditions hold: those whose budget must be looked at."""
        if not self.has_budgets:
            return []
        return [
            each.promotion.id
            for unit in self.units
            for each in unit.promotions
            if each.promotion.has_budget and each.concerns(facts.occasion) and each.unmet(facts) is None
        ]


def plan_of(
    units: Iterable[tuple[UUID, Combining]],
    rules: Iterable[EarningRule],
    promotions: Iterable[Promotion],
    base: AccrualBase,
) -> Plan:
    """Prepare what is active; ``base`` is the program's own."""
    active = [rule for rule in rules if rule.active]
    running = [promotion for promotion in promotions if promotion.state == "active"]
    kinds = list(units)
    prepared = tuple(
        PreparedRule(place, rule, Matcher.of(rule.conditions), rule.base or base) for place, rule in enumerate(active)
    )
    offered = [PreparedPromotion(promotion, Matcher.of(promotion.conditions), base) for promotion in running]
    conditions = [*(rule.conditions for rule in active), *(each.conditions for each in running)]
    return Plan(
        units=tuple(
            UnitPlan(
                unit_id,
                combining,
                tuple(each for each in offered if each.promotion.unit_id == unit_id),
            )
            for unit_id, combining in kinds
        ),
        rules=prepared,
        screen=Screen(prepared, chain.from_iterable(figures_of(combining.caps) for _, combining in kinds)),
        needs_segments=any(each.segments for each in conditions),
        needs_first_purchase=any(each.first_purchase for each in conditions),
        needs_balances=any(cap.per == "balance" for _, combining in kinds for cap in combining.caps),
        limited=tuple(each.id for each in running if each.limit_per_customer is not None),
        has_budgets=any(each.has_budget for each in running),
    )

"""What an occasion earns and why, written in prose in docs/algorithms/earning.md. Pure.

The same evaluator serves the preview and the commit. The order: each rule by itself, the policy of the unit, the
multipliers, bonuses, then the caps of each rule and of the unit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from passerelle.programs.accrual_base import Counted
from passerelle.programs.conditions import Facts
from passerelle.programs.earning_rules import (
    Cap,
    CapScope,
    PerAmount,
    PerEvent,
    PerItem,
    PerPercent,
    PerVisit,
    matches,
)
from passerelle.programs.plan import NO_FIGURES, Figures, History, Plan, PreparedPromotion, UnitPlan
from passerelle.programs.promoting import Bonus, Budget, Multiplier, Promotion, excesses, shares, stacked
from passerelle.programs.rules import Accrual, Reason, ReasonCode, units_of
from passerelle.programs.screening import PreparedRule

_CAPPED: Final[Mapping[CapScope, ReasonCode]] = {
    "purchase": "capped_per_purchase",
    "day": "capped_per_day",
    "week": "capped_per_week",
    "month": "capped_per_month",
    "year": "capped_per_year",
    "ever": "capped_per_ever",
    "balance": "capped_per_balance",
}
_REFUSED: Final[Mapping[CapScope, ReasonCode]] = {
    "purchase": "refused_per_purchase",
    "day": "refused_per_day",
    "week": "refused_per_week",
    "month": "refused_per_month",
    "year": "refused_per_year",
    "ever": "refused_per_ever",
    "balance": "refused_per_balance",
}


@dataclass(frozen=True, slots=True)
class Earned:
    """What an occasion earns one membership: an accrual per rule, zeros too, and what each promotion brought."""

    accruals: tuple[Accrual, ...]
    uses: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Row:
    """An accrual in the making. ``parts`` say who brought how much, the rule (None) first; caps take from the end."""

    rule: PreparedRule | None
    promotion: Promotion | None
    unit_id: UUID
    amount: int = 0
    reasons: list[Reason] = field(default_factory=list)
    parts: list[tuple[UUID | None, int]] = field(default_factory=list)

    @property
    def place(self) -> int:
        """The place of its rule."""
        assert self.rule is not None
        return self.rule.place

    def add(self, source: UUID | None, units: int, code: ReasonCode, params: dict[str, object]) -> None:
        self.amount += units
        self.parts.append((source, units))
        self.reasons.append(Reason(code, {"units": units, **params}))

    def limit(self, units: int, code: ReasonCode, **params: object) -> None:
        self.reasons.append(Reason(code, {"before": self.amount, "units": units, **params}))
        over, self.amount = self.amount - units, units
        while over > 0:
            source, part = self.parts.pop()
            if part > over:
                self.parts.append((source, part - over))
            over -= part

    def accrual(self) -> Accrual:
        rule_id = self.rule.rule.id if self.rule else None
        promotion_id = self.promotion.id if self.promotion else None
        return Accrual(self.unit_id, self.amount, rule_id, tuple(self.reasons), promotion_id)


def evaluate(plan: Plan, facts: Facts, history: History) -> Earned:
    """What each rule that concerns the occasion gives, in the order of the rules, then what promotions add."""
    screened = plan.screen.of(facts)
    ruled = list(screened.answers)
    promoted: list[Accrual] = []
    uses: dict[UUID, int] = {}
    for unit in plan.units:
        rows = _chosen(unit, screened.live.get(unit.unit_id, ()), facts, history, ruled)
        applied, quiet = _promotions(unit, facts, history)
        bonuses = _apply(unit, rows, applied, quiet, history)
        for row in rows:
            assert row.rule is not None
            rule = row.rule.rule
            for cap in rule.every_cap:
                _cap(cap, [row], history.rules.get(rule.id, NO_FIGURES), 0)
        every = [*rows, *bonuses]
        for cap in unit.combining.caps:
            _cap(cap, every, history.units.get(unit.unit_id, NO_FIGURES), history.balances.get(unit.unit_id, 0))
        for row in rows:
            ruled[row.place] = row.accrual()
        promoted += [*(row.accrual() for row in bonuses), *quiet]
        _count_uses(every, uses)
    return Earned((*[accrual for accrual in ruled if accrual is not None], *promoted), uses)


def nothing(plan: Plan, facts: Facts, code: ReasonCode) -> Earned:
    """What each rule answers when none may give anything."""
    return Earned(tuple(each.nothing(code) for each in plan.rules if each.concerns(facts.occasion)))


def _chosen(
    unit: UnitPlan, live: Iterable[PreparedRule], facts: Facts, history: History, answers: list[Accrual | None]
) -> list[_Row]:
    """What rules give by themselves that the policy lets count; what the others answer is put at their place."""
    rows: list[_Row] = []
    for prepared in live:
        answer = _alone(prepared, facts, history)
        if isinstance(answer, _Row):
            rows.append(answer)
        else:
            answers[prepared.place] = answer
    policy = unit.combining.policy
    if policy == "sum" or len(rows) < 2:
        return rows
    chosen = rows[0] if policy == "first" else max(rows, key=lambda row: row.amount)
    code: ReasonCode = "another_rule_first" if policy == "first" else "another_rule_better"
    for row in rows:
        if row is not chosen:
            assert row.rule is not None
            reason = Reason(code, {"would_be": row.amount})
            answers[row.place] = Accrual(unit.unit_id, 0, row.rule.rule.id, (reason,))
    return [chosen]


def _alone(prepared: PreparedRule, facts: Facts, history: History) -> _Row | Accrual:
    """What a rule that the screen let through gives before anything else is looked at."""
    rule = prepared.rule
    code = prepared.matcher.unmet(facts) if prepared.matcher.attributes else None
    if code is not None:
        return prepared.nothing(code)
    if rule.minimum_amount_minor > 0:
        amount = facts.counted(prepared.base).amount_minor
        if amount is None:
            return prepared.nothing("no_amount")
        if amount < rule.minimum_amount_minor:
            return prepared.nothing("below_minimum")
    if rule.every_times or rule.least_minutes:
        held_back = _too_often(prepared, facts, history.rules.get(rule.id, NO_FIGURES))
        if held_back is not None:
            return held_back
    return _by_type(prepared, facts)


def _too_often(prepared: PreparedRule, facts: Facts, past: Figures) -> Accrual | None:
    rule = prepared.rule
    of_visit = isinstance(rule.earning, PerVisit)
    instant = facts.occasion.occurred_at
    distance = timedelta(minutes=rule.least_minutes)
    near = [at for at in (past.before, past.after) if at is not None and abs(at - instant) < distance]
    if near:
        code: ReasonCode = "visit_counted" if of_visit else "too_soon"
        return _nothing(prepared, code, counted_at=near[0].isoformat(), minutes=rule.least_minutes)
    for each in rule.every_times:
        if past.times.get(each.per, 0) >= each.times:
            counted_at = past.before or past.after
            if of_visit and each.per == "day" and each.times == 1 and counted_at is not None:
                return _nothing(prepared, "visit_counted", counted_at=counted_at.isoformat())
            return _nothing(prepared, "times_reached", times=each.times, per=each.per)
    return None


def _by_type(prepared: PreparedRule, facts: Facts) -> _Row | Accrual:
    earning = prepared.rule.earning
    if isinstance(earning, PerVisit):
        return _gives(prepared, earning.units, "per_visit")
    if isinstance(earning, PerEvent):
        return _gives(prepared, earning.units, "per_event", event=earning.event)
    part = facts.counted(prepared.base)
    if isinstance(earning, PerItem):
        return _per_item(prepared, earning, part)
    return _per_money(prepared, earning, part.amount_minor)


def _per_item(prepared: PreparedRule, earning: PerItem, part: Counted) -> _Row | Accrual:
    count = sum(line.quantity for line in part.items if matches(earning, line))
    if count == 0:
        return prepared.nothing("no_matching_item")
    if count < earning.minimum_quantity:
        return _nothing(prepared, "too_few_items", items=count, minimum=earning.minimum_quantity)
    per_item = earning.units_per_item
    return _gives(prepared, count * per_item, "per_item", items=count, units_per_item=per_item)


def _per_money(prepared: PreparedRule, earning: PerAmount | PerPercent, amount_minor: int | None) -> _Row | Accrual:
    if amount_minor is None:
        return prepared.nothing("no_amount")
    if isinstance(earning, PerPercent):
        units = units_of(amount_minor * earning.basis_points, 10_000, 1, earning.rounding)
        percent = {"basis_points": earning.basis_points, "amount_minor": amount_minor}
        return _gives(prepared, units, "per_percent", **percent) if units else prepared.nothing("too_little")
    step, per_step = earning.amount_minor_per_step, earning.units_per_step
    units = units_of(amount_minor, step, per_step, earning.rounding)
    facts = {"units_per_step": per_step, "step_minor": step, "amount_minor": amount_minor}
    return _gives(prepared, units, "per_amount", **facts) if units else _nothing(prepared, "below_step", **facts)


def _promotions(unit: UnitPlan, facts: Facts, history: History) -> tuple[list[Promotion], list[Accrual]]:
    """Promotions that apply, in their order, and why the other running ones do not."""
    applicable: list[Promotion] = []
    quiet: list[Accrual] = []
    for prepared in unit.promotions:
        if prepared.concerns(facts.occasion):
            code = prepared.unmet(facts) or _used_up(prepared, history)
            if code is None:
                applicable.append(prepared.promotion)
            else:
                quiet.append(_silent(prepared.promotion, code))
    applied, giving_way = stacked(applicable)
    return applied, [*quiet, *(_silent(each, "another_promotion") for each in giving_way)]


def _used_up(prepared: PreparedPromotion, history: History) -> ReasonCode | None:
    promotion = prepared.promotion
    if promotion.has_budget and history.budgets.get(promotion.id, Budget()).is_spent:
        return "promotion_budget_spent"
    limit = promotion.limit_per_customer
    if limit is not None and history.uses.get(promotion.id, 0) >= limit:
        return "promotion_limit_reached"
    return None


def _apply(
    unit: UnitPlan, rows: Sequence[_Row], applied: Sequence[Promotion], quiet: list[Accrual], history: History
) -> list[_Row]:
    """Put multipliers on what the rules give, and answer the bonuses; a promotion without effect says so."""
    if not applied:
        return []
    weights = [row.amount for row in rows]
    multipliers = [each for each in applied if isinstance(each.effect, Multiplier)]
    percents = [each.effect.percent for each in multipliers if isinstance(each.effect, Multiplier)]
    added = excesses(sum(weights), percents, unit.combining.multipliers)
    for promotion, units in zip(multipliers, added, strict=True):
        if units:
            _multiply(promotion, units, rows, weights, history)
        else:
            quiet.append(_silent(promotion, "another_promotion" if any(added) else "nothing_to_multiply"))
    bonuses = []
    for promotion in applied:
        if isinstance(promotion.effect, Bonus):
            row = _Row(None, promotion, unit.unit_id)
            row.add(promotion.id, promotion.effect.units, "promotion_bonus", _named(promotion))
            left = history.budgets.get(promotion.id, Budget()).units
            if left is not None and left < row.amount:
                row.limit(left, "capped_by_budget")
            bonuses.append(row)
    return bonuses


def _multiply(
    promotion: Promotion, units: int, rows: Sequence[_Row], weights: Sequence[int], history: History
) -> None:
    """Divide what a multiplier adds among the rules that it multiplies, as far as its budget goes."""
    assert isinstance(promotion.effect, Multiplier)
    left = history.budgets.get(promotion.id, Budget()).units
    within = units if left is None else min(units, left)
    named = _named(promotion) | {"percent": promotion.effect.percent}
    for row, share, kept in zip(rows, shares(units, weights), shares(within, weights), strict=True):
        if share:
            row.add(promotion.id, share, "promotion_multiplier", named)
        if kept < share:
            row.limit(row.amount - share + kept, "capped_by_budget")


def _cap(cap: Cap, rows: Sequence[_Row], past: Figures, balance: int) -> None:
    """Hold rows within a cap together; what came last gives way first."""
    total = sum(row.amount for row in rows)
    before = balance if cap.per == "balance" else 0 if cap.per == "purchase" else past.units.get(cap.per, 0)
    left = max(0, cap.units - before)
    if total <= left:
        return
    refuses = cap.action == "refuse"
    code = (_REFUSED if refuses else _CAPPED)[cap.per]
    over = total if refuses else total - left
    for row in reversed(rows):
        if over > 0 and row.amount > 0:
            kept = max(0, row.amount - over)
            over -= row.amount - kept
            row.limit(kept, code, cap=cap.units)


def _count_uses(rows: Sequence[_Row], uses: dict[UUID, int]) -> None:
    for row in rows:
        for source, units in row.parts:
            if source is not None and units:
                uses[source] = uses.get(source, 0) + units


def _gives(prepared: PreparedRule, units: int, code: ReasonCode, **params: object) -> _Row:
    row = _Row(prepared, None, prepared.rule.unit_id)
    row.add(None, units, code, params)
    return row


def _nothing(prepared: PreparedRule, code: ReasonCode, **params: object) -> Accrual:
    return Accrual(prepared.rule.unit_id, 0, prepared.rule.id, (Reason(code, params),))


def _silent(promotion: Promotion, code: ReasonCode) -> Accrual:
    params = _named(promotion)
    if code == "below_minimum":
        params["minimum_minor"] = promotion.minimum_amount_minor
    return Accrual(promotion.unit_id, 0, None, (Reason(code, params),), promotion.id)


def _named(promotion: Promotion) -> dict[str, object]:
    """How a reason names a promotion, translations included where there are some."""
    named: dict[str, object] = {"promotion": promotion.name}
    return named | {"promotion_names": promotion.names} if promotion.names else named

"""What an occasion would earn members now: facts and history read in few statements, then the pure evaluator.

The preview and the commit both come through here; only the commit holds what others must not take meanwhile.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import MAX_AMOUNT
from passerelle.programs import budgets, queries
from passerelle.programs.accrual_base import Line, Occasion
from passerelle.programs.conditions import Facts
from passerelle.programs.earning_rules import Figure
from passerelle.programs.errors import EarnsTooMuch
from passerelle.programs.evaluator import Earned, evaluate, nothing
from passerelle.programs.periods import bounds
from passerelle.programs.plan import NO_HISTORY, Figures, History, Reach
from passerelle.programs.promoting import Budget
from passerelle.programs.rules import ReasonCode
from passerelle.programs.values import Seat, barred
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import Purchase

_BEGINNING: Final = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A seat with what it earns; ``budgeted`` are the promotions whose budgets were looked at."""

    seat: Seat
    earned: Earned
    budgeted: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """What happened to one customer: the occasion, their seats, and the purchase if it was one."""

    occasion: Occasion
    seats: Sequence[Seat]
    purchase: Purchase | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How to look: ``hold`` budgets to take from them; or at the past, before an accrual of that id.

    What the occasion itself was given then is added back (``returned``), by unit and by promotion.
    """

    hold: bool = False
    recorded_before: UUID = ABOVE_ALL
    purchased_before: datetime | None = None
    returned_units: Mapping[UUID, int] = field(default_factory=dict)
    returned_uses: Mapping[UUID, int] = field(default_factory=dict)


NOW: Final = Look()


async def evaluate_seats(tx: Tx, case: Case, look: Look) -> list[Evaluated]:
    """What each seat earns; those that may earn nothing answer with that reason. Raises EarnsTooMuch."""
    return (await evaluate_cases(tx, [case], look))[0]


async def evaluate_cases(tx: Tx, cases: Sequence[Case], look: Look) -> list[list[Evaluated]]:
    """The same for several customers in as many statements; each finds what those before it left of budgets."""
    refused = {
        seat.membership.id: code
        for case in cases
        for seat in case.seats
        if (code := barred(seat.membership, seat.program, case.occasion.occurred_at))
    }
    if "membership_unpaid" in refused.values():
        refused = await _not_good_then(tx, cases, refused)
    facts = await _facts(tx, cases, refused.keys(), look)
    acting = [seat for case in cases for seat in case.seats if seat.membership.id in facts]
    wanted = [each for seat in acting for each in seat.program.plan.candidates(facts[seat.membership.id])]
    histories = await _histories(tx, acting, facts, look)
    left = await budgets.budgets_of(tx, wanted, hold=look.hold) if wanted else {}
    left = {promotion_id: _returned(promotion_id, budget, look) for promotion_id, budget in left.items()}
    evaluated: list[list[Evaluated]] = []
    for case in cases:
        evaluated.append([])
        for seat in case.seats:
            member, plan = seat.membership.id, seat.program.plan
            if member in refused:
                earned = nothing(plan, Facts(case.occasion), refused[member])
            else:
                history = histories.get(member, NO_HISTORY)
                earned = evaluate(plan, facts[member], replace(history, budgets=left) if left else history)
            _require_bookable(seat, earned)
            left = budgets.without(left, earned.uses)
            evaluated[-1].append(Evaluated(seat, earned, frozenset(left)))
    return evaluated


def occasion_of(purchase: Purchase) -> Occasion:
    """A purchase as the evaluator knows it."""
    return Occasion(
        kind="purchase",
        occurred_at=purchase.occurred_at,
        amount_minor=purchase.amount_minor,
        lines=tuple(
            Line(
                line.kind,
                line.quantity,
                line.quantity * line.unit_amount_minor,
                line.tax_minor,
                line.sku,
                line.category,
            )
            for line in purchase.lines
        ),
        tax_minor=purchase.tax_minor,
        points_minor=purchase.paid_with.points_minor,
        gift_card_minor=purchase.paid_with.gift_card_minor,
        location_id=purchase.location_id,
        channel=purchase.channel,
    )


def _require_bookable(seat: Seat, earned: Earned) -> None:
    """Refuse what the ledger could not book, so that a preview says what the till will say."""
    units = sum([accrual.amount for accrual in earned.accruals])
    if units > MAX_AMOUNT:
        raise EarnsTooMuch(program=seat.program.name, units=units, limit=MAX_AMOUNT)


async def _not_good_then(tx: Tx, cases: Sequence[Case], refused: dict[UUID, ReasonCode]) -> dict[UUID, ReasonCode]:
    """Who is refused without those whom an earlier term covered, for something that is told much later."""
    asked = [
        (seat, case.occasion.occurred_at)
        for case in cases
        for seat in case.seats
        if refused.get(seat.membership.id) == "membership_unpaid"
    ]
    covered = await queries.covered_then(tx, asked)
    return {member: code for member, code in refused.items() if member not in covered}


async def _facts(tx: Tx, cases: Sequence[Case], refused: Collection[UUID], look: Look) -> dict[UUID, Facts]:
    """What is known of each member who is not refused.

    Segments and earlier purchases are asked only when a condition names them.
    """
    asked = {seat.membership.customer_id for case in cases for seat in case.seats if seat.program.plan.needs_segments}
    segments = await customers.segments_of(tx, asked) if asked else {}
    facts: dict[UUID, Facts] = {}
    for case in cases:
        acting = [seat for seat in case.seats if seat.membership.id not in refused]
        is_first = False
        if case.purchase is not None and any(seat.program.plan.needs_first_purchase for seat in acting):
            is_first = await purchases.is_first_purchase(tx, case.purchase, look.purchased_before)
        for seat in acting:
            facts[seat.membership.id] = Facts(
                case.occasion,
                seat.program.time_zone,
                tier_ids=frozenset(seat.membership.tier_ids),
                segments=frozenset(segments.get(seat.membership.customer_id, ())),
                is_first_purchase=is_first,
            )
    return facts


async def _histories(tx: Tx, seats: Sequence[Seat], facts: Mapping[UUID, Facts], look: Look) -> dict[UUID, History]:
    """What members were given before, as far as a rule asks for it that may give something now."""
    rows: dict[UUID, list[Any]] = defaultdict(list)
    reaches = [reach for seat in seats if (reach := _reach(seat, facts[seat.membership.id])) is not None]
    figures = sorted({figure for reach in reaches for figure in reach.figures})
    if reaches:
        for row in await queries.history(tx, figures, reaches, look.recorded_before):
            rows[row["membership_id"]].append(row)
    held = [seat.membership.id for seat in seats if seat.program.plan.needs_balances]
    balances = await ledger.balances(tx, sorted(held)) if held else {}
    return {
        member: _history(
            rows[member],
            figures,
            {
                unit_id: balance.active + balance.pending - look.returned_units.get(unit_id, 0)
                for unit_id, balance in balances.get(member, {}).items()
            },
        )
        for member in {reach.membership_id for reach in reaches}.union(held)
    }


def _reach(seat: Seat, facts: Facts) -> Reach | None:
    """Which history of a seat matters; None when none does."""
    plan, instant, zone = seat.program.plan, facts.occasion.occurred_at, seat.program.time_zone
    screened = plan.screen.of(facts)
    if not (screened.figures or screened.cooldown_minutes or plan.limited):
        return None
    spans = {period: bounds(period, instant, zone) for _, period in screened.figures}
    starts = [start or _BEGINNING for start, _ in spans.values()]
    since = min(starts, default=instant)
    if screened.cooldown_minutes:
        since = min(since, instant - timedelta(minutes=screened.cooldown_minutes))
    return Reach(seat.membership.id, instant, since, screened.figures, spans, plan.limited)


def _history(rows: Sequence[Any], figures: Sequence[Figure], balances: Mapping[UUID, int]) -> History:
    by_rule: dict[UUID, Figures] = {}
    by_unit: dict[UUID, dict[Any, int]] = {}
    uses: dict[UUID, int] = {}
    units_of = [(period, f"units_{period}") for what, period in figures if what == "units"]
    times_of = [(period, f"times_{period}") for what, period in figures if what == "times"]
    for row in rows:
        if row["promotion_id"] is not None:
            uses[row["promotion_id"]] = row["uses"]
            continue
        units = {period: row[column] or 0 for period, column in units_of}
        sums = by_unit.setdefault(row["unit_id"], {})
        for period, amount in units.items():
            sums[period] = sums.get(period, 0) + amount
        if row["rule_id"] is not None:
            times = {period: row[column] for period, column in times_of}
            by_rule[row["rule_id"]] = Figures(units, times, row["before"], row["after"])
    units_given = {unit_id: Figures(sums) for unit_id, sums in by_unit.items()}
    return History(by_rule, units_given, balances, uses)


def _returned(promotion_id: UUID, budget: Budget, look: Look) -> Budget:
    units = look.returned_uses.get(promotion_id)
    if units is None:
        return budget
    return Budget(
        None if budget.uses is None else budget.uses + 1, None if budget.units is None else budget.units + units
    )

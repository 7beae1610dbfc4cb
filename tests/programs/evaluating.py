"""Short words for tests of the evaluator: tables of the document, occasions, histories."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from passerelle.kit.money import exponent
from passerelle.programs.accrual_base import AccrualBase, Occasion
from passerelle.programs.conditions import Facts
from passerelle.programs.earning_rules import SUM_OF_ALL, Combining, Earning, EarningRule
from passerelle.programs.evaluator import Earned, evaluate
from passerelle.programs.periods import PERIODS, bounds
from passerelle.programs.plan import NO_HISTORY, Figures, History, plan_of
from passerelle.programs.promoting import Promotion
from passerelle.programs.rules import GAINS, Accrual
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/earning.md")
UNIT = UUID(int=1)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def minor(text: str, currency: str = "EUR") -> int:
    """An amount as people write it, in minor units."""
    scaled = Decimal(text).scaleb(exponent(currency))
    assert scaled == int(scaled)
    return int(scaled)


def instant(text: str) -> datetime | None:
    """An instant of a table, or nothing."""
    return datetime.fromisoformat(text) if text else None


def rule(earning: Earning, number: int = 2, **changes: Any) -> EarningRule:
    """A rule of the one unit."""
    return EarningRule(UUID(int=number), UNIT, earning, **changes)


def bought(amount_minor: int, at: datetime = NOON, **changes: Any) -> Occasion:
    """A purchase at the till."""
    return Occasion("purchase", at, amount_minor, **{"channel": "till"} | changes)


def figures(past: Iterable[tuple[int, datetime]], at: datetime, zone: str = "UTC") -> Figures:
    """What the database would tell of amounts given at instants, around an occasion."""
    units: dict[Any, int] = defaultdict(int)
    times: dict[Any, int] = defaultdict(int)
    past = list(past)
    for amount, given_at in past:
        for period in PERIODS:
            start, end = bounds(period, at, zone)
            if (start is None or start <= given_at) and (end is None or given_at < end):
                units[period] += amount
                times[period] += 1
    before = max((given_at for _, given_at in past if given_at <= at), default=None)
    after = min((given_at for _, given_at in past if given_at > at), default=None)
    return Figures(units, times, before, after)


def earn(
    rules: Sequence[EarningRule],
    occasion: Occasion,
    history: History = NO_HISTORY,
    *,
    combining: Combining = SUM_OF_ALL,
    promotions: Sequence[Promotion] = (),
    zone: str = "UTC",
    **member: Any,
) -> Earned:
    """What rules and promotions of the one unit give."""
    plan = plan_of([(UNIT, combining)], rules, promotions, AccrualBase())
    return evaluate(plan, Facts(occasion, zone, **member), history)


def explained(accrual: Accrual) -> int:
    """The amount to which the reasons of an accrual lead, each taken by its word."""
    amount = 0
    for reason in accrual.reasons:
        if reason.code in GAINS:
            amount += reason.params["units"]
        elif reason.code.startswith(("capped_", "refused_")):
            assert reason.params["before"] == amount
            assert reason.params["units"] < amount
            amount = reason.params["units"]
    return amount


def codes(accrual: Accrual) -> list[str]:
    """The codes of the reasons, in order."""
    return [reason.code for reason in accrual.reasons]

"""Decisions of programs: what a purchase earns and why; written in prose in docs/algorithms/earning.md.

The same evaluator serves the preview and the commit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError

Rounding = Literal["floor", "half_up", "half_even"]
ProgramKind = Literal["stamps", "points", "membership"]
ProgramState = Literal["draft", "active", "paused", "ended"]
ReasonCode = Literal[
    "per_amount",
    "per_visit",
    "per_item",
    "by_hand",
    "coupon",
    "below_step",
    "below_minimum",
    "no_amount",
    "no_matching_item",
    "visit_counted",
    "program_not_running",
    "member_suspended",
    "capped_per_purchase",
    "capped_per_day",
    "tier_reached",
    "referral_referrer",
    "referral_friend",
    "referral_milestone",
    "birthday",
    "achievement",
]

_NEXT_STATES: Final[dict[ProgramState, frozenset[ProgramState]]] = {
    "draft": frozenset({"active", "ended"}),
    "active": frozenset({"paused", "ended"}),
    "paused": frozenset({"active", "ended"}),
    "ended": frozenset(),
}


@dataclass(frozen=True, slots=True)
class PerAmount:
    """``units_per_step`` for each ``amount_minor_per_step``; the number of steps is rounded once per purchase."""

    amount_minor_per_step: int
    units_per_step: int
    rounding: Rounding = "floor"


@dataclass(frozen=True, slots=True)
class PerVisit:
    """``units`` for coming by, at most once in so many minutes and, if asked, once per local day."""

    units: int
    once_per_minutes: int | None = None
    once_per_day: bool = False


@dataclass(frozen=True, slots=True)
class PerItem:
    """``units_per_item`` for each item whose SKU or category is listed; with neither list, for each item."""

    units_per_item: int
    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()


Earning: TypeAlias = PerAmount | PerVisit | PerItem


@dataclass(frozen=True, slots=True)
class EarningRule:
    """One rule of a program. ``minimum_amount_minor`` is met by an equal amount; caps count units of this rule."""

    id: UUID
    unit_id: UUID
    earning: Earning
    active: bool = True
    minimum_amount_minor: int = 0
    cap_per_purchase: int | None = None
    cap_per_day: int | None = None

    @property
    def needs_history(self) -> bool:
        """Whether what was earned before matters."""
        if self.cap_per_day is not None:
            return True
        earning = self.earning
        return isinstance(earning, PerVisit) and (earning.once_per_day or earning.once_per_minutes is not None)


@dataclass(frozen=True, slots=True)
class Item:
    """Items of one line."""

    quantity: int
    sku: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """What is known of a purchase, or of a visit without one (then there is no amount)."""

    occurred_at: datetime
    amount_minor: int | None = None
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class PastAccrual:
    """What a rule gave this membership at another instant, unless it was undone."""

    rule_id: UUID
    amount: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryFacts:
    """What this membership earned near the purchase, and the zone in which the program's days begin."""

    time_zone: str = "UTC"
    accrued: tuple[PastAccrual, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why units were given, held back or not given: a code, and the values of its sentence."""

    code: ReasonCode
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accrual:
    """What one rule gives: units (zero when it gives nothing) and why, in the order it was decided.

    ``rule_id`` is None for what a cashier gave by hand.
    """

    unit_id: UUID
    amount: int
    rule_id: UUID | None
    reasons: tuple[Reason, ...]


def accrue(rules: Iterable[EarningRule], purchase: PurchaseFacts, history: HistoryFacts) -> list[Accrual]:
    """What each active rule gives for a purchase, in the order of the rules; all that apply are added up."""
    return [_one(rule, purchase, history) for rule in rules if rule.active]


def nothing(rules: Iterable[EarningRule], code: ReasonCode, **params: Any) -> list[Accrual]:
    """What each rule gives when none may give anything."""
    return [_nothing(rule, code, **params) for rule in rules if rule.active]


def by_hand(unit_id: UUID, units: int) -> Accrual:
    """What a cashier gave."""
    return Accrual(unit_id, units, None, (Reason("by_hand", {"units": units}),))


def units_of(amount: int, step: int, units_per_step: int, rounding: Rounding) -> int:
    """Whole steps in an amount, rounded once, times the units of a step; exact, without a float."""
    steps, rest = divmod(amount, step)
    goes_up = {
        "floor": False,
        "half_up": 2 * rest >= step,
        "half_even": 2 * rest > step or (2 * rest == step and steps % 2 == 1),
    }[rounding]
    return (steps + goes_up) * units_per_step


def history_window(rules: Iterable[EarningRule], occurred_at: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """The half-open span of past accruals that the rules look at: the local day, and the minutes on either side."""
    start, end = _day(occurred_at, time_zone)
    for rule in rules:
        if isinstance(rule.earning, PerVisit) and rule.earning.once_per_minutes is not None:
            distance = timedelta(minutes=rule.earning.once_per_minutes)
            start, end = min(start, occurred_at - distance), max(end, occurred_at + distance)
    return start, end


def is_running(state: ProgramState, starts_at: datetime | None, ends_at: datetime | None, instant: datetime) -> bool:
    """Whether a program takes members and gives units at an instant: active, and in ``[starts_at, ends_at)``."""
    return (
        state == "active" and (starts_at is None or starts_at <= instant) and (ends_at is None or instant < ends_at)
    )


def may_become(state: ProgramState, wanted: ProgramState) -> bool:
    """Whether a program may go from one state to another; an ended one stays ended."""
    return state == wanted or wanted in _NEXT_STATES[state]


def plural_form(count: int, language: str) -> str:
    """The CLDR plural category of a count: “one” and “other” in English, six categories in Arabic."""
    try:
        return Locale.parse(language, sep="-").plural_form(abs(count))
    except (UnknownLocaleError, ValueError):
        return "other"


def _one(rule: EarningRule, purchase: PurchaseFacts, history: HistoryFacts) -> Accrual:
    accrual = _before_caps(rule, purchase, history)
    if rule.cap_per_purchase is not None and accrual.amount > rule.cap_per_purchase:
        accrual = _capped(accrual, rule.cap_per_purchase, "capped_per_purchase")
    if rule.cap_per_day is not None and accrual.amount > 0:
        left = max(0, rule.cap_per_day - _given_today(rule, purchase, history))
        if accrual.amount > left:
            accrual = _capped(accrual, left, "capped_per_day")
    return accrual


def _before_caps(rule: EarningRule, purchase: PurchaseFacts, history: HistoryFacts) -> Accrual:
    if rule.minimum_amount_minor > 0:
        if purchase.amount_minor is None:
            return _nothing(rule, "no_amount")
        if purchase.amount_minor < rule.minimum_amount_minor:
            return _nothing(rule, "below_minimum", minimum_minor=rule.minimum_amount_minor)
    earning = rule.earning
    if isinstance(earning, PerAmount):
        return _per_amount(rule, earning, purchase.amount_minor)
    if isinstance(earning, PerVisit):
        return _per_visit(rule, earning, purchase, history)
    return _per_item(rule, earning, purchase.items)


def _per_amount(rule: EarningRule, earning: PerAmount, amount_minor: int | None) -> Accrual:
    if amount_minor is None:
        return _nothing(rule, "no_amount")
    step, per_step = earning.amount_minor_per_step, earning.units_per_step
    units = units_of(amount_minor, step, per_step, earning.rounding)
    facts = {"units_per_step": per_step, "step_minor": step, "amount_minor": amount_minor}
    if units == 0:
        return _nothing(rule, "below_step", **facts)
    return _given(rule, units, "per_amount", **facts)


def _per_visit(rule: EarningRule, earning: PerVisit, purchase: PurchaseFacts, history: HistoryFacts) -> Accrual:
    counted = [
        past for past in history.accrued if past.rule_id == rule.id and _too_near(earning, past, purchase, history)
    ]
    if counted:
        latest = max(past.occurred_at for past in counted)
        return _nothing(rule, "visit_counted", counted_at=latest.isoformat())
    return _given(rule, earning.units, "per_visit")


def _too_near(earning: PerVisit, past: PastAccrual, purchase: PurchaseFacts, history: HistoryFacts) -> bool:
    """Purchases may be told out of order (a till was offline), so minutes count in both directions."""
    if earning.once_per_minutes is not None:
        distance = abs(past.occurred_at - purchase.occurred_at)
        if distance < timedelta(minutes=earning.once_per_minutes):
            return True
    return earning.once_per_day and _same_day(past.occurred_at, purchase.occurred_at, history.time_zone)


def _per_item(rule: EarningRule, earning: PerItem, items: Sequence[Item]) -> Accrual:
    count = sum(item.quantity for item in items if matches(earning, item))
    if count == 0:
        return _nothing(rule, "no_matching_item")
    return _given(
        rule, count * earning.units_per_item, "per_item", items=count, units_per_item=earning.units_per_item
    )


def matches(earning: PerItem, item: Item) -> bool:
    if not earning.skus and not earning.categories:
        return True
    return item.sku in earning.skus or item.category in earning.categories


def _given_today(rule: EarningRule, purchase: PurchaseFacts, history: HistoryFacts) -> int:
    return sum(
        past.amount
        for past in history.accrued
        if past.rule_id == rule.id and _same_day(past.occurred_at, purchase.occurred_at, history.time_zone)
    )


def _capped(accrual: Accrual, units: int, code: ReasonCode) -> Accrual:
    reason = Reason(code, {"before": accrual.amount, "units": units})
    return replace(accrual, amount=units, reasons=(*accrual.reasons, reason))


def _given(rule: EarningRule, units: int, code: ReasonCode, **params: Any) -> Accrual:
    return Accrual(rule.unit_id, units, rule.id, (Reason(code, {"units": units, **params}),))


def _nothing(rule: EarningRule, code: ReasonCode, **params: Any) -> Accrual:
    return Accrual(rule.unit_id, 0, rule.id, (Reason(code, params),))


def _same_day(one: datetime, other: datetime, time_zone: str) -> bool:
    return _local_date(one, time_zone) == _local_date(other, time_zone)


def _local_date(instant: datetime, time_zone: str) -> date:
    return instant.astimezone(ZoneInfo(time_zone)).date()


def _day(instant: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """The local day of an instant, midnight to midnight; 23 or 25 hours when clocks change."""
    zone = ZoneInfo(time_zone)
    today = instant.astimezone(zone).date()
    tomorrow = today + timedelta(days=1)
    midnight = datetime.min.time()
    return datetime.combine(today, midnight, zone), datetime.combine(tomorrow, midnight, zone)

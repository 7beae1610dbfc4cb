"""What all decisions of programs share: states, reasons, accruals, rounding. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal
from uuid import UUID

from babel.core import Locale, UnknownLocaleError

Rounding = Literal["floor", "half_up", "half_even"]
ProgramKind = Literal["stamps", "points", "membership", "cashback", "multipass"]
ProgramState = Literal["draft", "active", "paused", "ended"]
ReasonCode = Literal[
    "per_amount",
    "per_percent",
    "per_visit",
    "per_item",
    "per_event",
    "by_hand",
    "promotion_multiplier",
    "promotion_bonus",
    "coupon",
    "below_step",
    "below_minimum",
    "no_amount",
    "too_little",
    "no_matching_item",
    "too_few_items",
    "visit_counted",
    "too_soon",
    "times_reached",
    "outside_dates",
    "other_hours",
    "other_location",
    "other_channel",
    "other_tier",
    "other_segment",
    "not_first_purchase",
    "other_attributes",
    "another_rule_first",
    "another_rule_better",
    "nothing_to_multiply",
    "another_promotion",
    "promotion_budget_spent",
    "promotion_limit_reached",
    "program_not_running",
    "member_suspended",
    "membership_unpaid",
    "membership_lapsed",
    "capped_per_purchase",
    "capped_per_day",
    "capped_per_week",
    "capped_per_month",
    "capped_per_year",
    "capped_per_ever",
    "capped_per_balance",
    "capped_by_budget",
    "refused_per_purchase",
    "refused_per_day",
    "refused_per_week",
    "refused_per_month",
    "refused_per_year",
    "refused_per_ever",
    "refused_per_balance",
    "tier_reached",
    "referral_referrer",
    "referral_friend",
    "referral_milestone",
    "birthday",
    "achievement",
    "reward_surrendered",
]
GAINS: Final[frozenset[ReasonCode]] = frozenset(
    {
        "per_amount",
        "per_percent",
        "per_visit",
        "per_item",
        "per_event",
        "by_hand",
        "promotion_multiplier",
        "promotion_bonus",
        "coupon",
        "referral_referrer",
        "referral_friend",
        "referral_milestone",
        "birthday",
        "achievement",
        "tier_reached",
    }
)
"""Reasons that add ``units``; capped and refused ones set the amount from ``before`` to it. No other moves it."""

_NEXT_STATES: Final[dict[ProgramState, frozenset[ProgramState]]] = {
    "draft": frozenset({"active", "ended"}),
    "active": frozenset({"paused", "ended"}),
    "paused": frozenset({"active", "ended"}),
    "ended": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why units were given, held back or not given: a code, and the values of its sentence."""

    code: ReasonCode
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accrual:
    """What one rule gives with the promotions on it, or one promotion by itself: units (zero when nothing) and why.

    The reasons stand in the order of the decision. Neither a rule nor a promotion: a cashier gave it by hand.
    """

    unit_id: UUID
    amount: int
    rule_id: UUID | None
    reasons: tuple[Reason, ...]
    promotion_id: UUID | None = None


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


def is_running(state: ProgramState, starts_at: datetime | None, ends_at: datetime | None, instant: datetime) -> bool:
    """Whether a program takes members and gives units at an instant: active, and in ``[starts_at, ends_at)``."""
    return (
        state == "active" and (starts_at is None or starts_at <= instant) and (ends_at is None or instant < ends_at)
    )


def may_become(state: ProgramState, wanted: ProgramState) -> bool:
    """Whether a program or a promotion may go from one state to another; an ended one stays ended."""
    return state == wanted or wanted in _NEXT_STATES[state]


def plural_form(count: int | Decimal, language: str) -> str:
    """The CLDR plural category of a count as it is shown: “one” and “other” in English, six categories in Arabic."""
    locale = _locale(language)
    return locale.plural_form(count if count >= 0 else -count) if locale else "other"


@lru_cache(maxsize=100)
def _locale(language: str) -> Locale | None:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None

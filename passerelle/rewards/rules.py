"""Decisions of rewards: for whom, at which price, when, how often, and why not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from passerelle.kit.days import midnight

HeldBack = Literal["not_for_this_tier", "not_yet_valid", "ended", "sold_out", "limit_reached", "spending_cap_reached"]
Period = Literal["day", "week", "month", "year"]
Fulfilment = Literal["ordered", "prepared", "shipped", "ready", "handed_over", "returned", "cancelled"]
HOLD_MINUTES: Final = 15
PERIODS: Final[tuple[Period, ...]] = ("day", "week", "month", "year")
TierBeside = Literal["tier_out_of_reach", "tier_lost_by_itself"]

_NEXT_STEPS: Final[Mapping[Fulfilment, frozenset[Fulfilment]]] = {
    "ordered": frozenset({"prepared", "shipped", "ready", "handed_over", "cancelled"}),
    "prepared": frozenset({"shipped", "ready", "handed_over", "cancelled"}),
    "shipped": frozenset({"handed_over", "returned"}),
    "ready": frozenset({"handed_over", "cancelled"}),
    "handed_over": frozenset({"returned"}),
    "returned": frozenset(),
    "cancelled": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Readiness:
    """``ready_count`` times now; ``missing`` units when the balance does not pay for one; or why it is held back."""

    ready_count: int
    missing: int
    held_back: HeldBack | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What limits a reward for one member beside the balance; None is no limit.

    ``turns``: how often the limits per customer still allow it; ``spendable``: what the spending caps leave.
    """

    stock: int | None = None
    turns: int | None = None
    spendable: int | None = None


def tier_beside(price: int, threshold: int) -> TierBeside | None:
    """What a reward that is issued by itself does to a tier by the same balance: one that begins at zero is safe."""
    if threshold == 0:
        return None
    return "tier_out_of_reach" if price <= threshold else "tier_lost_by_itself"


def affordable(active: int, price: int) -> int:
    """How often an active balance pays a price; stamps may exceed the card, so it can be more than once."""
    return max(0, active) // price


def readiness(active: int, price: int, bounds: Bounds, closed: HeldBack | None = None) -> Readiness:
    """How ready a reward is: bounded by the balance and by what else limits it.

    ``closed`` is why it cannot be had whatever the balance (tier, dates).
    """
    missing = max(0, price - active)
    held_back = closed or _held_back(price, bounds)
    if held_back is not None:
        return Readiness(0, missing, held_back)
    counts = [affordable(active, price)]
    counts += [limit for limit in (bounds.stock, bounds.turns) if limit is not None]
    if bounds.spendable is not None:
        counts.append(bounds.spendable // price)
    return Readiness(min(counts), missing)


def price_for(price: int, tier_prices: Mapping[UUID, int], tier_ids: Collection[UUID]) -> int:
    """The price for a member: the lowest of those of the tiers held, or else that of everybody."""
    return min((tier_prices[tier_id] for tier_id in tier_ids if tier_id in tier_prices), default=price)


def is_for(allowed: Collection[UUID], tier_ids: Collection[UUID]) -> bool:
    """Whether a member's tiers open a reward; a reward without tiers is for everybody."""
    return not allowed or not set(allowed).isdisjoint(tier_ids)


def closed_by_date(first_day: date | None, last_day: date | None, now: datetime, time_zone: str) -> HeldBack | None:
    """Why a reward cannot be had at an instant; its last local day counts to its end."""
    if first_day is not None and now < midnight(first_day, time_zone):
        return "not_yet_valid"
    if last_day is not None and now >= end_of_day(last_day, time_zone):
        return "ended"
    return None


def lapses_at(issued_at: datetime, days: int, time_zone: str) -> datetime:
    """When a reward issued at an instant lapses: at the end of the local day that many days later."""
    return end_of_day(issued_at.astimezone(ZoneInfo(time_zone)).date() + timedelta(days=days), time_zone)


def above_longer(limits: Mapping[Period, int] | Mapping[str, int], in_all: int | None) -> str | None:
    """Which limit could never be reached, because a longer period allows less; None when each can be."""
    told = [(f"{limits[period]} per {period}", limits[period]) for period in PERIODS if limits.get(period)]
    told += [(f"{in_all} in all", in_all)] if in_all is not None else []
    for (shorter, more), (longer, fewer) in pairwise(told):
        if more > fewer:
            return f"{shorter} can never be reached: it is {longer}. Lower the one or raise the other."
    return None


def period_start(period: Period, now: datetime, time_zone: str) -> datetime:
    """The first instant of the local day, ISO week (from Monday), month or year."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    first = {
        "day": today,
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }[period]
    return midnight(first, time_zone)


def period_end(period: Period, now: datetime, time_zone: str) -> datetime:
    """The first instant after the local day, ISO week, month or year."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    next_month = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    after = {
        "day": today + timedelta(days=1),
        "week": today + timedelta(days=7 - today.weekday()),
        "month": next_month,
        "year": today.replace(year=today.year + 1, month=1, day=1),
    }[period]
    return midnight(after, time_zone)


def end_of_day(day: date, time_zone: str) -> datetime:
    """The first instant after a local day."""
    return midnight(day + timedelta(days=1), time_zone)


def plain_code(text: str) -> str:
    """A code as it was made, from how people type it: case, blanks, hyphens and look-alike letters do not matter."""
    kept = "".join(letter for letter in text.lower() if letter.isalnum())
    return kept.translate(str.maketrans("oil", "011"))


def may_follow(state: Fulfilment, wanted: Fulfilment) -> bool:
    """Whether a thing may go from one state of fulfilment to another; the same again is harmless."""
    return state == wanted or wanted in _NEXT_STEPS[state]


def _held_back(price: int, bounds: Bounds) -> HeldBack | None:
    if bounds.stock is not None and bounds.stock <= 0:
        return "sold_out"
    if bounds.turns is not None and bounds.turns <= 0:
        return "limit_reached"
    if bounds.spendable is not None and bounds.spendable < price:
        return "spending_cap_reached"
    return None

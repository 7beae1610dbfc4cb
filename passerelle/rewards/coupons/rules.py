"""Decisions of coupons: whether one is taken and what it gives; in prose in docs/algorithms/coupons.md.

One evaluator, ``judge``, serves the preview, the hold and the redemption. It raises the first refusal that applies.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations, product
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from passerelle.kit.moments import LocalTime
from passerelle.kit.money import Money
from passerelle.rewards.coupons.errors import (
    BasketNeeded,
    BasketTooSmall,
    CampaignExhausted,
    CouponExpired,
    CouponLimitReached,
    CouponNotCombinable,
    CouponNotYetValid,
    CouponNotYours,
    CouponPaused,
    CouponUsed,
    CouponVoided,
    CustomerNeeded,
    ItemMissing,
    NotForThisChannel,
    NotForThisLocation,
    NotNow,
)
from passerelle.rewards.coupons.pieces import given_minor
from passerelle.rewards.coupons.terms import (
    AmountOff,
    BuyGet,
    FreeItem,
    GrantUnits,
    Hours,
    Limit,
    PercentOff,
    Period,
)
from passerelle.rewards.coupons.values import (
    Basket,
    BasketLine,
    Campaign,
    CampaignState,
    Count,
    CountKey,
    Coupon,
    CouponState,
    Gain,
    Promised,
    Redemption,
    Situation,
)
from passerelle.rewards.rules import above_longer

_DAY: Final = 24 * 60
_WEEK: Final = 7 * _DAY
EVER: Final = date(1970, 1, 1)
_NEXT_STATES: Final[Mapping[CampaignState, frozenset[CampaignState]]] = {
    "draft": frozenset({"active", "ended"}),
    "active": frozenset({"paused", "ended"}),
    "paused": frozenset({"active", "ended"}),
    "ended": frozenset(),
}


def may_become(state: CampaignState, wanted: CampaignState) -> bool:
    """Whether a campaign may go from one state to another; an ended one stays ended."""
    return state == wanted or wanted in _NEXT_STATES[state]


def judge(
    campaign: Campaign,
    coupon: Coupon,
    situation: Situation,
    *,
    basket: Basket | None,
    counts: Mapping[CountKey, Count],
    others: Sequence[Redemption] = (),
) -> Gain:
    """What a coupon gives here and now; raises the first refusal that applies, in the order of the document.

    ``others`` are the live redemptions of the same order. ``counts`` are those of ``keys_of``, lapsed holds left out.
    """
    require_coupon(campaign, coupon, situation.at)
    _require_holder(campaign, coupon, situation.customer_id)
    _require_situation(campaign, situation)
    _require_combinable(campaign, coupon, others)
    gain = gain_of(campaign, basket)
    _require_room(campaign, situation, gain, counts)
    return gain


def require_coupon(campaign: Campaign, coupon: Coupon, at: datetime) -> None:
    """Refuse a code that is used up or blocked, and a campaign or code outside its time."""
    if coupon.state == "voided":
        raise CouponVoided
    limit = campaign.terms.uses_per_code
    if limit is not None and coupon.uses >= limit:
        raise CouponUsed(limit=limit)
    if campaign.state == "ended":
        raise CouponExpired(on=LocalTime(campaign.ended_at or at, campaign.time_zone))
    if campaign.state in {"draft", "paused"}:
        raise CouponPaused(coupon=campaign.name)
    starts_at, ends_at = window(campaign, coupon)
    if starts_at is not None and at < starts_at:
        raise CouponNotYetValid(on=LocalTime(starts_at, campaign.time_zone))
    if ends_at is not None and ends_at <= at:
        raise CouponExpired(on=LocalTime(ends_at, campaign.time_zone))


def window(campaign: Campaign, coupon: Coupon | Promised) -> tuple[datetime | None, datetime | None]:
    """``[starts, ends)`` of a code: the campaign's window and the code's own, whichever is narrower."""
    starts = [start for start in (campaign.starts_at, coupon.starts_at) if start is not None]
    ends = [end for end in (campaign.ends_at, coupon.expires_at) if end is not None]
    return max(starts, default=None), min(ends, default=None)


def state_of(campaign: Campaign, coupon: Coupon, at: datetime) -> CouponState:
    """What a code is at an instant, for people to read; ``judge`` says whether it is taken."""
    if coupon.state == "voided":
        return "voided"
    limit = campaign.terms.uses_per_code
    if limit is not None and coupon.uses >= limit:
        return "used"
    ends_at = window(campaign, coupon)[1]
    is_over = campaign.state == "ended" or (ends_at is not None and ends_at <= at)
    return "expired" if is_over else "active"


def days_after_issue(
    issued_at: datetime, starts: int, ends: int | None, time_zone: str
) -> tuple[datetime | None, datetime | None]:
    """The code's own window: whole local days after that of its issue, midnight to midnight whatever clocks do."""
    zone = ZoneInfo(time_zone)
    issued_on = issued_at.astimezone(zone).date()
    midnight = datetime.min.time()
    opens = datetime.combine(issued_on + timedelta(days=starts), midnight, zone) if starts else None
    if ends is None:
        return opens, None
    return opens, datetime.combine(issued_on + timedelta(days=ends + 1), midnight, zone)


def gain_of(campaign: Campaign, basket: Basket | None) -> Gain:
    """What the effect gives for a basket; raises BasketNeeded, BasketTooSmall, ItemMissing, MoreItemsNeeded."""
    effect, conditions = campaign.terms.effect, campaign.terms.conditions
    if basket is None:
        looks_at_basket = conditions.minimum_basket_minor or conditions.skus or conditions.categories
        if looks_at_basket or not isinstance(effect, GrantUnits):
            raise BasketNeeded
        return Gain(units=effect.amount)
    minimum = conditions.minimum_basket_minor
    if basket.amount_minor < minimum:
        raise BasketTooSmall(
            missing=Money(minimum - basket.amount_minor, campaign.currency),
            minimum=Money(minimum, campaign.currency),
        )
    if isinstance(effect, GrantUnits):
        _eligible(basket, conditions.skus, conditions.categories)
        return Gain(units=effect.amount)
    if isinstance(effect, FreeItem):
        return _gain(_free_items(effect, basket), basket)
    if isinstance(effect, BuyGet):
        return _gain(_given_items(effect, basket), basket)
    eligible = _eligible(basket, conditions.skus, conditions.categories)
    return _gain(spread(_discount(effect, sum(eligible)), eligible), basket)


def spread(total: int, shares: Sequence[int]) -> tuple[int, ...]:
    """Split a total in proportion to the shares, exactly: by largest remainder, the earlier line first on a tie.

    No part is more than its share, as the total is no more than their sum.
    """
    whole = sum(shares)
    assert 0 <= total <= whole
    if whole == 0:
        return (0,) * len(shares)
    parts = [total * share // whole for share in shares]
    order = sorted(range(len(shares)), key=lambda index: (-(total * shares[index] % whole), index))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return tuple(parts)


def keys_of(limits: Iterable[Limit], at: datetime, time_zone: str) -> dict[CountKey, Limit]:
    """The count that each limit looks at, at an instant."""
    return {CountKey(limit.of, limit.period, period_start(limit.period, at, time_zone)): limit for limit in limits}


def period_start(period: Period, at: datetime, time_zone: str) -> date:
    """The local day on which the day, the week (Monday) or the month of an instant begins."""
    today = at.astimezone(ZoneInfo(time_zone)).date()
    if period == "day":
        return today
    if period == "week":
        return today - timedelta(days=today.weekday())
    return today.replace(day=1) if period == "month" else EVER


def is_open(hours: Sequence[Hours], at: datetime, time_zone: str) -> bool:
    """Whether the local wall clock stands within one of the hours; no hours are always open."""
    local = at.astimezone(ZoneInfo(time_zone))
    clock_time, weekday = local.strftime("%H:%M"), local.isoweekday()
    day_before = 7 if weekday == 1 else weekday - 1
    for window_ in hours:
        if window_.opens < window_.closes:
            if weekday in window_.days and window_.opens <= clock_time < window_.closes:
                return True
        elif (weekday in window_.days and clock_time >= window_.opens) or (
            day_before in window_.days and clock_time < window_.closes
        ):
            return True
    return not hours


def overlapping(hours: Sequence[Hours]) -> tuple[Hours, Hours] | None:
    """Two of the hours that have a minute of the week in common, the next morning's included."""
    for one, other in combinations(hours, 2):
        spans = product(_minutes(one), _minutes(other), (-_WEEK, 0, _WEEK))
        if any(start < to + shift and from_ + shift < end for (start, end), (from_, to), shift in spans):
            return one, other
    return None


def unreachable(limits: Sequence[Limit]) -> str | None:
    """Which limit could never be reached, because a longer period allows less; None when each can be."""
    for one, measure in product(("customer", "campaign"), ("uses", "discount_minor")):
        told: dict[str, int] = {
            limit.period: amount for limit in limits if limit.of == one and (amount := getattr(limit, measure))
        }
        fault = above_longer(told, told.get("ever"))
        if fault is not None:
            return f"{one}, {measure}: {fault}"
    return None


def _minutes(hours: Hours) -> list[tuple[int, int]]:
    """Each opening in minutes from the beginning of Monday; the end may lie in the next week."""
    opens, closes = (int(at[:2]) * 60 + int(at[3:]) for at in (hours.opens, hours.closes))
    length = (closes - opens) % _DAY or _DAY
    return [((day - 1) * _DAY + opens, (day - 1) * _DAY + opens + length) for day in hours.days]


def next_opening(hours: Sequence[Hours], at: datetime, time_zone: str) -> datetime:
    """The first instant after ``at`` at which one of the hours begins."""
    zone = ZoneInfo(time_zone)
    today = at.astimezone(zone).date()
    openings = [
        datetime.combine(day, datetime.strptime(window_.opens, "%H:%M").time(), zone)  # noqa: DTZ007  a wall time has no zone
        for window_ in hours
        for day in (today + timedelta(days=ahead) for ahead in range(8))
        if day.isoweekday() in window_.days
    ]
    return min(opening for opening in openings if opening > at)


def _require_holder(campaign: Campaign, coupon: Coupon, customer_id: UUID | None) -> None:
    terms = campaign.terms
    counts_customers = any(limit.of == "customer" for limit in terms.limits)
    asks_who = terms.holder_only or counts_customers or isinstance(terms.effect, GrantUnits)
    if asks_who and customer_id is None:
        raise CustomerNeeded
    if terms.holder_only and coupon.customer_id != customer_id:
        raise CouponNotYours


def _require_situation(campaign: Campaign, situation: Situation) -> None:
    conditions = campaign.terms.conditions
    if conditions.location_ids and situation.location_id not in conditions.location_ids:
        raise NotForThisLocation
    if conditions.channels and situation.channel not in conditions.channels:
        raise NotForThisChannel(channels=", ".join(conditions.channels))
    if not is_open(conditions.hours, situation.at, campaign.time_zone):
        opening = next_opening(conditions.hours, situation.at, campaign.time_zone)
        raise NotNow(on=LocalTime(opening, campaign.time_zone))


def _require_combinable(campaign: Campaign, coupon: Coupon, others: Sequence[Redemption]) -> None:
    alone = campaign.terms.stacking == "exclusive"
    for other in others:
        if alone or other.stacking == "exclusive" or other.coupon_id == coupon.id:
            raise CouponNotCombinable


def _require_room(campaign: Campaign, situation: Situation, gain: Gain, counts: Mapping[CountKey, Count]) -> None:
    for key, limit in keys_of(campaign.terms.limits, situation.at, campaign.time_zone).items():
        count = counts.get(key, Count())
        too_often = limit.uses is not None and count.uses >= limit.uses
        too_much = (
            limit.discount_minor is not None and count.discount_minor + gain.discount_minor > limit.discount_minor
        )
        if too_often or too_much:
            raise CouponLimitReached if limit.of == "customer" else CampaignExhausted(coupon=campaign.name)


def _eligible(basket: Basket, skus: Sequence[str], categories: Sequence[str]) -> list[int]:
    """What is left to pay of each line that the coupon applies to, 0 for the others."""
    if not basket.lines:
        if skus or categories:
            raise BasketNeeded
        eligible = [basket.amount_minor - sum(basket.taken)]
    else:
        eligible = [
            left if _matches(line, skus, categories) else 0
            for line, left in zip(basket.lines, _left(basket), strict=True)
        ]
    if not any(eligible):
        raise ItemMissing
    return eligible


def _matches(line: BasketLine, skus: Sequence[str], categories: Sequence[str]) -> bool:
    return not (skus or categories) or line.sku in skus or line.category in categories


def _discount(effect: AmountOff | PercentOff, base: int) -> int:
    if isinstance(effect, AmountOff):
        return min(effect.amount_minor, base)
    discount = base * effect.basis_points // 10_000
    return discount if effect.max_discount_minor is None else min(discount, effect.max_discount_minor)


def _free_items(effect: FreeItem, basket: Basket) -> tuple[int, ...]:
    """The cheapest matching pieces for nothing; of equal price, those of the earlier line."""
    if not basket.lines:
        raise BasketNeeded
    left = _eligible(basket, effect.skus, effect.categories)
    wanted = effect.quantity
    free = [0] * len(left)
    for index in sorted(range(len(left)), key=lambda index: (basket.lines[index].unit_amount_minor, index)):
        if left[index] > 0 and wanted > 0:
            pieces = min(wanted, basket.lines[index].quantity)
            free[index] = min(pieces * basket.lines[index].unit_amount_minor, left[index])
            wanted -= pieces
    return tuple(free)


def _given_items(effect: BuyGet, basket: Basket) -> tuple[int, ...]:
    """The share off the pieces that are given, rounded down once."""
    if not basket.lines:
        raise BasketNeeded
    costs = given_minor(effect, basket.lines, _left(basket))
    return spread(sum(costs) * effect.basis_points // 10_000, costs)


def _left(basket: Basket) -> list[int]:
    """What is left to pay of each line; nothing of discounts of the shop's own."""
    taken = basket.taken or (0,) * len(basket.lines)
    return [max(0, line.amount_minor - gone) for line, gone in zip(basket.lines, taken, strict=True)]


def _gain(parts: tuple[int, ...], basket: Basket) -> Gain:
    """Never more than what is left to pay: a basket may hold discounts of the shop's own."""
    left = basket.amount_minor - sum(basket.taken)
    total = min(sum(parts), max(0, left))
    if total == 0:
        raise ItemMissing
    parts = parts if total == sum(parts) else spread(total, parts)
    return Gain(discount_minor=total, spread=parts if basket.lines else ())

"""Decisions about codes that a purchase gives for the next one; in prose in docs/algorithms/coupons.md. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol

from passerelle.rewards.coupons.rules import days_after_issue
from passerelle.rewards.coupons.terms import AfterPurchase
from passerelle.rewards.coupons.values import Campaign, GivenSoFar, Promised


class Item(Protocol):
    """Pieces of one thing that was bought."""

    @property
    def quantity(self) -> int: ...
    @property
    def sku(self) -> str | None: ...
    @property
    def category(self) -> str | None: ...


def earns(after: AfterPurchase, amount_minor: int, items: Iterable[Item]) -> bool:
    """Whether a purchase is large enough and has what it must have; asked again of what a refund leaves of it."""
    if amount_minor < max(1, after.minimum_amount_minor):
        return False
    wanted = after.items
    if wanted is None:
        return True
    return sum(item.quantity for item in items if wanted.matches(item.sku, item.category)) >= wanted.quantity


def has_room(after: AfterPurchase, given: GivenSoFar) -> bool:
    """Whether the customer may have one more."""
    limits = ((after.per_customer, given.in_all), (after.per_day, given.on_day), (after.at_once, given.usable))
    return all(limit is None or count < limit for limit, count in limits)


def is_limited(after: AfterPurchase) -> bool:
    """Whether it matters what the customer had before."""
    return (after.per_customer, after.per_day, after.at_once) != (None, None, None)


def promise(campaign: Campaign, occurred_at: datetime, now: datetime) -> Promised | None:
    """A code that a purchase gives now, with its own window; None when the campaign leaves it no time.

    The campaign must run both when the purchase happened and now: tills without a network tell of theirs later.
    """
    starts, over = campaign.starts_at, campaign.ends_at
    if campaign.state != "active" or (starts is not None and occurred_at < starts):
        return None
    if over is not None and over <= max(occurred_at, now):
        return None
    terms = campaign.terms
    starts_at, expires_at = days_after_issue(
        now, terms.starts_days_after_issue, terms.ends_days_after_issue, campaign.time_zone
    )
    last = min((end for end in (expires_at, over) if end is not None), default=None)
    if last is not None and starts_at is not None and last <= starts_at:
        return None
    return Promised(campaign, starts_at and starts_at.astimezone(UTC), expires_at and expires_at.astimezone(UTC))

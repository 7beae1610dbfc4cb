"""Codes made one by one: for a customer, or for whoever asks. Part of the public door, service.py."""

import os
from typing import Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.kit.moments import LocalTime
from passerelle.rewards.coupons import codes, queries, rules
from passerelle.rewards.coupons.errors import CouponExpired, CouponPaused, CouponReferenceReused
from passerelle.rewards.coupons.events import CouponIssued
from passerelle.rewards.coupons.reading import campaign_of, coupon_of, index_of, seal
from passerelle.rewards.coupons.values import Campaign, Coupon

_TRIES: Final = 5


async def issue_coupon(tx: Tx, campaign_id: UUID, customer_id: UUID, reference: str) -> tuple[Campaign, Coupon]:
    """Give a customer a fresh code of a campaign.

    ``reference`` is unique within the campaign: the occasion told again answers the same coupon. Raises
    CampaignNotFound, CustomerNotFound, CustomerGone, CouponExpired when the campaign is over, and
    CouponReferenceReused when the reference is another customer's.
    """
    row = await queries.get_campaign(tx, campaign_id)
    campaign = campaign_of(row)
    await customers.hold_customer(tx, customer_id)
    known = await queries.find_coupon_by_reference(tx, campaign_id, reference)
    if known is None:
        _require_open(campaign)
        if await _issue(tx, campaign, customer_id, reference):
            issued = await queries.find_coupon_by_reference(tx, campaign_id, reference)
            coupon = coupon_of(await tx.vault.keys(tx), issued)
            fact = CouponIssued(coupon_id=coupon.id, campaign_id=campaign_id, customer_id=customer_id)
            await announce(tx, fact)
            return campaign, coupon
        known = await queries.find_coupon_by_reference(tx, campaign_id, reference)
    if known["customer_id"] != customer_id:
        raise CouponReferenceReused
    return campaign, coupon_of(await tx.vault.keys(tx), known)


async def hand_out_coupon(tx: Tx, campaign_id: UUID, reference: str) -> UUID:
    """Make a code for somebody whom nobody knows; the same reference answers the same coupon.

    Raises CampaignNotFound, CouponPaused, CouponExpired.
    """
    campaign = campaign_of(await queries.get_campaign(tx, campaign_id))
    require_handing_out(campaign)
    made = await _issue(tx, campaign, None, reference)
    coupon_id: UUID = (await queries.find_coupon_by_reference(tx, campaign_id, reference))["id"]
    if made:
        await announce(tx, CouponIssued(coupon_id=coupon_id, campaign_id=campaign_id, customer_id=None))
    return coupon_id


def require_handing_out(campaign: Campaign) -> None:
    """Refuse a campaign that is over, paused or not begun: raises CouponExpired, CouponPaused."""
    _require_open(campaign)
    if campaign.state != "active":
        raise CouponPaused(coupon=campaign.name)


async def find_handed_out(tx: Tx, campaign_id: UUID, reference: str) -> UUID | None:
    """The coupon that was made under a reference, if one was."""
    row = await queries.find_coupon_by_reference(tx, campaign_id, reference)
    return row["id"] if row is not None else None


def _require_open(campaign: Campaign) -> None:
    over_at = campaign.ended_at or campaign.ends_at
    if over_at is not None and over_at <= clock.now():
        raise CouponExpired(on=LocalTime(over_at, campaign.time_zone))


async def _issue(tx: Tx, campaign: Campaign, customer_id: UUID | None, reference: str) -> bool:
    """Make a code for a customer or for nobody known; false when the same was told at the same instant."""
    keys, now, terms = await tx.vault.keys(tx), clock.now(), campaign.terms
    starts_at, expires_at = rules.days_after_issue(
        now, terms.starts_days_after_issue, terms.ends_days_after_issue, campaign.time_zone
    )
    for canonical in codes.generate(campaign.pattern, _TRIES, os.urandom):
        made = await tx.fetchval(
            queries.ISSUE,
            *(tx.organization_id, new_id(), campaign.id, index_of(keys, canonical)),
            seal(keys, codes.written(campaign.pattern, canonical)),
            *(customer_id, reference, starts_at, expires_at, now),
        )
        if made is not None:
            return True
        if await queries.find_coupon_by_reference(tx, campaign.id, reference) is not None:
            return False
    raise AssertionError("five codes in a row were taken: the pattern has too little chance")

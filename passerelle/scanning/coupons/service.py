"""Coupons at the counter: told apart from cards, used for the basket at hand, taken back."""

from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.ids import new_id
from passerelle.rewards.coupons import service as coupons
from passerelle.rewards.coupons.schemas import CouponUse, Taken, basket_of
from passerelle.scanning import rules
from passerelle.scanning.cards import card_scanned
from passerelle.scanning.coupons.schemas import CouponRedemptionIn, CouponScanOut
from passerelle.scanning.undoing import require_undo


async def scan_coupon(tx: Tx, code: str, language: Language) -> CouponScanOut:
    """What a coupon gives; books nothing. Raises CouponUnknown, TooManyAttempts."""
    campaign, coupon = await coupons.coupon_by_code(tx, code)
    shown = coupons.held_coupon_out(campaign, coupon, language)
    terms = campaign.terms
    return CouponScanOut(
        coupon_id=coupon.id,
        campaign_id=campaign.id,
        name=shown.name,
        effect=terms.effect,
        state=shown.state,
        uses_left=None if terms.uses_per_code is None else max(0, terms.uses_per_code - coupon.uses),
        minimum_basket_minor=terms.conditions.minimum_basket_minor,
        currency=campaign.currency,
        holder_only=terms.holder_only,
        starts_at=shown.starts_at,
        expires_at=shown.expires_at,
        may=rules.coupon_actions(tx.actor.scopes, is_active=shown.state == "active" and campaign.state == "active"),
    )


async def redeem_coupon(tx: Tx, told: CouponRedemptionIn) -> Taken:
    """Use a coupon for the basket at hand; raises the refusals of cards and of coupons."""
    holder = None
    if told.card is not None:
        holder = await card_scanned(tx, told.card, "take", told.card_scanned_seconds_ago)
    use = CouponUse(
        customer_id=holder.customer_id if holder is not None else None,
        basket=basket_of(told.amount_minor, told.lines),
        currency=told.currency,
        location_id=told.location_id or tx.actor.location_id,
        channel="till",
        order_reference=told.order_reference,
    )
    return await coupons.redeem_coupon(tx, told.code, use, reference=f"scan:{told.reference or new_id()}")


async def undo_coupon(tx: Tx, redemption_id: UUID) -> Taken:
    """Give the use of a coupon back. Raises RedemptionNotFound, UndoNotYours, UndoTooLate, SpentMeanwhile."""
    redemption = await coupons.get_redemption(tx, redemption_id)
    require_undo(tx, redemption.actor, redemption.redeemed_at or redemption.counted_at)
    return await coupons.undo_redemption_by_id(tx, redemption_id)

"""Coupons at the counter, on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from passerelle.kit.wire import Outbound, Reference, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.purchases.schemas import Currency, PurchaseLine
from passerelle.rewards.coupons.schemas import BasketMinor, CampaignId, CouponId, CouponState, Effect
from passerelle.scanning.rules import Action
from passerelle.scanning.schemas import Code, ScannedSecondsAgo


class CouponScanOut(Outbound):
    """A coupon, what it gives, and until when; whether it is taken depends on the basket (see `validate`)."""

    kind: Literal["coupon"] = "coupon"
    coupon_id: CouponId
    campaign_id: CampaignId
    name: str
    effect: Effect
    state: CouponState
    uses_left: int | None
    minimum_basket_minor: int
    currency: str
    holder_only: bool
    starts_at: datetime | None
    expires_at: datetime | None
    may: list[Action]


class CouponRedemptionIn(Wire):
    """A coupon for the basket at hand; ``card`` is the customer's card, for coupons that ask who they are."""

    code: Code
    card: Code | None = None
    card_scanned_seconds_ago: ScannedSecondsAgo = 0
    amount_minor: BasketMinor | None = None
    currency: Currency | None = None
    lines: Annotated[list[PurchaseLine], Field(max_length=200, default_factory=list)]
    location_id: LocationId | None = None
    order_reference: Reference | None = None
    reference: Reference | None = None

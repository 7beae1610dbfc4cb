"""Facts of coupons; none holds a code."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class CouponCampaignCreated(Event):
    name = "coupon_campaign.created"
    campaign_id: UUID


@dataclass(frozen=True, slots=True)
class CouponCampaignChanged(Event):
    """``fields`` are what was given to change, sorted."""

    name = "coupon_campaign.changed"
    campaign_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CouponCodesMade(Event):
    """A batch ended; ``state`` is done or cancelled."""

    name = "coupon_campaign.codes_made"
    campaign_id: UUID
    batch_id: UUID
    made: int
    state: str


@dataclass(frozen=True, slots=True)
class CouponIssued(Event):
    """A code was given to one customer, by a purchase or otherwise, or by a handout link to nobody known.

    Batches are told on their own.
    """

    name = "coupon.issued"
    coupon_id: UUID
    campaign_id: UUID
    customer_id: UUID | None
    purchase_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CouponHeld(Event):
    """A use was reserved for a checkout."""

    name = "coupon.held"
    redemption_id: UUID
    coupon_id: UUID
    campaign_id: UUID
    customer_id: UUID | None
    held_until: str


@dataclass(frozen=True, slots=True)
class CouponRedeemed(Event):
    name = "coupon.redeemed"
    redemption_id: UUID
    coupon_id: UUID
    campaign_id: UUID
    customer_id: UUID | None
    discount_minor: int
    units: int
    location_id: UUID | None


@dataclass(frozen=True, slots=True)
class CouponRedemptionUndone(Event):
    """The use came back: by an undo, or because its hold lapsed (``state``)."""

    name = "coupon.redemption_undone"
    redemption_id: UUID
    coupon_id: UUID
    campaign_id: UUID
    customer_id: UUID | None
    state: str


@dataclass(frozen=True, slots=True)
class CouponVoided(Event):
    name = "coupon.voided"
    coupon_id: UUID
    campaign_id: UUID
    customer_id: UUID | None


@dataclass(frozen=True, slots=True)
class CouponKept(Event):
    """The purchase that gave the code was taken back, but the code had been used or was held for a checkout."""

    name = "coupon.kept"
    coupon_id: UUID
    campaign_id: UUID
    customer_id: UUID | None
    purchase_id: UUID


@dataclass(frozen=True, slots=True)
class CouponExpired(Event):
    """The time of a coupon that somebody held is over."""

    name = "coupon.expired"
    coupon_id: UUID
    campaign_id: UUID
    customer_id: UUID

"""Coupons between domains: values that services pass and rules judge, made from rows and never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from passerelle.kit.actors import Actor
from passerelle.programs.schemas import Accrued
from passerelle.purchases.schemas import Channel, Purchase
from passerelle.rewards.coupons.codes import CodePattern
from passerelle.rewards.coupons.terms import AfterPurchase, LimitOf, Period, Terms

CampaignState = Literal["draft", "active", "paused", "ended"]
StoredState = Literal["active", "voided", "expired"]
CouponState = Literal["active", "used", "voided", "expired"]
RedemptionState = Literal["held", "redeemed", "undone", "lapsed"]
BatchState = Literal["queued", "running", "done", "cancelled"]
BatchKind = Literal["generated", "imported"]
WHOLE_CAMPAIGN: Final = UUID(int=0)
"""Stands for the customer where a count is of the whole campaign."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A coupon campaign. Its time zone and currency are its program's, or the organization's."""

    id: UUID
    name: str
    names: Mapping[str, str]
    state: CampaignState
    program_id: UUID | None
    currency: str
    time_zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    pattern: CodePattern
    terms: Terms
    created_at: datetime
    template_id: UUID | None = None
    after_purchase: AfterPurchase | None = None

    def name_in(self, language: str) -> str:
        """The name for a reader, or the name as the shop gave it."""
        return self.names.get(language) or self.names.get(language.split("-", maxsplit=1)[0]) or self.name


@dataclass(frozen=True, slots=True)
class Coupon:
    """One code of a campaign; ``code`` is how it is written. ``uses`` counts redemptions and holds.

    ``state`` is what is stored: ``expired`` only remembers that this was told; the window decides. ``purchase_id`` is
    the purchase that gave it, ``given_on`` the day of that, ``withdrawn_at`` when that was taken back.
    """

    id: UUID
    campaign_id: UUID
    code: str = field(repr=False)
    customer_id: UUID | None
    state: StoredState
    uses: int
    starts_at: datetime | None
    expires_at: datetime | None
    issued_at: datetime
    purchase_id: UUID | None = None
    given_on: date | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase with what it earned; told by an ``actor`` if it is not the transaction's."""

    purchase: Purchase
    accrued: Sequence[Accrued]
    actor: Actor | None = None

    @property
    def is_replayed(self) -> bool:
        """Whether it was told before."""
        return self.purchase.replayed or any(one.replayed for one in self.accrued)


@dataclass(frozen=True, slots=True)
class Promised:
    """A code that a purchase would give, with its window."""

    campaign: Campaign
    starts_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class GivenSoFar:
    """How many codes of a campaign purchases gave a customer: in all, on one day, and how many can still be used."""

    in_all: int = 0
    on_day: int = 0
    usable: int = 0


@dataclass(frozen=True, slots=True)
class BasketLine:
    """Pieces of one thing at one price; a negative price is a discount of the shop's own."""

    unit_amount_minor: int
    quantity: int = 1
    sku: str | None = None
    category: str | None = None

    @property
    def amount_minor(self) -> int:
        """What the line costs before coupons."""
        return self.quantity * self.unit_amount_minor


@dataclass(frozen=True, slots=True)
class Basket:
    """What is about to be bought. Without lines only the amount is known.

    ``taken`` is what other coupons of the same order took off each line already (one entry without lines).
    """

    amount_minor: int
    lines: tuple[BasketLine, ...] = ()
    taken: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """When, where and for whom a coupon is shown."""

    at: datetime
    customer_id: UUID | None = None
    location_id: UUID | None = None
    channel: Channel = "api"


@dataclass(frozen=True, slots=True)
class CountKey:
    """What a count is of: a customer or the whole campaign, in the period that begins on a local day."""

    of: LimitOf
    period: Period
    starts_on: date


@dataclass(frozen=True, slots=True)
class Count:
    """Uses and discount so far."""

    uses: int = 0
    discount_minor: int = 0


@dataclass(frozen=True, slots=True)
class Gain:
    """What a coupon gives: a discount, spread over the lines of the basket, or units."""

    discount_minor: int = 0
    spread: tuple[int, ...] = ()
    units: int = 0


@dataclass(frozen=True, slots=True)
class Redemption:
    """One use of a coupon: held for a checkout, redeemed, given back (undone), or lapsed after its hold."""

    id: UUID
    campaign_id: UUID
    coupon_id: UUID
    customer_id: UUID | None
    membership_id: UUID | None
    reference: str
    order_reference: str | None
    request_digest: bytes = field(repr=False)
    state: RedemptionState
    stacking: Literal["exclusive", "combinable"]
    basket_digest: bytes | None = field(repr=False)
    basket_minor: int | None
    discount_minor: int
    spread: tuple[int, ...]
    units: int
    currency: str
    location_id: UUID | None
    channel: Channel
    actor: str
    counted_at: datetime
    held_until: datetime | None
    redeemed_at: datetime | None
    undone_at: datetime | None

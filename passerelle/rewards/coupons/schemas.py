"""Coupons on the wire; the values that services pass (values.py) are given out here, too."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from passerelle.customers.schemas import CustomerId
from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Instant, Outbound, Reference, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.schemas import (
    AccruedOut,
    Label,
    MembershipId,
    ProgramId,
    TemplateId,
    Translations,
    require_window,
)
from passerelle.purchases.schemas import Channel, Currency, PurchaseId, PurchaseLine
from passerelle.rewards.coupons.codes import CodePattern
from passerelle.rewards.coupons.terms import MAX_MINOR, AfterPurchase, Effect, Terms
from passerelle.rewards.coupons.values import (
    Basket,
    BasketLine,
    BatchKind,
    BatchState,
    Bought,
    Campaign,
    CampaignState,
    Coupon,
    CouponState,
    Gain,
    Redemption,
    RedemptionState,
)

__all__ = ["Bought", "Campaign", "CodePattern", "Coupon", "CouponState", "Effect", "Gain", "Redemption", "Terms"]

CampaignId = Annotated[UUID, WireId("ccm")]
CouponId = Annotated[UUID, WireId("cpn")]
BatchId = Annotated[UUID, WireId("cbt")]
RedemptionId = Annotated[UUID, WireId("crd")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=200)]
BasketMinor = Annotated[WholeNumber, Field(ge=0, le=MAX_MINOR, description="Whole minor units, before coupons.")]


class CampaignIn(Wire):
    """A new campaign. Its terms are judged in the zone and currency of ``program_id``, or of the organization.

    ``template_id`` is the design of its cards; without, one is made with the first card. With ``after_purchase``,
    purchases give their buyers a code for the next one.
    """

    name: Label
    names: Annotated[Translations, Field(default_factory=dict)]
    terms: Terms
    pattern: CodePattern = CodePattern()
    program_id: ProgramId | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    template_id: TemplateId | None = None
    after_purchase: AfterPurchase | None = None
    state: Literal["draft", "active"] = "active"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        require_window(self.starts_at, self.ends_at)
        return self


class CampaignChange(Wire):
    """Fields left out stay as they are; null takes a start, an end, the design or the giving after purchases away.

    Terms are replaced whole, and so is ``after_purchase``.

    Another design is for new cards; those that are out keep theirs.
    """

    name: Label | None = None
    names: Translations | None = None
    terms: Terms | None = None
    pattern: CodePattern | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    template_id: TemplateId | None = None
    after_purchase: AfterPurchase | None = None
    state: CampaignState | None = None


class CampaignOut(Outbound):
    """``codes`` are those asked for in batches and imported, used ones included.

    ``given`` are those that purchases gave of the ``stock`` of ``after_purchase``; null without one.
    """

    id: CampaignId
    name: str
    names: dict[str, str]
    state: CampaignState
    program_id: ProgramId | None
    currency: str
    time_zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    pattern: CodePattern
    terms: Terms
    template_id: TemplateId | None
    after_purchase: AfterPurchase | None
    codes: int
    given: int | None
    created_at: datetime


class TermsTrialIn(Wire):
    """Terms that nobody has saved, and a purchase that was made."""

    terms: Terms
    purchase_id: PurchaseId
    program_id: ProgramId | None = None


class TermsTrialOut(Outbound):
    """What a code of these terms would have given for the purchase; ``why_not`` is what the till would have said."""

    currency: str
    discount_minor: int
    units: int
    why_not: str | None


class GenerateIn(Wire):
    """How many codes to make."""

    count: Annotated[WholeNumber, Field(ge=1, le=1_000_000)]


class ImportIn(Wire):
    """Codes of the shop's own, at most 100,000 at once."""

    codes: Annotated[list[Annotated[str, StringConstraints(max_length=200)]], Field(min_length=1, max_length=100_000)]


class BatchOut(Outbound):
    """How far a batch is: ``made`` of ``requested``."""

    id: BatchId
    campaign_id: CampaignId
    kind: BatchKind
    requested: int
    made: int
    state: BatchState
    created_at: datetime
    finished_at: datetime | None


class RowError(Outbound):
    """A row of an import that was left out; rows count from 1, the header included."""

    row: int
    reason: Literal["empty", "illegal_character", "too_short", "too_long", "repeated", "exists"]
    message: str


class ImportedOut(Outbound):
    """What an import made and what it left out; at most a thousand errors are listed."""

    batch: BatchOut
    imported: int
    left_out: int
    errors: list[RowError]


class IssueIn(Wire):
    """Whose coupon it becomes; the same ``reference`` answers the same coupon."""

    customer_id: CustomerId
    reference: Reference | None = None


class CouponOut(Outbound):
    """One code; ``starts_at`` and ``expires_at`` hold its own window and the campaign's, whichever is narrower.

    ``purchase_id`` is the purchase that gave it, ``given_on`` the day of that.
    """

    id: CouponId
    campaign_id: CampaignId
    code: str
    customer_id: CustomerId | None
    state: CouponState
    uses: int
    starts_at: datetime | None
    expires_at: datetime | None
    issued_at: datetime
    purchase_id: PurchaseId | None
    given_on: date | None


class HeldCouponOut(CouponOut):
    """A coupon that a customer holds, with what it gives."""

    name: str
    effect: Effect
    uses_per_code: int | None


class PromisedCouponOut(Outbound):
    """A coupon that a purchase would give for the next one; ``text`` says so to the customer."""

    campaign_id: CampaignId
    name: str
    effect: Effect
    benefit: str
    starts_at: datetime | None
    expires_at: datetime | None
    text: str


class GivenCouponOut(PromisedCouponOut):
    """A coupon that a purchase gave for the next one, with its code."""

    coupon_id: CouponId
    code: str


class PreviewOut(Outbound):
    """What a purchase would earn in each program, empty for a customer without one; and the coupons it would give."""

    items: list[AccruedOut]
    coupons: list[PromisedCouponOut]


class UseIn(Wire):
    """Where, for whom and for what a code is shown. With ``lines``, the amount may be left out; if both are sent,
    the lines add up to it.

    Codes of one ``order_reference`` are computed one after the other on the same basket.
    """

    customer_id: CustomerId | None = None
    amount_minor: BasketMinor | None = None
    currency: Currency | None = None
    lines: Annotated[list[PurchaseLine], Field(max_length=200, default_factory=list)]
    location_id: LocationId | None = None
    channel: Channel = "api"
    order_reference: Reference | None = None


class RedeemIn(UseIn):
    """``reference`` makes the use unique: told again, it answers what happened the first time."""

    reference: Reference | None = None


class HoldIn(UseIn):
    """A use to reserve; redeem it with the same reference and basket before the hold lapses."""

    reference: Reference


class UndoIn(Wire):
    """Which use to give back."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class CouponUse:
    """One use between domains; ``basket`` is None when nothing is known of it."""

    customer_id: UUID | None = None
    basket: Basket | None = None
    currency: str | None = None
    location_id: UUID | None = None
    channel: Channel = "api"
    order_reference: str | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a code would give now."""

    campaign: Campaign
    coupon: Coupon
    gain: Gain


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome of holding, redeeming or undoing; ``replayed``: it was so already, and nothing moved."""

    campaign: Campaign
    redemption: Redemption
    replayed: bool = False


def basket_of(amount_minor: int | None, lines: list[PurchaseLine]) -> Basket | None:
    """The basket that was sent, if any."""
    if amount_minor is None and not lines:
        return None
    known = tuple(BasketLine(line.unit_amount_minor, line.quantity, line.sku, line.category) for line in lines)
    total = sum(line.amount_minor for line in known) if amount_minor is None else amount_minor
    return Basket(total, known)


class QuoteOut(Outbound):
    """What a code would give now. ``line_discounts_minor`` are in the order of the lines."""

    coupon_id: CouponId
    campaign_id: CampaignId
    name: str
    effect: Effect
    discount_minor: int
    line_discounts_minor: list[int]
    units: int
    currency: str
    uses_left: int | None
    expires_at: datetime | None

    @classmethod
    def of(cls, quoted: Quoted, expires_at: datetime | None, language: Language) -> Self:
        """A quote in a reader's language."""
        per_code = quoted.campaign.terms.uses_per_code
        return cls(
            coupon_id=quoted.coupon.id,
            campaign_id=quoted.campaign.id,
            name=quoted.campaign.name_in(language),
            effect=quoted.campaign.terms.effect,
            discount_minor=quoted.gain.discount_minor,
            line_discounts_minor=list(quoted.gain.spread),
            units=quoted.gain.units,
            currency=quoted.campaign.currency,
            uses_left=None if per_code is None else per_code - quoted.coupon.uses,
            expires_at=expires_at,
        )


class RedemptionOut(Outbound):
    """One use of a code. ``line_discounts_minor`` are in the order of the lines."""

    id: RedemptionId
    coupon_id: CouponId
    campaign_id: CampaignId
    name: str
    reference: str
    order_reference: str | None
    state: RedemptionState
    discount_minor: int
    line_discounts_minor: list[int]
    units: int
    currency: str
    customer_id: CustomerId | None
    membership_id: MembershipId | None
    location_id: LocationId | None
    held_until: datetime | None
    redeemed_at: datetime | None
    undone_at: datetime | None

    @classmethod
    def of(cls, campaign: Campaign, redemption: Redemption, language: Language) -> Self:
        """A redemption in a reader's language."""
        fields: dict[str, Any] = {
            name: getattr(redemption, name) for name in cls.model_fields if hasattr(redemption, name)
        }
        spread = list(redemption.spread)
        return cls(**fields, name=campaign.name_in(language), line_discounts_minor=spread)


class FoundCouponOut(HeldCouponOut):
    """A code that was looked for, with its last uses, newest first."""

    redemptions: list[RedemptionOut]

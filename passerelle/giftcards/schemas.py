"""Gift cards between domains and on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from passerelle.customers.schemas import CustomerId
from passerelle.giftcards.rules import (
    AMOUNT,
    MAX_AMOUNT_MINOR,
    MAX_HOLD,
    NEEDS_REASON,
    OWN_CODE,
    Figures,
    Kind,
    Offer,
    State,
)
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Instant, Name, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId


def _require_digits(pin: SecretStr) -> SecretStr:
    """A pattern of pydantic cannot look into a secret."""
    secret = pin.get_secret_value()
    if not (secret.isascii() and secret.isdigit()):
        raise ValueError("A PIN has digits only.")
    return pin


GiftCardProductId = Annotated[UUID, WireId("gcp")]
GiftCardId = Annotated[UUID, WireId("gft")]
GiftCardActivityId = Annotated[UUID, WireId("gca")]
GiftCardHoldId = Annotated[UUID, WireId("gch")]
TemplateId = Annotated[UUID, WireId("tpl")]
HoldState = Literal["held", "captured", "released", "expired"]

Currency = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{3}$")]
AmountMinor = Annotated[
    WholeNumber, Field(ge=1, le=MAX_AMOUNT_MINOR, description="Whole minor units: 450 EUR is € 4.50.")
]
ImportedMinor = Annotated[WholeNumber, Field(ge=0, le=MAX_AMOUNT_MINOR)]
Months = Annotated[WholeNumber, Field(ge=1, le=1_200)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
ReasonText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=NO_NUL)]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
Translations = Annotated[dict[LanguageTag, Name], Field(max_length=20)]
Pin = Annotated[
    SecretStr,
    Field(min_length=4, max_length=12, json_schema_extra={"pattern": "^[0-9]+$"}),
    AfterValidator(_require_digits),
]
TypedCode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    Field(repr=False, description="As read or typed: case, blanks and hyphens do not matter."),
]
OwnCode = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=64, pattern=OWN_CODE)] | None,
    Field(repr=False, description="A code that is printed already: 8 to 40 letters and digits, blanks, hyphens."),
]
PersonName = Annotated[Name | None, Field(repr=False)]
Message = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=NO_NUL)] | None, Field(repr=False)
]


@dataclass(frozen=True, slots=True)
class GiftCard:
    """A card as the verbs see it; contact data and code stay sealed."""

    id: UUID
    product_id: UUID
    state: State
    currency: str
    is_foreign: bool
    last_four: str
    has_pin: bool
    lapses_at: datetime | None
    activated_at: datetime | None
    deliver_at: datetime | None
    offer: Offer
    expires_after_months: int | None


@dataclass(frozen=True, slots=True)
class GiftCardFacts:
    """What a gift card says to whoever holds it."""

    id: UUID
    product_id: UUID
    product_names: Mapping[str, str]
    product_name: str
    template_id: UUID | None
    state: State
    currency: str
    balance_minor: int
    available_minor: int
    lapses_at: datetime | None
    code: str = field(repr=False)
    last_four: str
    sender_name: str | None = field(repr=False)
    recipient_name: str | None = field(repr=False)
    message: str | None = field(repr=False)

    def name_in(self, language: str) -> str:
        """The product's name for a reader, or as the shop gave it."""
        return self.product_names.get(language) or self.product_name


@dataclass(frozen=True, slots=True)
class NewActivity:
    """Something that should happen to a card. ``pin_proven``: whoever asks has shown the PIN, if there is one.

    ``redemption_id`` goes with REFUND, ``other_gift_card_id`` with transfers, ``hold_id`` with a capture,
    ``lapses_at`` with IMPORT.
    """

    type: Kind
    reference: str
    amount_minor: int | None = None
    currency: str | None = None
    reason: str | None = None
    allow_partial: bool = False
    redemption_id: UUID | None = None
    other_gift_card_id: UUID | None = None
    hold_id: UUID | None = None
    location_id: UUID | None = None
    lapses_at: datetime | None = None
    pin_proven: bool = False


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened to a card: ``amount_minor`` is signed, ``balance_minor`` is after it."""

    id: UUID
    gift_card_id: UUID
    type: Kind
    amount_minor: int
    balance_minor: int
    asked_minor: int | None
    transfer_id: UUID | None
    reference: str
    reason: str | None
    redemption_id: UUID | None
    other_gift_card_id: UUID | None
    hold_id: UUID | None
    location_id: UUID | None
    actor: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Acted:
    """An activity, the card after it and what it holds. ``replayed``: it was told before, and nothing moved."""

    activity: Activity
    card: GiftCard
    figures: Figures
    replayed: bool = False


class Amounts(Wire):
    """Either fixed ``amounts_minor``, or any amount from ``minimum_minor`` to ``maximum_minor``."""

    amounts_minor: Annotated[list[AmountMinor], Field(max_length=50)] | None = None
    minimum_minor: AmountMinor | None = None
    maximum_minor: AmountMinor | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        bounds = (self.minimum_minor, self.maximum_minor)
        if bool(self.amounts_minor) == (bounds != (None, None)):
            raise ValueError("Give either amounts_minor, or minimum_minor and maximum_minor.")
        low, high = bounds
        if (low is None) != (high is None) or (low is not None and high is not None and low > high):
            raise ValueError("minimum_minor and maximum_minor go together, the lower one first.")
        if self.amounts_minor is not None and len(set(self.amounts_minor)) != len(self.amounts_minor):
            raise ValueError("An amount stands in amounts_minor once.")
        return self


class GiftCardProductIn(Wire):
    """What is sold. Without ``currency`` it is the organization's; another one needs ``foreign_currency``.

    ``expires_after_months``: each amount lapses so many months after it was loaded; null is never. What the law
    allows differs by country: see docs/algorithms/giftcards.md. Without ``max_balance_minor`` it is 10,000 in major
    units. ``template_id`` is the design of its wallet cards; without, one is made with the first.
    """

    name: Name
    names: Annotated[Translations, Field(default_factory=dict)]
    currency: Currency | None = None
    foreign_currency: bool = False
    amounts: Amounts
    expires_after_months: Months | None = None
    reloadable: bool = True
    max_balance_minor: AmountMinor | None = None
    template_id: TemplateId | None = None
    active: bool = True


class GiftCardProductChange(Wire):
    """Fields left out stay as they are; null of ``expires_after_months`` is never, for what is loaded from now on.

    Another design (``template_id``) is for new wallet cards; null has one made with the next.
    """

    name: Name | None = None
    names: Translations | None = None
    amounts: Amounts | None = None
    expires_after_months: Months | None = None
    reloadable: bool | None = None
    max_balance_minor: AmountMinor | None = None
    template_id: TemplateId | None = None
    active: bool | None = None


class GiftCardProductOut(BaseModel):
    id: GiftCardProductId
    name: str
    names: dict[str, str]
    currency: str
    foreign_currency: bool
    amounts: Amounts
    expires_after_months: int | None
    reloadable: bool
    max_balance_minor: int
    template_id: TemplateId | None
    active: bool
    created_at: datetime


class GiftCardIn(Wire):
    """A new card. With ``amount_minor`` it is sold now and active at once; without, it waits for ACTIVATE.

    ``code`` is for cards that are printed already; without, one is made. ``customer_id`` is who bought it.
    ``deliver_at`` is when the recipient should hear of it. ``reference`` names the sale, as in activities.
    """

    product_id: GiftCardProductId
    amount_minor: AmountMinor | None = None
    currency: Currency | None = None
    code: OwnCode = None
    pin: Pin | None = None
    customer_id: CustomerId | None = None
    sender_name: PersonName = None
    recipient_name: PersonName = None
    recipient_email: Annotated[EmailStr | None, Field(repr=False)] = None
    message: Message = None
    deliver_at: Instant | None = None
    reference: Reference | None = None
    location_id: LocationId | None = None


class GiftCardChange(Wire):
    """Fields left out stay as they are; null forgets them."""

    sender_name: PersonName = None
    recipient_name: PersonName = None
    recipient_email: Annotated[EmailStr | None, Field(repr=False)] = None
    message: Message = None
    deliver_at: Instant | None = None


class LapseOut(BaseModel):
    """How much of the balance lapses when."""

    at: datetime
    amount_minor: int


class GiftCardOut(BaseModel):
    """A card. ``available_minor`` may be spent: the balance less what is held.

    ``expired_minor`` is what lapsed so far. Sender, recipient and message are shown to those who may see customers.
    """

    id: GiftCardId
    product_id: GiftCardProductId
    product_name: str
    state: State
    currency: str
    last_four: str
    has_pin: bool
    balance_minor: int
    held_minor: int
    available_minor: int
    expired_minor: int
    lapses_at: Annotated[datetime | None, Field(description="When all of it has lapsed; null is never.")]
    customer_id: CustomerId | None
    sender_name: Annotated[str | None, Field(repr=False)] = None
    recipient_name: Annotated[str | None, Field(repr=False)] = None
    recipient_email: Annotated[str | None, Field(repr=False)] = None
    message: Annotated[str | None, Field(repr=False)] = None
    deliver_at: datetime | None
    created_at: datetime
    activated_at: datetime | None


class GiftCardDetail(GiftCardOut):
    """A card with what lapses next."""

    lapses: list[LapseOut]


class GiftCardCreatedOut(GiftCardOut):
    """A new card with its code, which lists and logs never show."""

    code: Annotated[str, Field(repr=False)]


class CodeOut(BaseModel):
    code: Annotated[str, Field(repr=False)]


class LookupIn(Wire):
    """A code in the body, for addresses end up in logs."""

    code: TypedCode


class ActivityIn(Wire):
    """Something that should happen to a card.

    ``amount_minor`` goes with ACTIVATE, LOAD, REDEEM, ADJUST_INCREMENT, ADJUST_DECREMENT, REFUND,
    UNLINKED_ACTIVITY_REFUND and IMPORT. ``redemption_id`` goes with REFUND, ``gift_card_id`` (the other card) with
    transfers. ``reference`` makes it unique for the card: told again, it answers the first time again.
    """

    type: Kind
    amount_minor: ImportedMinor | None = None
    currency: Currency | None = None
    reference: Reference | None = None
    reason: ReasonText | None = None
    allow_partial: bool = False
    pin: Pin | None = None
    redemption_id: GiftCardActivityId | None = None
    gift_card_id: GiftCardId | None = None
    location_id: LocationId | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (AMOUNT[self.type] == "given") != (self.amount_minor is not None):
            needed = "needs amount_minor" if self.amount_minor is None else "takes no amount_minor"
            raise ValueError(f"{self.type} {needed}.")
        if self.amount_minor == 0 and self.type != "IMPORT":
            raise ValueError("amount_minor must be above zero.")
        if self.type in NEEDS_REASON and self.reason is None:
            raise ValueError(f"{self.type} needs a reason.")
        if (self.type == "REFUND") != (self.redemption_id is not None):
            raise ValueError("REFUND, and nothing else, needs redemption_id.")
        if self.type.startswith("TRANSFER_") != (self.gift_card_id is not None):
            raise ValueError("Transfers, and nothing else, need gift_card_id: the other card.")
        if self.allow_partial and self.type != "REDEEM":
            raise ValueError("allow_partial goes with REDEEM.")
        return self


class ActivityOut(BaseModel):
    """What happened. ``amount_minor`` is signed: money onto the card is positive.

    ``still_to_pay_minor`` is what a partial redemption left to be paid otherwise.
    """

    model_config = ConfigDict(from_attributes=True)

    id: GiftCardActivityId
    gift_card_id: GiftCardId
    type: Kind
    amount_minor: int
    balance_minor: Annotated[int, Field(description="The card's balance after this.")]
    still_to_pay_minor: int
    reference: str
    reason: str | None
    redemption_id: GiftCardActivityId | None
    other_gift_card_id: GiftCardId | None
    hold_id: GiftCardHoldId | None
    location_id: LocationId | None
    actor: str
    occurred_at: datetime

    @classmethod
    def of(cls, activity: Activity) -> Self:
        """An activity as it goes over the wire."""
        fields = {name: getattr(activity, name) for name in cls.model_fields if name != "still_to_pay_minor"}
        asked = activity.asked_minor
        return cls(**fields, still_to_pay_minor=0 if asked is None else asked + activity.amount_minor)


class ActedOut(ActivityOut):
    """What happened, and the card after it."""

    state: State
    currency: str
    available_minor: int

    @classmethod
    def after(cls, acted: Acted) -> Self:
        """An activity with the card as it stands."""
        told = ActivityOut.of(acted.activity)
        card = {"state": acted.card.state, "currency": acted.card.currency}
        return cls(**dict(told), **card, available_minor=acted.figures.available_minor)


class HoldIn(Wire):
    """An amount to set aside for ``seconds``; the reference makes it unique for the card."""

    amount_minor: AmountMinor
    currency: Currency | None = None
    seconds: Annotated[WholeNumber, Field(ge=60, le=int(MAX_HOLD.total_seconds()))] = 3_600
    pin: Pin | None = None
    reference: Reference | None = None


class CaptureIn(Wire):
    """Take what was held: all of it, or less; the rest is free again."""

    amount_minor: AmountMinor | None = None
    location_id: LocationId | None = None


class HoldOut(BaseModel):
    """An amount that is set aside; ``expired`` once its time is over, without anybody's doing."""

    id: GiftCardHoldId
    gift_card_id: GiftCardId
    amount_minor: int
    captured_minor: int | None
    state: HoldState
    reference: str
    created_at: datetime
    expires_at: datetime


class CapturedOut(BaseModel):
    """A captured hold and the redemption that it became."""

    hold: HoldOut
    activity: ActedOut


class ImportIn(Wire):
    """Cards that are printed already, as CSV with a header: ``code,amount_minor`` and, if wanted, ``pin,lapses_at``.

    All rows or none: when one has a fault, the answer lists the faults and nothing is imported. ``dry_run``
    only looks.
    """

    product_id: GiftCardProductId
    csv: Annotated[str, Field(min_length=1, max_length=200_000, repr=False)]
    dry_run: bool = False


class RowFault(BaseModel):
    """What is wrong with one row, in the caller's language; the header is row 1. Values are never repeated."""

    row: int
    field: str
    code: str
    message: str


class ImportOut(BaseModel):
    """How many rows were read and imported, and the faults that kept them out."""

    rows: int
    imported: int
    total_minor: int
    faults: list[RowFault]


class GiftCardLiabilityRow(BaseModel):
    """What gift cards of a currency owe that lapses in a month (``2026-12``), or ``never``."""

    currency: str
    month: str
    liability_minor: int


class GiftCardLiabilityOut(BaseModel):
    """What gift cards owe at face value, at ``as_of`` or now; ``totals_minor`` are by currency."""

    as_of: datetime | None
    totals_minor: dict[str, int]
    rows: list[GiftCardLiabilityRow]

"""Gift cards between domains and on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import EmailStr, Field

from passerelle.customers.schemas import CustomerId
from passerelle.giftcards.rules import Offer, State
from passerelle.giftcards.schemas.values import (
    AmountMinor,
    Currency,
    GiftCardId,
    GiftCardProductId,
    Message,
    OwnCode,
    PersonName,
    Pin,
    TypedCode,
)
from passerelle.kit.wire import Instant, Outbound, Reference, Wire
from passerelle.organizations.schemas import LocationId


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


class LapseOut(Outbound):
    """How much of the balance lapses when."""

    at: datetime
    amount_minor: int


class GiftCardOut(Outbound):
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


class CodeOut(Outbound):
    code: Annotated[str, Field(repr=False)]


class LookupIn(Wire):
    """A code in the body, for addresses end up in logs."""

    code: TypedCode

"""Purchases between domains and on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from passerelle.customers.schemas import CustomerId
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Outbound, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId

PurchaseId = Annotated[UUID, WireId("pur")]
Channel = Literal["till", "online", "api"]
RefundId = Annotated[UUID, WireId("ref")]
PurchaseState = Literal["recorded", "refunded", "voided"]
LineKind = Literal["item", "discount", "shipping", "tip", "gift_card", "reward", "fee"]
"""``gift_card`` is one that is bought, ``reward`` what loyalty pays for, given or taken off."""
Currency = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{3}$")]
ExternalReference = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_NUL)
]
ItemCode = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=NO_NUL)]
Quantity = Annotated[WholeNumber, Field(ge=1, le=10_000)]
AmountMinor = Annotated[
    WholeNumber, Field(ge=-(10**12), le=10**12, description="Whole minor units: 450 EUR is € 4.50.")
]


PartMinor = Annotated[WholeNumber, Field(ge=0, le=10**12)]


class PurchaseLine(Wire):
    """One line of the basket.

    A discount is a line with a negative price, which is its ``kind`` when none is given. Goods by weight are one
    item with the price of the piece. ``tax_minor`` is the tax that is contained in the whole line.
    """

    name: Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
    quantity: Quantity = 1
    unit_amount_minor: AmountMinor
    sku: ItemCode | None = None
    category: ItemCode | None = None
    kind: LineKind = "item"
    tax_minor: AmountMinor | None = None

    @model_validator(mode="before")
    @classmethod
    def _kind_of_negative(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("kind") is None:
            amount = given.get("unit_amount_minor")
            return given | {"kind": "discount" if isinstance(amount, int) and amount < 0 else "item"}
        return given


class PaidWith(Wire):
    """Which part of the amount was not paid with money: by points, or by a gift card."""

    model_config = ConfigDict(frozen=True)

    points_minor: PartMinor = 0
    gift_card_minor: PartMinor = 0


PAID_WITH_MONEY: Final = PaidWith()


@dataclass(frozen=True, slots=True)
class NewPurchase:
    """A purchase to record; without ``currency`` it is in the organization's, without ``occurred_at`` it is now.

    ``tax_minor`` is the tax contained in the amount; None where it is not known, and then that of the lines.
    """

    customer_id: UUID
    amount_minor: int
    currency: str | None = None
    lines: tuple[PurchaseLine, ...] = ()
    location_id: UUID | None = None
    channel: Channel = "api"
    occurred_at: datetime | None = None
    external_reference: str | None = None
    tax_minor: int | None = None
    paid_with: PaidWith = PAID_WITH_MONEY


@dataclass(frozen=True, slots=True)
class Paid:
    """What one purchase came to, for those who add up: net of what was paid back."""

    customer_id: UUID
    location_id: UUID | None
    occurred_at: datetime
    net_minor: int


class Purchase(Outbound):
    """A purchase as it was told; ``replayed`` when its external reference had been recorded before.

    ``has_others`` when the customer was known to have another one as this was recorded.
    ``refunded_minor`` is what was paid back of it so far; ``refunded`` when that is all.
    """

    id: PurchaseId
    customer_id: CustomerId
    amount_minor: int
    currency: str
    tax_minor: int | None
    paid_with: PaidWith
    lines: list[PurchaseLine]
    location_id: LocationId | None
    actor: str
    channel: Channel
    external_reference: str | None
    state: PurchaseState
    occurred_at: datetime
    recorded_at: datetime
    voided_at: datetime | None
    refunded_minor: int = 0
    replayed: Annotated[bool, Field(exclude=True)] = False
    has_others: Annotated[bool, Field(exclude=True)] = False


class ReturnedLine(Wire):
    """Items that came back: of which line of the purchase (``line`` counts from 0, or its ``sku``), and how many."""

    line: Annotated[WholeNumber, Field(ge=0, le=199)] | None = None
    sku: ItemCode | None = None
    quantity: Quantity = 1

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.line is None) == (self.sku is None):
            raise ValueError("Name the line by “line” or by “sku”, one of them.")
        return self


@dataclass(frozen=True, slots=True)
class NewRefund:
    """A refund to record: an amount, items, or both; with neither, everything that is left."""

    amount_minor: int | None = None
    currency: str | None = None
    lines: tuple[ReturnedLine, ...] = ()
    reference: str | None = None
    reason: str | None = None
    location_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReturnedItem:
    """Items of one line of the basket that came back."""

    line: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Refund:
    """One slice of a purchase that was paid back."""

    id: UUID
    purchase_id: UUID
    position: int
    amount_minor: int
    lines: tuple[ReturnedItem, ...]
    reference: str | None
    reason: str | None
    location_id: UUID | None
    actor: str
    refunded_at: datetime


@dataclass(frozen=True, slots=True)
class Refunded:
    """A purchase after a refund, with all its slices in order; the last one is the new one.

    ``replayed``: this reference was told before, ``refund`` is the slice recorded then, and nothing was recorded now.
    """

    purchase: Purchase
    refund: Refund
    slices: tuple[Refund, ...]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class PurchaseSpan:
    """A customer's purchases in ``[starts_at, ends_at)``, by when they happened."""

    customer_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PurchaseTotal:
    """What was bought in a span, without what was voided or paid back."""

    amount_minor: int
    purchases: int

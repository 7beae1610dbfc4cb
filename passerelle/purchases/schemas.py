"""Purchases between domains and on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from passerelle.customers.schemas import CustomerId
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId

PurchaseId = Annotated[UUID, WireId("pur")]
Channel = Literal["till", "online", "api"]
PurchaseState = Literal["recorded", "voided"]
Currency = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{3}$")]
ExternalReference = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_NUL)
]
ItemCode = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=NO_NUL)]
Quantity = Annotated[WholeNumber, Field(ge=1, le=10_000)]
AmountMinor = Annotated[
    WholeNumber, Field(ge=-(10**12), le=10**12, description="Whole minor units: 450 EUR is € 4.50.")
]


class PurchaseLine(Wire):
    """One line of the basket.

    A discount is a line with a negative price. Goods by weight are one item with the price of the piece.
    """

    name: Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
    quantity: Quantity = 1
    unit_amount_minor: AmountMinor
    sku: ItemCode | None = None
    category: ItemCode | None = None


@dataclass(frozen=True, slots=True)
class NewPurchase:
    """A purchase to record; without ``currency`` it is in the organization's, without ``occurred_at`` it is now."""

    customer_id: UUID
    amount_minor: int
    currency: str | None = None
    lines: tuple[PurchaseLine, ...] = ()
    location_id: UUID | None = None
    channel: Channel = "api"
    occurred_at: datetime | None = None
    external_reference: str | None = None


class Purchase(BaseModel):
    """A purchase as it was told; ``replayed`` when its external reference had been recorded before."""

    id: PurchaseId
    customer_id: CustomerId
    amount_minor: int
    currency: str
    lines: list[PurchaseLine]
    location_id: LocationId | None
    actor: str
    channel: Channel
    external_reference: str | None
    state: PurchaseState
    occurred_at: datetime
    recorded_at: datetime
    voided_at: datetime | None
    replayed: Annotated[bool, Field(exclude=True)] = False


@dataclass(frozen=True, slots=True)
class PurchaseSpan:
    """A customer's purchases in ``[starts_at, ends_at)``, by when they happened."""

    customer_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PurchaseTotal:
    """What was bought in a span, without what was voided."""

    amount_minor: int
    purchases: int

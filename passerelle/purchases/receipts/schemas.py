"""Receipts between domains and on the wire."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from passerelle.customers.schemas import CustomerId
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Instant, Outbound, ReasonText, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.purchases.schemas import (
    AmountMinor,
    Channel,
    Currency,
    ExternalReference,
    NewPurchase,
    PaidWith,
    PartMinor,
    Purchase,
    PurchaseId,
    PurchaseLine,
    Refund,
    ReturnedLine,
)

ReceiptId = Annotated[UUID, WireId("rct")]
ReceiptState = Literal["open", "expired", "claimed", "refunded", "voided"]
ReceiptCode = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NO_NUL)]


class ReceiptSettings(Wire):
    """How receipts may be claimed: within how many days of the purchase, and how many by one customer.

    ``by_print``: customers may claim by number, date and total as well, without the code. ``per_day`` and
    ``per_month`` count calendar days and months of the shop, whoever claims or assigns.
    """

    model_config = ConfigDict(frozen=True)

    claim_days: Annotated[WholeNumber, Field(ge=1, le=90)] = 30
    per_day: Annotated[WholeNumber, Field(ge=1, le=1_000)] = 3
    per_month: Annotated[WholeNumber, Field(ge=1, le=10_000)] = 20
    by_print: bool = False


class ReceiptIn(Wire):
    """A purchase of somebody unknown; ``reference`` is the number on the receipt, unique for channel and place.

    ``occurred_at`` is now when it is not given; all else is as in a purchase.
    """

    reference: ExternalReference
    amount_minor: AmountMinor
    currency: Currency | None = None
    lines: Annotated[list[PurchaseLine], Field(max_length=200, default_factory=list)]
    tax_minor: PartMinor | None = None
    paid_with: PaidWith = PaidWith()
    location_id: LocationId | None = None
    channel: Channel = "till"
    occurred_at: Instant | None = None


class ReceiptRefundIn(Wire):
    """What was paid back of a receipt: an amount, items, or both; with neither, all that is left.

    ``reference`` makes it unique for the receipt.
    """

    amount_minor: AmountMinor | None = None
    currency: Currency | None = None
    lines: Annotated[list[ReturnedLine], Field(max_length=200, default_factory=list)]
    reference: ExternalReference | None = None
    reason: ReasonText | None = None
    location_id: LocationId | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt inside.

    ``bought`` is the purchase that it would be, of nobody yet; ``slices`` were paid back of it before it was claimed.
    """

    id: UUID
    code: str
    reference: str | None
    state: ReceiptState
    bought: Purchase
    claim_until: datetime
    slices: tuple[Refund, ...]
    customer_id: UUID | None
    purchase_id: UUID | None
    claimed_at: datetime | None
    claimed_by: str | None

    def purchase_of(self, customer_id: UUID) -> NewPurchase:
        """What is recorded when this customer claims it."""
        return NewPurchase(
            customer_id,
            self.bought.amount_minor,
            currency=self.bought.currency,
            lines=tuple(self.bought.lines),
            location_id=self.bought.location_id,
            channel=self.bought.channel,
            occurred_at=self.bought.occurred_at,
            external_reference=self.reference,
            tax_minor=self.bought.tax_minor,
            paid_with=self.bought.paid_with,
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed on every receipt: its number, the local date and the total."""

    reference: str
    on: date
    amount_minor: int


class ReceiptOut(Outbound):
    """A receipt with what the printer needs: ``code`` to type and ``claim_url`` for a QR code.

    ``expired``: nobody claimed it in time. ``claimed``: it is the purchase ``purchase_id``. ``refunded`` and
    ``voided``: taken back by the shop. When the purchase of a claimed one is voided by itself, it is ``open`` again.
    """

    id: ReceiptId
    code: str
    claim_url: str
    state: ReceiptState
    reference: str | None
    channel: Channel
    location_id: LocationId | None
    amount_minor: int
    currency: str
    tax_minor: int | None
    paid_with: PaidWith
    lines: list[PurchaseLine]
    refunded_minor: int
    occurred_at: datetime
    told_at: datetime
    claim_until: datetime
    actor: str
    customer_id: CustomerId | None
    purchase_id: PurchaseId | None
    claimed_at: datetime | None
    claimed_by: str | None

    @classmethod
    def of(cls, receipt: Receipt, claim_url: str) -> Self:
        """As it is told to a till."""
        bought: Any = receipt.bought
        fields = {name: getattr(bought, name) for name in _OF_PURCHASES}
        fields |= {name: getattr(receipt, name) for name in _OF_RECEIPTS}
        return cls(**fields, code=receipt.code, claim_url=claim_url, told_at=bought.recorded_at)


_OF_RECEIPTS = ("id", "state", "reference", "claim_until", "customer_id", "purchase_id", "claimed_at", "claimed_by")
_OF_PURCHASES = (
    "channel",
    "location_id",
    "amount_minor",
    "currency",
    "tax_minor",
    "paid_with",
    "lines",
    "refunded_minor",
    "occurred_at",
    "actor",
)


class ClaimShare(Outbound):
    """How many receipts that were told in the last ``days`` days were claimed; voided ones are left out."""

    days: int
    told: int
    claimed: int


class ReceiptsOut(Outbound):
    """A page of receipts, last told first, and the share that is claimed."""

    items: list[ReceiptOut]
    next: str | None
    share: ClaimShare

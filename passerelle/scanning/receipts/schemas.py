"""Receipts at the till on the wire."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from passerelle.customers.schemas import CustomerId
from passerelle.kit.wire import Outbound, ReasonText, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.refunds.schemas import RefundOut
from passerelle.programs.schemas import AccruedOut
from passerelle.purchases.receipts.schemas import ReceiptCode, ReceiptIn, ReceiptOut
from passerelle.purchases.schemas import ExternalReference, Purchase
from passerelle.scanning.schemas import Code, ScannedSecondsAgo


class ReceiptBatchIn(Wire):
    """Up to a hundred receipts; each is taken or refused by itself."""

    items: Annotated[list[ReceiptIn], Field(min_length=1, max_length=100)]


class ToldOut(Outbound):
    """What became of one receipt of a batch, in the order of the batch: it, or why it was refused."""

    receipt: ReceiptOut | None
    refusal: str | None = None
    detail: str | None = None


class ReceiptBatchOut(Outbound):
    """The outcome of a batch."""

    items: list[ToldOut]


class ClaimIn(Wire):
    """Which receipt, by its code or by its number, and whose it is, by a card's code or by ``customer_id``.

    ``location_id`` is where a receipt of that number was made, when several places have it.
    """

    receipt: ReceiptCode | None = None
    reference: ExternalReference | None = None
    location_id: LocationId | None = None
    card: Code | None = None
    card_scanned_seconds_ago: ScannedSecondsAgo = 0
    customer_id: CustomerId | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.receipt is None) == (self.reference is None):
            raise ValueError("Send the code as “receipt”, or the number as “reference”, one of them.")
        if (self.card is None) == (self.customer_id is None):
            raise ValueError("Send the code of a card as “card”, or a “customer_id”, one of them.")
        return self


class ClaimPreviewOut(Outbound):
    """The receipt, and what the customer would get for it in every program; nothing is booked."""

    receipt: ReceiptOut
    earned: list[AccruedOut]


class ClaimOut(Outbound):
    """The receipt, the purchase that it became, and what that earned in every program of the customer.

    ``refunds`` are the slices that were paid back before the claim, with the units that went back for them.
    """

    receipt: ReceiptOut
    purchase: Purchase
    earned: list[AccruedOut]
    refunds: list[RefundOut]


class ReceiptRefundedOut(Outbound):
    """The receipt after a slice was paid back; ``refund`` once it is claimed: what its purchase gave back."""

    receipt: ReceiptOut
    refund: RefundOut | None


class ReceiptVoidIn(Wire):
    """Why a receipt is taken back."""

    reason: ReasonText | None = None

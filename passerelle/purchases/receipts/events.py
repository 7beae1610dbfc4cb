"""Facts of receipts; codes are never in them."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class ReceiptTold(Event):
    name = "receipt.told"
    receipt_id: UUID
    amount_minor: int
    currency: str
    location_id: UUID | None


@dataclass(frozen=True, slots=True)
class ReceiptWasClaimed(Event):
    """It is a purchase now; ``by`` is ``customer`` or ``staff``."""

    name = "receipt.claimed"
    receipt_id: UUID
    purchase_id: UUID
    customer_id: UUID
    by: str


@dataclass(frozen=True, slots=True)
class ReceiptRefunded(Event):
    """A slice was paid back before anybody claimed it; ``refunded_minor`` is all slices so far."""

    name = "receipt.refunded"
    receipt_id: UUID
    amount_minor: int
    refunded_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class ReceiptReopened(Event):
    """Its purchase was voided, and it may be claimed again; ``purchase_id`` and ``customer_id`` are what it was."""

    name = "receipt.reopened"
    receipt_id: UUID
    purchase_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class ReceiptVoided(Event):
    name = "receipt.voided"
    receipt_id: UUID


@dataclass(frozen=True, slots=True)
class ReceiptSettingsChanged(Event):
    """``fields`` are those that are other than before, sorted."""

    name = "receipt_settings.changed"
    fields: tuple[str, ...]

"""Facts of purchases."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class PurchaseRecorded(Event):
    """``occurred_at`` is an ISO 8601 instant."""

    name = "purchase.recorded"
    purchase_id: UUID
    customer_id: UUID
    amount_minor: int
    currency: str
    location_id: UUID | None
    channel: str
    occurred_at: str


@dataclass(frozen=True, slots=True)
class PurchaseVoided(Event):
    name = "purchase.voided"
    purchase_id: UUID
    customer_id: UUID
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class PurchaseRefunded(Event):
    """One slice was paid back; ``refunded_minor`` is all slices so far, ``complete`` when that is the whole purchase.

    ``units`` are the units that this slice took back, by unit id; ``returned`` those that it gave back because they
    had been spent on the purchase. Announced by programs once both are booked.
    """

    name = "purchase.refunded"
    refund_id: UUID
    purchase_id: UUID
    customer_id: UUID
    amount_minor: int
    refunded_minor: int
    currency: str
    complete: bool
    location_id: UUID | None
    units: dict[str, int]
    returned: dict[str, int]

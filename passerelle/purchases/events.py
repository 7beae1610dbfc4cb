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

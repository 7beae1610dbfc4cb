"""Facts of privacy."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class ConsentGranted(Event):
    name = "consent.granted"
    customer_id: UUID
    consent_id: UUID
    purpose: str
    channel: str


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """``channel`` is ``none`` when the whole purpose was withdrawn, whatever the channel."""

    name = "consent.withdrawn"
    customer_id: UUID
    consent_id: UUID
    purpose: str
    channel: str


@dataclass(frozen=True, slots=True)
class CustomerExported(Event):
    """Somebody took out all that is known of a person."""

    name = "customer.exported"
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class CustomerErased(Event):
    """Announced when every holder has erased, in the same transaction."""

    name = "customer.erased"
    customer_id: UUID

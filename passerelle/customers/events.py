"""Facts of customers: ids and names of fields, never what stands in them."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class CustomerRegistered(Event):
    name = "customer.registered"
    customer_id: UUID
    source: str


@dataclass(frozen=True, slots=True)
class CustomerChanged(Event):
    """``fields`` are those whose value is another one now, sorted."""

    name = "customer.changed"
    customer_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DuplicateSuspected(Event):
    """Somebody came with the phone of one customer and the e-mail of another; nothing was merged."""

    name = "customer.duplicate_suspected"
    customer_id: UUID
    other_customer_id: UUID


@dataclass(frozen=True, slots=True)
class CustomerMerged(Event):
    """Two entries were of one person: all that was known under the second id is known under the first now."""

    name = "customer.merged"
    customer_id: UUID
    merged_customer_id: UUID

"""Facts of refunds; that a purchase was refunded is told by purchases."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class SpendingReturned(Event):
    """All that a transfer took for a purchase came back into its lots, for the purchase was taken back.

    Whoever booked the transfer marks what it paid for as undone.
    """

    name = "spending.returned"
    transfer_id: UUID
    purchase_id: UUID
    membership_id: UUID

"""Facts of refunds; that a purchase was refunded is told by purchases."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class UnitsMissed(Event):
    """``amount`` of what a transfer gave is to be taken back and is not there any more.

    Whoever took units of the member that nobody has had anything for yet returns them now: what is still missing
    after that is refused, forgiven or owed.
    """

    name = "units.missed"
    membership_id: UUID
    unit_id: UUID
    transfer_id: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class UnitsSurrendered(Event):
    """An issued reward was cancelled, and its price came back, because what paid for it is taken back."""

    name = "units.surrendered"
    membership_id: UUID
    unit_id: UUID
    amount: int
    reward: str
    reward_names: Mapping[str, str]

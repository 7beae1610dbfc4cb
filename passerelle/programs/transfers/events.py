"""Facts of transfers between members."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class UnitsTransferred(Event):
    name = "member.units_transferred"
    member_transfer_id: UUID
    program_id: UUID
    giver_id: UUID
    receiver_id: UUID
    unit_id: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class UnitsTransferUndone(Event):
    name = "member.units_transfer_undone"
    member_transfer_id: UUID
    giver_id: UUID
    receiver_id: UUID
    unit_id: UUID
    amount: int

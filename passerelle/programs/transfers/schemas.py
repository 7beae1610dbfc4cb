"""Transfers between members, between the parts of programs and on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Outbound, Reference, WholeNumber, Wire
from passerelle.programs.prizes import UnitCode
from passerelle.programs.schemas import MembershipId

MemberTransferId = Annotated[UUID, WireId("mtr")]


class TransferIn(Wire):
    """The receiver by membership, or by the code that they share; ``reference`` makes it unique."""

    to_membership_id: MembershipId | None = None
    to_code: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=NO_NUL)] | None = None
    unit: UnitCode | None = None
    amount: Annotated[WholeNumber, Field(ge=1, le=10**9)]
    reference: Reference | None = None

    @model_validator(mode="after")
    def _one_receiver(self) -> Self:
        if (self.to_membership_id is None) == (self.to_code is None):
            raise ValueError("Give either to_membership_id or to_code.")
        return self


@dataclass(frozen=True, slots=True)
class MemberTransfer:
    """Units that one member gave to another; ``unit`` is the code of their unit."""

    id: UUID
    giver_id: UUID
    receiver_id: UUID
    unit: str
    amount: int
    reference: str
    transfer_id: UUID
    actor: str
    made_at: datetime
    undone_at: datetime | None


class MemberTransferOut(Outbound):
    id: MemberTransferId
    from_membership_id: MembershipId
    to_membership_id: MembershipId
    unit: str
    amount: int
    reference: str
    made_at: datetime
    undone_at: datetime | None

    @classmethod
    def of(cls, transfer: MemberTransfer) -> Self:
        """A transfer on the wire."""
        return cls(
            id=transfer.id,
            from_membership_id=transfer.giver_id,
            to_membership_id=transfer.receiver_id,
            unit=transfer.unit,
            amount=transfer.amount,
            reference=transfer.reference,
            made_at=transfer.made_at,
            undone_at=transfer.undone_at,
        )

"""Facts of the ledger."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from passerelle.kit.events import Event
from passerelle.ledger.schemas import TransferKind

BalanceKind = TransferKind | Literal["activation"]


@dataclass(frozen=True, slots=True)
class BalanceChanged(Event):
    """One account changed; announced once per account and transfer.

    ``delta`` is the change of the active balance, ``active`` and ``pending`` are the figures after it.
    ``activation``: a pending lot came of age; ``transfer_id`` is then the transfer that opened it.
    """

    name = "balance.changed"
    owner_id: UUID
    unit_id: UUID
    transfer_id: UUID
    kind: BalanceKind
    delta: int
    active: int
    pending: int

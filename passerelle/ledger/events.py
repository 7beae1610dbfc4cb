"""Facts of the ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from passerelle.kit.events import Event
from passerelle.ledger.schemas import TransferKind

BalanceKind = TransferKind | Literal["activation"]


@dataclass(frozen=True, slots=True)
class BalanceChanged(Event):
    """One account changed; announced once per account and transfer.

    ``delta`` is the change of the active balance, ``active`` and ``pending`` are the figures after it.
    ``activation``: a pending lot came of age; ``transfer_id`` is then the transfer that opened it. ``settlement``:
    a hold was over, or what became active paid a debt.
    """

    name = "balance.changed"
    owner_id: UUID
    unit_id: UUID
    transfer_id: UUID
    kind: BalanceKind
    delta: int
    active: int
    pending: int


@dataclass(frozen=True, slots=True)
class ExpiryPostponed(Event):
    """Activity keeps units alive: ``amount`` of an account lapses at ``expires_at``, and not sooner as before."""

    name = "balance.expiry_postponed"
    owner_id: UUID
    unit_id: UUID
    expires_at: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class ExpiringSoon(Event):
    """``amount`` of an account lapses at ``expires_at`` unless it is spent; told once for an account and instant."""

    name = "balance.expiring_soon"
    owner_id: UUID
    unit_id: UUID
    expires_at: datetime
    amount: int

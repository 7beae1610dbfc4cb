"""What goes in and out of the ledger. Amounts are whole numbers of the unit; money units count minor units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

from passerelle.kit.actors import Actor

MAX_AMOUNT: Final = 10**12
"""The most that one line of a transfer may move."""
PostKind = Literal["accrual", "redemption", "adjustment"]
TransferKind = Literal[
    "accrual",
    "redemption",
    "adjustment",
    "reversal",
    "refund",
    "expiry",
    "move",
    "hold",
    "release",
    "settlement",
]
SystemAccount = Literal["issued", "redeemed", "expired", "adjusted", "forgiven", "owed", "set_aside", "moved"]
Shortfall = Literal["refuse", "forgive", "owe"]
"""What happens when units to take back are spent: it is refused, that part is let go, or the account owes it."""
ShortfallByUnit: TypeAlias = Shortfall | Mapping[UUID, Shortfall]
"""One policy for all units, or one for each; a unit that is not named refuses."""
AccountKey: TypeAlias = tuple[UUID, UUID]
"""(owner_id, unit_id)"""


@dataclass(frozen=True, slots=True)
class Credit:
    """An amount for an owner, opening a lot that is usable in ``[activates_at, expires_at)``.

    ``activates_at`` None is at once, ``expires_at`` None is never. ``awaits`` is the event that makes it active
    earlier; it may then lapse before ``activates_at``. ``policy`` is kept for whoever posts it and given back when
    the lot's time must be told anew; the ledger does not read it.
    """

    owner_id: UUID
    unit_id: UUID
    amount: int
    activates_at: datetime | None = None
    expires_at: datetime | None = None
    awaits: str | None = None
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """One of many transfers that are booked together; by an ``actor`` if it is not the transaction's."""

    reference: str
    credits: Sequence[Credit]
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class Debit:
    """An amount from an owner: soonest-to-expire lots first, then oldest, then lowest id."""

    owner_id: UUID
    unit_id: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds and how it came to that.

    ``earned + adjusted == active + pending + held + spent + expired + reversed`` at every instant. ``active`` is
    negative when the account owes units. ``spent`` is net of what was given back; ``adjusted`` is signed and contains
    what reversals forgave and what other owners gave or got; ``expired`` contains lots past their time even when the
    nightly job has not booked them yet, as ``held`` contains no hold past its time.
    """

    active: int = 0
    pending: int = 0
    earned: int = 0
    spent: int = 0
    expired: int = 0
    reversed: int = 0
    adjusted: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class PendingLot:
    """A lot that is not active yet: it becomes so at ``activates_at``, or when the event that it ``awaits`` happens.

    ``activates_at`` is None when only the event can make it active; it lapses at ``expires_at``.
    """

    id: UUID
    unit_id: UUID
    amount: int
    earned_at: datetime
    activates_at: datetime | None
    expires_at: datetime | None
    awaits: str | None
    policy: str | None
    transfer_id: UUID
    given_by: PostKind
    reference: str


@dataclass(frozen=True, slots=True)
class Sliding:
    """Live lots of one account that were posted with one policy."""

    owner_id: UUID
    unit_id: UUID
    policy: str


@dataclass(frozen=True, slots=True)
class HoldOut:
    """Units set aside; ``ended_by`` is the transfer that ended it. By its time alone it may still be open here."""

    id: UUID
    owner_id: UUID
    unit_id: UUID
    amount: int
    expires_at: datetime
    ended_by: UUID | None
    state: Literal["open", "released", "captured"]


@dataclass(frozen=True, slots=True)
class Expiry:
    """An amount of one account that lapses at one instant."""

    owner_id: UUID
    unit_id: UUID
    expires_at: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Posted:
    """The result of a booking; ``balances`` are those of the accounts concerned, now.

    ``replayed``: the reference was booked before with the same input, and nothing was booked this time.
    ``missing``: what a reversal could not take back because it was spent, and forgave or made a debt (``shortfall``).
    """

    transfer_id: UUID
    replayed: bool
    balances: Mapping[AccountKey, Balance]
    missing: Mapping[AccountKey, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """``amount`` moved from ``account`` into the lot; negative: out of the lot into ``account``."""

    owner_id: UUID
    unit_id: UUID
    lot_id: UUID
    account: SystemAccount
    amount: int


@dataclass(frozen=True, slots=True)
class TransferOut:
    """One booked transfer. ``reverses`` is the transfer it undoes, ``reversed_by`` the one that undid it whole."""

    id: UUID
    kind: TransferKind
    reference: str
    reason: str | None
    actor: str
    posted_at: datetime
    reverses: UUID | None
    reversed_by: UUID | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A figure that does not follow from the entries: ``subject`` names the row, ``rule`` what it breaks."""

    rule: str
    subject: str
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What owners hold of a unit that is good until some day of ``month`` (``2026-12``); None is without end."""

    unit_id: UUID
    month: str | None
    active: int
    pending: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """What became of the units of a period: ``issued`` net of what was taken back, ``redeemed`` net of returns."""

    issued: int
    redeemed: int
    expired: int

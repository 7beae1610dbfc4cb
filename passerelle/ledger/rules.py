"""Decisions of the ledger: which lots a debit takes, what a reversal moves, how entries change the figures.

The prose and the tables are in docs/algorithms/ledger.md; the tests read those tables.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from passerelle.ledger.schemas import (
    MAX_AMOUNT,
    AccountKey,
    Balance,
    Credit,
    Debit,
    PostKind,
    Shortfall,
    ShortfallByUnit,
    SystemAccount,
)

MAX_LINES: Final = 100
MAX_REFERENCE: Final = 200
MAX_REASON: Final = 500
MAX_EVENT: Final = 64
MAX_POLICY: Final = 2_000
MAX_HOLD: Final = timedelta(days=366)
RETURN_GRACE: Final = timedelta(days=14)
"""How long an amount is usable that comes back into a lot whose time is over."""

NOT_BY_TIME: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""When a lot becomes active that only an event can make active."""

_NEVER: Final = datetime.max.replace(tzinfo=UTC)

LotState = Literal["pending", "active", "lapsed"]
CREDIT_ACCOUNT: Final[dict[PostKind, SystemAccount]] = {
    "accrual": "issued",
    "redemption": "issued",
    "adjustment": "adjusted",
}
DEBIT_ACCOUNT: Final[dict[PostKind, SystemAccount]] = {
    "accrual": "redeemed",
    "redemption": "redeemed",
    "adjustment": "adjusted",
}


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot as the rules see it."""

    owner_id: UUID
    unit_id: UUID
    id: UUID
    remaining: int
    earned_at: datetime
    activates_at: datetime
    expires_at: datetime | None
    policy: str | None = None

    @property
    def account(self) -> AccountKey:
        return (self.owner_id, self.unit_id)


@dataclass(frozen=True, slots=True)
class Move:
    """An entry to book on a lot that exists; ``state`` is the part of the balance that it changes."""

    lot: Lot
    account: SystemAccount
    amount: int
    state: LotState
    expires_at: datetime | None = None


@dataclass(slots=True)
class Change:
    """What a transfer does to one account: to its figures, and to the parts of its balance."""

    earned: int = 0
    spent: int = 0
    expired: int = 0
    reversed: int = 0
    adjusted: int = 0
    owed: int = 0
    held: int = 0
    active: int = 0
    pending: int = 0
    lapsed: int = 0

    def add(self, account: SystemAccount, amount: int, state: LotState) -> None:
        """Count one entry; ``issued`` gives (earned) and takes back (reversed), which stay apart.

        A debt is a lot filled from ``owed`` and emptied at once: what the owner has falls by what left the lot. When
        units pay it, they leave their lot and the debt falls as much, so what the owner has stays.
        """
        if account == "owed":
            self.owed += amount
            if state == "active":
                return
        elif account == "issued":
            self.earned += max(amount, 0)
            self.reversed -= min(amount, 0)
        elif account == "redeemed":
            self.spent -= amount
        elif account == "expired":
            self.expired -= amount
        elif account == "set_aside":
            self.held -= amount
        else:
            self.adjusted += amount
        setattr(self, state, getattr(self, state) + amount)


def state_of(activates_at: datetime, expires_at: datetime | None, now: datetime) -> LotState:
    """A lot is usable in ``[activates_at, expires_at)``: at its first instant yes, at its last no more.

    One that awaits an event may lapse before it was ever active.
    """
    if expires_at is not None and now >= expires_at:
        return "lapsed"
    return "pending" if now < activates_at else "active"


def balance_of(figures: Change, pending: int, lapsed: int) -> Balance:
    """The balance that follows from an account's figures; lapsed lots count as expired before they are booked.

    What is owed is in no figure but the active one, which it makes negative.
    """
    there = figures.earned + figures.adjusted - figures.spent - figures.expired - figures.reversed
    return Balance(
        active=there - figures.held - pending - lapsed,
        pending=pending,
        earned=figures.earned,
        spent=figures.spent,
        expired=figures.expired + lapsed,
        reversed=figures.reversed,
        adjusted=figures.adjusted,
        held=figures.held,
    )


def policy_for(shortfall: ShortfallByUnit, unit_id: UUID) -> Shortfall:
    """The policy of one unit."""
    return shortfall if isinstance(shortfall, str) else shortfall.get(unit_id, "refuse")


def spending_order(lot: Lot) -> tuple[datetime, datetime, UUID]:
    """Soonest to expire first, then oldest, then lowest id."""
    return (lot.expires_at or _NEVER, lot.earned_at, lot.id)


def spend(lots: Iterable[Lot], amount: int, account: SystemAccount, now: datetime) -> tuple[list[Move], int]:
    """What a debit takes from which lots, and how much is there in all."""
    live = [lot for lot in lots if lot.remaining > 0 and state_of(lot.activates_at, lot.expires_at, now) == "active"]
    available = sum(lot.remaining for lot in live)
    moves: list[Move] = []
    for lot in sorted(live, key=spending_order):
        taken = min(lot.remaining, amount)
        if taken == 0:
            break
        moves.append(Move(lot, account, -taken, "active"))
        amount -= taken
    return moves, available


def wanted(debits: Sequence[Debit]) -> dict[AccountKey, int]:
    """Debits by account."""
    amounts: dict[AccountKey, int] = {}
    for debit in debits:
        key = (debit.owner_id, debit.unit_id)
        amounts[key] = amounts.get(key, 0) + debit.amount
    return amounts


def fault_of_lines(credit_lines: Sequence[Credit], debit_lines: Sequence[Debit]) -> str | None:
    """Why these lines cannot be booked at any time, or None."""
    lines: list[Credit | Debit] = [*credit_lines, *debit_lines]
    if not 1 <= len(lines) <= MAX_LINES:
        return f"it must have 1 to {MAX_LINES} credits and debits, not {len(lines)}."
    for line in lines:
        if not 1 <= line.amount <= MAX_AMOUNT:
            return f"an amount must be from 1 to {MAX_AMOUNT}, not {line.amount}."
    return next((fault for line in credit_lines if (fault := _fault_of_credit(line)) is not None), None)


def _fault_of_credit(line: Credit) -> str | None:
    if any(at is not None and at.tzinfo is None for at in (line.activates_at, line.expires_at)):
        return "its times must have a time zone."
    if line.awaits is None and line.expires_at and line.activates_at and line.expires_at <= line.activates_at:
        return "a credit must expire after it becomes active."
    if line.awaits is not None and not (1 <= len(line.awaits) <= MAX_EVENT and line.awaits.isprintable()):
        return f"the event that a credit awaits must have 1 to {MAX_EVENT} printable characters."
    if line.policy is not None and len(line.policy) > MAX_POLICY:
        return f"the policy of a credit must have at most {MAX_POLICY} characters."
    return None


def fault_of_time(credit_lines: Sequence[Credit], now: datetime) -> str | None:
    """Why it is too late to book these credits, or None. Too late to book is not too late to replay."""
    if any(line.expires_at is not None and line.expires_at <= now for line in credit_lines):
        return "a credit must expire after now."
    return None


def fault_of_hold(expires_at: datetime, now: datetime) -> str | None:
    """Why units cannot be set aside until then, or None."""
    if expires_at.tzinfo is None:
        return "the end of a hold must have a time zone."
    if not now < expires_at <= now + MAX_HOLD:
        return f"a hold must end after now and within {MAX_HOLD.days} days."
    return None


def fault_of_texts(reference: str, reason: str | None) -> str | None:
    """Why this reference or reason cannot be kept, or None."""
    if not 1 <= len(reference) <= MAX_REFERENCE or not reference.isprintable():
        return f"the reference must have 1 to {MAX_REFERENCE} printable characters."
    if reason is not None and (not 1 <= len(reason) <= MAX_REASON or "\0" in reason):
        return f"the reason must have 1 to {MAX_REASON} characters."
    return None


def netted(moves: Iterable[Move]) -> list[Move]:
    """One move per lot and account: a transfer that gives and takes the same books nothing."""
    sums: dict[tuple[UUID, SystemAccount], Move] = {}
    for move in moves:
        key = (move.lot.id, move.account)
        before = sums.get(key)
        sums[key] = move if before is None else replace(before, amount=before.amount + move.amount)
    return [move for move in sums.values() if move.amount]

"""How a transfer gets into the books: accounts locked in sorted order, then one statement that writes it whole.

The lock is a statement of its own, because the next one must see what others committed while this one waited.
The booking inserts the transfer first; everything else hangs on that row, so a reference that is in the books
already (or arrives there while this statement waits for it) books nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from passerelle.kit.actors import Actor
from passerelle.kit.db import Busy, Row, Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.ledger.events import BalanceChanged, BalanceKind
from passerelle.ledger.queries import FIGURES, PENDING_AND_LAPSED, balance_from, columns, given
from passerelle.ledger.rules import Change, LotState, Move, state_of
from passerelle.ledger.schemas import MAX_AMOUNT, AccountKey, Balance, Credit, SystemAccount, TransferKind

_ACCOUNTS: Final = given(2, owner_id="uuid", unit_id="uuid")
# All accounts in sorted order, or none when one of them is not open yet. Then the missing ones are opened, in
# sorted order too, and the lock is asked for again. Whoever waits for a lock waits for a committed row; whoever
# opens holds only rows that nobody else can see yet: no circle forms.
_LOCK: Final = f"""
SELECT a.owner_id, a.unit_id, a.owed, a.held FROM {_ACCOUNTS} AS k
JOIN ledger_accounts a ON a.organization_id = $1 AND a.owner_id = k.owner_id AND a.unit_id = k.unit_id
WHERE cardinality($2) = (
    SELECT count(*) FROM {_ACCOUNTS} AS w
    WHERE (SELECT true FROM ledger_accounts o
           WHERE o.organization_id = $1 AND o.owner_id = w.owner_id AND o.unit_id = w.unit_id))
ORDER BY a.owner_id, a.unit_id FOR NO KEY UPDATE OF a
"""  # noqa: S608  put together from constants
_LOCK_ONE: Final = """
SELECT owner_id, unit_id, owed, held FROM ledger_accounts
WHERE organization_id = $1 AND owner_id = $2 AND unit_id = $3 FOR NO KEY UPDATE
"""
_OPEN: Final = f"""
INSERT INTO ledger_accounts (organization_id, owner_id, unit_id)
SELECT $1, k.owner_id, k.unit_id FROM {_ACCOUNTS} AS k
ORDER BY k.owner_id, k.unit_id ON CONFLICT DO NOTHING
"""  # noqa: S608  put together from constants
_OPENED: Final = {
    "owner_id": "uuid",
    "unit_id": "uuid",
    "id": "uuid",
    "amount": "bigint",
    "remaining": "bigint",
    "earned_at": "timestamptz",
    "activates_at": "timestamptz",
    "expires_at": "timestamptz",
    "awaits": "text",
    "policy": "text",
}
_ENTERED: Final = {"owner_id": "uuid", "unit_id": "uuid", "lot_id": "uuid", "account": "text", "amount": "bigint"}
_FIGURE_NAMES: Final = ("earned", "spent", "expired", "reversed", "adjusted", "owed", "held")
_CHANGED: Final = {"owner_id": "uuid", "unit_id": "uuid", **dict.fromkeys(_FIGURE_NAMES, "bigint")}
_MOVES: Final = given(34, owner_id="uuid", unit_id="uuid", id="uuid", amount="bigint", expires_at="timestamptz")
_MOVED: Final = f""", moved AS (
    UPDATE ledger_lots l
    SET remaining = l.remaining + m.amount, expires_at = coalesce(m.expires_at, l.expires_at)
    FROM booked b, {_MOVES} AS m
    WHERE l.organization_id = $1 AND l.owner_id = m.owner_id AND l.unit_id = m.unit_id AND l.id = m.id
)"""  # noqa: S608  put together from constants


def _booking(moved: str) -> str:
    """The statement of a transfer."""
    return f"""
WITH booked AS (
    INSERT INTO ledger_transfers (organization_id, id, kind, reference, digest, reason, reverses, actor, posted_at)
    VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $2)
    ON CONFLICT (organization_id, reference) DO NOTHING
    RETURNING id
), opened AS (
    INSERT INTO ledger_lots (organization_id, owner_id, unit_id, id, transfer_id, amount, remaining,
                             earned_at, activates_at, expires_at, awaits, policy, waiting)
    SELECT $1, l.owner_id, l.unit_id, l.id, b.id, l.amount, l.remaining, l.earned_at, l.activates_at, l.expires_at,
           l.awaits, l.policy, l.activates_at > $2
    FROM booked b, {given(10, **_OPENED)} AS l
), entered AS (
    INSERT INTO ledger_entries (organization_id, transfer_id, owner_id, unit_id, lot_id, account, amount)
    SELECT $1, b.id, e.owner_id, e.unit_id, e.lot_id, e.account, e.amount
    FROM booked b, {given(20, **_ENTERED)} AS e
){moved}
UPDATE ledger_accounts a
SET earned = a.earned + c.earned, spent = a.spent + c.spent, expired = a.expired + c.expired,
    reversed = a.reversed + c.reversed, adjusted = a.adjusted + c.adjusted,
    owed = a.owed + c.owed, held = a.held + c.held
FROM booked b, {given(25, **_CHANGED)} AS c
WHERE a.organization_id = $1 AND a.owner_id = c.owner_id AND a.unit_id = c.unit_id
RETURNING {FIGURES}, {PENDING_AND_LAPSED}
"""  # noqa: S608  put together from constants


_TRANSFERS: Final = {"id": "uuid", "reference": "text", "digest": "bytea", "actor": "text"}
# Many transfers of one kind, each of which opens lots on accounts that no other of them touches.
_BOOK_MANY: Final = f"""
WITH booked AS (
    INSERT INTO ledger_transfers (organization_id, id, kind, reference, digest, reason, actor, posted_at)
    SELECT $1, t.id, $3, t.reference, t.digest, $4, t.actor, $2 FROM {given(5, **_TRANSFERS)} AS t
    ON CONFLICT (organization_id, reference) DO NOTHING
    RETURNING id
), opened AS (
    INSERT INTO ledger_lots (organization_id, owner_id, unit_id, id, transfer_id, amount, remaining,
                             earned_at, activates_at, expires_at, awaits, policy, waiting)
    SELECT $1, l.owner_id, l.unit_id, l.id, l.transfer_id, l.amount, l.remaining, l.earned_at, l.activates_at,
           l.expires_at, l.awaits, l.policy, l.activates_at > $2
    FROM {given(9, transfer_id="uuid", **_OPENED)} AS l WHERE l.transfer_id = ANY(ARRAY(SELECT id FROM booked))
), entered AS (
    INSERT INTO ledger_entries (organization_id, transfer_id, owner_id, unit_id, lot_id, account, amount)
    SELECT $1, e.transfer_id, e.owner_id, e.unit_id, e.lot_id, e.account, e.amount
    FROM {given(20, transfer_id="uuid", **_ENTERED)} AS e
    WHERE e.transfer_id = ANY(ARRAY(SELECT id FROM booked))
)
UPDATE ledger_accounts a
SET earned = a.earned + c.earned, spent = a.spent + c.spent, expired = a.expired + c.expired,
    reversed = a.reversed + c.reversed, adjusted = a.adjusted + c.adjusted,
    owed = a.owed + c.owed, held = a.held + c.held
FROM {given(26, transfer_id="uuid", **_CHANGED)} AS c
WHERE c.transfer_id = ANY(ARRAY(SELECT id FROM booked))
  AND a.organization_id = $1 AND a.owner_id = c.owner_id AND a.unit_id = c.unit_id
RETURNING {FIGURES}, {PENDING_AND_LAPSED}, c.transfer_id
"""  # noqa: S608  put together from constants


# Most transfers only open lots, and need not even plan for those that change some.
_BOOK: Final = _booking("")
_BOOK_AND_MOVE: Final = _booking(_MOVED)
# Most of those give one account one lot, which a function of the database locks and books in one message; each of its
# statements sees what was committed before it began.
_BOOK_ONE: Final = """
SELECT * FROM ledger_book_one(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
"""


class Locked(NamedTuple):
    """What a locked account owes, and what of it is set aside."""

    owed: int
    held: int


@dataclass(slots=True)
class Draft:
    """A transfer about to be booked, by an ``actor`` if it is not the transaction's.

    ``debts``: what its accounts owe, as the draft goes on. ``deltas``: what to tell as the change of the active
    balance where it is not what the entries do.
    """

    kind: TransferKind
    reference: str
    digest: bytes
    now: datetime
    reason: str | None = None
    reverses: UUID | None = None
    actor: Actor | None = None
    debts: dict[AccountKey, int] = field(default_factory=dict)
    deltas: dict[AccountKey, int] = field(default_factory=dict)
    lots: list[tuple[object, ...]] = field(default_factory=list)
    entries: list[tuple[UUID, UUID, UUID, SystemAccount, int]] = field(default_factory=list)
    moved: dict[UUID, tuple[UUID, UUID, UUID, int, datetime | None]] = field(default_factory=dict)
    changes: dict[AccountKey, Change] = field(default_factory=dict)

    def credit(self, line: Credit, account: SystemAccount, earned_at: datetime | None = None) -> None:
        """Open a lot; when it is active at once, it pays first what the account owes."""
        key, lot_id, activates_at = (line.owner_id, line.unit_id), new_id(), line.activates_at or self.now
        state = state_of(activates_at, line.expires_at, self.now)
        paid = min(line.amount, self.debts.get(key, 0)) if state == "active" else 0
        times = (earned_at or self.now, activates_at, line.expires_at)
        self.lots.append((*key, lot_id, line.amount, line.amount - paid, *times, line.awaits, line.policy))
        self._enter(key, lot_id, account, line.amount, state)
        if paid:
            self._enter(key, lot_id, "owed", -paid, state)
            self.debts[key] -= paid

    def credit_all(self, lines: Iterable[Credit], account: SystemAccount) -> None:
        """Open lots; the soonest to expire pays what is owed, as it would be spent first."""
        for line in sorted(lines, key=lambda line: (line.expires_at is None, line.expires_at or self.now)):
            self.credit(line, account)

    def owe(self, key: AccountKey, account: SystemAccount, amount: int) -> None:
        """Let an account owe: a lot filled from ``owed`` and emptied into ``account`` at once."""
        self.debts[key] = self.debts.get(key, 0) + amount
        while amount:
            part, lot_id = min(amount, MAX_AMOUNT), new_id()
            self.lots.append((*key, lot_id, part, 0, self.now, self.now, None, None, None))
            self._enter(key, lot_id, "owed", part, "active")
            self._enter(key, lot_id, account, -part, "active")
            amount -= part

    def move(self, move: Move) -> None:
        """Change a lot that exists."""
        lot = move.lot
        before = self.moved.get(lot.id)
        amount = move.amount + (before[3] if before else 0)
        expires_at = move.expires_at or (before[4] if before else None)
        self.moved[lot.id] = (lot.owner_id, lot.unit_id, lot.id, amount, expires_at)
        self._enter(lot.account, lot.id, move.account, move.amount, move.state)

    def _enter(self, key: AccountKey, lot_id: UUID, account: SystemAccount, amount: int, state: LotState) -> None:
        self.entries.append((*key, lot_id, account, amount))
        self.changes.setdefault(key, Change()).add(account, amount, state)


async def lock(tx: Tx, accounts: Iterable[AccountKey]) -> dict[AccountKey, Locked]:
    """Lock accounts to the end of the transaction, opening those that are new; returns them sorted."""
    keys = sorted(set(accounts))
    place = (tx.organization_id, *columns(keys))
    lock_all = (_LOCK_ONE, tx.organization_id, *keys[0]) if len(keys) == 1 else (_LOCK, *place)
    with _patience():
        rows = await tx.fetch(*lock_all)
        if len(rows) < len(keys):
            await tx.execute(_OPEN, *place)
            rows = await tx.fetch(*lock_all)
            assert len(rows) == len(keys), "An open account is never removed."
    return {(row["owner_id"], row["unit_id"]): Locked(row["owed"], row["held"]) for row in rows}


async def book(tx: Tx, draft: Draft) -> tuple[UUID, dict[AccountKey, Balance]] | None:
    """Write a transfer on locked accounts and announce it; None when its reference is in the books already."""
    transfer_id = new_id()
    figures = [(*key, *(getattr(change, name) for name in _FIGURE_NAMES)) for key, change in draft.changes.items()]
    transfer = (transfer_id, draft.kind, draft.reference, draft.digest, draft.reason, draft.reverses, tx.actor.label)
    rows_given = [*_transposed(draft.lots, 10), *_transposed(draft.entries, 5), *_transposed(figures, 9)]
    rows_given += _transposed(list(draft.moved.values()), 5) if draft.moved else []
    with _patience():
        statement = _BOOK_AND_MOVE if draft.moved else _BOOK
        rows = await tx.fetch(statement, tx.organization_id, draft.now, *transfer, *rows_given)
    return (transfer_id, await _tell_all(tx, draft, transfer_id, rows)) if rows else None


async def book_one(
    tx: Tx, draft: Draft, line: Credit, account: SystemAccount
) -> tuple[UUID, dict[AccountKey, Balance]] | None:
    """Fill a new draft with one lot, lock its account, open it when it is new, and book it.

    None when the account owes or has units set aside, or when the reference is in the books: then nothing was
    booked, and ``lock`` and ``book`` know what to do with another draft.
    """
    draft.credit(line, account)
    [(owner_id, unit_id, lot_id, amount, _, *times_and_policy)] = draft.lots
    [change] = draft.changes.values()
    transfer_id = new_id()
    transfer = (transfer_id, draft.kind, draft.reference, draft.digest, draft.reason, tx.actor.label)
    lot = (owner_id, unit_id, lot_id, amount, *times_and_policy)
    with _patience():
        rows = await tx.fetch(
            _BOOK_ONE, tx.organization_id, draft.now, *transfer, *lot, account, change.earned, change.adjusted
        )
    return (transfer_id, await _tell_all(tx, draft, transfer_id, rows)) if rows else None


async def _tell_all(tx: Tx, draft: Draft, transfer_id: UUID, rows: Iterable[Row]) -> dict[AccountKey, Balance]:
    """Announce what a transfer did to its accounts; their balances, from the rows of their figures."""
    balances: dict[AccountKey, Balance] = {}
    for row in rows:
        key = (row["owner_id"], row["unit_id"])
        change = draft.changes[key]
        balances[key] = balance_from(row, pending_change=change.pending, lapsed_change=change.lapsed)
    for key, change in draft.changes.items():
        if change != Change():
            delta = draft.deltas.get(key, change.active)
            await tell(tx, key, draft.kind, transfer_id=transfer_id, delta=delta, balance=balances[key])
    return balances


async def book_many(tx: Tx, drafts: Sequence[Draft]) -> dict[str, tuple[UUID, dict[AccountKey, Balance]]]:
    """Write transfers of one kind and reason in one statement and announce each; what each did, by their references.

    Each opens lots on locked accounts of its own. Those whose reference is in the books already are left out.
    """
    by_id = {new_id(): draft for draft in drafts}
    lots = [(transfer_id, *lot) for transfer_id, draft in by_id.items() for lot in draft.lots]
    entries = [(transfer_id, *entry) for transfer_id, draft in by_id.items() for entry in draft.entries]
    figures = [
        (of, *key, *(getattr(change, name) for name in _FIGURE_NAMES))
        for of, draft in by_id.items()
        for key, change in draft.changes.items()
    ]
    first = drafts[0]
    with _patience():
        rows = await tx.fetch(
            _BOOK_MANY,
            *(tx.organization_id, first.now, first.kind, first.reason),
            *(list(by_id), [draft.reference for draft in drafts], [draft.digest for draft in drafts]),
            [(draft.actor or tx.actor).label for draft in drafts],
            *(*_transposed(lots, 11), *_transposed(entries, 6), *_transposed(figures, 10)),
        )
    rows_of: dict[UUID, list[Row]] = {}
    for row in rows:
        rows_of.setdefault(row["transfer_id"], []).append(row)
    booked = {}
    for transfer_id, draft in by_id.items():
        if transfer_id in rows_of:
            if draft.actor is not None:
                tx.act_for(draft.actor)
            balances = await _tell_all(tx, draft, transfer_id, rows_of[transfer_id])
            booked[draft.reference] = (transfer_id, balances)
    return booked


async def tell(
    tx: Tx, key: AccountKey, kind: BalanceKind, *, transfer_id: UUID, delta: int, balance: Balance
) -> None:
    """Announce what a transfer did to one account."""
    await announce(tx, BalanceChanged(*key, transfer_id, kind, delta, active=balance.active, pending=balance.pending))


@contextmanager
def _patience() -> Iterator[None]:
    """A lock that does not come in time is nobody's fault: the caller may try again."""
    try:
        yield
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
        raise Busy from None


def _transposed(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]

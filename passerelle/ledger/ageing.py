"""What time alone does to lots: pending ones become active, others lapse. In batches, beside the tills.

An account that a till holds at this moment is skipped and comes with the next pass. A pass walks through what is due
in the order of its index: what earlier batches left dead behind is not looked at again.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from passerelle.kit.db import Row, Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import encode, new_id
from passerelle.ledger import settling
from passerelle.ledger.booking import Locked, tell
from passerelle.ledger.events import BalanceChanged, ExpiringSoon
from passerelle.ledger.queries import EXPIRING, FIGURES, PENDING, PENDING_AND_LAPSED, balance_from, columns, given
from passerelle.ledger.schemas import AccountKey

TOLD_AT_ONCE: Final = 500
_START_OF_TIME: Final = datetime(1, 1, 2, tzinfo=UTC)
_LEAST: Final = UUID(int=0)
_ACCOUNTS: Final = given(2, owner_id="uuid", unit_id="uuid")
_LAPSED: Final = """
SELECT l.expires_at AS due_at, l.id, l.owner_id, l.unit_id FROM ledger_lots l
WHERE l.organization_id = $1 AND l.remaining > 0 AND l.expires_at <= $2 AND (l.expires_at, l.id) > ($4, $5)
ORDER BY l.expires_at, l.id LIMIT $3
"""
_RIPE: Final = """
SELECT l.activates_at AS due_at, l.id, l.owner_id, l.unit_id FROM ledger_lots l
WHERE l.organization_id = $1 AND l.waiting AND l.activates_at <= $2 AND (l.activates_at, l.id) > ($4, $5)
ORDER BY l.activates_at, l.id LIMIT $3
"""
_OVER: Final = """
SELECT h.expires_at AS due_at, h.id, h.owner_id, h.unit_id FROM ledger_holds h
WHERE h.organization_id = $1 AND h.ended_by IS NULL AND h.expires_at <= $2 AND (h.expires_at, h.id) > ($4, $5)
ORDER BY h.expires_at, h.id LIMIT $3
"""
_LOCK: Final = f"""
SELECT a.owner_id, a.unit_id, a.owed, a.held FROM {_ACCOUNTS} AS k
JOIN ledger_accounts a ON a.organization_id = $1 AND a.owner_id = k.owner_id AND a.unit_id = k.unit_id
ORDER BY a.owner_id, a.unit_id FOR NO KEY UPDATE OF a SKIP LOCKED
"""  # noqa: S608  put together from constants
_EXPIRE: Final = f"""
WITH due AS (
    SELECT l.owner_id, l.unit_id, l.id, l.remaining
    FROM {given(3, owner_id="uuid", unit_id="uuid")} AS k
    JOIN ledger_lots l ON l.organization_id = $1 AND l.owner_id = k.owner_id AND l.unit_id = k.unit_id
    WHERE l.remaining > 0 AND l.expires_at <= $2
), booked AS (
    INSERT INTO ledger_transfers (organization_id, id, kind, reference, digest, actor, posted_at)
    SELECT $1, $5, 'expiry', $6, $7, $8, $2 WHERE EXISTS (SELECT 1 FROM due)
), emptied AS (
    UPDATE ledger_lots l SET remaining = 0, waiting = false FROM due d
    WHERE l.organization_id = $1 AND l.owner_id = d.owner_id AND l.unit_id = d.unit_id AND l.id = d.id
), entered AS (
    INSERT INTO ledger_entries (organization_id, transfer_id, owner_id, unit_id, lot_id, account, amount)
    SELECT $1, $5, owner_id, unit_id, id, 'expired', -remaining FROM due
)
UPDATE ledger_accounts a SET expired = a.expired + d.amount
FROM (SELECT owner_id, unit_id, sum(remaining)::bigint AS amount FROM due GROUP BY 1, 2) d
WHERE a.organization_id = $1 AND a.owner_id = d.owner_id AND a.unit_id = d.unit_id
RETURNING a.owner_id, a.unit_id, d.amount, {PENDING},
    a.earned + a.adjusted - a.spent - a.expired - a.reversed AS there
"""  # noqa: S608  put together from constants
_ACTIVATE: Final = f"""
WITH due AS (
    UPDATE ledger_lots l SET waiting = false
    FROM {given(3, owner_id="uuid", unit_id="uuid")} AS k
    WHERE l.organization_id = $1 AND l.owner_id = k.owner_id AND l.unit_id = k.unit_id
      AND l.waiting AND l.activates_at <= $2
    RETURNING l.owner_id, l.unit_id, l.transfer_id, l.remaining
)
SELECT d.transfer_id, d.amount, {FIGURES}, {PENDING_AND_LAPSED}
FROM (SELECT owner_id, unit_id, transfer_id, sum(remaining)::bigint AS amount FROM due GROUP BY 1, 2, 3) d
JOIN ledger_accounts a ON a.organization_id = $1 AND a.owner_id = d.owner_id AND a.unit_id = d.unit_id
"""  # noqa: S608  put together from constants


@dataclass(slots=True)
class Walk:
    """How far a pass over what is due has come; ``ended`` when nothing is left of it. Several may go it together."""

    due_at: datetime = _START_OF_TIME
    id: UUID = _LEAST
    ended: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False, compare=False)

    def follow(self, rows: Sequence[Row], limit: int) -> None:
        """Go on to the last of these rows."""
        self.ended = len(rows) < limit
        if rows:
            self.due_at, self.id = rows[-1]["due_at"], rows[-1]["id"]


async def expire_due_lots(tx: Tx, now: datetime, limit: int, walk: Walk) -> int:
    """Book what lapsed on the accounts of up to ``limit`` lots; returns how many accounts that were."""
    locked = await _locked(tx, _LAPSED, now, limit, walk)
    await settling.settle(tx, _special(locked), now)
    await expire_on(tx, [key for key, account in locked.items() if account == Locked(0, 0)], now)
    return len(locked)


async def end_due_holds(tx: Tx, now: datetime, limit: int, walk: Walk) -> int:
    """Give back what up to ``limit`` holds set aside whose time is over; returns how many accounts that were."""
    locked = await _locked(tx, _OVER, now, limit, walk)
    await settling.settle(tx, locked, now)
    return len(locked)


async def expire_on(tx: Tx, accounts: Sequence[AccountKey], now: datetime) -> None:
    """Book what lapsed on accounts that are locked already and owe nothing, in one transfer."""
    if not accounts:
        return
    transfer_id = new_id()
    reference = f"expiry:{encode('trf', transfer_id)}"
    booking = (transfer_id, reference, hashlib.sha256(reference.encode()).digest(), tx.actor.label)
    for owner_id, unit_id, amount, pending, there in await tx.fetch(
        _EXPIRE, tx.organization_id, now, *columns(accounts), *booking
    ):
        active = there - pending  # nothing is lapsed any more, and nothing is set aside here
        await announce(tx, BalanceChanged(owner_id, unit_id, transfer_id, "expiry", -amount, active, pending))


async def activate_due_lots(tx: Tx, now: datetime, limit: int, walk: Walk) -> int:
    """Announce the lots that became active on the accounts of up to ``limit`` of them; returns how many accounts."""
    locked = await _locked(tx, _RIPE, now, limit, walk)
    special = _special(locked)
    await settling.settle(tx, special, now)
    for row in await tx.fetch(_ACTIVATE, tx.organization_id, now, *columns(list(locked))):
        if row["amount"]:
            key = (row["owner_id"], row["unit_id"])
            delta, balance = row["amount"], balance_from(row)
            await tell(tx, key, "activation", transfer_id=row["transfer_id"], delta=delta, balance=balance)
    return len(locked)


async def announce_expiring(
    tx: Tx,
    now: datetime,
    unit_ids: Sequence[UUID],
    *,
    until: datetime,
    told_until: datetime,
    told_at: datetime,
    walk: Walk,
) -> int:
    """Announce what of these units lapses until an instant and was not told by the pass before."""
    span = (until, told_until, told_at)
    rows = await tx.fetch(
        EXPIRING, tx.organization_id, now, list(unit_ids), *span, walk.due_at, walk.id, TOLD_AT_ONCE
    )
    walk.follow(rows, TOLD_AT_ONCE)
    firsts = [row for row in rows if row["is_first"]]
    for row in firsts:
        await announce(tx, ExpiringSoon(row["owner_id"], row["unit_id"], row["due_at"], row["amount"]))
    return len(firsts)


def _special(locked: dict[AccountKey, Locked]) -> dict[AccountKey, Locked]:
    return {key: account for key, account in locked.items() if account != Locked(0, 0)}


async def _locked(tx: Tx, sql: str, now: datetime, limit: int, walk: Walk) -> dict[AccountKey, Locked]:
    """The accounts of what is due next that nobody else holds, locked in sorted order."""
    async with walk.turn:
        due = await tx.fetch(sql, tx.organization_id, now, limit, walk.due_at, walk.id)
        walk.follow(due, limit)
    keys = sorted({(row["owner_id"], row["unit_id"]) for row in due})
    rows = await tx.fetch(_LOCK, tx.organization_id, *columns(keys)) if keys else []
    return {(row["owner_id"], row["unit_id"]): Locked(row["owed"], row["held"]) for row in rows}

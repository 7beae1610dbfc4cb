"""What time alone does to lots: pending ones become active, others lapse. In batches, beside the tills.

An account that a till holds at this moment is skipped and comes with the next batch.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from passerelle.kit.db import Tx
from passerelle.kit.ids import encode, new_id
from passerelle.ledger.booking import tell
from passerelle.ledger.queries import PENDING_AND_LAPSED, balance_from, columns, given
from passerelle.ledger.schemas import AccountKey

_ACCOUNTS_WITH_DUE_LOTS: Final = """
SELECT a.owner_id, a.unit_id FROM ledger_accounts a
WHERE a.organization_id = $1 AND (a.owner_id, a.unit_id) IN (
    SELECT l.owner_id, l.unit_id FROM ledger_lots l WHERE l.organization_id = $1 AND {due} LIMIT $3)
ORDER BY a.owner_id, a.unit_id FOR NO KEY UPDATE OF a SKIP LOCKED
"""
_LAPSED: Final = _ACCOUNTS_WITH_DUE_LOTS.format(due="l.remaining > 0 AND l.expires_at <= $2")
_RIPE: Final = _ACCOUNTS_WITH_DUE_LOTS.format(due="l.waiting AND l.activates_at <= $2")
_EXPIRE: Final = f"""
WITH due AS (
    SELECT l.owner_id, l.unit_id, l.id, l.remaining, k.transfer_id
    FROM {given(3, owner_id="uuid", unit_id="uuid", transfer_id="uuid")} AS k
    JOIN ledger_lots l ON l.organization_id = $1 AND l.owner_id = k.owner_id AND l.unit_id = k.unit_id
    WHERE l.remaining > 0 AND l.expires_at <= $2
), booked AS (
    INSERT INTO ledger_transfers (organization_id, id, kind, reference, digest, actor, posted_at)
    SELECT $1, t.id, 'expiry', t.reference, t.digest, $8, $2
    FROM {given(5, id="uuid", reference="text", digest="bytea")} AS t
    WHERE t.id IN (SELECT transfer_id FROM due)
), emptied AS (
    UPDATE ledger_lots l SET remaining = 0 FROM due d
    WHERE l.organization_id = $1 AND l.owner_id = d.owner_id AND l.unit_id = d.unit_id AND l.id = d.id
), entered AS (
    INSERT INTO ledger_entries (organization_id, transfer_id, owner_id, unit_id, lot_id, account, amount)
    SELECT $1, transfer_id, owner_id, unit_id, id, 'expired', -remaining FROM due
)
UPDATE ledger_accounts a SET expired = a.expired + d.amount
FROM (SELECT owner_id, unit_id, transfer_id, sum(remaining)::bigint AS amount FROM due GROUP BY 1, 2, 3) d
WHERE a.organization_id = $1 AND a.owner_id = d.owner_id AND a.unit_id = d.unit_id
RETURNING d.transfer_id, d.amount,
    a.owner_id, a.unit_id, a.earned, a.spent, a.expired, a.reversed, a.adjusted, {PENDING_AND_LAPSED}
"""  # noqa: S608  put together from constants
_ACTIVATE: Final = f"""
WITH due AS (
    UPDATE ledger_lots l SET waiting = false
    FROM {given(3, owner_id="uuid", unit_id="uuid")} AS k
    WHERE l.organization_id = $1 AND l.owner_id = k.owner_id AND l.unit_id = k.unit_id
      AND l.waiting AND l.activates_at <= $2
    RETURNING l.owner_id, l.unit_id, l.transfer_id, l.remaining
)
SELECT d.transfer_id, d.amount,
    a.owner_id, a.unit_id, a.earned, a.spent, a.expired, a.reversed, a.adjusted, {PENDING_AND_LAPSED}
FROM (SELECT owner_id, unit_id, transfer_id, sum(remaining)::bigint AS amount FROM due GROUP BY 1, 2, 3) d
JOIN ledger_accounts a ON a.organization_id = $1 AND a.owner_id = d.owner_id AND a.unit_id = d.unit_id
"""  # noqa: S608  put together from constants


async def expire_due_lots(tx: Tx, now: datetime, limit: int) -> int:
    """Book what lapsed on the accounts of up to ``limit`` lots; returns how many accounts that were."""
    accounts = await _locked(tx, _LAPSED, now, limit)
    await expire_on(tx, accounts, now)
    return len(accounts)


async def expire_on(tx: Tx, accounts: Sequence[AccountKey], now: datetime) -> None:
    """Book what lapsed on accounts that are locked already, one transfer for each."""
    ids = [new_id() for _ in accounts]
    references = [f"expiry:{encode('trf', transfer_id)}" for transfer_id in ids]
    digests = [hashlib.sha256(reference.encode()).digest() for reference in references]
    rows = await tx.fetch(
        _EXPIRE, tx.organization_id, now, *columns(accounts), ids, references, digests, tx.actor.label
    )
    for row in rows:
        # The row's balance was read before the lots were emptied: what lapsed is now booked as expired.
        balance = balance_from(row, lapsed_change=-row["amount"])
        key, delta = (row["owner_id"], row["unit_id"]), -row["amount"]
        await tell(tx, key, "expiry", transfer_id=row["transfer_id"], delta=delta, balance=balance)


async def activate_due_lots(tx: Tx, now: datetime, limit: int) -> int:
    """Announce the lots that became active on the accounts of up to ``limit`` of them; returns how many accounts."""
    accounts = await _locked(tx, _RIPE, now, limit)
    for row in await tx.fetch(_ACTIVATE, tx.organization_id, now, *columns(accounts)):
        if row["amount"]:
            key = (row["owner_id"], row["unit_id"])
            delta, balance = row["amount"], balance_from(row)
            await tell(tx, key, "activation", transfer_id=row["transfer_id"], delta=delta, balance=balance)
    return len(accounts)


async def _locked(tx: Tx, sql: str, now: datetime, limit: int) -> list[AccountKey]:
    rows = await tx.fetch(sql, tx.organization_id, now, limit)
    return [(row["owner_id"], row["unit_id"]) for row in rows]

"""Every SELECT of the ledger; the tenant is always written out, row-level security stands behind."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from passerelle.kit.db import Row, Tx
from passerelle.ledger.reversal_rules import LotHistory
from passerelle.ledger.rules import NOT_BY_TIME, Change, Lot, balance_of
from passerelle.ledger.schemas import (
    AccountKey,
    Balance,
    Entry,
    Expiry,
    HoldOut,
    PendingLot,
    Sliding,
    TransferKind,
    TransferOut,
)
from passerelle.ledger.time_rules import DatedLot, Hold


def given(first: int, **types: str) -> str:
    """Array parameters from ``$first`` on as rows of a FROM clause, with their column names and types.

    The LIMIT limits nothing, but the planner cannot know: it expects one row instead of ten, with every plan it
    makes. So it looks the row up by index also in tables that are small today, and it keeps the prepared plan
    instead of planning each time (measured: 80 µs against 300 µs for the lock).
    """
    arrays = ", ".join(f"${first + position}::{kind}[]" for position, kind in enumerate(types.values()))
    return f"(SELECT * FROM unnest({arrays}) AS given({', '.join(types)}) LIMIT (SELECT NULL::bigint))"


# What is pending or lapsed depends on the instant asked for ($2), so no column can hold it. Both parts are read
# through a partial index and are small, however many lots the account has.
PENDING: Final = """
(SELECT coalesce(sum(l.remaining), 0)::bigint FROM ledger_lots l
 WHERE l.organization_id = $1 AND l.owner_id = a.owner_id AND l.unit_id = a.unit_id
   AND l.waiting AND l.activates_at > $2 AND (l.expires_at IS NULL OR l.expires_at > $2)) AS pending
"""
PENDING_AND_LAPSED: Final = f"""
{PENDING},
(SELECT coalesce(sum(l.remaining), 0)::bigint FROM ledger_lots l
 WHERE l.organization_id = $1 AND l.owner_id = a.owner_id AND l.unit_id = a.unit_id
   AND l.remaining > 0 AND l.expires_at <= $2) AS lapsed
"""
FIGURES: Final = "a.owner_id, a.unit_id, a.earned, a.spent, a.expired, a.reversed, a.adjusted, a.owed, a.held"
_BALANCES: Final = f"""
SELECT {FIGURES}, {PENDING_AND_LAPSED}
FROM ledger_accounts a WHERE a.organization_id = $1 AND a.owner_id = ANY((SELECT $3::uuid[])::uuid[])
"""
_ACCOUNTS: Final = given(2, owner_id="uuid", unit_id="uuid")
_LOT: Final = "l.owner_id, l.unit_id, l.id, l.remaining, l.earned_at, l.activates_at, l.expires_at, l.policy"
_OPEN_LOTS: Final = f"""
SELECT {_LOT}
FROM {_ACCOUNTS} AS k
JOIN ledger_lots l ON l.organization_id = $1 AND l.owner_id = k.owner_id AND l.unit_id = k.unit_id
WHERE l.remaining > 0
"""
# Lots of holds may be empty now: they are filled again when the hold is over.
_DATED_LOTS: Final = f"""
SELECT {_LOT}, l.waiting
FROM {_ACCOUNTS} AS k
JOIN ledger_lots l ON l.organization_id = $1 AND l.owner_id = k.owner_id AND l.unit_id = k.unit_id
WHERE l.remaining > 0 OR l.id IN (
    SELECT e.lot_id FROM ledger_holds h
    JOIN ledger_entries e ON e.organization_id = $1 AND e.transfer_id = h.id
    WHERE h.organization_id = $1 AND h.owner_id = k.owner_id AND h.unit_id = k.unit_id AND h.ended_by IS NULL)
"""
_HOLDS: Final = f"""
SELECT h.owner_id, h.unit_id, h.id, h.expires_at, e.lot_id, -e.amount AS amount
FROM {_ACCOUNTS} AS k
JOIN ledger_holds h ON h.organization_id = $1 AND h.owner_id = k.owner_id AND h.unit_id = k.unit_id
JOIN ledger_entries e ON e.organization_id = $1 AND e.transfer_id = h.id
WHERE h.ended_by IS NULL ORDER BY h.expires_at, h.id, e.lot_id
"""
_HOLD: Final = """
SELECT h.id, h.owner_id, h.unit_id, h.amount, h.expires_at, h.ended_by,
       CASE WHEN t.id IS NULL THEN 'open' WHEN t.kind = 'redemption' THEN 'captured' ELSE 'released' END
FROM ledger_holds h
LEFT JOIN ledger_transfers t ON t.organization_id = h.organization_id AND t.id = h.ended_by
WHERE h.organization_id = $1 AND h.id = $2
"""
# Spent is what left and may come back, or was missing already: redemptions, adjustments downwards, what other owners
# got and what is set aside, less what came back.
_LOT_HISTORIES: Final = f"""
SELECT {_LOT},
       coalesce(h.spent, 0)::bigint AS spent, coalesce(h.expired, 0)::bigint AS expired,
       coalesce(h.forgiven, 0)::bigint AS forgiven, coalesce(h.owed, 0)::bigint AS owed
FROM {_ACCOUNTS} AS k
JOIN ledger_lots l ON l.organization_id = $1 AND l.owner_id = k.owner_id AND l.unit_id = k.unit_id
LEFT JOIN (
    SELECT e.lot_id,
           -sum(e.amount) FILTER (WHERE e.account IN ('redeemed', 'set_aside') OR e.account = 'adjusted'
                                  AND (t.kind = 'adjustment') = (e.amount < 0) OR e.account = 'moved'
                                  AND (t.kind = 'move') = (e.amount < 0)) AS spent,
           -sum(e.amount) FILTER (WHERE e.account = 'expired') AS expired,
           sum(e.amount) FILTER (WHERE e.account = 'forgiven') AS forgiven,
           sum(e.amount) FILTER (WHERE e.account = 'owed') AS owed
    FROM ledger_entries e
    JOIN ledger_transfers t ON t.organization_id = e.organization_id AND t.id = e.transfer_id
    WHERE e.organization_id = $1 AND e.owner_id = ANY($2::uuid[])
    GROUP BY e.lot_id
) h ON h.lot_id = l.id
"""
_IN_USE: Final = "SELECT EXISTS (SELECT 1 FROM ledger_accounts WHERE organization_id = $1 AND unit_id = $2)"
_REFUNDED_BEFORE: Final = """
SELECT e.owner_id, e.unit_id, e.lot_id,
       coalesce(-sum(e.amount) FILTER (WHERE e.account IN ('issued', 'adjusted') AND e.amount < 0), 0)::bigint
           AS taken,
       coalesce(sum(e.amount) FILTER (WHERE e.account IN ('redeemed', 'adjusted') AND e.amount > 0), 0)::bigint
           AS returned
FROM ledger_transfers t
JOIN ledger_entries e ON e.organization_id = t.organization_id AND e.transfer_id = t.id
WHERE t.organization_id = $1 AND t.reverses = $2 AND t.kind = 'refund'
GROUP BY e.owner_id, e.unit_id, e.lot_id
"""
_TRANSFERS: Final = """
SELECT t.id, t.kind, t.reference, t.digest, t.reason, t.actor, t.posted_at, t.reverses, r.id AS reversed_by,
       e.owner_id, e.unit_id, e.lot_id, e.account, e.amount
FROM ledger_transfers t
LEFT JOIN ledger_transfers r
    ON r.organization_id = t.organization_id AND r.reverses = t.id AND r.kind = 'reversal'
LEFT JOIN ledger_entries e ON e.organization_id = t.organization_id AND e.transfer_id = t.id
"""
_BY_ID: Final = f"{_TRANSFERS} WHERE t.organization_id = $1 AND t.id = $2 ORDER BY e.lot_id, e.account"
_BY_REFERENCE: Final = f"{_TRANSFERS} WHERE t.organization_id = $1 AND t.reference = $2 ORDER BY e.lot_id, e.account"
_BY_OWNER: Final = f"""
{_TRANSFERS}
WHERE t.organization_id = $1 AND e.owner_id = $2 AND t.id IN (
    SELECT DISTINCT o.transfer_id FROM ledger_entries o
    WHERE o.organization_id = $1 AND o.owner_id = $2 AND o.transfer_id < $3
      AND ($5::text IS NULL OR EXISTS (
          SELECT 1 FROM ledger_transfers k
          WHERE k.organization_id = $1 AND k.id = o.transfer_id AND k.kind = $5))
    ORDER BY o.transfer_id DESC LIMIT $4)
ORDER BY t.id DESC, e.lot_id, e.account
"""
_LIVE: Final = "l.organization_id = $1 AND l.remaining > 0 AND l.activates_at <= $2 AND l.expires_at > $2"
_EXPIRIES: Final = f"""
SELECT l.owner_id, l.unit_id, l.expires_at, sum(l.remaining)::bigint FROM ledger_lots l
WHERE {_LIVE} AND l.owner_id = $3 AND ($4::uuid IS NULL OR l.unit_id = $4)
GROUP BY 1, 2, 3 ORDER BY l.expires_at, l.unit_id LIMIT $5
"""
_FIRST_EXPIRIES: Final = f"""
SELECT a.owner_id, a.unit_id, first.expires_at, first.amount FROM ledger_accounts a,
LATERAL (SELECT l.expires_at, sum(l.remaining)::bigint AS amount FROM ledger_lots l
         WHERE {_LIVE} AND l.owner_id = a.owner_id AND l.unit_id = a.unit_id
         GROUP BY l.expires_at ORDER BY l.expires_at LIMIT 1) AS first
WHERE a.organization_id = $1 AND a.owner_id = ANY((SELECT $3::uuid[])::uuid[])
"""
# What expires until $4 and did not until $5, or was not active yet at $6 and so was not told then: by lots, and
# with the first one of an account and an instant the amount of all of them.
_TOLD: Final = f"{_LIVE} AND l.expires_at <= $4 AND (l.expires_at > $5 OR l.activates_at > $6)"
_SAME: Final = f"""
FROM ledger_lots l
WHERE {_TOLD} AND l.owner_id = f.owner_id AND l.unit_id = f.unit_id AND l.expires_at = f.expires_at
"""
EXPIRING: Final = f"""
SELECT f.expires_at AS due_at, f.id, f.owner_id, f.unit_id,
       (SELECT sum(l.remaining)::bigint {_SAME}) AS amount, NOT EXISTS (SELECT 1 {_SAME} AND l.id < f.id) AS is_first
FROM (SELECT l.expires_at, l.id, l.owner_id, l.unit_id FROM ledger_lots l
      WHERE {_TOLD} AND l.unit_id = ANY($3::uuid[]) AND (l.expires_at, l.id) > ($7, $8)
      ORDER BY l.expires_at, l.id LIMIT $9) AS f
ORDER BY f.expires_at, f.id
"""
_PENDING_LOTS: Final = """
SELECT l.id, l.unit_id, l.remaining, l.earned_at, nullif(l.activates_at, $4), l.expires_at, l.awaits, l.policy,
       l.transfer_id, t.kind, t.reference
FROM ledger_lots l
JOIN ledger_transfers t ON t.organization_id = l.organization_id AND t.id = l.transfer_id
WHERE l.organization_id = $1 AND l.owner_id = $3 AND l.waiting AND l.remaining > 0 AND l.activates_at > $2
  AND (l.expires_at IS NULL OR l.expires_at > $2)
ORDER BY l.activates_at, l.id
"""
_SLIDING: Final = f"""
SELECT DISTINCT l.owner_id, l.unit_id, l.policy FROM {given(3, owner_id="uuid", unit_id="uuid")} AS k
JOIN ledger_lots l ON l.organization_id = $1 AND l.owner_id = k.owner_id AND l.unit_id = k.unit_id
WHERE l.remaining > 0 AND l.expires_at > $2 AND l.policy IS NOT NULL
"""

_GIVEN_UNDER: Final = """
SELECT coalesce(sum(e.amount), 0)::bigint
FROM ledger_transfers t
JOIN ledger_lots l ON l.organization_id = t.organization_id AND l.transfer_id = t.id
JOIN ledger_entries e ON e.organization_id = l.organization_id AND e.owner_id = l.owner_id AND e.lot_id = l.id
WHERE t.organization_id = $1 AND t.reference = $2 AND l.owner_id = $3 AND l.unit_id = $4
  AND l.activates_at <= $5 AND e.account = 'issued'
"""


def balance_from(row: Row, *, pending_change: int = 0, lapsed_change: int = 0) -> Balance:
    """The balance in a row of an account's figures; the changes are what the row's own statement did to its lots."""
    return balance_of(figures_from(row), row["pending"] + pending_change, row["lapsed"] + lapsed_change)


async def is_in_use(tx: Tx, unit_id: UUID) -> bool:
    return bool(await tx.fetchval(_IN_USE, tx.organization_id, unit_id))


async def find_hold(tx: Tx, hold_id: UUID) -> HoldOut | None:
    row = await tx.fetchrow(_HOLD, tx.organization_id, hold_id)
    return HoldOut(*row) if row is not None else None


def figures_from(row: Row) -> Change:
    """The figures of an account."""
    names = ("earned", "spent", "expired", "reversed", "adjusted", "owed", "held")
    return Change(*(row[name] for name in names))


async def list_accounts(tx: Tx, owner_ids: Sequence[UUID], now: datetime) -> Sequence[Row]:
    """The figures of owners' accounts, and what is pending and lapsed in them."""
    return await tx.fetch(_BALANCES, tx.organization_id, now, list(owner_ids))


async def list_dated_lots(tx: Tx, accounts: Sequence[AccountKey]) -> dict[AccountKey, dict[UUID, DatedLot]]:
    """Lots that hold something, or will when a hold is over."""
    lots: dict[AccountKey, dict[UUID, DatedLot]] = {key: {} for key in accounts}
    for row in await tx.fetch(_DATED_LOTS, tx.organization_id, *columns(accounts)):
        lots[row["owner_id"], row["unit_id"]][row["id"]] = DatedLot(*row)
    return lots


async def list_holds(tx: Tx, accounts: Sequence[AccountKey]) -> dict[AccountKey, list[Hold]]:
    """Holds that have not ended in the books, soonest over first; their time may be over."""
    holds: dict[AccountKey, list[Hold]] = {key: [] for key in accounts}
    rows = await tx.fetch(_HOLDS, tx.organization_id, *columns(accounts))
    for hold_id, parts in groupby(rows, key=lambda row: row["id"]):
        group = list(parts)
        hold = Hold(hold_id, group[0]["expires_at"], {row["lot_id"]: row["amount"] for row in group})
        holds[group[0]["owner_id"], group[0]["unit_id"]].append(hold)
    return holds


async def list_open_lots(tx: Tx, accounts: Sequence[AccountKey]) -> dict[AccountKey, list[Lot]]:
    """Lots with something left, whatever their state, by account."""
    lots: dict[AccountKey, list[Lot]] = {key: [] for key in accounts}
    for row in await tx.fetch(_OPEN_LOTS, tx.organization_id, *columns(accounts)):
        lots[row["owner_id"], row["unit_id"]].append(Lot(*row))
    return lots


async def list_lot_histories(tx: Tx, accounts: Sequence[AccountKey]) -> dict[UUID, LotHistory]:
    """Every lot of the accounts with what happened to it."""
    rows = await tx.fetch(_LOT_HISTORIES, tx.organization_id, *columns(accounts))
    return {row["id"]: LotHistory(*row) for row in rows}


async def list_refunded_before(tx: Tx, transfer_id: UUID) -> tuple[dict[AccountKey, int], dict[UUID, int]]:
    """What refunds of a transfer took back, by account, and what they gave back, by lot."""
    taken: dict[AccountKey, int] = {}
    returned: dict[UUID, int] = {}
    for row in await tx.fetch(_REFUNDED_BEFORE, tx.organization_id, transfer_id):
        key = (row["owner_id"], row["unit_id"])
        taken[key] = taken.get(key, 0) + row["taken"]
        returned[row["lot_id"]] = row["returned"]
    return taken, returned


async def find_transfer(tx: Tx, transfer_id: UUID) -> TransferOut | None:
    found = _transfers(await tx.fetch(_BY_ID, tx.organization_id, transfer_id))
    return found[0] if found else None


async def find_transfer_by_reference(tx: Tx, reference: str) -> tuple[TransferOut, bytes] | None:
    """The transfer with the digest of the input that it was booked with."""
    rows = await tx.fetch(_BY_REFERENCE, tx.organization_id, reference)
    return (_transfers(rows)[0], rows[0]["digest"]) if rows else None


async def list_transfers(
    tx: Tx, owner_id: UUID, before: UUID, limit: int, kind: TransferKind | None = None
) -> list[TransferOut]:
    return _transfers(await tx.fetch(_BY_OWNER, tx.organization_id, owner_id, before, limit, kind))


async def list_expiries(tx: Tx, owner_id: UUID, unit_id: UUID | None, now: datetime, limit: int) -> list[Expiry]:
    rows = await tx.fetch(_EXPIRIES, tx.organization_id, now, owner_id, unit_id, limit)
    return [Expiry(*row) for row in rows]


async def list_first_expiries(tx: Tx, owner_ids: Sequence[UUID], now: datetime) -> list[Expiry]:
    """What lapses first on each account of these owners."""
    return [Expiry(*row) for row in await tx.fetch(_FIRST_EXPIRIES, tx.organization_id, now, list(owner_ids))]


async def list_pending_lots(tx: Tx, owner_id: UUID, now: datetime) -> list[PendingLot]:
    """What is pending, soonest to become active first; what awaits an event alone comes last."""
    rows = await tx.fetch(_PENDING_LOTS, tx.organization_id, now, owner_id, NOT_BY_TIME)
    return [PendingLot(*row) for row in rows]


async def list_sliding(tx: Tx, accounts: Sequence[AccountKey], now: datetime) -> list[Sliding]:
    """The policies that live lots of these accounts were posted with."""
    return [Sliding(*row) for row in await tx.fetch(_SLIDING, tx.organization_id, now, *columns(accounts))]


async def given_under(tx: Tx, reference: str, owner_id: UUID, unit_id: UUID, now: datetime) -> int:
    amount: int = await tx.fetchval(_GIVEN_UNDER, tx.organization_id, reference, owner_id, unit_id, now)
    return amount


def columns(accounts: Sequence[AccountKey]) -> tuple[list[UUID], list[UUID]]:
    """Accounts as the two array parameters of ``unnest``."""
    return [owner_id for owner_id, _ in accounts], [unit_id for _, unit_id in accounts]


def _transfers(rows: Sequence[Row]) -> list[TransferOut]:
    return [_transfer(list(group)) for _, group in groupby(rows, key=lambda row: row["id"])]


def _transfer(rows: list[Row]) -> TransferOut:
    first = rows[0]
    return TransferOut(
        id=first["id"],
        kind=first["kind"],
        reference=first["reference"],
        reason=first["reason"],
        actor=first["actor"],
        posted_at=first["posted_at"],
        reverses=first["reverses"],
        reversed_by=first["reversed_by"],
        entries=tuple(
            Entry(row["owner_id"], row["unit_id"], row["lot_id"], row["account"], row["amount"])
            for row in rows
            if row["lot_id"] is not None
        ),
    )

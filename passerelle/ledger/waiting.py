"""Lots whose time is not the clock's alone: pending ones are made active or cancelled, sliding ones postponed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import encode
from passerelle.ledger import queries, settling
from passerelle.ledger.booking import Draft, Locked, book, tell
from passerelle.ledger.errors import NothingPending
from passerelle.ledger.events import ExpiryPostponed
from passerelle.ledger.retries import digest_of
from passerelle.ledger.rules import CREDIT_ACCOUNT, NOT_BY_TIME, Lot, Move
from passerelle.ledger.schemas import Sliding

# Only what is pending still: the account's lock was waited for, and its lots may have changed meanwhile.
_PENDING: Final = (
    "l.waiting AND l.remaining > 0 AND l.activates_at > $2 AND (l.expires_at IS NULL OR l.expires_at > $2)"
)
_ACTIVATE: Final = f"""
UPDATE ledger_lots l SET activates_at = $2, expires_at = k.expires_at, awaits = NULL, waiting = false
FROM (SELECT * FROM unnest($4::uuid[], $5::timestamptz[]) AS given(id, expires_at)) AS k
WHERE l.organization_id = $1 AND l.owner_id = $3 AND l.id = k.id AND {_PENDING}
RETURNING l.owner_id, l.unit_id, l.transfer_id, l.remaining
"""  # noqa: S608  put together from constants
_POSTPONE: Final = """
WITH postponed AS (
    UPDATE ledger_lots l SET expires_at = k.expires_at
    FROM (SELECT * FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[])
          AS given(owner_id, unit_id, policy, expires_at)) AS k
    WHERE l.organization_id = $1 AND l.owner_id = k.owner_id AND l.unit_id = k.unit_id AND l.policy = k.policy
      AND l.remaining > 0 AND l.expires_at > $2 AND l.expires_at < k.expires_at
    RETURNING l.owner_id, l.unit_id, l.expires_at, l.remaining
)
SELECT owner_id, unit_id, expires_at, sum(remaining)::bigint FROM postponed GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


async def activate_pending(tx: Tx, owner_id: UUID, expiries: Mapping[UUID, datetime | None]) -> int:
    """Make pending lots of an owner active now; each expires as told, for its time begins now.

    Returns how many lots that were: those that are not pending any more are left alone. What the owner owes is paid
    from them.
    """
    now = clock.now()
    lots = [lot for lot in await queries.list_pending_lots(tx, owner_id, now) if lot.id in expiries]
    debts = await settling.lock(tx, [(owner_id, lot.unit_id) for lot in lots], now)
    ids = [lot.id for lot in lots]
    rows = await tx.fetch(_ACTIVATE, tx.organization_id, now, owner_id, ids, [expiries[lot_id] for lot_id in ids])
    await settling.settle(tx, {key: Locked(debt, 0) for key, debt in debts.items() if debt}, now)
    balances = (await settling.balances(tx, [owner_id], now))[owner_id] if rows else {}
    for row in rows:
        balance = balances[row["unit_id"]]
        delta, transfer_id = row["remaining"], row["transfer_id"]
        await tell(
            tx, (owner_id, row["unit_id"]), "activation", transfer_id=transfer_id, delta=delta, balance=balance
        )
    return len(rows)


async def cancel_pending(tx: Tx, owner_id: UUID, lot_ids: Collection[UUID], *, reason: str | None = None) -> int:
    """Take pending lots of an owner back, each by a refund of the transfer that gave it; returns how many.

    Harmless for lots that were cancelled before. Raises NothingPending when one of them is neither.
    """
    now = clock.now()
    asked = [lot for lot in await queries.list_pending_lots(tx, owner_id, now) if lot.id in lot_ids]
    await settling.lock(tx, [(owner_id, lot.unit_id) for lot in asked], now)
    pending = [lot for lot in await queries.list_pending_lots(tx, owner_id, now) if lot.id in lot_ids]
    for lot_id in set(lot_ids) - {lot.id for lot in pending}:
        if await queries.find_transfer_by_reference(tx, _reference(lot_id)) is None:
            raise NothingPending
    for lot in pending:
        digest = digest_of("refund", reason, str(lot.id))
        draft = Draft("refund", _reference(lot.id), digest, now, reason, lot.transfer_id)
        times = (lot.earned_at, lot.activates_at or NOT_BY_TIME, lot.expires_at)
        cancelled = Lot(owner_id, lot.unit_id, lot.id, lot.amount, *times)
        draft.move(Move(cancelled, CREDIT_ACCOUNT[lot.given_by], -lot.amount, "pending"))
        booked = await book(tx, draft)
        assert booked is not None, "A lot that was cancelled is not pending."
    return len(pending)


async def postpone(tx: Tx, sliding: Sequence[Sliding], expires_at: Sequence[datetime]) -> None:
    """Let live lots of locked accounts that were posted with these policies expire later, in one statement.

    No entry is made, for no amount moves; the fact ExpiryPostponed is the trace. A lot whose time is longer already
    keeps it, and one whose time is over stays lapsed.
    """
    arrays = ([one.owner_id for one in sliding], [one.unit_id for one in sliding], [one.policy for one in sliding])
    for row in await tx.fetch(_POSTPONE, tx.organization_id, clock.now(), *arrays, list(expires_at)):
        await announce(tx, ExpiryPostponed(*row))


def _reference(lot_id: UUID) -> str:
    return f"cancel:{encode('lot', lot_id)}"

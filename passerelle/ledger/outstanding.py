"""What is owed to owners and by when, and what became of the units of a period: read from lots and entries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.ledger import queries
from passerelle.ledger.schemas import Cohort, Outstanding
from passerelle.ledger.time_rules import elapse

# A lot that ends at midnight is good on the day before, hence in the month of its last microsecond.
_MONTH: Final = "to_char((l.expires_at AT TIME ZONE k.zone) - interval '1 microsecond', 'YYYY-MM')"
_UNITS: Final = "unnest($3::uuid[], $4::text[]) AS k(unit_id, zone)"
# What a payment under way set aside is still its owner's; it counts as active.
_NOW: Final = f"""
SELECT l.unit_id, {_MONTH} AS month,
       coalesce(sum(l.there) FILTER (WHERE l.activates_at <= $2), 0)::bigint AS active,
       coalesce(sum(l.there) FILTER (WHERE l.activates_at > $2), 0)::bigint AS pending
FROM (
    SELECT unit_id, expires_at, activates_at, remaining AS there FROM ledger_lots
    WHERE organization_id = $1 AND remaining > 0
    UNION ALL
    SELECT o.unit_id, o.expires_at, o.activates_at, -e.amount FROM ledger_holds h
    JOIN ledger_entries e ON e.organization_id = h.organization_id AND e.transfer_id = h.id
    JOIN ledger_lots o ON o.organization_id = e.organization_id AND o.id = e.lot_id
    WHERE h.organization_id = $1 AND h.ended_by IS NULL
    UNION ALL
    SELECT o.unit_id, o.expires_at, o.activates_at, p.amount
    FROM unnest($5::uuid[], $6::bigint[]) AS p (lot_id, amount)
    JOIN ledger_lots o ON o.organization_id = $1 AND o.id = p.lot_id
) AS l JOIN {_UNITS} ON k.unit_id = l.unit_id
WHERE l.expires_at IS NULL OR l.expires_at > $2
GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608  put together from constants
# Accounts whose debt is paid by now, though the job that books it has not come by.
_PAYING: Final = """
SELECT a.owner_id, a.unit_id, a.owed FROM (
    SELECT owner_id, unit_id FROM ledger_lots WHERE organization_id = $1 AND waiting AND activates_at <= $2
    UNION
    SELECT owner_id, unit_id FROM ledger_holds WHERE organization_id = $1 AND ended_by IS NULL AND expires_at <= $2
) due
JOIN ledger_accounts a ON a.organization_id = $1 AND a.owner_id = due.owner_id AND a.unit_id = due.unit_id
WHERE a.owed <> 0 AND a.unit_id = ANY($3::uuid[])
"""
# What was left of each lot then, by the entries that were booked before.
_THEN: Final = f"""
SELECT l.unit_id, {_MONTH} AS month,
       coalesce(sum(e.amount) FILTER (WHERE l.activates_at <= $2), 0)::bigint AS active,
       coalesce(sum(e.amount) FILTER (WHERE l.activates_at > $2), 0)::bigint AS pending
FROM ledger_lots l JOIN {_UNITS} ON k.unit_id = l.unit_id
JOIN ledger_entries e ON e.organization_id = l.organization_id AND e.lot_id = l.id
JOIN ledger_transfers t ON t.organization_id = e.organization_id AND t.id = e.transfer_id
WHERE l.organization_id = $1 AND t.posted_at < $2 AND (l.expires_at IS NULL OR l.expires_at > $2)
  AND e.account <> 'set_aside'
GROUP BY 1, 2 HAVING sum(e.amount) <> 0 ORDER BY 1, 2
"""  # noqa: S608  put together from constants
_COHORT: Final = """
SELECT coalesce(sum(e.amount) FILTER (WHERE e.account IN ('issued', 'adjusted', 'forgiven', 'owed')), 0)::bigint
           AS issued,
       coalesce(-sum(e.amount) FILTER (WHERE e.account = 'redeemed'), 0)::bigint AS redeemed,
       coalesce(-sum(e.amount) FILTER (WHERE e.account = 'expired'), 0)::bigint AS expired
FROM ledger_lots l
JOIN ledger_entries e ON e.organization_id = l.organization_id AND e.lot_id = l.id
JOIN ledger_transfers t ON t.organization_id = e.organization_id AND t.id = e.transfer_id
WHERE l.organization_id = $1 AND l.unit_id = $2 AND l.earned_at >= $3 AND l.earned_at < $4 AND t.posted_at < $5
"""


async def outstanding(tx: Tx, zones: Mapping[UUID, str], now: datetime, at: datetime | None) -> list[Outstanding]:
    """Units that owners hold, by unit and month; ``zones`` are the units with their time zones."""
    units = (list(zones), list(zones.values()))
    if at is None:
        rows = await tx.fetch(_NOW, tx.organization_id, now, *units, *await _paid_by_now(tx, now, units[0]))
    else:
        rows = await tx.fetch(_THEN, tx.organization_id, at, *units)
    return [Outstanding(row["unit_id"], row["month"], row["active"], row["pending"]) for row in rows]


async def _paid_by_now(tx: Tx, now: datetime, unit_ids: list[UUID]) -> tuple[list[UUID], list[int]]:
    """What lots gave for debts by now without its being booked yet: their ids, and amounts below zero."""
    owing = {(row[0], row[1]): row[2] for row in await tx.fetch(_PAYING, tx.organization_id, now, unit_ids)}
    if not owing:
        return [], []
    lots, holds = await queries.list_dated_lots(tx, list(owing)), await queries.list_holds(tx, list(owing))
    paid = [
        (move.lot.id, move.amount)
        for key, owed in owing.items()
        for move in elapse(lots[key], holds[key], owed, now).moves
        if move.account == "owed"
    ]
    return [lot_id for lot_id, _ in paid], [amount for _, amount in paid]


async def cohort(tx: Tx, unit_id: UUID, since: datetime, until: datetime, as_of: datetime) -> Cohort:
    """What became of the units that were given in ``[since, until)``, by what was booked before ``as_of``."""
    row = await tx.fetchrow(_COHORT, tx.organization_id, unit_id, since, until, as_of)
    return Cohort(row["issued"], row["redeemed"], row["expired"])

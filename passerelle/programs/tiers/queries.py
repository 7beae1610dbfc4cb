"""Every SQL text of tiers; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from passerelle.kit.db import Tx
from passerelle.programs.tiers.errors import TierSetNotFound
from passerelle.programs.tiers.models import TierRow, TierSetRow
from passerelle.programs.tiers.values import TierSet

# LIMIT NULL limits nothing: the planner then expects one row and looks up by index with every plan it makes.
_ASKED: Final = """
(SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[])
 WITH ORDINALITY AS given(membership_id, unit_id, starts_at, ends_at, number) LIMIT (SELECT NULL::bigint))
"""
_TIER_SETS: Final = """
SELECT s.id, s.program_id, s.name, s.names, s.basis, s.unit_id, s.definition, s.recalculation, s.applies_at,
       s.created_at, p.time_zone,
       (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.position, t.id) FROM tiers t
        WHERE t.organization_id = s.organization_id AND t.tier_set_id = s.id) AS tiers
FROM tier_sets s JOIN programs p ON p.organization_id = s.organization_id AND p.id = s.program_id
WHERE s.organization_id = $1 AND s.retired_at IS NULL
"""
_TIER_SETS_OF: Final = f"{_TIER_SETS} AND s.program_id = ANY($2) ORDER BY s.id"
_TIER_SET: Final = f"{_TIER_SETS} AND s.id = $2"
_TIER_SETS_PAGE: Final = f"{_TIER_SETS} AND s.id < $2 AND ($3::uuid IS NULL OR s.program_id = $3)"
_SEATS: Final = """
SELECT m.id, m.program_id, m.customer_id, p.version FROM memberships m
JOIN programs p ON p.organization_id = m.organization_id AND p.id = m.program_id
WHERE m.organization_id = $1
"""
_SEATS_IN_TIERS: Final = """
SELECT m.id FROM memberships m WHERE m.organization_id = $1 AND (m.id = ANY($2) OR m.customer_id = ANY($2))
  AND m.state <> 'ended'
  AND EXISTS (SELECT 1 FROM tier_sets s
              WHERE s.organization_id = $1 AND s.program_id = m.program_id AND s.retired_at IS NULL)
"""
_SEATS_FOR_UPDATE: Final = f"{_SEATS} AND m.id = ANY($2) ORDER BY m.id FOR NO KEY UPDATE OF m"
_SEATS_FOR_UPDATE_NOW: Final = f"{_SEATS_FOR_UPDATE} SKIP LOCKED"
_STATES: Final = """
SELECT m.id AS member_id, m.customer_id, m.program_id, m.joined_at, m.tier_ids, t.*
FROM memberships m
LEFT JOIN member_tiers t ON t.organization_id = m.organization_id AND t.membership_id = m.id
WHERE m.organization_id = $1 AND m.id = ANY($2) AND m.state <> 'ended' ORDER BY m.id
"""
_DUE: Final = """
SELECT t.membership_id, t.tier_set_id FROM member_tiers t
JOIN memberships m ON m.organization_id = t.organization_id AND m.id = t.membership_id
JOIN programs p ON p.organization_id = m.organization_id AND p.id = m.program_id
WHERE t.organization_id = $1 AND t.due_at <= $2 AND m.state <> 'ended' AND p.state IN ('active', 'paused')
ORDER BY t.due_at LIMIT $3
"""
_MEMBERS_AFTER: Final = """
SELECT m.id FROM memberships m
WHERE m.organization_id = $1 AND m.program_id = $2 AND m.id > $3 AND m.state <> 'ended' ORDER BY m.id LIMIT $4
"""
_UNDECIDED_AFTER: Final = """
SELECT m.id FROM memberships m
LEFT JOIN member_tiers t ON t.organization_id = m.organization_id AND t.membership_id = m.id AND t.tier_set_id = $3
WHERE m.organization_id = $1 AND m.program_id = $2 AND m.id > $4 AND m.state <> 'ended'
  AND t.definition IS DISTINCT FROM $5 ORDER BY m.id LIMIT $6
"""
_HOLDERS_AFTER: Final = """
SELECT t.membership_id AS id FROM member_tiers t
WHERE t.organization_id = $1 AND t.tier_set_id = $2 AND t.membership_id > $3 ORDER BY t.membership_id LIMIT $4
"""
_PROGRESS: Final = """
SELECT count(*) AS members, count(*) FILTER (WHERE t.definition IS DISTINCT FROM $4) AS undecided
FROM memberships m
LEFT JOIN member_tiers t ON t.organization_id = m.organization_id AND t.membership_id = m.id AND t.tier_set_id = $3
WHERE m.organization_id = $1 AND m.program_id = $2 AND m.state <> 'ended'
"""
# What was undone does not count, of a refund in slices neither; what is pending does, for it was earned.
_EARNED: Final = f"""
SELECT k.number, coalesce(sum(a.amount - a.undone_amount), 0)::bigint AS amount FROM {_ASKED} AS k
LEFT JOIN accruals a ON a.organization_id = $1 AND a.membership_id = k.membership_id AND a.unit_id = k.unit_id
  AND a.occurred_at >= k.starts_at AND a.occurred_at < k.ends_at AND a.undone_at IS NULL
GROUP BY k.number ORDER BY k.number
"""
_VISITS: Final = f"""
SELECT k.number, count(DISTINCT a.reference) AS amount FROM {_ASKED} AS k
LEFT JOIN accruals a ON a.organization_id = $1 AND a.membership_id = k.membership_id
  AND a.occurred_at >= k.starts_at AND a.occurred_at < k.ends_at AND a.undone_at IS NULL
  AND a.reference LIKE 'scan:%'
GROUP BY k.number ORDER BY k.number
"""
# Everything that a decision changes, in one statement. A change for the better is the first of its period unless
# the history has one; the row of the membership is locked, so nobody else writes one meanwhile.
KEEP: Final = """
WITH stood AS (
    INSERT INTO member_tiers (organization_id, membership_id, tier_set_id, tier_id, since, changed_at, ends_at,
                              grace_until, recheck_at, locked, locked_until, proof_from, proof_to, proof_amount,
                              proof_measure, definition, due_at)
    SELECT $1, given.* FROM unnest(
        $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
        $8::timestamptz[], $9::timestamptz[], $10::boolean[], $11::timestamptz[], $12::timestamptz[],
        $13::timestamptz[], $14::bigint[], $15::text[], $16::text[], $17::timestamptz[]) AS given
    ON CONFLICT (organization_id, membership_id, tier_set_id) DO UPDATE SET
        tier_id = excluded.tier_id, since = excluded.since, changed_at = excluded.changed_at,
        ends_at = excluded.ends_at, grace_until = excluded.grace_until, recheck_at = excluded.recheck_at,
        locked = excluded.locked, locked_until = excluded.locked_until, proof_from = excluded.proof_from,
        proof_to = excluded.proof_to, proof_amount = excluded.proof_amount, proof_measure = excluded.proof_measure,
        definition = excluded.definition, due_at = excluded.due_at
), shown AS (
    UPDATE memberships m SET tier_ids = given.tier_ids::uuid[]
    FROM unnest($18::uuid[], $19::text[]) AS given(id, tier_ids)
    WHERE m.organization_id = $1 AND m.id = given.id
)
INSERT INTO tier_changes (organization_id, id, membership_id, tier_set_id, from_tier_id, to_tier_id, cause, period,
                          first_in_period, reason, occurred_at, actor)
SELECT $1, given.id, given.membership_id, given.tier_set_id, given.from_tier_id, given.to_tier_id, given.cause,
       given.period,
       given.may_be_first AND NOT EXISTS (
           SELECT 1 FROM tier_changes c
           WHERE c.organization_id = $1 AND c.membership_id = given.membership_id AND c.to_tier_id = given.to_tier_id
             AND c.period = given.period AND c.first_in_period),
       given.reason, given.occurred_at, $30
FROM unnest($20::uuid[], $21::uuid[], $22::uuid[], $23::uuid[], $24::uuid[], $25::text[], $26::text[],
            $27::boolean[], $28::text[], $29::timestamptz[])
    AS given(id, membership_id, tier_set_id, from_tier_id, to_tier_id, cause, period, may_be_first, reason,
             occurred_at)
RETURNING id, first_in_period
"""
_HISTORY: Final = """
SELECT c.tier_set_id, c.from_tier_id, c.to_tier_id, c.cause, c.period, c.reason, c.actor, c.occurred_at,
       (SELECT f.name FROM tiers f WHERE f.organization_id = $1 AND f.id = c.from_tier_id) AS from_tier,
       (SELECT t.name FROM tiers t WHERE t.organization_id = $1 AND t.id = c.to_tier_id) AS to_tier
FROM tier_changes c
WHERE c.organization_id = $1 AND c.membership_id = $2 AND c.tier_set_id = $3 ORDER BY c.id DESC LIMIT $4
"""
_CHANGES_OF: Final = """
SELECT id, membership_id, tier_set_id, from_tier_id, to_tier_id, cause, period, reason, occurred_at FROM tier_changes
WHERE organization_id = $1 AND membership_id = ANY($2) ORDER BY id
"""
FORGET_REASONS: Final = """
UPDATE tier_changes SET reason = NULL
WHERE organization_id = $1 AND membership_id = ANY($2) AND reason IS NOT NULL
"""
REST: Final = "UPDATE member_tiers SET due_at = NULL WHERE organization_id = $1 AND membership_id = $2"
WAKE: Final = "UPDATE member_tiers SET due_at = $3 WHERE organization_id = $1 AND membership_id = $2"
LEAVE: Final = """
WITH left_behind AS (
    DELETE FROM member_tiers WHERE organization_id = $1 AND tier_set_id = $2 AND membership_id = ANY($3)
    RETURNING membership_id, tier_id
)
UPDATE memberships m SET tier_ids = array_remove(m.tier_ids, l.tier_id) FROM left_behind l
WHERE m.organization_id = $1 AND m.id = l.membership_id
"""


async def tier_sets_of(tx: Tx, program_ids: Sequence[UUID]) -> Sequence[Any]:
    """Tier sets of programs with all their tiers, oldest first."""
    return await tx.fetch(_TIER_SETS_OF, tx.organization_id, list(program_ids))


async def get_tier_set(tx: Tx, tier_set_id: UUID) -> Any:
    row = await tx.fetchrow(_TIER_SET, tx.organization_id, tier_set_id)
    if row is None:
        raise TierSetNotFound
    return row


async def list_tier_sets(tx: Tx, program_id: UUID | None, before: UUID, limit: int) -> Sequence[Any]:
    page = f"{_TIER_SETS_PAGE} ORDER BY s.id DESC LIMIT $4"
    return await tx.fetch(page, tx.organization_id, before, program_id, limit)


async def tier_set_for_update(tx: Tx, tier_set_id: UUID) -> TierSetRow:
    query = (
        select(TierSetRow)
        .where(
            TierSetRow.organization_id == tx.organization_id,
            TierSetRow.id == tier_set_id,
            TierSetRow.retired_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = (await tx.session.execute(query)).scalar_one_or_none()
    if row is None:
        raise TierSetNotFound
    return row


async def tiers_of(tx: Tx, tier_set_id: UUID) -> Sequence[TierRow]:
    """The tiers of a set that are not retired."""
    query = select(TierRow).where(
        TierRow.organization_id == tx.organization_id,
        TierRow.tier_set_id == tier_set_id,
        TierRow.retired_at.is_(None),
    )
    return (await tx.session.execute(query)).scalars().all()


async def count_tier_sets(tx: Tx, program_id: UUID) -> int:
    query = select(func.count()).where(
        TierSetRow.organization_id == tx.organization_id,
        TierSetRow.program_id == program_id,
        TierSetRow.retired_at.is_(None),
    )
    return (await tx.session.execute(query)).scalar_one()


async def find_seats_in_tiers(tx: Tx, ids: Sequence[UUID]) -> list[UUID]:
    """Memberships by their own id or their customer's, of programs that have tiers."""
    return [row["id"] for row in await tx.fetch(_SEATS_IN_TIERS, tx.organization_id, list(ids))]


async def seats_for_update(tx: Tx, membership_ids: Sequence[UUID], *, wait: bool) -> Sequence[Any]:
    """Memberships locked in the order of their ids; without waiting, those that somebody else holds are left out."""
    statement = _SEATS_FOR_UPDATE if wait else _SEATS_FOR_UPDATE_NOW
    return await tx.fetch(statement, tx.organization_id, list(membership_ids))


async def states_of(tx: Tx, membership_ids: Sequence[UUID]) -> Sequence[Any]:
    """A row for each membership and tier set it stands in; one without, when it stands in none."""
    return await tx.fetch(_STATES, tx.organization_id, list(membership_ids))


async def due_states(tx: Tx, now: datetime, limit: int) -> Sequence[Any]:
    return await tx.fetch(_DUE, tx.organization_id, now, limit)


async def members_after(tx: Tx, program_id: UUID, last: UUID, limit: int) -> list[UUID]:
    rows = await tx.fetch(_MEMBERS_AFTER, tx.organization_id, program_id, last, limit)
    return [row["id"] for row in rows]


async def undecided_after(tx: Tx, tier_set: TierSet, last: UUID, limit: int) -> list[UUID]:
    """Members of the program that were not yet decided by this definition."""
    place = (tx.organization_id, tier_set.program_id, tier_set.id)
    rows = await tx.fetch(_UNDECIDED_AFTER, *place, last, tier_set.definition.key, limit)
    return [row["id"] for row in rows]


async def holders_after(tx: Tx, tier_set_id: UUID, last: UUID, limit: int) -> list[UUID]:
    rows = await tx.fetch(_HOLDERS_AFTER, tx.organization_id, tier_set_id, last, limit)
    return [row["id"] for row in rows]


async def progress_of(tx: Tx, tier_set: TierSet) -> tuple[int, int]:
    """Members of the program, and how many of them were not yet decided by this definition."""
    place = (tx.organization_id, tier_set.program_id, tier_set.id)
    row = await tx.fetchrow(_PROGRESS, *place, tier_set.definition.key)
    return row["members"], row["undecided"]


async def earned(tx: Tx, asked: tuple[list[UUID], list[UUID | None], list[datetime], list[datetime]]) -> list[int]:
    """Units that were earned in spans, one figure for each."""
    return [row["amount"] for row in await tx.fetch(_EARNED, tx.organization_id, *asked)]


async def visits(tx: Tx, asked: tuple[list[UUID], list[UUID | None], list[datetime], list[datetime]]) -> list[int]:
    """Visits without a purchase that a till booked in spans, one figure for each."""
    return [row["amount"] for row in await tx.fetch(_VISITS, tx.organization_id, *asked)]


async def history_of(tx: Tx, membership_id: UUID, tier_set_id: UUID, limit: int) -> Sequence[Any]:
    """The last changes, newest first, with the names of the tiers."""
    return await tx.fetch(_HISTORY, tx.organization_id, membership_id, tier_set_id, limit)


async def changes_of(tx: Tx, membership_ids: Sequence[UUID]) -> Sequence[Any]:
    return await tx.fetch(_CHANGES_OF, tx.organization_id, list(membership_ids))

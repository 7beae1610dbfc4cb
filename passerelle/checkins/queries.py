"""Every SQL text of check-ins; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.checkins.errors import CheckInNotFound
from passerelle.kit.db import Row, Tx

_PLACE_COLUMNS: Final = """location_id, by_staff, capacity, pass_back_minutes, longest_minutes, ends_with_day,
       self_by, radius_m, cooldown_minutes, per_day, program_id, code_version"""
_PLACES: Final = f"SELECT {_PLACE_COLUMNS} FROM check_in_places WHERE organization_id = $1"
_PLACE: Final = f"{_PLACES} AND location_id = $2"
SAVE_PLACE: Final = """
INSERT INTO check_in_places (organization_id, location_id, by_staff, capacity, pass_back_minutes, longest_minutes,
    ends_with_day, self_by, radius_m, cooldown_minutes, per_day, program_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (organization_id, location_id) DO UPDATE SET by_staff = $3, capacity = $4, pass_back_minutes = $5,
    longest_minutes = $6, ends_with_day = $7, self_by = $8, radius_m = $9, cooldown_minutes = $10, per_day = $11,
    program_id = $12
"""
RENEW_CODE: Final = """
UPDATE check_in_places SET code_version = code_version + 1 WHERE organization_id = $1 AND location_id = $2
"""
_COLUMNS: Final = """id, location_id, customer_id, way, opened_at, opened_by, closes_at, closes_how, closed_at,
       closed_by, closed_how, undone_at, reference, out_reference, custom_event_id"""
_CHECK_IN: Final = f"SELECT {_COLUMNS} FROM check_ins WHERE organization_id = $1"
_BY_ID: Final = f"{_CHECK_IN} AND id = $2"
_LOCKED: Final = " FOR NO KEY UPDATE"
_BY_REFERENCE: Final = f"{_CHECK_IN} AND (reference = $2 OR out_reference = $2)"
# Who is in, or was at that instant until the clock closed them: an "out" that is told late comes before the clock.
_STAY: Final = f"""
{_CHECK_IN} AND location_id = $2 AND customer_id = $3 AND undone_at IS NULL AND opened_at <= $4 AND way = 'staff'
AND (closed_at IS NULL OR (closed_how IN ('expired', 'day_end') AND closed_at > $4))
ORDER BY opened_at DESC LIMIT 1
"""
_AROUND: Final = """
SELECT max(closed_at) FILTER (WHERE closed_how = 'out' AND closed_at <= $4) AS left_at,
       coalesce(bool_or(way = 'staff' AND greatest(opened_at, closed_at) > $4), false) AS is_late,
       max(opened_at) FILTER (WHERE custom_event_id IS NOT NULL) AS counted_at,
       count(*) FILTER (WHERE custom_event_id IS NOT NULL AND opened_at >= $6 AND opened_at < $7) AS counted_today
FROM check_ins
WHERE organization_id = $1 AND location_id = $2 AND customer_id = $3 AND undone_at IS NULL
AND (closed_at IS NULL OR closed_at >= $5)
"""
_INSIDE: Final = """
SELECT location_id, count(*) AS inside FROM check_ins
WHERE organization_id = $1 AND location_id = ANY($2::uuid[]) AND closed_at IS NULL AND undone_at IS NULL
AND closes_at > $3 GROUP BY location_id
"""
_PRESENT: Final = f"""
{_CHECK_IN} AND location_id = $2 AND closed_at IS NULL AND undone_at IS NULL AND closes_at > $3 AND id < $4
ORDER BY id DESC LIMIT $5
"""
_PAGE: Final = f"""
{_CHECK_IN} AND id < $2 AND ($4::uuid IS NULL OR location_id = $4) AND ($5::uuid IS NULL OR customer_id = $5)
AND ($6::text IS NULL OR way = $6) AND ($7::timestamptz IS NULL OR opened_at >= $7)
AND ($8::timestamptz IS NULL OR opened_at < $8)
AND ($9::text IS NULL OR $9 = CASE WHEN undone_at IS NOT NULL THEN 'undone'
    WHEN closed_at IS NULL AND closes_at > $10 THEN 'in' ELSE 'out' END)
ORDER BY id DESC LIMIT $3
"""
ADD: Final = """
INSERT INTO check_ins (organization_id, id, location_id, customer_id, way, opened_at, opened_by, closes_at,
    closes_how, closed_at, closed_by, closed_how, reference)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
NOTE_EVENT: Final = "UPDATE check_ins SET custom_event_id = $3 WHERE organization_id = $1 AND id = $2"
CLOSE: Final = """
UPDATE check_ins SET closed_at = $3, closed_by = $4, closed_how = 'out', out_reference = $5
WHERE organization_id = $1 AND id = $2
"""
REOPEN: Final = """
UPDATE check_ins SET closed_at = NULL, closed_by = NULL, closed_how = NULL, out_reference = NULL
WHERE organization_id = $1 AND id = $2
"""
UNDO: Final = """
UPDATE check_ins SET undone_at = $3, undone_by = $4 WHERE organization_id = $1 AND id = $2
"""
_CLOSE_DUE: Final = """
UPDATE check_ins SET closed_at = closes_at, closed_by = 'system', closed_how = closes_how
WHERE organization_id = $1 AND id IN (
    SELECT id FROM check_ins WHERE organization_id = $1 AND closed_at IS NULL AND undone_at IS NULL
    AND closes_at <= $2 AND ($3::uuid IS NULL OR location_id = $3) ORDER BY closes_at, id LIMIT $4
    FOR UPDATE SKIP LOCKED)
RETURNING id, location_id, customer_id, closed_how
"""
_LATER: Final = """
SELECT EXISTS (SELECT FROM check_ins WHERE organization_id = $1 AND location_id = $2 AND customer_id = $3
    AND undone_at IS NULL AND way = 'staff' AND opened_at > $4 AND id <> $5)
"""
# The stay that somebody else's entry leaves open where two entries become one person ends as they do.
END_DOUBLES: Final = """
UPDATE check_ins gone SET closed_at = greatest(gone.opened_at, $4), closed_by = 'system', closed_how = 'out'
WHERE gone.organization_id = $1 AND gone.customer_id = $3 AND gone.closed_at IS NULL AND gone.undone_at IS NULL
AND EXISTS (SELECT FROM check_ins kept WHERE kept.organization_id = $1 AND kept.customer_id = $2
    AND kept.location_id = gone.location_id AND kept.closed_at IS NULL AND kept.undone_at IS NULL)
"""
MERGE: Final = "UPDATE check_ins SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
FORGET: Final = "DELETE FROM check_ins WHERE organization_id = $1 AND customer_id = $2"


async def find_place(tx: Tx, location_id: UUID, *, for_update: bool = False) -> Row | None:
    return await tx.fetchrow(_PLACE + (_LOCKED if for_update else ""), tx.organization_id, location_id)


async def list_places(tx: Tx) -> Sequence[Row]:
    """All of them, for tills and the dashboard: an organization has some hundred locations at most."""
    return await tx.fetch(f"{_PLACES} ORDER BY location_id", tx.organization_id)


async def get_check_in(tx: Tx, check_in_id: UUID, *, for_update: bool = False) -> Row:
    row = await tx.fetchrow(_BY_ID + (_LOCKED if for_update else ""), tx.organization_id, check_in_id)
    if row is None:
        raise CheckInNotFound
    return row


async def find_by_reference(tx: Tx, reference: str) -> Row | None:
    return await tx.fetchrow(_BY_REFERENCE, tx.organization_id, reference)


async def find_stay(tx: Tx, location_id: UUID, customer_id: UUID, at: datetime) -> Row | None:
    return await tx.fetchrow(_STAY, tx.organization_id, location_id, customer_id, at)


async def around(
    tx: Tx, location_id: UUID, customer_id: UUID, instants: tuple[datetime, datetime, datetime, datetime]
) -> Row:
    """When somebody last left, whether something later is booked, when they last counted and how often that day.

    ``instants`` are the one that is asked about, the one before which nothing is looked at, and those between which
    the day lies.
    """
    return await tx.fetchrow(_AROUND, tx.organization_id, location_id, customer_id, *instants)


async def count_inside(tx: Tx, location_ids: Sequence[UUID], now: datetime) -> dict[UUID, int]:
    """How many are in, by location; empty ones are left out."""
    rows = await tx.fetch(_INSIDE, tx.organization_id, list(location_ids), now)
    return {row["location_id"]: row["inside"] for row in rows}


async def list_present(tx: Tx, location_id: UUID, now: datetime, before: UUID, limit: int) -> Sequence[Row]:
    return await tx.fetch(_PRESENT, tx.organization_id, location_id, now, before, limit)


async def list_check_ins(
    tx: Tx,
    before: UUID,
    limit: int,
    now: datetime,
    *,
    location_id: UUID | None,
    customer_id: UUID | None,
    way: str | None,
    state: str | None,
    since: datetime | None,
    until: datetime | None,
) -> Sequence[Row]:
    filters = (location_id, customer_id, way, since, until, state, now)
    return await tx.fetch(_PAGE, tx.organization_id, before, limit, *filters)


async def close_due(tx: Tx, now: datetime, location_id: UUID | None, limit: int) -> Sequence[Row]:
    """Close stays whose time is over, as of when it was."""
    return await tx.fetch(_CLOSE_DUE, tx.organization_id, now, location_id, limit)


async def is_followed(tx: Tx, row: Row) -> bool:
    """Whether the customer came to that place again later."""
    found: bool = await tx.fetchval(
        _LATER, tx.organization_id, row["location_id"], row["customer_id"], row["opened_at"], row["id"]
    )
    return found

"""Every SQL text of terms; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Row, Tx
from passerelle.programs.terms.errors import TermNotFound

_COLUMNS: Final = """t.id, t.membership_id, t.kind, t.reference, t.terms, t.amount_minor, t.currency, t.method,
    t.reason, t.location_id, t.occurred_at, t.recorded_at, t.actor, t.starts_at, t.ends_at, t.voided_at, t.voided_by,
    t.void_reason, t.set_aside"""
_GET: Final = f"SELECT {_COLUMNS} FROM membership_terms t WHERE t.organization_id = $1 AND t.id = $2"
_BY_REFERENCE: Final = f"""
SELECT {_COLUMNS}, t.input_digest FROM membership_terms t WHERE t.organization_id = $1 AND t.reference = $2
"""
_OF_MEMBER: Final = f"""
SELECT {_COLUMNS} FROM membership_terms t
WHERE t.organization_id = $1 AND t.membership_id = $2 AND t.id < $3 ORDER BY t.id DESC LIMIT $4
"""
_STANDING: Final = f"""
SELECT {_COLUMNS} FROM membership_terms t
WHERE t.organization_id = $1 AND t.membership_id = $2 AND t.voided_at IS NULL AND NOT t.set_aside
ORDER BY t.occurred_at, t.id
"""
ADD: Final = """
INSERT INTO membership_terms (organization_id, id, membership_id, kind, reference, input_digest, terms, amount_minor,
    currency, method, reason, location_id, occurred_at, recorded_at, actor, starts_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (organization_id, reference) DO NOTHING RETURNING id
"""
# Many at once, all from one instant on: at joining, and when a program gets a term.
ADD_EACH: Final = """
INSERT INTO membership_terms (organization_id, id, membership_id, kind, reference, input_digest, terms, occurred_at,
    recorded_at, actor, starts_at, ends_at)
SELECT $1, new.id, new.membership_id, 'joining', 'joining:' || new.membership_id, ''::bytea, $2::jsonb, $3, $4, $5,
    $3, $6
FROM unnest($7::uuid[], $8::uuid[]) AS new (id, membership_id)
ON CONFLICT (organization_id, reference) DO NOTHING
"""
VOID: Final = """
UPDATE membership_terms SET voided_at = $3, voided_by = $4, void_reason = $5
WHERE organization_id = $1 AND id = $2 AND voided_at IS NULL
"""
MOVE: Final = """
UPDATE membership_terms t SET starts_at = moved.starts_at, ends_at = moved.ends_at
FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS moved (id, starts_at, ends_at)
WHERE t.organization_id = $1 AND t.id = moved.id
"""
RUN: Final = """
UPDATE memberships m SET valid_from = run.valid_from, valid_until = run.valid_until, term_told = run.told,
    term_due_at = run.due_at
FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::smallint[], $6::timestamptz[])
    AS run (id, valid_from, valid_until, told, due_at)
WHERE m.organization_id = $1 AND m.id = run.id
"""
# What joins is not told of: its first term is announced with the member.
OPEN: Final = """
UPDATE memberships SET valid_from = $3, valid_until = $4, term_told = $5, term_due_at = $6
WHERE organization_id = $1 AND id = ANY($2::uuid[])
"""
_DUE: Final = """
SELECT m.id, m.program_id, m.customer_id, m.state, m.valid_from, m.valid_until, m.term_told, p.version
FROM memberships m JOIN programs p ON p.organization_id = m.organization_id AND p.id = m.program_id
WHERE m.organization_id = $1 AND m.term_due_at <= $2
ORDER BY m.term_due_at, m.id LIMIT $3 FOR NO KEY UPDATE OF m SKIP LOCKED
"""
_OF_PROGRAM: Final = """
SELECT m.id, m.state, m.joined_at, m.valid_from, m.valid_until, m.term_told FROM memberships m
WHERE m.organization_id = $1 AND m.program_id = $2 AND m.id > $3 ORDER BY m.id LIMIT $4 FOR NO KEY UPDATE
"""
SET_ASIDE: Final = "UPDATE membership_terms SET set_aside = true WHERE organization_id = $1 AND membership_id = $2"
HAND_OVER: Final = "UPDATE membership_terms SET membership_id = $2 WHERE organization_id = $1 AND membership_id = $3"
COPY_RUN: Final = """
UPDATE memberships m SET valid_from = o.valid_from, valid_until = o.valid_until, term_told = o.term_told,
    term_due_at = o.term_due_at
FROM memberships o WHERE m.organization_id = $1 AND m.id = $2 AND o.organization_id = $1 AND o.id = $3
"""
REST: Final = "UPDATE memberships SET term_due_at = NULL WHERE organization_id = $1 AND id = $2"
FORGET: Final = """
UPDATE membership_terms SET reference = id::text, reason = NULL, void_reason = NULL
WHERE organization_id = $1 AND membership_id = ANY($2::uuid[])
"""
_REPORT: Final = """
SELECT to_char(t.occurred_at AT TIME ZONE p.time_zone, 'YYYY-MM') AS month, m.program_id, t.currency,
    count(*) FILTER (WHERE t.voided_at IS NULL) AS payments,
    coalesce(sum(t.amount_minor) FILTER (WHERE t.voided_at IS NULL), 0)::bigint AS amount_minor,
    count(*) FILTER (WHERE t.voided_at IS NOT NULL) AS voided,
    coalesce(sum(t.amount_minor) FILTER (WHERE t.voided_at IS NOT NULL), 0)::bigint AS voided_minor
FROM membership_terms t
JOIN memberships m ON m.organization_id = t.organization_id AND m.id = t.membership_id
JOIN programs p ON p.organization_id = m.organization_id AND p.id = m.program_id
WHERE t.organization_id = $1 AND t.kind = 'payment' AND t.occurred_at >= $2::timestamptz - interval '1 day'
  AND t.occurred_at < $3::timestamptz + interval '1 day'
  AND to_char(t.occurred_at AT TIME ZONE p.time_zone, 'YYYY-MM') BETWEEN $4 AND $5
GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3
"""


async def get_term(tx: Tx, term_id: UUID) -> Row:
    row = await tx.fetchrow(_GET, tx.organization_id, term_id)
    if row is None:
        raise TermNotFound
    return row


async def find_by_reference(tx: Tx, reference: str) -> Row:
    """The entry that took this reference first, with the digest of its input; None when nobody took it."""
    return await tx.fetchrow(_BY_REFERENCE, tx.organization_id, reference)


async def list_terms(tx: Tx, membership_id: UUID, before: UUID, limit: int) -> Sequence[Row]:
    """A membership's entries, newest first, voided ones, too."""
    return await tx.fetch(_OF_MEMBER, tx.organization_id, membership_id, before, limit)


async def standing_entries(tx: Tx, membership_id: UUID) -> Sequence[Row]:
    """The entries that count, in the order of their instants."""
    return await tx.fetch(_STANDING, tx.organization_id, membership_id)


async def due_memberships(tx: Tx, now: datetime, limit: int) -> Sequence[Row]:
    """Memberships of which something is to be told, locked; those that somebody else holds wait for the next time."""
    return await tx.fetch(_DUE, tx.organization_id, now, limit)


async def members_for_update(tx: Tx, program_id: UUID, after: UUID, limit: int) -> Sequence[Row]:
    """Memberships of a program in the order of ids, locked."""
    return await tx.fetch(_OF_PROGRAM, tx.organization_id, program_id, after, limit)


async def money_by_month(tx: Tx, first: tuple[datetime, str], last: tuple[datetime, str]) -> Sequence[Any]:
    """Payments by month of the program's zone, program and currency; each bound is an instant and its month."""
    return await tx.fetch(_REPORT, tx.organization_id, first[0], last[0], first[1], last[1])

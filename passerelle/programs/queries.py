"""Every SQL text of programs; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from passerelle.kit.db import Tx
from passerelle.programs.errors import MembershipNotFound, ProgramNotFound
from passerelle.programs.models import EarningRuleRow, ProgramRow, UnitRow
from passerelle.programs.values import LockedSeat

_MEMBERSHIP: Final = (
    "m.id, m.program_id, m.customer_id, m.state, m.source, m.location_id, m.joined_at, m.tier_ids, m.household_id"
)
_SEATS: Final = f"""
SELECT {_MEMBERSHIP}, p.version FROM memberships m
JOIN programs p ON p.organization_id = m.organization_id AND p.id = m.program_id
WHERE m.organization_id = $1
"""
_SEATS_BY_ID: Final = f"{_SEATS} AND m.id = ANY($2) ORDER BY m.id"
_SEATS_OF_CUSTOMER: Final = f"{_SEATS} AND m.customer_id = $2 AND m.state <> 'ended' ORDER BY m.id"
# The lock makes two tills count one after the other; what they then read of past accruals is complete.
_TOLD: Final = "EXISTS (SELECT 1 FROM accruals a WHERE a.organization_id = $1 AND a.reference = $3) AS told"
_LOCK: Final = "FOR NO KEY UPDATE OF m"
_SEATS_OF_CUSTOMER_FOR_UPDATE: Final = f"{_SEATS_OF_CUSTOMER} {_LOCK}".replace("p.version", f"p.version, {_TOLD}")
_SEAT_FOR_UPDATE: Final = f"{_SEATS_BY_ID} {_LOCK}".replace("p.version", f"p.version, {_TOLD}")
_PROGRAMS: Final = """
SELECT p.id, p.version, p.name, p.names, p.kind, p.currency, p.time_zone, p.state, p.goal, p.starts_at, p.ends_at,
       p.template_id, p.settings, p.created_at,
       (SELECT coalesce(jsonb_agg(to_jsonb(u) ORDER BY u.position, u.id), '[]') FROM units u
        WHERE u.organization_id = p.organization_id AND u.program_id = p.id) AS units,
       (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.position, r.id), '[]') FROM earning_rules r
        WHERE r.organization_id = p.organization_id AND r.program_id = p.id AND r.retired_at IS NULL) AS rules
FROM programs p WHERE p.organization_id = $1
"""
_PROGRAMS_BY_ID: Final = f"{_PROGRAMS} AND p.id = ANY($2)"
_PROGRAMS_PAGE: Final = f"{_PROGRAMS} AND p.id < $2 ORDER BY p.id DESC LIMIT $3"
_HISTORY: Final = """
SELECT membership_id, rule_id, amount - undone_amount AS amount, occurred_at FROM accruals
WHERE organization_id = $1 AND membership_id = ANY($2) AND occurred_at >= $3 AND occurred_at < $4
  AND undone_at IS NULL AND rule_id IS NOT NULL
"""
_ACCRUALS_OF: Final = """
SELECT membership_id, rule_id, unit_id, amount, reasons, transfer_id FROM accruals
WHERE organization_id = $1 AND reference = $2 AND undone_at IS NULL ORDER BY id
"""
_MEMBERS: Final = f"""
SELECT {_MEMBERSHIP} FROM memberships m WHERE m.organization_id = $1 AND m.program_id = $2 AND m.id < $3
ORDER BY m.id DESC LIMIT $4
"""
_MEMBER: Final = f"SELECT {_MEMBERSHIP} FROM memberships m WHERE m.organization_id = $1 AND m.id = $2"
_MEMBERSHIPS_OF: Final = f"""
SELECT {_MEMBERSHIP} FROM memberships m WHERE m.organization_id = $1 AND m.customer_id = $2 ORDER BY m.id
"""
# One statement for somebody new or somebody known; only a race with another enrolment needs MEMBERSHIP_IN.
ENROLL: Final = """
WITH made AS (
    INSERT INTO memberships (organization_id, id, program_id, customer_id, source, location_id, joined_at)
    SELECT p.organization_id, $4, p.id, $3, $5, $6, $7 FROM programs p
    WHERE p.organization_id = $1 AND p.id = $2 AND p.state = 'active'
      AND (p.starts_at IS NULL OR p.starts_at <= $7) AND (p.ends_at IS NULL OR $7 < p.ends_at)
    ON CONFLICT (organization_id, program_id, customer_id) DO NOTHING RETURNING id
)
SELECT p.name, p.state AS program_state, p.version, made.id AS made_id, m.id, m.state FROM programs p
LEFT JOIN made ON true
LEFT JOIN memberships m ON m.organization_id = p.organization_id AND m.program_id = p.id AND m.customer_id = $3
WHERE p.organization_id = $1 AND p.id = $2
"""
_MEMBERSHIP_IN: Final = """
SELECT id, state FROM memberships WHERE organization_id = $1 AND program_id = $2 AND customer_id = $3
"""
CHANGE_MEMBERSHIP: Final = f"""
UPDATE memberships m SET state = $3 WHERE m.organization_id = $1 AND m.id = $2 AND m.state <> $3
RETURNING {_MEMBERSHIP}
"""
_ACCRUALS_PAGE: Final = """
SELECT a.id, a.membership_id, a.unit_id, a.amount, a.undone_amount, a.reasons, a.reference, a.occurred_at, a.undone_at
FROM accruals a
JOIN memberships m ON m.organization_id = a.organization_id AND m.id = a.membership_id
WHERE a.organization_id = $1 AND m.customer_id = $2 AND a.id < $3 ORDER BY a.id DESC LIMIT $4
"""
KEEP_ACCRUALS: Final = """
INSERT INTO accruals (organization_id, id, membership_id, rule_id, unit_id, amount, reasons, reference, transfer_id,
                      location_id, occurred_at)
SELECT $1, given.*, $8, $9, $10, $11
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::jsonb[]) AS given
"""
_SHARERS: Final = """
SELECT h.household_id, h.membership_id, h.role, h.joined_at, m.state FROM household_members h
JOIN memberships m ON m.organization_id = h.organization_id AND m.id = h.membership_id
WHERE h.organization_id = $1 AND h.household_id = ANY($2) AND h.left_at IS NULL ORDER BY h.membership_id
"""
TOUCH: Final = "UPDATE programs SET version = $3 WHERE organization_id = $1 AND id = $2 RETURNING id"


async def seats_by_id(tx: Tx, membership_ids: Sequence[UUID]) -> Sequence[Any]:
    """Memberships with the version of their program; those that are not there are left out."""
    return await tx.fetch(_SEATS_BY_ID, tx.organization_id, list(membership_ids))


async def seats_of_customer(tx: Tx, customer_id: UUID) -> Sequence[Any]:
    """A customer's memberships that have not ended, with the version of their program."""
    return await tx.fetch(_SEATS_OF_CUSTOMER, tx.organization_id, customer_id)


async def seats_of_customer_for_update(tx: Tx, customer_id: UUID, reference: str) -> Sequence[Any]:
    """The same, locked in the order of ids; ``told`` when something was given under the reference before."""
    rows = await tx.fetch(_SEATS_OF_CUSTOMER_FOR_UPDATE, tx.organization_id, customer_id, reference)
    tx.locked[customer_id] = tuple(row["id"] for row in rows)
    _note_locked(tx, rows)
    return rows


async def seat_for_update(tx: Tx, membership_id: UUID, reference: str) -> Any:
    """One membership, locked, with ``told``; raises MembershipNotFound."""
    rows = await tx.fetch(_SEAT_FOR_UPDATE, tx.organization_id, [membership_id], reference)
    if not rows:
        raise MembershipNotFound
    _note_locked(tx, rows)
    return rows[0]


async def seats_for_update(tx: Tx, membership_ids: Sequence[UUID]) -> Sequence[Any]:
    """Several memberships, locked in the order of ids; those that are not there are left out."""
    rows = await tx.fetch(_SEAT_FOR_UPDATE, tx.organization_id, list(membership_ids), "")
    _note_locked(tx, rows)
    return rows


async def sharers_of(tx: Tx, household_ids: Sequence[UUID]) -> Sequence[Any]:
    """Present members of households, in the order of ids."""
    return await tx.fetch(_SHARERS, tx.organization_id, list(household_ids))


async def programs_by_id(tx: Tx, program_ids: Sequence[UUID]) -> Sequence[Any]:
    """Whole programs: each with its units and its rules that are not retired."""
    return await tx.fetch(_PROGRAMS_BY_ID, tx.organization_id, list(program_ids))


async def list_programs(tx: Tx, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_PROGRAMS_PAGE, tx.organization_id, before, limit)


async def past_accruals(tx: Tx, membership_ids: Sequence[UUID], start: datetime, end: datetime) -> Sequence[Any]:
    """What rules gave these memberships in ``[start, end)``, less what was taken back of it."""
    return await tx.fetch(_HISTORY, tx.organization_id, list(membership_ids), start, end)


async def accruals_of(tx: Tx, reference: str) -> Sequence[Any]:
    return await tx.fetch(_ACCRUALS_OF, tx.organization_id, reference)


async def list_accruals(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    """All that rules and cashiers gave a customer, newest first, undone ones, too."""
    return await tx.fetch(_ACCRUALS_PAGE, tx.organization_id, customer_id, before, limit)


async def get_membership(tx: Tx, membership_id: UUID) -> Any:
    row = await tx.fetchrow(_MEMBER, tx.organization_id, membership_id)
    if row is None:
        raise MembershipNotFound
    return row


async def membership_in(tx: Tx, program_id: UUID, customer_id: UUID) -> Any:
    """Id and state of the membership that is known to be there."""
    return await tx.fetchrow(_MEMBERSHIP_IN, tx.organization_id, program_id, customer_id)


async def list_members(tx: Tx, program_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_MEMBERS, tx.organization_id, program_id, before, limit)


async def memberships_of(tx: Tx, customer_id: UUID) -> Sequence[Any]:
    return await tx.fetch(_MEMBERSHIPS_OF, tx.organization_id, customer_id)


async def count_programs(tx: Tx) -> int:
    """Programs that have not ended."""
    query = select(func.count()).where(ProgramRow.organization_id == tx.organization_id, ProgramRow.state != "ended")
    return (await tx.session.execute(query)).scalar_one()


async def program_for_update(tx: Tx, program_id: UUID) -> ProgramRow:
    query = (
        select(ProgramRow)
        .where(ProgramRow.organization_id == tx.organization_id, ProgramRow.id == program_id)
        .with_for_update()
    )
    program = (await tx.session.execute(query)).scalar_one_or_none()
    if program is None:
        raise ProgramNotFound
    return program


async def units_of(tx: Tx, program_id: UUID) -> Sequence[UnitRow]:
    query = (
        select(UnitRow)
        .where(UnitRow.organization_id == tx.organization_id, UnitRow.program_id == program_id)
        .order_by(UnitRow.position)
    )
    return (await tx.session.execute(query)).scalars().all()


async def rules_of(tx: Tx, program_id: UUID) -> Sequence[EarningRuleRow]:
    """Rules that are not retired."""
    query = select(EarningRuleRow).where(
        EarningRuleRow.organization_id == tx.organization_id,
        EarningRuleRow.program_id == program_id,
        EarningRuleRow.retired_at.is_(None),
    )
    return (await tx.session.execute(query)).scalars().all()


def _note_locked(tx: Tx, rows: Sequence[Any]) -> None:
    for row in rows:
        tx.locked[row["id"]] = LockedSeat(row["id"], row["program_id"], row["customer_id"], row["version"])

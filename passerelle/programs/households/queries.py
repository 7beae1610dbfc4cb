"""Every SQL text of households; the tenant always."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.programs.households.errors import HouseholdNotFound

_COLUMNS: Final = "id, program_id, name, head_id, code, created_at, ended_at"
_BY_ID: Final = f"SELECT {_COLUMNS} FROM households WHERE organization_id = $1 AND id = $2"
_BY_CODE: Final = """
SELECT id FROM households WHERE organization_id = $1 AND program_id = $2 AND code = $3 AND ended_at IS NULL
"""
_HISTORY: Final = """
SELECT household_id, role, joined_at, left_at FROM household_members
WHERE organization_id = $1 AND membership_id = $2 ORDER BY joined_at
"""
_SHARERS_BY_ANY: Final = """
SELECT DISTINCT h.membership_id FROM household_members h
WHERE h.organization_id = $1 AND h.left_at IS NULL AND h.household_id = ANY($2 || ARRAY(
    SELECT m.household_id FROM memberships m
    WHERE m.organization_id = $1 AND m.id = ANY($2) AND m.household_id IS NOT NULL))
"""
ADD: Final = f"""
INSERT INTO households (organization_id, {_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)
"""
ADD_MEMBER: Final = """
INSERT INTO household_members (organization_id, id, household_id, membership_id, role, joined_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
END_MEMBER: Final = """
UPDATE household_members SET left_at = $4
WHERE organization_id = $1 AND household_id = $2 AND membership_id = $3 AND left_at IS NULL
"""
SET_ROLE: Final = """
UPDATE household_members SET role = $4
WHERE organization_id = $1 AND household_id = $2 AND membership_id = $3 AND left_at IS NULL
"""
SET_HOUSEHOLD: Final = "UPDATE memberships SET household_id = $3 WHERE organization_id = $1 AND id = $2"
CHANGE: Final = """
UPDATE households SET name = $3, head_id = $4, code = $5, ended_at = $6 WHERE organization_id = $1 AND id = $2
"""


async def get_household(tx: Tx, household_id: UUID, *, for_update: bool = False) -> Any:
    """Raises HouseholdNotFound."""
    sql = f"{_BY_ID} FOR NO KEY UPDATE" if for_update else _BY_ID
    row = await tx.fetchrow(sql, tx.organization_id, household_id)
    if row is None:
        raise HouseholdNotFound
    return row


async def find_by_code(tx: Tx, program_id: UUID, code: str) -> UUID | None:
    found: UUID | None = await tx.fetchval(_BY_CODE, tx.organization_id, program_id, code)
    return found


async def sharers_by_any(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    """Who is in these households, or in one with these members."""
    rows = await tx.fetch(_SHARERS_BY_ANY, tx.organization_id, sorted(ids))
    return {row["membership_id"] for row in rows}


async def history_of(tx: Tx, membership_id: UUID) -> Sequence[Any]:
    """A member's times in households, for their export."""
    return await tx.fetch(_HISTORY, tx.organization_id, membership_id)

"""Every SQL text of birthdays; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx

_PROGRAMS: Final = """
SELECT id FROM programs WHERE organization_id = $1 AND state = 'active' AND settings ? 'birthday'
  AND jsonb_typeof(settings -> 'birthday') = 'object' ORDER BY id
"""
# Who joined after the hour of their birthday has the next one.
_DUE: Final = """
SELECT m.id FROM memberships m
WHERE m.organization_id = $1 AND m.program_id = $2 AND m.customer_id = ANY($3) AND m.state = 'active'
  AND m.joined_at <= $4
  AND NOT EXISTS (SELECT 1 FROM birthdays_kept k
                  WHERE k.organization_id = $1 AND k.membership_id = m.id AND k.year = $5)
ORDER BY m.id
"""
KEEP: Final = """
INSERT INTO birthdays_kept (organization_id, membership_id, year, kept_at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING year
"""
_KEPT_BY: Final = """
SELECT year, kept_at FROM birthdays_kept WHERE organization_id = $1 AND membership_id = $2 ORDER BY year
"""


async def programs_with_birthdays(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(_PROGRAMS, tx.organization_id)]


async def members_due(
    tx: Tx, program_id: UUID, customer_ids: Sequence[UUID], due_at: datetime, year: int
) -> list[UUID]:
    """Of these customers, active members since before ``due_at`` whose birthday was not kept in that year."""
    rows = await tx.fetch(_DUE, tx.organization_id, program_id, list(customer_ids), due_at, year)
    return [row["id"] for row in rows]


async def kept_by(tx: Tx, membership_id: UUID) -> Sequence[Any]:
    """A member's birthdays that were kept, for their export."""
    return await tx.fetch(_KEPT_BY, tx.organization_id, membership_id)

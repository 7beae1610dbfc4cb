"""Every SQL text of liability; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.kit.db import Row, Tx

_LIMITS: Final = """
SELECT program_id, limit_minor, exceeded_at FROM liability_limits WHERE organization_id = $1 ORDER BY program_id
"""
_LIMITS_FOR_UPDATE: Final = f"{_LIMITS} FOR UPDATE"
SET_LIMIT: Final = """
INSERT INTO liability_limits (organization_id, program_id, limit_minor, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (organization_id, program_id) DO UPDATE SET limit_minor = excluded.limit_minor,
    changed_at = excluded.changed_at
"""
DROP_LIMIT: Final = "DELETE FROM liability_limits WHERE organization_id = $1 AND program_id = $2"
MARK: Final = "UPDATE liability_limits SET exceeded_at = $3 WHERE organization_id = $1 AND program_id = $2"


async def limits(tx: Tx, *, for_update: bool = False) -> Sequence[Row]:
    """The limits of all programs that have one."""
    return await tx.fetch(_LIMITS_FOR_UPDATE if for_update else _LIMITS, tx.organization_id)


async def exceeded_at(tx: Tx, program_id: UUID) -> datetime | None:
    """Since when a program owes more than its limit."""
    return next((row["exceeded_at"] for row in await limits(tx) if row["program_id"] == program_id), None)

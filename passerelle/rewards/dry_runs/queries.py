"""Every SQL text of dry runs; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx

_OPEN_REWARDS: Final = """
SELECT count(*) FROM issued_rewards i JOIN rewards r ON r.organization_id = $1 AND r.id = i.reward_id
WHERE i.organization_id = $1 AND r.program_id = $2 AND i.state IN ('issued', 'held')
  AND (i.expires_at IS NULL OR i.expires_at > $3)
"""
_AT_PRICE: Final = """
SELECT id, name, unit_id FROM rewards WHERE organization_id = $1 AND program_id = $2 AND price = $3 AND active
ORDER BY id
"""


async def count_open_rewards(tx: Tx, program_id: UUID, now: datetime) -> int:
    """Issued rewards of a program that wait to be redeemed."""
    count: int = await tx.fetchval(_OPEN_REWARDS, tx.organization_id, program_id, now)
    return count


async def rewards_at_price(tx: Tx, program_id: UUID, price: int) -> Sequence[Any]:
    """Rewards on offer that cost so much."""
    return await tx.fetch(_AT_PRICE, tx.organization_id, program_id, price)

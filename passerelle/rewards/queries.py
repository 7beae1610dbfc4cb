"""Every SQL text of rewards; the tenant always."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from passerelle.kit.db import Tx
from passerelle.rewards.errors import IssuedRewardNotFound, RewardNotFound
from passerelle.rewards.models import RewardRow

_CATALOGUE: Final = """
SELECT id, program_id, unit_id, price, name, names, active, stock IS NOT NULL AS has_stock, limit_per_customer
FROM rewards WHERE organization_id = $1 AND program_id = $2 AND active ORDER BY price, id
"""
_PAID_BY: Final = """
SELECT id, price FROM rewards WHERE organization_id = $1 AND unit_id = $2 AND active AND price <= $3
ORDER BY price, id
"""
_LIMITS: Final = """
SELECT r.id, r.stock, (SELECT count(*) FROM issued_rewards i
                       WHERE i.organization_id = $1 AND i.membership_id = $2 AND i.reward_id = r.id
                         AND i.state = 'redeemed') AS taken
FROM rewards r WHERE r.organization_id = $1 AND r.id = ANY($3)
"""
TAKE_FROM_STOCK: Final = """
UPDATE rewards SET stock = stock - 1 WHERE organization_id = $1 AND id = $2 AND stock > 0 RETURNING stock
"""
PUT_BACK_IN_STOCK: Final = """
UPDATE rewards SET stock = stock + 1 WHERE organization_id = $1 AND id = $2 AND stock IS NOT NULL
"""
FOLLOW_GOAL: Final = """
UPDATE rewards SET price = $4 WHERE organization_id = $1 AND program_id = $2 AND price = $3 RETURNING id
"""
ISSUE: Final = """
INSERT INTO issued_rewards (organization_id, id, reward_id, membership_id, customer_id, price, unit_id, reference,
                            transfer_id, actor, location_id, redeemed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_ISSUED: Final = """i.id, i.reward_id, r.name, i.membership_id, i.customer_id, i.price, i.unit_id, i.reference,
       i.transfer_id, i.state, i.actor, i.location_id, i.redeemed_at, i.undone_at"""
_JOINED: Final = """issued_rewards i
JOIN rewards r ON r.organization_id = i.organization_id AND r.id = i.reward_id
WHERE i.organization_id = $1"""
_GET_ISSUED: Final = f"SELECT {_ISSUED} FROM {_JOINED} AND i.id = $2"
_BY_REFERENCE: Final = f"SELECT {_ISSUED} FROM {_JOINED} AND i.reference = $2"
_OF_CUSTOMER: Final = (
    f"SELECT {_ISSUED} FROM {_JOINED} AND i.customer_id = $2 AND i.id < $3 ORDER BY i.id DESC LIMIT $4"
)
UNDO: Final = f"""
UPDATE issued_rewards i SET state = 'undone', undone_at = $3 FROM rewards r
WHERE i.organization_id = $1 AND i.id = $2 AND i.state = 'redeemed'
  AND r.organization_id = i.organization_id AND r.id = i.reward_id
RETURNING {_ISSUED}
"""
MARK_RETURNED: Final = f"""
UPDATE issued_rewards i SET state = 'undone', undone_at = $4 FROM rewards r
WHERE i.organization_id = $1 AND i.membership_id = $2 AND i.transfer_id = $3 AND i.state = 'redeemed'
  AND r.organization_id = i.organization_id AND r.id = i.reward_id
RETURNING {_ISSUED}
"""


async def list_catalogue(tx: Tx, program_id: UUID) -> Sequence[Any]:
    """The active rewards of a program, cheapest first."""
    return await tx.fetch(_CATALOGUE, tx.organization_id, program_id)


async def rewards_paid_by(tx: Tx, unit_id: UUID, active: int) -> Sequence[Any]:
    """Id and price of the active rewards that a balance pays for."""
    return await tx.fetch(_PAID_BY, tx.organization_id, unit_id, active)


async def limits_of(tx: Tx, membership_id: UUID, reward_ids: Sequence[UUID]) -> dict[UUID, tuple[int | None, int]]:
    """Stock left, and how many this member took, by reward."""
    rows = await tx.fetch(_LIMITS, tx.organization_id, membership_id, list(reward_ids))
    return {row["id"]: (row["stock"], row["taken"]) for row in rows}


async def get_issued_reward(tx: Tx, issued_reward_id: UUID) -> Any:
    row = await tx.fetchrow(_GET_ISSUED, tx.organization_id, issued_reward_id)
    if row is None:
        raise IssuedRewardNotFound
    return row


async def find_issued_reward_by_reference(tx: Tx, reference: str) -> Any:
    return await tx.fetchrow(_BY_REFERENCE, tx.organization_id, reference)


async def list_issued_rewards(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_OF_CUSTOMER, tx.organization_id, customer_id, before, limit)


async def get_reward(tx: Tx, reward_id: UUID, *, for_update: bool = False) -> RewardRow:
    query = select(RewardRow).where(RewardRow.organization_id == tx.organization_id, RewardRow.id == reward_id)
    if for_update:
        query = query.with_for_update()
    reward = (await tx.session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if reward is None:
        raise RewardNotFound
    return reward


async def list_rewards(tx: Tx, program_id: UUID | None, before: UUID, limit: int) -> Sequence[RewardRow]:
    query = select(RewardRow).where(RewardRow.organization_id == tx.organization_id, RewardRow.id < before)
    if program_id is not None:
        query = query.where(RewardRow.program_id == program_id)
    return (await tx.session.execute(query.order_by(RewardRow.id.desc()).limit(limit))).scalars().all()


async def count_active(tx: Tx, program_id: UUID) -> int:
    query = select(func.count()).where(
        RewardRow.organization_id == tx.organization_id, RewardRow.program_id == program_id, RewardRow.active
    )
    return (await tx.session.execute(query)).scalar_one()

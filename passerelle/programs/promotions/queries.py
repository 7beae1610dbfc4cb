"""Every SQL text of promotions; the tenant always."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from passerelle.kit.db import Tx
from passerelle.programs.promotions.errors import PromotionNotFound
from passerelle.programs.promotions.models import PromotionRow

_PROMOTIONS: Final = """
SELECT p.id, p.program_id, p.unit_id, u.code AS unit, p.name, p.names, p.state, p.effect, p.conditions,
       p.minimum_amount_minor, p.starts_at, p.ends_at, p.priority, p.stacking, p.budget_uses, p.budget_units,
       p.limit_per_customer, p.timing, p.created_at, given.uses, given.units
FROM promotions p
JOIN units u ON u.organization_id = p.organization_id AND u.id = p.unit_id
CROSS JOIN LATERAL (
    SELECT count(*) AS uses, coalesce(sum(g.units), 0)::bigint AS units FROM promotion_uses g
    WHERE g.organization_id = p.organization_id AND g.promotion_id = p.id AND g.undone_at IS NULL
) AS given
WHERE p.organization_id = $1
"""
_GET: Final = f"{_PROMOTIONS} AND p.id = $2"
_SOME: Final = f"{_PROMOTIONS} AND p.program_id = $2 AND p.id = ANY($3)"
_PAGE: Final = f"""
{_PROMOTIONS} AND ($2::uuid IS NULL OR p.program_id = $2) AND p.id < $3 ORDER BY p.id DESC LIMIT $4
"""
# Who counts holds the rows in the order of ids, so that two tills never wait for each other in a circle.
_BUDGETS: Final = """
SELECT id, budget_uses - used_uses AS uses, budget_units - used_units AS units FROM promotions
WHERE organization_id = $1 AND id = ANY($2) ORDER BY id
"""
_HELD_BUDGETS: Final = f"{_BUDGETS} FOR NO KEY UPDATE"
TAKE: Final = """
UPDATE promotions p SET used_uses = p.used_uses + 1, used_units = p.used_units + taken.units
FROM unnest($2::uuid[], $3::bigint[]) AS taken(id, units)
WHERE p.organization_id = $1 AND p.id = taken.id AND (p.budget_uses IS NOT NULL OR p.budget_units IS NOT NULL)
"""
KEEP_USES: Final = """
INSERT INTO promotion_uses (organization_id, id, promotion_id, membership_id, units, reference, occurred_at)
SELECT $1, used.*, $6, $7 FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[]) AS used
"""
_USES_OF: Final = """
SELECT promotion_id, membership_id, units FROM promotion_uses
WHERE organization_id = $1 AND reference = $2 AND undone_at IS NULL
"""
_HOLD: Final = """
SELECT p.id FROM promotions p
WHERE p.organization_id = $1 AND (p.budget_uses IS NOT NULL OR p.budget_units IS NOT NULL) AND p.id IN (
    SELECT promotion_id FROM promotion_uses WHERE organization_id = $1 AND reference = $2 AND undone_at IS NULL
) ORDER BY p.id FOR NO KEY UPDATE
"""
GIVE_BACK: Final = """
WITH returned AS (
    UPDATE promotion_uses SET undone_at = $3 WHERE organization_id = $1 AND reference = $2 AND undone_at IS NULL
    RETURNING promotion_id, units
), sums AS (
    SELECT promotion_id, count(*) AS uses, sum(units) AS units FROM returned GROUP BY promotion_id
)
UPDATE promotions p SET used_uses = p.used_uses - sums.uses, used_units = p.used_units - sums.units FROM sums
WHERE p.organization_id = $1 AND p.id = sums.promotion_id
  AND (p.budget_uses IS NOT NULL OR p.budget_units IS NOT NULL)
"""
_GIVEN: Final = """
SELECT count(*) AS uses, coalesce(sum(units), 0)::bigint AS units FROM promotion_uses
WHERE organization_id = $1 AND promotion_id = $2 AND undone_at IS NULL
"""


async def get_promotion(tx: Tx, promotion_id: UUID) -> Any:
    """A promotion with its unit's code and what it has given."""
    row = await tx.fetchrow(_GET, tx.organization_id, promotion_id)
    if row is None:
        raise PromotionNotFound
    return row


async def promotions_by_id(tx: Tx, program_id: UUID, promotion_ids: Sequence[UUID]) -> Sequence[Any]:
    """Promotions of one program in every state; those of others are left out."""
    return await tx.fetch(_SOME, tx.organization_id, program_id, list(promotion_ids))


async def list_promotions(tx: Tx, program_id: UUID | None, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_PAGE, tx.organization_id, program_id, before, limit)


async def budgets(tx: Tx, promotion_ids: Sequence[UUID], *, hold: bool) -> Sequence[Any]:
    """What promotions have left; held to the end of the transaction for whoever is going to take."""
    return await tx.fetch(_HELD_BUDGETS if hold else _BUDGETS, tx.organization_id, list(promotion_ids))


async def uses_of(tx: Tx, reference: str) -> Sequence[Any]:
    """What promotions brought under a reference."""
    return await tx.fetch(_USES_OF, tx.organization_id, reference)


async def hold_for_return(tx: Tx, reference: str) -> Sequence[Any]:
    """Hold the promotions with a budget that gave something under a reference."""
    return await tx.fetch(_HOLD, tx.organization_id, reference)


async def given(tx: Tx, promotion_id: UUID) -> Any:
    """On how many occasions a promotion gave how much, less what was undone."""
    return await tx.fetchrow(_GIVEN, tx.organization_id, promotion_id)


async def promotion_for_update(tx: Tx, promotion_id: UUID) -> PromotionRow:
    query = (
        select(PromotionRow)
        .where(PromotionRow.organization_id == tx.organization_id, PromotionRow.id == promotion_id)
        .with_for_update(key_share=True)
    )
    promotion = (await tx.session.execute(query)).scalar_one_or_none()
    if promotion is None:
        raise PromotionNotFound
    return promotion


async def count_promotions(tx: Tx, program_id: UUID) -> int:
    """Promotions of a program that have not ended."""
    query = select(func.count()).where(
        PromotionRow.organization_id == tx.organization_id,
        PromotionRow.program_id == program_id,
        PromotionRow.state != "ended",
    )
    return (await tx.session.execute(query)).scalar_one()

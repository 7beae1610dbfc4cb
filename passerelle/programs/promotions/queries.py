"""Every SQL text of promotions; the tenant always."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from passerelle.kit.db import Tx
from passerelle.programs.errors import PromotionNotFound
from passerelle.programs.promotions.models import PromotionRow

_PROMOTIONS: Final = """
SELECT p.id, p.program_id, p.unit_id, u.code AS unit, p.name, p.names, p.state, p.effect, p.conditions,
       p.minimum_amount_minor, p.starts_at, p.ends_at, p.priority, p.stacking, p.budget_uses, p.budget_units,
       p.limit_per_customer, p.timing, p.created_at, given.uses, given.units
FROM promotions p
JOIN units u ON u.organization_id = p.organization_id AND u.id = p.unit_id
CROSS JOIN LATERAL (
    SELECT count(*) AS uses, coalesce(sum(g.units - g.returned_units), 0)::bigint AS units FROM promotion_uses g
    WHERE g.organization_id = p.organization_id AND g.promotion_id = p.id AND g.undone_at IS NULL
) AS given
WHERE p.organization_id = $1
"""
_GET: Final = f"{_PROMOTIONS} AND p.id = $2"
_PAGE: Final = f"""
{_PROMOTIONS} AND ($2::uuid IS NULL OR p.program_id = $2) AND p.id < $3 ORDER BY p.id DESC LIMIT $4
"""
_GIVEN: Final = """
SELECT count(*) AS uses, coalesce(sum(units - returned_units), 0)::bigint AS units FROM promotion_uses
WHERE organization_id = $1 AND promotion_id = $2 AND undone_at IS NULL
"""
_NEARLY_USED: Final = """
SELECT id, name, greatest(coalesce(used_uses * 100 / budget_uses, 0), coalesce(used_units * 100 / budget_units, 0))
    AS used_percent
FROM promotions WHERE organization_id = $1 AND state = 'active'
    AND (used_uses * 100 >= budget_uses * $2::bigint OR used_units * 100 >= budget_units * $2::bigint)
ORDER BY used_percent DESC, id LIMIT $3
"""


async def get_promotion(tx: Tx, promotion_id: UUID) -> Any:
    """A promotion with its unit's code and what it has given."""
    row = await tx.fetchrow(_GET, tx.organization_id, promotion_id)
    if row is None:
        raise PromotionNotFound
    return row


async def list_promotions(tx: Tx, program_id: UUID | None, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_PAGE, tx.organization_id, program_id, before, limit)


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


async def nearly_used(tx: Tx, percent: int, limit: int) -> Sequence[Any]:
    return await tx.fetch(_NEARLY_USED, tx.organization_id, percent, limit)

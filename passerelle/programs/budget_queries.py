"""Every SQL text of the budgets of promotions: what is left of them, and what was used; the tenant always."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx

# Who counts holds the rows in the order of ids, so that two tills never wait for each other in a circle.
_BUDGETS: Final = """
SELECT id, budget_uses - used_uses AS uses, budget_units - used_units AS units FROM promotions
WHERE organization_id = $1 AND id = ANY($2) ORDER BY id
"""
_HELD_BUDGETS: Final = f"{_BUDGETS} FOR NO KEY UPDATE"
TAKE_BUDGETS: Final = """
UPDATE promotions p SET used_uses = p.used_uses + taken.uses, used_units = p.used_units + taken.units
FROM unnest($2::uuid[], $3::bigint[], $4::bigint[]) AS taken(id, uses, units)
WHERE p.organization_id = $1 AND p.id = taken.id AND (p.budget_uses IS NOT NULL OR p.budget_units IS NOT NULL)
"""
KEEP_USES: Final = """
INSERT INTO promotion_uses (organization_id, id, promotion_id, membership_id, units, reference, occurred_at)
SELECT $1, used.*
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::timestamptz[]) AS used
"""
_USES_OF: Final = """
SELECT promotion_id, membership_id, units - returned_units AS units FROM promotion_uses
WHERE organization_id = $1 AND reference = $2 AND undone_at IS NULL
"""
_HOLD: Final = """
SELECT p.id FROM promotions p
WHERE p.organization_id = $1 AND (p.budget_uses IS NOT NULL OR p.budget_units IS NOT NULL) AND p.id IN (
    SELECT promotion_id FROM promotion_uses WHERE organization_id = $1 AND reference = $2 AND undone_at IS NULL
) ORDER BY p.id FOR NO KEY UPDATE
"""
GIVE_BUDGETS_BACK: Final = """
WITH returned AS (
    UPDATE promotion_uses SET undone_at = $3 WHERE organization_id = $1 AND reference = $2 AND undone_at IS NULL
    RETURNING promotion_id, units - returned_units AS units
), sums AS (
    SELECT promotion_id, count(*) AS uses, sum(units) AS units FROM returned GROUP BY promotion_id
)
UPDATE promotions p SET used_uses = p.used_uses - sums.uses, used_units = p.used_units - sums.units FROM sums
WHERE p.organization_id = $1 AND p.id = sums.promotion_id
  AND (p.budget_uses IS NOT NULL OR p.budget_units IS NOT NULL)
"""
# The part of what members got in the promotion's unit that was taken back, rounded as every refund rounds its totals.
GIVE_PARTS_BACK: Final = """
WITH taken AS (
    SELECT membership_id, unit_id, sum(amount) AS given, sum(undone_amount) AS undone FROM accruals
    WHERE organization_id = $1 AND reference = $2 GROUP BY membership_id, unit_id
), due AS (
    SELECT u.id, u.promotion_id, u.returned_units AS before,
           div(2 * u.units * t.undone + t.given, 2 * t.given)::bigint AS after
    FROM promotion_uses u
    JOIN promotions p ON p.organization_id = u.organization_id AND p.id = u.promotion_id
    JOIN taken t ON t.membership_id = u.membership_id AND t.unit_id = p.unit_id
    WHERE u.organization_id = $1 AND u.reference = $2 AND u.undone_at IS NULL
), noted AS (
    UPDATE promotion_uses u SET returned_units = due.after FROM due
    WHERE u.organization_id = $1 AND u.id = due.id AND due.after > due.before
), sums AS (
    SELECT promotion_id, sum(after - before) AS units FROM due WHERE after > before GROUP BY promotion_id
)
UPDATE promotions p SET used_units = p.used_units - sums.units FROM sums
WHERE p.organization_id = $1 AND p.id = sums.promotion_id
  AND (p.budget_uses IS NOT NULL OR p.budget_units IS NOT NULL)
"""


async def budgets(tx: Tx, promotion_ids: Sequence[UUID], *, hold: bool) -> Sequence[Any]:
    """What promotions have left; held to the end of the transaction for whoever is going to take."""
    return await tx.fetch(_HELD_BUDGETS if hold else _BUDGETS, tx.organization_id, list(promotion_ids))


async def uses_of(tx: Tx, reference: str) -> Sequence[Any]:
    """What promotions brought under a reference."""
    return await tx.fetch(_USES_OF, tx.organization_id, reference)


async def hold_for_return(tx: Tx, reference: str) -> Sequence[Any]:
    """Hold the promotions with a budget that gave something under a reference."""
    return await tx.fetch(_HOLD, tx.organization_id, reference)

"""Every SQL text of refunds; the tenant always."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx

# Before anything is read: whoever earns or redeems holds these rows, too, and in this order. Of the buyer's other
# memberships, too, for what rests on the purchase there is taken back in the same transaction.
_LOCK_MEMBERS: Final = """
SELECT m.id FROM memberships m
WHERE m.organization_id = $1 AND m.id IN (
    SELECT a.membership_id FROM accruals a WHERE a.organization_id = $1 AND a.reference = $2
    UNION SELECT s.membership_id FROM purchase_spendings s WHERE s.organization_id = $1 AND s.purchase_id = $3
    UNION SELECT b.id FROM memberships b
          JOIN purchases p ON p.organization_id = b.organization_id AND p.customer_id = b.customer_id
          WHERE p.organization_id = $1 AND p.id = $3 AND b.state <> 'ended')
ORDER BY m.id FOR NO KEY UPDATE OF m
"""
_ACCRUALS: Final = """
SELECT a.id, a.membership_id, a.unit_id, a.transfer_id, a.amount, a.undone_amount, r.earning FROM accruals a
LEFT JOIN earning_rules r ON r.organization_id = a.organization_id AND r.id = a.rule_id
WHERE a.organization_id = $1 AND a.reference = $2 AND a.undone_at IS NULL ORDER BY a.id
"""
_SPENDINGS: Final = """
SELECT transfer_id, membership_id, unit_id, amount, returned, returns FROM purchase_spendings
WHERE organization_id = $1 AND purchase_id = $2 AND returned < amount ORDER BY transfer_id
"""
TIE: Final = """
INSERT INTO purchase_spendings (organization_id, transfer_id, purchase_id, membership_id, unit_id, amount, returns)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
UNDO_PART: Final = """
UPDATE accruals a
SET undone_amount = given.amount, undone_at = CASE WHEN given.amount = a.amount THEN $4::timestamptz END
FROM unnest($2::uuid[], $3::bigint[]) AS given(id, amount)
WHERE a.organization_id = $1 AND a.id = given.id
"""
RETURN_PART: Final = """
UPDATE purchase_spendings s SET returned = given.amount
FROM unnest($2::uuid[], $3::bigint[]) AS given(transfer_id, amount)
WHERE s.organization_id = $1 AND s.transfer_id = given.transfer_id
"""
KEEP_UNITS: Final = """
INSERT INTO refund_units (organization_id, refund_id, membership_id, unit_id, due, taken, missing, returned,
                          reasons)
SELECT $1, $2, given.* FROM unnest($3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
                                   $9::jsonb[]) AS given
"""
_UNITS: Final = """
SELECT refund_id, membership_id, unit_id, due, taken, missing, returned, reasons FROM refund_units
WHERE organization_id = $1 AND refund_id = ANY($2) ORDER BY refund_id, membership_id, unit_id
"""


async def lock_members(tx: Tx, reference: str, purchase_id: UUID | None) -> list[UUID]:
    """Lock the memberships of the buyer, and those that were given something under a reference or spent on it."""
    rows = await tx.fetch(_LOCK_MEMBERS, tx.organization_id, reference, purchase_id)
    return [row["id"] for row in rows]


async def open_accruals(tx: Tx, reference: str) -> Sequence[Any]:
    """What was given under a reference and is not undone whole, with what its rule gives for."""
    return await tx.fetch(_ACCRUALS, tx.organization_id, reference)


async def open_spendings(tx: Tx, purchase_id: UUID) -> Sequence[Any]:
    """What was spent on a purchase and has not all come back."""
    return await tx.fetch(_SPENDINGS, tx.organization_id, purchase_id)


async def units_of(tx: Tx, refund_ids: Sequence[UUID]) -> Sequence[Any]:
    return await tx.fetch(_UNITS, tx.organization_id, list(refund_ids))

"""Every SQL text of payments; the tenant always."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from passerelle.kit.db import Tx
from passerelle.rewards.payments.errors import PaymentNotFound
from passerelle.rewards.payments.models import SpendingTermsRow

_COLUMNS: Final = """id, membership_id, customer_id, unit_id, units, basket_minor, discount_minor, currency,
       reference, transfer_id, purchase_id, state, actor, location_id, made_at, undone_at"""
KEPT: Final = tuple(_COLUMNS.replace("\n", "").replace(" ", "").split(","))
KEEP: Final = f"""
INSERT INTO payments (organization_id, {_COLUMNS})
VALUES ($1, {", ".join(f"${position}" for position in range(2, len(KEPT) + 2))})
"""
_GET: Final = f"SELECT {_COLUMNS} FROM payments WHERE organization_id = $1 AND id = $2"
_BY_REFERENCE: Final = f"SELECT {_COLUMNS} FROM payments WHERE organization_id = $1 AND reference = $2"
_OF_PURCHASE: Final = f"""
SELECT {_COLUMNS} FROM payments WHERE organization_id = $1 AND purchase_id = $2 AND state = 'made' ORDER BY id
"""
MERGE: Final = "UPDATE payments SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
_PAGE: Final = f"""
SELECT {_COLUMNS} FROM payments
WHERE organization_id = $1 AND id < $2 AND ($3::uuid IS NULL OR customer_id = $3)
  AND ($4::uuid IS NULL OR membership_id = $4)
ORDER BY id DESC LIMIT $5
"""
UNDO: Final = f"""
UPDATE payments SET state = 'undone', undone_at = $3 WHERE organization_id = $1 AND id = $2 AND state = 'made'
RETURNING {_COLUMNS}
"""
ATTACH: Final = f"""
UPDATE payments SET purchase_id = $3
WHERE organization_id = $1 AND id = ANY($2) AND customer_id = $4 AND state = 'made'
  AND (purchase_id IS NULL OR purchase_id = $3)
RETURNING {_COLUMNS}
"""
PART_PAID: Final = """
SELECT coalesce(sum(discount_minor), 0)::bigint AS discount_minor, coalesce(max(basket_minor), 0) AS basket_minor
FROM payments WHERE organization_id = $1 AND id = ANY($2)
"""
MARK_RETURNED: Final = f"""
UPDATE payments SET state = 'undone', undone_at = $4
WHERE organization_id = $1 AND purchase_id = $2 AND transfer_id = $3 AND state = 'made' RETURNING {_COLUMNS}
"""


async def get_payment(tx: Tx, payment_id: UUID) -> Any:
    row = await tx.fetchrow(_GET, tx.organization_id, payment_id)
    if row is None:
        raise PaymentNotFound
    return row


async def find_payment_by_reference(tx: Tx, reference: str) -> Any:
    return await tx.fetchrow(_BY_REFERENCE, tx.organization_id, reference)


async def payments_of_purchase(tx: Tx, purchase_id: UUID) -> Sequence[Any]:
    """Those that were not undone."""
    return await tx.fetch(_OF_PURCHASE, tx.organization_id, purchase_id)


async def list_payments(
    tx: Tx, customer_id: UUID | None, membership_id: UUID | None, before: UUID, limit: int
) -> Sequence[Any]:
    return await tx.fetch(_PAGE, tx.organization_id, before, customer_id, membership_id, limit)


async def list_terms(tx: Tx, program_id: UUID) -> Sequence[SpendingTermsRow]:
    query = select(SpendingTermsRow).where(
        SpendingTermsRow.organization_id == tx.organization_id, SpendingTermsRow.program_id == program_id
    )
    return (await tx.session.execute(query)).scalars().all()

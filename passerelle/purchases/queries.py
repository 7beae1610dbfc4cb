"""Every SQL text of purchases; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.purchases.errors import PurchaseNotFound

_COLUMNS: Final = """id, customer_id, amount_minor, currency, lines, location_id, actor, channel, external_reference,
       state, occurred_at, recorded_at, voided_at"""
# The hot path: one statement, whether or not the reference was told before.
RECORD: Final = """
INSERT INTO purchases (organization_id, id, customer_id, amount_minor, currency, lines, location_id, actor, channel,
                       external_reference, occurred_at, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12)
ON CONFLICT (organization_id, channel, location_id, external_reference) WHERE external_reference IS NOT NULL
DO NOTHING RETURNING id
"""
VOID: Final = f"""
UPDATE purchases SET state = 'voided', voided_at = $3
WHERE organization_id = $1 AND id = $2 AND state = 'recorded' RETURNING {_COLUMNS}
"""
_GET: Final = f"SELECT {_COLUMNS} FROM purchases WHERE organization_id = $1 AND id = $2"
_BY_REFERENCE: Final = f"""
SELECT {_COLUMNS} FROM purchases
WHERE organization_id = $1 AND channel = $2 AND location_id IS NOT DISTINCT FROM $3 AND external_reference = $4
"""
_OF_CUSTOMER: Final = f"""
SELECT {_COLUMNS} FROM purchases WHERE organization_id = $1 AND customer_id = $2 AND id < $3
ORDER BY id DESC LIMIT $4
"""
_SALES: Final = """
SELECT coalesce(sum(amount_minor), 0)::bigint FROM purchases
WHERE organization_id = $1 AND state = 'recorded' AND occurred_at >= $2 AND occurred_at < $3
"""
_LAST: Final = """
SELECT given.id AS customer_id, p.occurred_at FROM unnest($2::uuid[]) AS given (id)
CROSS JOIN LATERAL (
    SELECT occurred_at FROM purchases
    WHERE organization_id = $1 AND customer_id = given.id AND state = 'recorded' ORDER BY id DESC LIMIT 1
) p
"""
MERGE: Final = "UPDATE purchases SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
FORGET: Final = """
UPDATE purchases SET external_reference = NULL, lines = (
    SELECT coalesce(jsonb_agg(line || '{"name": ""}'), '[]') FROM jsonb_array_elements(lines) AS line
)
WHERE organization_id = $1 AND customer_id = $2
"""


async def get_purchase(tx: Tx, purchase_id: UUID) -> Any:
    row = await tx.fetchrow(_GET, tx.organization_id, purchase_id)
    if row is None:
        raise PurchaseNotFound
    return row


async def get_by_reference(tx: Tx, channel: str, location_id: UUID | None, external_reference: str) -> Any:
    """The purchase that took this reference first; only asked when there is one."""
    return await tx.fetchrow(_BY_REFERENCE, tx.organization_id, channel, location_id, external_reference)


async def list_purchases(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_OF_CUSTOMER, tx.organization_id, customer_id, before, limit)


async def last_purchases(tx: Tx, customer_ids: Sequence[UUID]) -> Sequence[Any]:
    """customer_id, occurred_at of the purchase that was recorded last; who never bought is left out."""
    return await tx.fetch(_LAST, tx.organization_id, list(customer_ids))


async def sales_between(tx: Tx, since: datetime, until: datetime) -> int:
    sales: int = await tx.fetchval(_SALES, tx.organization_id, since, until)
    return sales

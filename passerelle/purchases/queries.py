"""Every SQL text of purchases; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.purchases.errors import PurchaseNotFound

_COLUMNS: Final = """id, customer_id, amount_minor, currency, tax_minor, points_minor, gift_card_minor, lines,
       location_id, actor, channel, external_reference, state, occurred_at, recorded_at, voided_at,
       refunded_minor"""
# The hot path: one statement, whether or not the reference was told before. It also sees whether there was another
# purchase; two that come at the same instant may both see none, so only “there was one” is certain.
RECORD: Final = """
INSERT INTO purchases (organization_id, id, customer_id, amount_minor, currency, lines, location_id, actor, channel,
                       external_reference, occurred_at, recorded_at, tax_minor, points_minor, gift_card_minor)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (organization_id, channel, location_id, external_reference) WHERE external_reference IS NOT NULL
DO NOTHING RETURNING (
    SELECT EXISTS (SELECT 1 FROM purchases o WHERE o.organization_id = $1 AND o.customer_id = $3 AND o.id <> $2
                   AND o.state = 'recorded')
) AS has_others
"""
# The same for many at once, each of another customer.
RECORD_MANY: Final = """
INSERT INTO purchases AS p (organization_id, id, customer_id, amount_minor, currency, lines, location_id, actor,
                            channel, external_reference, occurred_at, recorded_at, tax_minor, points_minor,
                            gift_card_minor)
SELECT $1, given.* FROM unnest(
    $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::jsonb[], $7::uuid[], $8::text[], $9::text[], $10::text[],
    $11::timestamptz[], $12::timestamptz[], $13::bigint[], $14::bigint[], $15::bigint[]) AS given
ON CONFLICT (organization_id, channel, location_id, external_reference) WHERE external_reference IS NOT NULL
DO NOTHING RETURNING id, (
    SELECT EXISTS (SELECT 1 FROM purchases o WHERE o.organization_id = $1 AND o.customer_id = p.customer_id
                   AND o.id <> p.id AND o.state = 'recorded')
) AS has_others
"""
VOID: Final = f"""
UPDATE purchases SET state = 'voided', voided_at = $3
WHERE organization_id = $1 AND id = $2 AND state = 'recorded' RETURNING {_COLUMNS}
"""
RELEASE_NUMBER: Final = """
UPDATE purchases SET external_reference = NULL WHERE organization_id = $1 AND id = $2 AND state = 'voided'
"""
_GET: Final = f"SELECT {_COLUMNS} FROM purchases WHERE organization_id = $1 AND id = $2"
_GET_FOR_UPDATE: Final = f"{_GET} FOR NO KEY UPDATE"
_GET_FOR_SHARE: Final = f"{_GET} FOR SHARE"
_REFUND: Final = "id, purchase_id, position, amount_minor, lines, reference, reason, location_id, actor, refunded_at"
_REFUNDS_OF: Final = f"""
SELECT {_REFUND} FROM purchase_refunds WHERE organization_id = $1 AND purchase_id = ANY($2)
ORDER BY purchase_id, position
"""
REFUND: Final = """
INSERT INTO purchase_refunds (organization_id, id, purchase_id, position, amount_minor, lines, reference, reason,
                              location_id, actor, refunded_at)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11)
"""
COUNT_REFUND: Final = f"""
UPDATE purchases SET refunded_minor = refunded_minor + $3,
    state = CASE WHEN refunded_minor + $3 = amount_minor THEN 'refunded' ELSE state END
WHERE organization_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""
FORGET_REFUNDS: Final = """
UPDATE purchase_refunds r SET reference = NULL, reason = NULL FROM purchases p
WHERE r.organization_id = $1 AND p.organization_id = $1 AND p.id = r.purchase_id AND p.customer_id = $2
"""
_BY_REFERENCE: Final = f"""
SELECT {_COLUMNS} FROM purchases
WHERE organization_id = $1 AND channel = $2 AND location_id IS NOT DISTINCT FROM $3 AND external_reference = $4
"""
_OF_CUSTOMER: Final = f"""
SELECT {_COLUMNS} FROM purchases WHERE organization_id = $1 AND customer_id = $2 AND id < $3
ORDER BY id DESC LIMIT $4
"""
_OTHERS: Final = """
SELECT EXISTS (
    SELECT 1 FROM purchases WHERE organization_id = $1 AND customer_id = $2 AND id <> $3 AND state = 'recorded'
      AND ($4::timestamptz IS NULL OR recorded_at < $4)
)
"""
_PAID_BY: Final = """
SELECT customer_id, location_id, occurred_at, amount_minor - refunded_minor AS net_minor FROM purchases
WHERE organization_id = $1 AND customer_id = ANY($2::uuid[]) AND state = 'recorded'
"""
_BUYERS: Final = """
SELECT customer_id FROM purchases WHERE organization_id = $1 AND customer_id > $2
GROUP BY customer_id ORDER BY customer_id LIMIT $3
"""
_RECENT: Final = f"""
SELECT {_COLUMNS} FROM purchases WHERE organization_id = $1 AND id < $2 AND state <> 'voided'
ORDER BY id DESC LIMIT $3
"""
_TOTALS: Final = """
SELECT k.number, coalesce(sum(p.amount_minor - p.refunded_minor), 0)::bigint AS amount_minor, count(p.id) AS purchases
FROM (SELECT * FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[])
      WITH ORDINALITY AS given(customer_id, starts_at, ends_at, number) LIMIT (SELECT NULL::bigint)) AS k
LEFT JOIN purchases p ON p.organization_id = $1 AND p.customer_id = k.customer_id AND p.state = 'recorded'
  AND p.occurred_at >= k.starts_at AND p.occurred_at < k.ends_at
GROUP BY k.number ORDER BY k.number
"""
_SALES: Final = """
SELECT coalesce(sum(amount_minor - refunded_minor), 0)::bigint FROM purchases
WHERE organization_id = $1 AND state <> 'voided' AND occurred_at >= $2 AND occurred_at < $3
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


async def purchase_for_update(tx: Tx, purchase_id: UUID) -> Any:
    row = await tx.fetchrow(_GET_FOR_UPDATE, tx.organization_id, purchase_id)
    if row is None:
        raise PurchaseNotFound
    return row


async def purchase_for_share(tx: Tx, purchase_id: UUID) -> Any:
    row = await tx.fetchrow(_GET_FOR_SHARE, tx.organization_id, purchase_id)
    if row is None:
        raise PurchaseNotFound
    return row


async def refunds_of(tx: Tx, purchase_ids: Sequence[UUID]) -> Sequence[Any]:
    """Every slice of these purchases, in order."""
    return await tx.fetch(_REFUNDS_OF, tx.organization_id, list(purchase_ids))


async def get_by_reference(tx: Tx, channel: str, location_id: UUID | None, external_reference: str) -> Any:
    """The purchase that took this reference first, or None."""
    return await tx.fetchrow(_BY_REFERENCE, tx.organization_id, channel, location_id, external_reference)


async def has_other_purchases(tx: Tx, customer_id: UUID, purchase_id: UUID, recorded_before: datetime | None) -> bool:
    """Whether the customer bought anything else that was not voided."""
    found: bool = await tx.fetchval(_OTHERS, tx.organization_id, customer_id, purchase_id, recorded_before)
    return found


async def list_purchases(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_OF_CUSTOMER, tx.organization_id, customer_id, before, limit)


async def last_purchases(tx: Tx, customer_ids: Sequence[UUID]) -> Sequence[Any]:
    """customer_id, occurred_at of the purchase that was recorded last; who never bought is left out."""
    return await tx.fetch(_LAST, tx.organization_id, list(customer_ids))


async def list_recent(tx: Tx, before: UUID, limit: int) -> Sequence[Any]:
    """Purchases of everybody that stand, newest first."""
    return await tx.fetch(_RECENT, tx.organization_id, before, limit)


async def list_totals(
    tx: Tx, customer_ids: Sequence[UUID], starts: Sequence[datetime], ends: Sequence[datetime]
) -> Sequence[Any]:
    """What was paid less what was paid back, and the number of purchases that stand, for each customer and span."""
    return await tx.fetch(_TOTALS, tx.organization_id, list(customer_ids), list(starts), list(ends))


async def sales_between(tx: Tx, since: datetime, until: datetime) -> int:
    sales: int = await tx.fetchval(_SALES, tx.organization_id, since, until)
    return sales


async def paid_by(tx: Tx, customer_ids: Sequence[UUID]) -> Sequence[Any]:
    return await tx.fetch(_PAID_BY, tx.organization_id, list(customer_ids))


async def buyers_after(tx: Tx, customer_id: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_BUYERS, tx.organization_id, customer_id, limit)

"""Every SQL text of receipts; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx

_COLUMNS: Final = """id, code, reference, channel, location_id, amount_minor, currency, tax_minor, points_minor,
       gift_card_minor, lines, actor, occurred_at, told_at, claim_until, state, refunds, refunded_minor, customer_id,
       purchase_id, claimed_at, claimed_by"""
TELL: Final = """
INSERT INTO receipts (organization_id, id, code, code_index, reference, channel, location_id, amount_minor, currency,
                      tax_minor, points_minor, gift_card_minor, lines, actor, occurred_at, told_at, claim_until,
                      state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14, $15, $16, $17, 'open')
ON CONFLICT (organization_id, reference, channel, location_id) WHERE reference IS NOT NULL DO NOTHING RETURNING id
"""
REFUND: Final = f"""
UPDATE receipts SET refunds = refunds || $3::jsonb, refunded_minor = refunded_minor + $4,
    state = CASE WHEN refunded_minor + $4 = amount_minor THEN 'refunded' ELSE state END
WHERE organization_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""
VOID: Final = f"""
UPDATE receipts SET state = 'voided' WHERE organization_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""
CLAIM: Final = f"""
UPDATE receipts SET state = 'claimed', customer_id = $3, purchase_id = $4, claimed_at = $5, claimed_by = $6
WHERE organization_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""
# That of an erased customer has lost its number, and stays theirs.
REOPEN: Final = """
UPDATE receipts SET state = 'open', customer_id = NULL, purchase_id = NULL, claimed_at = NULL, claimed_by = NULL,
    refunds = $3::jsonb, refunded_minor = $4
WHERE organization_id = $1 AND purchase_id = $2 AND reference IS NOT NULL RETURNING id
"""
_OF_PURCHASE_FOR_UPDATE: Final = """
SELECT id FROM receipts WHERE organization_id = $1 AND purchase_id = $2 FOR NO KEY UPDATE
"""
_GET: Final = f"SELECT {_COLUMNS} FROM receipts WHERE organization_id = $1 AND id = $2"
_GET_FOR_UPDATE: Final = f"{_GET} FOR NO KEY UPDATE"
_BY_CODE: Final = "SELECT id FROM receipts WHERE organization_id = $1 AND code_index = $2"
_BY_REFERENCE: Final = f"""
SELECT {_COLUMNS} FROM receipts
WHERE organization_id = $1 AND reference = $2 AND channel = $3 AND location_id IS NOT DISTINCT FROM $4
"""
_BY_NUMBER: Final = """
SELECT id, occurred_at FROM receipts WHERE organization_id = $1 AND reference = $2
  AND ($3::bigint IS NULL OR amount_minor = $3) AND ($4::uuid IS NULL OR location_id = $4) ORDER BY id LIMIT 50
"""
_LIST: Final = f"""
SELECT {_COLUMNS} FROM receipts WHERE organization_id = $1 AND id < $2
  AND ($4::text IS NULL OR state = CASE WHEN $4 = 'expired' THEN 'open' ELSE $4 END)
  AND ($4 IS DISTINCT FROM 'open' OR claim_until > $5) AND ($4 IS DISTINCT FROM 'expired' OR claim_until <= $5)
  AND ($6::uuid IS NULL OR location_id = $6) AND ($7::uuid IS NULL OR customer_id = $7)
ORDER BY id DESC LIMIT $3
"""
_ANY: Final = "SELECT EXISTS (SELECT 1 FROM receipts WHERE organization_id = $1)"
_SHARE: Final = """
SELECT count(*) AS told, count(*) FILTER (WHERE state = 'claimed') AS claimed FROM receipts
WHERE organization_id = $1 AND told_at >= $2 AND state <> 'voided' AND ($3::uuid IS NULL OR location_id = $3)
"""
_CLAIMED_BY: Final = """
SELECT count(*) FILTER (WHERE claimed_at >= $3) AS today, count(*) AS this_month FROM receipts
WHERE organization_id = $1 AND customer_id = $2 AND claimed_at >= $4
"""
_SETTINGS: Final = """
SELECT claim_days, per_day, per_month, by_print FROM receipt_settings WHERE organization_id = $1
"""
KEEP_SETTINGS: Final = """
INSERT INTO receipt_settings (organization_id, claim_days, per_day, per_month, by_print) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organization_id) DO UPDATE SET claim_days = $2, per_day = $3, per_month = $4, by_print = $5
"""
_ATTEMPTS: Final = """
SELECT subject, failures, since FROM receipt_attempts WHERE organization_id = $1 AND subject = ANY($2)
"""
COUNT_ATTEMPT: Final = """
INSERT INTO receipt_attempts AS a (organization_id, subject, failures, since)
SELECT $1, subject, 1, $3 FROM unnest($2::text[]) AS subject ORDER BY subject
ON CONFLICT (organization_id, subject) DO UPDATE SET
    failures = CASE WHEN a.since < $4 THEN 1 ELSE a.failures + 1 END,
    since = CASE WHEN a.since < $4 THEN $3 ELSE a.since END
"""
PRUNE_ATTEMPTS: Final = "DELETE FROM receipt_attempts WHERE organization_id = $1 AND since < $2"
PRUNE: Final = """
DELETE FROM receipts WHERE organization_id = $1 AND state <> 'claimed' AND claim_until < $2 AND told_at < $2
"""
FORGET: Final = """
UPDATE receipts SET reference = NULL, refunds = '[]', lines = (
    SELECT coalesce(jsonb_agg(line || '{"name": ""}'), '[]') FROM jsonb_array_elements(lines) AS line
)
WHERE organization_id = $1 AND customer_id = $2
"""
MERGE: Final = "UPDATE receipts SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"


async def get_receipt(tx: Tx, receipt_id: UUID, *, for_update: bool = False) -> Any:
    """The row, or None."""
    return await tx.fetchrow(_GET_FOR_UPDATE if for_update else _GET, tx.organization_id, receipt_id)


async def hold_of_purchase(tx: Tx, purchase_id: UUID) -> UUID | None:
    """The id of the receipt that became this purchase, locked."""
    found: UUID | None = await tx.fetchval(_OF_PURCHASE_FOR_UPDATE, tx.organization_id, purchase_id)
    return found


async def find_by_code(tx: Tx, code_index: bytes) -> UUID | None:
    found: UUID | None = await tx.fetchval(_BY_CODE, tx.organization_id, code_index)
    return found


async def find_by_reference(tx: Tx, reference: str, channel: str, location_id: UUID | None) -> Any:
    return await tx.fetchrow(_BY_REFERENCE, tx.organization_id, reference, channel, location_id)


async def find_by_number(tx: Tx, reference: str, amount_minor: int | None, location_id: UUID | None) -> Sequence[Any]:
    """id, occurred_at of the receipts of this number at any place, or at one."""
    return await tx.fetch(_BY_NUMBER, tx.organization_id, reference, amount_minor, location_id)


async def list_receipts(
    tx: Tx,
    before: UUID,
    limit: int,
    now: datetime,
    *,
    state: str | None = None,
    location_id: UUID | None = None,
    customer_id: UUID | None = None,
) -> Sequence[Any]:
    return await tx.fetch(_LIST, tx.organization_id, before, limit, state, now, location_id, customer_id)


async def is_any(tx: Tx) -> bool:
    found: bool = await tx.fetchval(_ANY, tx.organization_id)
    return found


async def share(tx: Tx, since: datetime, location_id: UUID | None) -> Any:
    return await tx.fetchrow(_SHARE, tx.organization_id, since, location_id)


async def claimed_by(tx: Tx, customer_id: UUID, day: datetime, month: datetime) -> Any:
    return await tx.fetchrow(_CLAIMED_BY, tx.organization_id, customer_id, day, month)


async def get_settings(tx: Tx) -> Any:
    return await tx.fetchrow(_SETTINGS, tx.organization_id)


async def read_attempts(tx: Tx, subjects: Sequence[str]) -> Sequence[Any]:
    return await tx.fetch(_ATTEMPTS, tx.organization_id, list(subjects))

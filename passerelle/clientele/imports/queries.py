"""Every SQL text of imports; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from passerelle.clientele.imports.errors import ImportNotFound
from passerelle.clientele.imports.models import CustomerImport
from passerelle.kit.db import Tx

ADD_PART: Final = """
INSERT INTO customer_import_parts (organization_id, import_id, position, content) VALUES ($1, $2, $3, $4)
"""
CHANGE_PART: Final = """
UPDATE customer_import_parts SET content = $4 WHERE organization_id = $1 AND import_id = $2 AND position = $3
"""
REMOVE_PART: Final = """
DELETE FROM customer_import_parts WHERE organization_id = $1 AND import_id = $2 AND position = $3
"""
_PART: Final = """
SELECT content FROM customer_import_parts WHERE organization_id = $1 AND import_id = $2 AND position = $3
"""
# Whoever comes first with a phone or an e-mail keeps it; a row that comes again after a crash finds itself.
_CLAIM: Final = """
INSERT INTO customer_import_keys (organization_id, import_id, key, row)
SELECT DISTINCT ON (given.key) $1::uuid, $2::uuid, given.key, given.row
FROM unnest($3::bytea[], $4::int[]) AS given (key, row) ORDER BY given.key, given.row
ON CONFLICT DO NOTHING
"""
_CLAIMED: Final = """
SELECT key, row FROM customer_import_keys
WHERE organization_id = $1 AND import_id = $2 AND key = ANY($3::bytea[])
"""
_FORGET_KEYS: Final = "DELETE FROM customer_import_keys WHERE organization_id = $1 AND import_id = $2"
_FORGET_FAULTS: Final = "DELETE FROM customer_import_faults WHERE organization_id = $1 AND import_id = $2"
_FORGET_PARTS: Final = "DELETE FROM customer_import_parts WHERE organization_id = $1 AND import_id = $2"
ADD_FAULTS: Final = """
INSERT INTO customer_import_faults (organization_id, import_id, row, field, code, params, texts)
SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[])
ON CONFLICT DO NOTHING
"""
_FAULTS: Final = """
SELECT row, field, code, params, texts FROM customer_import_faults
WHERE organization_id = $1 AND import_id = $2 AND row > $3 ORDER BY row, field LIMIT $4
"""
_FAULTS_BETWEEN: Final = """
SELECT row, field, code, params, texts FROM customer_import_faults
WHERE organization_id = $1 AND import_id = $2 AND row BETWEEN $3 AND $4 ORDER BY row, field
"""
_OLD: Final = "SELECT id FROM customer_imports WHERE organization_id = $1 AND created_at < $2"
_REMOVE: Final = "DELETE FROM customer_imports WHERE organization_id = $1 AND id = $2"


async def get_import(tx: Tx, import_id: UUID, *, for_update: bool = False) -> CustomerImport:
    found = await tx.session.get(
        CustomerImport,
        (tx.organization_id, import_id),
        with_for_update=for_update or None,
        populate_existing=for_update,
    )
    if found is None:
        raise ImportNotFound
    return found


async def list_imports(tx: Tx, before: UUID, limit: int) -> Sequence[CustomerImport]:
    query = (
        select(CustomerImport)
        .where(CustomerImport.organization_id == tx.organization_id, CustomerImport.id < before)
        .order_by(CustomerImport.id.desc())
        .limit(limit)
    )
    return (await tx.session.execute(query)).scalars().all()


async def list_of_digest(tx: Tx, digest: bytes) -> Sequence[CustomerImport]:
    """Imports of the very same file, newest first."""
    query = (
        select(CustomerImport)
        .where(CustomerImport.organization_id == tx.organization_id, CustomerImport.digest == digest)
        .order_by(CustomerImport.id.desc())
        .limit(20)
    )
    return (await tx.session.execute(query)).scalars().all()


async def count_waiting(tx: Tx) -> int:
    """Imports whose files are kept to be worked on."""
    query = select(func.count()).where(
        CustomerImport.organization_id == tx.organization_id,
        CustomerImport.state.in_(("uploaded", "checking", "checked", "running")),
    )
    return (await tx.session.execute(query)).scalar_one()


async def find_part(tx: Tx, import_id: UUID, position: int) -> bytes | None:
    content: bytes | None = await tx.fetchval(_PART, tx.organization_id, import_id, position)
    return content


async def claim_keys(tx: Tx, import_id: UUID, claims: Sequence[tuple[bytes, int]]) -> dict[bytes, int]:
    """The first row of the file that has each key."""
    keys, rows = [key for key, _ in claims], [row for _, row in claims]
    await tx.execute(_CLAIM, tx.organization_id, import_id, keys, rows)
    return {row["key"]: row["row"] for row in await tx.fetch(_CLAIMED, tx.organization_id, import_id, keys)}


async def list_faults(tx: Tx, import_id: UUID, after_row: int, limit: int) -> Sequence[Any]:
    return await tx.fetch(_FAULTS, tx.organization_id, import_id, after_row, limit)


async def list_faults_between(tx: Tx, import_id: UUID, first_row: int, last_row: int) -> Sequence[Any]:
    return await tx.fetch(_FAULTS_BETWEEN, tx.organization_id, import_id, first_row, last_row)


async def forget_findings(tx: Tx, import_id: UUID) -> None:
    """What the last check or run found."""
    await tx.execute(_FORGET_FAULTS, tx.organization_id, import_id)
    await tx.execute(_FORGET_KEYS, tx.organization_id, import_id)


async def forget_keys(tx: Tx, import_id: UUID) -> None:
    await tx.execute(_FORGET_KEYS, tx.organization_id, import_id)


async def forget_content(tx: Tx, import_id: UUID) -> None:
    """The file, and what was found in it; what became of it stays."""
    await forget_findings(tx, import_id)
    await tx.execute(_FORGET_PARTS, tx.organization_id, import_id)


async def list_older(tx: Tx, instant: datetime) -> Sequence[UUID]:
    return [row["id"] for row in await tx.fetch(_OLD, tx.organization_id, instant)]


async def remove_import(tx: Tx, import_id: UUID) -> None:
    await forget_content(tx, import_id)
    await tx.execute(_REMOVE, tx.organization_id, import_id)

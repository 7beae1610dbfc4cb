"""Every SQL text of notes; the tenant always."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx

ADD: Final = """
INSERT INTO customer_notes (organization_id, id, customer_id, text, actor, created_at)
SELECT $1, $2, $3, $4, $5, $6
WHERE (SELECT count(*) FROM customer_notes WHERE organization_id = $1 AND customer_id = $3) < $7
RETURNING id
"""
REMOVE: Final = """
DELETE FROM customer_notes WHERE organization_id = $1 AND customer_id = $2 AND id = $3 RETURNING id
"""
FORGET: Final = "DELETE FROM customer_notes WHERE organization_id = $1 AND customer_id = $2"
MERGE: Final = "UPDATE customer_notes SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
_PAGE: Final = """
SELECT id, customer_id, text, actor, created_at FROM customer_notes
WHERE organization_id = $1 AND customer_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4
"""


async def list_notes(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_PAGE, tx.organization_id, customer_id, before, limit)

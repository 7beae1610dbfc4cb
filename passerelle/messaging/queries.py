"""Every SQL text of messages; the tenant always."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx

QUEUE: Final = """
INSERT INTO messages (organization_id, id, customer_id, channel, topic, state, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, 'queued', $6, $6)
"""
TELL: Final = """
WITH known AS (SELECT id, state FROM messages WHERE organization_id = $1 AND id = $2 FOR UPDATE)
UPDATE messages m SET state = $3, changed_at = $4 FROM known
WHERE m.organization_id = $1 AND m.id = known.id
RETURNING m.customer_id, m.channel, m.topic, known.state AS before
"""
WITHDRAW: Final = "DELETE FROM messages WHERE organization_id = $1 AND id = $2 AND state = 'queued'"
PRUNE: Final = "DELETE FROM messages WHERE organization_id = $1 AND id < $2"
FORGET: Final = "DELETE FROM messages WHERE organization_id = $1 AND customer_id = $2"
MERGE: Final = "UPDATE messages SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
_FAILING: Final = """
SELECT count(*) AS failing, min(created_at) AS since FROM messages
WHERE organization_id = $1 AND id >= $2 AND state = 'failed'
"""
_PAGE: Final = """
SELECT id, customer_id, channel, topic, state, created_at, changed_at FROM messages
WHERE organization_id = $1 AND customer_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4
"""


async def failing(tx: Tx, oldest: UUID) -> Any:
    return await tx.fetchrow(_FAILING, tx.organization_id, oldest)


async def list_messages(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_PAGE, tx.organization_id, customer_id, before, limit)

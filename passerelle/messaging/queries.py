"""Every SQL text of messages; the tenant always."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx

TELL: Final = """
INSERT INTO messages (organization_id, id, customer_id, channel, topic, state, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organization_id, id) DO UPDATE SET state = excluded.state, at = excluded.at
"""
FORGET: Final = "DELETE FROM messages WHERE organization_id = $1 AND customer_id = $2"
MERGE: Final = "UPDATE messages SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
_PAGE: Final = """
SELECT id, customer_id, channel, topic, state, at FROM messages
WHERE organization_id = $1 AND customer_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4
"""


async def list_messages(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_PAGE, tx.organization_id, customer_id, before, limit)

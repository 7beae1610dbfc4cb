"""What feedback holds of a person: how they found it, and what was replied.

After erasure the stars stay for the means under a pseudonym; words and replies go, and what was not answered.
"""

from typing import Any, Final
from uuid import UUID

from passerelle.feedback import queries, service
from passerelle.kit.db import Tx

tables: Final = frozenset({"feedback"})


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every question with its answer, oldest first."""
    return {"feedback": [each.model_dump(mode="json") for each in await service.told_by(tx, customer_id)]}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Keep stars and times, drop words."""
    await tx.execute(queries.FORGET, tx.organization_id, customer_id)
    await tx.execute(queries.FORGET_WORDS, tx.organization_id, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """What both said, one person said."""
    await tx.execute(queries.MERGE, tx.organization_id, kept_id, merged_id)

"""How a card is marked as changed: one statement, sent with the commit of what changed it."""

from collections.abc import Collection
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx


async def mark(
    tx: Tx, statement: str, ids: Collection[UUID], *, bulk: bool = False, version: int | None = None
) -> None:
    """Have every wallet fetch the cards that one of the ``queries.CHANGE_OF_…`` finds by these ids."""
    tx.write_last(statement, tx.organization_id, sorted(ids), clock.now(), bulk, version)

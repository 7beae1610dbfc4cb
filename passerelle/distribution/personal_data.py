"""What distribution holds of a person: the smart links to their cards. Link facts know no people."""

from typing import Any, Final
from uuid import UUID

from passerelle.distribution import queries, service
from passerelle.kit.db import Tx

tables: Final = frozenset({"smart_links"})


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """When and from where the person came to a card."""
    return {"card_links": await service.links_of_customer(tx, customer_id)}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Delete the links, so that none opens the blocked card."""
    await service.forget_links(tx, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """The links to their cards lead on."""
    await tx.execute(queries.MERGE, tx.organization_id, kept_id, merged_id)

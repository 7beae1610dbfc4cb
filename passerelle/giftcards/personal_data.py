"""What gift cards hold of a person who bought some: the cards, and whom they were for.

After erasure the cards stay, for somebody else holds them and their money is owed; names, addresses and messages go.
Who received a card without being a customer is forgotten by ``PATCH /api/v1/gift-cards/{id}``.
"""

from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from passerelle.giftcards import queries
from passerelle.giftcards.cards import contact_of
from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL

tables: Final = frozenset({"gift_cards"})
_PAGE: Final = 200


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every card that the person bought, with what happened to it, newest first."""
    keys, cards, before = await tx.vault.keys(tx), [], ABOVE_ALL
    while page := await queries.list_wide(tx, before, _PAGE, state=None, product_id=None, customer_id=customer_id):
        for row in page:
            activities = await queries.list_activities(tx, row["id"], ABOVE_ALL, _PAGE)
            cards.append(
                {name: row[name] for name in ("id", "product_name", "currency", "state", "last_four", "created_at")}
                | contact_of(keys, row)
                | {"activities": [asdict(activity) for activity in activities]}
            )
        before = page[-1]["id"]
    return {"gift_cards": cards}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Forget whom their cards were for; money and codes stay."""
    await tx.execute(queries.FORGET, tx.organization_id, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """Who bought them is one person."""
    await tx.execute(queries.MERGE, tx.organization_id, kept_id, merged_id)

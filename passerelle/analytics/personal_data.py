"""What analytics holds of a person: on which days they came, and when their cards were issued and activated.

Nothing here tells who it was, so erasure leaves it under the pseudonym, as it does the purchases it was derived from.
"""

from typing import Any, Final
from uuid import UUID

from passerelle.analytics import deriving, queries
from passerelle.kit.db import Tx

tables: Final = frozenset({"visits", "visit_changes", "counter_visits", "card_milestones"})


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Visits without an amount, those by check-in, too, and cards.

    Other visits are days of the purchases, which are exported already.
    """
    visits = await tx.fetch(queries.COUNTER_VISITS_OF, tx.organization_id, [customer_id])
    cards = await queries.cards_of(tx, customer_id)
    return {
        "visits": [
            {"at": row["occurred_at"].isoformat(), "location_id": _text(row["location_id"])} for row in visits
        ],
        "card_milestones": [
            {name: _text(row[name]) for name in ("pass_id", "issued_at", "activated_at")} for row in cards
        ],
    }


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """The visits of both are derived anew from what one person bought; the rest changes hands."""
    await tx.execute(queries.HAND_OVER_VISITS, tx.organization_id, kept_id, merged_id)
    await tx.execute(queries.HAND_OVER_CARDS, tx.organization_id, kept_id, merged_id)
    for customer_id in (kept_id, merged_id):
        deriving.mark_changed(tx, customer_id)


async def erase(_tx: Tx, _customer_id: UUID) -> None:
    """Nothing tells who it was."""


def _text(value: object) -> str | None:
    return None if value is None else str(value)

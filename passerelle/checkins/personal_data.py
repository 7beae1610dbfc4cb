"""What check-ins hold of a person: where they were, when, and for how long."""

from typing import Any, Final
from uuid import UUID

from passerelle.checkins import queries, service
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.organizations import service as organizations

tables: Final = frozenset({"check_ins"})
_PAGE: Final = 200
_TOLD: Final = {"id", "way", "state", "opened_at", "closed_at", "closed_how", "minutes", "counted"}


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every check-in, last recorded first, with the name of the place."""
    told: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await service.list_check_ins(tx, before, _PAGE, customer_id=customer_id):
        for one in page:
            place = await organizations.get_location(tx, one.location_id)
            told.append({"location": place.name, **one.model_dump(mode="json", include=_TOLD)})
        before = page[-1].id
    return {"check_ins": told}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Delete them: a trail of somebody's days tells who they are, even without a name."""
    await tx.execute(queries.FORGET, tx.organization_id, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """One person came; who is in under both entries is in once."""
    await tx.execute(queries.END_DOUBLES, tx.organization_id, kept_id, merged_id, clock.now())
    await tx.execute(queries.MERGE, tx.organization_id, kept_id, merged_id)

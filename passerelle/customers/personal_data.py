"""What customers holds of a person: everything that tells who they are."""

from typing import Any, Final
from uuid import UUID

from passerelle.customers import merging, service
from passerelle.kit.db import Tx

tables: Final = frozenset({"customers", "customer_name_words"})


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Name, contact data, birthday, language, attributes; the words of the search repeat the name."""
    customer = await service.get_customer(tx, customer_id)
    return {"customer": customer.model_dump(mode="json")}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Leave a pseudonym."""
    await service.erase(tx, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """Fill what the kept entry has not; the other becomes a pseudonym."""
    await merging.absorb(tx, kept_id, merged_id)

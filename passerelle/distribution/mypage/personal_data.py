"""What my page holds of a person: the links to it, and the browsers in which it is open."""

from typing import Any, Final
from uuid import UUID

from passerelle.distribution.mypage import service
from passerelle.kit.db import Tx

tables: Final = frozenset({"page_links", "page_sessions"})


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """When links were made and opened."""
    return {"own_page": await service.opened_pages(tx, customer_id)}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """No link opens any more, every browser is signed out."""
    await service.revoke_links(tx, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:  # noqa: ARG001  both customers belong to a merge
    """Links and sessions of the second entry end: who holds them has shown to be that person alone."""
    await service.revoke_links(tx, merged_id)

"""What programs hold of a person: memberships, what they earned and why, and the movements of their balances.

After erasure the pseudonymous movements stay, so that the books add up; the memberships end.
"""

from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.ledger import service as ledger
from passerelle.programs import merging, queries, service

tables: Final = frozenset({"memberships", "accruals"})
_PAGE: Final = 200
_LAST: Final = UUID(int=(1 << 128) - 1)


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Memberships, accruals with their reasons, and the ledger of each membership, newest first."""
    memberships = await service.memberships_of(tx, customer_id)
    return {
        "memberships": [asdict(membership) for membership in memberships],
        "accruals": await _accruals(tx, customer_id),
        "balance_history": [
            transfer for membership in memberships for transfer in await _transfers(tx, membership.id)
        ],
    }


async def erase(tx: Tx, customer_id: UUID) -> None:
    """End the memberships."""
    for membership in await service.memberships_of(tx, customer_id):
        await service.change_membership(tx, membership.id, "ended")


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """One membership in each program; see merging.py."""
    await merging.merge_members(tx, kept_id, merged_id)


async def _accruals(tx: Tx, customer_id: UUID) -> list[dict[str, Any]]:
    accruals: list[dict[str, Any]] = []
    before = _LAST
    while page := await queries.list_accruals(tx, customer_id, before, _PAGE):
        accruals += [dict(row) for row in page]
        before = page[-1]["id"]
    return accruals


async def _transfers(tx: Tx, membership_id: UUID) -> list[dict[str, Any]]:
    transfers: list[dict[str, Any]] = []
    before = _LAST
    while page := await ledger.list_transfers(tx, membership_id, before, _PAGE):
        transfers += [asdict(transfer) for transfer in page]
        before = page[-1].id
    return transfers

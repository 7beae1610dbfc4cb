"""What programs hold of a person: memberships, what they earned and why, custom events, movements of balances.

After erasure the pseudonymous movements stay, so that the books add up; the memberships end, and what was told of
events (attributes, references) goes.
"""

from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.ledger import service as ledger
from passerelle.programs import community_data, merging, queries, service
from passerelle.programs.terms import queries as term_queries
from passerelle.programs.tiers import service as tiers

tables: Final = frozenset({"memberships", "accruals", "custom_events", "promotion_uses", "membership_terms"})
_PAGE: Final = 200


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Memberships, accruals with their reasons, changes of tiers, the ledgers, newest first, and the community."""
    memberships = await service.memberships_of(tx, customer_id)
    return {
        "memberships": [asdict(membership) for membership in memberships],
        "accruals": await _accruals(tx, customer_id),
        "terms": [term for membership in memberships for term in await _terms(tx, membership.id)],
        "custom_events": await _events(tx, customer_id),
        "tier_changes": await tiers.export_changes(tx, [membership.id for membership in memberships]),
        "balance_history": [
            transfer for membership in memberships for transfer in await _transfers(tx, membership.id)
        ],
        "community": [await community_data.export(tx, membership.id) for membership in memberships],
    }


async def erase(tx: Tx, customer_id: UUID) -> None:
    """End the memberships; what operators wrote about them goes, and what was told of events."""
    await tx.execute(queries.FORGET_EVENTS, tx.organization_id, customer_id)
    memberships = await service.memberships_of(tx, customer_id)
    for membership in memberships:
        await service.change_membership(tx, membership.id, "ended")
        await community_data.erase(tx, membership.id)
    await tx.execute(term_queries.FORGET, tx.organization_id, [membership.id for membership in memberships])
    await tiers.forget_reasons(tx, [membership.id for membership in memberships])


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """One membership in each program; see merging.py."""
    await merging.merge_members(tx, kept_id, merged_id)


async def _accruals(tx: Tx, customer_id: UUID) -> list[dict[str, Any]]:
    accruals: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await queries.list_accruals(tx, customer_id, before, _PAGE):
        accruals += [dict(row) for row in page]
        before = page[-1]["id"]
    return accruals


async def _terms(tx: Tx, membership_id: UUID) -> list[dict[str, Any]]:
    terms: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await term_queries.list_terms(tx, membership_id, before, _PAGE):
        terms += [dict(row) for row in page]
        before = page[-1]["id"]
    return terms


async def _events(tx: Tx, customer_id: UUID) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await queries.list_events(tx, customer_id, before, _PAGE):
        events += [dict(row) for row in page]
        before = page[-1]["id"]
    return events


async def _transfers(tx: Tx, membership_id: UUID) -> list[dict[str, Any]]:
    transfers: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await ledger.list_transfers(tx, membership_id, before, _PAGE):
        transfers += [asdict(transfer) for transfer in page]
        before = page[-1].id
    return transfers

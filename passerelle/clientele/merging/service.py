"""Merging two customers."""

from collections.abc import Iterable
from uuid import UUID

from passerelle.clientele.merging.errors import SameCustomer
from passerelle.clientele.merging.schemas import MergedOut
from passerelle.customers import service as customers
from passerelle.kit.db import Tx
from passerelle.privacy.schemas import PersonalData


async def merge_customers(tx: Tx, kept_id: UUID, merged_id: UUID, holders: Iterable[PersonalData]) -> MergedOut:
    """Put all that is known of the second customer under the first, who keeps what both have.

    Harmless to repeat. Raises SameCustomer, CustomerNotFound, CustomerGone, and what a holder refuses because it is
    not clear: MergeMemberSuspended, MergeUnitsPending, MergeRewardsOpen.
    """
    if kept_id == merged_id:
        raise SameCustomer
    if await customers.merged_into(tx, merged_id) == kept_id:
        return MergedOut(customer_id=kept_id, merged_customer_id=merged_id, replayed=True)
    for customer_id in sorted((kept_id, merged_id)):
        await customers.lock_for_erasure(tx, customer_id)
    for holder in holders:
        await holder.merge(tx, kept_id, merged_id)
    return MergedOut(customer_id=kept_id, merged_customer_id=merged_id, replayed=False)

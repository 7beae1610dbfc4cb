"""HTTP of the merge."""

from typing import Annotated

from fastapi import Depends, Request

from passerelle.clientele.merging import service
from passerelle.clientele.merging.errors import SameCustomer
from passerelle.clientele.merging.schemas import MergedOut, MergeIn
from passerelle.customers.errors import CustomerGone, CustomerMerged, CustomerNotFound
from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.privacy.schemas import PersonalData
from passerelle.programs.errors import MergeMemberSuspended, MergeUnitsPending
from passerelle.rewards.errors import MergeRewardsOpen

router = Router(prefix="/api/v1/customers", tags=["customers"])


def _holders(request: Request) -> tuple[PersonalData, ...]:
    """Every domain with personal data, from wiring.py through entry/api.py."""
    holders: tuple[PersonalData, ...] = request.app.state.personal_data
    return holders


@router.post(
    "/{customer_id}/merge",
    responses=refusals(
        SameCustomer,
        CustomerNotFound,
        CustomerGone,
        CustomerMerged,
        MergeMemberSuspended,
        MergeUnitsPending,
        MergeRewardsOpen,
    ),
)
async def merge_customers(
    customer_id: CustomerId,
    body: MergeIn,
    holders: Annotated[tuple[PersonalData, ...], Depends(_holders)],
    tx: Annotated[Tx, allow("customers:write")],
) -> MergedOut:
    """Two entries are of one person: end the second one. Needs ledger:adjust, too, for balances are booked over.

    Cannot be undone. Harmless to repeat.
    """
    tx.actor.require("ledger:adjust")
    return await service.merge_customers(tx, customer_id, body.customer_id, holders)

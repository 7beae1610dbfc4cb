"""HTTP of my page's API; the pages themselves are in pages.py."""

from typing import Annotated

from fastapi import Depends, Response

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.schemas import CustomerId
from passerelle.distribution.mypage import service
from passerelle.distribution.mypage.errors import TooManyPageLinks
from passerelle.distribution.mypage.schemas import PageLinkOut
from passerelle.kit.db import Tx
from passerelle.kit.web import Edge, Router, allow, edge, refusals

router = Router(prefix="/api/v1", tags=["privacy"])


@router.post(
    "/customers/{customer_id}/page-link",
    status_code=201,
    responses=refusals(CustomerNotFound, CustomerGone, TooManyPageLinks),
)
async def give_page_link(
    customer_id: CustomerId,
    at: Annotated[Edge, Depends(edge)],
    response: Response,
    tx: Annotated[Tx, allow("customers:export")],
) -> PageLinkOut:
    """A link to the customer's own page, for staff to hand over; it opens once, within half an hour.

    The page shows and exports all that is known of the customer; it erases only if the caller may.
    """
    response.headers["Cache-Control"] = "no-store"
    return await service.give_page_link(tx, customer_id, at.settings)

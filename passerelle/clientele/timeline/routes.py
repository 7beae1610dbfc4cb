"""HTTP of the timeline."""

from typing import Annotated

from fastapi import Query, Request

from passerelle.clientele.timeline import service
from passerelle.clientele.timeline.schemas import TimelineEntry, TimelineKind
from passerelle.customers.errors import CustomerGone, CustomerMerged, CustomerNotFound
from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of

router = Router(prefix="/api/v1/customers", tags=["customers"])


@router.get("/{customer_id}/timeline", responses=refusals(CustomerNotFound, CustomerGone, CustomerMerged))
async def get_timeline(
    *,
    customer_id: CustomerId,
    request: Request,
    tx: Annotated[Tx, allow("customers:read")],
    kind: Annotated[list[TimelineKind] | None, Query(max_length=9, description="Only these kinds.")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[TimelineEntry]:
    """What happened with a customer, last recorded first.

    Units need ``ledger:read``, cards ``passes:read`` and tickets ``tickets:read``; without these scopes they are left
    out.
    """
    found, last = await service.timeline(
        tx, customer_id, after(cursor), limit, language=language_of(request), kinds=kind
    )
    return Page(items=list(found), next=cursor_of(last) if last else None)

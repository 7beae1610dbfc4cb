"""HTTP of messages."""

from typing import Annotated

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.messaging import service
from passerelle.messaging.schemas import MessageOut

router = Router(prefix="/api/v1/customers/{customer_id}/messages", tags=["customers"])


@router.get("", responses=refusals(CustomerNotFound, CustomerGone))
async def list_messages(
    customer_id: CustomerId, tx: Annotated[Tx, allow("customers:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[MessageOut]:
    """What was written to a customer, newest first."""
    items = await service.list_messages(tx, customer_id, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)

"""HTTP of purchases: what was bought. Purchases are told by a scan, or by an integrator through programs."""

from typing import Annotated

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.purchases import service
from passerelle.purchases.errors import PurchaseNotFound
from passerelle.purchases.schemas import Purchase, PurchaseId

router = Router(prefix="/api/v1", tags=["purchases"])


@router.get("/purchases/{purchase_id}", responses=refusals(PurchaseNotFound))
async def get_purchase(purchase_id: PurchaseId, tx: Annotated[Tx, allow("customers:read")]) -> Purchase:
    """One purchase with its lines."""
    return await service.get_purchase(tx, purchase_id)


@router.get("/customers/{customer_id}/purchases", responses=refusals(CustomerNotFound, CustomerGone))
async def list_purchases(
    customer_id: CustomerId, tx: Annotated[Tx, allow("customers:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[Purchase]:
    """A customer's purchases, newest first."""
    items = await service.list_purchases(tx, customer_id, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)

"""HTTP of customers. Contact data is searched by POST: addresses (URLs) end up in logs and histories."""

from typing import Annotated

from fastapi import Query, Response

from passerelle.customers import service
from passerelle.customers.errors import (
    BirthdayInFuture,
    CustomerEmailTaken,
    CustomerGone,
    CustomerNotFound,
    InvalidEmail,
    InvalidPhone,
    PhoneTaken,
    TooManyAttributes,
)
from passerelle.customers.schemas import (
    CustomerChange,
    CustomerId,
    CustomerOut,
    CustomerSearch,
    NewCustomer,
    RegisteredOut,
)
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import MOST_PER_PAGE, Cursor, Page, PageSize, after, cursor_of

router = Router(prefix="/api/v1/customers", tags=["customers"])


@router.post("", status_code=201, responses=refusals(InvalidPhone, InvalidEmail, BirthdayInFuture))
async def register_customer(
    body: NewCustomer, response: Response, tx: Annotated[Tx, allow("customers:write")]
) -> RegisteredOut:
    """Find a customer by phone or e-mail, or create them (201). A known one is left as they are (200)."""
    registered = await service.register(tx, body)
    if not registered.created:
        response.status_code = 200
    return RegisteredOut(id=registered.customer_id, created=registered.created)


@router.get("", responses=refusals())
async def list_customers(
    tx: Annotated[Tx, allow("customers:read")],
    ids: Annotated[
        list[CustomerId] | None,
        Query(alias="id", max_length=MOST_PER_PAGE, description="Only these, such as those of a list of cards."),
    ] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[CustomerOut]:
    """Customers, newest first; who was erased or is not known is left out."""
    items = await service.list_customers(tx, after(cursor), limit, ids)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.post("/search", responses=refusals())
async def search_customers(
    body: CustomerSearch, tx: Annotated[Tx, allow("customers:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[CustomerOut]:
    """Find by a whole phone number, a whole e-mail address or whole words of a name, newest first."""
    items = await service.search_customers(tx, body, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/{customer_id}", responses=refusals(CustomerNotFound, CustomerGone))
async def get_customer(customer_id: CustomerId, tx: Annotated[Tx, allow("customers:read")]) -> CustomerOut:
    """One customer."""
    return await service.get_customer(tx, customer_id)


@router.patch(
    "/{customer_id}",
    responses=refusals(
        CustomerNotFound,
        CustomerGone,
        InvalidPhone,
        InvalidEmail,
        BirthdayInFuture,
        PhoneTaken,
        CustomerEmailTaken,
        TooManyAttributes,
    ),
)
async def change_customer(
    customer_id: CustomerId, body: CustomerChange, tx: Annotated[Tx, allow("customers:write")]
) -> CustomerOut:
    """Change what is known of a customer; needs customers:read too, for the answer shows it."""
    tx.actor.require("customers:read")
    return await service.change_customer(tx, customer_id, body)

"""HTTP of privacy: consents, export and erasure of a customer, the audit trail."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.schemas import CustomerId
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Instant, Page, PageSize, after, cursor_of
from passerelle.privacy import service
from passerelle.privacy.errors import ConsentInFuture, WordingMissing
from passerelle.privacy.holders import PersonalData
from passerelle.privacy.schemas import AuditEntryOut, ConsentOut, ErasedOut, ExportOut, NewConsent

router = Router(prefix="/api/v1", tags=["privacy"])


def _holders(request: Request) -> tuple[PersonalData, ...]:
    """Every domain with personal data, from wiring.py through entry/api.py."""
    holders: tuple[PersonalData, ...] = request.app.state.personal_data
    return holders


Holders = Annotated[tuple[PersonalData, ...], Depends(_holders)]


@router.post(
    "/customers/{customer_id}/consents",
    status_code=201,
    responses=refusals(CustomerNotFound, CustomerGone, WordingMissing, ConsentInFuture),
)
async def record_consent(
    customer_id: CustomerId, body: NewConsent, tx: Annotated[Tx, allow("customers:write")]
) -> ConsentOut:
    """Record what a customer agreed to or withdrew; earlier records stay and are superseded."""
    return await service.record_consent(tx, customer_id, body)


@router.get("/customers/{customer_id}/consents", responses=refusals(CustomerNotFound, CustomerGone))
async def list_consents(
    customer_id: CustomerId,
    tx: Annotated[Tx, allow("customers:read")],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[ConsentOut]:
    """Everything a customer ever said about consent, last recorded first."""
    items = await service.list_consents(tx, customer_id, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/customers/{customer_id}/consents/current", responses=refusals(CustomerNotFound, CustomerGone))
async def current_consents(customer_id: CustomerId, tx: Annotated[Tx, allow("customers:read")]) -> Page[ConsentOut]:
    """The last word on each purpose and channel."""
    return Page(items=await service.current_consents(tx, customer_id))


@router.get("/customers/{customer_id}/export", responses=refusals(CustomerNotFound, CustomerGone))
async def export_customer(
    customer_id: CustomerId, response: Response, holders: Holders, tx: Annotated[Tx, allow("customers:export")]
) -> ExportOut:
    """All that is known of a customer (GDPR 15 and 20). Written down in the audit trail."""
    response.headers["Cache-Control"] = "no-store"
    data = await service.export_customer(tx, customer_id, holders)
    return ExportOut(customer_id=customer_id, exported_at=clock.now(), data=data)


@router.post("/customers/{customer_id}/erase", responses=refusals(CustomerNotFound, CustomerGone))
async def erase_customer(
    customer_id: CustomerId, holders: Holders, tx: Annotated[Tx, allow("customers:erase")]
) -> ErasedOut:
    """Forget a customer (GDPR 17). Cannot be undone; balances and movements stay under a pseudonym."""
    return ErasedOut(customer_id=customer_id, erased_at=await service.erase_customer(tx, customer_id, holders))


@router.get("/events", responses=refusals())
async def list_events(
    *,
    tx: Annotated[Tx, allow("events:read")],
    name: Annotated[str | None, Query(max_length=100, pattern=r"^[a-z_]+\.[a-z_]+$")] = None,
    about: Annotated[
        str | None, Query(max_length=50, pattern=r"^[a-z_]+$", description="All facts of one noun, such as operator.")
    ] = None,
    actor: Annotated[str | None, Query(max_length=40, pattern=r"^[a-z_]+(_[0-9a-z]{26})?$")] = None,
    since: Annotated[Instant | None, Query(alias="from", description="First instant.")] = None,
    until: Annotated[Instant | None, Query(alias="to", description="First instant after.")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[AuditEntryOut]:
    """The audit trail: who did what, newest first."""
    items = await service.list_events(
        tx, name=name, about=about, actor=actor, since=since, until=until, before=after(cursor), limit=limit
    )
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)

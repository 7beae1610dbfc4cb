"""The verbs of purchases; the only writer of its tables."""

from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from asyncpg import ForeignKeyViolationError

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerNotFound
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import LocationNotFound
from passerelle.purchases import queries, rules
from passerelle.purchases.errors import ReferenceReused
from passerelle.purchases.events import PurchaseRecorded, PurchaseVoided
from passerelle.purchases.schemas import NewPurchase, Purchase, PurchaseLine

_CACHED_TENANTS: Final = 10_000
# An organization's currency never changes, so a process asks once.
_currencies: Final[OrderedDict[UUID, str]] = OrderedDict()


async def checked_purchase(tx: Tx, new: NewPurchase) -> Purchase:
    """The purchase as it would be recorded, without writing anything.

    Raises the refusals of ``rules``, CustomerNotFound, CustomerGone.
    """
    await customers.require_customer(tx, new.customer_id)
    return await _to_record(tx, new)


async def record_purchase(tx: Tx, new: NewPurchase) -> Purchase:
    """Record a purchase in one statement.

    Told again with the same external reference it answers the purchase recorded first, with ``replayed`` set;
    another purchase under that reference is ReferenceReused. Raises the refusals of ``rules``, CustomerNotFound
    and LocationNotFound.
    """
    purchase = await _to_record(tx, new)
    try:
        made = await tx.fetchval(
            queries.RECORD,
            tx.organization_id,
            purchase.id,
            purchase.customer_id,
            purchase.amount_minor,
            purchase.currency,
            _lines_json(purchase),
            purchase.location_id,
            purchase.actor,
            purchase.channel,
            purchase.external_reference,
            purchase.occurred_at,
            purchase.recorded_at,
        )
    except ForeignKeyViolationError as violation:
        raise _missing(violation) from None
    if made is None:
        return await _recorded_before(tx, new, purchase)
    await announce(
        tx,
        PurchaseRecorded(
            purchase_id=purchase.id,
            customer_id=purchase.customer_id,
            amount_minor=purchase.amount_minor,
            currency=purchase.currency,
            location_id=purchase.location_id,
            channel=purchase.channel,
            occurred_at=purchase.occurred_at.isoformat(),
        ),
    )
    return purchase


async def void_purchase(tx: Tx, purchase_id: UUID) -> Purchase:
    """Take a purchase back whole; harmless when it was voided before. Raises PurchaseNotFound.

    What it earned is taken back by ``programs.service.undo_purchase``, which calls this.
    """
    row = await tx.fetchrow(queries.VOID, tx.organization_id, purchase_id, clock.now())
    if row is None:
        return _purchase(await queries.get_purchase(tx, purchase_id))
    purchase = _purchase(row)
    await announce(
        tx,
        PurchaseVoided(
            purchase_id=purchase.id,
            customer_id=purchase.customer_id,
            amount_minor=purchase.amount_minor,
            currency=purchase.currency,
        ),
    )
    return purchase


async def get_purchase(tx: Tx, purchase_id: UUID) -> Purchase:
    """A purchase; raises PurchaseNotFound."""
    return _purchase(await queries.get_purchase(tx, purchase_id))


async def list_purchases(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> list[Purchase]:
    """A customer's purchases, newest first; raises CustomerNotFound, CustomerGone."""
    await customers.require_customer(tx, customer_id)
    return [_purchase(row) for row in await queries.list_purchases(tx, customer_id, before, limit)]


async def last_purchases(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When these customers last bought something; who never did is left out."""
    rows = await queries.last_purchases(tx, sorted(customer_ids))
    return {row["customer_id"]: row["occurred_at"] for row in rows}


async def sales_between(tx: Tx, since: datetime, until: datetime) -> int:
    """What customers paid in ``[since, until)``, in minor units; purchases that were voided are left out."""
    return await queries.sales_between(tx, since, until)


async def _to_record(tx: Tx, new: NewPurchase) -> Purchase:
    now = clock.now()
    expected = await _currency(tx)
    currency = new.currency or expected
    rules.require_amount(new.amount_minor, currency, expected)
    if len(new.lines) > rules.MAX_LINES:
        raise InvalidInput(detail=f"lines: {len(new.lines)} > {rules.MAX_LINES}")
    rules.require_lines(new.lines, new.amount_minor, currency)
    occurred_at = new.occurred_at or now
    if occurred_at.tzinfo is None:
        raise InvalidInput(detail="occurred_at: 2026-11-22T10:00:00+01:00")
    rules.require_instant(occurred_at, now)
    return Purchase(
        id=new_id(),
        customer_id=new.customer_id,
        amount_minor=new.amount_minor,
        currency=currency,
        lines=list(new.lines),
        location_id=new.location_id,
        actor=tx.actor.label,
        channel=new.channel,
        external_reference=new.external_reference,
        state="recorded",
        occurred_at=occurred_at,
        recorded_at=now,
        voided_at=None,
    )


async def _recorded_before(tx: Tx, new: NewPurchase, told: Purchase) -> Purchase:
    assert told.external_reference is not None
    row = await queries.get_by_reference(tx, told.channel, told.location_id, told.external_reference)
    found = _purchase(row)
    same = (
        found.customer_id == told.customer_id
        and found.amount_minor == told.amount_minor
        and found.currency == told.currency
        and found.lines == told.lines
        and (new.occurred_at is None or found.occurred_at == new.occurred_at)
    )
    if not same:
        raise ReferenceReused
    return found.model_copy(update={"replayed": True})


def _missing(violation: ForeignKeyViolationError) -> Exception:
    return LocationNotFound() if "location_id" in (violation.constraint_name or "") else CustomerNotFound()


async def _currency(tx: Tx) -> str:
    known = _currencies.get(tx.organization_id)
    if known is None:
        known = _currencies[tx.organization_id] = (await organizations.get_organization(tx)).currency
        if len(_currencies) > _CACHED_TENANTS:
            _currencies.popitem(last=False)
    return known


def _lines_json(purchase: Purchase) -> str:
    return orjson.dumps([line.model_dump(exclude_none=True) for line in purchase.lines]).decode()


def _purchase(row: Any) -> Purchase:
    fields = dict(row)
    fields["lines"] = [PurchaseLine.model_construct(**line) for line in fields["lines"]]
    return Purchase.model_construct(**fields)

"""The verbs of purchases; the only writer of its tables."""

from collections import OrderedDict
from collections.abc import Sequence
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
from passerelle.purchases.schemas import (
    NewPurchase,
    PaidWith,
    Purchase,
    PurchaseLine,
    PurchaseSpan,
    PurchaseTotal,
)

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
        has_others = await tx.fetchval(
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
            purchase.tax_minor,
            purchase.paid_with.points_minor,
            purchase.paid_with.gift_card_minor,
        )
    except ForeignKeyViolationError as violation:
        raise _missing(violation) from None
    if has_others is None:
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
    return purchase.model_copy(update={"has_others": has_others})


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


async def is_first_purchase(tx: Tx, purchase: Purchase, recorded_before: datetime | None = None) -> bool:
    """Whether the customer has no other purchase that was not voided.

    ``recorded_before`` asks how it was then. What counts is when purchases were told, not when they happened, so
    that no purchase told later can be the first one, too.
    """
    if purchase.has_others and recorded_before is None:
        return False
    return not await queries.has_other_purchases(tx, purchase.customer_id, purchase.id, recorded_before)


async def totals(tx: Tx, spans: Sequence[PurchaseSpan]) -> list[PurchaseTotal]:
    """What customers bought in spans, one figure for each, in one statement."""
    columns = zip(*((span.customer_id, span.starts_at, span.ends_at) for span in spans), strict=True)
    customer_ids, starts, ends = columns if spans else ((), (), ())
    rows = await queries.list_totals(tx, customer_ids, starts, ends)
    return [PurchaseTotal(row["amount_minor"], row["purchases"]) for row in rows]


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
    tax_minor = rules.require_tax(new.tax_minor, new.lines, new.amount_minor, currency)
    paid = new.paid_with
    rules.require_paid_with(paid.points_minor, paid.gift_card_minor, new.amount_minor, currency)
    occurred_at = new.occurred_at or now
    if occurred_at.tzinfo is None:
        raise InvalidInput(detail="occurred_at: 2026-11-22T10:00:00+01:00")
    rules.require_instant(occurred_at, now)
    return Purchase(
        id=new_id(),
        customer_id=new.customer_id,
        amount_minor=new.amount_minor,
        currency=currency,
        tax_minor=tax_minor,
        paid_with=paid,
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
        and (found.tax_minor, found.paid_with) == (told.tax_minor, told.paid_with)
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
    fields["paid_with"] = PaidWith.model_construct(
        points_minor=fields.pop("points_minor"), gift_card_minor=fields.pop("gift_card_minor")
    )
    fields["lines"] = [PurchaseLine.model_construct(**line) for line in fields["lines"]]
    return Purchase.model_construct(**fields)

"""The verbs of purchases; the only writer of its tables."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from asyncpg import ForeignKeyViolationError

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerNotFound
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput, Refusal
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import LocationNotFound
from passerelle.purchases import queries, rules
from passerelle.purchases.errors import (
    NothingLeftToRefund,
    PurchaseNotFound,
    ReferenceReused,
    RefundReferenceReused,
)
from passerelle.purchases.events import PurchaseRecorded, PurchaseVoided
from passerelle.purchases.schemas import (
    Channel,
    NewPurchase,
    NewRefund,
    Paid,
    PaidWith,
    Purchase,
    PurchaseLine,
    PurchaseSpan,
    PurchaseTotal,
    Refund,
    Refunded,
    ReturnedItem,
)

_CACHED_TENANTS: Final = 10_000
# An organization's currency never changes, so a process asks once.
_currencies: Final[OrderedDict[UUID, str]] = OrderedDict()


async def checked_purchase(tx: Tx, new: NewPurchase) -> Purchase:
    """The purchase as it would be recorded, without writing anything.

    Raises the refusals of ``rules``, CustomerNotFound, CustomerGone.
    """
    await customers.require_customer(tx, new.customer_id)
    return await _to_record(tx, new, clock.now())


async def described_purchase(tx: Tx, new: NewPurchase) -> Purchase:
    """The same of a customer who is not known yet, and whom nobody asks for. Raises the refusals of ``rules``."""
    return await _to_record(tx, new, clock.now())


async def record_purchase(tx: Tx, new: NewPurchase) -> Purchase:
    """Record a purchase in one statement.

    Told again with the same external reference it answers the purchase recorded first, with ``replayed`` set;
    another purchase under that reference is ReferenceReused. Raises the refusals of ``rules``, CustomerNotFound
    and LocationNotFound.
    """
    purchase = await _to_record(tx, new, clock.now())
    try:
        has_others = await tx.fetchval(queries.RECORD, tx.organization_id, *_columns(purchase))
    except ForeignKeyViolationError as violation:
        raise _missing(violation) from None
    if has_others is None:
        return await _recorded_before(tx, new, purchase)
    await _tell(tx, purchase)
    return purchase.model_copy(update={"has_others": has_others})


async def record_purchases(tx: Tx, told: Sequence[tuple[Actor, NewPurchase]]) -> list[Purchase | None]:
    """Record purchases of as many customers, told by several actors, in one statement.

    None for one that is refused or was told before: ``record_purchase`` says what to answer. Raises CustomerNotFound,
    LocationNotFound.
    """
    assert len({new.customer_id for _, new in told}) == len(told), "Two of one customer need an order."
    now = clock.now()
    wanted: list[Purchase | None] = []
    for actor, new in told:
        tx.act_for(actor)
        try:
            wanted.append(await _to_record(tx, new, now))
        except Refusal:
            wanted.append(None)
    columns = zip(*[_columns(purchase) for purchase in wanted if purchase is not None], strict=True)
    try:
        rows = await tx.fetch(queries.RECORD_MANY, tx.organization_id, *map(list, columns)) if any(wanted) else ()
    except ForeignKeyViolationError as violation:
        raise _missing(violation) from None
    has_others = {row["id"]: row["has_others"] for row in rows}
    recorded: list[Purchase | None] = []
    for (actor, _), purchase in zip(told, wanted, strict=True):
        if purchase is None or purchase.id not in has_others:
            recorded.append(None)
            continue
        tx.act_for(actor)
        await _tell(tx, purchase)
        recorded.append(purchase.model_copy(update={"has_others": has_others[purchase.id]}))
    return recorded


async def void_purchase(tx: Tx, purchase_id: UUID) -> Purchase:
    """Take a purchase back whole, or what refunds left of it; harmless when it was voided before.

    What it earned is taken back by ``programs.service.undo_purchase``, which calls this. Raises PurchaseNotFound,
    NothingLeftToRefund.
    """
    row = await tx.fetchrow(queries.VOID, tx.organization_id, purchase_id, clock.now())
    if row is None:
        known = _purchase(await queries.get_purchase(tx, purchase_id))
        if known.state == "refunded":
            raise NothingLeftToRefund
        return known
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


async def record_refund(tx: Tx, purchase_id: UUID, new: NewRefund) -> Refunded:
    """Record that a slice of a purchase was paid back; the purchase is locked to the end of the transaction.

    What it earned is taken back by ``programs.service.refund_purchase``, which calls this. Told again with the same
    reference it answers the first slice, ``replayed``. Raises PurchaseNotFound, LocationNotFound,
    RefundReferenceReused, and the refusals of ``rules``.
    """
    purchase = _purchase(await queries.purchase_for_update(tx, purchase_id))
    slices = [_refund(row) for row in await queries.refunds_of(tx, [purchase_id])]
    described = describe_refund(tx, purchase, slices, new)
    if described.replayed:
        return described
    refund = described.refund
    lines = orjson.dumps([{"line": item.line, "quantity": item.quantity} for item in refund.lines]).decode()
    try:
        await tx.execute(
            queries.REFUND,
            *(tx.organization_id, refund.id, purchase_id, refund.position, refund.amount_minor, lines),
            *(refund.reference, refund.reason, refund.location_id, refund.actor, refund.refunded_at),
        )
    except ForeignKeyViolationError:
        raise LocationNotFound from None
    row = await tx.fetchrow(queries.COUNT_REFUND, tx.organization_id, purchase_id, refund.amount_minor)
    return Refunded(_purchase(row), refund, described.slices)


def describe_refund(tx: Tx, purchase: Purchase, slices: Sequence[Refund], new: NewRefund) -> Refunded:
    """The slice as it would be recorded after ``slices``, or the one of them that has its reference, ``replayed``.

    Writes nothing. Raises RefundReferenceReused and the refusals of ``rules``.
    """
    told = next((each for each in slices if new.reference is not None and each.reference == new.reference), None)
    if told is not None:
        return _refunded_before(purchase, slices, told, new)
    rules.require_refundable(purchase, new.currency)
    refund = _to_refund(tx, purchase, slices, new)
    return Refunded(purchase, refund, (*slices, refund))


async def list_refunds(tx: Tx, purchase_id: UUID) -> list[Refund]:
    """The slices of a purchase that were paid back, in order; raises PurchaseNotFound."""
    await queries.get_purchase(tx, purchase_id)
    return [_refund(row) for row in await queries.refunds_of(tx, [purchase_id])]


async def find_by_receipt(tx: Tx, external_reference: str, channel: Channel, location_id: UUID | None) -> Purchase:
    """The purchase of a receipt number, which is unique for its channel and location; raises PurchaseNotFound."""
    row = await queries.get_by_reference(tx, channel, location_id, external_reference)
    if row is None:
        raise PurchaseNotFound
    return _purchase(row)


async def release_number(tx: Tx, purchase_id: UUID) -> None:
    """Take the receipt number off a voided purchase: the sale stands, and may be booked for somebody else."""
    await tx.execute(queries.RELEASE_NUMBER, tx.organization_id, purchase_id)


async def get_purchase(tx: Tx, purchase_id: UUID) -> Purchase:
    """A purchase; raises PurchaseNotFound."""
    return _purchase(await queries.get_purchase(tx, purchase_id))


async def hold_purchase(tx: Tx, purchase_id: UUID) -> Purchase:
    """A purchase that nobody refunds or voids before the transaction ends; raises PurchaseNotFound."""
    return _purchase(await queries.purchase_for_share(tx, purchase_id))


async def list_purchases(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> list[Purchase]:
    """A customer's purchases, newest first; raises CustomerNotFound, CustomerGone."""
    await customers.require_customer(tx, customer_id)
    return [_purchase(row) for row in await queries.list_purchases(tx, customer_id, before, limit)]


async def last_purchases(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When these customers last bought something; who never did is left out."""
    rows = await queries.last_purchases(tx, sorted(customer_ids))
    return {row["customer_id"]: row["occurred_at"] for row in rows}


async def list_recent(tx: Tx, before: UUID, limit: int) -> list[Purchase]:
    """Purchases of all customers that were not voided, newest first."""
    return [_purchase(row) for row in await queries.list_recent(tx, before, limit)]


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
    """What customers paid in ``[since, until)``, in minor units, less what was paid back of it by now."""
    return await queries.sales_between(tx, since, until)


async def paid_by(tx: Tx, customer_ids: Sequence[UUID]) -> list[Paid]:
    """All that these customers paid, in no order; purchases that were taken back are left out."""
    return [Paid(**row) for row in await queries.paid_by(tx, customer_ids)]


async def buyers_after(tx: Tx, customer_id: UUID, limit: int) -> list[UUID]:
    """Customers who ever bought something, in the order of their ids, for walking over all of them."""
    return [row["customer_id"] for row in await queries.buyers_after(tx, customer_id, limit)]


async def _to_record(tx: Tx, new: NewPurchase, now: datetime) -> Purchase:
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


def _to_refund(tx: Tx, purchase: Purchase, slices: Sequence[Refund], new: NewRefund) -> Refund:
    if len(new.lines) > rules.MAX_LINES:
        raise InvalidInput(detail=f"lines: {len(new.lines)} > {rules.MAX_LINES}")
    before = _returned(slices)
    now = rules.returned_quantities(purchase.lines, before, new.lines)
    return Refund(
        id=new_id(),
        purchase_id=purchase.id,
        position=len(slices) + 1,
        amount_minor=rules.refund_amount(purchase, new.amount_minor, before, now),
        lines=tuple(ReturnedItem(line, quantity) for line, quantity in sorted(now.items())),
        reference=new.reference,
        reason=new.reason,
        location_id=new.location_id,
        actor=tx.actor.label,
        refunded_at=clock.now(),
    )


def _refunded_before(purchase: Purchase, slices: Sequence[Refund], told: Refund, new: NewRefund) -> Refunded:
    """The slice that this reference recorded, if the same input would have made it then."""
    earlier = slices[: told.position - 1]
    then = purchase.model_copy(update={"refunded_minor": sum(each.amount_minor for each in earlier)})
    before = _returned(earlier)
    try:
        now = rules.returned_quantities(purchase.lines, before, new.lines)
        amount_minor = rules.refund_amount(then, new.amount_minor, before, now)
    except Refusal:
        raise RefundReferenceReused from None
    lines = tuple(ReturnedItem(line, quantity) for line, quantity in sorted(now.items()))
    same_currency = new.currency in {None, purchase.currency}
    if (amount_minor, lines, same_currency) != (told.amount_minor, told.lines, True):
        raise RefundReferenceReused
    return Refunded(purchase, told, tuple(slices[: told.position]), replayed=True)


def _returned(slices: Sequence[Refund]) -> dict[int, int]:
    """How many items of which line came back."""
    quantities: dict[int, int] = {}
    for item in (item for each in slices for item in each.lines):
        quantities[item.line] = quantities.get(item.line, 0) + item.quantity
    return quantities


def _missing(violation: ForeignKeyViolationError) -> Exception:
    return LocationNotFound() if "location_id" in (violation.constraint_name or "") else CustomerNotFound()


async def _currency(tx: Tx) -> str:
    known = _currencies.get(tx.organization_id)
    if known is None:
        known = _currencies[tx.organization_id] = (await organizations.get_organization(tx)).currency
        if len(_currencies) > _CACHED_TENANTS:
            _currencies.popitem(last=False)
    return known


def _columns(purchase: Purchase) -> tuple[Any, ...]:
    """A purchase as both statements that record it want it."""
    return (
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


async def _tell(tx: Tx, purchase: Purchase) -> None:
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


def _lines_json(purchase: Purchase) -> str:
    return orjson.dumps([line.model_dump(exclude_none=True) for line in purchase.lines]).decode()


def _purchase(row: Any) -> Purchase:
    fields = dict(row)
    fields["paid_with"] = PaidWith.model_construct(
        points_minor=fields.pop("points_minor"), gift_card_minor=fields.pop("gift_card_minor")
    )
    fields["lines"] = [PurchaseLine.model_construct(**line) for line in fields["lines"]]
    return Purchase.model_construct(**fields)


def _refund(row: Any) -> Refund:
    fields = dict(row)
    fields["lines"] = tuple(ReturnedItem(item["line"], item["quantity"]) for item in fields["lines"])
    return Refund(**fields)

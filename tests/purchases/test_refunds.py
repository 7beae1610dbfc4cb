"""Slices of purchases that were paid back: the money alone, on a real database."""

from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.kit.db import Database, Tx
from passerelle.kit.errors import InvalidInput, Refusal
from passerelle.kit.ids import new_id
from passerelle.organizations.errors import LocationNotFound
from passerelle.purchases import personal_data, service
from passerelle.purchases.errors import (
    LineNotInPurchase,
    MoreItemsThanBought,
    NothingLeftToRefund,
    OtherCurrency,
    PurchaseNotFound,
    RefundAboveRest,
    RefundNotPositive,
    RefundReferenceReused,
    VoidedNotRefundable,
)
from passerelle.purchases.schemas import NewPurchase, NewRefund, Purchase, PurchaseLine, PurchaseSpan, ReturnedLine
from tests.conftest import Shop

BASKET = (
    PurchaseLine(name="Espresso", quantity=3, unit_amount_minor=250, sku="esp"),
    PurchaseLine(name="Cake", quantity=1, unit_amount_minor=400, sku="cake"),
    PurchaseLine(name="Cake of the day", quantity=1, unit_amount_minor=400, sku="cake"),
    PurchaseLine(name="Discount", quantity=1, unit_amount_minor=-50),
)


async def _bought(tx: Tx, customer_id: UUID) -> Purchase:
    return await service.record_purchase(tx, NewPurchase(customer_id, 1500, lines=BASKET))


async def test_slices_make_up_the_purchase(tx: Tx, customer_id: UUID) -> None:
    purchase = await _bought(tx, customer_id)
    first = await service.record_refund(tx, purchase.id, NewRefund(500, "EUR", reason="cold"))
    assert (first.purchase.refunded_minor, first.purchase.state, first.refund.position) == (500, "recorded", 1)
    last = await service.record_refund(tx, purchase.id, NewRefund())
    assert (last.refund.amount_minor, last.purchase.refunded_minor, last.purchase.state) == (1000, 1500, "refunded")
    assert await service.get_purchase(tx, purchase.id) == last.purchase
    assert await service.list_refunds(tx, purchase.id) == [first.refund, last.refund]
    with pytest.raises(NothingLeftToRefund):
        await service.record_refund(tx, purchase.id, NewRefund(1))
    with pytest.raises(NothingLeftToRefund):
        await service.void_purchase(tx, purchase.id)


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (NewRefund(1501), RefundAboveRest),
        (NewRefund(0), RefundNotPositive),
        (NewRefund(-1), RefundNotPositive),
        (NewRefund(100, "MAD"), OtherCurrency),
        (NewRefund(100, location_id=new_id()), LocationNotFound),
        (NewRefund(lines=(ReturnedLine(line=0, quantity=4),)), MoreItemsThanBought),
        (
            NewRefund(lines=(ReturnedLine(line=0, quantity=2), ReturnedLine(sku="esp", quantity=2))),
            MoreItemsThanBought,
        ),
        (NewRefund(lines=(ReturnedLine(line=4),)), LineNotInPurchase),
        (NewRefund(lines=(ReturnedLine(line=3),)), LineNotInPurchase),
        (NewRefund(lines=(ReturnedLine(sku="tea"),)), LineNotInPurchase),
        (NewRefund(lines=(ReturnedLine(sku="cake"),)), LineNotInPurchase),
        (NewRefund(lines=(ReturnedLine(line=0),) * 201), InvalidInput),
    ],
)
async def test_what_is_refused(tx: Tx, customer_id: UUID, new: NewRefund, refusal: type[Refusal]) -> None:
    purchase = await _bought(tx, customer_id)
    with pytest.raises(refusal):
        await service.record_refund(tx, purchase.id, new)


async def test_the_refusal_says_what_is_left(tx: Tx, customer_id: UUID) -> None:
    purchase = await _bought(tx, customer_id)
    await service.record_refund(tx, purchase.id, NewRefund(700))
    with pytest.raises(RefundAboveRest) as refusal:
        await service.record_refund(tx, purchase.id, NewRefund(801))
    assert all(
        figure in refusal.value.sentence("fr") for figure in ("8,01\N{NO-BREAK SPACE}€", "8,00\N{NO-BREAK SPACE}€")
    )


async def test_items_come_back_once(tx: Tx, customer_id: UUID) -> None:
    purchase = await _bought(tx, customer_id)
    two = NewRefund(lines=(ReturnedLine(sku="esp", quantity=2),), reference="R-1")
    first = await service.record_refund(tx, purchase.id, two)
    assert first.refund.amount_minor == 484  # 5.00 of 15.50, less its part of the discount
    again = await service.record_refund(tx, purchase.id, two)
    assert (again.refund, again.replayed) == (first.refund, True)
    with pytest.raises(RefundReferenceReused):
        await service.record_refund(tx, purchase.id, NewRefund(484, reference="R-1"))
    with pytest.raises(MoreItemsThanBought) as refusal:
        await service.record_refund(tx, purchase.id, NewRefund(lines=(ReturnedLine(sku="esp", quantity=2),)))
    assert refusal.value.params["left"] == 1


async def test_a_retry_after_all_was_refunded(tx: Tx, customer_id: UUID) -> None:
    purchase = await _bought(tx, customer_id)
    rest = NewRefund(reference="R-1")
    first = await service.record_refund(tx, purchase.id, rest)
    again = await service.record_refund(tx, purchase.id, rest)
    assert (again.refund, again.purchase.state, again.replayed) == (first.refund, "refunded", True)


async def test_a_void_completes_the_rest(tx: Tx, customer_id: UUID) -> None:
    purchase = await _bought(tx, customer_id)
    await service.record_refund(tx, purchase.id, NewRefund(700))
    voided = await service.void_purchase(tx, purchase.id)
    assert (voided.state, voided.refunded_minor) == ("voided", 700)
    with pytest.raises(VoidedNotRefundable):
        await service.record_refund(tx, purchase.id, NewRefund(1))


async def test_sales_are_less_what_was_paid_back(tx: Tx, customer_id: UUID) -> None:
    since = clock.now()
    kept, slashed, returned, voided = [await _bought(tx, customer_id) for _ in range(4)]
    await service.record_refund(tx, slashed.id, NewRefund(700))
    await service.record_refund(tx, returned.id, NewRefund())
    await service.record_refund(tx, voided.id, NewRefund(1))
    await service.void_purchase(tx, voided.id)
    assert await service.sales_between(tx, since, clock.now()) == kept.amount_minor + 800
    [total] = await service.totals(tx, [PurchaseSpan(customer_id, since, clock.now())])
    assert (total.amount_minor, total.purchases) == (kept.amount_minor + 800, 2)


async def test_another_tenant_refunds_nothing(
    database: Database, shop: Shop, other_shop: Shop, customer_id: UUID
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        purchase = await _bought(tx, customer_id)
    async with database.transaction(other_shop.organization_id) as tx:
        for refused in (service.record_refund(tx, purchase.id, NewRefund(1)), service.list_refunds(tx, purchase.id)):
            with pytest.raises(PurchaseNotFound):
                await refused


async def test_erasure_keeps_the_amounts_of_refunds(tx: Tx, customer_id: UUID) -> None:
    purchase = await _bought(tx, customer_id)
    await service.record_refund(tx, purchase.id, NewRefund(700, reference="R-1", reason="Lina did not like it"))
    exported = await personal_data.export(tx, customer_id)
    assert [(each["amount_minor"], each["reason"]) for each in exported["refunds"]] == [(700, "Lina did not like it")]
    await personal_data.erase(tx, customer_id)
    [left] = await service.list_refunds(tx, purchase.id)
    assert (left.amount_minor, left.reference, left.reason) == (700, None, None)

"""Recording and voiding purchases on a real database."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from passerelle.customers.errors import CustomerNotFound
from passerelle.kit import clock
from passerelle.kit.db import Database, Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import LocationNotFound
from passerelle.organizations.schemas import LocationIn
from passerelle.purchases import personal_data, service
from passerelle.purchases.errors import OtherCurrency, PurchaseNotFound, ReferenceReused
from passerelle.purchases.schemas import NewPurchase, PaidWith, PurchaseLine
from tests.conftest import Shop

LAST = UUID(int=(1 << 128) - 1)
BASKET = (PurchaseLine(name="Espresso", quantity=3, unit_amount_minor=250, sku="esp", category="coffee"),)


async def test_a_purchase_is_kept_as_told(tx: Tx, customer_id: UUID) -> None:
    location = await organizations.add_location(tx, LocationIn(name="Agdal"))
    new = NewPurchase(customer_id, 750, "EUR", BASKET, location.id, "till", external_reference="R-1")
    purchase = await service.record_purchase(tx, new)
    assert await service.get_purchase(tx, purchase.id) == purchase
    assert (purchase.state, purchase.currency, purchase.lines, purchase.actor) == (
        "recorded",
        "EUR",
        list(BASKET),
        "system",
    )
    [event] = [event for event in tx.events if event.name == "purchase.recorded"]
    assert event.payload()["amount_minor"] == 750


async def test_tax_and_how_it_was_paid_are_kept(tx: Tx, customer_id: UUID) -> None:
    basket = (
        PurchaseLine(name="Espresso", quantity=3, unit_amount_minor=250, tax_minor=75),
        PurchaseLine(name="Delivery", unit_amount_minor=300, kind="shipping"),
        PurchaseLine(name="Happy hour", unit_amount_minor=-50),
    )
    paid = PaidWith(points_minor=100, gift_card_minor=200)
    new = NewPurchase(customer_id, 1000, lines=basket, paid_with=paid, external_reference="R-1")
    purchase = await service.record_purchase(tx, new)
    assert (purchase.tax_minor, purchase.paid_with) == (75, paid)
    assert await service.get_purchase(tx, purchase.id) == purchase
    assert [line.kind for line in purchase.lines] == ["item", "shipping", "discount"]
    assert (await service.record_purchase(tx, new)).replayed
    with pytest.raises(ReferenceReused):
        await service.record_purchase(tx, NewPurchase(customer_id, 1000, lines=basket, external_reference="R-1"))


async def test_the_first_purchase_is_the_first_that_was_told(tx: Tx, customer_id: UUID) -> None:
    first = await service.record_purchase(tx, NewPurchase(customer_id, 450))
    assert await service.is_first_purchase(tx, first)
    earlier = clock.now() - timedelta(days=2)
    second = await service.record_purchase(tx, NewPurchase(customer_id, 450, occurred_at=earlier))
    assert not await service.is_first_purchase(tx, second)
    assert await service.is_first_purchase(tx, first, first.recorded_at)
    await service.void_purchase(tx, first.id)
    assert await service.is_first_purchase(tx, await service.get_purchase(tx, second.id))


async def test_recording_is_one_statement(tx: Tx, customer_id: UUID) -> None:
    await service.record_purchase(tx, NewPurchase(customer_id, 450))
    statements: list[str] = []
    with tx.raw.query_logger(lambda record: statements.append(record.query)):
        await service.record_purchase(tx, NewPurchase(customer_id, 450, external_reference="R-2"))
        await asyncio.sleep(0)  # the driver tells its statements in the next turn of the loop
    assert len(statements) == 1


async def test_told_again_it_is_the_same_purchase(tx: Tx, customer_id: UUID) -> None:
    new = NewPurchase(customer_id, 750, None, BASKET, None, "till", clock.now(), "R-1")
    first = await service.record_purchase(tx, new)
    again = await service.record_purchase(tx, new)
    assert (again.id, first.replayed, again.replayed) == (first.id, False, True)
    with pytest.raises(ReferenceReused):
        await service.record_purchase(tx, NewPurchase(customer_id, 751, channel="till", external_reference="R-1"))
    elsewhere = await service.record_purchase(tx, NewPurchase(customer_id, 751, external_reference="R-1"))
    assert elsewhere.id != first.id, "another channel counts its own receipts"


async def test_two_at_once_under_one_reference_are_one_purchase(
    database: Database, shop: Shop, customer_id: UUID
) -> None:
    async def record() -> tuple[UUID, bool]:
        async with database.transaction(shop.organization_id) as tx:
            purchase = await service.record_purchase(
                tx, NewPurchase(customer_id, 450, channel="till", external_reference="R-9")
            )
            return purchase.id, purchase.replayed

    told = await asyncio.gather(*(record() for _ in range(6)))
    assert len({purchase_id for purchase_id, _ in told}) == 1
    assert sorted(replayed for _, replayed in told) == [False, True, True, True, True, True]


async def test_voiding_twice_is_harmless(tx: Tx, customer_id: UUID) -> None:
    purchase = await service.record_purchase(tx, NewPurchase(customer_id, 450))
    voided = await service.void_purchase(tx, purchase.id)
    assert voided.state == "voided"
    assert await service.void_purchase(tx, purchase.id) == voided
    assert [event.name for event in tx.events].count("purchase.voided") == 1
    with pytest.raises(PurchaseNotFound):
        await service.void_purchase(tx, new_id())


async def test_strangers_are_refused(tx: Tx, customer_id: UUID) -> None:
    with pytest.raises(OtherCurrency):
        await service.record_purchase(tx, NewPurchase(customer_id, 450, "MAD"))
    with pytest.raises(InvalidInput):
        await service.record_purchase(tx, NewPurchase(customer_id, 450, lines=BASKET * 201))
    naive = clock.now().replace(tzinfo=None)
    with pytest.raises(InvalidInput):
        await service.record_purchase(tx, NewPurchase(customer_id, 450, occurred_at=naive))


async def test_a_customer_who_is_not_there(tx: Tx) -> None:
    with pytest.raises(CustomerNotFound):
        await service.record_purchase(tx, NewPurchase(new_id(), 450))


async def test_a_location_who_is_not_there(tx: Tx, customer_id: UUID) -> None:
    with pytest.raises(LocationNotFound):
        await service.record_purchase(tx, NewPurchase(customer_id, 450, location_id=new_id()))


async def test_another_tenant_sees_nothing(
    database: Database, shop: Shop, other_shop: Shop, customer_id: UUID
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        purchase = await service.record_purchase(tx, NewPurchase(customer_id, 450))
    async with database.transaction(other_shop.organization_id) as tx:
        with pytest.raises(CustomerNotFound):
            await service.list_purchases(tx, customer_id, LAST, 10)
        with pytest.raises(CustomerNotFound):
            await service.checked_purchase(tx, NewPurchase(customer_id, 450))
        with pytest.raises(PurchaseNotFound):
            await service.void_purchase(tx, purchase.id)
        with pytest.raises(CustomerNotFound):
            await service.record_purchase(tx, NewPurchase(customer_id, 450))


async def test_pages_go_back_in_time(tx: Tx, customer_id: UUID) -> None:
    made = [
        await service.record_purchase(
            tx, NewPurchase(customer_id, amount, occurred_at=clock.now() - timedelta(days=2))
        )
        for amount in (100, 200, 300)
    ]
    first = await service.list_purchases(tx, customer_id, LAST, 2)
    rest = await service.list_purchases(tx, customer_id, first[-1].id, 2)
    assert [one.id for one in [*first, *rest]] == [one.id for one in reversed(made)]


async def test_erasure_keeps_the_amounts_alone(tx: Tx, customer_id: UUID) -> None:
    new = NewPurchase(customer_id, 750, lines=BASKET, external_reference="R-1")
    purchase = await service.record_purchase(tx, new)
    exported = await personal_data.export(tx, customer_id)
    assert exported["purchases"][0]["lines"][0]["name"] == "Espresso"
    await personal_data.erase(tx, customer_id)
    left = await service.get_purchase(tx, purchase.id)
    assert (left.amount_minor, left.external_reference) == (750, None)
    assert left.lines == [BASKET[0].model_copy(update={"name": ""})]

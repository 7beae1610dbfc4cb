"""Purchases over HTTP."""

from uuid import UUID

import httpx

from passerelle.kit.db import Database
from passerelle.kit.ids import encode
from passerelle.purchases import service
from passerelle.purchases.schemas import NewPurchase, PaidWith, PurchaseLine
from tests.conftest import Shop


async def test_a_purchase_is_shown_with_its_lines(
    client: httpx.AsyncClient, database: Database, shop: Shop, other_shop: Shop, customer_id: UUID
) -> None:
    line = PurchaseLine(name="Espresso", quantity=2, unit_amount_minor=225, tax_minor=41)
    paid = PaidWith(points_minor=50)
    async with database.transaction(shop.organization_id) as tx:
        purchase = await service.record_purchase(tx, NewPurchase(customer_id, 450, lines=(line,), paid_with=paid))
    address = f"/api/v1/purchases/{encode('pur', purchase.id)}"
    shown = (await client.get(address)).json()
    assert (shown["amount_minor"], shown["currency"], shown["lines"][0]["quantity"]) == (450, "EUR", 2)
    assert (shown["tax_minor"], shown["paid_with"]) == (41, {"points_minor": 50, "gift_card_minor": 0})
    assert (shown["lines"][0]["kind"], shown["lines"][0]["tax_minor"]) == ("item", 41)
    assert "replayed" not in shown
    listed = (await client.get(f"/api/v1/customers/{encode('cus', customer_id)}/purchases?limit=1")).json()
    assert [item["id"] for item in listed["items"]] == [shown["id"]]
    foreign = await client.get(address, headers=other_shop.headers)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "purchase_not_found")
    assert (await client.get("/api/v1/purchases/cus_1")).status_code == 422


async def test_purchases_of_another_shops_customer_are_not_found(
    client: httpx.AsyncClient, other_shop: Shop, customer_id: UUID
) -> None:
    address = f"/api/v1/customers/{encode('cus', customer_id)}/purchases"
    assert (await client.get(address)).json()["items"] == []
    foreign = await client.get(address, headers=other_shop.headers)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "customer_not_found")

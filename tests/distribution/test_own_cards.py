"""A card of one's own: made once, with a link that leads to it; for people, not for programs."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from passerelle.entry.api import create_app
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from tests.conftest import PASSWORD, Shop


@pytest_asyncio.fixture
async def owner(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """The owner, signed in with a browser."""
    transport = httpx.ASGITransport(create_app(database, settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as browser:
        signed_in = await browser.post("/api/v1/sessions", json={"email": shop.email, "password": PASSWORD})
        assert signed_in.status_code == 204
        yield browser


async def test_an_operator_gets_one_card_and_fresh_links(owner: httpx.AsyncClient) -> None:
    program = (await owner.post("/api/v1/programs", json={"name": "Club", "kind": "points"})).json()
    path = f"/api/v1/programs/{program['id']}/own-card"
    first, again = [(await owner.post(path)).json() for _ in range(2)]
    assert first["pass_id"] == again["pass_id"]
    assert first["url"] != again["url"]
    assert first["apple_url"] == f"{first['url']}.pkpass"
    assert "<svg" in first["qr_svg"]
    assert (await owner.get(first["url"])).status_code == 200
    members = (await owner.get(f"/api/v1/programs/{program['id']}/members")).json()["items"]
    customer = (await owner.get(f"/api/v1/customers/{members[0]['customer_id']}")).json()
    assert (len(members), customer["first_name"]) == (1, "Ada")


async def test_a_program_that_does_not_run_gives_none(owner: httpx.AsyncClient) -> None:
    draft = (await owner.post("/api/v1/programs", json={"name": "Club", "kind": "points", "state": "draft"})).json()
    refused = await owner.post(f"/api/v1/programs/{draft['id']}/own-card")
    assert refused.json()["code"] == "program_not_running"
    assert (await owner.get("/api/v1/customers")).json()["items"] == []


COUPON = {"name": "Bienvenue", "terms": {"effect": {"type": "percent_off", "basis_points": 1000}}}
GIFT_CARD = {"name": "Cadeau", "amounts": {"amounts_minor": [5000, 2000, 10_000]}}


async def test_an_operator_gets_one_coupon_until_it_is_used(owner: httpx.AsyncClient) -> None:
    campaign = (await owner.post("/api/v1/coupon-campaigns", json=COUPON)).json()
    path = f"/api/v1/coupon-campaigns/{campaign['id']}/own-card"
    first, again = [(await owner.post(path)).json() for _ in range(2)]
    assert first["pass_id"] == again["pass_id"]
    assert first["url"] != again["url"]
    assert (await owner.get(first["url"])).status_code == 200
    [held] = (await owner.get(f"/api/v1/customers/{first['card']['customer_id']}/coupons")).json()["items"]
    used = await owner.post(f"/api/v1/coupons/{held['code']}/redeem", json={"amount_minor": 1000})
    assert used.status_code == 201
    assert (await owner.post(path)).json()["pass_id"] != first["pass_id"]


async def test_an_operator_gets_one_gift_card_with_the_smallest_amount(owner: httpx.AsyncClient) -> None:
    product = (await owner.post("/api/v1/gift-card-products", json=GIFT_CARD)).json()
    path = f"/api/v1/gift-card-products/{product['id']}/own-card"
    first, again = await asyncio.gather(*(owner.post(path) for _ in range(2)))
    card = first.json()["card"]
    assert first.json()["pass_id"] == again.json()["pass_id"]
    sold = (await owner.get(f"/api/v1/gift-cards/{card['gift_card_id']}")).json()
    assert (sold["balance_minor"], sold["state"], sold["customer_id"]) == (2000, "ACTIVE", card["customer_id"])
    act = {"type": "REDEEM", "amount_minor": 2000}
    assert (await owner.post(f"/api/v1/gift-cards/{sold['id']}/activities", json=act)).is_success
    assert (await owner.post(path)).json()["card"]["gift_card_id"] != sold["id"]


async def test_what_is_offered_no_more_gives_none(owner: httpx.AsyncClient) -> None:
    product = (await owner.post("/api/v1/gift-card-products", json=GIFT_CARD | {"active": False})).json()
    refused = await owner.post(f"/api/v1/gift-card-products/{product['id']}/own-card")
    assert refused.json()["code"] == "gift_card_product_not_offered"
    campaign = (await owner.post("/api/v1/coupon-campaigns", json=COUPON)).json()
    await owner.patch(f"/api/v1/coupon-campaigns/{campaign['id']}", json={"state": "ended"})
    refused = await owner.post(f"/api/v1/coupon-campaigns/{campaign['id']}/own-card")
    assert refused.json()["code"] == "coupon_expired"
    assert (await owner.get("/api/v1/customers")).json()["items"] == []


async def test_a_key_has_no_phone(client: httpx.AsyncClient) -> None:
    program = (await client.post("/api/v1/programs", json={"name": "Club", "kind": "points"})).json()
    refused = await client.post(f"/api/v1/programs/{program['id']}/own-card")
    assert (refused.status_code, refused.json()["code"]) == (403, "operators_only")


async def test_an_operator_gets_one_ticket_until_it_is_used(owner: httpx.AsyncClient) -> None:
    planned = {"name": "Opening night", "venue_name": "Hall", "starts_at": clock.now().isoformat(), "capacity": 2}
    event = (await owner.post("/api/v1/ticketed-events", json=planned)).json()
    path = f"/api/v1/ticketed-events/{event['id']}/own-card"
    first, again = await asyncio.gather(*(owner.post(path) for _ in range(2)))
    assert first.json()["pass_id"] == again.json()["pass_id"]
    ticket_id = first.json()["card"]["ticket_id"]
    [held] = (await owner.get("/api/v1/tickets", params={"event_id": event["id"]})).json()["items"]
    assert (held["id"], held["customer_id"]) == (ticket_id, first.json()["card"]["customer_id"])
    assert (await owner.post(f"/api/v1/tickets/{ticket_id}/cancel")).json()["state"] == "cancelled"
    assert (await owner.post(path)).json()["pass_id"] != first.json()["pass_id"]
    await owner.post(f"/api/v1/ticketed-events/{event['id']}/cancel")
    assert (await owner.post(path)).json()["code"] == "event_cancelled"

"""Gift cards at the counter: told apart, paid with, taken back."""

from typing import Any

import httpx
import pytest_asyncio

Json = dict[str, Any]
_SCANS = "/api/v1/scans"


async def post(client: httpx.AsyncClient, path: str, body: Json, **headers: str) -> Json:
    """A write that must succeed."""
    answer = await client.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


@pytest_asyncio.fixture
async def product(client: httpx.AsyncClient) -> str:
    offer = {"name": "Gift card", "amounts": {"minimum_minor": 1, "maximum_minor": 50_000}}
    return str((await post(client, "/api/v1/gift-card-products", offer))["id"])


async def till(client: httpx.AsyncClient, name: str) -> dict[str, str]:
    """A cashier's key."""
    key = await post(client, "/api/v1/api-keys", {"name": name, "scopes": ["scans:write", "giftcards:redeem"]})
    return {"Authorization": f"Bearer {key['api_key']}"}


async def test_a_scan_tells_a_gift_card_from_a_card(client: httpx.AsyncClient, product: str) -> None:
    card = await post(client, "/api/v1/gift-cards", {"product_id": product, "amount_minor": 3_000, "pin": "4711"})
    seen = await post(client, _SCANS, {"code": f" {card['code'].lower()} "})
    assert (seen["kind"], seen["balance_minor"], seen["available_minor"]) == ("gift_card", 3_000, 3_000)
    assert (seen["pin_required"], seen["may"]) == (True, ["redeem", "hold"])
    unknown = await client.post(_SCANS, json={"code": "no-such-code"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "card_unknown")


async def test_a_cashier_takes_a_payment_and_takes_it_back(client: httpx.AsyncClient, product: str) -> None:
    card = await post(client, "/api/v1/gift-cards", {"product_id": product, "amount_minor": 3_000, "pin": "4711"})
    one, other = await till(client, "one"), await till(client, "other")
    place, pay = f"{_SCANS}/gift-cards/redeem", {"code": card["code"], "amount_minor": 5_000, "reference": "1042"}
    refused = await client.post(place, json=pay | {"pin": "4711"}, headers=one)
    assert (refused.status_code, refused.json()["params"]["available"]) == (409, "30.00 EUR")
    for wrong in ({}, {"pin": "1234"}):
        answer = await client.post(place, json=pay | wrong | {"allow_partial": True}, headers=one)
        assert answer.status_code == 403
    partial = pay | {"pin": "4711", "allow_partial": True}
    paid = await post(client, place, partial, **one)
    assert (paid["amount_minor"], paid["still_to_pay_minor"], paid["balance_minor"]) == (-3_000, 2_000, 0)
    assert await post(client, place, partial, **one) == paid
    undo = f"{_SCANS}/gift-cards/redemptions/{paid['id']}/undo"
    refused = await client.post(undo, headers=other)
    assert (refused.status_code, refused.json()["code"]) == (403, "undo_not_yours")
    undone = await post(client, undo, {}, **one)
    assert (undone["activity"]["amount_minor"], undone["balance_minor"]) == (3_000, 3_000)
    again = await post(client, undo, {}, **one)
    assert (again["activity"], again["balance_minor"]) == (None, 3_000)


async def test_a_blocked_card_offers_nothing(client: httpx.AsyncClient, product: str) -> None:
    card = await post(client, "/api/v1/gift-cards", {"product_id": product, "amount_minor": 3_000})
    await post(client, f"/api/v1/gift-cards/{card['id']}/activities", {"type": "BLOCK", "reason": "lost"})
    seen = await post(client, _SCANS, {"code": card["code"]})
    assert (seen["state"], seen["may"]) == ("BLOCKED", [])
    body = {"code": card["code"], "amount_minor": 1}
    answer = await client.post(f"{_SCANS}/gift-cards/redeem", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "gift_card_state_refused")


async def test_a_payment_with_a_gift_card_earns_nothing(client: httpx.AsyncClient, product: str) -> None:
    """Neither sale nor payment is a purchase: no program hears of them."""
    await post(client, "/api/v1/programs", {"name": "Club", "kind": "points"})
    card = await post(client, "/api/v1/gift-cards", {"product_id": product, "amount_minor": 3_000})
    await post(client, f"{_SCANS}/gift-cards/redeem", {"code": card["code"], "amount_minor": 1_000})
    names = [event["name"] for event in (await client.get("/api/v1/events")).json()["items"]]
    assert "gift_card.redeemed" in names
    assert "purchase.recorded" not in names


async def test_scanning_gift_cards_is_no_guessing_of_coupons(client: httpx.AsyncClient, product: str) -> None:
    """A gift card is looked for among coupons first, and that must not count against the cashier."""
    card = await post(client, "/api/v1/gift-cards", {"product_id": product, "amount_minor": 3_000})
    for _ in range(25):
        seen = await post(client, _SCANS, {"code": card["code"]})
    assert seen["kind"] == "gift_card"

"""Rewards and payments with units at the counter, over HTTP."""

from typing import Any

import httpx
import pytest_asyncio

Json = dict[str, Any]


async def post(client: httpx.AsyncClient, path: str, body: Json, **headers: str) -> Json:
    """A write that must succeed."""
    answer = await client.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


@pytest_asyncio.fixture
async def card(client: httpx.AsyncClient) -> Json:
    """A card with 1000 points, of which 100 are worth 1.00, and a coffee for 200."""
    made = await post(client, "/api/v1/programs", {"name": "Points", "kind": "points"})
    terms = {"payment": {"value": {"units": 100, "amount_minor": 100}, "step": 50, "basket_percent": 50}}
    await client.put(f"/api/v1/programs/{made['id']}/spending/points", json=terms)
    reward = await post(client, "/api/v1/rewards", {"program_id": made["id"], "name": "Coffee", "price": 200})
    return await _join(client, made["id"], "+33612345678") | {"reward_id": reward["id"]}


async def _join(client: httpx.AsyncClient, program: str, phone: str) -> Json:
    customer = await post(client, "/api/v1/customers", {"first_name": "Lina", "phone": phone})
    member = await post(client, f"/api/v1/programs/{program}/members", {"customer_id": customer["id"]})
    adjustment = {"amount": 1000, "reason": "welcome"}
    await post(client, f"/api/v1/members/{member['id']}/adjustments", adjustment)
    return await post(client, "/api/v1/passes", {"membership_id": member["id"]}) | {
        "member": member["id"],
        "program": program,
    }


async def _till(client: httpx.AsyncClient, name: str) -> dict[str, str]:
    key = await post(client, "/api/v1/api-keys", {"name": name, "scopes": ["scans:write", "rewards:redeem"]})
    return {"Authorization": f"Bearer {key['api_key']}"}


async def test_a_scan_lists_what_waits_to_be_redeemed(client: httpx.AsyncClient, card: Json) -> None:
    till = await _till(client, "one")
    gift = {"reward_id": card["reward_id"], "reason": "waited long"}
    given = await post(client, f"/api/v1/members/{card['member']}/gifts", gift)
    seen = await post(client, "/api/v1/scans", {"code": card["code"]}, **till)
    assert seen["may"] == ["purchase", "redeem", "pay", "undo"]
    assert [(each["id"], each["state"], each["source"]) for each in seen["issued_rewards"]] == [
        (given["id"], "issued", "manual")
    ]
    assert (seen["rewards"][0]["ready_count"], seen["rewards"][0]["issued_count"]) == (5, 1)
    body = {"code": card["code"], "issued_reward_id": given["id"]}
    redeemed = await post(client, "/api/v1/scans/redemptions", body, **till)
    assert (redeemed["state"], redeemed["price"], redeemed["balances"][0]["active"]) == ("redeemed", 0, 1000)
    refused = await client.post("/api/v1/scans/redemptions", json=body, headers=till)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_redeemed")
    undone = await post(client, f"/api/v1/scans/redemptions/{given['id']}/undo", {}, **till)
    assert undone["state"] == "issued"


async def test_a_reward_of_another_card_is_refused(client: httpx.AsyncClient, card: Json) -> None:
    other = await _join(client, card["program"], "+33612345679")
    address = f"/api/v1/members/{card['member']}/issued-rewards"
    taken = await post(client, address, {"reward_id": card["reward_id"]})
    body = {"code": other["code"], "issued_reward_id": taken["id"]}
    refused = await client.post("/api/v1/scans/redemptions", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_this_card")
    both = body | {"reward_id": card["reward_id"]}
    assert (await client.post("/api/v1/scans/redemptions", json=both)).status_code == 422


async def test_a_hold_is_completed_at_the_till(client: httpx.AsyncClient, card: Json) -> None:
    till = await _till(client, "one")
    held = await post(client, f"/api/v1/members/{card['member']}/holds", {"reward_id": card["reward_id"]})
    seen = await post(client, "/api/v1/scans", {"code": card["code"]}, **till)
    assert [each["state"] for each in seen["issued_rewards"]] == ["held"]
    redeemed = await post(client, "/api/v1/scans/holds/redeem", {"code": held["code"].upper()}, **till)
    assert (redeemed["id"], redeemed["balances"][0]["active"]) == (held["id"], 800)
    twice = await client.post("/api/v1/scans/holds/redeem", json={"code": held["code"]}, headers=till)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_redeemed")
    for guess in ("zzzzzzzz", "é\u202e", "x" * 40):
        unknown = await client.post("/api/v1/scans/holds/redeem", json={"code": guess}, headers=till)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "hold_not_found")


async def test_the_basket_tells_the_discount(client: httpx.AsyncClient, card: Json) -> None:
    told = {"program_id": card["program"], "name": "A fifth off", "price": 100}
    reward = await post(client, "/api/v1/rewards", told | {"benefit": {"type": "percent_off", "percent": 20}})
    body = {"code": card["code"], "reward_id": reward["id"], "basket": {"amount_minor": 1999}}
    given = await post(client, "/api/v1/scans/redemptions", body)
    assert (given["discount_minor"], given["balances"][0]["active"]) == (399, 900)


async def test_points_pay_and_come_back_with_the_purchase(client: httpx.AsyncClient, card: Json) -> None:
    till, other = await _till(client, "one"), await _till(client, "other")
    bill = {"code": card["code"], "amount_minor": 2000}
    quote = await post(client, "/api/v1/scans/payments/quote", bill, **till)
    assert (quote["maximum"], quote["bound"], quote["available"]) == (1000, "balance", 1000)
    paid = await post(client, "/api/v1/scans/payments", bill | {"units": 350}, **till)
    assert (paid["discount_minor"], paid["balances"][0]["active"]) == (350, 650)
    buying = bill | {"payment_ids": [paid["id"]], "external_reference": "1042"}
    booked = await post(client, "/api/v1/scans/purchases", buying, **till)
    assert await post(client, "/api/v1/scans/purchases", buying, **till) == booked
    unknown = buying | {"external_reference": "1043"}
    refused = await client.post("/api/v1/scans/purchases", json=unknown, headers=till)
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_not_open")
    not_yours = await client.post(f"/api/v1/scans/payments/{paid['id']}/undo", headers=other)
    assert (not_yours.status_code, not_yours.json()["code"]) == (403, "undo_not_yours")
    purchase = booked["purchase"]["id"]
    undone = await post(client, f"/api/v1/scans/purchases/{purchase}/undo", {}, **till)
    [balances] = undone["balances"].values()
    assert balances[0]["active"] == 1000
    again = await post(client, f"/api/v1/scans/payments/{paid['id']}/undo", {}, **till)
    assert again["state"] == "undone"

"""The counter over HTTP: who, what, booked once, taken back."""

from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.conftest import Shop

Json = dict[str, Any]


async def post(client: httpx.AsyncClient, path: str, body: Json, **headers: str) -> Json:
    """A write that must succeed."""
    answer = await client.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


@pytest_asyncio.fixture
async def card(client: httpx.AsyncClient) -> Json:
    """A stamp card with a free coffee at three stamps."""
    program = {"name": "Club", "kind": "stamps", "goal": 3, "reward_name": "Free coffee"}
    made = await post(client, "/api/v1/programs", program)
    customer = await post(client, "/api/v1/customers", {"first_name": "Lina", "phone": "+33612345678"})
    member = await post(client, f"/api/v1/programs/{made['id']}/members", {"customer_id": customer["id"]})
    return await post(client, "/api/v1/passes", {"membership_id": member["id"]})


async def buy(client: httpx.AsyncClient, card: Json, **headers: str) -> Json:
    """A coffee."""
    return await post(client, "/api/v1/scans/purchases", {"code": card["code"], "amount_minor": 450}, **headers)


async def stamps(client: httpx.AsyncClient, card: Json) -> int:
    """How many stamps the card has."""
    return int((await post(client, "/api/v1/scans", {"code": card["code"]}))["balances"][0]["active"])


async def till(client: httpx.AsyncClient, name: str) -> dict[str, str]:
    """A cashier's key."""
    scopes = ["scans:write", "rewards:redeem"]
    key = await post(client, "/api/v1/api-keys", {"name": name, "scopes": scopes})
    return {"Authorization": f"Bearer {key['api_key']}"}


async def test_a_scan_tells_who_and_what(client: httpx.AsyncClient, card: Json) -> None:
    seen = await post(client, "/api/v1/scans", {"code": f" {card['code'][:8].upper()}-{card['code'][8:]} "})
    assert seen["customer"]["first_name"] == "Lina"
    assert seen["may"] == ["purchase", "undo"]
    assert (seen["rewards"][0]["ready_count"], seen["rewards"][0]["missing"]) == (0, 3)


async def test_a_purchase_with_the_same_key_books_once(client: httpx.AsyncClient, card: Json) -> None:
    first = await buy(client, card, **{"Idempotency-Key": "a"})
    assert await buy(client, card, **{"Idempotency-Key": "a"}) == first
    assert await stamps(client, card) == 1


async def test_undo_by_the_cashier_who_did_it(client: httpx.AsyncClient, card: Json) -> None:
    one, other = await till(client, "one"), await till(client, "other")
    purchase = (await buy(client, card, **one))["purchase"]["id"]
    refused = await client.post(f"/api/v1/scans/purchases/{purchase}/undo", headers=other)
    assert (refused.status_code, refused.json()["code"]) == (403, "undo_not_yours")
    undone = await post(client, f"/api/v1/scans/purchases/{purchase}/undo", {}, **one)
    assert undone["purchase"]["state"] == "voided"
    assert await stamps(client, card) == 0


async def test_a_visit_and_its_undo(client: httpx.AsyncClient, card: Json) -> None:
    visit = await post(client, "/api/v1/scans/visits", {"code": card["code"], "units": 2})
    assert await stamps(client, card) == 2
    await post(client, "/api/v1/scans/visits/undo", {"reference": visit["reference"]})
    assert await stamps(client, card) == 0
    again = await post(client, "/api/v1/scans/visits/undo", {"reference": visit["reference"]})
    assert again == {"balances": {}}
    unknown = await client.post("/api/v1/scans/visits/undo", json={"reference": "scan:x"})
    assert unknown.json()["code"] == "visit_unknown"


async def test_redeem_and_undo(client: httpx.AsyncClient, card: Json) -> None:
    for _ in range(4):
        reward = (await buy(client, card))["rewards"][0]["reward_id"]
    given = await post(client, "/api/v1/scans/redemptions", {"code": card["code"], "reward_id": reward})
    assert given["balances"][0]["active"] == 1
    undone = await post(client, f"/api/v1/scans/redemptions/{given['id']}/undo", {})
    assert (undone["state"], undone["balances"][0]["active"]) == ("undone", 4)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"code": "garbage"}, 404, "card_unknown"),
        ({"code": "😀\u202e"}, 404, "card_unknown"),
        ({"amount_minor": 0}, 422, "amount_not_positive"),
        ({"amount_minor": -450}, 422, "amount_not_positive"),
        ({"amount_minor": 100_000_000}, 422, "amount_above_limit"),
        ({"amount_minor": 4.5}, 422, "invalid_request"),
        ({"amount_minor": 10**30}, 422, "invalid_request"),
        ({"currency": "USD"}, 422, "other_currency"),
        ({"currency": "€"}, 422, "invalid_request"),
        ({"lines": [{"name": "Coffee", "unit_amount_minor": 1}]}, 422, "lines_do_not_add_up"),
        ({"tip": 1}, 422, "invalid_request"),
    ],
)
async def test_what_is_refused_books_nothing(
    client: httpx.AsyncClient, card: Json, change: Json, status: int, code: str
) -> None:
    body = {"code": card["code"], "amount_minor": 450} | change
    answer = await client.post("/api/v1/scans/purchases", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await stamps(client, card) == 0


async def test_a_foreign_card_looks_like_garbage(client: httpx.AsyncClient, card: Json, other_shop: Shop) -> None:
    foreign = await client.post("/api/v1/scans", json={"code": card["code"]}, headers=other_shop.headers)
    garbage = await client.post("/api/v1/scans", json={"code": "garbage"}, headers=other_shop.headers)
    assert foreign.json() == garbage.json()
    assert foreign.status_code == 404


async def test_a_refund_at_the_till(client: httpx.AsyncClient, card: Json) -> None:
    body = {"code": card["code"], "amount_minor": 450, "external_reference": "1042"}
    purchase = (await post(client, "/api/v1/scans/purchases", body))["purchase"]["id"]
    slice_of_it = {"external_reference": "1042", "amount_minor": 200, "reference": "C-1", "code": card["code"]}
    first = await post(client, "/api/v1/scans/refunds", slice_of_it)
    assert (first["amount_minor"], first["purchase"]["state"], first["units"]) == (200, "recorded", [])
    assert await post(client, "/api/v1/scans/refunds", slice_of_it) == first
    reused = await client.post("/api/v1/scans/refunds", json=slice_of_it | {"amount_minor": 201})
    assert (reused.status_code, reused.json()["code"]) == (409, "refund_reference_reused")
    last = await post(client, f"/api/v1/purchases/{purchase}/refunds", {"reason": "cold"})
    assert (last["amount_minor"], last["purchase"]["state"]) == (250, "refunded")
    [units] = last["units"]
    assert (units["due"], units["taken"], units["missing"]) == (1, 1, 0)
    assert [balance["active"] for [balance] in last["balances"].values()] == [0]
    listed = (await client.get(f"/api/v1/purchases/{purchase}/refunds")).json()["items"]
    assert [(each["position"], each["amount_minor"], each["reason"]) for each in listed] == [
        (1, 200, None),
        (2, 250, "cold"),
    ]
    undo = await client.post(f"/api/v1/scans/purchases/{purchase}/undo")
    assert (undo.status_code, undo.json()["code"]) == (409, "nothing_left_to_refund")


async def test_a_refund_of_an_order_with_a_redeemed_reward(client: httpx.AsyncClient, card: Json) -> None:
    for _ in range(3):
        bought = await buy(client, card)
    body = {"reward_id": bought["rewards"][0]["reward_id"], "code": card["code"]}
    given = await post(
        client, "/api/v1/scans/redemptions", body | {"purchase_id": bought["purchase"]["id"], "reference": "R"}
    )
    assert await stamps(client, card) == 0
    await post(client, "/api/v1/scans/refunds", {"purchase_id": bought["purchase"]["id"]})
    assert await stamps(client, card) == 2
    undone = await post(client, f"/api/v1/scans/redemptions/{given['id']}/undo", {})
    assert (undone["state"], await stamps(client, card)) == ("undone", 2)
    gone = await client.post(
        "/api/v1/scans/redemptions", json=body | {"purchase_id": bought["purchase"]["id"], "reference": "S"}
    )
    assert (gone.status_code, gone.json()["code"]) == (409, "purchase_not_open")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"amount_minor": 451}, 409, "refund_above_rest"),
        ({"amount_minor": 0}, 422, "refund_not_positive"),
        ({"amount_minor": -1}, 422, "refund_not_positive"),
        ({"currency": "MAD"}, 422, "other_currency"),
        ({"lines": [{"line": 0}]}, 422, "line_not_in_purchase"),
        ({"lines": [{"quantity": 1}]}, 422, "invalid_request"),
        ({"external_reference": "1"}, 422, "invalid_request"),
        ({"code": "garbage"}, 404, "card_unknown"),
        ({"forgive": True}, 422, "invalid_request"),
    ],
)
async def test_refunds_that_are_refused(
    client: httpx.AsyncClient, card: Json, change: Json, status: int, code: str
) -> None:
    purchase = (await buy(client, card))["purchase"]["id"]
    answer = await client.post("/api/v1/scans/refunds", json={"purchase_id": purchase} | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get(f"/api/v1/purchases/{purchase}")).json()["refunded_minor"] == 0


async def test_a_refund_needs_the_card_of_the_buyer(client: httpx.AsyncClient, card: Json, other_shop: Shop) -> None:
    purchase = (await buy(client, card))["purchase"]["id"]
    member = await post(client, "/api/v1/customers", {"first_name": "Omar"})
    program = (await client.get("/api/v1/programs")).json()["items"][0]["id"]
    stranger = await post(client, f"/api/v1/programs/{program}/members", {"customer_id": member["id"]})
    other = await post(client, "/api/v1/passes", {"membership_id": stranger["id"]})
    refused = await client.post("/api/v1/scans/refunds", json={"purchase_id": purchase, "code": other["code"]})
    assert (refused.status_code, refused.json()["code"]) == (404, "purchase_not_found")
    foreign = await client.post(f"/api/v1/purchases/{purchase}/refunds", json={}, headers=other_shop.headers)
    assert foreign.json()["code"] == "purchase_not_found"


async def test_letting_go_and_voiding_are_for_managers(client: httpx.AsyncClient, card: Json) -> None:
    for _ in range(3):
        bought = await buy(client, card)
    reward = {"code": card["code"], "reward_id": bought["rewards"][0]["reward_id"]}
    await post(client, "/api/v1/scans/redemptions", reward)
    purchase = f"/api/v1/purchases/{bought['purchase']['id']}"
    refused = await client.post(f"{purchase}/refunds", json={})
    assert (refused.status_code, refused.json()["code"], refused.json()["params"]["missing"]) == (
        409,
        "spent_meanwhile",
        "1",
    )
    cashier = await till(client, "one")
    for path, body in (("refunds", {"forgive_missing": True}), ("void", {})):
        answer = await client.post(f"{purchase}/{path}", json=body, headers=cashier)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    voided = await post(client, f"{purchase}/void", {"reason": "fraud", "forgive_missing": True})
    assert voided["purchase"]["state"] == "voided"
    assert await stamps(client, card) == 0


async def test_the_answer_to_a_purchase_tells_the_tier_it_reached(client: httpx.AsyncClient, card: Json) -> None:
    seen = await post(client, "/api/v1/scans", {"code": card["code"]})
    assert seen["tiers"] == []
    gift = await post(client, "/api/v1/rewards", {"program_id": seen["program_id"], "name": "Mug", "price": None})
    tiers = [{"name": "Silver", "threshold": 450, "entry_reward_id": gift["id"]}, {"name": "Gold", "threshold": 1000}]
    ladder = {"program_id": seen["program_id"], "name": "Status", "basis": "spend", "tiers": tiers}
    await post(client, "/api/v1/tier-sets", ladder)
    booked = await buy(client, card)
    [reached] = booked["tiers"]
    assert (reached["tier"]["name"], reached["amount"], reached["next_tier"]["missing"]) == ("Silver", 450, 550)
    await post(client, f"/api/v1/scans/purchases/{booked['purchase']['id']}/undo", {})
    after = await post(client, "/api/v1/scans", {"code": card["code"]})
    assert [(one["tier"]["name"], one["amount"]) for one in after["tiers"]] == [("Silver", 0)]
    assert [one["name"] for one in after["issued_rewards"]] == ["Mug"]


async def coupon(client: httpx.AsyncClient, **terms: Any) -> Json:
    """A campaign with the code FIVEOFF."""
    effect = {"type": "amount_off", "amount_minor": 500}
    body = {"name": "Five off", "names": {"fr": "Cinq euros"}, "terms": {"effect": effect} | terms}
    campaign = await post(client, "/api/v1/coupon-campaigns", body)
    await post(client, f"/api/v1/coupon-campaigns/{campaign['id']}/codes/import", {"codes": ["FIVEOFF"]})
    return campaign


async def test_a_coupon_is_scanned_redeemed_and_taken_back(client: httpx.AsyncClient, card: Json) -> None:
    campaign = await coupon(client, conditions={"minimum_basket_minor": 1_000, "channels": ["till"]})
    cashier = await till(client, "one")
    seen = await post(client, "/api/v1/scans", {"code": "five-off"}, **cashier, **{"Accept-Language": "fr"})
    assert (seen["kind"], seen["name"], seen["state"], seen["may"]) == ("coupon", "Cinq euros", "active", ["redeem"])
    assert (seen["effect"]["amount_minor"], seen["minimum_basket_minor"], seen["uses_left"]) == (500, 1_000, 1)
    assert (await post(client, "/api/v1/scans", {"code": card["code"]}))["kind"] == "card"
    body = {"code": "FIVEOFF", "amount_minor": 1_200, "card": card["code"], "reference": "1042"}
    given = await post(client, "/api/v1/scans/coupons/redeem", body, **cashier)
    assert (given["campaign_id"], given["discount_minor"]) == (campaign["id"], 500)
    assert given["customer_id"] == card["customer_id"]
    used = await post(client, "/api/v1/scans", {"code": "FIVEOFF"}, **cashier)
    assert (used["state"], used["may"], used["uses_left"]) == ("used", [], 0)
    other = await till(client, "other")
    refused = await client.post(f"/api/v1/scans/coupons/{given['id']}/undo", headers=other)
    assert refused.json()["code"] == "undo_not_yours"
    undone = await post(client, f"/api/v1/scans/coupons/{given['id']}/undo", {}, **cashier)
    assert undone["state"] == "undone"
    assert (await post(client, "/api/v1/scans", {"code": "FIVEOFF"}, **cashier))["state"] == "active"


async def test_scanning_is_no_way_to_guess_codes(client: httpx.AsyncClient, card: Json) -> None:
    await coupon(client)
    cashier = await till(client, "one")
    statuses = [
        (await client.post("/api/v1/scans", json={"code": f"GUESS{number}"}, headers=cashier)).status_code
        for number in range(23)
    ]
    assert statuses == [404] * 21 + [429] * 2
    assert (await client.post("/api/v1/scans", json={"code": "FIVEOFF"}, headers=cashier)).status_code == 429
    assert (await post(client, "/api/v1/scans", {"code": card["code"]}, **cashier))["kind"] == "card"

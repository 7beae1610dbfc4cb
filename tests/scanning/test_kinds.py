"""Programs that count money or sessions, from the till to the card."""

import httpx
import pytest

from tests.scanning.test_routes import Json, post


async def _card(client: httpx.AsyncClient, **program: object) -> Json:
    made = await post(client, "/api/v1/programs", {"name": "Club"} | program)
    customer = await post(client, "/api/v1/customers", {"first_name": "Lina", "phone": "+33612345678"})
    member = await post(client, f"/api/v1/programs/{made['id']}/members", {"customer_id": customer["id"]})
    return await post(client, "/api/v1/passes", {"membership_id": member["id"]})


async def test_cashback_counts_what_was_really_paid(client: httpx.AsyncClient) -> None:
    card = await _card(client, kind="cashback")
    lines = [
        {"name": "Shoes", "unit_amount_minor": 12_000, "tax_minor": 2_000},
        {"name": "Sale", "unit_amount_minor": -2_400, "tax_minor": -400},
        {"name": "Delivery", "unit_amount_minor": 600, "kind": "shipping"},
    ]
    told = {"code": card["code"], "amount_minor": 10_200, "lines": lines, "paid_with": {"points_minor": 4_800}}
    booked = await post(client, "/api/v1/scans/purchases", told)
    assert booked["purchase"]["tax_minor"] == 1_600
    [earned] = booked["earned"]
    assert earned["accruals"][0]["amount"] == 200, "5 % of half of 80.00"
    assert earned["accruals"][0]["reasons"][0]["text"] == "5% of €40.00: +€2.00"
    [balance] = earned["balances"]
    assert (balance["kind"], balance["currency"], balance["active"]) == ("money", "EUR", 200)
    seen = await post(client, "/api/v1/scans", {"code": card["code"]})
    assert (seen["program_kind"], seen["balances"][0]["name"]) == ("cashback", "credit")


async def test_a_multipass_is_sold_and_used(client: httpx.AsyncClient) -> None:
    pack = {"type": "per_item", "skus": ["pack-10"], "units_per_item": 10}
    card = await _card(client, kind="multipass", rules=[pack], goal=1, reward_name="Session")
    lines = [{"name": "Ten sessions", "unit_amount_minor": 9_000, "sku": "pack-10"}]
    told = {"code": card["code"], "amount_minor": 9_000, "lines": lines}
    booked = await post(client, "/api/v1/scans/purchases", told)
    [reward] = booked["rewards"]
    assert (booked["earned"][0]["balances"][0]["active"], reward["ready_count"]) == (10, 10)
    used = {"code": card["code"], "reward_id": reward["reward_id"]}
    redeemed = await post(client, "/api/v1/scans/redemptions", used)
    assert (redeemed["balances"][0]["unit"], redeemed["balances"][0]["active"]) == ("sessions", 9)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"tax_minor": 451}, "tax_does_not_fit"),
        ({"paid_with": {"points_minor": 451}}, "paid_more_than_amount"),
        ({"lines": [{"name": "x", "unit_amount_minor": 450, "kind": "discount"}]}, "line_sign_does_not_fit"),
        ({"lines": [{"name": "x", "unit_amount_minor": 450, "kind": "wish"}]}, "invalid_request"),
    ],
)
async def test_a_bill_that_does_not_fit(client: httpx.AsyncClient, told: Json, code: str) -> None:
    card = await _card(client, kind="points")
    answer = await client.post("/api/v1/scans/purchases", json={"code": card["code"], "amount_minor": 450} | told)
    assert (answer.status_code, answer.json()["code"]) == (422, code)

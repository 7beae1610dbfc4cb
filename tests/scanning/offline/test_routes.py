"""Devices over HTTP."""

import httpx
import pytest

from tests.conftest import Shop

KEY = "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg"
DEVICES = "/api/v1/devices"


async def test_the_life_of_a_device(client: httpx.AsyncClient, other_shop: Shop) -> None:
    made = await client.post(DEVICES, json={"name": "Till 1", "public_key": f"{KEY}="})
    assert made.status_code == 201
    device = made.json()
    assert (device["public_key"], device["redemptions_per_day"], device["last_sequence"]) == (KEY, 10, 0)
    again = await client.post(DEVICES, json={"name": "Till 2", "public_key": KEY})
    assert (again.status_code, again.json()["code"]) == (409, "device_key_taken")
    place = f"{DEVICES}/{device['id']}"
    changed = await client.patch(place, json={"redemptions_per_day": 0})
    assert (changed.json()["redemptions_per_day"], changed.json()["name"]) == (0, "Till 1")
    revoked = await client.delete(place)
    assert revoked.json()["revoked_at"] is not None
    assert (await client.delete(place)).json() == revoked.json()
    assert [each["id"] for each in (await client.get(DEVICES)).json()["items"]] == [device["id"]]
    foreign = await client.get(place, headers=other_shop.headers)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "device_not_found")
    assert (await client.get(DEVICES, headers=other_shop.headers)).json()["items"] == []


async def test_the_key_of_a_till_ends_with_it(client: httpx.AsyncClient) -> None:
    keys = [
        (await client.post("/api/v1/api-keys", json={"name": name, "scopes": ["scans:write"]})).json()
        for name in ("till", "shop")
    ]
    till, shop = [{"Authorization": f"Bearer {key['api_key']}"} for key in keys]
    body = {"name": "Till", "public_key": KEY, "api_key_id": keys[0]["id"]}
    device = (await client.post(DEVICES, json=body)).json()
    assert device["api_key_id"] == keys[0]["id"]
    batch = {"device_id": device["id"], "sent_at": "2026-11-22T10:00:00Z", "operations": []}
    assert (await client.post("/api/v1/scans/batch", json=batch, headers=till)).status_code == 200
    assert (await client.delete(f"{DEVICES}/{device['id']}")).is_success
    refused = await client.post("/api/v1/scans/batch", json=batch, headers=till)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    assert (await client.post("/api/v1/scans/batch", json=batch, headers=shop)).status_code == 200


async def test_a_till_gets_no_key_of_another_organization(client: httpx.AsyncClient, other_shop: Shop) -> None:
    theirs = {"name": "till", "scopes": ["scans:write"]}
    made = (await client.post("/api/v1/api-keys", json=theirs, headers=other_shop.headers)).json()
    answer = await client.post(DEVICES, json={"name": "Till", "public_key": KEY, "api_key_id": made["id"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "api_key_not_found")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"public_key": "AAAA"}, 422, "invalid_request"),
        ({"public_key": "-----BEGIN PUBLIC KEY-----"}, 422, "invalid_request"),
        ({"name": " "}, 422, "invalid_request"),
        ({"redemptions_per_day": -1}, 422, "invalid_request"),
        ({"location_id": "loc_01k30dw000e008000000000001"}, 404, "location_not_found"),
        ({"private_key": "x"}, 422, "invalid_request"),
    ],
)
async def test_what_is_no_device(
    client: httpx.AsyncClient, change: dict[str, object], status: int, code: str
) -> None:
    answer = await client.post(DEVICES, json={"name": "Till", "public_key": KEY} | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_cashier_sends_queues_and_registers_nothing(client: httpx.AsyncClient) -> None:
    made = (await client.post("/api/v1/api-keys", json={"name": "till", "scopes": ["scans:write"]})).json()
    till = {"Authorization": f"Bearer {made['api_key']}"}
    refused = await client.post(DEVICES, json={"name": "Till", "public_key": KEY}, headers=till)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    device = (await client.post(DEVICES, json={"name": "Till", "public_key": KEY})).json()
    batch = {"device_id": device["id"], "sent_at": "2026-11-22T10:00:00Z", "operations": []}
    assert (await client.post("/api/v1/scans/batch", json=batch, headers=till)).json()["results"] == []
    assert (await client.get("/api/v1/offline-operations", headers=till)).status_code == 403

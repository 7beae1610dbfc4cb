"""What a till does by itself after a scan: the device's choice, else its location's, else the organization's."""

import httpx
import pytest

from tests.scanning.offline.test_routes import DEVICES, KEY

ASKED = "/api/v1/scans/default-action"


async def test_the_nearest_choice_counts(client: httpx.AsyncClient) -> None:
    location = (await client.post("/api/v1/locations", json={"name": "Quai"})).json()
    key = {"name": "till", "scopes": ["scans:write"], "location_id": location["id"]}
    made = (await client.post("/api/v1/api-keys", json=key)).json()
    device = {"name": "Till", "public_key": KEY, "api_key_id": made["id"], "location_id": location["id"]}
    device = (await client.post(DEVICES, json=device)).json()
    till = {"Authorization": f"Bearer {made['api_key']}"}

    async def told(**query: str) -> tuple[str, str]:
        answer = (await client.get(ASKED, params=query, headers=till)).json()
        return answer["scan_action"], answer["set_for"]

    assert (location["scan_action"], device["scan_action"]) == (None, None)
    assert await told() == ("ask", "organization")
    await client.patch("/api/v1/organization", json={"scan_action": "amount"})
    assert await told() == await told(device_id=device["id"]) == ("amount", "organization")
    await client.patch(f"/api/v1/locations/{location['id']}", json={"scan_action": "redeem"})
    assert await told() == ("redeem", "location")
    path = f"{DEVICES}/{device['id']}"
    assert (await client.patch(path, json={"scan_action": "visit"})).json()["scan_action"] == "visit"
    assert await told() == await told(device_id=device["id"]) == ("visit", "device")
    assert (await client.patch(path, json={"name": "Bar"})).json()["scan_action"] == "visit"
    assert (await client.patch(path, json={"scan_action": "check_in"})).json()["scan_action"] == "check_in"
    assert (await client.patch(path, json={"scan_action": None})).json()["scan_action"] is None
    assert await told() == ("redeem", "location")
    await client.patch(f"/api/v1/locations/{location['id']}", json={"scan_action": None})
    assert await told() == ("amount", "organization")


async def test_a_device_is_made_with_its_action(client: httpx.AsyncClient) -> None:
    body = {"name": "Till", "public_key": KEY, "scan_action": "look_up"}
    assert (await client.post(DEVICES, json=body)).json()["scan_action"] == "look_up"
    unknown = await client.get(ASKED, params={"device_id": "dev_00000000000000000000000000"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "device_not_found")


@pytest.mark.parametrize("path", ["/api/v1/organization", "/api/v1/locations"])
async def test_other_actions_are_refused(client: httpx.AsyncClient, path: str) -> None:
    body = {"name": "Quai", "scan_action": "sing"}
    answer = await (client.patch if path.endswith("organization") else client.post)(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")

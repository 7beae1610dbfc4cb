"""Privacy over HTTP: consents, export, erasure, the audit trail."""

from typing import Any

import httpx
import pytest

from tests.conftest import Shop

YES = {
    "purpose": "marketing",
    "channel": "whatsapp",
    "state": "granted",
    "wording": "J'accepte les offres par WhatsApp.",
    "wording_version": "3",
    "language": "fr",
    "source": "form",
}
NO = {"purpose": "marketing", "channel": "whatsapp", "state": "withdrawn"}


async def _customer(client: httpx.AsyncClient, **headers: str) -> str:
    body = {"first_name": "Ada", "phone": "+212612345678"}
    return str((await client.post("/api/v1/customers", json=body, headers=headers)).json()["id"])


async def test_a_consent_is_recorded_and_superseded(client: httpx.AsyncClient) -> None:
    address = f"/api/v1/customers/{await _customer(client)}/consents"
    granted = await client.post(address, json=YES)
    assert granted.status_code == 201
    assert granted.json()["actor"].startswith("key_")
    withdrawn = (await client.post(address, json=NO)).json()
    assert (await client.get(f"{address}/current")).json()["items"] == [withdrawn]
    first = (await client.get(address, params={"limit": 1})).json()
    second = (await client.get(address, params={"limit": 1, "cursor": first["next"]})).json()
    assert first["items"] + second["items"] == [withdrawn, granted.json()]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"wording": None}, "consent_wording_missing"),
        ({"given_at": "2199-01-01T00:00:00Z"}, "consent_in_future"),
        ({"given_at": "0001-01-01T00:00:00+23:00"}, "invalid_request"),
        ({"confirmed_at": "9999-12-31T23:59:59-23:00"}, "invalid_request"),
        ({"given_at": "2026-01-01T00:00:00"}, "invalid_request"),
        ({"channel": "fax"}, "invalid_request"),
        ({"state": "maybe"}, "invalid_request"),
        ({"purpose": "Everything!"}, "invalid_request"),
        ({"source": "erasure"}, "invalid_request"),
        ({"wording": "a\x00b"}, "invalid_request"),
        ({"wording": "x" * 5001}, "invalid_request"),
    ],
)
async def test_bad_consents_are_refused(client: httpx.AsyncClient, change: dict[str, Any], code: str) -> None:
    address = f"/api/v1/customers/{await _customer(client)}/consents"
    answer = await client.post(address, json=YES | change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await client.get(address)).json()["items"] == []


async def test_export_then_erase(client: httpx.AsyncClient) -> None:
    customer_id = await _customer(client)
    address = f"/api/v1/customers/{customer_id}"
    await client.post(f"{address}/consents", json=YES)
    export = await client.get(f"{address}/export")
    assert export.headers["cache-control"] == "no-store"
    assert export.json()["data"]["customer"]["first_name"] == "Ada"
    assert export.json()["data"]["consents"][0]["wording"] == YES["wording"]
    erased = await client.post(f"{address}/erase")
    assert (erased.status_code, erased.json()["customer_id"]) == (200, customer_id)
    for answer in (
        await client.get(address),
        await client.get(f"{address}/export"),
        await client.post(f"{address}/erase"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (410, "customer_erased")


async def test_a_foreign_customer_has_no_privacy_here(client: httpx.AsyncClient, other_shop: Shop) -> None:
    address = f"/api/v1/customers/{await _customer(client, **other_shop.headers)}"
    answers = [
        await client.get(f"{address}/consents"),
        await client.get(f"{address}/consents/current"),
        await client.post(f"{address}/consents", json=YES),
        await client.get(f"{address}/export"),
        await client.post(f"{address}/erase"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "customer_not_found")}
    assert (await client.get(address, headers=other_shop.headers)).status_code == 200


async def test_the_audit_trail_is_filtered_and_paged(client: httpx.AsyncClient, shop: Shop) -> None:
    customer_id = await _customer(client)
    await client.get(f"/api/v1/customers/{customer_id}/export")
    await client.post(f"/api/v1/customers/{customer_id}/erase")
    trail = (await client.get("/api/v1/events")).json()["items"]
    names = [entry["name"] for entry in trail]
    assert names[:3] == ["customer.erased", "customer.exported", "customer.registered"]
    assert "6123" not in str(trail)

    async def seen(**parameters: str) -> list[str]:
        answer = await client.get("/api/v1/events", params=parameters)
        assert answer.status_code == 200, answer.text
        return [entry["name"] for entry in answer.json()["items"]]

    assert await seen(name="customer.exported") == ["customer.exported"]
    assert await seen(actor=trail[0]["actor"]) == names[:3]
    assert await seen(actor="system") == names[3:]
    middle = trail[1]["occurred_at"]
    assert await seen(**{"from": middle}) == names[:2]
    assert await seen(to=middle) == names[2:]
    page = (await client.get("/api/v1/events", params={"limit": 2})).json()
    rest = (await client.get("/api/v1/events", params={"limit": 200, "cursor": page["next"]})).json()
    assert page["items"] + rest["items"] == trail


@pytest.mark.parametrize(
    "query", ["name=%00", "actor=Robert'%3B", "from=yesterday", "to=2026-01-01T00:00:00", "limit=0"]
)
async def test_bad_filters_are_refused(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/api/v1/events?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_another_tenant_has_another_trail(client: httpx.AsyncClient, other_shop: Shop) -> None:
    await _customer(client, **other_shop.headers)
    names = {entry["name"] for entry in (await client.get("/api/v1/events")).json()["items"]}
    assert "customer.registered" not in names

"""Organizations over HTTP."""

from typing import Any

import httpx
import pytest

from passerelle.kit.db import Database
from passerelle.organizations.rules import ROLE_SCOPES, Role
from tests.conftest import PASSWORD, Shop


async def test_owner_sees_the_organization(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/me")
    assert answer.status_code == 200
    assert answer.json()["organization"]["name"] == "Café Central"


async def test_nobody_gets_a_sentence_in_their_language(client: httpx.AsyncClient) -> None:
    headers = {"Authorization": "", "Accept-Language": "fr-MA"}
    answer = await client.get("/api/v1/me", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert "clé d'API" in answer.json()["detail"]


async def test_the_same_key_repeats_the_answer(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "one"}
    first = await client.post("/api/v1/locations", json={"name": "Agdal"}, headers=headers)
    second = await client.post("/api/v1/locations", json={"name": "Agdal"}, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    other = await client.post("/api/v1/locations", json={"name": "Gauthier"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert len((await client.get("/api/v1/locations")).json()["items"]) == 1


async def test_a_foreign_location_is_not_found(client: httpx.AsyncClient, other_shop: Shop) -> None:
    made = await client.post("/api/v1/locations", json={"name": "Agdal"}, headers=other_shop.headers)
    answer = await client.get(f"/api/v1/locations/{made.json()['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "location_not_found")


async def test_a_location_is_changed_and_emptied(client: httpx.AsyncClient) -> None:
    made = (await client.post("/api/v1/locations", json={"name": "Agdal", "address": "1, rue X"})).json()
    await client.post("/api/v1/locations", json={"name": "Gauthier"})
    address = f"/api/v1/locations/{made['id']}"
    moved = await client.patch(address, json={"latitude": 34.0, "longitude": -6.8})
    assert (moved.json()["address"], moved.json()["latitude"]) == ("1, rue X", 34.0)
    assert (await client.patch(address, json={"address": None})).json()["address"] is None
    assert (await client.patch(address, json={"name": None})).json()["code"] == "invalid_input"
    assert (await client.patch(address, json={"name": "Gauthier"})).json()["code"] == "location_name_taken"
    assert (await client.patch(address, json={"latitude": 91})).status_code == 422
    [event] = (await client.get("/api/v1/events?name=location.changed&limit=1")).json()["items"]
    assert event["payload"]["fields"] == ["address"]


async def test_the_audit_trail_is_filtered_by_noun_and_names_its_actors(client: httpx.AsyncClient) -> None:
    await client.patch("/api/v1/organization", json={"name": "Café du Port"})
    events = (await client.get("/api/v1/events?about=organization")).json()["items"]
    assert [event["name"] for event in events] == ["organization.changed", "organization.created"]
    assert events[0]["payload"] == {"fields": ["name"]}
    assert [event["actor_name"] for event in events] == ["First key", None]
    assert (await client.get("/api/v1/events?about=api_key")).json()["items"][0]["name"] == "api_key.created"
    assert (await client.get("/api/v1/events?about=Robert'); DROP")).status_code == 422


async def test_five_wrong_passwords_lock(client: httpx.AsyncClient, shop: Shop) -> None:
    wrong = {"email": shop.email, "password": "not this one"}
    codes = [(await client.post("/api/v1/sessions", json=wrong)).status_code for _ in range(5)]
    assert codes == [401, 401, 401, 401, 429]
    right = {"email": shop.email, "password": PASSWORD}
    assert (await client.post("/api/v1/sessions", json=right)).status_code == 429


async def test_sign_in_by_cookie(client: httpx.AsyncClient, shop: Shop) -> None:
    del client.headers["Authorization"]
    right = {"email": shop.email.upper(), "password": PASSWORD}
    assert (await client.post("/api/v1/sessions", json=right)).status_code == 204
    assert (await client.get("/api/v1/me")).json()["role"] == "owner"
    cross_site = {"Origin": "https://evil.example"}
    assert (await client.post("/api/v1/locations", json={"name": "A"}, headers=cross_site)).status_code == 403
    assert (await client.post("/api/v1/locations", json={"name": "A"})).status_code == 201
    assert (await client.delete("/api/v1/sessions/current")).status_code == 204
    assert (await client.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize("scopes", [["scans:write"], ["organization:read", "keys:write"]])
async def test_a_key_gives_no_more_than_its_maker_has(client: httpx.AsyncClient, scopes: list[str]) -> None:
    made = (await client.post("/api/v1/api-keys", json={"name": "till", "scopes": scopes})).json()
    weak = {"Authorization": f"Bearer {made['api_key']}"}
    asked = {"name": "more", "scopes": ["customers:read"]}
    answer = await client.post("/api/v1/api-keys", json=asked, headers=weak)
    assert answer.status_code == 403
    await client.delete(f"/api/v1/api-keys/{made['id']}")
    assert (await client.get("/api/v1/me", headers=weak)).status_code == 401


async def _with_scopes(client: httpx.AsyncClient, *scopes: str) -> dict[str, str]:
    made = await client.post("/api/v1/api-keys", json={"name": "people", "scopes": scopes})
    return {"Authorization": f"Bearer {made.json()['api_key']}"}


def _person(role: str) -> dict[str, str]:
    return {"name": "Sam", "email": f"{role}@example.com", "role": role, "password": PASSWORD}


@pytest.mark.parametrize("role", ["owner", "manager", "cashier", "analyst"])
async def test_a_role_is_given_by_those_who_have_its_scopes(client: httpx.AsyncClient, role: Role) -> None:
    scopes = {"operators:write"} | ROLE_SCOPES[role]
    lacking = await _with_scopes(client, *sorted(scopes - {"programs:read"}))
    refused = await client.post("/api/v1/operators", json=_person(role), headers=lacking)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_not_yours")
    assert refused.json()["params"] == {"scope": "programs:read"}
    enough = await _with_scopes(client, *sorted(scopes))
    assert (await client.post("/api/v1/operators", json=_person(role), headers=enough)).status_code == 201


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"name": "Alex"}, 200),
        ({"password": PASSWORD + "!"}, 403),
        ({"role": "cashier"}, 403),
        ({"disabled": True}, 403),
        ({"disabled": False}, 403),
    ],
    ids=str,
)
async def test_nobody_takes_over_somebody_who_may_more(
    client: httpx.AsyncClient, change: dict[str, Any], status: int
) -> None:
    manager = (await client.post("/api/v1/operators", json=_person("manager"))).json()
    headers = await _with_scopes(client, "operators:write", *sorted(ROLE_SCOPES["cashier"]))
    address = f"/api/v1/operators/{manager['id']}"
    assert (await client.patch(address, json=change, headers=headers)).status_code == status
    assert (await client.patch(address, json=change)).status_code == 200


async def test_nobody_is_promoted_above_the_one_who_does_it(client: httpx.AsyncClient) -> None:
    cashier = (await client.post("/api/v1/operators", json=_person("cashier"))).json()
    headers = await _with_scopes(client, "operators:write", *sorted(ROLE_SCOPES["cashier"]))
    address = f"/api/v1/operators/{cashier['id']}"
    refused = await client.patch(address, json={"role": "owner"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_not_yours")
    assert (await client.patch(address, json={"disabled": True}, headers=headers)).json()["disabled"] is True


@pytest.mark.parametrize("expires_at", ["2030-01-01T00:00:00", "0001-01-01T00:00:00+23:00", "2020-01-01T00:00:00Z"])
async def test_a_key_expires_at_a_time_to_come_with_its_offset(client: httpx.AsyncClient, expires_at: str) -> None:
    body = {"name": "till", "scopes": ["scans:write"], "expires_at": expires_at}
    assert (await client.post("/api/v1/api-keys", json=body)).status_code == 422
    soon = await client.post("/api/v1/api-keys", json=body | {"expires_at": "2199-01-01T01:00:00+01:00"})
    assert soon.json()["expires_at"] == "2199-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/v1/locations", {"name": "A", "address": "a\0b"}),
        ("POST", "/api/v1/locations", {"name": "\u200b"}),
        ("PATCH", "/api/v1/organization", {"brand": {"website": "a\0b"}}),
        ("PATCH", "/api/v1/organization", {"legal": {"controller": "a\0b"}}),
        ("PATCH", "/api/v1/organization", {"legal": {"privacy_url": "https://a\0b"}}),
    ],
    ids=str,
)
async def test_text_that_cannot_be_kept_or_seen(
    client: httpx.AsyncClient, method: str, path: str, body: dict[str, Any]
) -> None:
    answer = await client.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_rows_of_another_tenant_are_invisible_to_sql(database: Database, shop: Shop, other_shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM organizations") == 1
        query = "SELECT count(*) FROM operators WHERE organization_id = $1"
        seen = await tx.fetchval(query, other_shop.organization_id)
        assert seen == 0
        assert await tx.fetchval("SELECT current_user") == "passerelle_app"

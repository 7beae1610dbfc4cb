"""Programs and members over HTTP."""

from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from passerelle.kit.db import Database
from passerelle.kit.ids import encode
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import ApiKeyIn
from passerelle.programs import service
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase
from tests.conftest import Shop
from tests.programs.conftest import Teller


@pytest_asyncio.fixture
async def customer_id(database: Database, shop: Shop) -> UUID:
    """A person known to the shop, committed."""
    async with database.transaction(shop.organization_id) as tx:
        return await Teller(tx).customer()


async def _make(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post(
        "/api/v1/programs", json={"name": "Coffee Club", "kind": "stamps", "goal": 10} | fields
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_one_call_makes_a_program(client: httpx.AsyncClient) -> None:
    made = await _make(client, reward_name="Free coffee", names={"fr": "Club café"})
    assert (made["kind"], made["goal"], made["state"], made["currency"]) == ("stamps", 10, "active", "EUR")
    assert made["rules"][0] | {"id": ""} == {
        "id": "",
        "type": "per_visit",
        "unit": "stamps",
        "active": True,
        "units": 1,
        "once_per_minutes": None,
        "once_per_day": False,
        "minimum_amount_minor": 0,
        "cap_per_purchase": None,
        "cap_per_day": None,
    }
    assert (await client.get(f"/api/v1/programs/{made['id']}")).json() == made
    assert (await client.get("/api/v1/programs")).json() == {"items": [made], "next": None}


async def test_a_program_is_changed(client: httpx.AsyncClient) -> None:
    made = await _make(client)
    address = f"/api/v1/programs/{made['id']}"
    rules = [{"type": "per_item", "categories": ["coffee"]}]
    changed = await client.patch(address, json={"name": "Bean Club", "state": "paused", "rules": rules})
    assert (changed.json()["name"], changed.json()["state"]) == ("Bean Club", "paused")
    assert [rule["type"] for rule in changed.json()["rules"]] == ["per_item"]
    await client.patch(address, json={"state": "ended"})
    refused = await client.patch(address, json={"state": "active"}, headers={"Accept-Language": "fr"})
    assert (refused.status_code, refused.json()["code"]) == (409, "program_state_refused")
    assert "ended → active" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "stamps"}, 422, "invalid_request"),
        ({"kind": "points", "currency": "mad"}, 422, "other_currency"),
        ({"kind": "points", "rules": [{"type": "per_visit", "unit": "miles"}]}, 404, "unit_not_found"),
        ({"kind": "points", "name": "\u0000"}, 422, "invalid_request"),
        ({"kind": "magic"}, 422, "invalid_request"),
        ({"kind": "points", "rules": [{"type": "magic"}]}, 422, "invalid_request"),
    ],
)
async def test_what_makes_no_program(client: httpx.AsyncClient, body: dict[str, Any], status: int, code: str) -> None:
    answer = await client.post("/api/v1/programs", json={"name": "Club"} | body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_member_from_enrolment_to_history(
    client: httpx.AsyncClient, database: Database, shop: Shop, customer_id: UUID
) -> None:
    made = await _make(client, kind="points", goal=None, names={"fr": "Club café"})
    body = {"customer_id": encode("cus", customer_id), "source": "till"}
    enrolled = await client.post(f"/api/v1/programs/{made['id']}/members", json=body)
    assert (enrolled.status_code, enrolled.json()["created"]) == (201, True)
    assert (await client.post(f"/api/v1/programs/{made['id']}/members", json=body)).json()["created"] is False
    member = f"/api/v1/members/{enrolled.json()['id']}"
    async with database.transaction(shop.organization_id) as tx:
        purchase = await purchases.record_purchase(tx, NewPurchase(customer_id, 1234))
        await service.accrue_for_purchase(tx, customer_id, purchase)
    standing = (await client.get(member, headers={"Accept-Language": "fr"})).json()
    assert (standing["program_name"], standing["goal"], standing["state"]) == ("Club café", None, "active")
    assert [(one["unit"], one["name"], one["active"]) for one in standing["balances"]] == [("points", "points", 12)]
    change = {"amount": -11, "reason": "wrong card", "reference": "ticket-7"}
    for _ in range(2):
        adjusted = await client.post(f"{member}/adjustments", json=change)
        assert (adjusted.status_code, adjusted.json()["balances"][0]["active"]) == (200, 1)
        assert adjusted.json()["balances"][0]["name"] == "point"
    lacking = await client.post(f"{member}/adjustments", json={"amount": -2, "reason": "x"})
    assert (lacking.status_code, lacking.json()["code"]) == (409, "insufficient_balance")
    history = (await client.get(f"{member}/ledger?limit=1")).json()
    assert history["items"][0]["movements"] == [{"unit": "points", "amount": -11}]
    assert (history["items"][0]["reason"], history["items"][0]["kind"]) == ("wrong card", "adjustment")
    assert history["items"][0]["actor"].startswith("key_")
    by_hand = (await client.get(f"{member}/ledger?kind=adjustment")).json()["items"]
    assert [(item["id"], item["reason"]) for item in by_hand] == [(history["items"][0]["id"], "wrong card")]
    older = (await client.get(f"{member}/ledger?limit=5&cursor={history['next']}")).json()
    assert [item["movements"][0]["amount"] for item in older["items"]] == [12]
    listed = (await client.get(f"/api/v1/programs/{made['id']}/members")).json()
    assert [item["id"] for item in listed["items"]] == [enrolled.json()["id"]]
    suspended = await client.patch(member, json={"state": "suspended"})
    assert suspended.json()["state"] == "suspended"


async def test_the_preview_says_why(client: httpx.AsyncClient, customer_id: UUID) -> None:
    made = await _make(client, kind="points", goal=None)
    customer = encode("cus", customer_id)
    await client.post(f"/api/v1/programs/{made['id']}/members", json={"customer_id": customer})
    body = {"customer_id": customer, "amount_minor": 1234}
    preview = (await client.post("/api/v1/preview", json=body)).json()
    [accrual] = preview["items"][0]["accruals"]
    assert (accrual["amount"], accrual["unit"], accrual["reasons"][0]["code"]) == (12, "points", "per_amount")
    assert accrual["reasons"][0]["text"] == "1 per €1.00, €12.34 paid: +12"
    assert preview["items"][0]["balances"][0]["active"] == 0
    refused = await client.post("/api/v1/preview", json=body | {"amount_minor": -5})
    assert (refused.status_code, refused.json()["code"]) == (422, "amount_not_positive")
    unknown = await client.post("/api/v1/preview", json=body | {"customer_id": encode("cus", UUID(int=1))})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "customer_not_found")


@pytest.mark.parametrize(
    ("method", "path", "body", "scope"),
    [
        ("POST", "/programs", {"name": "Club", "kind": "points"}, "programs:write"),
        ("GET", "/programs", None, "programs:read"),
        ("GET", "/programs/{program}", None, "programs:read"),
        ("PATCH", "/programs/{program}", {"name": "Mine"}, "programs:write"),
        ("POST", "/programs/{program}/members", {"customer_id": encode("cus", UUID(int=1))}, "customers:write"),
        ("GET", "/programs/{program}/members", None, "customers:read"),
        ("GET", "/members/{member}", None, "ledger:read"),
        ("PATCH", "/members/{member}", {"state": "ended"}, "customers:write"),
        ("GET", "/members/{member}/ledger", None, "ledger:read"),
        ("POST", "/members/{member}/adjustments", {"amount": 5, "reason": "x"}, "ledger:adjust"),
        ("POST", "/preview", {"customer_id": encode("cus", UUID(int=1)), "amount_minor": 100}, "programs:read"),
    ],
)
async def test_every_address_asks_for_its_scope(
    client: httpx.AsyncClient, database: Database, shop: Shop, method: str, path: str, body: Any, scope: str
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        _, key = await organizations.create_api_key(tx, ApiKeyIn(name="till", scopes=["scans:write"]))
    at = path.format(program=encode("prg", UUID(int=1)), member=encode("mem", UUID(int=1)))
    headers = {"Authorization": f"Bearer {key}"}
    answer = await client.request(method, f"/api/v1{at}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["params"]) == (403, {"scope": scope})


async def test_a_foreign_program_is_not_found(client: httpx.AsyncClient, other_shop: Shop, customer_id: UUID) -> None:
    made = await _make(client)
    for path in (f"/programs/{made['id']}", f"/programs/{made['id']}/members"):
        answer = await client.get(f"/api/v1{path}", headers=other_shop.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "program_not_found")

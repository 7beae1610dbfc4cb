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
from passerelle.programs.conditions import NO_CONDITIONS
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase
from tests.conftest import Shop
from tests.programs.conftest import Teller

PROMOTION = {"name": "Happy hour", "effect": {"type": "multiplier", "percent": 200}, "state": "active"}


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
        "caps": [],
        "times": [],
        "cooldown_minutes": None,
        "conditions": NO_CONDITIONS.model_dump(mode="json"),
        "base": None,
        "timing": None,
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
        ({"kind": "points", "rules": [{"type": "per_percent", "basis_points": 5}]}, 422, "rule_contradicts_itself"),
        ({"kind": "points", "units": [{"code": "points", "kind": "money"}]}, 409, "unit_kind_fixed"),
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
        ("POST", "/programs/{program}/preview", {"purchase_id": encode("pur", UUID(int=1))}, "programs:read"),
        (
            "POST",
            "/events",
            {"name": "a", "reference": "r", "customer_id": encode("cus", UUID(int=1))},
            "events:write",
        ),
        ("POST", "/promotions", PROMOTION | {"program_id": encode("prg", UUID(int=1))}, "programs:write"),
        ("GET", "/promotions", None, "programs:read"),
        ("GET", "/promotions/{promotion}", None, "programs:read"),
        ("PATCH", "/promotions/{promotion}", {"name": "Mine"}, "programs:write"),
    ],
)
async def test_every_address_asks_for_its_scope(
    client: httpx.AsyncClient, database: Database, shop: Shop, method: str, path: str, body: Any, scope: str
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        _, key = await organizations.create_api_key(tx, ApiKeyIn(name="till", scopes=["scans:write"]))
    ids = {"program": "prg", "member": "mem", "promotion": "pro"}
    at = path.format(**{name: encode(prefix, UUID(int=1)) for name, prefix in ids.items()})
    headers = {"Authorization": f"Bearer {key}"}
    answer = await client.request(method, f"/api/v1{at}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["params"]) == (403, {"scope": scope})


async def test_a_foreign_program_is_not_found(client: httpx.AsyncClient, other_shop: Shop, customer_id: UUID) -> None:
    made = await _make(client)
    for path in (f"/programs/{made['id']}", f"/programs/{made['id']}/members"):
        answer = await client.get(f"/api/v1{path}", headers=other_shop.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "program_not_found")


async def _post(client: httpx.AsyncClient, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = await client.post(f"/api/v1{path}", json=body, headers=headers)
    assert answer.is_success, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_happy_hour_over_http(client: httpx.AsyncClient, customer_id: UUID) -> None:
    made = await _make(
        client, kind="points", goal=None, units=[{"code": "points", "caps": [{"per": "day", "units": 30}]}]
    )
    assert made["units"][0]["caps"] == [{"per": "day", "units": 30, "action": "reduce"}]
    customer = encode("cus", customer_id)
    await _post(client, f"/programs/{made['id']}/members", {"customer_id": customer})
    hours = {"hours": [{"from": "22:00", "to": "21:59"}], "weekdays": None}
    wanted = PROMOTION | {"program_id": made["id"], "conditions": hours, "names": {"fr": "Heure joyeuse"}}
    promotion = await _post(client, "/promotions", wanted)
    assert promotion["conditions"]["hours"] == hours["hours"]
    body = {"customer_id": customer, "amount_minor": 1750, "occurred_at": "2026-11-20T12:00:00Z"}
    for language, sentence in (
        ("en", "Limited from 34 to 30: at most 30 per day"),
        ("fr", "Limité de 34 à 30 : 30 au plus par jour"),
        ("ar", "خُفّض من 34 إلى 30: 30 كحد أقصى في اليوم"),
    ):
        seen = await _post(client, "/preview", body, **{"Accept-Language": language})
        [accrual] = seen["items"][0]["accruals"]
        assert (accrual["amount"], accrual["promotion_id"]) == (30, None)
        assert accrual["reasons"][-1]["text"] == sentence
        assert ("Heure joyeuse" if language == "fr" else "Happy hour") in accrual["reasons"][1]["text"]
    ended = await client.patch(f"/api/v1/promotions/{promotion['id']}", json={"state": "ended"})
    assert ended.json()["state"] == "ended"
    assert (await client.get(f"/api/v1/promotions?program_id={made['id']}")).json()["items"] == [ended.json()]
    seen = await _post(client, "/preview", body)
    assert seen["items"][0]["accruals"][0]["amount"] == 17


async def test_an_event_and_a_trial_over_http(
    client: httpx.AsyncClient, database: Database, shop: Shop, customer_id: UUID
) -> None:
    review = {"type": "per_event", "event": "review", "units": 50, "unit": "points"}
    visit = {"type": "per_visit", "units": 3, "unit": "points"}
    made = await _make(client, kind="points", goal=None, rules=[review, visit])
    customer = encode("cus", customer_id)
    member = await _post(client, f"/programs/{made['id']}/members", {"customer_id": customer})
    event = {"name": "review", "reference": "shop-1-77", "membership_id": member["id"], "attributes": {"stars": 5}}
    first = await _post(client, "/events", event)
    assert first["earned"][0]["accruals"][0]["reasons"][0]["text"] == "For “review”: +50"
    assert (await _post(client, "/events", event))["id"] == first["id"]
    reused = await client.post("/api/v1/events", json=event | {"attributes": {}})
    assert (reused.status_code, reused.json()["code"]) == (409, "event_reference_reused")
    async with database.transaction(shop.organization_id) as tx:
        purchase = await purchases.record_purchase(tx, NewPurchase(customer_id, 1234))
        await service.accrue_for_purchase(tx, customer_id, purchase)
    rules = [{"type": "per_amount", "amount_minor_per_step": 100}]
    trial = await _post(
        client, f"/programs/{made['id']}/preview", {"purchase_id": encode("pur", purchase.id), "rules": rules}
    )
    assert trial["units"] == [{"unit": "points", "would_give": 12, "given": 3, "difference": 9}]
    neither = await client.post(f"/api/v1/programs/{made['id']}/preview", json={"rules": rules})
    assert (neither.status_code, neither.json()["code"]) == (422, "invalid_request")


async def test_money_is_told_with_its_currency(client: httpx.AsyncClient, customer_id: UUID) -> None:
    made = await _make(client, kind="cashback", goal=None)
    customer = encode("cus", customer_id)
    member = await _post(client, f"/programs/{made['id']}/members", {"customer_id": customer})
    seen = await _post(client, "/preview", {"customer_id": customer, "amount_minor": 1234})
    assert seen["items"][0]["accruals"][0]["reasons"][0]["text"] == "5% of €12.34: +€0.61"
    standing = (await client.get(f"/api/v1/members/{member['id']}")).json()
    [balance] = standing["balances"]
    assert (balance["unit"], balance["kind"], balance["currency"], balance["decimals"]) == (
        "money",
        "money",
        "EUR",
        2,
    )


async def test_a_contradiction_is_told_in_the_readers_language(client: httpx.AsyncClient) -> None:
    rules = [{"type": "per_visit", "conditions": {"hours": [{"from": "10:00", "to": "10:00"}]}}]
    body = {"name": "Club", "kind": "points", "rules": rules}
    refused = await client.post("/api/v1/programs", json=body, headers={"Accept-Language": "fr"})
    assert refused.json()["params"] == {"subject": "rules[0]", "contradiction": "hours_empty", "at": "10:00"}
    assert refused.json()["detail"].startswith("Contradiction dans rules[0] : de 10:00 à 10:00")

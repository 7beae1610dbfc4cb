"""Rewards over HTTP, from the program that makes them to the redemption that is undone."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from passerelle.kit.db import Database
from passerelle.kit.ids import decode, encode
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import ApiKeyIn
from passerelle.programs import service as programs
from passerelle.programs.tiers import service as tier_sets
from passerelle.programs.tiers.schemas import TierSetIn
from tests.conftest import Shop
from tests.rewards.conftest import Counter

ISSUED = f"/issued-rewards/{encode('isr', UUID(int=1))}"
MEMBER = f"/members/{encode('mem', UUID(int=1))}"
PROGRAM = f"/programs/{encode('prg', UUID(int=1))}"
REWARD = encode("rwd", UUID(int=1))


async def _program(client: httpx.AsyncClient) -> str:
    body = {
        "kind": "stamps",
        "name": "Coffee Club",
        "goal": 10,
        "reward_name": "Free coffee",
        "reward_names": {"fr": "Café offert"},
    }
    answer = await client.post("/api/v1/programs", json=body)
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def _member(database: Database, shop: Shop, program: str, units: int) -> str:
    async with database.transaction(shop.organization_id) as tx:
        found = await programs.get_program(tx, decode("prg", program))
        return encode("mem", await Counter(tx).member(found, units))


async def test_from_program_to_reward(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    program = await _program(client)
    [reward] = (await client.get("/api/v1/rewards", params={"program_id": program})).json()["items"]
    assert (reward["name"], reward["price"], reward["unit"]) == ("Free coffee", 10, "stamps")
    [unit] = (await client.get(f"/api/v1/programs/{program}")).json()["units"]
    member = await _member(database, shop, program, 12)
    offered = await client.get(f"/api/v1/members/{member}/rewards", headers={"Accept-Language": "fr"})
    assert offered.json()["items"] == [
        {
            "reward_id": reward["id"],
            "name": "Café offert",
            "unit_id": unit["id"],
            "price": 10,
            "ready_count": 1,
            "missing": 0,
            "held_back": None,
            "issued_count": 0,
            "description": "",
            "image_url": None,
            "benefit": {"type": "other", "text": ""},
            "usual_price": 10,
            "first_day": None,
            "last_day": None,
        }
    ]
    address, body = f"/api/v1/members/{member}/redemptions", {"reward_id": reward["id"], "reference": "till-7"}
    redeemed = await client.post(address, json=body)
    assert (redeemed.status_code, redeemed.json()["balances"][0]["active"]) == (201, 2)
    assert (await client.post(address, json=body)).json() == redeemed.json()
    refused = await client.post(address, json={"reward_id": reward["id"]}, headers={"Accept-Language": "fr"})
    assert (refused.status_code, refused.json()["code"]) == (409, "reward_not_ready")
    assert refused.json()["detail"] == "« Free coffee » n'est pas encore disponible : il manque 8."
    undone = await client.post(f"/api/v1/issued-rewards/{redeemed.json()['id']}/undo")
    assert (undone.json()["state"], undone.json()["balances"][0]["active"]) == ("undone", 12)


async def test_the_catalogue_is_kept(client: httpx.AsyncClient, other_shop: Shop) -> None:
    program = await _program(client)
    body = {"program_id": program, "name": "Mug", "price": 25, "stock": 3}
    mug = (await client.post("/api/v1/rewards", json=body)).json()
    address = f"/api/v1/rewards/{mug['id']}"
    changed = await client.patch(address, json={"price": 20, "active": False, "stock": None})
    assert (changed.json()["price"], changed.json()["active"], changed.json()["stock"]) == (20, False, None)
    assert (await client.get(address)).json() == changed.json()
    page = (await client.get("/api/v1/rewards?limit=1")).json()
    assert [item["id"] for item in page["items"]] == [mug["id"]]
    rest = (await client.get("/api/v1/rewards", params={"limit": 5, "cursor": page["next"]})).json()
    assert [item["name"] for item in rest["items"]] == ["Free coffee"]
    foreign = await client.get(address, headers=other_shop.headers)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "reward_not_found")
    wrong = await client.post("/api/v1/rewards", json=body | {"price": 0})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("method", "path", "body", "scope"),
    [
        ("POST", "/rewards", {"program_id": encode("prg", UUID(int=1)), "name": "x", "price": 1}, "programs:write"),
        ("GET", "/rewards", None, "programs:read"),
        ("GET", f"/rewards/{encode('rwd', UUID(int=1))}", None, "programs:read"),
        ("PATCH", f"/rewards/{encode('rwd', UUID(int=1))}", {"price": 1}, "programs:write"),
        ("GET", f"/members/{encode('mem', UUID(int=1))}/rewards", None, "programs:read"),
        (
            "POST",
            f"/members/{encode('mem', UUID(int=1))}/redemptions",
            {"reward_id": encode("rwd", UUID(int=1))},
            "rewards:redeem",
        ),
        ("POST", f"/issued-rewards/{encode('isr', UUID(int=1))}/undo", None, "ledger:adjust"),
        ("POST", f"{MEMBER}/issued-rewards", {"reward_id": REWARD}, "rewards:redeem"),
        ("POST", f"{MEMBER}/holds", {"reward_id": REWARD}, "rewards:redeem"),
        ("POST", f"{MEMBER}/gifts", {"reward_id": REWARD, "reason": "x"}, "ledger:adjust"),
        ("GET", "/issued-rewards", None, "programs:read"),
        ("GET", ISSUED, None, "programs:read"),
        ("POST", f"{ISSUED}/hold", {}, "rewards:redeem"),
        ("POST", f"{ISSUED}/redeem", {}, "rewards:redeem"),
        ("POST", f"{ISSUED}/cancel", {"reason": "x"}, "ledger:adjust"),
        ("POST", f"{ISSUED}/fulfil", {"state": "ready"}, "rewards:redeem"),
        ("GET", f"{PROGRAM}/spending", None, "programs:read"),
        ("PUT", f"{PROGRAM}/spending/points", {}, "programs:write"),
        ("POST", f"{MEMBER}/payments/quote", {"amount_minor": 1}, "rewards:redeem"),
        ("POST", f"{MEMBER}/payments", {"amount_minor": 1, "units": 1}, "rewards:redeem"),
        ("GET", f"{MEMBER}/payments", None, "ledger:read"),
        ("POST", f"/payments/{encode('pay', UUID(int=1))}/undo", None, "ledger:adjust"),
    ],
)
async def test_every_address_asks_for_its_scope(
    client: httpx.AsyncClient, database: Database, shop: Shop, method: str, path: str, body: Any, scope: str
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        _, key = await organizations.create_api_key(tx, ApiKeyIn(name="till", scopes=["scans:write"]))
    answer = await client.request(method, f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["params"]) == (403, {"scope": scope})


GOLD = encode("tir", UUID(int=7))


async def test_a_reward_says_all_it_was_told(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    program = await _program(client)
    async with database.transaction(shop.organization_id) as tx:
        gold_id, _ = await Counter(tx).tiers(await programs.get_program(tx, decode("prg", program)))
    gold = encode("tir", gold_id)
    told = {
        "program_id": program,
        "name": "Mug",
        "names": {"fr": "Tasse"},
        "description": "Stoneware",
        "descriptions": {"fr": "Grès"},
        "image_url": "https://cafe.example/mug.png",
        "benefit": {"type": "free_item", "skus": ["mug"], "categories": [], "maximum_minor": 900},
        "price": 8,
        "active": True,
        "stock": 3,
        "limit_per_customer": 4,
        "period_limits": {"day": 1, "year": 2},
        "tier_ids": [gold],
        "tier_prices": {gold: 6},
        "first_day": "2026-11-01",
        "last_day": "2026-11-30",
        "expires_after_days": 30,
        "hold_minutes": 10,
        "auto_issue": False,
    }
    made = await client.post("/api/v1/rewards", json=told)
    assert made.status_code == 201, made.text
    assert {name: made.json()[name] for name in told} == told
    assert (await client.get(f"/api/v1/rewards/{made.json()['id']}")).json() == made.json()


async def test_an_uploaded_picture_is_kept_by_its_path(client: httpx.AsyncClient, shop: Shop) -> None:
    path = f"/images/{encode('org', shop.organization_id)}/{'a' * 64}.png"
    told = {"program_id": await _program(client), "name": "Mug", "price": 8, "image_url": path}
    assert (await client.post("/api/v1/rewards", json=told)).json()["image_url"] == path


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": -5},
        {"price": 0},
        {"price": 1.5},
        {"price": 10**12},
        {"tier_prices": {GOLD: -1}},
        {"tier_ids": ["gold"]},
        {"first_day": "2026-11-30", "last_day": "2026-11-29"},
        {"last_day": "2026-02-30"},
        {"period_limits": {"hour": 1}},
        {"period_limits": {"day": 0}},
        {"hold_minutes": 0},
        {"hold_minutes": 61},
        {"expires_after_days": -1},
        {"benefit": {"type": "percent_off", "percent": 101}},
        {"benefit": {"type": "amount_off", "amount_minor": -500}},
        {"benefit": {"type": "miracle"}},
        {"image_url": "javascript:alert(1)"},
        {"image_url": "/images/../api/v1/me"},
        {"image_url": "//elsewhere.example/images/mug.png"},
        {"price": None, "auto_issue": True},
    ],
)
async def test_a_reward_that_contradicts_itself_is_refused(client: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    body = {"program_id": encode("prg", UUID(int=1)), "name": "Mug", "price": 5} | wrong
    answer = await client.post("/api/v1/rewards", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_reward_may_cost_nothing_only_when_that_is_said(client: httpx.AsyncClient) -> None:
    body = {"program_id": await _program(client), "name": "Cake"}
    assert (await client.post("/api/v1/rewards", json=body)).status_code == 422
    assert (await client.post("/api/v1/rewards", json=body | {"price": None})).status_code == 201


async def test_issued_held_redeemed(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    program = await _program(client)
    [reward] = (await client.get("/api/v1/rewards", params={"program_id": program})).json()["items"]
    member = await _member(database, shop, program, 32)
    address = f"/api/v1/members/{member}"
    body = {"reward_id": reward["id"]}
    taken = (await client.post(f"{address}/issued-rewards", json=body)).json()
    assert (taken["state"], taken["price"], taken["balances"][0]["active"]) == ("issued", 10, 22)
    key = {"Idempotency-Key": "hold-1"}
    held = (await client.post(f"{address}/holds", json=body | {"minutes": 5}, headers=key)).json()
    again = (await client.post(f"{address}/holds", json=body | {"minutes": 5}, headers=key)).json()
    assert (held["state"], len(held["code"]), held["balances"][0]["active"]) == ("held", 8, 12)
    assert again == held, "a retry shows the same code"
    renewed = (await client.post(f"/api/v1/issued-rewards/{held['id']}/hold", json={})).json()
    assert renewed["code"] != held["code"]
    redeemed = await client.post(f"/api/v1/issued-rewards/{held['id']}/redeem", json={})
    assert (redeemed.status_code, redeemed.json()["state"]) == (200, "redeemed")
    twice = await client.post(f"/api/v1/issued-rewards/{held['id']}/redeem", json={})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_redeemed")
    cancelled = await client.post(f"/api/v1/issued-rewards/{taken['id']}/cancel", json={"reason": "no time"})
    assert (cancelled.json()["state"], cancelled.json()["balances"][0]["active"]) == ("cancelled", 22)
    assert cancelled.json()["ended_by"].startswith("key_")
    gift = (await client.post(f"{address}/gifts", json=body | {"reason": "waited long"})).json()
    assert (gift["source"], gift["price"], gift["reason"]) == ("manual", 0, "waited long")
    for query, expected in (
        ({"state": "issued"}, [gift["id"]]),
        ({"state": "cancelled"}, [taken["id"]]),
        ({"membership_id": member}, [gift["id"], held["id"], taken["id"]]),
        ({"customer_id": gift["customer_id"], "limit": "1"}, [gift["id"]]),
        ({"fulfilment": "ordered"}, []),
    ):
        listed = (await client.get("/api/v1/issued-rewards", params=query)).json()
        assert [item["id"] for item in listed["items"]] == expected
    found = (await client.get(f"/api/v1/issued-rewards/{gift['id']}", headers={"Accept-Language": "fr"})).json()
    assert found["name"] == "Café offert"


async def test_a_thing_over_http(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    program = await _program(client)
    told = {"program_id": program, "name": "Mug", "price": 2, "benefit": {"type": "physical"}}
    mug = (await client.post("/api/v1/rewards", json=told)).json()
    member = await _member(database, shop, program, 5)
    taken = await client.post(f"/api/v1/members/{member}/redemptions", json={"reward_id": mug["id"]})
    assert taken.json()["fulfilment"] == "ordered"
    address = f"/api/v1/issued-rewards/{taken.json()['id']}/fulfil"
    shipped = (await client.post(address, json={"state": "shipped", "tracking": "LX1"})).json()
    assert (shipped["fulfilment"], shipped["tracking"]) == ("shipped", "LX1")
    assert [step["state"] for step in shipped["fulfilment_steps"]] == ["ordered", "shipped"]
    refused = await client.post(address, json={"state": "prepared"})
    assert (refused.status_code, refused.json()["code"]) == (409, "fulfilment_refused")


async def test_paying_over_http(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    program = await _program(client)
    member = await _member(database, shop, program, 50)
    address = f"/api/v1/members/{member}/payments"
    unsaid = await client.post(f"{address}/quote", json={"amount_minor": 1000})
    assert (unsaid.status_code, unsaid.json()["code"]) == (409, "unit_pays_no_bills")
    terms = {"payment": {"value": {"units": 1, "amount_minor": 10}, "step": 5, "basket_percent": 20}}
    assert (await client.put(f"/api/v1/programs/{program}/spending/stamps", json=terms)).status_code == 200
    [listed] = (await client.get(f"/api/v1/programs/{program}/spending")).json()["items"]
    assert (listed["unit"], listed["payment"]["basket_percent"]) == ("stamps", 20)
    quote = (await client.post(f"{address}/quote", json={"amount_minor": 1000})).json()
    assert (quote["minimum"], quote["maximum"], quote["step"], quote["discount_minor"]) == (5, 20, 5, 200)
    wrong = await client.post(address, json={"amount_minor": 1000, "units": 12})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["params"]["nearest"]) == (
        422,
        "points_step_wrong",
        "10",
    )
    paid = await client.post(address, json={"amount_minor": 1000, "units": 20, "reference": "bill-1"})
    assert (paid.status_code, paid.json()["discount_minor"], paid.json()["balances"][0]["active"]) == (201, 200, 30)
    again = await client.post(address, json={"amount_minor": 1000, "units": 20, "reference": "bill-1"})
    assert again.json() == paid.json()
    [item] = (await client.get(address)).json()["items"]
    assert (item["id"], item["state"]) == (paid.json()["id"], "made")
    undone = (await client.post(f"/api/v1/payments/{item['id']}/undo")).json()
    assert (undone["state"], undone["balances"][0]["active"]) == ("undone", 50)
    for body in ({}, {"amount_minor": 5, "purchase_id": encode("pur", UUID(int=1))}, {"amount_minor": -5}):
        assert (await client.post(f"{address}/quote", json=body)).status_code == 422
    none = {"value": {"units": 1, "amount_minor": 10}, "minimum": 3, "maximum": 4, "step": 5}
    impossible = await client.put(f"/api/v1/programs/{program}/spending/stamps", json={"payment": none})
    assert impossible.status_code == 422


async def test_a_reward_issued_by_itself_warns_of_tiers_by_the_same_balance(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    program = await _program(client)
    tiers = [{"name": name, "threshold": at} for name, at in (("Basic", 0), ("Silver", 7), ("Gold", 8))]
    sent = {"program_id": program, "name": "Status", "basis": "balance", "tiers": tiers}
    async with database.transaction(shop.organization_id) as tx:
        for basis in ("balance", "earned"):
            await tier_sets.create_tier_set(tx, TierSetIn.model_validate(sent | {"basis": basis, "name": basis}))
    body = {"program_id": program, "name": "Mug", "price": 8}
    quiet = (await client.post("/api/v1/rewards", json=body)).json()
    assert quiet["warnings"] == []
    url = f"/api/v1/rewards/{quiet['id']}"
    saved = (await client.patch(url, json={"auto_issue": True}, headers={"Accept-Language": "fr"})).json()
    assert [warning["code"] for warning in saved["warnings"]] == ["tier_lost_by_itself", "tier_out_of_reach"]
    assert saved["warnings"][1]["text"].startswith("« Gold » commence à un solde de 8")
    assert (await client.get(url)).json()["warnings"][0]["text"].startswith("“Silver” begins at a balance of 7")
    [listed] = [one for one in (await client.get("/api/v1/rewards")).json()["items"] if one["id"] == quiet["id"]]
    assert len(listed["warnings"]) == 2
    assert (await client.patch(url, json={"active": False})).json()["warnings"] == []

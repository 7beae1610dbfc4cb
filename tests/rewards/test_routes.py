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
from tests.conftest import Shop
from tests.rewards.conftest import Counter


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
    member = await _member(database, shop, program, 12)
    offered = await client.get(f"/api/v1/members/{member}/rewards", headers={"Accept-Language": "fr"})
    assert offered.json()["items"] == [
        {
            "reward_id": reward["id"],
            "name": "Café offert",
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
    ],
)
async def test_every_address_asks_for_its_scope(
    client: httpx.AsyncClient, database: Database, shop: Shop, method: str, path: str, body: Any, scope: str
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        _, key = await organizations.create_api_key(tx, ApiKeyIn(name="till", scopes=["scans:write"]))
    answer = await client.request(method, f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["params"]) == (403, {"scope": scope})

"""Tiers over HTTP: made, tried, changed, given by hand, refused."""

from typing import Any

import httpx

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import decode, encode
from passerelle.kit.jobs import Work
from passerelle.programs.tiers import jobs
from tests.conftest import Shop

Json = dict[str, Any]
_LADDER = [
    {"name": "Basic", "threshold": 0},
    {
        "name": "Gold",
        "names": {"fr": "Or"},
        "threshold": 50,
        "colour": "#ffd700",
        "benefits": [{"text": "Free delivery", "texts": {"fr": "Livraison offerte"}}],
        "entry_units": {"amount": 5},
    },
]


async def _must(client: httpx.AsyncClient, method: str, path: str, body: Json | None = None) -> Json:
    answer = await client.request(method, f"/api/v1{path}", json=body)
    assert answer.is_success, answer.text
    return dict(answer.json()) if answer.content else {}


async def _program(client: httpx.AsyncClient, **fields: object) -> Json:
    return await _must(client, "POST", "/programs", {"name": "Club", "kind": "points"} | fields)


async def _tier_set(client: httpx.AsyncClient, program: Json, **fields: object) -> Json:
    body = {"program_id": program["id"], "name": "Status", "basis": "balance", "tiers": _LADDER} | fields
    return await _must(client, "POST", "/tier-sets", body)


async def _member(client: httpx.AsyncClient, program: Json, database: Database, shop: Shop) -> str:
    async with database.transaction(shop.organization_id) as tx:
        customer_id = (await customers.register(tx, NewCustomer())).customer_id
    enrolled = {"customer_id": encode("cus", customer_id)}
    return str((await _must(client, "POST", f"/programs/{program['id']}/members", enrolled))["id"])


async def test_a_tier_set_from_making_to_removal(
    client: httpx.AsyncClient, database: Database, shop: Shop, settings: Settings
) -> None:
    program = await _program(client)
    made = await _tier_set(client, program, window={"type": "ever"}, validity={"type": "duration", "months": 6})
    assert made["unit"] == "points"
    assert [tier["rank"] for tier in made["tiers"]] == [1, 2]
    assert made["tiers"][1]["entry_units"] == {"unit": "points", "amount": 5}
    member = await _member(client, program, database, shop)
    await _must(client, "POST", f"/members/{member}/adjustments", {"amount": 60, "reason": "Welcome"})
    held = (await client.get(f"/api/v1/members/{member}", headers={"Accept-Language": "fr"})).json()["tiers"][0]
    assert (held["tier"]["name"], held["tier"]["benefits"]) == ("Or", ["Livraison offerte"])
    assert (held["amount"], held["next_tier"], held["ends_at"] is not None) == (65, None, True)
    detail = (await _must(client, "GET", f"/members/{member}/tiers"))["items"][0]
    assert [line["to_tier"] for line in detail["history"]] == ["Gold", "Basic"]
    dearer = [{**tier, "id": known["id"]} for tier, known in zip(_LADDER, made["tiers"], strict=True)]
    dearer[1]["threshold"] = 100
    body = {"program_id": program["id"], "name": "Status", "basis": "balance", "tiers": dearer}
    tried = await _must(client, "POST", f"/tier-sets/{made['id']}/dry-run", body)
    assert (tried["members"], tried["down"]) == (1, 1)
    assert tried["sample"] == [{"membership_id": member, "from_tier": "Gold", "to_tier": "Basic", "outcome": "down"}]
    saved = await _must(client, "PUT", f"/tier-sets/{made['id']}", body)
    assert (saved["members"], saved["left"]) == (1, 1)
    payload = {"organization_id": str(shop.organization_id), "tier_set_id": str(decode("tst", made["id"]))}
    await jobs.recalculate_members(Work(database, settings), payload)
    assert (await _must(client, "GET", f"/tier-sets/{made['id']}"))["left"] == 0
    listed = await _must(client, "GET", f"/tier-sets?program_id={program['id']}")
    assert [one["id"] for one in listed["items"]] == [made["id"]]
    assert (await client.delete(f"/api/v1/tier-sets/{made['id']}")).status_code == 204
    await jobs.forget_members(Work(database, settings), payload)
    assert (await _must(client, "GET", f"/members/{member}/tiers"))["items"] == []
    assert (await client.get(f"/api/v1/tier-sets/{made['id']}")).json()["code"] == "tier_set_not_found"


async def test_by_hand(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    program = await _program(client)
    made = await _tier_set(client, program)
    member = await _member(client, program, database, shop)
    place = f"/members/{member}/tiers/{made['id']}"
    given = await _must(client, "PUT", place, {"tier_id": made["tiers"][1]["id"], "reason": "Press"})
    assert (given["tier"]["name"], given["locked"], given["locked_until"]) == ("Gold", True, None)
    freed = await _must(client, "POST", f"{place}/release", {"reason": "Over"})
    assert freed["locked"] is False
    history = (await _must(client, "GET", f"/members/{member}/tiers"))["items"][0]["history"]
    assert [line["reason"] for line in history] == ["Over", "Press", None]
    assert history[1]["actor"].startswith("key_")
    answer = await client.put(f"/api/v1{place}", json={"locked": False, "reason": "x"})
    assert answer.json()["code"] == "invalid_request"


async def test_a_threshold_at_the_price_of_a_reward_is_warned_of(client: httpx.AsyncClient) -> None:
    made = await _tier_set(client, await _program(client, goal=50, reward_name="Mug"))
    [warning] = made["warnings"]
    assert (warning["code"], warning["tier_id"]) == ("threshold_is_a_price", made["tiers"][1]["id"])
    earned = await _tier_set(client, await _program(client, goal=50), basis="earned")
    assert earned["warnings"] == []


async def test_what_is_refused(client: httpx.AsyncClient) -> None:
    program = await _program(client)

    async def refused(**fields: object) -> tuple[int, str]:
        body = {"program_id": program["id"], "name": "Status", "basis": "earned", "tiers": _LADDER} | fields
        answer = await client.post("/api/v1/tier-sets", json=body)
        return answer.status_code, answer.json()["code"]

    equal = [{"name": "A", "threshold": 5}, {"name": "B", "threshold": 5}]
    assert await refused(tiers=equal) == (422, "tier_thresholds_equal")
    assert await refused(tiers=[equal[0], {"name": "B", "threshold": 1}]) == (422, "tiers_not_sorted")
    assert await refused(basis="time", window={"type": "calendar"}) == (422, "tier_window_unfit")
    assert await refused(window={"type": "since_change"}) == (422, "tier_validity_unfit")
    assert await refused(unit="stars") == (404, "unit_not_found")
    malformed: list[Json] = [
        {"tiers": []},
        {"basis": "spend", "unit": "points"},
        {"window": {"type": "rolling"}},
        {"window": {"type": "calendar", "days": 3}},
        {"window": {"type": "rolling", "days": 3, "months": 1}},
        {"validity": {"type": "duration"}},
        {"validity": {"type": "calendar_date", "month": 4, "day": 31}},
        {"validity": {"type": "continuous", "days": 1}},
        {"tiers": [{"name": "A", "threshold": -1}]},
        {"tiers": [{"name": "A", "threshold": 1, "colour": "gold"}]},
        {"surprise": 1},
    ]
    for fields in malformed:
        assert await refused(**fields) == (422, "invalid_request"), fields
    assert await refused(program_id="prg_" + "0" * 26) == (404, "program_not_found")

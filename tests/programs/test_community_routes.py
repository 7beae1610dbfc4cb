"""Referral, achievements, households and transfers over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import encode, new_id
from passerelle.kit.web import Edge, install_problems
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import ApiKeyIn
from passerelle.programs.achievements.routes import router as achievements
from passerelle.programs.households.routes import router as households
from passerelle.programs.referral.routes import router as referral
from passerelle.programs.routes import router as programs
from passerelle.programs.transfers.routes import router as transfers
from tests.conftest import Shop
from tests.programs.conftest import Teller

ALL = {"referral": {"friend": {"amount": 1}}, "birthday": {}, "transfers": {}, "households": {}}


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the owner's program."""
    app = FastAPI()
    app.state.edge = Edge(database, settings, organizations.authenticate)
    install_problems(app)
    for router in (programs, achievements, referral, households, transfers):
        app.include_router(router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened


async def _program(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    body = {"name": "Club", "kind": "points", "settings": ALL, **fields}
    answer = await client.post("/api/v1/programs", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def _member(database: Database, shop: Shop, client: httpx.AsyncClient, program_id: str, **fields: Any) -> Any:
    async with database.transaction(shop.organization_id) as tx:
        customer_id = encode("cus", await Teller(tx).customer())
    body = {"customer_id": customer_id, **fields}
    return (await client.post(f"/api/v1/programs/{program_id}/members", json=body)).json()


async def test_settings_are_kept_part_by_part(client: httpx.AsyncClient) -> None:
    made = await _program(client)
    assert made["settings"]["referral"]["within_days"] == 30
    assert made["settings"]["birthday"] == {
        "prize": {"amount": 0, "unit": None},
        "send_hour": 9,
        "leap_day": "feb_28",
        "settled_days": 30,
    }
    address = f"/api/v1/programs/{made['id']}"
    changed = (await client.patch(address, json={"settings": {"transfers": None}})).json()
    assert changed["settings"] == made["settings"] | {"transfers": None}


@pytest.mark.parametrize(
    ("part", "status", "code"),
    [
        ({"referral": {"friend": {"amount": 1, "unit": "stars"}}}, 404, "unit_not_found"),
        ({"birthday": {"prize": {"amount": 1, "unit": "stars"}}}, 404, "unit_not_found"),
        ({"households": {"units": ["stars"]}}, 404, "unit_not_found"),
        ({"transfers": {"units": ["stars"]}}, 404, "unit_not_found"),
        ({"transfers": {"minimum": 5, "maximum": 4}}, 422, "invalid_request"),
        ({"birthday": {"send_hour": 24}}, 422, "invalid_request"),
        ({"birthday": {"prize": {"amount": -1}}}, 422, "invalid_request"),
        ({"referral": {"surprise": 1}}, 422, "invalid_request"),
        ({"households": {"max_members": 1}}, 422, "invalid_request"),
    ],
)
async def test_settings_that_cannot_be_are_refused(
    client: httpx.AsyncClient, part: dict[str, Any], status: int, code: str
) -> None:
    answer = await client.post("/api/v1/programs", json={"name": "Club", "kind": "points", "settings": part})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    made = await _program(client)
    answer = await client.patch(f"/api/v1/programs/{made['id']}", json={"settings": part})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get(f"/api/v1/programs/{made['id']}")).json() == made


async def test_a_friend_joins_with_a_code(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    program = await _program(client)
    referrer = await _member(database, shop, client, program["id"])
    assert referrer["referral"] is None
    shared = (await client.post(f"/api/v1/members/{referrer['id']}/referral-code")).json()
    assert shared["url"] == f"http://testserver/join/{program['id']}?ref={shared['code']}"
    friend = await _member(database, shop, client, program["id"], referral_code=shared["code"].upper())
    assert friend["referral"] == {"state": "joined", "reason": None}
    [item] = (await client.get(f"/api/v1/members/{referrer['id']}/referrals")).json()["items"]
    assert (item["friend_id"], item["state"]) == (friend["id"], "joined")
    listed = (await client.get(f"/api/v1/programs/{program['id']}/referrals")).json()["items"]
    assert listed == [item]
    figures = (await client.get(f"/api/v1/programs/{program['id']}/referrals/figures")).json()
    assert (figures["joined"], figures["rewarded"]) == (1, 0)
    unknown = await _member(database, shop, client, program["id"], referral_code="nobody")
    assert unknown["code"] == "referral_code_not_found"


async def test_a_goal_is_set_changed_and_followed(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    program = await _program(client)
    address = f"/api/v1/programs/{program['id']}/achievements"
    definition = {"type": "goal", "metric": "items", "target": 10, "window": "month", "skus": ["espresso"]}
    body = {"name": "Barista", "names": {"fr": "Barista !"}, "definition": definition, "prize": {"amount": 5}}
    made = (await client.post(address, json=body)).json()
    assert made["definition"] == definition | {"categories": []}
    assert (made["unit"], made["amount"], made["repeatable"]) == ("points", 5, False)
    member = await _member(database, shop, client, program["id"])
    progress = await client.get(f"/api/v1/members/{member['id']}/achievements", headers={"Accept-Language": "fr"})
    assert progress.json()["items"] == [
        {
            "achievement_id": made["id"],
            "name": "Barista !",
            "badge": None,
            "definition": made["definition"],
            "current": 0,
            "target": 10,
            "best": None,
            "times": 0,
            "last_awarded_at": None,
        }
    ]
    changed = await client.patch(f"/api/v1/achievements/{made['id']}", json={"active": False})
    assert changed.json() == made | {"active": False}
    assert (await client.get(address)).json()["items"] == [made | {"active": False}]


@pytest.mark.parametrize(
    "fields",
    [
        {"definition": {"type": "goal", "metric": "visits", "target": 0}},
        {"definition": {"type": "goal", "metric": "visits", "target": 1, "skus": ["x"]}},
        {"definition": {"type": "streak", "unit": "day", "length": 1}},
        {"definition": {"type": "streak", "unit": "year", "length": 2}},
        {"definition": {"type": "goal", "metric": "visits", "target": 1}, "prize": {"amount": 0}},
    ],
)
async def test_goals_that_cannot_be_are_refused(client: httpx.AsyncClient, fields: dict[str, Any]) -> None:
    program = await _program(client)
    body = {"name": "Goal", "prize": {"amount": 1}, **fields}
    answer = await client.post(f"/api/v1/programs/{program['id']}/achievements", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_household_over_http(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    program = await _program(client)
    head, other = [(await _member(database, shop, client, program["id"]))["id"] for _ in range(2)]
    made = (await client.post(f"/api/v1/members/{head}/household", json={"name": "Home"})).json()
    joined = await client.post(f"/api/v1/members/{other}/household/join", json={"code": made["code"]})
    assert [(each["membership_id"], each["is_head"]) for each in joined.json()["members"]] == [
        (head, True),
        (other, False),
    ]
    await client.post(f"/api/v1/members/{head}/adjustments", json={"amount": 7, "reason": "test"})
    assert (await client.get(f"/api/v1/households/{made['id']}")).json()["pooled"] == [
        {"unit": "points", "name": "points", "active": 7}
    ]
    [balance] = (await client.get(f"/api/v1/members/{other}")).json()["balances"]
    assert (balance["active"], balance["pooled"]) == (0, 7)
    role = await client.patch(f"/api/v1/households/{made['id']}/members/{other}", json={"role": "child"})
    assert role.json()["members"][1]["role"] == "child"
    renamed = await client.patch(f"/api/v1/households/{made['id']}", json={"name": "Ours"})
    assert renamed.json()["name"] == "Ours"
    left = await client.post(f"/api/v1/members/{other}/household/leave")
    assert (left.status_code, left.content) == (204, b"")
    again = await client.post(f"/api/v1/members/{other}/household/leave")
    assert again.json()["code"] == "not_in_household"


async def test_a_transfer_over_http(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    program = await _program(client)
    giver, receiver = [(await _member(database, shop, client, program["id"]))["id"] for _ in range(2)]
    await client.post(f"/api/v1/members/{giver}/adjustments", json={"amount": 7, "reason": "test"})
    body = {"to_membership_id": receiver, "amount": 5, "reference": "transfer-1"}
    given = await client.post(f"/api/v1/members/{giver}/transfers", json=body)
    assert (given.status_code, given.json()["unit"], given.json()["to_membership_id"]) == (201, "points", receiver)
    [history] = (await client.get(f"/api/v1/members/{receiver}/ledger")).json()["items"]
    assert history["movements"] == [{"unit": "points", "amount": 5}]
    assert (await client.get(f"/api/v1/members/{receiver}/transfers")).json()["items"] == [given.json()]
    undone = await client.post(f"/api/v1/member-transfers/{given.json()['id']}/undo")
    assert undone.json()["undone_at"] is not None
    for wrong in (
        {"amount": 5},
        {"amount": 0, "to_code": "x"},
        {"to_code": "x", "to_membership_id": receiver, "amount": 1},
    ):
        answer = await client.post(f"/api/v1/members/{giver}/transfers", json=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_retried_household_is_the_same(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    program = await _program(client)
    head = (await _member(database, shop, client, program["id"]))["id"]
    address, headers = f"/api/v1/members/{head}/household", {"Idempotency-Key": "once"}
    answers = [(await client.post(address, json={"name": "Home"}, headers=headers)).json() for _ in range(2)]
    assert answers[0] == answers[1]


async def test_other_tenants_see_nothing(
    client: httpx.AsyncClient, database: Database, shop: Shop, other_shop: Shop
) -> None:
    program = await _program(client)
    head = (await _member(database, shop, client, program["id"]))["id"]
    household = (await client.post(f"/api/v1/members/{head}/household", json={"name": "Home"})).json()["id"]
    for address in (
        f"/api/v1/households/{household}",
        f"/api/v1/members/{head}/achievements",
        f"/api/v1/members/{head}/referrals",
        f"/api/v1/members/{head}/transfers",
        f"/api/v1/programs/{program['id']}/achievements",
        f"/api/v1/programs/{program['id']}/referrals",
        f"/api/v1/programs/{program['id']}/referrals/figures",
    ):
        assert (await client.get(address, headers=other_shop.headers)).status_code == 404


async def test_a_till_may_not(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        _, key = await organizations.create_api_key(tx, ApiKeyIn(name="Till", scopes=["scans:write"]))
    headers = {"Authorization": f"Bearer {key}"}
    member = encode("mem", new_id())
    for address, body in (
        ("referral-code", None),
        ("household", {"name": "Home"}),
        ("transfers", {"to_code": "x", "amount": 1}),
    ):
        answer = await client.post(f"/api/v1/members/{member}/{address}", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")

"""Whoever knows an id of another shop learns nothing and changes nothing; keys open what they were given for."""

import struct
import zlib
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from passerelle.kit import clock
from tests.conftest import PASSWORD
from tests.journeys.conftest import Town
from tests.journeys.problems import problem_of
from tests.journeys.shopkeeper import Json, Member
from tests.journeys.walk import calls

_ENDLESS = {"GET /api/v1/live"}  # a stream of the caller's own tenant: it has no end to wait for
# Searches: for another shop's program they find nobody.
_SEARCHES = {"POST /api/v1/customers/directory", "POST /api/v1/customers/directory/export"}
# Takes or refuses each thing by itself: the answer to the whole is a success.
_EACH_BY_ITSELF = {"POST /api/v1/receipts/batch"}
_OPERATORS_ONLY = {
    "POST /api/v1/programs/{program_id}/own-card",
    "POST /api/v1/coupon-campaigns/{campaign_id}/own-card",
    "POST /api/v1/gift-card-products/{product_id}/own-card",
}
_PUBLIC = {
    "POST /api/v1/organizations",
    "POST /api/v1/sessions",
    "GET /api/v1/sign-in-options",
    "POST /api/v1/sessions/passkey/options",
    "POST /api/v1/sessions/passkey",
    "POST /api/v1/invitations/read",
    "POST /api/v1/invitations/accept",
    "POST /api/v1/password-resets",
    "POST /api/v1/password-resets/use",
    "GET /images/{organization_id}/{digest}.png",
}


@pytest_asyncio.fixture(scope="module")
async def document(town: Town) -> Json:
    return dict((await town.public.get("/openapi.json")).json())


@pytest_asyncio.fixture(scope="module")
async def ids(town: Town) -> Json:
    """One thing of every kind, of the own shop."""
    shop = town.shopkeeper
    member: Member = await shop.join(town.stamps)
    for _ in range(3):
        purchase = (await shop.pay(member))["purchase"]
    reward_id = await shop.reward(member)
    redeemed = await shop.must("POST", "/api/v1/scans/redemptions", {"code": member.code, "reward_id": reward_id})
    picture = await shop.http.post("/api/v1/images", content=_png(), headers={"Content-Type": "image/png"})
    links = await shop.must("GET", "/api/v1/links?limit=1")
    ladder = {"program_id": member.program_id, "name": "Status", "basis": "spend"}
    tiers = await shop.must(
        "POST", "/api/v1/tier-sets", ladder | {"tiers": [{"name": member.code, "threshold": 10**9}]}
    )
    offer = {"name": "Gift card", "amounts": {"amounts_minor": [5000]}}
    product = await shop.must("POST", "/api/v1/gift-card-products", offer)
    gift = await shop.must("POST", "/api/v1/gift-cards", {"product_id": product["id"], "amount_minor": 5000})
    hold = await shop.must("POST", f"/api/v1/gift-cards/{gift['id']}/holds", {"amount_minor": 1000})
    paid = await shop.must(
        "POST", f"/api/v1/gift-cards/{gift['id']}/activities", {"type": "REDEEM", "amount_minor": 1}
    )
    return {
        "code": member.code,
        "program_id": member.program_id,
        "template_id": member.template_id,
        "customer_id": member.customer_id,
        "membership_id": member.membership_id,
        "pass_id": member.pass_id,
        "purchase_id": purchase["id"],
        "reward_id": reward_id,
        "issued_reward_id": redeemed["id"],
        "image_id": picture.json()["id"],
        "tier_set_id": tiers["id"],
        "tier_id": tiers["tiers"][0]["id"],
        "link_id": links["items"][0]["id"],
        "location_id": (await shop.must("POST", "/api/v1/locations", {"name": member.code}))["id"],
        "operator_id": (await shop.must("GET", "/api/v1/operators"))["items"][0]["id"],
        "api_key_id": (await shop.must("GET", "/api/v1/api-keys"))["items"][0]["id"],
        "product_id": product["id"],
        "gift_card_id": gift["id"],
        "hold_id": hold["id"],
        "activity_id": paid["id"],
        "version": 1,
    }


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 64, 64, 8, 6, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x20\x40\x60\xff" * 64) * 64)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


async def _state(town: Town, document: Json) -> dict[str, str]:
    """Every list of the own shop."""
    lists = [
        path
        for path, verbs in document["paths"].items()
        if "get" in verbs and "{" not in path and f"GET {path}" not in _ENDLESS
    ]
    return {path: (await town.shopkeeper.http.get(path)).text for path in lists}


async def test_ids_of_another_shop_are_unknown_and_untouched(town: Town, document: Json, ids: Json) -> None:
    before = await _state(town, document)
    faults = []
    for call in calls(document, ids):
        if not call.names_ids or call.name in _PUBLIC | _SEARCHES:
            continue
        answer = await town.rival.http.request(call.method, call.path, json=call.body)
        secrets = [value for name, value in ids.items() if name != "version" and value not in call.path]
        leaked = [value for value in secrets if str(value) in answer.text]
        expected = {404, 422} | ({403} if call.name in _OPERATORS_ONLY else set())
        if call.name in _EACH_BY_ITSELF:
            expected = {200} if {one["receipt"] for one in answer.json()["items"]} == {None} else set()
        if answer.status_code not in expected or leaked:
            faults.append(f"{call.name}: {answer.status_code} {leaked}")
    assert faults == []
    assert await _state(town, document) == before


async def test_filters_by_another_shops_ids_find_nothing(town: Town, document: Json, ids: Json) -> None:
    asked = 0
    for path, operations in document["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", []):
            if parameter["in"] == "query" and parameter["name"] in ids and "{" not in path:
                answer = await town.rival.http.get(path, params={parameter["name"]: ids[parameter["name"]]})
                assert answer.status_code in {404, 422} or answer.json()["items"] == []
                asked += 1
    assert asked


async def test_a_key_without_the_scope_is_refused_on_every_route(town: Town, document: Json, ids: Json) -> None:
    made = [await town.shopkeeper.key(scope) for scope in ("events:read", "customers:export")]
    faults = []
    for call in calls(document, ids):
        if call.name in _PUBLIC:
            continue
        statuses = []
        for key in made:
            headers = {"Authorization": f"Bearer {key['api_key']}"}
            answer = await town.public.request(call.method, call.path, json=call.body, headers=headers)
            statuses.append(answer.status_code)
        if 403 not in statuses or not set(statuses) <= {200, 201, 403}:
            faults.append(f"{call.name}: {statuses}")
    assert faults == []


async def test_nobody_is_let_in_without_a_credential(town: Town, document: Json, ids: Json) -> None:
    faults = []
    for call in calls(document, ids):
        if call.name in _PUBLIC:
            continue
        answer = await town.public.request(call.method, call.path, json=call.body)
        if answer.status_code != 401:
            faults.append(f"{call.name}: {answer.status_code}")
    assert faults == []


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "Bearer",
        "Bearer x",
        "Basic eDp5",
        "Bearer key_" + "A" * 80,
        "Bearer ses_" + "A" * 64,
        "Bearer " + "x" * 50_000,
    ],
)
async def test_a_made_up_credential_is_401(town: Town, credential: str) -> None:
    answer = await town.public.get("/api/v1/me", headers={"Authorization": credential})
    assert problem_of(answer)["code"] == "unauthenticated"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_revoked_and_expired_keys_are_401(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = town.shopkeeper
    revoked = await shop.key("organization:read")
    await shop.must("DELETE", f"/api/v1/api-keys/{revoked['id']}")
    expiring = await shop.key("organization:read", expires_at=(clock.now() + timedelta(minutes=1)).isoformat())
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    for key in (revoked, expiring):
        headers = {"Authorization": f"Bearer {key['api_key']}"}
        assert problem_of(await town.public.get("/api/v1/me", headers=headers))["status"] == 401


async def test_a_key_cannot_give_what_it_does_not_have(town: Town) -> None:
    shop = town.shopkeeper
    keys = await shop.key("keys:write")
    headers = {"Authorization": f"Bearer {keys['api_key']}"}
    more = {"name": "More", "scopes": ["customers:erase"]}
    assert problem_of(await town.public.post("/api/v1/api-keys", json=more, headers=headers))
    people = await shop.key("operators:write")
    headers = {"Authorization": f"Bearer {people['api_key']}"}
    owner = {"name": "Eve", "email": "eve@example.com", "role": "owner", "password": PASSWORD}
    answer = await town.public.post("/api/v1/operators", json=owner, headers=headers)
    assert problem_of(answer)["status"] in {403, 422}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Origin": "{base}"}, 201),
    ],
)
async def test_a_cookie_alone_writes_nothing_from_a_foreign_page(
    town: Town, headers: dict[str, str], status: int
) -> None:
    base = str(town.stage.http.base_url).rstrip("/")
    async with httpx.AsyncClient(base_url=base) as browser:
        signed_in = await browser.post("/api/v1/sessions", json={"email": town.own.email, "password": PASSWORD})
        assert signed_in.status_code == 204
        sent = {name: value.format(base=base) for name, value in headers.items()}
        name = f"{sorted(sent.items())}"[:90]
        assert (await browser.post("/api/v1/locations", json={"name": name}, headers=sent)).status_code == status

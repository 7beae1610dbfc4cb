"""Own sessions, own password, what the door says."""

import httpx

from passerelle.kit.pacing import Budget
from passerelle.organizations.sessions import routes
from tests.conftest import PASSWORD, Shop
from tests.organizations.conftest import Browser, OpenBrowser


async def _sign_in(browser: Browser, shop: Shop, password: str = PASSWORD) -> int:
    answer = await browser.post("/api/v1/sessions", json={"email": shop.email, "password": password})
    return answer.status_code


async def test_one_sees_where_one_is_signed_in_and_signs_out_elsewhere(
    owner: Browser, open_browser: OpenBrowser, shop: Shop
) -> None:
    others = [await open_browser() for _ in range(3)]
    for browser in others:
        assert await _sign_in(browser, shop) == 204
    listed = (await owner.get("/api/v1/me/sessions")).json()["items"]
    assert [each["current"] for each in listed] == [False, False, False, True]
    assert {each["browser"] for each in listed} == {"Firefox on a test"}
    assert (await owner.delete(f"/api/v1/me/sessions/{listed[0]['id']}")).status_code == 204
    assert (await others[2].get("/api/v1/me")).status_code == 401
    assert (await others[1].get("/api/v1/me")).status_code == 200
    assert (await owner.post("/api/v1/me/sessions/end-others")).status_code == 204
    assert [(await browser.get("/api/v1/me")).status_code for browser in (*others, owner)] == [401, 401, 401, 200]


async def test_nobody_ends_the_session_of_another(
    owner: Browser, client: httpx.AsyncClient, open_browser: OpenBrowser, shop: Shop
) -> None:
    new = {"name": "Sam", "email": f"sam-{shop.email}", "role": "cashier", "password": PASSWORD}
    await client.post("/api/v1/operators", json=new)
    sam = await open_browser()
    await sam.post("/api/v1/sessions", json={"email": new["email"], "password": PASSWORD})
    [owners] = (await owner.get("/api/v1/me/sessions")).json()["items"]
    refused = await sam.delete(f"/api/v1/me/sessions/{owners['id']}")
    assert (refused.status_code, refused.json()["code"]) == (404, "session_not_found")
    assert (await client.get("/api/v1/me/sessions")).json()["code"] == "operators_only"


async def test_an_own_password_is_changed_with_the_present_one(
    owner: Browser, open_browser: OpenBrowser, shop: Shop
) -> None:
    other = await open_browser()
    await _sign_in(other, shop)
    new = "a completely new one"
    wrong = await owner.post("/api/v1/me/password", json={"current": "not this one", "new": new})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in_failed")
    assert (await owner.post("/api/v1/me/password", json={"current": PASSWORD, "new": new})).status_code == 204
    assert (await other.get("/api/v1/me")).status_code == 401
    assert (await owner.get("/api/v1/me")).status_code == 200
    assert [await _sign_in(await open_browser(), shop, each) for each in (PASSWORD, new)] == [401, 204]


async def test_an_own_name_is_changed_by_anybody(owner: Browser, client: httpx.AsyncClient) -> None:
    assert (await owner.patch("/api/v1/me", json={"name": "Ada L."})).json()["name"] == "Ada L."
    assert (await owner.get("/api/v1/me")).json()["name"] == "Ada L."
    assert (await client.patch("/api/v1/me", json={"name": "x"})).status_code == 403


async def test_one_address_may_not_try_for_ever(open_browser: OpenBrowser, shop: Shop) -> None:
    before = vars(routes)["_attempts"]
    vars(routes)["_attempts"] = Budget(2)
    try:
        browser = await open_browser()
        statuses = [await _sign_in(browser, shop, "not this one") for _ in range(3)]
    finally:
        vars(routes)["_attempts"] = before
    assert statuses == [401, 401, 429]


async def test_the_door_says_what_it_offers(open_browser: OpenBrowser) -> None:
    answer = await (await open_browser()).get("/api/v1/sign-in-options")
    assert answer.json() == {"sign_up": True, "setup": False, "passkeys": False, "mail": False}


async def test_a_sign_in_is_logged_as_done_by_the_person(client: httpx.AsyncClient, owner: Browser) -> None:
    me = (await owner.get("/api/v1/me")).json()
    [entry] = (await client.get("/api/v1/events", params={"name": "operator.signed_in"})).json()["items"]
    assert (entry["actor"], entry["actor_name"]) == (me["actor"], me["name"])


async def test_operators_see_their_own_address_and_keys_none(
    owner: Browser, client: httpx.AsyncClient, shop: Shop
) -> None:
    assert (await owner.get("/api/v1/me")).json()["email"] == shop.email
    assert (await client.get("/api/v1/me")).json()["email"] is None

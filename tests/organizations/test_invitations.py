"""Coming to work here by a link that opens once."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from passerelle.kit import clock
from passerelle.organizations.rules import INVITATION_LIFE
from tests.conftest import PASSWORD, Shop
from tests.organizations.conftest import OpenBrowser


async def _invite(client: httpx.AsyncClient, email: str, role: str = "cashier", **headers: str) -> httpx.Response:
    return await client.post("/api/v1/invitations", json={"email": email, "role": role}, headers=headers)


def _token(answer: httpx.Response) -> str:
    address, _, token = answer.json()["url"].partition("#")
    assert address == "http://testserver/app/invitation"
    return str(token)


def _person(token: str) -> dict[str, str]:
    return {"token": token, "name": "Sam", "password": PASSWORD}


async def test_an_invitation_is_read_and_accepted_once(
    client: httpx.AsyncClient, open_browser: OpenBrowser, shop: Shop
) -> None:
    email = f"Sam-{shop.email}"
    made = await _invite(client, email, "manager")
    assert (made.status_code, made.json()["mailed"]) == (201, False)
    sam = await open_browser()
    read = await sam.post("/api/v1/invitations/read", json={"token": _token(made)})
    assert read.json()["organization_name"] == "Café Central"
    assert (read.json()["email"], read.json()["role"]) == (email.lower(), "manager")
    assert (await sam.post("/api/v1/invitations/accept", json=_person(_token(made)))).status_code == 204
    me = (await sam.get("/api/v1/me")).json()
    assert (me["name"], me["role"]) == ("Sam", "manager")
    again = await (await open_browser()).post("/api/v1/invitations/accept", json=_person(_token(made)))
    assert (again.status_code, again.json()["code"]) == (410, "link_invalid")
    listed = await client.get("/api/v1/invitations")
    assert listed.json()["items"] == []
    taken = await _invite(client, email)
    assert (taken.status_code, taken.json()["code"]) == (409, "operator_email_taken")
    events = (await client.get("/api/v1/events?about=invitation")).json()["items"]
    assert [event["name"] for event in events] == ["invitation.accepted", "invitation.made"]
    assert [event["actor_name"] for event in events] == ["Sam", "First key"]


async def test_of_two_who_accept_at_once_one_comes_in(
    client: httpx.AsyncClient, open_browser: OpenBrowser, shop: Shop
) -> None:
    token = _token(await _invite(client, f"sam-{shop.email}"))
    browsers = [await open_browser() for _ in range(3)]
    answers = await asyncio.gather(
        *(browser.post("/api/v1/invitations/accept", json=_person(token)) for browser in browsers)
    )
    assert sorted(answer.status_code for answer in answers) == [204, 410, 410]


@pytest.mark.parametrize("end", ["revoked", "replaced", "too old", "tampered", "foreign"])
async def test_a_link_that_is_no_longer_good_says_only_that(
    client: httpx.AsyncClient, open_browser: OpenBrowser, shop: Shop, other_shop: Shop, end: str
) -> None:
    email = f"sam-{shop.email}"
    made = await _invite(client, email)
    token, now = _token(made), clock.now()
    match end:
        case "revoked":
            await client.delete(f"/api/v1/invitations/{made.json()['id']}")
        case "replaced":
            await _invite(client, email)
        case "too old":
            now += INVITATION_LIFE + timedelta(seconds=1)
        case "tampered":
            token = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
        case _:
            theirs = _token(await _invite(client, email, **other_shop.headers))
            token = theirs[:26] + token[26:]  # their organization, our proof
    browser = await open_browser()
    with clock.frozen(now):
        for path in ("read", "accept"):
            body = {"token": token} if path == "read" else _person(token)
            answer = await browser.post(f"/api/v1/invitations/{path}", json=body)
            assert (answer.status_code, answer.json()["code"]) == (410, "link_invalid")


@pytest.mark.parametrize("token", ["x" * 20, "inv_" + "A" * 86, "inv_AAAA" + "é" * 20, "pwr_" + "A" * 86])
async def test_a_made_up_link(open_browser: OpenBrowser, token: str) -> None:
    browser = await open_browser()
    answer = await browser.post("/api/v1/invitations/read", json={"token": token})
    assert (answer.status_code, answer.json()["code"]) == (410, "link_invalid")


async def test_nobody_invites_somebody_who_may_more(client: httpx.AsyncClient, shop: Shop) -> None:
    made = await client.post("/api/v1/api-keys", json={"name": "people", "scopes": ["operators:write"]})
    weak = {"Authorization": f"Bearer {made.json()['api_key']}"}
    answer = await _invite(client, f"sam-{shop.email}", "owner", **weak)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_yours")


async def test_a_foreign_invitation_is_not_found(client: httpx.AsyncClient, other_shop: Shop) -> None:
    theirs = (await _invite(client, "x@example.com", **other_shop.headers)).json()["id"]
    answer = await client.delete(f"/api/v1/invitations/{theirs}")
    assert (answer.status_code, answer.json()["code"]) == (404, "invitation_not_found")


async def test_the_last_owner_stays(client: httpx.AsyncClient) -> None:
    [owner] = (await client.get("/api/v1/operators")).json()["items"]
    for change in ({"disabled": True}, {"role": "cashier"}):
        answer = await client.patch(f"/api/v1/operators/{owner['id']}", json=change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")

"""Check-ins over HTTP: settings, gates, who is in, undo, history, personal data."""

from typing import Any

import httpx
import pytest

from passerelle.kit import clock
from tests.conftest import Shop

Json = dict[str, Any]
_CHECK_INS = "/api/v1/check-ins"


async def post(client: httpx.AsyncClient, path: str, body: Json | None = None, **headers: str) -> Json:
    """A write that must succeed."""
    answer = await client.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def club(client: httpx.AsyncClient, name: str = "Club", **settings: Any) -> str:
    """A location that takes check-ins; its id."""
    body = {"name": name, "latitude": 48.8566, "longitude": 2.3522}
    location: str = (await post(client, "/api/v1/locations", body))["id"]
    answer = await client.put(f"/api/v1/locations/{location}/check-in", json=settings)
    assert answer.status_code == 200, answer.text
    return location


async def customer(client: httpx.AsyncClient, name: str = "Lina") -> str:
    made: str = (await post(client, "/api/v1/customers", {"first_name": name}))["id"]
    return made


async def key(client: httpx.AsyncClient, *scopes: str, location_id: str | None = None) -> dict[str, str]:
    body = {"name": "Gate", "scopes": list(scopes), "location_id": location_id}
    return {"Authorization": f"Bearer {(await post(client, '/api/v1/api-keys', body))['api_key']}"}


async def test_a_card_comes_and_goes(client: httpx.AsyncClient) -> None:
    place = await club(client, capacity=30)
    program = await post(client, "/api/v1/programs", {"name": "Gym", "kind": "points"})
    lina = await customer(client)
    member = await post(client, f"/api/v1/programs/{program['id']}/members", {"customer_id": lina})
    card = await post(client, "/api/v1/passes", {"membership_id": member["id"]})
    gate = await key(client, "checkins:write", location_id=place)
    came = await post(client, _CHECK_INS, {"code": card["code"], "reference": "g-1"}, **gate)
    assert (came["direction"], came["inside"], came["capacity"], came["customer_name"]) == ("in", 1, 30, "Lina")
    again = await post(client, _CHECK_INS, {"code": card["code"], "reference": "g-1"}, **gate)
    assert again["check_in"]["id"] == came["check_in"]["id"]
    twice = await client.post(_CHECK_INS, json={"code": card["code"], "direction": "in"}, headers=gate)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_checked_in")
    went = await post(client, _CHECK_INS, {"code": card["code"]}, **gate)
    assert (went["direction"], went["inside"], went["check_in"]["state"]) == ("out", 0, "out")
    undone = await post(client, f"{_CHECK_INS}/{went['check_in']['id']}/undo", None, **gate)
    assert (undone["direction"], undone["inside"]) == ("in", 1)


async def test_who_is_in(client: httpx.AsyncClient) -> None:
    place = await club(client, capacity=5)
    people = [await customer(client, name) for name in ("Lina", "Omar", "Zoé")]
    for each in people:
        await post(client, _CHECK_INS, {"customer_id": each, "location_id": place})
    await post(client, _CHECK_INS, {"customer_id": people[1], "location_id": place})
    seen = (await client.get(f"/api/v1/locations/{place}/presence", params={"limit": 1})).json()
    assert (seen["inside"], seen["capacity"], [one["customer_name"] for one in seen["items"]]) == (2, 5, ["Zoé"])
    following = {"limit": 2, "cursor": seen["next"]}
    rest = (await client.get(f"/api/v1/locations/{place}/presence", params=following)).json()
    assert ([one["customer_name"] for one in rest["items"]], rest.get("next")) == (["Lina"], None)
    [listed] = (await client.get("/api/v1/check-in-places")).json()["items"]
    assert (listed["location_id"], listed["inside"]) == (place, 2)


async def test_the_list_has_filters(client: httpx.AsyncClient) -> None:
    one, other = await club(client), await club(client, "Annex")
    lina, omar = await customer(client), await customer(client, "Omar")
    begin = clock.now()
    for who, place in ((lina, one), (omar, one), (lina, other), (omar, one)):
        await post(client, _CHECK_INS, {"customer_id": who, "location_id": place})

    async def found(**filters: Any) -> list[tuple[str, str]]:
        answer = await client.get(_CHECK_INS, params=filters)
        assert answer.status_code == 200, answer.text
        return [(each["customer_id"], each["location_id"]) for each in answer.json()["items"]]

    assert await found() == [(lina, other), (omar, one), (lina, one)]
    assert await found(customer_id=lina, location_id=one) == [(lina, one)]
    assert await found(state="out") == [(omar, one)]
    assert await found(way="self") == []
    assert await found(until=begin.isoformat()) == []
    assert len(await found(since=begin.isoformat())) == 3
    page = (await client.get(_CHECK_INS, params={"limit": 2})).json()
    rest = (await client.get(_CHECK_INS, params={"limit": 2, "cursor": page["next"]})).json()
    assert [each["customer_id"] for each in rest["items"]] == [lina]
    first = page["items"][0]["id"]
    assert (await client.get(f"{_CHECK_INS}/{first}")).json()["id"] == first


async def test_staff_undo_their_own_for_a_while(client: httpx.AsyncClient) -> None:
    place, lina = await club(client), await customer(client)
    one, other = [await key(client, "checkins:write", location_id=place) for _ in range(2)]
    came = await post(client, _CHECK_INS, {"customer_id": lina}, **one)
    refused = await client.post(f"{_CHECK_INS}/{came['check_in']['id']}/undo", headers=other)
    assert (refused.status_code, refused.json()["code"]) == (403, "undo_not_yours")
    undone = await post(client, f"{_CHECK_INS}/{came['check_in']['id']}/undo", None, **one)
    assert (undone["check_in"]["state"], undone["inside"]) == ("undone", 0)


async def test_the_history_of_a_customer_and_their_data(client: httpx.AsyncClient) -> None:
    place, lina = await club(client), await customer(client)
    await post(client, _CHECK_INS, {"customer_id": lina, "location_id": place})
    [entry] = (await client.get(f"/api/v1/customers/{lina}/timeline", params={"kind": "check_in"})).json()["items"]
    assert (entry["kind"], entry["location_name"], entry["state"]) == ("check_in", "Club", "in")
    data = (await client.get(f"/api/v1/customers/{lina}/export")).json()["data"]
    assert [one["location"] for one in data["check_ins"]] == ["Club"]
    erased = await client.post(f"/api/v1/customers/{lina}/erase")
    assert erased.is_success, erased.text
    assert (await client.get(_CHECK_INS)).json()["items"] == []


async def test_two_entries_of_one_person_are_in_once(client: httpx.AsyncClient) -> None:
    place, kept, merged = await club(client), await customer(client), await customer(client)
    for each in (kept, merged):
        await post(client, _CHECK_INS, {"customer_id": each, "location_id": place})
    await post(client, f"/api/v1/customers/{kept}/merge", {"customer_id": merged})
    seen = (await client.get(f"/api/v1/locations/{place}/presence")).json()
    assert (seen["inside"], [one["customer_id"] for one in seen["items"]]) == (1, [kept])


@pytest.mark.parametrize(
    "body",
    [
        {"direction": "in"},
        {"code": "x", "customer_id": "cus_01k9zzzzzzzzzzzzzzzzzzzzzz"},
        {"code": "x", "direction": "sideways"},
        {"code": "x", "reference": "with blanks"},
        {"code": "x", "at": "2026-06-05T12:00:00"},
        {"code": "x", "more": 1},
    ],
)
async def test_what_is_not_of_the_shape_is_refused(client: httpx.AsyncClient, body: Json) -> None:
    answer = await client.post(_CHECK_INS, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    "wanted", [{"capacity": 0}, {"longest_minutes": 4}, {"radius_m": 19}, {"per_day": 0}, {"self_by": "nfc"}]
)
async def test_settings_have_bounds(client: httpx.AsyncClient, wanted: Json) -> None:
    location = (await post(client, "/api/v1/locations", {"name": "Club"}))["id"]
    answer = await client.put(f"/api/v1/locations/{location}/check-in", json=wanted)
    assert answer.status_code == 422


async def test_shops_do_not_see_each_other(client: httpx.AsyncClient, other_shop: Shop) -> None:
    place, lina = await club(client), await customer(client)
    came = await post(client, _CHECK_INS, {"customer_id": lina, "location_id": place})
    asked = [
        client.get(f"{_CHECK_INS}/{came['check_in']['id']}", headers=other_shop.headers),
        client.get(f"/api/v1/locations/{place}/presence", headers=other_shop.headers),
        client.post(f"{_CHECK_INS}/{came['check_in']['id']}/undo", headers=other_shop.headers),
    ]
    assert [(await each).status_code for each in asked] == [404, 404, 404]
    assert (await client.get(_CHECK_INS, headers=other_shop.headers)).json()["items"] == []


async def test_reading_and_booking_want_their_scopes(client: httpx.AsyncClient) -> None:
    place, lina = await club(client), await customer(client)
    reader = await key(client, "checkins:read")
    refused = await client.post(_CHECK_INS, json={"customer_id": lina, "location_id": place}, headers=reader)
    assert refused.status_code == 403
    gate = await key(client, "checkins:write")
    assert (await client.get(_CHECK_INS, headers=gate)).status_code == 403
    refused = await client.put(f"/api/v1/locations/{place}/check-in", json={}, headers=gate)
    assert refused.status_code == 403


async def test_what_is_put_up(client: httpx.AsyncClient) -> None:
    place = await club(client)
    base = f"/api/v1/locations/{place}/check-in"
    assert (await client.get(f"{base}/code")).json()["code"] == "check_in_is_off"
    await client.put(base, json={"self_by": "printed", "radius_m": 80})
    url = (await client.get(f"{base}/code")).json()["url"]
    assert "/check-in/" in url
    assert "/screen/" in (await client.get(f"{base}/screen")).json()["url"]
    png = await client.get(f"{base}/qr.png")
    assert (png.status_code, png.content[:4]) == (200, b"\x89PNG")
    poster = await client.get(f"{base}/poster.svg", params={"lang": "fr"})
    assert poster.status_code == 200, poster.text
    assert (await client.get(f"{base}/poster.svg", params={"lang": "ar"})).content != poster.content
    await post(client, f"{base}/renew-code")
    assert (await client.get(f"{base}/code")).json()["url"] != url

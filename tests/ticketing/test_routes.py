"""Ticketing over HTTP: events, tickets, and the gate."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from passerelle.kit import clock
from tests.conftest import Shop

Json = dict[str, Any]
_EVENTS, _TICKETS, _SCANS = "/api/v1/ticketed-events", "/api/v1/tickets", "/api/v1/scans"


async def post(client: httpx.AsyncClient, path: str, body: Json | None = None, **headers: str) -> Json:
    """A write that must succeed."""
    answer = await client.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def event(client: httpx.AsyncClient, **fields: Any) -> Json:
    starts_at = (clock.now() + timedelta(hours=1)).isoformat()
    new = {"name": "Opening night", "names": {"fr": "Soirée"}, "venue_name": "Hall", "starts_at": starts_at}
    return await post(client, _EVENTS, new | fields)


async def ticket(client: httpx.AsyncClient, planned: Json | None = None, **fields: Any) -> Json:
    planned = planned or await event(client)
    return await post(client, _TICKETS, {"event_id": planned["id"]} | fields)


async def key(client: httpx.AsyncClient, *scopes: str) -> dict[str, str]:
    made = await post(client, "/api/v1/api-keys", {"name": "Gate", "scopes": list(scopes)})
    return {"Authorization": f"Bearer {made['api_key']}"}


async def test_an_event_from_its_plan_to_its_gate(client: httpx.AsyncClient) -> None:
    planned = await event(client, capacity=2)
    assert (planned["left"], planned["used"], planned["venue"]) == (2, 0, {"name": "Hall", "address": None})
    one = await ticket(client, planned, category="Adult", row="A", seat="1")
    seen = await post(client, _SCANS, {"code": one["code"].lower()}, **{"Accept-Language": "fr"})
    assert (seen["kind"], seen["event_name"], seen["entry"], seen["may"]) == ("ticket", "Soirée", "admit", ["admit"])
    let_in = await post(client, f"{_SCANS}/tickets/admit", {"code": one["code"]})
    assert (let_in["state"], let_in["used"], let_in["issued"]) == ("used", 1, 1)
    again = await client.post(f"{_SCANS}/tickets/admit", json={"code": one["code"]})
    assert (again.status_code, again.json()["code"]) == (409, "ticket_already_used")
    assert again.json()["params"]["place"] == "Hall"
    seen = await post(client, _SCANS, {"code": one["code"]})
    assert (seen["entry"], seen["used_place"], seen["may"]) == ("used", "Hall", ["undo"])
    listed = (await client.get(_EVENTS)).json()["items"]
    assert [(each["issued"], each["used"], each["left"]) for each in listed] == [(1, 1, 1)]
    undone = await post(client, f"{_SCANS}/tickets/{one['id']}/undo")
    assert (undone["state"], undone["used"]) == ("issued", 0)


async def test_a_visitor_goes_out_for_a_while(client: httpx.AsyncClient) -> None:
    planned = await event(client, reentry=True)
    one = await ticket(client, planned)
    told = {"code": one["code"], "event_id": planned["id"]}
    refused = await client.post(f"{_SCANS}/tickets/check-out", json=told)
    assert (refused.status_code, refused.json()["code"]) == (409, "ticket_not_inside")
    came = await post(client, f"{_SCANS}/tickets/admit", told)
    assert (came["used"], came["inside"], came["left_at"], came["reentry"]) == (1, 1, None, True)
    assert (await post(client, _SCANS, {"code": one["code"]}))["may"] == ["check_out", "undo"]
    went = await post(client, f"{_SCANS}/tickets/check-out", told)
    assert (went["state"], went["used"], went["inside"]) == ("used", 1, 0)
    assert went["left_at"] is not None
    seen = await post(client, _SCANS, {"code": one["code"]})
    assert (seen["entry"], seen["may"]) == ("admit", ["admit", "undo"])
    back = await post(client, f"{_SCANS}/tickets/admit", told)
    assert (back["used"], back["inside"], back["left_at"]) == (1, 1, None)
    undone = await post(client, f"{_SCANS}/tickets/{one['id']}/undo")
    assert (undone["state"], undone["inside"], undone["left_at"] is None) == ("used", 0, False)
    undone = await post(client, f"{_SCANS}/tickets/{one['id']}/undo")
    assert (undone["inside"], undone["left_at"]) == (1, None)
    undone = await post(client, f"{_SCANS}/tickets/{one['id']}/undo")
    assert (undone["state"], undone["used"], undone["inside"]) == ("issued", 0, 0)
    assert (await client.get(f"{_EVENTS}/{planned['id']}")).json()["inside"] == 0


async def test_who_leaves_stays_out_unless_the_event_says_otherwise(client: httpx.AsyncClient) -> None:
    planned = await event(client)
    one = await ticket(client, planned)
    await post(client, f"{_SCANS}/tickets/admit", {"code": one["code"]})
    refused = await client.post(f"{_SCANS}/tickets/check-out", json={"code": one["code"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "ticket_reentry_off")
    changed = await client.patch(f"{_EVENTS}/{planned['id']}", json={"reentry": True})
    assert changed.json()["reentry"] is True
    await post(client, f"{_SCANS}/tickets/check-out", {"code": one["code"]})


async def test_a_retry_at_the_gate_is_no_second_entry(client: httpx.AsyncClient) -> None:
    one = await ticket(client)
    told = {"code": one["code"]}
    first = await post(client, f"{_SCANS}/tickets/admit", told, **{"Idempotency-Key": "gate-1"})
    assert await post(client, f"{_SCANS}/tickets/admit", told, **{"Idempotency-Key": "gate-1"}) == first


async def test_many_tickets_at_one_gate_are_no_guesses(client: httpx.AsyncClient) -> None:
    planned = await event(client)
    codes = [(await ticket(client, planned))["code"] for _ in range(3)]
    for _ in range(10):
        for code in codes:
            assert (await post(client, _SCANS, {"code": code}))["kind"] == "ticket"


async def test_a_gate_is_for_one_event_if_it_says_so(client: httpx.AsyncClient) -> None:
    here, other = await event(client, name="Concert"), await ticket(client)
    refused = await client.post(f"{_SCANS}/tickets/admit", json={"code": other["code"], "event_id": here["id"]})
    assert refused.json()["code"] == "ticket_of_other_event"
    assert "Opening night" in refused.json()["detail"]


async def test_who_lets_in_may_do_no_more(client: httpx.AsyncClient) -> None:
    one, gate = await ticket(client), await key(client, "scans:write", "tickets:admit")
    assert (await client.post(_TICKETS, json={"event_id": one["event_id"]}, headers=gate)).status_code == 403
    assert (await client.get(_EVENTS, headers=gate)).status_code == 403
    assert (await client.post(f"{_TICKETS}/{one['id']}/card", headers=gate)).status_code == 403
    till = await key(client, "scans:write")
    assert (await post(client, _SCANS, {"code": one["code"]}, **till))["may"] == []
    assert (await client.post(f"{_SCANS}/tickets/admit", json={"code": one["code"]}, headers=till)).status_code == 403
    assert (await post(client, f"{_SCANS}/tickets/admit", {"code": one["code"]}, **gate))["state"] == "used"
    another = await key(client, "scans:write", "tickets:admit")
    refused = await client.post(f"{_SCANS}/tickets/{one['id']}/undo", headers=another)
    assert refused.json()["code"] == "undo_not_yours"


@pytest.mark.parametrize(
    "fields",
    [
        {"venue_name": None},
        {"venue_address": "1 rue Neuve", "venue_name": None},
        {"name": " "},
        {"capacity": 0},
        {"capacity": 1_000_001},
        {"starts_at": "2026-06-05T20:00"},
        {"ends_at": "2026-01-01T00:00Z"},
        {"doors_at": "2199-01-01T00:00Z"},
        {"unknown": 1},
    ],
)
async def test_what_cannot_be_planned(client: httpx.AsyncClient, fields: Json) -> None:
    new = {"name": "Night", "venue_name": "Hall", "starts_at": "2027-06-05T20:00Z"} | fields
    assert (await client.post(_EVENTS, json=new)).status_code == 422


async def test_lists_turn_their_pages(client: httpx.AsyncClient) -> None:
    planned = await event(client)
    made = [(await ticket(client, planned))["id"] for _ in range(3)]
    first = (await client.get(_TICKETS, params={"event_id": planned["id"], "limit": 2})).json()
    rest = (await client.get(_TICKETS, params={"limit": 2, "cursor": first["next"]})).json()
    assert [each["id"] for each in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None
    assert "code" not in first["items"][0]
    assert (await client.get(f"{_TICKETS}/{made[0]}")).json()["state"] == "issued"


async def test_an_event_is_changed_and_cancelled(client: httpx.AsyncClient) -> None:
    planned = await event(client, capacity=5)
    one = await ticket(client, planned)
    path = f"{_EVENTS}/{planned['id']}"
    changed = (await client.patch(path, json={"capacity": None, "name": "Gala"})).json()
    assert (changed["capacity"], changed["left"], changed["name"]) == (None, None, "Gala")
    assert (await post(client, f"{path}/cancel"))["state"] == "cancelled"
    refused = await client.post(f"{_SCANS}/tickets/admit", json={"code": one["code"]})
    assert refused.json()["code"] == "event_cancelled"
    assert (await post(client, f"{path}/reinstate"))["state"] == "published"
    assert (await post(client, f"{_TICKETS}/{one['id']}/cancel"))["state"] == "cancelled"
    assert (await client.get(path)).json()["issued"] == 0


async def test_another_shop_sees_nothing(client: httpx.AsyncClient, other_shop: Shop) -> None:
    one, theirs = await ticket(client), other_shop.headers
    assert (await client.get(f"{_TICKETS}/{one['id']}", headers=theirs)).status_code == 404
    assert (await client.get(f"{_EVENTS}/{one['event_id']}", headers=theirs)).status_code == 404
    assert (await client.post(_SCANS, json={"code": one["code"]}, headers=theirs)).json()["code"] == "card_unknown"
    refused = await client.post(_TICKETS, json={"event_id": one["event_id"]}, headers=theirs)
    assert refused.json()["code"] == "ticketed_event_not_found"

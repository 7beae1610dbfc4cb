"""Public links to tickets of an event: one to each browser, and no more than there are places."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from passerelle.kit import clock
from tests.distribution.conftest import Wallets
from tests.distribution.test_handouts import browser, campaign_of, link_of, take

Json = dict[str, Any]


async def event_of(wallets: Wallets, **fields: Any) -> Json:
    starts_at = (clock.now() + timedelta(hours=1)).isoformat()
    new = {"name": "Open day", "names": {"fr": "Portes ouvertes"}, "venue_name": "Hall", "starts_at": starts_at}
    return await wallets.stage.post("/api/v1/ticketed-events", new | fields)


async def ticket_link(wallets: Wallets, event: Json, **fields: Any) -> Json:
    path = f"/api/v1/ticketed-events/{event['id']}/handout-links"
    return await wallets.stage.post(path, {"name": "Poster"} | fields)


async def test_a_phone_that_asks_comes_in(wallets: Wallets) -> None:
    event = await event_of(wallets)
    link = await ticket_link(wallets, event)
    async with browser() as phone:
        shown = await phone.get(link["url"])
        assert ("Get my ticket" in shown.text, "Hall" in shown.text) == (True, True)
        first = await take(phone, link["url"])
        assert first.status_code == 303
        again = await phone.get(link["url"])
        assert again.headers["location"] == first.headers["location"]
        card = await phone.get(str(httpx.URL(link["url"]).join(first.headers["location"])))
    held = await wallets.stage.phone.add(card.content)
    code = held.package.pass_json["barcodes"][0]["message"]
    let_in = await wallets.stage.post("/api/v1/scans/tickets/admit", {"code": code})
    assert (let_in["event_id"], let_in["customer_id"], let_in["used"]) == (event["id"], None, 1)
    [listed] = (await wallets.stage.get(f"/api/v1/ticketed-events/{event['id']}/handout-links"))["items"]
    assert (listed["handed_out"], listed["event_id"], listed["campaign_id"]) == (1, event["id"], None)


async def test_the_last_place_goes_to_one_browser(wallets: Wallets) -> None:
    link = await ticket_link(wallets, await event_of(wallets, capacity=1))
    async with browser() as one, browser() as other:
        answers = await asyncio.gather(*(take(phone, link["url"]) for phone in (one, other)))
    assert sorted(answer.status_code for answer in answers) == [303, 410]
    async with browser() as late:
        answer = await late.get(link["url"])
    assert answer.status_code == 410
    assert "no tickets left" in answer.text


async def test_a_cancelled_event_gives_nothing(wallets: Wallets) -> None:
    event = await event_of(wallets)
    link = await ticket_link(wallets, event)
    await wallets.stage.post(f"/api/v1/ticketed-events/{event['id']}/cancel")
    async with browser() as phone:
        assert (await phone.get(link["url"])).status_code == 410


async def test_links_of_coupons_and_of_tickets_are_apart(wallets: Wallets) -> None:
    http, event = wallets.stage.http, await event_of(wallets)
    of_tickets = await ticket_link(wallets, event)
    of_codes = await link_of(http, await campaign_of(http))
    listed = (await wallets.stage.get("/api/v1/handout-links"))["items"]
    assert of_tickets["id"] not in {each["id"] for each in listed}
    path = f"/api/v1/ticketed-events/{event['id']}/handout-links"
    assert (await http.get(f"/api/v1/handout-links/{of_tickets['id']}")).status_code == 404
    assert (await http.patch(f"{path}/{of_codes['id']}", json={"active": False})).status_code == 404
    off = await http.patch(f"{path}/{of_tickets['id']}", json={"active": False, "max_codes": 5})
    assert (off.json()["active"], off.json()["max_codes"]) == (False, 5)
    assert (await http.get(f"{path}/{of_tickets['id']}/qr.svg")).headers["content-type"] == "image/svg+xml"
    async with browser() as phone:
        assert (await phone.get(of_tickets["url"])).status_code == 410


async def test_a_poster_leads_to_the_tickets(wallets: Wallets) -> None:
    event = await event_of(wallets)
    link = await ticket_link(wallets, event)
    path = f"/api/v1/ticketed-events/{event['id']}/handout-links/{link['id']}/poster"
    drawn = await wallets.stage.http.get(f"{path}.svg", params={"lang": "fr", "headline": "Bienvenue"})
    assert drawn.headers["content-type"] == "image/svg+xml"
    printed = await wallets.stage.http.get(f"{path}.pdf")
    assert printed.content.startswith(b"%PDF-")
    kept = await wallets.stage.http.put(path, json={"headline": "Come and see"})
    assert kept.json()["design"]["headline"] == "Come and see"
    assert (await wallets.stage.get(path))["design"]["headline"] == "Come and see"
    other = await event_of(wallets)
    elsewhere = path.replace(event["id"], other["id"])
    for refused in (await wallets.stage.http.get(elsewhere), await wallets.stage.http.put(elsewhere, json={})):
        assert refused.json()["code"] == "handout_link_not_found"
    wrong = await wallets.stage.http.get(path.replace(event["id"], other["id"]) + ".svg")
    assert wrong.json()["code"] == "handout_link_not_found"

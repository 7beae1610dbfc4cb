"""A ticket in wallets: handed over, moved with its event, used at the gate, cancelled; over real sockets."""

from datetime import datetime, timedelta

from passerelle.kit.ids import decode
from passerelle.kit.jobs import Work
from passerelle.passes import identities, jobs
from passerelle.passes.wallets.apple.verify import judge
from tests.conftest import Shop
from tests.factories import handed
from tests.factories.stage import Json, Stage


async def link(stage: Stage, ticket: Json) -> Json:
    return await stage.post(f"/api/v1/tickets/{ticket['id']}/card")


async def change(stage: Stage, shop: Shop, ticket: Json, path: str, body: Json | None = None) -> None:
    """Change the event, and do the work that follows: every card of it."""
    method = "PATCH" if body else "POST"
    answer = await stage.http.request(method, f"/api/v1/ticketed-events/{ticket['event_id']}{path}", json=body)
    assert answer.is_success, answer.text
    payload = {"organization_id": str(shop.organization_id), "offering_id": str(decode("evn", ticket["event_id"]))}
    await jobs.refresh_offering(Work(stage.database, stage.settings), payload)
    await stage.tell()


async def event_of(stage: Stage, ticket: Json) -> Json:
    return await stage.get(f"/api/v1/ticketed-events/{ticket['event_id']}")


def same_instant(one: str, other: str) -> bool:
    return datetime.fromisoformat(one) == datetime.fromisoformat(other)


async def test_an_iphone_knows_when_and_where(stage: Stage) -> None:
    ticket = await handed.ticket(stage, category="Adult", section="B", row="12", seat="7")
    given = await link(stage, ticket)
    assert given["card"]["kind"] == "ticket"
    assert given["card"]["ticket_id"] == ticket["id"]
    answer = await handed.opened(given["url"], handed.IPHONE)
    verdict = judge(answer.content, trust=identities.trust_roots(stage.settings))
    assert [finding for finding in verdict.findings if finding.severity == "error"] == []
    await stage.phone.add(answer.content)
    shown, event = handed.shown(stage), await event_of(stage, ticket)
    assert shown["barcodes"][0]["message"] == ticket["code"]
    assert (handed.value(shown, "event"), handed.value(shown, "venue")) == ("Opening night", "Grand Hall")
    assert (handed.value(shown, "seat"), handed.value(shown, "category")) == ("B 12 7", "Adult")
    assert same_instant(shown["relevantDate"], event["starts_at"])
    assert same_instant(shown["relevantDates"][0]["endDate"], event["ends_at"])
    assert same_instant(shown["expirationDate"], event["closes_at"])
    assert shown["semantics"]["seats"] == [{"seatSection": "B", "seatRow": "12", "seatNumber": "7"}]
    assert (shown["semantics"]["eventName"], shown["semantics"]["venueName"]) == ("Opening night", "Grand Hall")
    assert stage.phone.violations == []


async def test_a_ticket_without_a_seat_leaves_the_field_out(stage: Stage) -> None:
    await handed.added(stage, await link(stage, await handed.ticket(stage)))
    fields = [each["key"] for area in handed.shown(stage)["eventTicket"].values() for each in area]
    assert {"event", "starts", "venue"} <= set(fields)
    assert not {"seat", "category", "doors"} & set(fields)
    assert "seats" not in handed.shown(stage)["semantics"]


async def test_a_location_brings_its_coordinates(stage: Stage) -> None:
    hall = await stage.post(
        "/api/v1/locations", {"name": "Hall", "address": "1 rue Neuve", "latitude": 48.85, "longitude": 2.35}
    )
    place = {"venue_name": None, "venue_address": None, "location_id": hall["id"]}
    ticket = await handed.ticket(stage, place)
    await handed.added(stage, await link(stage, ticket))
    where = {"latitude": 48.85, "longitude": 2.35}
    shown = handed.shown(stage)
    assert (shown["locations"], shown["semantics"]["venueLocation"]) == ([where], where)


async def test_an_event_that_moves_moves_every_card(stage: Stage, shop: Shop) -> None:
    ticket = await handed.ticket(stage)
    await handed.added(stage, await link(stage, ticket))
    await handed.saved(stage, await link(stage, ticket))
    later = datetime.fromisoformat((await event_of(stage, ticket))["starts_at"]) + timedelta(hours=1)
    await change(stage, shop, ticket, "", {"starts_at": later.isoformat(), "venue_name": "Garden"})
    shown = handed.shown(stage)
    assert same_instant(shown["relevantDate"], later.isoformat())
    assert handed.value(shown, "venue") == "Garden"
    assert any("New time" in notice.text for notice in stage.phone.notifications)
    [held] = stage.google.saved_passes()
    assert same_instant(held.wallet_class["dateTime"]["start"], later.isoformat())
    venue = held.wallet_class["venue"]  # the old address went with the old venue
    assert [venue[part]["defaultValue"]["value"] for part in ("name", "address")] == ["Garden", "Garden"]
    assert stage.phone.violations == []


async def test_an_end_that_is_taken_away_goes_from_google_too(stage: Stage, shop: Shop) -> None:
    ticket = await handed.ticket(stage)
    event = await event_of(stage, ticket)
    doors = datetime.fromisoformat(event["starts_at"]) - timedelta(hours=1)
    await change(stage, shop, ticket, "", {"doors_at": doors.isoformat()})
    await handed.saved(stage, await link(stage, ticket))
    [held] = stage.google.saved_passes()
    assert set(held.wallet_class["dateTime"]) >= {"start", "end", "doorsOpen"}
    await change(stage, shop, ticket, "", {"ends_at": None, "doors_at": None})
    [held] = stage.google.saved_passes()
    assert not set(held.wallet_class["dateTime"]) & {"end", "doorsOpen"}
    assert same_instant(held.wallet_class["dateTime"]["start"], event["starts_at"])


async def test_a_location_that_moves_moves_the_cards_of_its_events(stage: Stage, shop: Shop) -> None:
    place = {"name": "Hall", "address": "1 rue Neuve", "latitude": 48.85, "longitude": 2.35}
    hall = await stage.post("/api/v1/locations", place)
    ticket = await handed.ticket(stage, {"venue_name": None, "venue_address": None, "location_id": hall["id"]})
    await handed.added(stage, await link(stage, ticket))
    await handed.saved(stage, await link(stage, ticket))
    moved = {"name": "Garden", "latitude": None, "longitude": None}
    answer = await stage.http.patch(f"/api/v1/locations/{hall['id']}", json=moved)
    assert answer.is_success, answer.text
    payload = {"organization_id": str(shop.organization_id), "offering_id": str(decode("evn", ticket["event_id"]))}
    await jobs.refresh_offering(Work(stage.database, stage.settings), payload)
    await stage.tell()
    shown = handed.shown(stage)
    assert handed.value(shown, "venue") == "Garden"
    assert "locations" not in shown
    [held] = stage.google.saved_passes()
    assert held.wallet_class["venue"]["name"]["defaultValue"]["value"] == "Garden"
    assert not held.wallet_class.get("merchantLocations")


async def test_the_gate_uses_it_up_on_both_phones(stage: Stage) -> None:
    ticket = await handed.ticket(stage)
    given = await link(stage, ticket)
    await handed.added(stage, given)
    await handed.saved(stage, given)
    await stage.post("/api/v1/scans/tickets/admit", {"code": ticket["code"]})
    await stage.tell()
    assert handed.shown(stage)["voided"] is True
    assert [notice.text for notice in stage.phone.notifications] == ["Your ticket: Used"]
    assert handed.google_object(stage)["state"] == "COMPLETED"
    assert (await handed.opened(given["url"], handed.IPHONE)).status_code == 410
    await stage.post(f"/api/v1/scans/tickets/{ticket['id']}/undo")
    await stage.tell()
    assert "voided" not in handed.shown(stage)
    assert handed.google_object(stage)["state"] == "ACTIVE"


async def test_an_event_that_is_cancelled_voids_its_tickets_until_it_is_on_again(stage: Stage, shop: Shop) -> None:
    ticket = await handed.ticket(stage)
    await handed.added(stage, await link(stage, ticket))
    await change(stage, shop, ticket, "/cancel")
    assert handed.shown(stage)["voided"] is True
    assert [notice.text for notice in stage.phone.notifications] == ["Your ticket: Event cancelled"]
    await change(stage, shop, ticket, "/reinstate")
    assert "voided" not in handed.shown(stage)


async def test_the_funnel_of_an_event(stage: Stage) -> None:
    first = await handed.ticket(stage)
    event_id = first["event_id"]
    more = [await stage.post("/api/v1/tickets", {"event_id": event_id}) for _ in range(3)]
    await handed.ticket(stage)  # of another event

    async def funnel() -> Json:
        return await stage.get(f"/api/v1/ticketed-events/{event_id}/funnel")

    assert await funnel() == {"issued": 4, "added": 0, "used": 0}
    await handed.added(stage, await link(stage, first))
    await handed.added(stage, await link(stage, more[0]))
    await handed.saved(stage, await link(stage, more[0]))
    assert await funnel() == {"issued": 4, "added": 2, "used": 0}
    await stage.post("/api/v1/scans/tickets/admit", {"code": first["code"]})
    await stage.post(f"/api/v1/tickets/{more[0]['id']}/cancel")
    assert await funnel() == {"issued": 3, "added": 1, "used": 1}
    missing = await stage.http.get("/api/v1/ticketed-events/evn_01k30dw000e008000000000001/funnel")
    assert missing.json()["code"] == "ticketed_event_not_found"


async def test_google_has_a_class_for_each_event(stage: Stage) -> None:
    first = await handed.ticket(stage, section="B", row="12", seat="7", category="Adult")
    design = (await stage.get(f"/api/v1/ticketed-events/{first['event_id']}"))["template_id"]
    assert design is None
    await handed.saved(stage, await link(stage, first))
    design = (await stage.get(f"/api/v1/ticketed-events/{first['event_id']}"))["template_id"]
    second = await handed.ticket(stage, {"name": "Closing night", "template_id": design})
    await handed.saved(stage, await link(stage, second))
    held = {each.wallet_class["eventId"]: each for each in stage.google.saved_passes()}
    assert set(held) == {first["event_id"], second["event_id"]}
    of_first = held[first["event_id"]]
    names = of_first.wallet_class["eventName"]
    assert names["defaultValue"]["value"] == "Opening night"
    assert names["translatedValues"] == [{"language": "fr", "value": "Soirée d'ouverture"}]
    assert of_first.wallet_class["venue"]["name"]["defaultValue"]["value"] == "Grand Hall"
    assert of_first.wallet_object["seatInfo"]["seat"]["defaultValue"]["value"] == "7"
    assert of_first.wallet_object["ticketNumber"] == first["code"]
    assert held[second["event_id"]].wallet_class["eventName"]["defaultValue"]["value"] == "Closing night"


async def test_a_design_for_something_else_is_refused(stage: Stage) -> None:
    coupon = await handed.coupon(stage)
    await stage.post(f"/api/v1/coupons/{coupon['code']}/card")
    campaigns = (await stage.get("/api/v1/coupon-campaigns"))["items"]
    ticket = await handed.ticket(stage, {"template_id": campaigns[0]["template_id"]})
    refused = await stage.http.post(f"/api/v1/tickets/{ticket['id']}/card")
    assert refused.json()["code"] == "template_not_of_kind"

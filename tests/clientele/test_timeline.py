"""One customer's history, put together."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.kit.ids import decode
from tests.clientele.conftest import CUSTOMERS, Json, Office
from tests.conftest import Shop

CONSENT = {"purpose": "marketing", "wording": "Yes.", "wording_version": "1", "language": "en", "state": "granted"}
INSTALL = """
INSERT INTO installations (organization_id, id, pass_id, wallet, installed_at, removed_at)
VALUES ($1, gen_random_uuid(), $2, 'google', now() + interval '1 second', now() + interval '1 minute')
"""


async def _lived(office: Office, database: Database, shop: Shop) -> str:
    """A customer to whom one of everything happened."""
    program = await office.program(goal=100, reward_name="Free coffee")
    customer = await office.customer(first_name="Lina", phone="0612345678")
    member = await office.member(program, customer, 200)
    card = await office.post("/api/v1/passes", {"membership_id": member})
    await office.post("/api/v1/scans/purchases", {"code": card["code"], "amount_minor": 700})
    await office.post("/api/v1/scans/visits", {"code": card["code"], "units": 3})
    reward = (await office.get("/api/v1/rewards", program_id=program))["items"][0]
    await office.post("/api/v1/scans/redemptions", {"code": card["code"], "reward_id": reward["id"]})
    await office.post(f"{CUSTOMERS}/{customer}/consents", CONSENT | {"channel": "sms"})
    await office.post(f"{CUSTOMERS}/{customer}/notes", {"text": "likes oat milk"})
    async with database.transaction(shop.organization_id) as tx:
        await tx.execute(INSTALL, shop.organization_id, decode("pas", card["id"]))
    return customer


def _told(entry: Json) -> str:
    more = {"units": "cause", "card": "what", "purchase": "amount_minor", "note": "text", "reward": "name"}
    detail = entry.get(more.get(entry["kind"], ""), "")
    return f"{entry['kind']} {detail}".strip()


async def test_everything_that_happened_is_told_in_order(office: Office, database: Database, shop: Shop) -> None:
    customer = await _lived(office, database, shop)
    page = await office.get(f"{CUSTOMERS}/{customer}/timeline")
    assert [_told(entry) for entry in page["items"]] == [
        "card removed",
        "card installed",
        "note likes oat milk",
        "consent",
        "reward Free coffee",
        "units reward",
        "units visit",
        "units purchase",
        "purchase 700",
        "card issued",
        "units other",
        "joined",
        "registered",
    ]
    by_kind = {entry["kind"]: entry for entry in page["items"]}
    assert by_kind["units"]["movements"] == [
        {"unit": "points", "kind": "points", "currency": None, "decimals": 0, "name": "points", "amount": 200}
    ]
    assert (by_kind["units"]["reason"], by_kind["units"]["transfer_kind"]) == ("a gift", "adjustment")
    assert by_kind["note"]["actor"].startswith("key_")
    assert "place" not in page["items"][0]


async def test_tickets_are_told_as_they_were_used(office: Office) -> None:
    customer = await office.customer(first_name="Lina")
    starts_at = (clock.now() + timedelta(minutes=30)).isoformat()
    show = {"name": "Show", "names": {"fr": "Spectacle"}, "venue_name": "Hall", "starts_at": starts_at}
    event = await office.post("/api/v1/ticketed-events", show)
    held = [
        await office.post("/api/v1/tickets", {"event_id": event["id"], "customer_id": customer, "seat": seat})
        for seat in ("7", "8")
    ]
    await office.post("/api/v1/scans/tickets/admit", {"code": held[0]["code"]})
    await office.post(f"/api/v1/tickets/{held[1]['id']}/cancel")
    page = await office.get(f"{CUSTOMERS}/{customer}/timeline", kind="ticket")
    assert [(one["what"], one["seat"], one["event_name"]) for one in page["items"]] == [
        ("cancelled", "8", "Show"),
        ("used", "7", "Show"),
        ("issued", "8", "Show"),
        ("issued", "7", "Show"),
    ]
    assert page["items"][1]["actor"].startswith("key_")
    told: list[Json] = []
    cursor: dict[str, str] = {}
    while len(told) < 4:
        page_of_one = await office.get(f"{CUSTOMERS}/{customer}/timeline", kind="ticket", limit=1, **cursor)
        told, cursor = told + page_of_one["items"], {"cursor": page_of_one["next"]}
    assert told == page["items"]
    french = await office.http.get(
        f"{CUSTOMERS}/{customer}/timeline", params={"kind": "ticket"}, headers={"Accept-Language": "fr"}
    )
    assert {one["event_name"] for one in french.json()["items"]} == {"Spectacle"}


async def test_renewals_and_gifts_of_time(office: Office) -> None:
    """What was taken back stays, marked; joining is told once; pages of one tell the same."""
    term = {"months": 1, "price_minor": 2_500, "renew_early_days": 365}
    program = await office.program(name="Gym", names={"fr": "Salle"}, kind="membership", settings={"term": term})
    customer = await office.customer(first_name="Lina")
    member = await office.member(program, customer)
    path = f"/api/v1/members/{member}"
    with clock.frozen(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        paid = await office.post(f"{path}/renewals", {"method": "cash"})
        wrong = await office.post(f"{path}/renewals", {"amount_minor": 100})
        given = await office.post(f"{path}/gifted-terms", {"reason": "was ill", "length": {"days": 10}})
        await office.post(f"/api/v1/terms/{wrong['term']['id']}/void", {})
    page = await office.get(f"{CUSTOMERS}/{customer}/timeline", kind=["term", "joined"])
    told = ("kind", "what", "state", "amount_minor", "reason", "program_name")
    assert [tuple(one.get(name) for name in told) for one in page["items"]] == [
        ("term", "gift", "standing", None, "was ill", "Gym"),
        ("term", "payment", "voided", 100, None, "Gym"),
        ("term", "payment", "standing", 2_500, None, "Gym"),
        ("joined", None, "active", None, None, "Gym"),
    ]
    first, last = page["items"][2], page["items"][0]
    assert (first["term_id"], first["method"], first["last_day"]) == (
        *(paid["term"]["id"], "cash", paid["term"]["last_day"]),
    )
    assert (last["term_id"], last["starts_at"]) == (given["term"]["id"], paid["term"]["ends_at"])
    assert (first["at"], first["actor"][:4]) == ("2026-03-02T12:00:00Z", "key_")
    found: list[Json] = []
    cursor: dict[str, str] = {}
    while len(found) < 4:
        of_one = await office.get(f"{CUSTOMERS}/{customer}/timeline", kind=["term", "joined"], limit=1, **cursor)
        found, cursor = found + of_one["items"], {"cursor": of_one["next"]}
    assert found == page["items"]
    key = await office.post("/api/v1/api-keys", {"name": "list", "scopes": ["customers:read"]})
    answer = await office.http.get(
        f"{CUSTOMERS}/{customer}/timeline", headers={"Authorization": f"Bearer {key['api_key']}"}
    )
    assert {one["kind"] for one in answer.json()["items"]} == {"registered", "joined"}


async def test_pages_of_any_size_tell_the_same(office: Office, database: Database, shop: Shop) -> None:
    customer = await _lived(office, database, shop)
    whole = (await office.get(f"{CUSTOMERS}/{customer}/timeline"))["items"]
    for limit in (1, 2, 5):
        told: list[Json] = []
        cursor: dict[str, str] = {}
        while True:
            page = await office.get(f"{CUSTOMERS}/{customer}/timeline", limit=limit, **cursor)
            told += page["items"]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert told == whole


async def test_kinds_can_be_chosen(office: Office, database: Database, shop: Shop) -> None:
    customer = await _lived(office, database, shop)
    page = await office.get(f"{CUSTOMERS}/{customer}/timeline", kind=["note", "purchase"])
    assert [entry["kind"] for entry in page["items"]] == ["note", "purchase"]
    answer = await office.http.get(f"{CUSTOMERS}/{customer}/timeline", params={"kind": "gossip"})
    assert answer.status_code == 422


async def test_what_a_caller_may_not_see_is_not_told(
    office: Office, database: Database, shop: Shop, key_with: Callable[..., Awaitable[dict[str, str]]]
) -> None:
    customer = await _lived(office, database, shop)
    answer = await office.http.get(
        f"{CUSTOMERS}/{customer}/timeline", headers=await key_with("customers:read", "passes:read")
    )
    kinds = {entry["kind"] for entry in answer.json()["items"]}
    assert kinds == {"card", "note", "consent", "reward", "purchase", "joined", "registered"}


async def test_strangers_have_no_history(office: Office, database: Database, shop: Shop, other_shop: Shop) -> None:
    customer = await _lived(office, database, shop)
    answer = await office.http.get(f"{CUSTOMERS}/{customer}/timeline", headers=other_shop.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "customer_not_found")
    await office.post(f"{CUSTOMERS}/{customer}/erase")
    answer = await office.http.get(f"{CUSTOMERS}/{customer}/timeline")
    assert (answer.status_code, answer.json()["code"]) == (410, "customer_erased")

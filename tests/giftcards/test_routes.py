"""Gift cards over HTTP: scopes, PINs, imports, reports."""

import csv
import io
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.kit.ids import encode, new_id
from passerelle.organizations import service as organizations
from passerelle.organizations.rules import ROLE_SCOPES
from passerelle.organizations.schemas import ApiKeyIn
from tests.conftest import Shop

Json = dict[str, Any]
AMOUNTS = {"minimum_minor": 1, "maximum_minor": 50_000}


async def post(client: httpx.AsyncClient, path: str, body: Json, **headers: str) -> Json:
    """A write that must succeed."""
    answer = await client.post(f"/api/v1{path}", json=body, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def refused(client: httpx.AsyncClient, path: str, body: Json, **headers: str) -> tuple[int, str]:
    """Status and code of a write that must be refused."""
    answer = await client.post(f"/api/v1{path}", json=body, headers=headers)
    return answer.status_code, answer.json()["code"]


@pytest_asyncio.fixture
async def product(client: httpx.AsyncClient) -> str:
    return str((await post(client, "/gift-card-products", {"name": "Gift card", "amounts": AMOUNTS}))["id"])


@pytest_asyncio.fixture
async def card(client: httpx.AsyncClient, product: str) -> Json:
    return await post(client, "/gift-cards", {"product_id": product, "amount_minor": 5_000})


async def key(database: Database, shop: Shop, *scopes: str) -> dict[str, str]:
    async with database.transaction(shop.organization_id) as tx:
        _, secret = await organizations.create_api_key(tx, ApiKeyIn(name="till", scopes=list(scopes)))
    return {"Authorization": f"Bearer {secret}"}


async def test_from_the_sale_to_the_last_cent(client: httpx.AsyncClient, product: str) -> None:
    made = await post(client, "/gift-cards", {"product_id": product, "amount_minor": 99, "recipient_name": "Lina"})
    assert (made["state"], made["balance_minor"], made["recipient_name"]) == ("ACTIVE", 99, "Lina")
    found = await post(client, "/gift-cards/lookup", {"code": made["code"].lower()})
    assert found["id"] == made["id"]
    place = f"/gift-cards/{made['id']}/activities"
    paid = await post(client, place, {"type": "REDEEM", "amount_minor": 37, "reference": "1042"})
    assert (paid["amount_minor"], paid["balance_minor"], paid["still_to_pay_minor"]) == (-37, 62, 0)
    assert await post(client, place, {"type": "REDEEM", "amount_minor": 37, "reference": "1042"}) == paid
    rest = await post(client, place, {"type": "REDEEM", "amount_minor": 100, "allow_partial": True})
    assert (rest["amount_minor"], rest["balance_minor"], rest["still_to_pay_minor"]) == (-62, 0, 38)
    listed = (await client.get(f"/api/v1{place}")).json()["items"]
    assert [each["type"] for each in listed] == ["REDEEM", "REDEEM", "ACTIVATE"]


async def test_codes_stay_out_of_lists_and_addresses(client: httpx.AsyncClient, card: Json) -> None:
    answers = [
        await client.get("/api/v1/gift-cards"),
        await client.get(f"/api/v1/gift-cards/{card['id']}"),
        await client.get(f"/api/v1/gift-cards/{card['id']}/activities"),
    ]
    bare = card["code"].replace("-", "")
    assert not [answer for answer in answers if card["code"] in answer.text or bare.lower() in answer.text.lower()]
    assert answers[1].json()["last_four"] == card["code"][-4:]
    assert await post(client, f"/gift-cards/{card['id']}/reveal", {}) == {"code": card["code"]}


async def test_an_idempotency_key_sells_one_card(client: httpx.AsyncClient, product: str) -> None:
    body, headers = {"product_id": product, "amount_minor": 100}, {"Idempotency-Key": "sale-1"}
    assert await post(client, "/gift-cards", body, **headers) == await post(client, "/gift-cards", body, **headers)
    assert len((await client.get("/api/v1/gift-cards")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount_minor": 0}, "invalid_request"),
        ({"amount_minor": -1}, "invalid_request"),
        ({"amount_minor": 1.5}, "invalid_request"),
        ({"amount_minor": None}, "invalid_request"),
        ({"amount_minor": 10**12}, "invalid_request"),
        ({"amount_minor": 5_001}, "gift_card_balance_too_low"),
        ({"currency": "USD"}, "gift_card_other_currency"),
        ({"type": "SPEND"}, "invalid_request"),
        ({"type": "REFUND"}, "invalid_request"),
        ({"type": "BLOCK"}, "invalid_request"),
        ({"type": "ADJUST_DECREMENT"}, "invalid_request"),
        ({"type": "LOAD", "allow_partial": True}, "invalid_request"),
        ({"type": "ACTIVATE"}, "gift_card_state_refused"),
        ({"type": "LOAD", "amount_minor": 50_001}, "gift_card_amount_not_offered"),
        ({"location_id": encode("loc", new_id())}, "location_not_found"),
        ({"tip": 1}, "invalid_request"),
    ],
)
async def test_what_is_refused_moves_nothing(client: httpx.AsyncClient, card: Json, change: Json, code: str) -> None:
    body = {"type": "REDEEM", "amount_minor": 100} | change
    _, found = await refused(client, f"/gift-cards/{card['id']}/activities", body)
    assert found == code
    assert (await client.get(f"/api/v1/gift-cards/{card['id']}")).json()["balance_minor"] == 5_000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amounts": {}}, "invalid_request"),
        ({"amounts": {"amounts_minor": [100], "minimum_minor": 1, "maximum_minor": 2}}, "invalid_request"),
        ({"amounts": {"minimum_minor": 2, "maximum_minor": 1}}, "invalid_request"),
        ({"amounts": {"minimum_minor": 2}}, "invalid_request"),
        ({"amounts": {"amounts_minor": [-1]}}, "invalid_request"),
        ({"amounts": {"amounts_minor": [5, 5]}}, "invalid_request"),
        ({"max_balance_minor": 10}, "invalid_input"),
        ({"currency": "USD"}, "foreign_currency_not_set"),
        ({"currency": "XQQ", "foreign_currency": True}, "unknown_currency"),
        ({"expires_after_months": 0}, "invalid_request"),
    ],
)
async def test_products_that_contradict_themselves_are_refused(
    client: httpx.AsyncClient, change: Json, code: str
) -> None:
    _, found = await refused(client, "/gift-card-products", {"name": "Gift card", "amounts": AMOUNTS} | change)
    assert found == code


async def test_a_product_changes_for_what_is_sold_from_now_on(client: httpx.AsyncClient, product: str) -> None:
    changed = await client.patch(
        f"/api/v1/gift-card-products/{product}", json={"amounts": {"amounts_minor": [2_500]}, "active": False}
    )
    assert changed.json()["amounts"] == {"amounts_minor": [2_500], "minimum_minor": None, "maximum_minor": None}
    body = {"product_id": product, "amount_minor": 2_500}
    assert await refused(client, "/gift-cards", body) == (409, "gift_card_product_not_offered")
    listed = (await client.get("/api/v1/gift-card-products")).json()["items"]
    assert [each["id"] for each in listed] == [product]


async def test_wrong_pins_lock_the_card_for_everybody(
    client: httpx.AsyncClient, product: str, database: Database, shop: Shop
) -> None:
    body = {"product_id": product, "amount_minor": 5_000, "pin": "4711"}
    card = await post(client, "/gift-cards", body)
    assert card["has_pin"]
    place, pay = f"/gift-cards/{card['id']}/activities", {"type": "REDEEM", "amount_minor": 1}
    assert await refused(client, place, pay) == (403, "gift_card_pin_required")
    for _ in range(4):
        assert await refused(client, place, pay | {"pin": "0000"}) == (403, "gift_card_pin_wrong")
    await post(client, place, pay | {"pin": "4711"})
    for _ in range(4):
        assert await refused(client, place, pay | {"pin": "0000"}) == (403, "gift_card_pin_wrong")
    hold = f"/gift-cards/{card['id']}/holds"
    other = await key(database, shop, "giftcards:redeem")
    assert await refused(client, hold, {"amount_minor": 1, "pin": "0000"}, **other) == (429, "gift_card_pin_locked")
    assert await refused(client, place, pay | {"pin": "4711"}) == (429, "gift_card_pin_locked")
    with clock.frozen(clock.now() + timedelta(days=366)):
        await post(client, place, pay | {"pin": "4711"})


async def test_cashiers_pay_and_do_not_sell(
    client: httpx.AsyncClient, card: Json, product: str, database: Database, shop: Shop
) -> None:
    scopes = [scope for scope in ROLE_SCOPES["cashier"] if scope.startswith("giftcards")]
    till, place = await key(database, shop, *scopes), f"/gift-cards/{card['id']}/activities"
    await post(client, place, {"type": "REDEEM", "amount_minor": 1}, **till)
    found = await post(client, "/gift-cards/lookup", {"code": card["code"]}, **till)
    assert found["recipient_name"] is None
    assert await refused(client, place, {"type": "LOAD", "amount_minor": 1}, **till) == (403, "not_allowed")
    assert await refused(client, "/gift-cards", {"product_id": product}, **till) == (403, "not_allowed")
    assert (await client.get("/api/v1/gift-cards", headers=till)).status_code == 403


async def test_contact_data_is_for_those_who_may_see_customers(
    client: httpx.AsyncClient, product: str, database: Database, shop: Shop
) -> None:
    card = await post(client, "/gift-cards", {"product_id": product, "recipient_email": "lina@example.com"})
    analyst = await key(database, shop, "giftcards:read")
    seen = await client.get(f"/api/v1/gift-cards/{card['id']}", headers=analyst)
    assert seen.json()["recipient_email"] is None
    changed = await client.patch(f"/api/v1/gift-cards/{card['id']}", json={"recipient_email": None})
    assert changed.json()["recipient_email"] is None


async def test_another_shop_sees_nothing(client: httpx.AsyncClient, card: Json, other_shop: Shop) -> None:
    theirs = other_shop.headers
    assert (await client.get(f"/api/v1/gift-cards/{card['id']}", headers=theirs)).status_code == 404
    assert await refused(client, "/gift-cards/lookup", {"code": card["code"]}, **theirs) == (404, "gift_card_unknown")
    body = {"type": "REDEEM", "amount_minor": 1}
    place = f"/gift-cards/{card['id']}/activities"
    assert await refused(client, place, body, **theirs) == (404, "gift_card_not_found")


async def test_a_hold_over_http(client: httpx.AsyncClient, card: Json) -> None:
    place = f"/gift-cards/{card['id']}/holds"
    hold = await post(client, place, {"amount_minor": 3_000, "seconds": 600})
    assert (await client.get(f"/api/v1/gift-cards/{card['id']}")).json()["available_minor"] == 2_000
    captured = await post(client, f"{place}/{hold['id']}/capture", {"amount_minor": 2_500})
    assert (captured["hold"]["state"], captured["activity"]["balance_minor"]) == ("captured", 2_500)
    assert await refused(client, f"{place}/{hold['id']}/release", {}) == (409, "gift_card_hold_ended")
    assert [each["state"] for each in (await client.get(f"/api/v1{place}")).json()["items"]] == ["captured"]


async def test_printed_cards_are_imported_all_or_none(client: httpx.AsyncClient, product: str) -> None:
    await post(client, "/gift-cards", {"product_id": product, "code": "TAKEN-00001"})
    faulty = (
        "code,amount_minor,pin,lapses_at\n"
        "SHOP-000001,2500,,\n"
        "SHOP-000001,100,,\n"
        "short,100,,\n"
        "SHOP-000002,-5,12,2020-01-01T00:00:00Z\n"
        "TAKEN 00001,100,,\n"
        "\n"
        "SHOP-000003,12.50,,tomorrow\n"
    )
    told = await post(client, "/gift-cards/import", {"product_id": product, "csv": faulty})
    assert (told["rows"], told["imported"]) == (6, 0)
    assert [(fault["row"], fault["code"]) for fault in told["faults"]] == [
        (3, "code_twice"),
        (4, "code_invalid"),
        (5, "amount_invalid"),
        (5, "pin_invalid"),
        (5, "lapses_at_invalid"),
        (6, "code_taken"),
        (8, "amount_invalid"),
        (8, "lapses_at_invalid"),
    ]
    sound = "code,amount_minor,lapses_at\nSHOP-000001,2500,2099-01-01T00:00:00+01:00\nSHOP-000002,0,\n"
    body = {"product_id": product, "csv": sound}
    looked = await post(client, "/gift-cards/import", body | {"dry_run": True})
    assert (looked["imported"], looked["total_minor"], looked["faults"]) == (0, 2_500, [])
    done = await post(client, "/gift-cards/import", body)
    assert (done["imported"], done["total_minor"]) == (2, 2_500)
    card = await post(client, "/gift-cards/lookup", {"code": "shop 000001"})
    assert (card["state"], card["balance_minor"], card["lapses"][0]["at"]) == (
        "ACTIVE",
        2_500,
        "2098-12-31T23:00:00Z",
    )
    assert {fault["code"] for fault in (await post(client, "/gift-cards/import", body))["faults"]} == {"code_taken"}


@pytest.mark.parametrize("text", ["code\nSHOP-000001", "code,amount_minor", "a,b\n1,2", 'code,amount_minor\n"x'])
async def test_a_file_that_cannot_be_read_is_refused(client: httpx.AsyncClient, product: str, text: str) -> None:
    assert await refused(client, "/gift-cards/import", {"product_id": product, "csv": text}) == (422, "invalid_input")


async def test_the_report_as_json_and_csv(client: httpx.AsyncClient, card: Json) -> None:
    place = "/api/v1/reports/gift-card-liability"
    assert (await client.get(place)).json()["totals_minor"] == {"EUR": 5_000}
    text = await client.get(place, params={"format": "csv"})
    assert text.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(text.text)))
    assert rows == [{"currency": "EUR", "month": "never", "liability_minor": "5000"}]
    before = await client.get(place, params={"as_of": "2020-01-01T00:00:00Z"})
    assert (before.json()["totals_minor"], before.json()["rows"]) == ({"EUR": 0}, [])

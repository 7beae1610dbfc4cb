"""Customers over HTTP."""

import logging
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from passerelle.kit import log
from passerelle.kit.db import Database
from passerelle.kit.ids import decode
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import ApiKeyIn
from tests.conftest import Shop

ADA = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "phone": "06 12 34 56 78",
    "region": "MA",
    "email": "Ada@Example.com",
    "birthday": {"month": 2, "day": 29},
    "language": "en",
    "attributes": {"vip": True, "visits": 3, "ratio": 0.5, "city": "Salé"},
    "source": "till",
}


async def _register(client: httpx.AsyncClient, **fields: Any) -> str:
    answer = await client.post("/api/v1/customers", json=fields)
    assert answer.status_code in {200, 201}, answer.text
    return str(answer.json()["id"])


async def test_a_customer_is_registered_then_found(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/customers", json=ADA)
    assert (answer.status_code, answer.json()["created"]) == (201, True)
    customer_id = answer.json()["id"]
    again = await client.post("/api/v1/customers", json={"phone": "+212612345678"})
    assert (again.status_code, again.json()) == (200, {"id": customer_id, "created": False})
    seen = (await client.get(f"/api/v1/customers/{customer_id}")).json()
    expected = {name: value for name, value in ADA.items() if name != "region"}
    expected |= {"id": customer_id, "phone": "+212612345678", "email": "ada@example.com"}
    expected |= {"birthday": {"month": 2, "day": 29, "year": None}}
    assert {name: seen[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"phone": "12"}, "invalid_phone"),
        ({"phone": "0" * 41}, "invalid_request"),
        ({"email": "nobody"}, "invalid_email"),
        ({"phone": "0612345678", "region": "XX"}, "invalid_request"),
        ({"birthday": {"month": 2, "day": 30}}, "invalid_request"),
        ({"birthday": {"month": 1, "day": 1, "year": 2099}}, "birthday_in_future"),
        ({"language": "de"}, "invalid_request"),
        ({"first_name": " \u202e "}, "invalid_request"),
        ({"first_name": "A" * 101}, "invalid_request"),
        ({"telephone": "0612345678"}, "invalid_request"),
        ({"attributes": {"Bad-Key": 1}}, "invalid_request"),
        ({"attributes": {"a": "x" * 501}}, "invalid_request"),
        ({"attributes": {"a": "\x00"}}, "invalid_request"),
        ({"attributes": {"a": [1]}}, "invalid_request"),
        ({"attributes": {"a": 2**60}}, "invalid_request"),
        ({"attributes": {"a": 1e300}}, "invalid_request"),
        ({"attributes": {f"a{number}": 1 for number in range(51)}}, "invalid_request"),
    ],
)
async def test_bad_input_is_refused(standing_client: httpx.AsyncClient, fields: dict[str, Any], code: str) -> None:
    answer = await standing_client.post("/api/v1/customers", json=fields)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("body", ['{"attributes": {"a": NaN}}', '{"first_name": "\\ud800"}', '{"phone": "\\u0000"}'])
async def test_what_json_parsers_let_through_is_refused(standing_client: httpx.AsyncClient, body: str) -> None:
    answer = await standing_client.post(
        "/api/v1/customers", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422


async def test_an_invalid_phone_is_answered_with_an_example_in_the_readers_language(
    client: httpx.AsyncClient,
) -> None:
    headers = {"Accept-Language": "fr"}
    answer = await client.post("/api/v1/customers", json={"phone": "12", "region": "MA"}, headers=headers)
    assert "06 50 12 34 56" in answer.json()["detail"]
    assert "Ce n'est pas un numéro" in answer.json()["detail"]


async def test_a_foreign_customer_is_not_found(client: httpx.AsyncClient, other_shop: Shop) -> None:
    made = await client.post("/api/v1/customers", json=ADA, headers=other_shop.headers)
    address = f"/api/v1/customers/{made.json()['id']}"
    for answer in (await client.get(address), await client.patch(address, json={"language": "fr"})):
        assert (answer.status_code, answer.json()["code"]) == (404, "customer_not_found")
    assert (await client.get("/api/v1/customers")).json()["items"] == []
    found = await client.post("/api/v1/customers/search", json={"text": "ada@example.com"})
    assert found.json()["items"] == []


async def test_pages_follow_each_other(client: httpx.AsyncClient) -> None:
    made = [await _register(client, first_name=f"Ada {number}") for number in range(5)]
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        parameters = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/v1/customers", params=parameters)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert seen == made[::-1]


SEARCHES = {
    "+212 612 34 56 78": 1,
    "0612345678": 1,
    "06123": 0,  # still being typed
    "ADA@example.com": 1,
    "ada@exam": 0,
    "lovelace": 1,
    "ADA Lovelace": 1,
    "Lovelace  ada": 1,
    "ada byron": 0,
    "love": 0,  # whole words only: the database sees none of their letters
    "!": 0,
}


async def test_those_of_a_page_come_at_once(client: httpx.AsyncClient, other_shop: Shop) -> None:
    made = [await _register(client, first_name=name) for name in ("Ada", "Bea", "Cléo")]
    theirs = await client.post("/api/v1/customers", json={"first_name": "Eve"}, headers=other_shop.headers)
    wanted = [made[0], made[2], made[2], theirs.json()["id"]]
    found = (await client.get("/api/v1/customers", params={"id": wanted})).json()
    assert ([each["first_name"] for each in found["items"]], found["next"]) == (["Cléo", "Ada"], None)
    for wrong in (["nobody"], [made[0]] * 201):
        refused = await client.get("/api/v1/customers", params={"id": wrong})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")


async def test_one_search_box_finds(client: httpx.AsyncClient) -> None:
    await _register(client, **ADA)
    await _register(client, first_name="Grace", last_name="Hopper")
    for text, hits in SEARCHES.items():
        found = await client.post("/api/v1/customers/search", json={"text": text, "region": "MA"})
        assert len(found.json()["items"]) == hits, text


async def test_search_by_name_pages(client: httpx.AsyncClient) -> None:
    made = [await _register(client, first_name="Ada", last_name=f"The {number}th") for number in range(3)]
    body = {"text": "the ada"}
    first = (await client.post("/api/v1/customers/search?limit=2", json=body)).json()
    rest = (await client.post(f"/api/v1/customers/search?limit=2&cursor={first['next']}", json=body)).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == made[::-1]


async def _facts(database: Database, shop: Shop) -> list[tuple[str, Any]]:
    async with database.transaction(shop.organization_id) as tx:
        rows = await tx.fetch("SELECT name, payload FROM events WHERE organization_id = $1", shop.organization_id)
    return [(row["name"], row["payload"]) for row in rows]


async def test_staff_change_a_customer(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    customer_id = await _register(client, **ADA)
    address = f"/api/v1/customers/{customer_id}"
    change = {
        "last_name": "Byron",
        "email": None,
        "attributes": {"city": None, "visits": True, "note": "tea"},
        "language": "en",
    }
    answer = await client.patch(address, json=change)
    assert answer.status_code == 200
    seen = answer.json()
    assert (seen["first_name"], seen["last_name"], seen["email"]) == ("Ada", "Byron", None)
    assert seen["attributes"] == {"vip": True, "visits": True, "ratio": 0.5, "note": "tea"}
    assert (await client.get(address)).json() == seen
    payload = {"customer_id": str(decode("cus", customer_id)), "fields": ["attributes", "email", "last_name"]}
    assert ("customer.changed", payload) in await _facts(database, shop)
    for text, hits in {"byron": 1, "lovelace": 0, "ada@example.com": 0}.items():
        found = await client.post("/api/v1/customers/search", json={"text": text})
        assert len(found.json()["items"]) == hits, text


async def test_one_and_true_are_two_values(client: httpx.AsyncClient) -> None:
    customer_id = await _register(client, attributes={"visits": 1})
    await client.patch(f"/api/v1/customers/{customer_id}", json={"attributes": {"visits": True}})
    assert (await client.get(f"/api/v1/customers/{customer_id}")).json()["attributes"] == {"visits": True}


async def test_saying_the_same_again_changes_nothing(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    customer_id = await _register(client, **ADA)
    before = (await client.get(f"/api/v1/customers/{customer_id}")).json()
    same = {name: value for name, value in ADA.items() if name != "source"}
    assert (await client.patch(f"/api/v1/customers/{customer_id}", json=same)).json() == before
    assert "customer.changed" not in {name for name, _ in await _facts(database, shop)}


@pytest.mark.parametrize(
    ("change", "code"),
    [({"phone": "+212612345678"}, "customer_phone_taken"), ({"email": "ada@example.com"}, "customer_email_taken")],
)
async def test_two_customers_do_not_share_a_contact(
    client: httpx.AsyncClient, change: dict[str, str], code: str
) -> None:
    await _register(client, **ADA)
    other = await _register(client, phone="+212698765432", email="grace@example.com")
    answer = await client.patch(f"/api/v1/customers/{other}", json=change)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert (await client.get(f"/api/v1/customers/{other}")).json()["phone"] == "+212698765432"


async def test_attributes_are_bounded_when_they_grow(client: httpx.AsyncClient) -> None:
    customer_id = await _register(client, attributes={f"a{number}": 1 for number in range(50)})
    answer = await client.patch(f"/api/v1/customers/{customer_id}", json={"attributes": {"one_more": 1}})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_attributes")
    swap = {"attributes": {"one_more": 1, "a0": None}}
    assert (await client.patch(f"/api/v1/customers/{customer_id}", json=swap)).status_code == 200


async def test_writing_is_not_reading(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        _, key = await organizations.create_api_key(tx, ApiKeyIn(name="form", scopes=["customers:write"]))
    weak = {"Authorization": f"Bearer {key}"}
    made = await client.post("/api/v1/customers", json=ADA, headers=weak)
    assert made.json().keys() == {"id", "created"}
    address = f"/api/v1/customers/{made.json()['id']}"
    assert (await client.get(address, headers=weak)).status_code == 403
    assert (await client.patch(address, json={"language": "fr"}, headers=weak)).status_code == 403
    assert (await client.get(address)).json()["language"] == "en"


@pytest.fixture
def production_logs(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Log as in production for one test; afterwards as before."""
    handlers, level = logging.root.handlers[:], logging.root.level
    monkeypatch.setattr(sys, "stderr", sys.__stderr__)  # outlives the test, unlike the capturing one
    log.configure()
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


async def test_logs_and_answers_of_failures_carry_no_contact_data(
    client: httpx.AsyncClient,
    database: Database,
    shop: Shop,
    production_logs: None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    customer_id = await _register(client, **ADA)
    other = await _register(client, phone="+212698765432")
    answers = [
        await client.patch(f"/api/v1/customers/{other}", json={"phone": "+212612345678"}),
        await client.post("/api/v1/customers", json={"phone": "06123456781", "region": "MA"}),
        await client.post("/api/v1/customers", json={"email": "ada@lovelace"}),
        await client.post("/api/v1/customers", json={"first_name": ["Lovelace"], "phone": 612345678}),
    ]
    async with database.transaction(shop.organization_id) as tx:
        await tx.execute("UPDATE customers SET email = phone WHERE id = $1", decode("cus", customer_id))
    answers.append(await client.get(f"/api/v1/customers/{customer_id}"))
    assert [answer.status_code for answer in answers] == [409, 422, 422, 422, 500]
    written = "".join(capfd.readouterr())
    assert "request_failed" in written, "a failure is logged with its trace"
    for text in (written, *(answer.text for answer in answers)):
        for secret in ("612345678", "lovelace", "Lovelace", "ada@"):
            assert secret not in text

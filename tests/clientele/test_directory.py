"""The directory and its file."""

import csv
import io
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from passerelle.clientele.directory import service
from passerelle.kit import clock
from tests.clientele.conftest import CUSTOMERS, Json, Office
from tests.conftest import Shop

CONSENT = {"purpose": "marketing", "wording": "Yes.", "wording_version": "1", "language": "en", "state": "granted"}


async def _three(office: Office) -> tuple[str, str, str, str]:
    """Ada is a member with a card who bought today, Bob a member who never came, Zoé nothing."""
    program = await office.program()
    ada = await office.customer(first_name="Ada", last_name="Lovelace", phone="0612345678")
    bob = await office.customer(first_name="Bob", email="bob@example.com")
    zoe = await office.customer(first_name="Zoé", phone="0612345679")
    card = await office.post("/api/v1/passes", {"membership_id": await office.member(program, ada, 12)})
    await office.member(program, bob)
    await office.post("/api/v1/scans/purchases", {"code": card["code"], "amount_minor": 500})
    await office.post(f"{CUSTOMERS}/{bob}/consents", CONSENT | {"channel": "email"})
    return program, ada, bob, zoe


def _names(entries: list[Json]) -> list[str]:
    return [entry["customer"]["first_name"] for entry in entries]


async def test_customers_are_found_by_what_they_do(office: Office) -> None:
    program, ada, *_ = await _three(office)
    yesterday, tomorrow = ((clock.now() + timedelta(days=days)).isoformat() for days in (-1, 1))
    cases: list[tuple[Json, list[str]]] = [
        ({}, ["Zoé", "Bob", "Ada"]),
        ({"text": "06 12 34 56 78"}, ["Ada"]),
        ({"text": "BOB@example.com"}, ["Bob"]),
        ({"text": "lovelace ada"}, ["Ada"]),
        ({"text": "nobody"}, []),
        ({"program_id": program}, ["Bob", "Ada"]),
        ({"has_card": True}, ["Ada"]),
        ({"has_card": False}, ["Zoé", "Bob"]),
        ({"consent": {"channel": "email"}}, ["Bob"]),
        ({"consent": {"channel": "sms"}}, []),
        ({"visited_since": yesterday}, ["Ada"]),
        ({"not_visited_since": yesterday}, ["Zoé", "Bob"]),
        ({"not_visited_since": tomorrow}, ["Zoé", "Bob", "Ada"]),
        ({"joined_from": tomorrow}, []),
        ({"joined_from": yesterday, "joined_to": tomorrow}, ["Zoé", "Bob", "Ada"]),
        ({"program_id": program, "has_card": False, "consent": {}}, ["Bob"]),
    ]
    for wanted, names in cases:
        assert _names(await office.find(**wanted)) == names, wanted
    (card,) = (await office.get("/api/v1/passes", customer_id=ada))["items"]
    typed = "-".join(card["code"][place : place + 4] for place in range(0, 16, 4)).upper()
    assert _names(await office.find(text=typed)) == ["Ada"]


async def test_an_entry_tells_what_is_known(office: Office) -> None:
    program, ada, *_ = await _three(office)
    (entry,) = await office.find(text="ada")
    assert (entry["id"], entry["cards"], entry["installed"]) == (ada, 1, 0)
    assert entry["last_visit_at"] is not None
    (member,) = entry["memberships"]
    assert (member["program_id"], member["program_name"], member["state"]) == (program, "Points", "active")
    points = {"unit": "points", "kind": "points", "currency": None, "decimals": 0, "name": "points"}
    assert member["balances"] == [points | {"active": 17, "pending": 0}]
    assert await office.get(f"{CUSTOMERS}/{ada}/overview") == entry


async def test_money_and_parts_of_units_are_told_as_such(office: Office) -> None:
    cashback = await office.program(name="Cashback", kind="cashback")
    customer = await office.customer(first_name="Ada")
    await office.member(cashback, customer, 1_250)
    (entry,) = await office.find(text="ada")
    (balance,) = entry["memberships"][0]["balances"]
    money = {"unit": "money", "kind": "money", "currency": "EUR", "decimals": 2, "name": "credit"}
    assert balance == money | {"active": 1_250, "pending": 0}
    (moved,) = (await office.get(f"{CUSTOMERS}/{customer}/timeline", kind="units"))["items"][0]["movements"]
    assert moved == money | {"amount": 1_250}
    answer = await office.http.post(f"{CUSTOMERS}/directory/export", json={"columns": ["balances"]})
    assert answer.text == "\ufeffbalances\r\n12.50 EUR\r\n"


async def test_what_a_caller_may_not_see_is_not_there(
    office: Office, key_with: Callable[..., Awaitable[dict[str, str]]]
) -> None:
    await _three(office)
    headers = await key_with("customers:read")
    (entry,) = (await office.post(f"{CUSTOMERS}/directory", {"text": "ada"}, **headers))["items"]
    assert (entry["cards"], entry["memberships"][0]["balances"]) == (None, [])
    answer = await office.http.post(f"{CUSTOMERS}/directory/export", json={}, headers=headers)
    assert (answer.status_code, answer.json()["params"]["scope"]) == (403, "customers:export")
    export = await key_with("customers:export")
    answer = await office.http.post(f"{CUSTOMERS}/directory/export", json={}, headers=export)
    header = next(csv.reader([answer.text.removeprefix("\ufeff").splitlines()[0]]))
    assert "phone" in header
    assert not {"cards", "balances"} & set(header)


async def test_pages_tell_everybody_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when few are looked at for one page, and most of them do not match."""
    monkeypatch.setattr(service, "_STEP", 3)
    monkeypatch.setattr(service, "_MOST_STEPS", 2)
    program = await office.program()
    members = []
    for number in range(17):
        customer = await office.customer(first_name="Twin", last_name=f"N{number}")
        if number in {1, 2, 16}:
            await office.member(program, customer)
            members.append(customer)
    for wanted, expected, limit in (({}, 17, 4), ({"text": "twin"}, 17, 5), ({"program_id": program}, 3, 2)):
        seen: list[str] = []
        pages, cursor = 0, ""
        while pages == 0 or cursor:
            suffix = f"?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
            page = await office.post(f"{CUSTOMERS}/directory{suffix}", wanted)
            assert len(page["items"]) <= limit
            seen += [entry["id"] for entry in page["items"]]
            pages, cursor = pages + 1, page["next"] or ""
            assert pages < 20
        assert len(seen) == len(set(seen)) == expected
        assert seen == sorted(seen, reverse=True)
    assert set(seen) == set(members)


async def test_an_export_is_a_file_for_spreadsheets(office: Office) -> None:
    await _three(office)
    evil = await office.customer(
        first_name='=HYPERLINK("http://evil")', phone="0612345670", attributes={"city": "+1+1", "vip": True, "n": 4.5}
    )
    answer = await office.http.post(f"{CUSTOMERS}/directory/export", json={})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["first_name"] for row in rows] == ['\'=HYPERLINK("http://evil")', "Zoé", "Bob", "Ada"]
    first = rows[0]
    assert (first["id"], first["phone"], first["attribute.city"]) == (evil, "+33612345670", "'+1+1")
    assert (first["attribute.vip"], first["attribute.n"], rows[1]["attribute.vip"]) == ("true", "4.5", "")
    assert (rows[3]["programs"], rows[3]["balances"], rows[3]["cards"]) == ("Points", "17 points", "1")
    narrow = await office.http.post(f"{CUSTOMERS}/directory/export", json={"columns": ["phone"], "text": "ada"})
    assert narrow.text == "\ufeffphone\r\n+33612345678\r\n"
    events = await office.get("/api/v1/events", name="directory.exported")
    assert events["items"][0]["payload"] == {"columns": ["phone"], "filters": ["text"]}


async def test_an_export_comes_in_again_as_it_went_out(office: Office, other_shop: Shop) -> None:
    await office.customer(
        first_name="=Ada", phone="0612345678", birthday={"month": 2, "day": 29}, attributes={"city": "Salé"}
    )
    answer = await office.http.post(f"{CUSTOMERS}/directory/export", json={})
    again = await office.run(answer.content)
    assert (again["figures"]["same"], again["figures"]["faulty"]) == (1, 0)
    office.http.headers.update(other_shop.headers)
    office.organization_id = other_shop.organization_id
    moved = await office.run(answer.content)
    assert moved["figures"]["new"] == 1
    (entry,) = await office.find()
    person = entry["customer"]
    assert (person["first_name"], person["phone"], person["attributes"]) == ("=Ada", "+33612345678", {"city": "Salé"})
    assert person["birthday"] == {"month": 2, "day": 29, "year": None}


@pytest.mark.parametrize(
    "body", [{"text": ""}, {"columns": ["password"]}, {"consent": {"channel": "pigeon"}}, {"colour": "red"}]
)
async def test_filters_that_cannot_be(office: Office, body: dict[str, Any]) -> None:
    path = "export" if "columns" in body else ""
    answer = await office.http.post(f"{CUSTOMERS}/directory/{path}".rstrip("/"), json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")

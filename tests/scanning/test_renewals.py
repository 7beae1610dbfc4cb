"""Terms over HTTP: what integrators, tills and the dashboard see."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from passerelle.kit import clock

Json = dict[str, Any]
TERM: Json = {"years": 1, "price_minor": 4_900, "joining": "unpaid", "grace_days": 7}


async def _ask(client: httpx.AsyncClient, method: str, path: str, status: int = 200, **request: Any) -> Json:
    response = await client.request(method, f"/api/v1{path}", **request)
    assert response.status_code == status, response.text
    return dict(response.json())


async def _member(client: httpx.AsyncClient, **term: Any) -> Json:
    new = {"name": "Club", "kind": "membership", "settings": {"term": TERM | term}}
    program = await _ask(client, "POST", "/programs", 201, json=new)
    customer = await _ask(client, "POST", "/customers", 201, json={"first_name": "Lina"})
    place = f"/programs/{program['id']}/members"
    member = await _ask(client, "POST", place, 201, json={"customer_id": customer["id"]})
    return {"program": program["id"], "customer": customer["id"], "id": member["id"]}


async def test_a_membership_is_paid_told_listed_and_taken_back(client: httpx.AsyncClient) -> None:
    member = await _member(client)
    place = f"/members/{member['id']}"
    unpaid = (await _ask(client, "GET", place))["term"]
    assert (unpaid["status"], unpaid["last_day"], unpaid["renewable"]) == ("unpaid", None, True)
    told = {"amount_minor": 4_500, "currency": "EUR", "reference": "R-1", "method": "card"}
    paid = await _ask(client, "POST", f"{place}/renewals", 201, json=told)
    assert paid["membership"]["status"] == "active"
    assert paid["term"]["id"].startswith("mtm_")
    assert (paid["term"]["amount_minor"], paid["term"]["method"], paid["term"]["state"]) == (
        4_500,
        "card",
        "standing",
    )
    again = await _ask(client, "POST", f"{place}/renewals", 201, json=told)
    assert (again["replayed"], again["term"]) == (True, paid["term"])
    other = await _ask(client, "POST", f"{place}/renewals", 409, json=told | {"amount_minor": 1})
    assert other["code"] == "term_reference_reused"
    early = await _ask(client, "POST", f"{place}/renewals", 409, json={}, headers={"Accept-Language": "fr"})
    assert early["code"] == "renewal_too_early"
    assert early["detail"].startswith("Cette adhésion court jusqu'au ")
    gift = await _ask(client, "POST", f"{place}/gifted-terms", 201, json={"reason": "Sorry", "length": {"days": 7}})
    last_day = gift["membership"]["last_day"]
    found = await _ask(
        client, "GET", f"/programs/{member['program']}/members?ends_from={last_day}&ends_to={last_day}"
    )
    assert [each["id"] for each in found["items"]] == [member["id"]]
    span = {"ends_from": gift["membership"]["valid_until"], "program_id": member["program"]}
    listed = await _ask(client, "POST", "/customers/directory", json=span)
    assert [each["memberships"][0]["term"]["status"] for each in listed["items"]] == ["active"]
    assert not (await _ask(client, "POST", "/customers/directory", json={"ends_to": span["ends_from"]}))["items"]
    voided = await _ask(client, "POST", f"/terms/{paid['term']['id']}/void", json={"reason": "Bounced"})
    assert (voided["term"]["state"], voided["term"]["void_reason"]) == ("voided", "Bounced")
    history = (await _ask(client, "GET", f"{place}/terms"))["items"]
    assert [(each["kind"], each["state"]) for each in history] == [("gift", "standing"), ("payment", "voided")]
    month = clock.now().astimezone(ZoneInfo("Europe/Paris")).strftime("%Y-%m")
    report = await _ask(client, "GET", f"/terms/report?first=2020-01&last={month}")
    [line] = report["items"]
    assert (line["currency"], line["payments"], line["amount_minor"]) == ("EUR", 0, 0)
    assert (line["voided"], line["voided_minor"]) == (1, 4_500)
    names = {event["name"] for event in (await _ask(client, "GET", "/events?limit=50"))["items"]}
    assert {"membership.renewed", "membership.renewal_voided"} <= names


async def test_money_is_told_by_the_month_of_the_programs_zone(client: httpx.AsyncClient) -> None:
    member = await _member(client, years=None, months=1, renew_early_days=0)
    for at, amount in [("2026-01-31T22:59:00Z", 1_000), ("2026-02-28T23:30:00Z", 2_000), ("2026-06-01T09:00:00Z", 1)]:
        told = {"at": at, "amount_minor": amount}
        await _ask(client, "POST", f"/members/{member['id']}/renewals", 201, json=told)
    report = await _ask(client, "GET", "/terms/report?first=2026-01&last=2026-03")
    assert [(each["month"], each["amount_minor"]) for each in report["items"]] == [
        ("2026-03", 2_000),
        ("2026-01", 1_000),
    ]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount_minor": -1}, "invalid_request"),
        ({"currency": "MAD"}, "other_currency"),
        ({"method": "gold"}, "invalid_request"),
        ({"at": "2199-01-01T00:00:00Z"}, "payment_date_refused"),
        ({"location_id": "loc_01m8131e24ehs8a9jzrqfgxj43"}, "not_found"),
        ({"reference": "two words"}, "invalid_request"),
    ],
)
async def test_what_is_no_payment_is_refused(client: httpx.AsyncClient, fields: Json, code: str) -> None:
    member = await _member(client)
    response = await client.post(f"/api/v1/members/{member['id']}/renewals", json=fields)
    assert (response.status_code // 100, response.json()["code"]) in {(4, code), (4, "location_not_found")}
    assert (await _ask(client, "GET", f"/members/{member['id']}/terms"))["items"] == []


@pytest.mark.parametrize(
    "term", [{"years": 1, "months": 1}, {}, {"days": 0}, {"ends_on": "13-01"}, {"until": "2027-01-01"}]
)
async def test_a_term_that_is_none_is_refused(client: httpx.AsyncClient, term: Json) -> None:
    new = {"name": "Club", "kind": "membership", "settings": {"term": term}}
    assert (await _ask(client, "POST", "/programs", 422, json=new))["code"] == "invalid_request"


async def test_a_cashier_renews_and_takes_own_payments_back_but_gives_nothing_away(
    client: httpx.AsyncClient,
) -> None:
    member = await _member(client, renew_early_days=3_650)
    scopes = ["members:renew"]
    key = await _ask(client, "POST", "/api-keys", 201, json={"name": "Till", "scopes": scopes})
    till: Json = {"headers": {"Authorization": f"Bearer {key['api_key']}"}}
    place = f"/members/{member['id']}"
    owners = await _ask(client, "POST", f"{place}/renewals", 201, json={})
    own = await _ask(client, "POST", f"{place}/renewals", 201, json={}, **till)
    assert (await _ask(client, "POST", f"{place}/gifted-terms", 403, json={"reason": "x"}, **till))[
        "code"
    ] == "not_allowed"
    refused = await _ask(client, "POST", f"/terms/{owners['term']['id']}/void", 403, json={}, **till)
    assert refused["code"] == "void_needs_manager"
    await _ask(client, "POST", f"/terms/{own['term']['id']}/void", json={}, **till)


async def test_another_shop_sees_nothing_of_it(client: httpx.AsyncClient, other_shop: Any) -> None:
    member = await _member(client)
    paid = await _ask(client, "POST", f"/members/{member['id']}/renewals", 201, json={})
    theirs = {"headers": other_shop.headers}
    for method, path in [
        ("POST", f"/members/{member['id']}/renewals"),
        ("POST", f"/members/{member['id']}/gifted-terms"),
        ("POST", f"/terms/{paid['term']['id']}/void"),
    ]:
        await _ask(client, method, path, 404, json={"reason": "x"} if "renewals" not in path else {}, **theirs)
    await _ask(client, "GET", f"/members/{member['id']}/terms", 404, **theirs)
    report = await _ask(client, "GET", "/terms/report?first=2020-01&last=2199-01", **theirs)
    assert report["items"] == []


async def test_a_lapsed_member_is_told_at_the_counter_what_to_do(client: httpx.AsyncClient) -> None:
    member = await _member(client, years=None, days=10, grace_days=0)
    paid_at = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    await _ask(client, "POST", f"/members/{member['id']}/renewals", 201, json={"at": paid_at})
    card = await _ask(client, "POST", "/passes", 201, json={"membership_id": member["id"]})
    scanned = await _ask(client, "POST", "/scans", json={"code": card["code"]})
    assert (scanned["term"]["status"], scanned["may"]) == ("lapsed", ["renew", "undo"])
    refused = await _ask(client, "POST", "/scans/visits", 409, json={"code": card["code"]})
    assert refused["code"] == "membership_lapsed"
    assert refused["params"]["last_day"] == scanned["term"]["last_day"]

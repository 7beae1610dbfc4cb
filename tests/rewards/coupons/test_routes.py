"""Coupons over HTTP, from the campaign to the download."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import decode, encode, new_id
from passerelle.kit.jobs import Work
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import ApiKeyIn
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase, PurchaseLine
from passerelle.rewards.coupons import jobs
from tests.conftest import Shop
from tests.rewards.coupons.conftest import FIVE_OFF

CAMPAIGNS = "/api/v1/coupon-campaigns"
Json = dict[str, Any]


async def _post(client: httpx.AsyncClient, path: str, body: Json | None = None, **headers: str) -> Json:
    """A write that must succeed."""
    answer = await client.post(path, json=body or {}, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def _campaign(client: httpx.AsyncClient, **fields: Any) -> Json:
    terms = {"effect": FIVE_OFF, **fields.pop("terms", {})}
    return await _post(
        client, CAMPAIGNS, {"name": "Five off", "names": {"fr": "Cinq euros"}, "terms": terms} | fields
    )


async def _import(client: httpx.AsyncClient, campaign: Json, *codes: str) -> Json:
    return await _post(client, f"{CAMPAIGNS}/{campaign['id']}/codes/import", {"codes": list(codes)})


async def _till(client: httpx.AsyncClient, database: Database, shop: Shop, *scopes: str) -> dict[str, str]:
    async with database.transaction(shop.organization_id) as tx:
        _, key = await organizations.create_api_key(tx, ApiKeyIn(name=str(new_id()), scopes=list(scopes)))
    return {"Authorization": f"Bearer {key}"}


async def test_from_campaign_to_undo(client: httpx.AsyncClient) -> None:
    campaign = await _campaign(client, terms={"conditions": {"minimum_basket_minor": 1_000}})
    assert (campaign["state"], campaign["currency"], campaign["time_zone"]) == ("active", "EUR", "Europe/Paris")
    assert campaign["terms"]["uses_per_code"] == 1
    await _import(client, campaign, "WELCOME10")
    address = "/api/v1/coupons/welc0me-10"
    lines = [
        {"name": "Espresso", "quantity": 2, "unit_amount_minor": 300},
        {"name": "Cake", "unit_amount_minor": 600},
    ]
    seen = await _post(client, f"{address}/validate", {"lines": lines}, **{"Accept-Language": "fr"})
    assert (seen["name"], seen["discount_minor"], seen["line_discounts_minor"]) == ("Cinq euros", 500, [250, 250])
    small = await client.post(f"{address}/redeem", json={"amount_minor": 680}, headers={"Accept-Language": "fr"})
    assert (small.status_code, small.json()["code"]) == (409, "basket_too_small")
    assert small.json()["detail"] == (
        "Ce code vaut à partir de 10,00\N{NO-BREAK SPACE}€. Ajoutez 3,20\N{NO-BREAK SPACE}€ au panier."
    )
    assert small.json()["params"] == {"minimum": "10.00 EUR", "missing": "3.20 EUR"}
    body = {"lines": lines, "reference": "order-1"}
    held = await _post(client, f"{address}/hold", body)
    assert held["state"] == "held"
    redeemed = await _post(client, f"{address}/redeem", body)
    assert (redeemed["id"], redeemed["state"], redeemed["discount_minor"]) == (held["id"], "redeemed", 500)
    assert await _post(client, f"{address}/redeem", body) == redeemed
    used = await client.post(f"{address}/validate", json={"lines": lines})
    assert (used.status_code, used.json()["code"]) == (409, "coupon_used")
    undone = await _post(client, f"{address}/undo", {"reference": "order-1"})
    assert undone["state"] == "undone"
    assert (await _post(client, f"{address}/void"))["state"] == "voided"
    refused = await client.post(f"{address}/redeem", json=body | {"reference": "order-2"})
    assert refused.json()["code"] == "coupon_voided"


async def test_one_key_redeems_once(client: httpx.AsyncClient) -> None:
    await _import(client, await _campaign(client), "WELCOME10")
    address = "/api/v1/coupons/WELCOME10/redeem"
    first = await _post(client, address, {"amount_minor": 900}, **{"Idempotency-Key": "a"})
    assert await _post(client, address, {"amount_minor": 900}, **{"Idempotency-Key": "a"}) == first
    again = await client.post(address, json={"amount_minor": 900}, headers={"Idempotency-Key": "b"})
    assert again.json()["code"] == "coupon_used"


async def test_campaigns_are_kept(client: httpx.AsyncClient, other_shop: Shop) -> None:
    first, second = await _campaign(client), await _campaign(client, state="draft")
    address = f"{CAMPAIGNS}/{first['id']}"
    changed = await client.patch(address, json={"name": "Five", "ends_at": "2027-01-01T00:00:00+01:00"})
    assert (changed.json()["name"], changed.json()["ends_at"]) == ("Five", "2026-12-31T23:00:00Z")
    cleared = await client.patch(address, json={"ends_at": None})
    assert cleared.json()["ends_at"] is None
    assert (await client.get(address)).json() == cleared.json()
    page = (await client.get(f"{CAMPAIGNS}?limit=1")).json()
    assert [item["id"] for item in page["items"]] == [second["id"]]
    rest = (await client.get(CAMPAIGNS, params={"cursor": page["next"]})).json()
    assert [item["id"] for item in rest["items"]] == [first["id"]]
    foreign = await client.get(address, headers=other_shop.headers)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "coupon_campaign_not_found")
    ended = await client.patch(address, json={"state": "ended"})
    assert ended.json()["state"] == "ended"
    refused = await client.patch(address, json={"state": "active"})
    assert (refused.status_code, refused.json()["code"]) == (409, "coupon_campaign_state_refused")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"terms": {"effect": {"type": "amount_off", "amount_minor": -1}}}, "invalid_request"),
        ({"terms": {"effect": {"type": "free"}}}, "invalid_request"),
        ({"pattern": {"length": 8}}, "coupon_pattern_too_weak"),
        ({"terms": {"effect": {"type": "grant_units", "amount": 1}}}, "coupon_program_needed"),
        ({"starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-01T00:00:00Z"}, "invalid_request"),
        ({"colour": "red"}, "invalid_request"),
    ],
)
async def test_campaigns_that_make_no_sense(client: httpx.AsyncClient, change: Json, code: str) -> None:
    answer = await client.post(CAMPAIGNS, json={"name": "x", "terms": {"effect": FIVE_OFF}} | change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await client.get(CAMPAIGNS)).json()["items"] == []


async def test_generating_and_downloading(
    client: httpx.AsyncClient, database: Database, shop: Shop, settings: Settings
) -> None:
    campaign = await _campaign(client, pattern={"prefix": "CAFE"})
    address = f"{CAMPAIGNS}/{campaign['id']}"
    asked = await client.post(f"{address}/codes/generate", json={"count": 12})
    assert (asked.status_code, asked.json()["state"], asked.json()["requested"]) == (202, "queued", 12)
    batch = asked.json()["id"]
    payload = {"organization_id": str(shop.organization_id), "batch_id": str(decode("cbt", batch))}
    await jobs.generate_codes(Work(database, settings), payload)
    told = (await client.get(f"/api/v1/coupon-batches/{batch}")).json()
    assert (told["state"], told["made"]) == ("done", 12)
    assert (await client.get(f"{address}/batches")).json()["items"] == [told]
    assert (await _post(client, f"/api/v1/coupon-batches/{batch}/cancel"))["state"] == "done"
    listed = (await client.get(f"{address}/codes?limit=5")).json()
    assert (len(listed["items"]), listed["items"][0]["code"][:5]) == (5, "CAFE-")
    file = await client.get(f"{address}/codes.csv")
    assert (file.headers["content-type"], file.headers["cache-control"]) == ("text/csv; charset=utf-8", "no-store")
    rows = file.text.strip().split("\r\n")
    assert rows[0] == "code,state,uses,customer_id,starts_at,expires_at,issued_at"
    assert len({row.split(",")[0] for row in rows[1:]}) == 12
    assert rows[1].split(",")[0] == listed["items"][0]["code"]
    till = await _till(client, database, shop, "coupons:read", "coupons:write")
    for path in ("codes", "codes.csv"):
        assert (await client.get(f"{address}/{path}", headers=till)).status_code == 403
    missing = f"{CAMPAIGNS}/{encode('ccm', UUID(int=1))}"
    assert (await client.get(f"{missing}/codes.csv")).status_code == 404
    assert (await client.post(f"{missing}/codes/generate", json={"count": 1})).status_code == 404


async def test_importing(client: httpx.AsyncClient) -> None:
    address = f"{CAMPAIGNS}/{(await _campaign(client))['id']}/codes/import"
    file = "code;note\r\nÉTÉ\r\nWELCOME10;a\r\nWELC0ME10;b\r\n".encode()
    done = await client.post(address, content=file, headers={"Content-Type": "text/csv", "Idempotency-Key": "a"})
    assert (done.status_code, done.json()["imported"]) == (200, 1)
    assert [(error["row"], error["reason"]) for error in done.json()["errors"]] == [
        (2, "illegal_character"),
        (4, "repeated"),
    ]
    again = await client.post(address, content=file, headers={"Content-Type": "text/csv", "Idempotency-Key": "a"})
    assert again.json() == done.json()
    wrong = await client.post(address, content="été\n".encode("latin-1"), headers={"Content-Type": "text/csv"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "coupon_codes_unreadable")
    for body in (b"{}", b'{"codes": []}', b'{"codes": [1]}', b"[", b'{"codes": ["A"], "x": 1}'):
        refused = await client.post(address, content=body, headers={"Content-Type": "application/json"})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
        assert refused.json()["errors"]
    latin = await client.post(
        address, content='{"codes": ["été"]}'.encode("latin-1"), headers={"Content-Type": "application/json"}
    )
    assert latin.json()["code"] == "coupon_codes_unreadable"


async def test_a_customers_coupons(client: httpx.AsyncClient, other_shop: Shop) -> None:
    campaign = await _campaign(client, terms={"holder_only": True, "ends_days_after_issue": 30})
    customer = await _post(client, "/api/v1/customers", {"first_name": "Lina", "phone": "+33612345678"})
    body = {"customer_id": customer["id"], "reference": "order-7"}
    issued = await _post(client, f"{CAMPAIGNS}/{campaign['id']}/issue", body)
    assert (issued["state"], issued["customer_id"], issued["effect"]) == ("active", customer["id"], FIVE_OFF)
    assert await _post(client, f"{CAMPAIGNS}/{campaign['id']}/issue", body) == issued
    held = (await client.get(f"/api/v1/customers/{customer['id']}/coupons")).json()["items"]
    assert held == [issued]
    basket = {"amount_minor": 1_200}
    nobody = await client.post(f"/api/v1/coupons/{issued['code']}/redeem", json=basket)
    assert nobody.json()["code"] == "coupon_customer_needed"
    redeemed = await _post(
        client, f"/api/v1/coupons/{issued['code']}/redeem", basket | {"customer_id": customer["id"]}
    )
    assert redeemed["customer_id"] == customer["id"]
    held = (await client.get(f"/api/v1/customers/{customer['id']}/coupons")).json()["items"]
    assert [one["state"] for one in held] == ["used"]
    foreign = await client.get(f"/api/v1/customers/{customer['id']}/coupons", headers=other_shop.headers)
    assert foreign.json()["code"] == "customer_not_found"


async def test_guessing_ends_in_429(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    await _import(client, await _campaign(client), "WELCOME10")
    guesser = await _till(client, database, shop, "rewards:redeem")
    answers = []
    for number in range(24):
        path = f"/api/v1/coupons/GUESS{number}/redeem"
        answers.append(await client.post(path, json={"amount_minor": 1}, headers=guesser))
    assert [answer.status_code for answer in answers[:21]] == [404] * 21
    assert answers[-1].status_code == 429
    assert answers[-1].json()["code"] == "too_many_attempts"
    assert int(answers[-1].headers["retry-after"]) >= 1
    known = await client.post("/api/v1/coupons/WELCOME10/redeem", json={"amount_minor": 1}, headers=guesser)
    assert known.status_code == 429
    assert (await client.post("/api/v1/coupons/WELCOME10/redeem", json={"amount_minor": 1})).status_code == 201


@pytest.mark.parametrize("code", ["%00", "%F0%9F%98%80", "a" * 200, "..%2e", "%20", "' OR 1=1 --"])
async def test_what_is_no_code_is_unknown(client: httpx.AsyncClient, code: str) -> None:
    answer = await client.post(f"/api/v1/coupons/{code}/validate", json={})
    assert (answer.status_code, answer.json()["code"]) == (404, "coupon_unknown")


_MISSING = encode("ccm", UUID(int=1))


@pytest.mark.parametrize(
    ("method", "path", "body", "scope"),
    [
        ("POST", "/coupon-campaigns", {"name": "x", "terms": {"effect": FIVE_OFF}}, "coupons:write"),
        ("GET", "/coupon-campaigns", None, "coupons:read"),
        ("GET", f"/coupon-campaigns/{_MISSING}", None, "coupons:read"),
        ("PATCH", f"/coupon-campaigns/{_MISSING}", {"name": "y"}, "coupons:write"),
        ("POST", f"/coupon-campaigns/{_MISSING}/codes/generate", {"count": 1}, "coupons:write"),
        ("POST", f"/coupon-campaigns/{_MISSING}/codes/import", {"codes": ["ABC"]}, "coupons:write"),
        ("GET", f"/coupon-campaigns/{_MISSING}/codes", None, "coupons:export"),
        ("GET", f"/coupon-campaigns/{_MISSING}/codes.csv", None, "coupons:export"),
        ("GET", f"/coupon-campaigns/{_MISSING}/batches", None, "coupons:read"),
        ("GET", f"/coupon-batches/{encode('cbt', UUID(int=1))}", None, "coupons:read"),
        ("POST", f"/coupon-batches/{encode('cbt', UUID(int=1))}/cancel", None, "coupons:write"),
        (
            "POST",
            f"/coupon-campaigns/{_MISSING}/issue",
            {"customer_id": encode("cus", UUID(int=1))},
            "coupons:write",
        ),
        ("GET", f"/customers/{encode('cus', UUID(int=1))}/coupons", None, "coupons:read"),
        ("POST", "/coupons/ABC/validate", {}, "rewards:redeem"),
        ("POST", "/coupons/ABC/hold", {"reference": "a"}, "rewards:redeem"),
        ("POST", "/coupons/ABC/redeem", {}, "rewards:redeem"),
        ("POST", "/coupons/ABC/undo", {"reference": "a"}, "rewards:redeem"),
        ("POST", "/coupons/ABC/void", None, "coupons:write"),
    ],
)
async def test_every_address_asks_for_its_scope(
    client: httpx.AsyncClient, database: Database, shop: Shop, method: str, path: str, body: Any, scope: str
) -> None:
    headers = await _till(client, database, shop, "scans:write")
    answer = await client.request(method, f"/api/v1{path}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["params"]) == (403, {"scope": scope})


async def test_a_code_is_found_with_its_uses(client: httpx.AsyncClient) -> None:
    campaign = await _campaign(client, terms={"uses_per_code": 2})
    await _import(client, campaign, "HELLO-26", "OTHER-26")
    await _post(client, "/api/v1/coupons/HELLO-26/redeem", {"amount_minor": 900, "reference": "till-1"})
    found = (await client.get("/api/v1/coupons/hello 26")).json()
    assert (found["code"], found["state"], found["uses"], found["name"]) == ("HELLO-26", "active", 1, "Five off")
    assert [(use["reference"], use["discount_minor"]) for use in found["redemptions"]] == [("till-1", 500)]
    uses = (await client.get(f"{CAMPAIGNS}/{campaign['id']}/redemptions")).json()
    assert uses["items"] == found["redemptions"]
    missing = await client.get("/api/v1/coupons/NOBODY-26")
    assert (missing.status_code, missing.json()["code"]) == (404, "coupon_unknown")


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"effect": {"type": "percent_off", "basis_points": 1_000}}, (120, 0, None)),
        ({"effect": FIVE_OFF, "conditions": {"skus": ["CAKE"]}}, (500, 0, None)),
        ({"effect": {"type": "free_item", "skus": ["ESP"], "quantity": 1}}, (300, 0, None)),
        ({"effect": FIVE_OFF, "holder_only": True, "limits": [{"of": "customer", "uses": 1}]}, (500, 0, None)),
        ({"effect": FIVE_OFF, "conditions": {"minimum_basket_minor": 2_000}}, (0, 0, "8,00")),
        ({"effect": FIVE_OFF, "conditions": {"channels": ["online"]}}, (0, 0, "online")),
        ({"effect": FIVE_OFF, "conditions": {"skus": ["TEA"]}}, (0, 0, "")),
    ],
)
async def test_terms_are_tried_on_a_purchase(
    client: httpx.AsyncClient, database: Database, shop: Shop, terms: Json, expected: tuple[int, int, str | None]
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        buyer = (await customers.register(tx, NewCustomer(first_name="Ada"))).customer_id
        lines = (
            PurchaseLine(name="Espresso", quantity=2, unit_amount_minor=300, sku="ESP"),
            PurchaseLine(name="Cake", unit_amount_minor=600, sku="CAKE"),
        )
        purchase = await purchases.record_purchase(tx, NewPurchase(buyer, 1_200, lines=lines, channel="till"))
    body = {"terms": terms, "purchase_id": encode("pur", purchase.id)}
    told = await _post(client, f"{CAMPAIGNS}/preview", body, **{"Accept-Language": "fr"})
    discount, units, why_not = expected
    assert (told["discount_minor"], told["units"], told["currency"]) == (discount, units, "EUR")
    assert (told["why_not"] is None) == (why_not is None)
    assert (why_not or "") in (told["why_not"] or "")
    unknown = {"terms": terms, "purchase_id": encode("pur", new_id())}
    answer = await client.post(f"{CAMPAIGNS}/preview", json=unknown)
    assert (answer.status_code, answer.json()["code"]) == (404, "purchase_not_found")


async def test_the_preview_of_a_purchase_says_why(client: httpx.AsyncClient) -> None:
    made = await _post(client, "/api/v1/programs", {"name": "Club", "kind": "points"})
    customer = (await _post(client, "/api/v1/customers"))["id"]
    await _post(client, f"/api/v1/programs/{made['id']}/members", {"customer_id": customer})
    body = {"customer_id": customer, "amount_minor": 1234}
    preview = (await client.post("/api/v1/preview", json=body)).json()
    [accrual] = preview["items"][0]["accruals"]
    assert (accrual["amount"], accrual["unit"], accrual["reasons"][0]["code"]) == (12, "points", "per_amount")
    assert accrual["reasons"][0]["text"] == "1 per €1.00, €12.34 counted: +12"
    assert preview["items"][0]["balances"][0]["active"] == 0
    refused = await client.post("/api/v1/preview", json=body | {"amount_minor": -5})
    assert (refused.status_code, refused.json()["code"]) == (422, "amount_not_positive")
    unknown = await client.post("/api/v1/preview", json=body | {"customer_id": encode("cus", UUID(int=1))})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "customer_not_found")


async def test_buy_so_many_get_so_many_over_http(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    effect = {"type": "buy_get", "buy": {"categories": ["coffee"], "quantity": 2}, "times": 2}
    campaign = await _campaign(client, terms={"effect": effect})
    assert campaign["terms"]["effect"]["get"] == {"skus": [], "categories": [], "quantity": 1}
    await _import(client, campaign, "THREE-COFFEES")
    coffees = [{"name": "Latte", "quantity": 2, "unit_amount_minor": 400, "category": "coffee"}]
    more = [*coffees, {"name": "Espresso", "unit_amount_minor": 250, "category": "coffee"}]
    address = "/api/v1/coupons/three-coffees"
    refused = await client.post(f"{address}/redeem", json={"lines": coffees}, headers={"Accept-Language": "fr"})
    assert (refused.status_code, refused.json()["code"]) == (409, "coupon_more_items_needed")
    assert refused.json()["params"] == {"count": "1", "items": "coffee"}
    redeemed = await _post(client, f"{address}/redeem", {"lines": more})
    assert (redeemed["discount_minor"], redeemed["line_discounts_minor"]) == (250, [0, 250])
    async with database.transaction(shop.organization_id) as tx:
        customer_id = (await customers.register(tx, NewCustomer())).customer_id
        lines = tuple(PurchaseLine.model_validate(line) for line in more)
        bought = await purchases.record_purchase(tx, NewPurchase(customer_id, 1_050, lines=lines))
    trial = {"terms": {"effect": effect}, "purchase_id": encode("pur", bought.id)}
    assert (await _post(client, f"{CAMPAIGNS}/preview", trial))["discount_minor"] == 250
    effect["buy"] = {"categories": ["coffee"], "quantity": 3}
    tried = await _post(client, f"{CAMPAIGNS}/preview", trial)
    assert (tried["discount_minor"], tried["why_not"][:32]) == (0, "1 more of “coffee” is missing fo")

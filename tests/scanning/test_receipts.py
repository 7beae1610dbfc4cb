"""Receipts over HTTP: told without a customer, claimed later, paid back before and after."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio

from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.jobs import Work
from passerelle.purchases.receipts import jobs
from tests.conftest import Shop
from tests.factories.documents import Document

Json = dict[str, Any]
DOCUMENT: Final = Document("algorithms/receipts.md")
_MANY: Final = {"claim_days": 30, "per_day": 20, "per_month": 20, "by_print": False}


async def post(client: httpx.AsyncClient, path: str, body: Json, **headers: str) -> Json:
    """A write that must succeed."""
    answer = await client.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def refused(client: httpx.AsyncClient, path: str, body: Json) -> str:
    """The code of a refusal."""
    answer = await client.post(path, json=body)
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


async def a_card(client: httpx.AsyncClient, program: Json, phone: str) -> Json:
    customer = await post(client, "/api/v1/customers", {"first_name": "Lina", "phone": phone})
    member = await post(client, f"/api/v1/programs/{program['id']}/members", {"customer_id": customer["id"]})
    return await post(client, "/api/v1/passes", {"membership_id": member["id"]})


@pytest_asyncio.fixture
async def program(client: httpx.AsyncClient) -> Json:
    """One point for a euro."""
    return await post(client, "/api/v1/programs", {"name": "Club", "kind": "points"})


@pytest_asyncio.fixture
async def card(client: httpx.AsyncClient, program: Json) -> Json:
    return await a_card(client, program, "+33612345678")


async def tell(client: httpx.AsyncClient, reference: str = "T1-0001", **fields: object) -> Json:
    return await post(client, "/api/v1/receipts", {"reference": reference, "amount_minor": 1_200} | fields)


async def points(client: httpx.AsyncClient, card: Json) -> int:
    return int((await post(client, "/api/v1/scans", {"code": card["code"]}))["balances"][0]["active"])


async def test_a_receipt_is_told_once_and_claimed_once(client: httpx.AsyncClient, card: Json) -> None:
    told = await tell(client)
    assert (told["state"], told["currency"], told["customer_id"]) == ("open", "EUR", None)
    assert told["claim_url"] == f"http://testserver/m/{told['claim_url'].split('/')[4]}/receipt/{told['code']}"
    assert await tell(client) == told
    assert await refused(client, "/api/v1/receipts", {"reference": "T1-0001", "amount_minor": 900}) == (
        "receipt_reference_reused"
    )
    body = {"receipt": told["code"].lower().replace("-", " "), "card": card["code"]}
    preview = await post(client, "/api/v1/receipts/claims/preview", body)
    assert await points(client, card) == 0
    claimed = await post(client, "/api/v1/receipts/claims", body)
    assert claimed["receipt"]["state"] == "claimed"
    assert claimed["purchase"]["external_reference"] == "T1-0001"
    assert claimed["earned"][0]["accruals"] == preview["earned"][0]["accruals"]
    assert await points(client, card) == 12
    again = await post(client, "/api/v1/receipts/claims", body)
    assert again["purchase"] == claimed["purchase"]
    assert again["earned"][0]["accruals"] == claimed["earned"][0]["accruals"]
    assert await points(client, card) == 12
    listed = (await client.get("/api/v1/receipts?state=claimed")).json()
    assert [each["id"] for each in listed["items"]] == [told["id"]]
    assert listed["share"] == {"days": 28, "told": 1, "claimed": 1}
    assert (await client.get("/api/v1/receipts?state=open")).json()["items"] == []
    events = (await client.get("/api/v1/events")).json()["items"]
    assert {"receipt.told", "receipt.claimed", "purchase.recorded"} <= {each["name"] for each in events}


async def test_a_claim_earns_as_of_when_it_happened(client: httpx.AsyncClient) -> None:
    """The hour counts that it was, and the rules that are now; for a customer who joined meanwhile."""
    noon = {
        "type": "per_amount",
        "amount_minor_per_step": 100,
        "units_per_step": 3,
        "conditions": {"hours": [{"from": "12:00", "to": "13:00"}]},
    }
    always = {"type": "per_amount", "amount_minor_per_step": 100}
    program = await post(client, "/api/v1/programs", {"name": "Noon", "kind": "points", "rules": [noon, always]})
    day = datetime(2026, 11, 18, tzinfo=UTC)
    with clock.frozen(day + timedelta(hours=20)):
        at_noon = await tell(client, "A", occurred_at=(day + timedelta(hours=11, minutes=30)).isoformat())
        later = await tell(client, "B", occurred_at=(day + timedelta(hours=12)).isoformat())
    card = await a_card(client, program, "+33612345677")
    with clock.frozen(day + timedelta(days=3, hours=11, minutes=30)):
        for told, units in ((at_noon, 48), (later, 12)):
            body = {"receipt": told["code"], "card": card["code"]}
            preview = await post(client, "/api/v1/receipts/claims/preview", body)
            claimed = await post(client, "/api/v1/receipts/claims", body)
            assert claimed["earned"][0]["accruals"] == preview["earned"][0]["accruals"]
            assert sum(each["amount"] for each in claimed["earned"][0]["accruals"]) == units
    assert claimed["purchase"]["occurred_at"] == "2026-11-18T12:00:00Z"
    assert claimed["purchase"]["recorded_at"] == "2026-11-21T11:30:00Z"


async def test_two_customers_claim_at_once(client: httpx.AsyncClient, card: Json, program: Json) -> None:
    other = await a_card(client, program, "+33612345679")
    told = await tell(client)
    claims = [
        client.post("/api/v1/receipts/claims", json={"receipt": told["code"], "card": each["code"]})
        for each in (card, other, card, other)
    ]
    answers = await asyncio.gather(*claims)
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "receipt_claimed"}
    assert await points(client, card) + await points(client, other) == 12


async def test_a_claim_meets_a_refund_and_a_scan_of_the_same_sale(client: httpx.AsyncClient, card: Json) -> None:
    """Whichever is first: the sale is booked once, and what was paid back counts no more."""
    for number in range(4):
        before, told = await points(client, card), await tell(client, f"R{number}")
        body = {"receipt": told["code"], "card": card["code"]}
        refund = client.post(f"/api/v1/receipts/{told['id']}/refunds", json={"amount_minor": 500, "reference": "x"})
        claim = client.post("/api/v1/receipts/claims", json=body)
        answers = await asyncio.gather(*((claim, refund) if number % 2 else (refund, claim)))
        limited = {"too_many_claims"} & {answer.json().get("code") for answer in answers}
        assert await points(client, card) - before == (0 if limited else 7), [answer.text for answer in answers]
    told = await tell(client, "S")
    with clock.frozen(clock.now() + timedelta(days=1)):
        scan = {"code": card["code"], "amount_minor": 1_200, "external_reference": "S"}
        before = await points(client, card)
        answers = await asyncio.gather(
            client.post("/api/v1/receipts/claims", json={"receipt": told["code"], "card": card["code"]}),
            client.post("/api/v1/scans/purchases", json=scan),
        )
        assert await points(client, card) - before == 12, [answer.text for answer in answers]


async def test_one_sale_is_told_twice_at_once(client: httpx.AsyncClient, card: Json) -> None:
    told = await asyncio.gather(*(tell(client) for _ in range(4)))
    assert len({each["id"] for each in told}) == 1
    assert {each["code"] for each in told} == {told[0]["code"]}


async def test_what_was_paid_back_before_is_left_out(client: httpx.AsyncClient, card: Json, program: Json) -> None:
    other = await a_card(client, program, "+33612345679")
    early, late = await tell(client, "A"), await tell(client, "B")
    slice_ = {"amount_minor": 500, "reference": "R1"}
    for _ in range(2):
        refunded = await post(client, f"/api/v1/receipts/{early['id']}/refunds", slice_)
        assert (refunded["receipt"]["refunded_minor"], refunded["refund"]) == (500, None)
    body = {"receipt": early["code"], "card": card["code"]}
    preview = await post(client, "/api/v1/receipts/claims/preview", body)
    assert sum(each["amount"] for each in preview["earned"][0]["accruals"]) == 7
    claimed = await post(client, "/api/v1/receipts/claims", body)
    assert (claimed["purchase"]["refunded_minor"], claimed["refunds"][0]["units"][0]["taken"]) == (500, 5)
    assert await points(client, card) == 7
    await post(client, "/api/v1/receipts/claims", {"receipt": late["code"], "card": other["code"]})
    after = await post(client, f"/api/v1/receipts/{late['id']}/refunds", slice_)
    assert after["refund"]["units"][0]["taken"] == 5
    assert await points(client, other) == 7
    again = await post(client, f"/api/v1/receipts/{early['id']}/refunds", slice_)
    assert (again["refund"]["position"], await points(client, card)) == (1, 7)
    rest = await post(client, f"/api/v1/purchases/{claimed['purchase']['id']}/refunds", {})
    assert (rest["amount_minor"], await points(client, card)) == (700, 0)


async def test_what_was_taken_back_is_not_claimed(client: httpx.AsyncClient, card: Json) -> None:
    voided, paid_back, kept = await tell(client, "A"), await tell(client, "B"), await tell(client, "C")
    for _ in range(2):
        assert (await post(client, f"/api/v1/receipts/{voided['id']}/void", {}))["state"] == "voided"
    assert (await post(client, f"/api/v1/receipts/{paid_back['id']}/refunds", {}))["receipt"]["state"] == "refunded"
    for each in (voided, paid_back):
        body = {"receipt": each["code"], "card": card["code"]}
        assert await refused(client, "/api/v1/receipts/claims", body) == "receipt_taken_back"
        assert await refused(client, f"/api/v1/receipts/{each['id']}/refunds", {}) in {
            "voided_not_refundable",
            "nothing_left_to_refund",
        }
    claimed = await post(client, "/api/v1/receipts/claims", {"receipt": kept["code"], "card": card["code"]})
    await post(client, f"/api/v1/receipts/{kept['id']}/void", {})
    purchase = (await client.get(f"/api/v1/purchases/{claimed['purchase']['id']}")).json()
    assert (purchase["state"], await points(client, card)) == ("voided", 0)


@DOCUMENT.each_row("again")
async def test_on_the_wrong_card(client: httpx.AsyncClient, card: Json, program: Json, row: dict[str, str]) -> None:
    cards = {"1": card, "2": await a_card(client, program, "+33612345679")}
    told, purchase_ids = await tell(client), []
    for number, (verb, what) in enumerate(step.split() for step in row["what happened, in order"].split("; ")):
        if verb == "claim":
            body = {"receipt": told["code"], "card": cards[what]["code"]}
            purchase_ids.append((await post(client, "/api/v1/receipts/claims", body))["purchase"]["id"])
        elif verb == "refund":
            slice_ = {"amount_minor": int(what), "reference": f"R{number}"}
            for _ in range(2):
                await post(client, f"/api/v1/receipts/{told['id']}/refunds", slice_)
        else:
            path = f"receipts/{told['id']}" if what == "receipt" else f"purchases/{purchase_ids[-1]}"
            for _ in range(2):
                await post(client, f"/api/v1/{path}/void", {})
    kept = (await client.get(f"/api/v1/receipts/{told['id']}")).json()
    has = [str(await points(client, each)) for each in cards.values()]
    assert [kept["state"], *has] == [row["receipt"], row["first customer"], row["second customer"]]
    assert (kept["purchase_id"] is not None) == (kept["state"] == "claimed")
    if kept["state"] == "claimed":
        assert kept["purchase_id"] == purchase_ids[-1]
    for purchase_id in purchase_ids:
        purchase = (await client.get(f"/api/v1/purchases/{purchase_id}")).json()
        is_it = purchase_id == kept["purchase_id"]
        assert (purchase["state"] != "voided", purchase["external_reference"]) == (
            is_it,
            "T1-0001" if is_it else None,
        )


async def test_a_cashier_takes_a_claim_back(client: httpx.AsyncClient, card: Json, program: Json) -> None:
    """Within half an hour, their own; the number finds the purchase that the receipt is now."""
    till = await post(client, "/api/v1/api-keys", {"name": "till", "scopes": ["scans:write"]})
    cashier = {"Authorization": f"Bearer {till['api_key']}"}
    other, told = await a_card(client, program, "+33612345679"), await tell(client)
    once = {**cashier, "Idempotency-Key": "claim one"}
    body = {"receipt": told["code"], "card": card["code"]}
    wrong = await post(client, "/api/v1/receipts/claims", body, **once)
    undone = await post(client, f"/api/v1/scans/purchases/{wrong['purchase']['id']}/undo", {}, **cashier)
    assert undone["purchase"]["external_reference"] is None
    by_number = {"external_reference": "T1-0001", "amount_minor": 200}
    assert await refused(client, "/api/v1/scans/refunds", by_number) == "purchase_not_found"
    assert await tell(client) == told
    assert await post(client, "/api/v1/receipts/claims", body, **once) == wrong  # a repetition books nothing
    assert await points(client, card) == 0
    right = await post(client, "/api/v1/receipts/claims", body | {"card": other["code"]}, **cashier)
    refund = await post(client, "/api/v1/scans/refunds", by_number)
    assert (refund["purchase"]["id"], await points(client, other)) == (right["purchase"]["id"], 10)
    scan = {"code": card["code"], "amount_minor": 1_200, "external_reference": "T1-0001"}
    assert await refused(client, "/api/v1/scans/purchases", scan) == "purchase_reference_reused"
    names = [each["name"] for each in (await client.get("/api/v1/events")).json()["items"]]
    assert names.count("receipt.reopened") == 1


async def test_too_late_to_claim_again(client: httpx.AsyncClient, card: Json) -> None:
    told = await tell(client)
    body = {"receipt": told["code"], "card": card["code"]}
    claimed = await post(client, "/api/v1/receipts/claims", body)
    with clock.frozen(clock.now() + timedelta(days=30)):
        await post(client, f"/api/v1/purchases/{claimed['purchase']['id']}/void", {})
        assert await refused(client, "/api/v1/receipts/claims", body) == "receipt_expired"


async def test_a_void_meets_claims_refunds_and_voids(client: httpx.AsyncClient, card: Json, program: Json) -> None:
    """At most one card has the sale at any time, whoever is first, and nothing waits for itself."""
    other = await a_card(client, program, "+33612345679")
    assert (await client.put("/api/v1/receipt-settings", json=_MANY)).is_success
    for number in range(6):
        before = await points(client, card) + await points(client, other)
        told = await tell(client, f"V{number}")
        claim = {"receipt": told["code"], "card": card["code"]}
        first = await post(client, "/api/v1/receipts/claims", claim)
        void = f"/api/v1/purchases/{first['purchase']['id']}/void"
        meets = [
            (void, {}),
            ("/api/v1/receipts/claims", claim | {"card": other["code"]}),
            (f"/api/v1/receipts/{told['id']}/refunds", {"amount_minor": 500, "reference": "x"}),
            (void, {}),
            *([(f"/api/v1/receipts/{told['id']}/void", {})] if number % 3 == 2 else []),
        ]
        order = meets if number % 2 else meets[::-1]
        answers = await asyncio.gather(*(client.post(path, json=body) for path, body in order))
        assert all(answer.status_code < 500 for answer in answers), [answer.text for answer in answers]
        kept = (await client.get(f"/api/v1/receipts/{told['id']}")).json()
        left = (1_200 - kept["refunded_minor"]) // 100 if kept["state"] == "claimed" else 0
        if kept["state"] == "claimed":
            bought = (await client.get(f"/api/v1/purchases/{kept['purchase_id']}")).json()
            assert bought["state"] == "recorded"
            left = (1_200 - bought["refunded_minor"]) // 100
        assert await points(client, card) + await points(client, other) - before == left


async def test_a_booked_purchase_is_no_receipt(client: httpx.AsyncClient, card: Json) -> None:
    scan = {"code": card["code"], "amount_minor": 1_200, "external_reference": "A"}
    await post(client, "/api/v1/scans/purchases", scan)
    body = {"reference": "A", "amount_minor": 1_200}
    assert await refused(client, "/api/v1/receipts", body) == "receipt_booked"
    told = await tell(client, "B")
    await post(client, "/api/v1/scans/purchases", scan | {"external_reference": "B"})
    claim = {"receipt": told["code"], "card": card["code"]}
    assert await refused(client, "/api/v1/receipts/claims", claim) == "receipt_booked"
    assert await points(client, card) == 24


async def test_a_cashier_assigns_by_number(client: httpx.AsyncClient, card: Json, database: Database) -> None:
    places = [(await post(client, "/api/v1/locations", {"name": name}))["id"] for name in ("North", "South")]
    for place in places:
        await tell(client, "77", location_id=place)
    till = await post(client, "/api/v1/api-keys", {"name": "till", "scopes": ["scans:write"]})
    cashier = {"Authorization": f"Bearer {till['api_key']}"}
    body = {"reference": "77", "card": card["code"]}
    ambiguous = await client.post("/api/v1/receipts/claims", json=body, headers=cashier)
    assert (ambiguous.status_code, ambiguous.json()["code"]) == (422, "receipt_number_ambiguous")
    claimed = await post(client, "/api/v1/receipts/claims", body | {"location_id": places[1]}, **cashier)
    assert claimed["purchase"]["location_id"] == places[1]
    by_id = {"reference": "77", "location_id": places[0], "customer_id": claimed["receipt"]["customer_id"]}
    assert (await client.post("/api/v1/receipts/claims", json=by_id, headers=cashier)).status_code == 403
    assert (await client.get("/api/v1/receipts", headers=cashier)).status_code == 403
    assert (await post(client, "/api/v1/receipts/claims", by_id))["receipt"]["state"] == "claimed"
    await tell(client, "78", location_id=places[0])
    online = await tell(client, "78", location_id=places[0], channel="online")
    by_place = {"reference": "78", "location_id": places[0], "card": card["code"]}
    ambiguous = await client.post("/api/v1/receipts/claims", json=by_place, headers=cashier)
    assert (ambiguous.status_code, ambiguous.json()["code"]) == (422, "receipt_number_ambiguous")
    by_code = {"receipt": online["code"], "card": card["code"]}
    assert (await post(client, "/api/v1/receipts/claims", by_code, **cashier))["receipt"]["channel"] == "online"


async def test_limits_by_day_and_by_age(client: httpx.AsyncClient, card: Json) -> None:
    settings = {"claim_days": 2, "per_day": 1, "per_month": 2, "by_print": False}
    assert (await client.put("/api/v1/receipt-settings", json=settings)).json() == settings
    first, second, third, late = [await tell(client, name) for name in "ABCD"]
    begun = clock.now()

    async def claim(receipt: Json) -> str:
        answer = await client.post("/api/v1/receipts/claims", json={"receipt": receipt["code"], "card": card["code"]})
        return str(answer.json().get("code", "ok"))

    assert [await claim(first), await claim(second)] == ["ok", "too_many_claims"]
    with clock.frozen(begun + timedelta(hours=47)):
        outcome = await claim(second)
        assert outcome == "ok"
        assert await claim(third) == "too_many_claims"
    with clock.frozen(begun + timedelta(hours=49)):
        assert await claim(late) == "receipt_expired"
        listed = (await client.get("/api/v1/receipts?state=expired")).json()["items"]
    assert {each["reference"] for each in listed} == {"C", "D"}
    assert (await client.put("/api/v1/receipt-settings", json=settings | {"claim_days": 91})).status_code == 422


async def test_guessing_is_slowed_down(client: httpx.AsyncClient, card: Json) -> None:
    told = await tell(client)
    wrong = {"receipt": "0000-0000-0000", "card": card["code"]}
    found = [await refused(client, "/api/v1/receipts/claims", wrong) for _ in range(11)]
    assert found == ["receipt_not_found"] * 10 + ["too_many_receipt_guesses"]
    right = {"receipt": told["code"], "card": card["code"]}
    waits = await client.post("/api/v1/receipts/claims", json=right)
    assert (waits.status_code, waits.headers["Retry-After"]) == (429, "1800")
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        await post(client, "/api/v1/receipts/claims", right)


async def test_a_batch_takes_each_by_itself(client: httpx.AsyncClient) -> None:
    items = [
        {"reference": "A", "amount_minor": 100},
        {"reference": "B", "amount_minor": -1},
        {"reference": "A", "amount_minor": 200},
        {"reference": "C", "amount_minor": 100, "location_id": "loc_01k9zzzzzzzzzzzzzzzzzzzzzz"},
    ]
    told = (await post(client, "/api/v1/receipts/batch", {"items": items}))["items"]
    assert [each["refusal"] for each in told] == [
        None,
        "amount_not_positive",
        "receipt_reference_reused",
        "location_not_found",
    ]
    assert told[0]["receipt"]["code"]
    assert (await client.post("/api/v1/receipts/batch", json={"items": []})).status_code == 422


async def test_other_shops_see_nothing(client: httpx.AsyncClient, other_shop: Shop) -> None:
    told = await tell(client)
    foreign = await client.get(f"/api/v1/receipts/{told['id']}", headers=other_shop.headers)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "receipt_not_found")
    body = {"receipt": told["code"], "customer_id": "cus_01k9zzzzzzzzzzzzzzzzzzzzzz"}
    assert (await client.post("/api/v1/receipts/claims", json=body, headers=other_shop.headers)).status_code == 404


async def test_what_nobody_claims_is_forgotten(
    client: httpx.AsyncClient, card: Json, database: Database, settings: Settings, shop: Shop
) -> None:
    kept, lost = await tell(client, "A"), await tell(client, "B")
    await post(client, "/api/v1/receipts/claims", {"receipt": kept["code"], "card": card["code"]})
    work, payload = Work(database, settings), {"organization_id": str(shop.organization_id)}
    for days, left in ((64, 2), (66, 1)):
        with clock.frozen(clock.now() + timedelta(days=days)):
            await jobs.prune(work, payload)
        items = (await client.get("/api/v1/receipts")).json()["items"]
        assert len(items) == left
    assert items[0]["id"] == kept["id"] != lost["id"]


async def test_erasure_takes_number_and_texts(client: httpx.AsyncClient, card: Json) -> None:
    line = {"name": "Cake for Lina", "unit_amount_minor": 1_200}
    told = await tell(client, lines=[line])
    claimed = await post(client, "/api/v1/receipts/claims", {"receipt": told["code"], "card": card["code"]})
    customer = claimed["receipt"]["customer_id"]
    exported = (await client.get(f"/api/v1/customers/{customer}/export")).json()
    assert exported["data"]["receipts"][0]["reference"] == "T1-0001"
    assert (await client.post(f"/api/v1/customers/{customer}/erase", json={})).is_success
    left = (await client.get(f"/api/v1/receipts/{told['id']}")).json()
    assert (left["reference"], left["lines"][0]["name"], left["amount_minor"]) == (None, "", 1_200)


async def test_a_slice_cannot_be_paid_back_where_nobody_could_claim_it(
    client: httpx.AsyncClient, card: Json, other_shop: Shop
) -> None:
    """The claim refunds at the same place: one that is not ours would keep the customer from ever claiming."""
    theirs = await client.post("/api/v1/locations", json={"name": "Theirs"}, headers=other_shop.headers)
    told = await tell(client)
    path = f"/api/v1/receipts/{told['id']}/refunds"
    foreign = {"amount_minor": 200, "location_id": theirs.json()["id"]}
    assert await refused(client, path, foreign) == "location_not_found"
    await post(client, "/api/v1/receipts/claims", {"receipt": told["code"], "card": card["code"]})
    assert await points(client, card) == 12


@pytest.mark.parametrize(("paid_back", "states"), [(0, ["active"]), (200, ["active"]), (900, ["voided"])])
async def test_a_claim_gives_the_coupon_for_the_next_order(
    client: httpx.AsyncClient, card: Json, paid_back: int, states: list[str]
) -> None:
    """As the purchase at the till does, by what is left of it."""
    off = {"effect": {"type": "amount_off", "amount_minor": 100}}
    campaign = {"name": "Next time", "terms": off, "after_purchase": {"minimum_amount_minor": 1_000}}
    made = await post(client, "/api/v1/coupon-campaigns", campaign)
    await client.patch(f"/api/v1/coupon-campaigns/{made['id']}", json={"state": "active"})
    told = await tell(client)
    if paid_back:
        await post(client, f"/api/v1/receipts/{told['id']}/refunds", {"amount_minor": paid_back})
    await post(client, "/api/v1/receipts/claims", {"receipt": told["code"], "card": card["code"]})
    held = (await client.get(f"/api/v1/customers/{card['customer_id']}/coupons")).json()["items"]
    assert [each["state"] for each in held] == states


async def test_what_was_booked_without_the_receipt_is_not_paid_back_by_it(
    client: httpx.AsyncClient, card: Json
) -> None:
    """The money would be back, and the points would stay."""
    told = await tell(client)
    sold = {"code": card["code"], "amount_minor": 1_200, "external_reference": told["reference"]}
    await post(client, "/api/v1/scans/purchases", sold)
    assert await refused(client, f"/api/v1/receipts/{told['id']}/refunds", {}) == "receipt_booked"
    await post(client, "/api/v1/scans/refunds", {"external_reference": told["reference"]})
    assert await points(client, card) == 0

"""A purchase hands its buyer a coupon for the next one: at tills, in crowds, without a network, and taken back."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import orjson
import pytest
import pytest_asyncio

from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import decode
from passerelle.kit.jobs import Work
from passerelle.rewards.coupons import jobs, queries
from passerelle.rewards.coupons import service as coupons
from tests.conftest import Shop
from tests.scanning.test_routes import buy, post
from tests.scanning.test_together import at_once, make_cards

Json = dict[str, Any]
_MORNING: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
_TEN_OFF: Final = {"type": "percent_off", "basis_points": 1_000}
_COFFEE: Final = {"name": "Latte", "unit_amount_minor": 400, "category": "coffee"}
_CAKE: Final = {"name": "Cake", "unit_amount_minor": 600, "category": "food"}


@pytest_asyncio.fixture
async def card(client: httpx.AsyncClient) -> Json:
    return (await make_cards(client, 1))[0]


async def campaign(client: httpx.AsyncClient, *, terms: Json | None = None, **after: Any) -> Json:
    """Ten per cent off the next purchase."""
    new = {"name": "Come back", "names": {"fr": "À bientôt"}, "terms": {"effect": _TEN_OFF} | (terms or {})}
    return await post(client, "/api/v1/coupon-campaigns", new | {"after_purchase": after})


async def change(client: httpx.AsyncClient, made: Json, **fields: Any) -> Json:
    answer = await client.patch(f"/api/v1/coupon-campaigns/{made['id']}", json=fields)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def held(client: httpx.AsyncClient, bought: Json) -> list[Json]:
    """The coupons of whoever bought, newest first."""
    answer = await client.get(f"/api/v1/customers/{bought['purchase']['customer_id']}/coupons")
    return list(answer.json()["items"])


async def facts(database: Database, shop: Shop, name: str) -> list[Json]:
    async with database.transaction(shop.organization_id) as tx:
        rows = await tx.fetch(
            "SELECT payload FROM events WHERE organization_id = $1 AND name = $2 ORDER BY id",
            tx.organization_id,
            name,
        )
        return [row["payload"] for row in rows]


async def test_a_purchase_gives_a_coupon_and_says_so(
    client: httpx.AsyncClient, database: Database, shop: Shop, card: Json
) -> None:
    made = await campaign(client, terms={"starts_days_after_issue": 1, "ends_days_after_issue": 10})
    with clock.frozen(_MORNING):
        bought = await buy(client, card, **{"Accept-Language": "fr"})
        [given] = bought["coupons"]
        assert (given["campaign_id"], given["name"]) == (made["id"], "À bientôt")
        assert given["benefit"] == "\N{MINUS SIGN}10\N{NARROW NO-BREAK SPACE}%"
        assert given["text"] == (
            f"La prochaine fois : {given['benefit']}, à partir du 24 novembre, jusqu'au 3 décembre"
        )
        assert (given["starts_at"], given["expires_at"]) == ("2026-11-23T23:00:00Z", "2026-12-03T23:00:00Z")
        [mine] = await held(client, bought)
        assert (mine["id"], mine["code"], mine["purchase_id"]) == (
            given["coupon_id"],
            given["code"],
            bought["purchase"]["id"],
        )
        assert mine["given_on"] == "2026-11-23"
        [told] = await facts(database, shop, "coupon.issued")
        assert told["purchase_id"] == str(decode("pur", bought["purchase"]["id"]))
        early = await client.post(f"/api/v1/coupons/{given['code']}/redeem", json={"amount_minor": 450})
        assert early.json()["code"] == "coupon_not_yet_valid"
    with clock.frozen(_MORNING + timedelta(days=1)):
        used = await post(client, f"/api/v1/coupons/{given['code']}/redeem", {"amount_minor": 450})
        assert used["discount_minor"] == 45


async def test_its_card_is_made_and_dies_with_the_purchase(client: httpx.AsyncClient, card: Json) -> None:
    await campaign(client)
    bought = await buy(client, card)
    [given] = bought["coupons"]
    await post(client, f"/api/v1/coupons/{given['code']}/card", {})
    undone = await post(client, f"/api/v1/scans/purchases/{bought['purchase']['id']}/undo", {})
    [reason] = undone["reasons"]
    assert (reason["code"], reason["params"]) == ("coupon_withdrawn", {"coupon_id": given["coupon_id"]})
    assert reason["text"] == "The coupon “Come back” that came with it is blocked."
    shown = (await client.get(f"/api/v1/coupons/{given['code']}/card")).json()
    assert shown["condition"] == "blocked"
    refused = await client.post(f"/api/v1/coupons/{given['code']}/validate", json={"amount_minor": 450})
    assert refused.json()["code"] == "coupon_voided"


async def test_who_has_not_paid_for_the_membership_gets_none(client: httpx.AsyncClient) -> None:
    term = {"days": 10, "price_minor": 4_900, "joining": "unpaid"}
    [card] = await make_cards(client, 1, settings={"term": term})
    renewals = f"/api/v1/members/{card['membership_id']}/renewals"
    await campaign(client)
    assert (await buy(client, card))["coupons"] == []
    month_ago = clock.now() - timedelta(days=30)
    await post(client, renewals, {"at": month_ago.isoformat()})
    assert (await buy(client, card))["coupons"] == []
    await post(client, renewals, {})
    assert len((await buy(client, card))["coupons"]) == 1
    then = {"code": card["code"], "amount_minor": 450}
    for days, given in ((1, 1), (15, 0)):
        told = then | {"occurred_at": (month_ago + timedelta(days=days)).isoformat()}
        assert len((await post(client, "/api/v1/scans/purchases", told))["coupons"]) == given


async def test_told_again_it_gives_once(client: httpx.AsyncClient, card: Json) -> None:
    await campaign(client)
    body = {"code": card["code"], "amount_minor": 450, "external_reference": "receipt-7"}
    first = await post(client, "/api/v1/scans/purchases", body, **{"Idempotency-Key": "a"})
    assert await post(client, "/api/v1/scans/purchases", body, **{"Idempotency-Key": "a"}) == first
    again = await post(client, "/api/v1/scans/purchases", body)
    assert again["coupons"] == first["coupons"]
    assert len(await held(client, first)) == 1


async def test_never_on_the_purchase_that_gave_it(client: httpx.AsyncClient, card: Json) -> None:
    await campaign(client)
    body = {"code": card["code"], "amount_minor": 450, "external_reference": "receipt-7"}
    [given] = (await post(client, "/api/v1/scans/purchases", body))["coupons"]
    order = {"amount_minor": 450, "order_reference": "receipt-7"}
    for verb in ("validate", "redeem"):
        refused = await client.post(f"/api/v1/coupons/{given['code']}/{verb}", json=order)
        assert (refused.status_code, refused.json()["code"]) == (409, "coupon_for_next_order")
    await post(client, f"/api/v1/coupons/{given['code']}/redeem", order | {"order_reference": "receipt-8"})


async def test_a_preview_tells_what_would_be_given(client: httpx.AsyncClient, card: Json) -> None:
    await campaign(client, minimum_amount_minor=1_000, stock=1)
    bought = await buy(client, card)
    asked = {"customer_id": bought["purchase"]["customer_id"], "amount_minor": 1_000}
    seen = await post(client, "/api/v1/preview", asked)
    assert [each["text"] for each in seen["coupons"]] == ["Next time: \N{MINUS SIGN}10%"]
    assert "code" not in seen["coupons"][0]
    assert (await post(client, "/api/v1/preview", asked | {"amount_minor": 999}))["coupons"] == []
    assert await held(client, bought) == [], "nothing was written"
    [given] = (await post(client, "/api/v1/scans/purchases", {"code": card["code"], "amount_minor": 1_000}))[
        "coupons"
    ]
    assert given["text"] == seen["coupons"][0]["text"]
    assert (await post(client, "/api/v1/preview", asked))["coupons"] == [], "the stock is gone"


@pytest.mark.parametrize(
    ("after", "purchase", "is_given"),
    [
        ({"minimum_amount_minor": 1_000}, {}, True),
        ({"minimum_amount_minor": 1_001}, {}, False),
        ({"items": {"categories": ["coffee"]}}, {}, True),
        ({"items": {"categories": ["coffee"], "quantity": 2}}, {}, False),
        ({"items": {"skus": ["espresso"]}}, {}, False),
        ({"conditions": {"channels": ["online"]}}, {}, False),
        ({"conditions": {"channels": ["online"]}}, {"channel": "online"}, True),
        ({"conditions": {"segments": ["vip"]}}, {}, True),
        ({"conditions": {"segments": ["staff"]}}, {}, False),
        ({"conditions": {"first_purchase": True}}, {}, True),
        ({"conditions": {"weekdays": ["tue"]}}, {}, False),
    ],
)
async def test_conditions(client: httpx.AsyncClient, card: Json, after: Json, purchase: Json, is_given: bool) -> None:  # noqa: FBT001  a table's column
    await campaign(client, **after)
    with clock.frozen(_MORNING):
        told = {"code": card["code"], "amount_minor": 1_000, "lines": [_COFFEE, _CAKE]} | purchase
        answer = await post(client, "/api/v1/scans/purchases", told)
        assert len(answer["coupons"]) == is_given


async def test_a_campaign_of_another_program_paused_over_or_not_begun_gives_nothing(
    client: httpx.AsyncClient, card: Json
) -> None:
    other = await post(client, "/api/v1/programs", {"name": "Other", "kind": "points"})
    new = {"name": "Come back", "terms": {"effect": _TEN_OFF}, "after_purchase": {}}
    await post(client, "/api/v1/coupon-campaigns", new | {"program_id": other["id"]})
    mine = await post(client, "/api/v1/coupon-campaigns", new | {"program_id": card["program"], "state": "draft"})
    with clock.frozen(_MORNING):
        assert (await buy(client, card))["coupons"] == []
        await change(client, mine, state="active")
        assert len((await buy(client, card))["coupons"]) == 1
        await change(client, mine, state="paused")
        assert (await buy(client, card))["coupons"] == []
        await change(client, mine, state="active", starts_at=(_MORNING + timedelta(hours=1)).isoformat())
        assert (await buy(client, card))["coupons"] == []
        await change(client, mine, starts_at=None, ends_at=_MORNING.isoformat())
        assert (await buy(client, card))["coupons"] == []
        await change(client, mine, ends_at=None, after_purchase=None)
        assert (await buy(client, card))["coupons"] == []


async def test_limits_of_a_customer(client: httpx.AsyncClient, card: Json) -> None:
    made = await campaign(client, per_customer=3, per_day=2, at_once=1, terms={"ends_days_after_issue": 5})

    async def given() -> list[Json]:
        return list((await buy(client, card))["coupons"])

    with clock.frozen(_MORNING):
        [first] = await given()
        assert await given() == [], "one at once"
        await post(client, f"/api/v1/coupons/{first['code']}/redeem", {"amount_minor": 450})
        [second] = await given()
        await post(client, f"/api/v1/coupons/{second['code']}/redeem", {"amount_minor": 450})
        assert await given() == [], "two a day"
    with clock.frozen(_MORNING + timedelta(days=1)):
        bought = await buy(client, card)
        assert len(bought["coupons"]) == 1
        await post(client, f"/api/v1/scans/purchases/{bought['purchase']['id']}/undo", {})
        assert len(await given()) == 1, "what was taken back counts as never given"
    with clock.frozen(_MORNING + timedelta(days=9)):
        assert await given() == [], "three in all, and the last one is over"
        await change(client, made, after_purchase={"at_once": 1})
        assert len(await given()) == 1


async def test_a_stock_is_exact_and_comes_back(client: httpx.AsyncClient) -> None:
    cards = await make_cards(client, 7)
    made = await campaign(client, stock=4)
    answers = await at_once(client, [{"code": each["code"], "amount_minor": 450} for each in cards])
    given = [answer.json() for answer in answers if answer.json()["coupons"]]
    assert len(given) == 4
    assert (await client.get(f"/api/v1/coupon-campaigns/{made['id']}")).json()["given"] == 4
    await post(client, f"/api/v1/scans/purchases/{given[0]['purchase']['id']}/undo", {})
    assert (await client.get(f"/api/v1/coupon-campaigns/{made['id']}")).json()["given"] == 3
    assert len((await buy(client, cards[0]))["coupons"]) == 1
    assert (await buy(client, cards[0]))["coupons"] == []
    without = await change(client, made, after_purchase={})
    assert without["given"] is None
    assert len((await buy(client, cards[0]))["coupons"]) == 1
    assert (await change(client, made, after_purchase={"stock": 5}))["given"] == 5, "what was given is counted anew"
    assert (await buy(client, cards[0]))["coupons"] == []


async def test_a_crowd_is_given_what_each_is_given_alone(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    cards = await make_cards(client, 12)
    await campaign(client, minimum_amount_minor=500, at_once=1, conditions={"segments": ["vip"]})
    for _ in range(2):
        told = [{"code": each["code"], "amount_minor": 100 * place} for place, each in enumerate(cards)]
        answers = [answer.json() for answer in await at_once(client, told)]
    lucky = [place for place in range(12) if place >= 5 and place % 3 == 0]
    assert [len(await held(client, answer)) for answer in answers[1:]] == [place in lucky for place in range(1, 12)]
    assert [answer["coupons"] for answer in answers[1:]] == [[]] * 11, "one at once"
    actors = {
        row["actor"]
        for row in await _rows(database, shop, "SELECT actor FROM events WHERE organization_id = $1 AND name = $2")
    }
    assert len(actors) == 1


async def _rows(database: Database, shop: Shop, sql: str) -> list[Any]:
    async with database.transaction(shop.organization_id) as tx:
        return list(await tx.fetch(sql, tx.organization_id, "coupon.issued"))


async def test_two_purchases_of_one_customer_at_once_give_one(client: httpx.AsyncClient, card: Json) -> None:
    await campaign(client, at_once=1)
    other = await post(client, "/api/v1/programs", {"name": "Second", "kind": "points"})
    customer_id = (await buy(client, card))["purchase"]["customer_id"]
    member = await post(client, f"/api/v1/programs/{other['id']}/members", {"customer_id": customer_id})
    second = await post(client, "/api/v1/passes", {"membership_id": member["id"]})
    await post(client, f"/api/v1/coupons/{await _code(client, customer_id)}/void", {})
    told = [{"code": each["code"], "amount_minor": 450} for each in (card, second) * 4]
    answers = [answer.json() for answer in await at_once(client, told)]
    assert sum(len(answer["coupons"]) for answer in answers) == 1


async def _code(client: httpx.AsyncClient, customer_id: str) -> str:
    answer = await client.get(f"/api/v1/customers/{customer_id}/coupons")
    return str(answer.json()["items"][0]["code"])


async def test_a_partial_refund_takes_it_back_when_too_little_is_left(client: httpx.AsyncClient, card: Json) -> None:
    await campaign(client, minimum_amount_minor=600)
    await campaign(client, items={"categories": ["coffee"]})
    told = {"code": card["code"], "amount_minor": 1_000, "lines": [_COFFEE, _CAKE]}
    bought = await post(client, "/api/v1/scans/purchases", told)
    assert len(bought["coupons"]) == 2
    refunds = f"/api/v1/purchases/{bought['purchase']['id']}/refunds"
    await post(client, refunds, {"lines": [{"line": 0}]})
    assert [each["state"] for each in await held(client, bought)] == ["voided", "active"], "no coffee, but € 6"
    await post(client, refunds, {"amount_minor": 1})
    assert [each["state"] for each in await held(client, bought)] == ["voided", "voided"]
    await post(client, refunds, {})


async def test_a_used_one_stays_and_is_told(
    client: httpx.AsyncClient, database: Database, shop: Shop, card: Json
) -> None:
    await campaign(client)
    bought = await buy(client, card)
    code = bought["coupons"][0]["code"]
    body = {"amount_minor": 450, "reference": "order-1"}
    await post(client, f"/api/v1/coupons/{code}/redeem", body)
    refunded = await post(client, "/api/v1/scans/refunds", {"purchase_id": bought["purchase"]["id"]})
    assert [each["code"] for each in refunded["reasons"]] == ["coupon_kept"]
    [mine] = await held(client, bought)
    assert (mine["state"], mine["uses"]) == ("used", 1)
    [kept] = await facts(database, shop, "coupon.kept")
    assert kept["purchase_id"] == str(decode("pur", bought["purchase"]["id"]))
    await post(client, f"/api/v1/coupons/{code}/undo", {"reference": "order-1"})
    [mine] = await held(client, bought)
    assert mine["state"] == "voided", "given back, it has no purchase any more"


async def test_one_that_is_held_for_a_checkout_is_final_or_goes(client: httpx.AsyncClient, card: Json) -> None:
    await campaign(client)
    for ends, state in (("redeem", "used"), ("undo", "voided")):
        bought = await buy(client, card)
        code = bought["coupons"][0]["code"]
        body = {"amount_minor": 450, "reference": f"order-{ends}"}
        await post(client, f"/api/v1/coupons/{code}/hold", body)
        await post(client, f"/api/v1/scans/purchases/{bought['purchase']['id']}/undo", {})
        asked = body if ends == "redeem" else {"reference": body["reference"]}
        await post(client, f"/api/v1/coupons/{code}/{ends}", asked)
        assert (await held(client, bought))[0]["state"] == state


async def test_one_that_is_used_at_this_moment_is_left_to_a_job(
    client: httpx.AsyncClient, database: Database, shop: Shop, settings: Settings, card: Json
) -> None:
    await campaign(client)
    bought = await buy(client, card)
    coupon_id = decode("cpn", bought["coupons"][0]["coupon_id"])
    async with database.transaction(shop.organization_id) as tx:
        await queries.get_coupon(tx, coupon_id, for_update=True)
        await post(client, f"/api/v1/scans/purchases/{bought['purchase']['id']}/undo", {})
        assert (await held(client, bought))[0]["state"] == "active"
    async with database.unscoped() as connection:
        asked = await connection.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'coupons.withdraw'")
    payloads = [orjson.loads(row["payload"]) for row in asked]
    [payload] = [each for each in payloads if each["organization_id"] == str(shop.organization_id)]
    await jobs.withdraw_given(Work(database, settings), payload)
    await jobs.withdraw_given(Work(database, settings), payload)
    assert (await held(client, bought))[0]["state"] == "voided"
    assert len(await facts(database, shop, "coupon.voided")) == 1


async def test_using_and_taking_back_at_once_end_in_one_of_both(
    client: httpx.AsyncClient, database: Database, shop: Shop, settings: Settings
) -> None:
    """Units are granted under the member's lock, which a refund has before it meets the coupon."""
    cards = await make_cards(client, 1)
    effect = {"type": "grant_units", "amount": 5}
    new = {"name": "Come back", "program_id": cards[0]["program"], "terms": {"effect": effect}, "after_purchase": {}}
    await post(client, "/api/v1/coupon-campaigns", new)
    bought = [await buy(client, cards[0]) for _ in range(4)]
    told = await asyncio.gather(
        *(client.post(f"/api/v1/coupons/{each['coupons'][0]['code']}/redeem", json={}) for each in bought),
        *(client.post(f"/api/v1/purchases/{each['purchase']['id']}/refunds", json={}) for each in bought),
    )
    assert {answer.status_code for answer in told} <= {201, 409}
    async with database.unscoped() as connection:
        asked = await connection.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'coupons.withdraw'")
    for payload in (orjson.loads(row["payload"]) for row in asked):
        if payload["organization_id"] == str(shop.organization_id):
            await jobs.withdraw_given(Work(database, settings), payload)
    assert {each["state"] for each in await held(client, bought[0])} <= {"used", "voided"}


async def test_a_shop_without_such_a_campaign_asks_the_database_nothing(
    client: httpx.AsyncClient, database: Database, shop: Shop, card: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    await buy(client, card)
    asked: list[str] = []

    async def watched(*_: object, **__: object) -> Any:
        asked.append("campaigns")
        raise AssertionError("asked again")

    monkeypatch.setattr(queries, "giving_campaigns", watched)
    monkeypatch.setattr(queries, "coupons_of_purchase", watched)
    body = {"code": card["code"], "amount_minor": 450, "external_reference": "receipt-7"}
    for _ in range(2):
        assert (await post(client, "/api/v1/scans/purchases", body))["coupons"] == []
    assert asked == []
    async with database.transaction(shop.organization_id) as tx:
        assert await coupons.list_campaigns(tx, decode("cur", "cur_7zzzzzzzzzzzzzzzzzzzzzzzzz"), 5) == []


@pytest.mark.parametrize(
    ("after", "status", "code"),
    [
        ({"conditions": {"attributes": [{"name": "size"}]}}, 422, "invalid_request"),
        ({"items": {"quantity": 2}}, 422, "invalid_request"),
        ({"per_customer": 0}, 422, "invalid_request"),
        ({"conditions": {"tiers": ["tir_00000000000000000000000001"]}}, 422, "coupon_program_needed"),
        ({"conditions": {"locations": ["loc_00000000000000000000000001"]}}, 404, "location_not_found"),
    ],
)
async def test_what_could_never_be_given_is_refused(
    client: httpx.AsyncClient, after: Json, status: int, code: str
) -> None:
    new = {"name": "Come back", "terms": {"effect": _TEN_OFF}, "after_purchase": after}
    refused = await client.post("/api/v1/coupon-campaigns", json=new)
    assert (refused.status_code, refused.json()["code"]) == (status, code)

"""Purchases that come at the same time are booked together, and nobody can tell but by the clock."""

import asyncio
import re
from typing import Any

import httpx

from passerelle.kit.db import Database
from passerelle.kit.ids import decode
from passerelle.ledger import service as ledger
from tests.conftest import Shop, open_shop
from tests.scanning.test_routes import post, stamps, till

Json = dict[str, Any]
_PURCHASES = "/api/v1/scans/purchases"
_RULES = [
    {"type": "per_amount", "amount_minor_per_step": 100},
    {"type": "per_visit", "units": 5, "conditions": {"first_purchase": True}},
    {"type": "per_item", "categories": ["coffee"], "caps": [{"per": "day", "units": 4}]},
    {"type": "per_visit", "units": 7, "conditions": {"segments": ["vip"]}},
]


async def make_cards(client: httpx.AsyncClient, count: int, **program: Any) -> list[Json]:
    """Cards of as many customers in one program; every third customer is a VIP."""
    made = await post(client, "/api/v1/programs", {"name": "Club", "kind": "points", **program})
    cards = []
    for number in range(count):
        person = {"phone": f"+3361234{number:04}", "segments": [] if number % 3 else ["vip"]}
        customer = await post(client, "/api/v1/customers", person)
        member = await post(client, f"/api/v1/programs/{made['id']}/members", {"customer_id": customer["id"]})
        cards.append(await post(client, "/api/v1/passes", {"membership_id": member["id"]}) | {"program": made["id"]})
    return cards


async def at_once(client: httpx.AsyncClient, told: list[Json], *callers: dict[str, str]) -> list[httpx.Response]:
    """Every purchase at the same moment, by these callers in turn."""
    headers = callers or ({},)
    asking = (
        client.post(_PURCHASES, json=body, headers=headers[place % len(headers)]) for place, body in enumerate(told)
    )
    return await asyncio.gather(*asking)


async def in_turn(client: httpx.AsyncClient, told: list[Json], *callers: dict[str, str]) -> list[httpx.Response]:
    """The same, one after another."""
    headers = callers or ({},)
    return [
        await client.post(_PURCHASES, json=body, headers=headers[place % len(headers)])
        for place, body in enumerate(told)
    ]


async def transactions(database: Database, shop: Shop) -> int:
    """In how many transactions the purchases of a shop were written; the books must be sound."""
    async with database.transaction(shop.organization_id) as tx:
        assert await ledger.check_books(tx) == []
        written = "SELECT count(DISTINCT xmin::text) FROM purchases WHERE organization_id = $1"
        return int(await tx.fetchval(written, tx.organization_id))


def plain(text: str) -> str:
    """Without what is another each time: ids, moments, the codes of cards."""
    text = re.sub(r"\b([a-z]{3})_[0-9a-z]{26}\b", r"\1_", text)
    text = re.sub(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "id", text)
    return re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00(:00)?)?", "then", text)


async def written(database: Database, shop: Shop) -> dict[str, list[str]]:
    """Every row that purchases leave behind, in no order and without what is another each time."""
    tables = (
        "purchases", "ledger_accounts", "ledger_transfers", "ledger_lots", "ledger_entries", "accruals",
        "promotion_uses", "promotions", "events", "passes", "visit_changes", "issued_rewards",
    )  # fmt: skip
    found = {}
    async with database.transaction(shop.organization_id) as tx:
        for table in tables:
            sql = f"SELECT (to_jsonb(t) - 'digest' - 'serial_number' - 'code')::text AS row FROM {table} t"  # noqa: S608  from the list above
            rows = await tx.fetch(f"{sql} WHERE organization_id = $1", tx.organization_id)
            found[table] = sorted(plain(row["row"]) for row in rows)
    return found


async def test_purchases_at_once_are_booked_in_few_transactions(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    cards = await make_cards(client, 12)
    told = [{"code": card["code"], "amount_minor": 100 * place + 100} for place, card in enumerate(cards)]
    answers = await at_once(client, told)
    assert [answer.status_code for answer in answers] == [201] * 12
    assert [answer.json()["earned"][0]["balances"][0]["active"] for answer in answers] == list(range(1, 13))
    assert await transactions(database, shop) <= 4


async def test_at_once_or_in_turn_makes_the_same_answers_and_the_same_rows(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    """Rules, limits, segments, promotions with budgets and rewards give what they give one by one."""
    other = await open_shop(database)
    outcomes = []
    for place, (headers, ask) in enumerate(((shop.headers, at_once), (other.headers, in_turn))):
        client.headers.update(headers)
        cards = await make_cards(client, 9, rules=_RULES, goal=12, reward_name="Free coffee")
        for effect in ({"type": "multiplier", "percent": 150}, {"type": "bonus", "units": 3}):
            await post(
                client,
                "/api/v1/promotions",
                {"program_id": cards[0]["program"], "name": "Spring", "effect": effect, "state": "active"}
                | {"limit_per_customer": 1, "budget_uses": 9},
            )
        tills = [await till(client, name) for name in ("left", "right", "online")]
        answers = []
        for day in range(3):
            told = [
                {
                    "code": card["code"],
                    "amount_minor": 730 + 100 * number * day,
                    "lines": [
                        {"name": "Espresso", "quantity": 3, "unit_amount_minor": 110, "category": "coffee"},
                        {"name": "Cake", "unit_amount_minor": 400 + 100 * number * day},
                    ],
                    "external_reference": f"{day}-{number}",
                }
                for number, card in enumerate(cards)
            ]
            answers += await ask(client, told, *tills)
        assert all(answer.status_code == 201 for answer in answers)
        outcomes.append(([plain(answer.text) for answer in answers], await written(database, (shop, other)[place])))
    together, alone = outcomes
    assert together[0] == alone[0]
    for table, rows in alone[1].items():
        assert together[1][table] == rows, table
    assert await transactions(database, shop) <= 9
    assert await transactions(database, other) == 27


async def test_each_of_many_hears_of_its_own_fault(
    client: httpx.AsyncClient, database: Database, shop: Shop, other_shop: Shop
) -> None:
    cards = await make_cards(client, 16)
    told: list[Json] = [{"code": card["code"], "amount_minor": 450} for card in cards]
    foreign = await post(client, "/api/v1/locations", {"name": "Elsewhere"}, **other_shop.headers)
    told[2] |= {"amount_minor": 0}
    told[4] |= {"code": "nobodyscard"}
    told[6] |= {"currency": "MAD"}
    told[8] |= {"lines": [{"name": "Cake", "unit_amount_minor": 1}]}
    told[10] |= {"payment_ids": ["pay_" + "0" * 26]}
    told[12] |= {"external_reference": "R-1"}
    told[13] |= {"external_reference": "R-1"}
    told[14] |= {"amount_minor": "much"}
    codes = [answer.json().get("code") for answer in await at_once(client, told)]
    assert [code for place, code in enumerate(codes) if place not in {2, 4, 6, 8, 10, 12, 13, 14}] == [None] * 8
    assert [codes[place] for place in (2, 4, 6, 8, 10, 14)] == [
        "amount_not_positive",
        "card_unknown",
        "other_currency",
        "lines_do_not_add_up",
        "payment_not_open",
        "invalid_request",
    ]
    assert {codes[12], codes[13]} == {None, "purchase_reference_reused"}
    told = [{"code": card["code"], "amount_minor": 450} for card in cards]
    told[5] |= {"location_id": foreign["id"]}
    codes = [answer.json().get("code") for answer in await at_once(client, told)]
    assert (codes.pop(5), set(codes)) == ("location_not_found", {None})
    assert sum([await stamps(client, card) for card in cards]) == 4 * (8 + 1 + 15)


async def test_only_who_may_is_among_them(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    cards = await make_cards(client, 12)
    revoked = await post(client, "/api/v1/api-keys", {"name": "old", "scopes": ["scans:write"]})
    reader = await post(client, "/api/v1/api-keys", {"name": "reader", "scopes": ["customers:read"]})
    good = await till(client, "good")
    old, reading = ({"Authorization": f"Bearer {key['api_key']}"} for key in (revoked, reader))
    told = [{"code": card["code"], "amount_minor": 450} for card in cards]
    await at_once(client, told[:3], old, reading, good)  # now the keys are known by heart
    assert (await client.delete(f"/api/v1/api-keys/{revoked['id']}")).is_success
    answers = await at_once(client, told, old, reading, good, {"Authorization": "Bearer nonsense"})
    assert [answer.status_code for answer in answers] == [401, 403, 201, 401] * 3
    await transactions(database, shop)  # the books are sound


async def test_each_is_told_in_the_name_of_its_till(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    """In purchases, in the books and in the log, with the place that the till stands in."""
    cards = await make_cards(client, 12)
    tills, labels, places = [], [], []
    for name in ("left", "right", "online"):
        place = await post(client, "/api/v1/locations", {"name": name})
        asked = {"name": name, "scopes": ["scans:write"], "location_id": place["id"]}
        key = await post(client, "/api/v1/api-keys", asked)
        tills.append({"Authorization": f"Bearer {key['api_key']}"})
        labels.append(key["id"])
        places.append(place["id"])
    told = [{"code": card["code"], "amount_minor": 450} for card in cards]
    answers = [answer.json()["purchase"] for answer in await at_once(client, told, *tills)]
    assert [answer["actor"] for answer in answers] == labels * 4
    assert [answer["location_id"] for answer in answers] == places * 4
    async with database.transaction(shop.organization_id) as tx:
        for answer in answers:
            rows = await tx.fetch(
                "SELECT actor FROM events WHERE organization_id = $1 AND name = 'purchase.recorded'"
                " AND payload->>'purchase_id' = $2::text UNION ALL"
                " SELECT actor FROM ledger_transfers WHERE organization_id = $1 AND reference = 'purchase:' || $2",
                *(tx.organization_id, str(decode("pur", answer["id"]))),
            )
            assert [row["actor"] for row in rows] == [answer["actor"]] * 2
        told_of = await tx.fetch(
            "SELECT actor, count(*) FROM events WHERE organization_id = $1 AND name = 'balance.changed'"
            " GROUP BY actor",
            tx.organization_id,
        )
    assert {row["actor"]: row["count"] for row in told_of} == dict.fromkeys(labels, 4)
    assert await transactions(database, shop) <= 4


async def test_two_of_one_customer_are_counted_one_after_the_other(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    """A limit holds for purchases that come together as well."""
    cards = await make_cards(
        client, 4, rules=[{"type": "per_visit", "units": 10, "caps": [{"per": "day", "units": 25}]}]
    )
    answers = await at_once(client, [{"code": card["code"], "amount_minor": 450} for card in cards] * 4)
    assert {answer.status_code for answer in answers} == {201}
    assert [await stamps(client, card) for card in cards] == [25] * 4
    assert await transactions(database, shop) < 16


async def test_a_budget_is_given_out_once(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    """Twelve come for five that are left."""
    cards = await make_cards(client, 12)
    effect = {"type": "bonus", "units": 50}
    asked = {"program_id": cards[0]["program"], "name": "Spring", "effect": effect, "state": "active"}
    await post(client, "/api/v1/promotions", asked | {"budget_uses": 5})
    await at_once(client, [{"code": card["code"], "amount_minor": 100} for card in cards])
    assert sorted([await stamps(client, card) for card in cards]) == [1] * 7 + [51] * 5
    assert await transactions(database, shop) <= 4


async def test_a_key_is_answered_once_among_many(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    """Keys of other tills are other keys; a key of another request is refused, and one of nothing is no key."""
    cards = await make_cards(client, 6)
    left, right = await till(client, "left"), await till(client, "right")
    told = [{"code": card["code"], "amount_minor": 450} for card in cards]

    async def ask(body: Json, caller: dict[str, str], key: str) -> httpx.Response:
        return await client.post(_PURCHASES, json=body, headers=caller | {"Idempotency-Key": key})

    asked = [ask(body, left, f"k{place}") for place, body in enumerate(told)]
    asked += [ask(body, left, f"k{place}") for place, body in enumerate(told)]
    asked += [ask(told[0], right, "k0"), ask(told[1], left, "k0"), ask(told[2], left, "x" * 201)]
    answers = await asyncio.gather(*asked)
    assert [answer.status_code for answer in answers] == [201] * 13 + [409, 422]
    for first, again in zip(answers[:6], answers[6:12], strict=True):
        assert first.content == again.content
        assert sorted("idempotency-replayed" in each.headers for each in (first, again)) == [False, True]
    assert [await stamps(client, card) for card in cards] == [8, 4, 4, 4, 4, 4]
    assert await transactions(database, shop) < 7
    for place, body in enumerate(told):
        assert (await ask(body, left, f"k{place}")).content == answers[place].content


async def test_who_goes_away_leaves_the_others_their_place(client: httpx.AsyncClient, shop: Shop) -> None:
    cards = await make_cards(client, 16)
    told = [{"code": card["code"], "amount_minor": 100} for card in cards]
    asked = [asyncio.create_task(client.post(_PURCHASES, json=body)) for body in told]
    for _ in range(4):  # some are under way, others wait
        await asyncio.sleep(0)
    for gone in asked[::2]:
        gone.cancel()
    stayed = await asyncio.gather(*asked[1::2])
    assert {answer.status_code for answer in stayed} == {201}
    await asyncio.gather(*asked, return_exceptions=True)
    assert [await stamps(client, card) for card in cards[1::2]] == [1] * 8
    assert [answer.status_code for answer in await at_once(client, told)] == [201] * 16


async def test_who_waits_for_a_lock_keeps_nobody_else_waiting(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    cards = await make_cards(client, 5)
    told = [{"code": card["code"], "amount_minor": 100} for card in cards]
    async with database.transaction(shop.organization_id) as tx:
        lock = "SELECT id FROM memberships WHERE organization_id = $1 AND id = $2 FOR UPDATE"
        await tx.fetch(lock, tx.organization_id, decode("mem", cards[0]["membership_id"]))
        held = [asyncio.create_task(client.post(_PURCHASES, json=told[0])) for _ in range(3)]
        served = await asyncio.wait_for(at_once(client, told[1:]), timeout=10)
        assert [answer.status_code for answer in served] == [201] * 4
        assert not any(each.done() for each in held)
    assert {answer.status_code for answer in await asyncio.gather(*held)} == {201}

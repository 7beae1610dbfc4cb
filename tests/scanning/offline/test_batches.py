"""Queues over HTTP: in whatever way they arrive they make the same books."""

import asyncio
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import Work
from passerelle.scanning.offline import jobs, personal_data
from tests.conftest import Shop
from tests.scanning.offline.conftest import Counter, Json, Till

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Sender = Any


def _day_at_the_till(counter: Counter, till: Till) -> list[Json]:
    """Two members: purchases under a cap, a redemption that pays and one that does not, an undo, a foreign card."""
    lina, omar = counter.codes
    at = NOON - timedelta(hours=3)
    queue = []

    def add(kind: str, **fields: Any) -> Json:
        nonlocal at
        at += timedelta(minutes=5)
        queue.append(till.queue(kind, at=at.isoformat(), **fields))
        return queue[-1]

    for amount in (450, 500, 700):
        add("purchase", code=lina, amount_minor=amount)
    add("redemption", code=lina, reward_id=counter.reward_id)
    add("redemption", code=omar, reward_id=counter.reward_id)
    mistake = add("purchase", code=omar, amount_minor=900)
    add("visit", code=omar, units=2)
    add("undo", operation_id=mistake["id"])
    add("purchase", code="nosuchcard", amount_minor=100)
    add("purchase", code=omar, amount_minor=300, external_reference="R-7")
    add("purchase", code=lina, amount_minor=0)
    return queue


async def _in_order(counter: Counter, till: Till, queue: list[Json]) -> None:
    await counter.send(till, queue)


async def _twice(counter: Counter, till: Till, queue: list[Json]) -> None:
    first = await counter.send(till, queue)
    again = await counter.send(till, queue)
    assert {result["status"] for result in again} == {"duplicate"}
    assert [result["outcome"] for result in again] == [result["status"] for result in first]


async def _shuffled(counter: Counter, till: Till, queue: list[Json]) -> None:
    for _ in range(2):
        await counter.send(till, random.Random(7).sample(queue, len(queue)))  # noqa: S311  any order will do


async def _in_parts(counter: Counter, till: Till, queue: list[Json]) -> None:
    results = await counter.send(till, queue[8:])
    assert {result["status"] for result in results} == {"waiting"}
    for part in (queue[3:8], queue[:3], queue[2:6]):
        await counter.send(till, part)


async def _one_by_one_backwards(counter: Counter, till: Till, queue: list[Json]) -> None:
    for operation in reversed(queue):
        await counter.send(till, [operation])


async def _at_once(counter: Counter, till: Till, queue: list[Json]) -> None:
    parts = [queue, queue[6:], queue[:6], queue[3:9], queue]
    await asyncio.gather(*(counter.send(till, part) for part in parts))


@pytest.mark.parametrize("sender", [_twice, _shuffled, _in_parts, _one_by_one_backwards, _at_once])
async def test_complaint_3_offline_sync_neither_duplicates_nor_loses_points(
    counter: Counter, twin: Counter, sender: Sender
) -> None:
    """Complaint: what a till did offline comes in twice, or not at all."""
    outcomes, books = [], []
    with clock.frozen(NOON):
        for shop, send in ((counter, _in_order), (twin, sender)):
            till = await shop.till()
            queue = _day_at_the_till(shop, till)
            await send(shop, till, queue)
            listed = (await shop.get("/api/v1/offline-operations"))["items"]
            listed.sort(key=lambda one: one["sequence"])
            outcomes.append([(one["sequence"], one["status"], (one["reason"] or {}).get("code")) for one in listed])
            books.append(await shop.books())
    assert books[0] == books[1]
    assert outcomes[0] == outcomes[1]
    statuses = [(status, code) for _, status, code in outcomes[0]]
    assert statuses == [
        ("accepted", None),
        ("accepted", None),
        ("accepted", None),
        ("accepted", None),
        ("rejected", "reward_not_ready"),
        ("accepted", None),
        ("accepted", None),
        ("accepted", None),
        ("rejected", "card_unknown"),
        ("accepted", None),
        ("rejected", "amount_not_positive"),
    ]
    lina, lina_points, omar, omar_points = books[0]
    assert (lina["stamps"]["active"], lina_points["points"]["active"]) == (0, 12), "4 + 5 + 3 of 7, by the cap"
    assert (omar["stamps"]["active"], omar_points["points"]["active"]) == (3, 3)


async def test_a_clock_two_hours_off_is_corrected_and_flagged(counter: Counter) -> None:
    with clock.frozen(NOON):
        till = await counter.till()
        till.clock_ahead = timedelta(hours=-2)
        at = (NOON - timedelta(hours=2, minutes=30)).isoformat()
        [result] = await counter.send(till, [till.queue("purchase", code=counter.codes[0], amount_minor=450, at=at)])
        assert (result["status"], result["flags"]) == ("accepted", ["clock_corrected"])
        purchase = await counter.get(f"/api/v1/purchases/{result['booked']['purchase_id']}")
        assert datetime.fromisoformat(purchase["occurred_at"]) == NOON - timedelta(minutes=30)
        device = await counter.get(f"/api/v1/devices/{till.device_id}")
        assert (device["clock_skew_seconds"], device["last_sequence"]) == (7200, 1)
        assert purchase["actor"] == till.device_id


async def test_a_clock_that_was_never_set_dates_nothing(counter: Counter) -> None:
    with clock.frozen(NOON):
        till = await counter.till()
        till.clock_ahead = timedelta(days=-300)
        [result] = await counter.send(till, [till.queue("purchase", code=counter.codes[0], amount_minor=450)])
        assert (result["status"], result["reason"]["code"]) == ("rejected", "device_clock_wrong")
        till.clock_ahead = timedelta(0)
        late = (NOON - timedelta(days=91)).isoformat()
        early = (NOON + timedelta(hours=1)).isoformat()
        results = await counter.send(
            till,
            [
                till.queue("purchase", code=counter.codes[0], amount_minor=450, at=late),
                till.queue("purchase", code=counter.codes[0], amount_minor=450, at=early),
                till.queue("purchase", code=counter.codes[0], amount_minor=450),
            ],
        )
        codes = [(result["reason"] or {}).get("code") for result in results]
        assert codes == ["occurred_too_long_ago", "occurred_in_future", None]
        assert await counter.stamps() == 1


async def test_redeeming_offline_has_an_allowance(counter: Counter) -> None:
    with clock.frozen(NOON):
        till = await counter.till(redemptions_per_day=2, redemptions_per_member_per_day=1)
        other = await counter.till()
        lina, omar = counter.codes
        give = [till.queue("visit", code=code, units=9) for code in (lina, omar)]
        yesterday = (NOON - timedelta(days=1)).isoformat()

        def redeem(device: Till, code: str, **fields: str) -> Json:
            return device.queue("redemption", code=code, reward_id=counter.reward_id, **fields)

        results = await counter.send(
            till,
            [
                *give,
                redeem(till, lina),
                redeem(till, lina),
                redeem(till, lina, at=yesterday),
                redeem(till, omar),
                redeem(till, omar),
            ],
        )
        assert [(result["reason"] or {}).get("code") for result in results[2:]] == [
            None,
            "member_allowance_reached",
            None,
            None,
            "device_allowance_reached",
        ]
        [elsewhere] = await counter.send(other, [redeem(other, lina)])
        assert elsewhere["reason"]["code"] == "member_allowance_reached"
        assert [await counter.stamps(0), await counter.stamps(1)] == [3, 6]


async def test_two_tills_cannot_give_the_same_stamps_away(counter: Counter) -> None:
    await counter.post("/api/v1/scans/visits", {"code": counter.codes[0], "units": 3})
    tills = [await counter.till(redemptions_per_member_per_day=9) for _ in range(4)]

    async def redeem(till: Till) -> str:
        operation = till.queue("redemption", code=counter.codes[0], reward_id=counter.reward_id)
        [result] = await counter.send(till, [operation])
        return result["status"] if result["reason"] is None else str(result["reason"]["code"])

    outcomes = await asyncio.gather(*(redeem(till) for till in tills))
    assert sorted(outcomes) == ["accepted", *["reward_not_ready"] * 3]
    assert await counter.stamps() == 0


async def test_what_is_not_the_devices_own(counter: Counter, twin: Counter) -> None:
    till, other = await counter.till(), await counter.till()
    good = till.queue("visit", code=counter.codes[0])
    changed = good | {"units": 9}
    unsigned = {
        name: value for name, value in till.queue("visit", code=counter.codes[0]).items() if name != "signature"
    }
    anothers = other.queue("visit", code=counter.codes[0])
    foreign = till.sign(till.queue("visit", code=twin.codes[0]) | {"sequence": 2})
    results = await counter.send(till, [changed, unsigned, anothers, foreign, good, 7, "x", None])  # type: ignore[list-item]  # what a broken till may send
    assert [(result["status"], (result["reason"] or {}).get("code")) for result in results] == [
        ("rejected", "signature_invalid"),
        ("rejected", "operation_malformed"),
        ("rejected", "signature_invalid"),
        ("rejected", "card_unknown"),
        ("accepted", None),
        ("rejected", "operation_malformed"),
        ("rejected", "operation_malformed"),
        ("rejected", "operation_malformed"),
    ]
    assert await counter.stamps() == 1
    assert (await counter.get("/api/v1/offline-operations?status=rejected"))["items"][0]["reason"]["text"]


async def test_a_malformed_operation_does_not_hold_the_queue(counter: Counter) -> None:
    till = await counter.till()
    queue = [
        till.queue("purchase", code=counter.codes[0], amount_minor=4.5),
        till.queue("teleport", code=counter.codes[0]),
        till.queue("purchase", code=counter.codes[0], amount_minor=450, note="x\x00y"),
        till.queue("purchase", code=counter.codes[0], amount_minor=450, tip=50),
        till.queue("visit", code=counter.codes[0]),
    ]
    results = await counter.send(till, [each for each in queue if each["sequence"] != 3])
    codes = [(result["reason"] or {}).get("code") for result in results]
    assert codes == ["operation_malformed"] * 3 + [None]
    for result in results[:3]:
        sentence = result["reason"]["text"]
        assert sentence.endswith(").")
        assert ": :" not in sentence
        assert "(: " not in sentence
    assert [result["status"] for result in results][-1] == "waiting"
    [third] = await counter.send(till, [queue[2]])
    assert third["reason"]["code"] == "operation_malformed"
    [fifth] = await counter.send(till, [queue[4]], holds_from=5)
    assert (fifth["status"], fifth["outcome"], fifth["flags"]) == ("duplicate", "accepted", ["sequence_gap"])


async def test_what_is_no_text_is_told_back_as_far_as_it_can_be(counter: Counter) -> None:
    till = await counter.till()
    good = till.queue("visit", code=counter.codes[0])
    halves = [{"id": "\ud800"}, {"id": "x" * 99 + "\ud83d\ude00"}, {"id": "\udfff" * 500}]
    body = json.dumps(till.batch([*halves, good]))
    headers = counter.shop.headers | {"Content-Type": "application/json"}
    answer = await counter.client.post("/api/v1/scans/batch", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [result["id"] for result in results] == ["?", "x" * 99 + "\N{GRINNING FACE}", "?" * 100, good["id"]]
    assert [result["outcome"] for result in results] == ["rejected"] * 3 + ["accepted"]


async def test_ids_and_numbers_are_used_once(counter: Counter) -> None:
    till = await counter.till()
    first = till.queue("visit", code=counter.codes[0])
    same_id = till.sign(till.queue("visit", code=counter.codes[0], units=2) | {"id": first["id"]})
    same_number = till.sign(till.queue("visit", code=counter.codes[0], units=3) | {"sequence": 1})
    await counter.send(till, [first])
    results = await counter.send(till, [same_id, same_number])
    assert [result["reason"]["code"] for result in results] == ["operation_id_reused", "sequence_reused"]
    assert await counter.stamps() == 1


async def test_a_revoked_device_books_nothing(counter: Counter) -> None:
    till = await counter.till()
    await counter.client.delete(f"/api/v1/devices/{till.device_id}", headers=counter.shop.headers)
    [result] = await counter.send(till, [till.queue("visit", code=counter.codes[0])])
    assert (result["status"], result["reason"]["code"]) == ("rejected", "device_revoked")
    assert await counter.stamps() == 0


async def test_what_never_came_is_not_waited_for(counter: Counter, database: Database, settings: Settings) -> None:
    payload = {"organization_id": str(counter.shop.organization_id)}
    with clock.frozen(NOON):
        till = await counter.till()
        lost, kept = till.queue("visit", code=counter.codes[0]), till.queue("visit", code=counter.codes[0], units=2)
        [result] = await counter.send(till, [kept])
        assert (result["status"], await counter.stamps()) == ("waiting", 0)
        await jobs.apply_what_waited(Work(database, settings), payload)
        assert await counter.stamps() == 0
    with clock.frozen(NOON + timedelta(hours=1)):
        await jobs.apply_what_waited(Work(database, settings), payload)
        assert await counter.stamps() == 2
        [found] = (await counter.get("/api/v1/offline-operations"))["items"]
        assert (found["status"], found["flags"]) == ("accepted", ["sequence_gap"])
        [late] = await counter.send(till, [lost])
        assert (late["status"], late["flags"]) == ("accepted", ["late"])
        assert await counter.stamps() == 3


async def test_a_counter_that_jumped_is_flagged(counter: Counter) -> None:
    till = await counter.till()
    till.sequence = 20_000
    [result] = await counter.send(till, [till.queue("visit", code=counter.codes[0])])
    assert (result["status"], result["flags"]) == ("accepted", ["sequence_gap"])


async def test_undo_is_for_own_earlier_operations(counter: Counter) -> None:
    with clock.frozen(NOON):
        till, other = await counter.till(), await counter.till()
        long_ago = (NOON - timedelta(minutes=31)).isoformat()
        old = till.queue("visit", code=counter.codes[0], at=long_ago)
        visit = till.queue("visit", code=counter.codes[0])
        refused = till.queue("visit", code="nosuchcard")
        undos = [till.queue("undo", operation_id=each["id"]) for each in (old, visit, visit, refused)]
        ahead = till.queue("undo", operation_id=str(new_id()))
        results = await counter.send(till, [old, visit, refused, *undos, ahead])
        assert [(result["reason"] or {}).get("code") for result in results] == [
            None,
            None,
            "card_unknown",
            "undo_too_late",
            None,
            None,
            None,
            "operation_unknown",
        ]
        [anothers] = await counter.send(other, [other.queue("undo", operation_id=old["id"])])
        assert anothers["reason"]["code"] == "operation_unknown"
        assert await counter.stamps() == 1


async def test_every_kind_can_be_undone(counter: Counter) -> None:
    till = await counter.till()
    given = till.queue("visit", code=counter.codes[0], units=3)
    bought = till.queue("purchase", code=counter.codes[0], amount_minor=450)
    redeemed = till.queue("redemption", code=counter.codes[0], reward_id=counter.reward_id)
    undos = [till.queue("undo", operation_id=each["id"]) for each in (redeemed, bought, given)]
    results = await counter.send(till, [given, bought, redeemed, *undos])
    assert {result["status"] for result in results} == {"accepted"}
    [lina, points, *_] = await counter.books()
    assert (lina["stamps"]["active"], lina["stamps"]["spent"], points["points"]["active"]) == (0, 0, 0)


async def test_a_request_that_may_have_arrived_is_queued_with_its_reference(counter: Counter) -> None:
    till = await counter.till()
    body = {"code": counter.codes[0], "amount_minor": 450, "external_reference": "R-1"}
    online = await counter.post("/api/v1/scans/purchases", body)
    [result] = await counter.send(till, [till.queue("purchase", **body)])
    assert result["booked"]["purchase_id"] == online["purchase"]["id"]
    body = {"code": counter.codes[0], "units": 2, "reference": "V-1"}
    await counter.post("/api/v1/scans/visits", body)
    await counter.send(till, [till.queue("visit", **body)])
    assert await counter.stamps() == 3


async def test_staff_settle_what_was_rejected(counter: Counter) -> None:
    till = await counter.till()
    await counter.send(till, [till.queue("visit", code="nosuchcard")])
    open_ones = "/api/v1/offline-operations?status=rejected&resolved=false"
    [rejected] = (await counter.get(open_ones))["items"]
    path = f"/api/v1/offline-operations/{rejected['id']}/resolve"
    resolved = await counter.post(path, {"resolution": "settled", "reason": "two stamps by hand"})
    assert (resolved["resolution"], resolved["resolution_reason"]) == ("settled", "two stamps by hand")
    assert resolved["resolved_by"].startswith("key_")
    assert (await counter.get(open_ones))["items"] == []
    again = await counter.client.post(
        path, json={"resolution": "dismissed", "reason": "x"}, headers=counter.shop.headers
    )
    assert (again.status_code, again.json()["code"]) == (409, "not_rejected")
    facts = (await counter.get("/api/v1/events?name=offline_operation.rejected"))["items"]
    assert [fact["payload"]["code"] for fact in facts] == ["card_unknown"]


async def test_erasure_drops_what_the_till_sent(counter: Counter, database: Database, shop: Shop) -> None:
    till = await counter.till()
    line = {"name": "Birthday cake for Lina", "unit_amount_minor": 450}
    await counter.send(till, [till.queue("purchase", code=counter.codes[0], amount_minor=450, lines=[line])])
    async with database.transaction(shop.organization_id) as tx:
        customer_id = await tx.fetchval(
            "SELECT customer_id FROM offline_operations WHERE organization_id = $1", shop.organization_id
        )
        [kept] = (await personal_data.export(tx, customer_id))["offline_operations"]
        assert kept["payload"]["lines"][0]["name"] == line["name"]
        await personal_data.erase(tx, customer_id)
        [left] = (await personal_data.export(tx, customer_id))["offline_operations"]
        assert (left["payload"], left["status"]) == ({}, "accepted")


async def test_another_shop_knows_no_such_device(
    application: httpx.AsyncClient, counter: Counter, other_shop: Shop
) -> None:
    till = await counter.till()
    batch = till.batch([till.queue("visit", code=counter.codes[0])])
    answer = await application.post("/api/v1/scans/batch", json=batch, headers=other_shop.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "device_not_found")


async def test_a_batch_is_bounded(counter: Counter) -> None:
    till = await counter.till()
    batch = till.batch([till.queue("visit", code=counter.codes[0])] * 501)
    answer = await counter.client.post("/api/v1/scans/batch", json=batch, headers=counter.shop.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert await counter.send(till, []) == []


async def test_a_purchase_that_arrives_late_gives_its_coupon_once(counter: Counter) -> None:
    """Both days may give one, though both are told on the third; sent twice, and in two orders, they give no more."""
    after = {"per_day": 1, "conditions": {"channels": ["till"]}}
    effect = {"type": "percent_off", "basis_points": 1_000}
    terms = {"effect": effect, "starts_days_after_issue": 1, "ends_days_after_issue": 9}
    await counter.post("/api/v1/coupon-campaigns", {"name": "Come back", "terms": terms, "after_purchase": after})
    till = await counter.till()
    days = [NOON - timedelta(days=ago) for ago in (2, 2, 1)]
    queue = [till.queue("purchase", code=counter.codes[0], amount_minor=450, at=at.isoformat()) for at in days]
    with clock.frozen(NOON):
        for operations in (queue, queue, queue[::-1]):
            await counter.send(till, operations)
        customer_id = (await counter.get(f"/api/v1/members/{counter.members[0]}"))["customer_id"]
        given = (await counter.get(f"/api/v1/customers/{customer_id}/coupons"))["items"]
    assert sorted(each["given_on"] for each in given) == ["2026-11-20", "2026-11-21"]
    assert {each["expires_at"] for each in given} == {"2026-12-01T23:00:00Z"}, "days count from when it was made"

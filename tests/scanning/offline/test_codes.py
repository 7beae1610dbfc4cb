"""Codes in queues: judged by when they were scanned, as well as a device's clock is known."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from passerelle.kit import clock
from passerelle.passes import code_rules
from passerelle.passes.rendering import keys_of_code
from tests.scanning.offline.conftest import Counter, Json, Till


async def _rotating(counter: Counter, at: datetime) -> str:
    async with counter.database.transaction(counter.shop.organization_id) as tx:
        keys = keys_of_code(await tx.vault.keys(tx), counter.codes[0])
    return counter.codes[0] + code_rules.rotating_proof(keys, code_rules.step_at(at))


async def _ask_for_rotating(counter: Counter, **more: Any) -> None:
    program = (await counter.get("/api/v1/programs"))["items"][-1]
    path = f"/api/v1/programs/{program['id']}/code-rule"
    body = {"code_kind": "rotating", **more}
    answer = await counter.client.put(path, json=body, headers=counter.shop.headers)
    assert answer.is_success, answer.text


def _outcome(result: Json) -> str:
    return str(result["reason"]["code"] if result["reason"] else result["outcome"])


async def _send(counter: Counter, till: Till, kind: str, **fields: Any) -> str:
    [result] = await counter.send(till, [till.queue(kind, **fields)])
    return _outcome(result)


@pytest.mark.parametrize(
    ("shown", "scanned", "done", "outcome"),
    [
        (60, 60, 60, "accepted"),
        (60, 60, 52, "accepted"),  # eight minutes on the counter
        (68, 60, 60, "code_too_old"),
        (63, 60, 60, "accepted"),  # within what is known of the device's clock
        (52, 60, 60, "code_ahead"),
    ],
)
async def test_a_code_is_judged_by_the_time_of_scanning(
    counter: Counter, shown: int, scanned: int, done: int, outcome: str
) -> None:
    await _ask_for_rotating(counter)
    till, now = await counter.till(), clock.now()
    code = await _rotating(counter, now - timedelta(minutes=shown))
    told = {
        "at": (now - timedelta(minutes=done)).isoformat(),
        "scanned_at": (now - timedelta(minutes=scanned)).isoformat(),
    }
    assert await _send(counter, till, "purchase", code=code, amount_minor=450, **told) == outcome


async def test_the_corrected_clock_counts(counter: Counter) -> None:
    await _ask_for_rotating(counter)
    till = await counter.till()
    till.clock_ahead = timedelta(hours=3)
    code = await _rotating(counter, clock.now() - timedelta(minutes=20))
    at = (till.now() - timedelta(minutes=20)).isoformat()
    assert await _send(counter, till, "visit", code=code, at=at) == "accepted"


async def test_a_card_lies_a_quarter_of_an_hour_at_most(counter: Counter) -> None:
    till, now = await counter.till(), clock.now()
    for minutes in (16, -1):
        scanned_at = (now - timedelta(minutes=minutes)).isoformat()
        told = {"code": counter.codes[0], "at": now.isoformat(), "scanned_at": scanned_at}
        assert await _send(counter, till, "visit", **told) == "operation_malformed"


async def test_a_code_is_redeemed_with_at_one_till(counter: Counter) -> None:
    await _ask_for_rotating(counter, single_use=True)
    await counter.post("/api/v1/scans/visits", {"code": counter.codes[0], "units": 9})
    one, other = [await counter.till(redemptions_per_member_per_day=5) for _ in range(2)]
    code = await _rotating(counter, clock.now())
    redemption = {"code": code, "reward_id": counter.reward_id}
    told = redemption | {"reference": "till-1-7"}
    await counter.post("/api/v1/scans/redemptions", told)
    assert await _send(counter, one, "redemption", **told) == "accepted"  # it did not hear the answer
    assert await _send(counter, other, "redemption", **redemption) == "code_used"

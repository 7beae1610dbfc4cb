"""Many at once: whatever meets whatever, each thing is booked once, and the books add up."""

import asyncio
import random
import secrets

from passerelle.ledger import service as ledger
from tests.journeys.conftest import Town
from tests.journeys.shopkeeper import Member

_PURCHASES, _REDEMPTIONS = "/api/v1/scans/purchases", "/api/v1/scans/redemptions"


async def _books(town: Town) -> list[object]:
    async with town.stage.database.transaction(town.own.organization_id) as tx:
        return list(await ledger.check_books(tx))


async def test_one_key_twenty_times_books_once(town: Town) -> None:
    member = await town.member()
    body, key = {"code": member.code, "amount_minor": 500}, {"Idempotency-Key": secrets.token_hex(8)}
    answers = await asyncio.gather(*(town.shopkeeper.post(_PURCHASES, body, **key) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert await town.shopkeeper.balance(member) == 5


async def test_one_receipt_twenty_times_books_once(town: Town) -> None:
    member = await town.member()
    body = {"code": member.code, "amount_minor": 500, "external_reference": secrets.token_hex(8)}
    answers = await asyncio.gather(*(town.shopkeeper.post(_PURCHASES, body) for _ in range(20)))
    assert {answer.json()["purchase"]["id"] for answer in answers} == {answers[0].json()["purchase"]["id"]}
    assert await town.shopkeeper.balance(member) == 5


async def test_a_key_belongs_to_one_request_of_one_caller(town: Town) -> None:
    member = await town.member()
    key = {"Idempotency-Key": secrets.token_hex(8)}
    first = await town.shopkeeper.pay(member, idempotency_key=key["Idempotency-Key"])
    other_body = {"code": member.code, "amount_minor": 451}
    assert (await town.shopkeeper.post(_PURCHASES, other_body, **key)).status_code == 409
    assert (await town.shopkeeper.post("/api/v1/scans", {"code": member.code}, **key)).status_code == 409
    body = {"code": member.code, "amount_minor": 450}
    assert (await town.rival.post(_PURCHASES, body, **key)).status_code == 404
    till = {"Authorization": f"Bearer {(await town.shopkeeper.key('scans:write'))['api_key']}"}
    by_till = await town.public.post(_PURCHASES, json=body, headers=till | key)
    assert by_till.json()["purchase"]["id"] != first["purchase"]["id"]
    again = await town.shopkeeper.post(_PURCHASES, body, **key)
    assert again.json() == first
    assert again.headers["idempotency-replayed"] == "true"


async def test_the_last_reward_is_given_once(town: Town) -> None:
    member = await town.shopkeeper.join(town.stamps)
    body = {"code": member.code, "reward_id": await town.shopkeeper.reward(member)}
    for _ in range(2):
        await town.shopkeeper.pay(member)
        await town.shopkeeper.pay(member)
        answers = await asyncio.gather(*(town.shopkeeper.post(_REDEMPTIONS, body) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
        assert await town.shopkeeper.balance(member) == 0
    assert await _books(town) == []


async def _till(town: Town, members: list[Member], reward_id: str, seed: int) -> set[int]:
    rng, purchases, redemptions, statuses = random.Random(seed), [], [], set()  # noqa: S311  a shuffle, no secret
    for _ in range(10):
        member = rng.choice(members)
        match rng.choice("ppprruu"):
            case "p":
                answer = await town.shopkeeper.post(_PURCHASES, {"code": member.code, "amount_minor": 450})
                purchases.append(answer.json()["purchase"]["id"])
            case "r":
                answer = await town.shopkeeper.post(_REDEMPTIONS, {"code": member.code, "reward_id": reward_id})
                redemptions += [answer.json()["id"]] if answer.is_success else []
            case _:
                undone = [f"purchases/{each}" for each in purchases] + [f"redemptions/{each}" for each in redemptions]
                if not undone:
                    continue
                answer = await town.shopkeeper.post(f"/api/v1/scans/{rng.choice(undone)}/undo")
        statuses.add(answer.status_code)
    return statuses


async def test_purchases_redemptions_and_undos_of_many_tills_keep_the_books(town: Town) -> None:
    members = [await town.shopkeeper.join(town.stamps) for _ in range(2)]
    reward_id = await town.shopkeeper.reward(members[0])
    statuses = await asyncio.gather(*(_till(town, members, reward_id, seed) for seed in range(6)))
    assert set().union(*statuses) <= {200, 201, 409}
    assert await _books(town) == []
    assert min([await town.shopkeeper.balance(member) for member in members]) >= 0

"""Many transactions at once, committed for real: retries book once, balances hold, nobody waits in a circle."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import timedelta
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.kit.db import Busy, Database
from passerelle.kit.ids import new_id
from passerelle.ledger import service
from passerelle.ledger.errors import AlreadyReversed, HoldIsOver, InsufficientBalance, TransferConflict
from passerelle.ledger.schemas import Credit, Debit, Posted
from tests.conftest import Shop

Work = Callable[[], Coroutine[None, None, Posted | None]]


class _Till:
    """Posts in transactions of its own; a refusal counts as None."""

    def __init__(self, database: Database, shop: Shop) -> None:
        self.database, self.shop = database, shop

    async def give(self, reference: str, *credit_lines: Credit) -> Posted:
        async with self.database.transaction(self.shop.organization_id) as tx:
            return await service.post(tx, kind="accrual", reference=reference, credits=credit_lines)

    async def take(self, reference: str, *debit_lines: Debit) -> Posted | None:
        try:
            async with self.database.transaction(self.shop.organization_id) as tx:
                return await service.post(tx, kind="redemption", reference=reference, debits=debit_lines)
        except InsufficientBalance:
            return None

    async def active(self, owner_id: UUID, unit_id: UUID) -> int:
        async with self.database.transaction(self.shop.organization_id) as tx:
            assert await service.check_books(tx) == []
            return (await service.balances(tx, [owner_id]))[owner_id][unit_id].active


@pytest.fixture
def till(database: Database, shop: Shop) -> _Till:
    return _Till(database, shop)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_retries_in_any_interleaving_book_once(till: _Till, seed: int) -> None:
    unit_id, owner_ids = new_id(), [new_id() for _ in range(4)]
    chance = random.Random(seed)  # noqa: S311  a shuffled order, not a secret
    expected: Counter[UUID] = Counter()
    calls: list[tuple[str, list[Credit]]] = []
    for number in range(20):
        lines = [Credit(owner_id, unit_id, chance.randint(1, 9)) for owner_id in chance.sample(owner_ids, 2)]
        for line in lines:
            expected[line.owner_id] += line.amount
        calls += [(f"sale {number}", lines)] * 3
    chance.shuffle(calls)
    posted = await asyncio.gather(*(till.give(reference, *lines) for reference, lines in calls))
    assert sum(not one.replayed for one in posted) == 20
    assert len({one.transfer_id for one in posted}) == 20
    assert {owner_id: await till.active(owner_id, unit_id) for owner_id in owner_ids} == expected


async def test_one_of_two_inputs_wins_a_reference(till: _Till) -> None:
    unit_id, owner_ids = new_id(), [new_id() for _ in range(8)]

    async def give(owner_id: UUID) -> bool:
        try:
            await till.give("contested", Credit(owner_id, unit_id, 5))
        except TransferConflict:
            return False
        return True

    won = await asyncio.gather(*(give(owner_id) for owner_id in owner_ids))
    assert sum(won) == 1
    async with till.database.transaction(till.shop.organization_id) as tx:
        held = await service.balances(tx, owner_ids)
    assert [bool(held[owner_id]) for owner_id in owner_ids] == list(won)


async def test_a_balance_is_spent_once(till: _Till) -> None:
    owner_id, unit_id = new_id(), new_id()
    for number in range(5):
        await till.give(f"sale {number}", Credit(owner_id, unit_id, 20))
    attempts = [till.take(f"cup {number}", Debit(owner_id, unit_id, 9)) for number in range(20)]
    taken = await asyncio.gather(*attempts)
    assert sum(one is not None for one in taken) == 11
    assert await till.active(owner_id, unit_id) == 1


async def test_what_is_set_aside_is_not_set_aside_twice(till: _Till) -> None:
    owner_id, unit_id = new_id(), new_id()
    for number in range(5):
        await till.give(f"sale {number}", Credit(owner_id, unit_id, 20))
    ends_at = clock.now() + timedelta(days=1)

    async def hold(number: int) -> UUID | None:
        try:
            async with till.database.transaction(till.shop.organization_id) as tx:
                reference = f"basket {number // 2}"  # each is told twice
                return (
                    await service.hold(tx, owner_id, unit_id, 9, reference=reference, expires_at=ends_at)
                ).transfer_id
        except InsufficientBalance:
            return None

    held = Counter(await asyncio.gather(*(hold(number) for number in range(40))))
    assert sorted(held.values()) == [2] * 11 + [18]
    assert await till.active(owner_id, unit_id) == 1


async def test_a_hold_ends_once(till: _Till) -> None:
    """Of tills that capture it and one that gives it up, one has its way."""
    owner_id, unit_id = new_id(), new_id()
    await till.give("sale", Credit(owner_id, unit_id, 20))
    async with till.database.transaction(till.shop.organization_id) as tx:
        ends_at = clock.now() + timedelta(days=1)
        hold = await service.hold(tx, owner_id, unit_id, 9, reference="basket", expires_at=ends_at)

    async def capture(number: int) -> bool:
        try:
            async with till.database.transaction(till.shop.organization_id) as tx:
                await service.capture(tx, hold.transfer_id, reference=f"paid {number}")
        except HoldIsOver:
            return False
        return True

    async def release() -> bool:
        try:
            async with till.database.transaction(till.shop.organization_id) as tx:
                await service.release(tx, hold.transfer_id)
        except HoldIsOver:
            return False
        return True

    *captured, released = await asyncio.gather(*(capture(number) for number in range(6)), release())
    assert sum(captured) + released == 1
    assert await till.active(owner_id, unit_id) == (20 if released else 11)


async def test_moves_that_cross_do_not_deadlock(till: _Till) -> None:
    unit_id, owner_ids = new_id(), [new_id() for _ in range(3)]
    for owner_id in owner_ids:
        await till.give(f"sale {owner_id}", Credit(owner_id, unit_id, 50))

    async def move(number: int) -> None:
        giver, taker = random.Random(number).sample(owner_ids, 2)  # noqa: S311  a shuffled order, not a secret
        async with till.database.transaction(till.shop.organization_id) as tx:
            await service.move(tx, giver, taker, unit_id, 1, reference=f"gift {number}")

    await asyncio.gather(*(move(number) for number in range(40)))
    assert sum([await till.active(owner_id, unit_id) for owner_id in owner_ids]) == 150


async def test_a_transfer_is_reversed_once(till: _Till) -> None:
    owner_id, unit_id = new_id(), new_id()
    sale = await till.give("sale", Credit(owner_id, unit_id, 20))

    async def undo(number: int) -> bool:
        try:
            async with till.database.transaction(till.shop.organization_id) as tx:
                await service.reverse(tx, sale.transfer_id, reference=f"undo {number}")
        except AlreadyReversed:
            return False
        return True

    assert sum(await asyncio.gather(*(undo(number) for number in range(8)))) == 1
    assert await till.active(owner_id, unit_id) == 0


async def test_crossed_owners_do_not_deadlock(till: _Till) -> None:
    """Each transfer names the same owners, new ones among them, in another order."""
    unit_ids = [new_id(), new_id()]
    chance = random.Random(7)  # noqa: S311  a shuffled order, not a secret
    known = [new_id() for _ in range(3)]
    for wave in range(4):
        accounts = [(owner_id, unit_id) for owner_id in (*known, new_id(), new_id()) for unit_id in unit_ids]
        work = []
        for number in range(15):
            chance.shuffle(accounts)
            lines = [Credit(*account, 1) for account in accounts]
            work.append(till.give(f"wave {wave} sale {number}", *lines))
        assert not any(one.replayed for one in await asyncio.gather(*work))
    assert await till.active(known[0], unit_ids[0]) == 60


async def test_who_waits_too_long_is_told_to_try_again(till: _Till) -> None:
    account, other = (new_id(), new_id()), (new_id(), new_id())
    await till.give("first", Credit(*account, 1), Credit(*other, 1))

    async def give_impatiently(reference: str, line: Credit) -> None:
        async with till.database.transaction(till.shop.organization_id) as tx:
            await tx.execute("SET LOCAL lock_timeout = '20ms'")
            await service.post(tx, kind="accrual", reference=reference, credits=[line])

    async with till.database.transaction(till.shop.organization_id) as tx:
        await service.post(tx, kind="accrual", reference="slow", credits=[Credit(*account, 1)])
        with pytest.raises(Busy):
            await give_impatiently("second", Credit(*account, 1))
        with pytest.raises(Busy):
            await give_impatiently("slow", Credit(*other, 1))
    assert await till.active(*account) == 2


async def test_a_lock_held_from_the_start_keeps_a_decision_true(till: _Till) -> None:
    """A cap that is read under the lock is not passed, however many ask at once."""
    owner_id, unit_id = new_id(), new_id()

    async def earn_up_to_ten(number: int) -> None:
        async with till.database.transaction(till.shop.organization_id) as tx:
            await service.lock_accounts(tx, [(owner_id, unit_id)])
            held = (await service.balances(tx, [owner_id]))[owner_id][unit_id].active
            if held < 10:
                line = Credit(owner_id, unit_id, min(4, 10 - held))
                await service.post(tx, kind="accrual", reference=f"sale {number}", credits=[line])

    await asyncio.gather(*(earn_up_to_ten(number) for number in range(12)))
    assert await till.active(owner_id, unit_id) == 10


async def test_the_nightly_work_and_tills_share_accounts(till: _Till) -> None:
    owner_id, unit_id = new_id(), new_id()
    for number in range(10):
        await till.give(f"sale {number}", Credit(owner_id, unit_id, 10))

    async def age() -> None:
        async with till.database.transaction(till.shop.organization_id) as tx:
            await service.activate_due_lots(tx, 5)
            await service.expire_due_lots(tx, 5)

    async def take(number: int) -> None:
        assert await till.take(f"cup {number}", Debit(owner_id, unit_id, 5))

    await asyncio.gather(*(take(number) for number in range(20)), *(age() for _ in range(5)))
    assert await till.active(owner_id, unit_id) == 0

"""Rewards on a real database: made with the program, ready, taken once, given back."""

import asyncio
from uuid import UUID

import pytest

from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import TransferConflict
from passerelle.programs import service as programs
from passerelle.programs.errors import (
    MembershipNotActive,
    MembershipNotFound,
    ProgramNotFound,
    ProgramNotRunning,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.schemas import ProgramChange
from passerelle.rewards import catalogue, personal_data, service
from passerelle.rewards.errors import (
    IssuedRewardNotFound,
    RewardLimitReached,
    RewardNotFound,
    RewardNotOffered,
    RewardNotReady,
    RewardSoldOut,
    TooManyRewards,
)
from passerelle.rewards.schemas import RewardChange, RewardIn
from tests.conftest import Shop
from tests.rewards.conftest import Counter


async def test_a_program_comes_with_its_reward(counter: Counter) -> None:
    program = await counter.program(reward_names={"fr": "Café offert"})
    [reward] = await counter.rewards(program)
    assert (reward.name, reward.names, reward.price, reward.unit) == (
        "Free coffee",
        {"fr": "Café offert"},
        10,
        "stamps",
    )
    assert (await programs.get_program(counter.tx, program.id)) == program, "the program is answered as it is"
    assert await counter.rewards(await counter.program(reward_name=None)) == []


async def test_stamps_may_exceed_the_card(counter: Counter) -> None:
    member = await counter.member(await counter.program(), 9)
    [ready] = await counter.ready(member)
    assert (ready.ready_count, ready.missing, ready.reward.name_in("en")) == (0, 1, "Free coffee")
    await programs.accrue_for_visit(counter.tx, member, reference="scan:1", units=3)
    [ready] = await counter.ready(member)
    assert (ready.ready_count, ready.missing) == (1, 0)
    redeemed = await service.redeem_reward(counter.tx, member, ready.reward.id, reference="scan:2")
    assert redeemed.standing.balance().active == 2


async def test_ready_is_told_when_it_rises(counter: Counter) -> None:
    program = await counter.program()
    member = await counter.member(program, 9)
    [reward] = await counter.rewards(program)
    assert counter.told("reward.ready") == []
    await counter.give(member, 1)
    await counter.give(member, 5)
    await counter.give(member, 20)
    assert [
        (fact["membership_id"], fact["reward_id"], fact["ready_count"]) for fact in counter.told("reward.ready")
    ] == [
        (member, reward.id, 1),
        (member, reward.id, 3),
    ]
    redeemed = await service.redeem_reward(counter.tx, member, reward.id, reference="scan:1")
    await service.undo_redemption(counter.tx, redeemed.issued_reward.id)
    assert len(counter.told("reward.ready")) == 2, "what came back is no news"


async def test_redeeming_is_a_debit_and_a_row(counter: Counter) -> None:
    program = await counter.program()
    member = await counter.member(program, 12)
    [reward] = await counter.rewards(program)
    redeemed = await service.redeem_reward(counter.tx, member, reward.id, reference="scan:1")
    issued = redeemed.issued_reward
    assert (issued.state, issued.price, issued.name, redeemed.replayed) == ("redeemed", 10, "Free coffee", False)
    assert await service.get_issued_reward(counter.tx, issued.id) == issued
    assert redeemed.standing == await programs.standing(counter.tx, member)
    assert issued.transfer_id is not None
    assert (await ledger.get_transfer(counter.tx, issued.transfer_id)).kind == "redemption"
    [fact] = counter.told("reward.redeemed")
    assert (fact["issued_reward_id"], fact["customer_id"]) == (issued.id, issued.customer_id)


async def test_the_same_reference_redeems_once(counter: Counter) -> None:
    program = await counter.program()
    member, other = await counter.member(program, 30), await counter.member(program, 30)
    [reward] = await counter.rewards(program)
    limited = await counter.reward(program, stock=5, limit_per_customer=1)
    for reward_id, reference in ((reward.id, "scan:1"), (limited.id, "scan:2")):
        first = await service.redeem_reward(counter.tx, member, reward_id, reference=reference)
        again = await service.redeem_reward(counter.tx, member, reward_id, reference=reference)
        assert (again.issued_reward, again.standing, again.replayed) == (first.issued_reward, first.standing, True)
        with pytest.raises(TransferConflict):
            await service.redeem_reward(counter.tx, other, reward_id, reference=reference)
    assert (await service.get_reward(counter.tx, limited.id)).stock == 4


async def test_the_statements_of_the_till(counter: Counter) -> None:
    program = await counter.program()
    member = await counter.member(program, 30)
    [reward] = await counter.rewards(program)
    standing = await programs.standing(counter.tx, member)
    catalogue._known.clear()  # as in a process that has just started
    async with counter.counted() as cold:
        await service.ready_rewards(counter.tx, standing)
    async with counter.counted() as warm:
        await service.ready_rewards(counter.tx, standing)
    async with counter.counted() as redeeming:
        await service.redeem_reward(counter.tx, member, reward.id, reference="scan:1")
    assert (len(cold), len(warm)) == (1, 0)
    assert len(redeeming) == 5, "seat, accounts, lots, transfer, issued reward"
    await counter.reward(program, stock=3, limit_per_customer=2)
    standing = await programs.standing(counter.tx, member)
    await service.ready_rewards(counter.tx, standing)
    async with counter.counted() as limited:
        await service.ready_rewards(counter.tx, standing)
    assert len(limited) == 1
    await service.take_reward(counter.tx, member, reward.id, reference="app:1")
    standing = await programs.standing(counter.tx, member)
    await service.ready_rewards(counter.tx, standing)
    async with counter.counted() as waiting:
        await service.ready_rewards(counter.tx, standing)
    assert len(waiting) == 2, "limits, and what waits to be redeemed"


async def test_of_two_tills_one_gets_it(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        program = await counter.program()
        member = await counter.member(program, 13)
        [reward] = await counter.rewards(program)

    async def redeem(reference: str) -> str:
        async with database.transaction(shop.organization_id) as tx:
            try:
                await service.redeem_reward(tx, member, reward.id, reference=reference)
            except RewardNotReady as refusal:
                return f"missing {refusal.params['missing']}"
            return "redeemed"

    outcomes = await asyncio.gather(*(redeem(f"scan:{till}") for till in range(5)))
    assert sorted(outcomes) == ["missing 7"] * 4 + ["redeemed"]
    async with database.transaction(shop.organization_id) as tx:
        assert (await programs.standing(tx, member)).balance().active == 3
        assert await ledger.check_books(tx) == []


async def test_the_last_one_in_stock_goes_to_one_member(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        program = await counter.program()
        members = [await counter.member(program, 10) for _ in range(4)]
        mug = await counter.reward(program, stock=1)

    async def redeem(member: UUID) -> str:
        async with database.transaction(shop.organization_id) as tx:
            await service.redeem_reward(tx, member, mug.id, reference=f"scan:{member}")
        return "redeemed"

    outcomes = await asyncio.gather(*(redeem(member) for member in members), return_exceptions=True)
    kinds = [type(outcome) for outcome in outcomes]
    assert (kinds.count(RewardSoldOut), outcomes.count("redeemed")) == (3, 1)
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.get_reward(tx, mug.id)).stock == 0
        standings = await programs.standings_of(tx, members)
        assert sorted(standing.balance().active for standing in standings) == [0, 10, 10, 10]


async def test_a_limit_holds_between_tills(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        program = await counter.program()
        member = await counter.member(program, 50)
        mug = await counter.reward(program, limit_per_customer=2)

    async def redeem(reference: str) -> None:
        async with database.transaction(shop.organization_id) as tx:
            await service.redeem_reward(tx, member, mug.id, reference=reference)

    outcomes = await asyncio.gather(*(redeem(f"scan:{till}") for till in range(4)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(RewardLimitReached) == 2
    async with database.transaction(shop.organization_id) as tx:
        assert (await programs.standing(tx, member)).balance().active == 30
        ready = {one.reward.id: one for one in await Counter(tx).ready(member)}
        assert (ready[mug.id].ready_count, ready[mug.id].held_back) == (0, "limit_reached")


async def test_undo_gives_back_balance_stock_and_turn(counter: Counter) -> None:
    program = await counter.program()
    member = await counter.member(program, 10)
    mug = await counter.reward(program, stock=1, limit_per_customer=1)
    redeemed = await service.redeem_reward(counter.tx, member, mug.id, reference="scan:1")
    undone = await service.undo_redemption(counter.tx, redeemed.issued_reward.id, reason="wrong reward")
    assert (undone.issued_reward.state, undone.standing.balance().active) == ("undone", 10)
    assert (await service.get_reward(counter.tx, mug.id)).stock == 1
    again = await service.undo_redemption(counter.tx, redeemed.issued_reward.id)
    assert (again.issued_reward, again.replayed) == (undone.issued_reward, True)
    assert (await service.get_reward(counter.tx, mug.id)).stock == 1
    assert len(counter.told("reward.redemption_undone")) == 1
    await service.redeem_reward(counter.tx, member, mug.id, reference="scan:2")
    with pytest.raises(IssuedRewardNotFound):
        await service.undo_redemption(counter.tx, new_id())


async def test_why_it_is_not_given(counter: Counter) -> None:
    program, other = await counter.program(), await counter.program()
    member = await counter.member(program, 9)
    [reward], [elsewhere] = await counter.rewards(program), await counter.rewards(other)

    async def redeem(reward_id: UUID) -> None:
        await service.redeem_reward(counter.tx, member, reward_id, reference=str(new_id()))

    with pytest.raises(RewardNotReady) as caught:
        await redeem(reward.id)
    assert caught.value.sentence("en") == "“Free coffee” is not ready yet: 1 more needed."
    with pytest.raises(RewardNotOffered):
        await redeem(elsewhere.id)
    with pytest.raises(RewardNotFound):
        await redeem(new_id())
    await counter.give(member, 1)
    await service.change_reward(counter.tx, reward.id, RewardChange(active=False))
    with pytest.raises(RewardNotOffered):
        await redeem(reward.id)
    await service.change_reward(counter.tx, reward.id, RewardChange(active=True))
    await programs.change_membership(counter.tx, member, "suspended")
    with pytest.raises(MembershipNotActive):
        await redeem(reward.id)
    await programs.change_membership(counter.tx, member, "active")
    await programs.change_program(counter.tx, program.id, ProgramChange(state="paused"))
    with pytest.raises(ProgramNotRunning):
        await redeem(reward.id)


async def test_a_change_of_the_catalogue_is_seen_at_once(counter: Counter) -> None:
    program = await counter.program()
    member = await counter.member(program, 8)
    [reward] = await counter.rewards(program)
    assert [one.ready_count for one in await counter.ready(member)] == [0]
    await service.change_reward(counter.tx, reward.id, RewardChange(price=4, name="Half coffee"))
    [ready] = await counter.ready(member)
    assert (ready.ready_count, ready.reward.name) == (2, "Half coffee")
    await counter.reward(program, price=2)
    assert [one.reward.price for one in await counter.ready(member)] == [2, 4]
    assert counter.told("program.changed")[-1]["fields"] == ("rewards",)


async def test_the_reward_of_a_full_card_follows_its_goal(counter: Counter) -> None:
    program = await counter.program()
    member = await counter.member(program, 8)
    await counter.reward(program, price=3)
    await programs.change_program(counter.tx, program.id, ProgramChange(goal=8))
    assert [(one.reward.price, one.ready_count) for one in await counter.ready(member)] == [(3, 2), (8, 1)]
    assert counter.told("reward.changed")[-1]["fields"] == ("price",)
    await programs.change_program(counter.tx, program.id, ProgramChange(goal=8, name="Club"))
    assert len(counter.told("program.goal_changed")) == 1


async def test_null_takes_a_limit_away(counter: Counter) -> None:
    mug = await counter.reward(await counter.program(), stock=0, limit_per_customer=1)
    change = RewardChange.model_validate({"stock": None, "limit_per_customer": None, "name": None})
    changed = await service.change_reward(counter.tx, mug.id, change)
    assert (changed.stock, changed.limit_per_customer, changed.name) == (None, None, "Mug")


async def test_what_makes_no_reward(counter: Counter) -> None:
    program = await counter.program()
    plain = await counter.program(kind="membership", goal=None, reward_name=None)
    with pytest.raises(ProgramNotFound):
        await service.create_reward(counter.tx, RewardIn(program_id=new_id(), name="x", price=1, names={}))
    with pytest.raises(UnitNotFound):
        await counter.reward(program, unit="miles")
    with pytest.raises(UnitNotNamed):
        await counter.reward(plain)
    for _ in range(service.MAX_REWARDS - 1):
        await counter.reward(program)
    with pytest.raises(TooManyRewards):
        await counter.reward(program)


async def test_rewards_of_another_tenant(database: Database, shop: Shop, other_shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        program = await counter.program()
        member = await counter.member(program, 10)
        [reward] = await counter.rewards(program)
        issued = (await service.redeem_reward(tx, member, reward.id, reference="scan:1")).issued_reward
    async with database.transaction(other_shop.organization_id) as tx:
        foreign = Counter(tx)
        assert await foreign.rewards(program) == []
        with pytest.raises(RewardNotFound):
            await service.change_reward(tx, reward.id, RewardChange(price=1))
        with pytest.raises(MembershipNotFound):
            await service.redeem_reward(tx, member, reward.id, reference="scan:2")
        with pytest.raises(IssuedRewardNotFound):
            await service.undo_redemption(tx, issued.id)
        own = await foreign.member(await foreign.program(), 10)
        with pytest.raises(RewardNotFound):
            await service.redeem_reward(tx, own, reward.id, reference="scan:3")


async def test_a_person_gets_what_they_took(counter: Counter) -> None:
    program = await counter.program()
    member = await counter.member(program, 10)
    [reward] = await counter.rewards(program)
    issued = (await service.redeem_reward(counter.tx, member, reward.id, reference="scan:1")).issued_reward
    exported = await personal_data.export(counter.tx, issued.customer_id)
    assert [row["id"] for row in exported["issued_rewards"]] == [issued.id]
    await personal_data.erase(counter.tx, issued.customer_id)
    assert await service.get_issued_reward(counter.tx, issued.id) == issued

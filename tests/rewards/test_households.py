"""Rewards and bills that a household pays for together."""

from uuid import UUID

import pytest

from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance
from passerelle.programs.households import service as households
from passerelle.programs.schemas import Program
from passerelle.rewards import service
from passerelle.rewards.errors import RewardNotReady
from passerelle.rewards.payments import service as payments
from passerelle.rewards.payments.schemas import Bill, SpendingTermsIn
from tests.rewards.conftest import Counter


async def _household(counter: Counter, program: Program, *units: int) -> list[UUID]:
    members = [await counter.member(program, amount) for amount in units]
    household = await households.create_household(counter.tx, members[0], "Home")
    for member in members[1:]:
        await households.join_household(counter.tx, member, household.code, "adult")
    return members


async def test_a_reward_is_ready_and_paid_by_the_pool(counter: Counter) -> None:
    program = await counter.program(settings={"households": {}})
    [reward] = await counter.rewards(program)
    alone = await counter.member(program, 6)
    assert [each.missing for each in await counter.ready(alone)] == [4]
    members = await _household(counter, program, 6, 5)
    assert [(each.ready_count, each.missing) for each in await counter.ready(members[0])] == [(1, 0)]
    redeemed = await service.redeem_reward(counter.tx, members[1], reward.id, reference="1")
    assert redeemed.standing.pooled == {program.units[0].id: 1}
    assert (await service.redeem_reward(counter.tx, members[1], reward.id, reference="1")).replayed
    with pytest.raises(RewardNotReady) as refused:
        await service.redeem_reward(counter.tx, members[0], reward.id, reference="2")
    assert refused.value.params["missing"] == 9
    undone = await service.undo_redemption(counter.tx, redeemed.issued_reward.id)
    assert undone.standing.pooled == {program.units[0].id: 11}
    assert undone.standing.balance().active == 5
    assert await ledger.check_books(counter.tx) == []


async def test_what_is_issued_by_itself_is_paid_by_the_member_alone(counter: Counter) -> None:
    program = await counter.program(settings={"households": {}})
    [reward] = await counter.rewards(program)
    members = await _household(counter, program, 6, 5)
    with pytest.raises(RewardNotReady):
        await service.take_reward(counter.tx, members[0], reward.id, reference="1", source="automatic")


async def test_a_bill_is_paid_by_the_pool(counter: Counter) -> None:
    program = await counter.program(kind="points", goal=None, reward_name=None, settings={"households": {}})
    terms = SpendingTermsIn.model_validate({"payment": {"value": {"units": 1, "amount_minor": 1}}})
    await payments.set_terms(counter.tx, program.id, "points", terms)
    members = await _household(counter, program, 60, 50)
    bill = Bill(amount_minor=100)
    assert (await payments.quote_payment(counter.tx, members[0], bill)).available == 110
    paid = await payments.make_payment(counter.tx, members[0], bill, units=100, reference="1")
    assert paid.standing.pooled == {program.units[0].id: 10}
    assert (await payments.make_payment(counter.tx, members[0], bill, units=100, reference="1")).replayed
    with pytest.raises(InsufficientBalance):
        await payments.make_payment(counter.tx, members[1], bill, units=11, reference="2")
    undone = await payments.undo_payment(counter.tx, paid.payment.id)
    assert undone.standing.pooled == {program.units[0].id: 110}
    assert await ledger.check_books(counter.tx) == []

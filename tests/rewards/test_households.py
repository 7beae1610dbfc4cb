"""Rewards that a household pays for together."""

import pytest

from passerelle.programs.households import service as households
from passerelle.rewards import service
from passerelle.rewards.errors import RewardNotReady
from tests.rewards.conftest import Counter


async def test_a_reward_is_ready_and_paid_by_the_pool(counter: Counter) -> None:
    program = await counter.program(settings={"households": {}})
    [reward] = await counter.rewards(program)
    members = [await counter.member(program, units) for units in (6, 5)]
    household = await households.create_household(counter.tx, members[0], "Home")
    assert [each.missing for each in await counter.ready(members[0])] == [4]
    await households.join_household(counter.tx, members[1], household.code, "adult")
    assert [(each.ready_count, each.missing) for each in await counter.ready(members[0])] == [(1, 0)]
    redeemed = await service.redeem_reward(counter.tx, members[1], reward.id, reference="1")
    assert redeemed.standing.pooled == {program.units[0].id: 1}
    again = await service.redeem_reward(counter.tx, members[1], reward.id, reference="1")
    assert again.replayed
    with pytest.raises(RewardNotReady) as refused:
        await service.redeem_reward(counter.tx, members[0], reward.id, reference="2")
    assert refused.value.params["missing"] == 9
    undone = await service.undo_redemption(counter.tx, redeemed.issued_reward.id)
    assert undone.standing.pooled == {program.units[0].id: 11}
    assert undone.standing.balance().active == 5

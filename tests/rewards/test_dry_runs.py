"""What another goal, or an end, would mean to members."""

import httpx
import pytest

from passerelle.kit.ids import new_id
from passerelle.programs import service as programs
from passerelle.programs.errors import ProgramNotFound
from passerelle.programs.schemas import ProgramChange
from passerelle.rewards import service
from passerelle.rewards.dry_runs.schemas import DryRunIn
from passerelle.rewards.dry_runs.service import dry_run
from tests.rewards.conftest import Counter


async def test_what_another_goal_would_mean_is_what_it_means(counter: Counter) -> None:
    program = await counter.program()
    members = [await counter.member(program, units) for units in (0, 7, 8, 10, 25)]
    mug = await counter.reward(program, price=3)
    told = await dry_run(counter.tx, program.id, DryRunIn(goal=8))
    [coffee] = told.rewards
    assert (coffee.name, coffee.price_before, coffee.price_after) == ("Free coffee", 10, 8)
    assert (coffee.ready_before, coffee.ready_after) == (2, 3)
    assert [(held.unit, held.members, held.amount) for held in told.held] == [("stamps", 4, 50)]
    assert told.members == 5
    await programs.change_program(counter.tx, program.id, ProgramChange(goal=8))
    ready = [
        [each.ready_count for each in await counter.ready(member) if each.reward.id != mug.id] for member in members
    ]
    assert sum(count > 0 for [count] in ready) == coffee.ready_after


async def test_what_waits_is_told_before_the_end(counter: Counter) -> None:
    program = await counter.program()
    member, suspended = await counter.member(program, 20), await counter.member(program, 5)
    [coffee] = await counter.rewards(program)
    await service.take_reward(counter.tx, member, coffee.id, reference=str(new_id()))
    await service.redeem_reward(counter.tx, member, coffee.id, reference=str(new_id()))
    await programs.change_membership(counter.tx, suspended, "suspended")
    told = await dry_run(counter.tx, program.id, DryRunIn())
    assert (told.members, told.issued_rewards, told.rewards) == (1, 1, [])
    with pytest.raises(ProgramNotFound):
        await dry_run(counter.tx, new_id(), DryRunIn())


async def test_over_http(client: httpx.AsyncClient) -> None:
    program = (await client.post("/api/v1/programs", json={"name": "Club", "kind": "stamps", "goal": 10})).json()
    answer = await client.post(f"/api/v1/programs/{program['id']}/dry-run", json={"goal": 5})
    assert answer.json() == {"members": 0, "held": [{"unit": "stamps", "members": 0, "amount": 0}]} | {
        "issued_rewards": 0,
        "rewards": [],
    }
    assert (await client.post(f"/api/v1/programs/{program['id']}/dry-run", json={"goal": 0})).status_code == 422

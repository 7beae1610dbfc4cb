"""What tiers bring, and what goes with them when a refund takes them; reads docs/algorithms/tiers.md."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from passerelle.kit import events
from passerelle.kit.ids import encode
from passerelle.ledger import service as ledger
from passerelle.programs import service as programs
from passerelle.programs.tiers.events import TierRewardEarned, TierRewardLost
from passerelle.purchases.schemas import NewRefund
from passerelle.rewards import jobs as reward_jobs
from passerelle.rewards import service as rewards
from passerelle.rewards.schemas import RewardIn
from tests.factories.documents import Document
from tests.programs.tiers.conftest import Counter

DOCUMENT = Document("algorithms/tiers.md")
LAST = UUID(int=(1 << 128) - 1)


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


async def _tell(counter: Counter, member: UUID, made: dict[str, UUID], step: str) -> None:
    verb, *words = step.split()
    if verb == "void":
        await programs.undo_purchase(counter.tx, made[words[0]])
    elif verb == "refund":
        await programs.refund_purchase(counter.tx, made[words[0]], NewRefund(_cents(words[1])))
    elif verb == "take":
        await counter.adjust(member, -int(words[0]))
    else:
        await counter.buy(member, _cents(words[0]) // 100)
        made[verb] = counter.purchase_id
    await counter.tx.settle()


@DOCUMENT.each_row("brought")
async def test_entry_units(counter: Counter, row: dict[str, str]) -> None:
    program = await counter.program()
    await counter.tx.execute(
        "UPDATE units SET shortfall = $2 WHERE organization_id = $1", counter.tx.organization_id, row["shortfall"]
    )
    await programs.touch_program(counter.tx, program.id, "units")
    ladder = [
        {"name": name, "threshold": threshold, "entry_units": {"amount": amount}}
        for name, threshold, amount in (("Silver", 10000, 10), ("Gold", 30000, 50))
    ]
    await counter.tier_set(program, basis="spend", refunds=row["refunds"], tiers=ladder)
    member = await counter.member(program)
    made: dict[str, UUID] = {}
    for step in row["story"].split(", "):
        await _tell(counter, member, made, step)
    assert (await counter.tier(member) or "") == row["tier"]
    assert (await programs.standing(counter.tx, member)).balance().active == int(row["active"])
    assert await ledger.check_books(counter.tx) == []


@pytest.fixture
def rewards_listen(_tiers_listen: None) -> None:
    events.subscribe(TierRewardEarned, reward_jobs.issue_tier_reward)
    events.subscribe(TierRewardLost, reward_jobs.take_tier_reward_back)


@pytest.mark.usefixtures("rewards_listen")
async def test_entry_rewards_are_brought_once_and_taken_back_until_redeemed(counter: Counter) -> None:
    program = await counter.program()
    mug = await rewards.create_reward(counter.tx, RewardIn(program_id=program.id, name="Mug", price=None))
    silver = {"name": "Silver", "threshold": 10000, "entry_reward_id": encode("rwd", mug.id)}
    await counter.tier_set(program, basis="spend", refunds="at_once", tiers=[silver])
    member = await counter.member(program)
    made: dict[str, UUID] = {}

    async def states() -> Sequence[str]:
        issued = await rewards.list_issued_rewards(counter.tx, LAST, 9, membership_id=member)
        return [one.state for one in issued][::-1]

    for step in ("A 120.00", "void A"):
        await _tell(counter, member, made, step)
    assert await states() == ["cancelled"]
    await _tell(counter, member, made, "B 120.00")
    assert await states() == ["cancelled", "issued"]
    [_, open_one] = (await rewards.list_issued_rewards(counter.tx, LAST, 9, membership_id=member))[::-1]
    await rewards.redeem_issued_reward(counter.tx, open_one.id)
    for step in ("void B", "C 120.00"):
        await _tell(counter, member, made, step)
    assert await states() == ["cancelled", "redeemed"]

"""What another goal, or an end, would mean to members: everybody is looked at, in batches, and nothing is written."""

from collections import Counter
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.ledger import service as ledger
from passerelle.programs import service as programs
from passerelle.programs.schemas import Program
from passerelle.rewards.dry_runs import queries
from passerelle.rewards.dry_runs.schemas import DryRunIn, FollowingReward, ProgramDryRunOut, UnitHeldOut

_BATCH: Final = 500


async def dry_run(tx: Tx, program_id: UUID, wanted: DryRunIn) -> ProgramDryRunOut:
    """Count who holds what, and for whom the rewards that follow the goal would be ready. Raises ProgramNotFound."""
    program = await programs.get_program(tx, program_id)
    following = []
    if wanted.goal is not None and program.goal is not None and wanted.goal != program.goal:
        following = [
            _Following(row["id"], row["name"], row["unit_id"], program.goal, wanted.goal)
            for row in await queries.rewards_at_price(tx, program_id, program.goal)
        ]
    held = _Held(program)
    members, last = 0, ABOVE_ALL
    while page := await programs.list_members(tx, program_id, last, _BATCH):
        last = page[-1].id
        active = [member.id for member in page if member.state == "active"]
        members += len(active)
        balances = await ledger.balances(tx, active)
        for units in balances.values():
            held.count({unit_id: balance.active + balance.pending for unit_id, balance in units.items()})
            for reward in following:
                balance = units.get(reward.unit_id)
                reward.count(balance.active if balance else 0)
    return ProgramDryRunOut(
        members=members,
        held=held.result(),
        issued_rewards=await queries.count_open_rewards(tx, program_id, clock.now()),
        rewards=[reward.result() for reward in following],
    )


class _Held:
    """What members hold, by unit."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._members: Counter[UUID] = Counter()
        self._amounts: Counter[UUID] = Counter()

    def count(self, amounts: dict[UUID, int]) -> None:
        """One member."""
        for unit_id, amount in amounts.items():
            self._members[unit_id] += amount > 0
            self._amounts[unit_id] += amount

    def result(self) -> list[UnitHeldOut]:
        """All units of the program, in its order."""
        return [
            UnitHeldOut(unit=unit.code, members=self._members[unit.id], amount=self._amounts[unit.id])
            for unit in self._program.units
        ]


class _Following:
    """A reward whose price goes with the goal, and how many members could pay for it."""

    def __init__(self, reward_id: UUID, name: str, unit_id: UUID, before: int, after: int) -> None:
        self.unit_id = unit_id
        self._reward_id, self._name = reward_id, name
        self._prices = (before, after)
        self._ready = [0, 0]

    def count(self, active: int) -> None:
        """One member with so many units."""
        for place, price in enumerate(self._prices):
            self._ready[place] += active >= price

    def result(self) -> FollowingReward:
        """The figures."""
        return FollowingReward(
            reward_id=self._reward_id,
            name=self._name,
            price_before=self._prices[0],
            price_after=self._prices[1],
            ready_before=self._ready[0],
            ready_after=self._ready[1],
        )

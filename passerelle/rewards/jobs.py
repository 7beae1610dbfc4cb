"""What rewards do when facts are told below, in the same transaction; wiring.py subscribes them."""

from passerelle.kit.db import Tx
from passerelle.ledger.events import BalanceChanged
from passerelle.programs.events import GoalChanged, ProgramCreated
from passerelle.programs.refunds.events import SpendingReturned
from passerelle.rewards import service
from passerelle.rewards.schemas import RewardIn


async def create_first_reward(tx: Tx, created: ProgramCreated) -> None:
    """A program that was made with the name of a reward gets it, at the price of its goal."""
    if created.reward_name is None or created.goal is None:
        return
    first = RewardIn(
        program_id=created.program_id, name=created.reward_name, names=created.reward_names, price=created.goal
    )
    await service.create_reward(tx, first)


async def follow_goal(tx: Tx, changed: GoalChanged) -> None:
    """Rewards that fill the card still fill it."""
    await service.follow_goal(tx, changed.program_id, before=changed.before, after=changed.after)


async def announce_ready_rewards(tx: Tx, changed: BalanceChanged) -> None:
    """A balance that rose may pay for a reward."""
    await service.announce_ready_rewards(tx, changed)


async def mark_returned(tx: Tx, returned: SpendingReturned) -> None:
    """A purchase was taken back with the reward that was redeemed in it."""
    await service.mark_returned(tx, returned.membership_id, returned.transfer_id)

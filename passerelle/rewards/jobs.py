"""What rewards do when facts are told below, in the same transaction, and what time alone does; see wiring.py."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.ledger.events import BalanceChanged
from passerelle.programs.errors import MembershipNotActive, ProgramNotRunning
from passerelle.programs.events import GoalChanged, ProgramCreated
from passerelle.programs.refunds.events import SpendingReturned, UnitsMissed
from passerelle.programs.tiers.events import TierRewardEarned, TierRewardLost
from passerelle.rewards import readiness, service
from passerelle.rewards.errors import (
    RewardEnded,
    RewardNotFound,
    RewardNotOffered,
    RewardNotYetValid,
    RewardSoldOut,
)
from passerelle.rewards.payments import service as payments
from passerelle.rewards.schemas import RewardIn

_BATCH: Final = 500
_NOT_TO_BE_HAD: Final = (
    MembershipNotActive,
    ProgramNotRunning,
    RewardEnded,
    RewardNotFound,
    RewardNotOffered,
    RewardNotYetValid,
    RewardSoldOut,
)


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


async def issue_tier_reward(tx: Tx, earned: TierRewardEarned) -> None:
    """A tier that was reached brings its reward; one that cannot be had now is not made up for.

    Reached again after a refund took it, it does not bring again what was redeemed.
    """
    if await service.was_redeemed(tx, earned.membership_id, source="tier", reference=earned.occasion):
        return
    try:
        await service.issue_reward(
            tx, earned.membership_id, earned.reward_id, source="tier", reference=earned.reference
        )
    except _NOT_TO_BE_HAD:
        return


async def take_tier_reward_back(tx: Tx, lost: TierRewardLost) -> None:
    """With a tier that a refund took goes the reward that it brought, unless it was redeemed."""
    await service.withdraw_gift(tx, source="tier", reference=lost.reference, reason="refund")


async def mark_returned(tx: Tx, returned: SpendingReturned) -> None:
    """A purchase was taken back with the reward or the payment that belonged to it; the units have come back."""
    await service.mark_returned(tx, returned.membership_id, returned.transfer_id)
    await payments.mark_returned(tx, returned.purchase_id, returned.transfer_id)


async def surrender_automatic(tx: Tx, missed: UnitsMissed) -> None:
    """Units that a purchase gave are taken back: rewards that nobody asked for yet give theirs up."""
    await service.surrender_automatic(
        tx, missed.membership_id, missed.unit_id, transfer_id=missed.transfer_id, missing=missed.amount
    )


async def expire_rewards(work: Work, payload: dict[str, Any]) -> None:
    """Book the issued rewards and holds whose time is over; each reward by itself, for tills wait for its account."""
    organization_id = organization_of(payload)
    async with work.database.transaction(organization_id) as tx:
        await service.end_holds(tx)
    due = [UUID(int=0)]
    while due:
        async with work.database.transaction(organization_id) as tx:
            due = await service.list_expired(tx, _BATCH)
        for issued_reward_id in due:
            async with work.database.transaction(organization_id) as tx:
                await service.expire_issued_reward(tx, issued_reward_id)


async def auto_issue(work: Work, payload: dict[str, Any]) -> None:
    """Issue to a member what the balance pays for by itself."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.issue_automatically(tx, {UUID(payload["membership_id"])})


EXPIRE: Final = JobKind("rewards.expire", expire_rewards, schedule="* * * * *")
AUTO_ISSUE: Final = JobKind(readiness.AUTO_ISSUE, auto_issue)

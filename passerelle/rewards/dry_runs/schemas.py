"""Dry runs of programs on the wire."""

from passerelle.kit.wire import Outbound, Wire
from passerelle.programs.schemas import Goal
from passerelle.rewards.schemas import RewardId


class DryRunIn(Wire):
    """The goal that is thought of; without one, the figures say what the members hold now."""

    goal: Goal | None = None


class UnitHeldOut(Outbound):
    """What members hold of a unit: ``amount`` is active and pending, ``members`` have some of it."""

    unit: str
    members: int
    amount: int


class FollowingReward(Outbound):
    """A reward that costs as much as the goal, before and after; ``ready_*``: members whose balance pays for it.

    What others of a household hold is left out.
    """

    reward_id: RewardId
    name: str
    price_before: int
    price_after: int
    ready_before: int
    ready_after: int


class ProgramDryRunOut(Outbound):
    """What is at stake: active ``members``, what they hold, and ``issued_rewards`` that wait to be redeemed."""

    members: int
    held: list[UnitHeldOut]
    issued_rewards: int
    rewards: list[FollowingReward]

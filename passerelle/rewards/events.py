"""Facts of rewards."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class RewardCreated(Event):
    name = "reward.created"
    reward_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True)
class RewardChanged(Event):
    """``fields`` are what was given to change, sorted."""

    name = "reward.changed"
    reward_id: UUID
    program_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RewardReady(Event):
    """Something that came in pays for the reward once more; ``ready_count`` is how often the balance does now.

    Not told for what merely came back, such as a redemption that was undone.
    """

    name = "reward.ready"
    membership_id: UUID
    reward_id: UUID
    ready_count: int


@dataclass(frozen=True, slots=True)
class RewardRedeemed(Event):
    name = "reward.redeemed"
    issued_reward_id: UUID
    reward_id: UUID
    membership_id: UUID
    customer_id: UUID
    price: int
    location_id: UUID | None


@dataclass(frozen=True, slots=True)
class RewardRedemptionUndone(Event):
    name = "reward.redemption_undone"
    issued_reward_id: UUID
    reward_id: UUID
    membership_id: UUID
    customer_id: UUID

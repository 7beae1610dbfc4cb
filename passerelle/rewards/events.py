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


@dataclass(frozen=True, slots=True)
class RewardIssued(Event):
    """A member has a reward to redeem later. ``source`` says why; ``price`` 0 is a gift."""

    name = "reward.issued"
    issued_reward_id: UUID
    reward_id: UUID
    membership_id: UUID
    customer_id: UUID
    price: int
    source: str
    expires_at: str | None


@dataclass(frozen=True, slots=True)
class RewardHeld(Event):
    """A customer started to redeem; ``held_until`` is an ISO 8601 instant."""

    name = "reward.held"
    issued_reward_id: UUID
    reward_id: UUID
    membership_id: UUID
    customer_id: UUID
    held_until: str


@dataclass(frozen=True, slots=True)
class RewardCancelled(Event):
    """An issued reward was taken back before it was redeemed; its price came back."""

    name = "reward.cancelled"
    issued_reward_id: UUID
    reward_id: UUID
    membership_id: UUID
    customer_id: UUID
    reason: str | None


@dataclass(frozen=True, slots=True)
class RewardExpired(Event):
    """Nobody redeemed it in time; its price came back."""

    name = "reward.expired"
    issued_reward_id: UUID
    reward_id: UUID
    membership_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class RewardFulfilled(Event):
    """A thing that somebody took moved on; ``state`` is where it is now."""

    name = "reward.fulfilled"
    issued_reward_id: UUID
    reward_id: UUID
    membership_id: UUID
    customer_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class SpendingTermsChanged(Event):
    name = "spending_terms.changed"
    program_id: UUID
    unit_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentMade(Event):
    """Units paid a part of a bill."""

    name = "payment.made"
    payment_id: UUID
    membership_id: UUID
    customer_id: UUID
    unit_id: UUID
    units: int
    discount_minor: int
    currency: str
    purchase_id: UUID | None


@dataclass(frozen=True, slots=True)
class PaymentUndone(Event):
    """The units came back into the lots they were taken from."""

    name = "payment.undone"
    payment_id: UUID
    membership_id: UUID
    customer_id: UUID
    units: int

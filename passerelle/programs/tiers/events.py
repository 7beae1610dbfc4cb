"""Facts of tiers."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class TierSetCreated(Event):
    name = "tier_set.created"
    tier_set_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True)
class TierSetChanged(Event):
    """``redefined``: what tiers are decided by changed, not only words."""

    name = "tier_set.changed"
    tier_set_id: UUID
    program_id: UUID
    redefined: bool


@dataclass(frozen=True, slots=True)
class TierSetRemoved(Event):
    name = "tier_set.removed"
    tier_set_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True)
class TierChanged(Event):
    """A member's tier changed: ``direction`` is up, down, or same when a tier takes the place of a retired one.

    ``first_in_period`` is true once for a tier that is reached in a ``period`` (such as ``2026-Q4``): somebody who
    loses it by a refund and reaches it again is not to be congratulated twice.
    """

    name = "tier.changed"
    membership_id: UUID
    program_id: UUID
    customer_id: UUID
    tier_set_id: UUID
    from_tier_id: UUID | None
    to_tier_id: UUID | None
    direction: str
    cause: str
    period: str
    first_in_period: bool


@dataclass(frozen=True, slots=True)
class TierRewardEarned(Event):
    """A tier was reached that brings a reward. ``reference`` is unique for the time it was reached.

    ``occasion`` is the same for every time in a period: what was redeemed for one is not given for another.
    """

    name = "tier.reward_earned"
    membership_id: UUID
    customer_id: UUID
    tier_id: UUID
    reward_id: UUID
    occasion: str
    reference: str


@dataclass(frozen=True, slots=True)
class TierRewardLost(Event):
    """A refund took the tier that had brought a reward; ``reference`` is that of ``tier.reward_earned``."""

    name = "tier.reward_lost"
    membership_id: UUID
    customer_id: UUID
    tier_id: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class TierLockChanged(Event):
    """A member's tier was fixed by hand, or set free again."""

    name = "tier.lock_changed"
    membership_id: UUID
    customer_id: UUID
    tier_set_id: UUID
    locked: bool

"""Facts of referral."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class FriendJoined(Event):
    """``friend_id`` and ``referrer_id`` are memberships."""

    name = "referral.joined"
    referral_id: UUID
    program_id: UUID
    referrer_id: UUID
    friend_id: UUID


@dataclass(frozen=True, slots=True)
class FriendQualified(Event):
    name = "referral.qualified"
    referral_id: UUID
    program_id: UUID
    referrer_id: UUID
    friend_id: UUID
    purchase_id: UUID


@dataclass(frozen=True, slots=True)
class ReferralRewarded(Event):
    """``reason`` says why the referrer got nothing, such as a cap; ``milestone`` is the number of friends reached."""

    name = "referral.rewarded"
    referral_id: UUID
    program_id: UUID
    referrer_id: UUID
    friend_id: UUID
    referrer_amount: int
    friend_amount: int
    milestone: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReferralRefused(Event):
    name = "referral.refused"
    referral_id: UUID
    program_id: UUID
    referrer_id: UUID
    friend_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ReferralTakenBack(Event):
    """The qualifying purchase was taken back, and with it what both sides were given."""

    name = "referral.taken_back"
    referral_id: UUID
    program_id: UUID
    referrer_id: UUID
    friend_id: UUID
    purchase_id: UUID

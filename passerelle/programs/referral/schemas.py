"""Referral between domains and on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict

from passerelle.kit.ids import WireId
from passerelle.kit.wire import Outbound
from passerelle.programs.referral.rules import State
from passerelle.programs.schemas import MembershipId, ProgramId
from passerelle.purchases.schemas import PurchaseId

ReferralId = Annotated[UUID, WireId("rfl")]


@dataclass(frozen=True, slots=True)
class Referral:
    """One friend of one referrer; both are memberships. As models.ReferralRow."""

    id: UUID
    program_id: UUID
    referrer_id: UUID
    friend_id: UUID
    state: State
    reason: str | None
    purchase_id: UUID | None
    settled_purchase_id: UUID | None
    referrer_amount: int
    friend_amount: int
    milestone: int | None
    milestone_amount: int
    joined_at: datetime
    qualified_at: datetime | None
    changed_at: datetime


class ReferralOut(Outbound):
    """``reason`` is why it was refused, or why the referrer got nothing for it. Amounts are what was given."""

    model_config = ConfigDict(from_attributes=True)

    id: ReferralId
    program_id: ProgramId
    referrer_id: MembershipId
    friend_id: MembershipId
    state: State
    reason: str | None
    purchase_id: PurchaseId | None
    referrer_amount: int
    friend_amount: int
    milestone: int | None
    milestone_amount: int
    joined_at: datetime
    qualified_at: datetime | None


class ReferralFigures(Outbound):
    """How many friends got how far. ``invited``: join pages that people opened with a code."""

    model_config = ConfigDict(from_attributes=True)

    invited: int
    joined: int
    qualified: int
    rewarded: int
    refused: int
    referrer_amount: int
    friend_amount: int


class ReferralCodeOut(Outbound):
    """A member's code to share; ``url`` is the join page with it."""

    membership_id: MembershipId
    code: str
    url: str
    figures: ReferralFigures

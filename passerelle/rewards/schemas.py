"""Rewards between domains and on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from passerelle.customers.schemas import CustomerId
from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import WholeNumber, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.schemas import (
    BalanceOut,
    Label,
    MembershipId,
    ProgramId,
    Reference,
    Standing,
    Translations,
    UnitCode,
    balances_out,
)
from passerelle.purchases.schemas import PurchaseId
from passerelle.rewards.rules import HeldBack

RewardId = Annotated[UUID, WireId("rwd")]
IssuedRewardId = Annotated[UUID, WireId("isr")]
IssuedRewardState = Literal["redeemed", "undone"]
Price = Annotated[WholeNumber, Field(ge=1, le=10_000_000, description="In whole units of the program.")]
Stock = Annotated[WholeNumber, Field(ge=0, le=1_000_000_000)]
Limit = Annotated[WholeNumber, Field(ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class Reward:
    """A reward of the catalogue as it stands under the program's version; stock is asked when it matters."""

    id: UUID
    program_id: UUID
    unit_id: UUID
    price: int
    name: str
    names: Mapping[str, str]
    active: bool
    has_stock: bool
    limit_per_customer: int | None

    @property
    def is_limited(self) -> bool:
        """Whether more than the balance decides."""
        return self.has_stock or self.limit_per_customer is not None

    def name_in(self, language: str) -> str:
        """The name for a reader, or the name as the shop gave it."""
        return self.names.get(language) or self.names.get(language.split("-", maxsplit=1)[0]) or self.name


@dataclass(frozen=True, slots=True)
class ReadyReward:
    """How ready a reward is for one member: so often now, so many units missing, or held back in spite of them."""

    reward: Reward
    ready_count: int
    missing: int
    held_back: HeldBack | None


@dataclass(frozen=True, slots=True)
class IssuedReward:
    """A reward that a member took; ``name`` is what it is called now."""

    id: UUID
    reward_id: UUID
    name: str
    membership_id: UUID
    customer_id: UUID
    price: int
    unit_id: UUID
    reference: str
    transfer_id: UUID
    state: IssuedRewardState
    actor: str
    location_id: UUID | None
    redeemed_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The outcome of redeeming or undoing: the issued reward, and where the member stands after it.

    ``replayed``: it was so already, and nothing moved.
    """

    issued_reward: IssuedReward
    standing: Standing
    replayed: bool = False


class RewardIn(Wire):
    """A new reward. ``unit`` may be left out when the program has one unit; no ``stock`` is no limit."""

    program_id: ProgramId
    name: Label
    names: Annotated[Translations, Field(default_factory=dict)]
    price: Price
    unit: UnitCode | None = None
    active: bool = True
    stock: Stock | None = None
    limit_per_customer: Limit | None = None


class RewardChange(Wire):
    """Fields left out stay as they are; null takes the stock or the limit away."""

    name: Label | None = None
    names: Translations | None = None
    price: Price | None = None
    active: bool | None = None
    stock: Stock | None = None
    limit_per_customer: Limit | None = None


class RewardOut(BaseModel):
    """``stock`` is how many are left, null is no limit."""

    id: RewardId
    program_id: ProgramId
    unit: str
    name: str
    names: dict[str, str]
    price: int
    active: bool
    stock: int | None
    limit_per_customer: int | None
    created_at: datetime


class ReadyRewardOut(BaseModel):
    """``held_back`` tells why a reward that the balance pays for cannot be had."""

    reward_id: RewardId
    name: str
    price: int
    ready_count: int
    missing: int
    held_back: HeldBack | None

    @classmethod
    def of(cls, ready: ReadyReward, language: Language) -> Self:
        """A ready reward in a reader's language."""
        return cls(
            reward_id=ready.reward.id,
            name=ready.reward.name_in(language),
            price=ready.reward.price,
            ready_count=ready.ready_count,
            missing=ready.missing,
            held_back=ready.held_back,
        )


class MemberRewardsOut(BaseModel):
    """Every reward that is offered to a member, cheapest first."""

    items: list[ReadyRewardOut]


class RedemptionIn(Wire):
    """``reference`` makes the redemption unique for a program of yours.

    ``purchase_id``: the purchase that the reward is a part of, so that taking it back whole returns the price.
    """

    reward_id: RewardId
    reference: Reference | None = None
    location_id: LocationId | None = None
    purchase_id: PurchaseId | None = None


class IssuedRewardOut(BaseModel):
    """A reward that was taken, and the member's balances after that."""

    id: IssuedRewardId
    reward_id: RewardId
    name: str
    membership_id: MembershipId
    customer_id: CustomerId
    price: int
    state: IssuedRewardState
    redeemed_at: datetime
    undone_at: datetime | None
    balances: list[BalanceOut]

    @classmethod
    def of(cls, redeemed: Redeemed, language: Language) -> Self:
        """The outcome in a reader's language."""
        issued = redeemed.issued_reward
        fields = {name: getattr(issued, name) for name in cls.model_fields if name != "balances"}
        return cls(**fields, balances=balances_out(redeemed.standing, language))

"""Rewards between domains: values that services pass, made from rows and never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from passerelle.programs.schemas import Standing
from passerelle.purchases.schemas import PurchaseLine
from passerelle.rewards.benefits import Benefit
from passerelle.rewards.rules import Fulfilment, HeldBack, Period
from passerelle.rewards.spending import SpendingTerms

IssuedRewardState = Literal["issued", "held", "redeemed", "undone", "cancelled", "expired"]
Source = Literal["taken", "automatic", "manual", "tier", "birthday", "referral", "achievement", "campaign"]


@dataclass(frozen=True, slots=True)
class Reward:
    """A reward of the catalogue as it stands under the program's version; stock is asked when it matters.

    Without ``price`` it is only given. Days are local days of the program, both included.
    """

    id: UUID
    unit_id: UUID | None
    price: int | None
    name: str
    names: Mapping[str, str]
    description: str
    descriptions: Mapping[str, str]
    image_url: str | None
    benefit: Benefit
    active: bool
    has_stock: bool
    limit_per_customer: int | None
    period_limits: Mapping[Period, int]
    tier_ids: frozenset[UUID]
    tier_prices: Mapping[UUID, int]
    first_day: date | None
    last_day: date | None
    hold_minutes: int
    expires_after_days: int | None
    auto_issue: bool
    ever_issued: bool

    @property
    def is_limited(self) -> bool:
        """Whether the database must be asked how often it can still be had."""
        return self.has_stock or self.limit_per_customer is not None or bool(self.period_limits)

    def name_in(self, language: str) -> str:
        """The name for a reader, or the name as the shop gave it."""
        return _in(language, self.names) or self.name

    def description_in(self, language: str) -> str:
        """The description for a reader, or as the shop gave it."""
        return _in(language, self.descriptions) or self.description


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a program offers for its units: rewards by price, and the terms of spending by unit."""

    rewards: tuple[Reward, ...]
    terms: Mapping[UUID, SpendingTerms]

    @property
    def has_issued(self) -> bool:
        """Whether members may have rewards that wait to be redeemed."""
        return any(reward.ever_issued for reward in self.rewards)

    def caps(self, unit_id: UUID) -> Mapping[Period, int]:
        """The most that one member may spend of a unit, by period."""
        terms = self.terms.get(unit_id)
        return terms.caps if terms else {}


@dataclass(frozen=True, slots=True)
class ReadyReward:
    """How ready a reward is for one member at the member's price (None: it is only given).

    The balance pays for it ``ready_count`` times, or misses so many units, or it is held back in spite of them.
    ``issued_count`` more are issued already and wait to be redeemed.
    """

    reward: Reward
    price: int | None
    ready_count: int
    missing: int
    held_back: HeldBack | None
    issued_count: int = 0


@dataclass(frozen=True, slots=True)
class IssuedReward:
    """A reward that a member took or was given, as it stands now; names and benefit are those of the catalogue today.

    ``price`` 0 is a gift, without a transfer. ``actor`` issued it, ``redeemed_by`` gave it out.
    """

    id: UUID
    reward_id: UUID
    name: str
    names: Mapping[str, str]
    benefit: Benefit
    membership_id: UUID
    customer_id: UUID
    price: int
    unit_id: UUID | None
    source: Source
    reference: str
    transfer_id: UUID | None
    state: IssuedRewardState
    reason: str | None
    actor: str
    issued_at: datetime
    expires_at: datetime | None = None
    held_until: datetime | None = None
    redeemed_at: datetime | None = None
    redeemed_by: str | None = None
    location_id: UUID | None = None
    discount_minor: int | None = None
    undone_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_reason: str | None = None
    fulfilment: Fulfilment | None = None
    tracking: str | None = None
    fulfilment_steps: Sequence[Mapping[str, str]] = ()

    def name_in(self, language: str) -> str:
        """The name for a reader, or the name as the shop gave it."""
        return _in(language, self.names) or self.name


@dataclass(frozen=True, slots=True)
class Outcome:
    """An issued reward after something was done with it, and where the member stands then.

    ``replayed``: it was so already, and nothing moved.
    """

    issued_reward: IssuedReward
    standing: Standing
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A reward that a customer started to redeem; the code is shown once and kept as a digest alone."""

    outcome: Outcome
    code: str


@dataclass(frozen=True, slots=True)
class Basket:
    """What a reward is redeemed with, when the till tells it."""

    amount_minor: int
    lines: Sequence[PurchaseLine] = ()


def _in(language: str, texts: Mapping[str, str]) -> str | None:
    return texts.get(language) or texts.get(language.split("-", maxsplit=1)[0])


@dataclass(frozen=True, slots=True)
class Distributed:
    """Rewards issued on one day, counted from the first of a period, and how many of them were redeemed by now."""

    day: int
    issued: int
    redeemed: int


@dataclass(frozen=True, slots=True)
class LowReward:
    """A reward of which few are left."""

    id: UUID
    name: str
    names: Mapping[str, str]
    stock: int

"""Rewards on the wire; the values that services pass (values.py) are given out here, too."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from passerelle.customers.schemas import CustomerId
from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Instant, Outbound, ReasonText, Reference, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.schemas import (
    BalanceOut,
    Label,
    LanguageTag,
    MembershipId,
    Program,
    ProgramId,
    Translations,
    UnitCode,
    UnitId,
    balances_out,
)
from passerelle.purchases.schemas import PurchaseId, PurchaseLine
from passerelle.rewards.benefits import AmountOff, Benefit, FreeItem, MinorAmount, Other, PercentOff, Physical
from passerelle.rewards.models import RewardRow
from passerelle.rewards.rules import Fulfilment, HeldBack, Period, TierBeside, above_longer
from passerelle.rewards.values import (
    Basket,
    Held,
    IssuedReward,
    IssuedRewardState,
    Outcome,
    ReadyReward,
    Reward,
    Source,
)

__all__ = [  # what other domains see of values.py and benefits.py; what is defined here is public anyway
    "AmountOff",
    "Basket",
    "Benefit",
    "FreeItem",
    "Fulfilment",
    "Held",
    "IssuedReward",
    "Other",
    "Outcome",
    "PercentOff",
    "Physical",
    "ReadyReward",
    "Reward",
    "Source",
]

RewardId = Annotated[UUID, WireId("rwd")]
IssuedRewardId = Annotated[UUID, WireId("isr")]
TierId = Annotated[UUID, WireId("tir")]
Price = Annotated[WholeNumber, Field(ge=1, le=10_000_000, description="In whole units of the program.")]
Stock = Annotated[WholeNumber, Field(ge=0, le=1_000_000_000)]
Limit = Annotated[WholeNumber, Field(ge=1, le=1_000_000)]
PeriodLimits = Annotated[dict[Period, Limit], Field(description="By local day, ISO week, month or year.")]
TierIds = Annotated[list[TierId], Field(max_length=50)]
TierPrices = Annotated[dict[TierId, Price], Field(max_length=50)]
HoldMinutes = Annotated[WholeNumber, Field(ge=1, le=60)]
LifeDays = Annotated[WholeNumber, Field(ge=0, le=3650)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=NO_NUL)]
Descriptions = Annotated[dict[LanguageTag, Description], Field(max_length=20)]
ImageUrl = Annotated[
    str,
    StringConstraints(
        max_length=500, pattern=r"^(https?://[\x21-\x7e]+|/images/org_[0-9a-z]{26}/[0-9a-f]{64}\.png)$"
    ),
    Field(description="The `url` of an uploaded image, which our own pages show, or a whole address elsewhere."),
]
HoldCode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    Field(description="What the customer shows: case, blanks and hyphens do not matter."),
]


class RewardIn(Wire):
    """A new reward; with ``price`` null it is only given.

    ``unit`` may be left out when the program has one. Without ``stock`` there is no end of it. ``tier_ids`` says
    whose it is, ``tier_prices`` who pays another price. It can be had from ``first_day`` to ``last_day``, local days
    of the program, both included. Once issued, it lapses at the end of the local day ``expires_after_days`` later; a
    customer holds it for ``hold_minutes``. ``auto_issue``: it is taken by itself once the balance pays for it.
    """

    program_id: ProgramId
    name: Label
    names: Translations = Field(default_factory=dict)
    description: Description = ""
    descriptions: Descriptions = Field(default_factory=dict)
    image_url: ImageUrl | None = None
    benefit: Benefit = Other()
    price: Price | None
    unit: UnitCode | None = None
    active: bool = True
    stock: Stock | None = None
    limit_per_customer: Limit | None = None
    period_limits: PeriodLimits = Field(default_factory=dict)
    tier_ids: TierIds = Field(default_factory=list)
    tier_prices: TierPrices = Field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    expires_after_days: LifeDays | None = None
    hold_minutes: HoldMinutes = 15
    auto_issue: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.first_day is not None and self.last_day is not None and self.last_day < self.first_day:
            raise ValueError("last_day must not be before first_day.")
        if self.price is None and (self.unit is not None or self.tier_prices or self.auto_issue):
            raise ValueError("A reward that is only given has no price: leave unit, tier_prices and auto_issue out.")
        if (fault := above_longer(self.period_limits, self.limit_per_customer)) is not None:
            raise ValueError(fault)
        return self


class RewardChange(Wire):
    """Fields left out stay as they are; null takes a stock, a limit, a day or the picture away."""

    name: Label | None = None
    names: Translations | None = None
    description: Description | None = None
    descriptions: Descriptions | None = None
    image_url: ImageUrl | None = None
    benefit: Benefit | None = None
    price: Price | None = None
    active: bool | None = None
    stock: Stock | None = None
    limit_per_customer: Limit | None = None
    period_limits: PeriodLimits | None = None
    tier_ids: TierIds | None = None
    tier_prices: TierPrices | None = None
    first_day: date | None = None
    last_day: date | None = None
    expires_after_days: LifeDays | None = None
    hold_minutes: HoldMinutes | None = None
    auto_issue: bool | None = None


class RewardWarning(Outbound):
    """Something that is allowed and probably not meant: what issuing by itself does to a tier by the balance."""

    code: TierBeside
    tier_id: TierId
    text: str


class RewardOut(Outbound):
    """``stock`` is how many are left, null is no limit; without ``price`` it is only given."""

    id: RewardId
    program_id: ProgramId
    unit: str | None
    name: str
    names: dict[str, str]
    description: str
    descriptions: dict[str, str]
    image_url: str | None
    benefit: Benefit
    price: int | None
    active: bool
    stock: int | None
    limit_per_customer: int | None
    period_limits: dict[Period, int]
    tier_ids: list[TierId]
    tier_prices: dict[TierId, int]
    first_day: date | None
    last_day: date | None
    expires_after_days: int | None
    hold_minutes: int
    auto_issue: bool
    created_at: datetime
    warnings: list[RewardWarning]

    @classmethod
    def of(cls, reward: RewardRow, program: Program) -> Self:
        """A row of the catalogue with its unit's code."""
        fields: dict[str, Any] = {
            name: getattr(reward, name) for name in cls.model_fields.keys() - {"unit", "warnings"}
        }
        fields["tier_prices"] = {UUID(tier_id): price for tier_id, price in reward.tier_prices.items()}
        unit = next((unit.code for unit in program.units if unit.id == reward.unit_id), None)
        return cls(**fields, unit=unit, warnings=[])


class ReadyRewardOut(Outbound):
    """``price`` is this member's, in units of ``unit_id``; null is a gift, of which ``issued_count`` wait.

    ``held_back`` tells why a reward that the balance pays for cannot be had.
    """

    reward_id: RewardId
    name: str
    unit_id: UnitId | None
    price: int | None
    ready_count: int
    missing: int
    held_back: HeldBack | None
    issued_count: int
    image_url: str | None

    @classmethod
    def of(cls, ready: ReadyReward, language: Language, **more: Any) -> Self:
        """A ready reward in a reader's language."""
        return cls(
            reward_id=ready.reward.id,
            name=ready.reward.name_in(language),
            unit_id=ready.reward.unit_id,
            price=ready.price,
            ready_count=ready.ready_count,
            missing=ready.missing,
            held_back=ready.held_back,
            issued_count=ready.issued_count,
            image_url=ready.reward.image_url,
            **more,
        )


class MemberRewardOut(ReadyRewardOut):
    """A reward with what a page for its member shows; ``usual_price`` is everybody's."""

    description: str
    benefit: Benefit
    usual_price: int | None
    first_day: date | None
    last_day: date | None

    @classmethod
    def shown(cls, ready: ReadyReward, language: Language) -> Self:
        """A ready reward with its description."""
        reward = ready.reward
        return cls.of(
            ready,
            language,
            description=reward.description_in(language),
            benefit=reward.benefit,
            usual_price=reward.price,
            first_day=reward.first_day,
            last_day=reward.last_day,
        )


class MemberRewardsOut(Outbound):
    """Every reward that is offered to a member, cheapest first."""

    items: list[MemberRewardOut]


class BasketIn(Wire):
    """What is being bought, for the discount to be told. A free item is found among the ``lines``."""

    amount_minor: MinorAmount
    lines: list[PurchaseLine] = Field(max_length=200, default_factory=list)


class RedemptionIn(Wire):
    """``reference`` makes the redemption unique for a program of yours.

    ``purchase_id``: the purchase that the reward is a part of, so that taking it back whole returns the price.
    """

    reward_id: RewardId
    reference: Reference | None = None
    location_id: LocationId | None = None
    basket: BasketIn | None = None
    purchase_id: PurchaseId | None = None


class TakeIn(Wire):
    """Take a reward for its price now, to be redeemed later."""

    reward_id: RewardId
    reference: Reference | None = None


class GiftIn(Wire):
    """Give a reward for nothing; who did it and why is kept. Without ``expires_at`` it lapses as the reward says."""

    reward_id: RewardId
    reason: ReasonText
    reference: Reference | None = None
    expires_at: Instant | None = None


class HoldIn(Wire):
    """A customer starts to redeem a reward for its price; without ``minutes``, for the time that the reward says."""

    reward_id: RewardId
    reference: Reference | None = None
    minutes: HoldMinutes | None = None


class HoldIssuedIn(Wire):
    """Without ``minutes``, for the time that the reward says."""

    minutes: HoldMinutes | None = None


class RedeemIssuedIn(Wire):
    """Where, and with which basket, an issued reward is redeemed."""

    location_id: LocationId | None = None
    basket: BasketIn | None = None


class CancelIn(Wire):
    """Why; kept with who did it."""

    reason: ReasonText


class FulfilIn(Wire):
    """Where a thing is now; ``cancelled`` gives the units back."""

    state: Fulfilment
    tracking: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=NO_NUL)] | None = None


class FulfilmentStepOut(Outbound):
    """Who brought a thing to a state of fulfilment, and when."""

    state: str
    at: datetime
    actor: str


class IssuedRewardOut(Outbound):
    """A reward that was taken or given, as it stands now. ``price`` 0 is a gift.

    ``actor`` issued it, ``redeemed_by`` gave it out. ``discount_minor`` is what it took off the basket.
    """

    id: IssuedRewardId
    reward_id: RewardId
    name: str
    benefit: Benefit
    membership_id: MembershipId
    customer_id: CustomerId
    price: int
    source: Source
    state: IssuedRewardState
    reason: str | None
    actor: str
    issued_at: datetime
    expires_at: datetime | None
    held_until: datetime | None
    redeemed_at: datetime | None
    redeemed_by: str | None
    location_id: LocationId | None
    discount_minor: int | None
    undone_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    ended_reason: str | None
    fulfilment: Fulfilment | None
    tracking: str | None
    fulfilment_steps: list[FulfilmentStepOut]

    @classmethod
    def told(cls, issued: IssuedReward, language: Language, **more: Any) -> Self:
        """An issued reward in a reader's language."""
        fields = {name: getattr(issued, name) for name in IssuedRewardOut.model_fields if name != "name"}
        return cls(**fields, name=issued.name_in(language), **more)


class IssuedRewardOutcome(IssuedRewardOut):
    """An issued reward after something was done with it, and the member's balances after that."""

    balances: list[BalanceOut]

    @classmethod
    def of(cls, outcome: Outcome, language: Language) -> Self:
        """The outcome in a reader's language."""
        return cls.told(outcome.issued_reward, language, balances=balances_out(outcome.standing, language))


class HeldOut(IssuedRewardOutcome):
    """A held reward. ``code`` is shown here alone: the till completes the hold with it until ``held_until``."""

    code: str

    @classmethod
    def of_hold(cls, held: Held, language: Language) -> Self:
        """The hold in a reader's language."""
        balances = balances_out(held.outcome.standing, language)
        return cls.told(held.outcome.issued_reward, language, balances=balances, code=held.code)


def basket_of(told: BasketIn | None) -> Basket | None:
    """A basket for the service."""
    return Basket(told.amount_minor, told.lines) if told else None

"""Scanning on the wire."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from passerelle.customers.schemas import CustomerId
from passerelle.kit.i18n import Language
from passerelle.kit.wire import Instant, Outbound, Reference, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.passes.schemas import CodeKind, CopiesMay, PassId
from passerelle.programs.refunds.schemas import RefundedOut, RefundIn, VoidedOut
from passerelle.programs.schemas import AccruedOut, BalanceOut, MembershipId, ProgramId, ProgramKind, ReasonOut
from passerelle.programs.terms.schemas import MemberTermOut
from passerelle.programs.tiers.schemas import MemberTierOut
from passerelle.purchases.schemas import (
    AmountMinor,
    Channel,
    Currency,
    ExternalReference,
    PaidWith,
    PartMinor,
    Purchase,
    PurchaseId,
    PurchaseLine,
)
from passerelle.rewards.coupons.schemas import GivenCouponOut
from passerelle.rewards.payments.schemas import BillIn, PaymentId, PaymentIn
from passerelle.rewards.schemas import (
    BasketIn,
    Benefit,
    Fulfilment,
    HoldCode,
    IssuedRewardId,
    ReadyRewardOut,
    RewardId,
)
from passerelle.scanning.rules import Action

Code = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    Field(description="What the scanner read, or what was typed: case, blanks and hyphens do not matter."),
]


ScannedSecondsAgo = Annotated[
    WholeNumber,
    Field(
        ge=0,
        le=900,
        description="How long ago the code was scanned: one that rotates is judged by that moment. What was scanned"
        " earlier must be scanned again.",
    ),
]


class ScanIn(Wire):
    """A scanned or typed code: what every operation with a card begins with."""

    code: Code
    scanned_seconds_ago: ScannedSecondsAgo = 0


class Holder(Outbound):
    """Who stands at the counter, as far as the cashier needs to know."""

    id: CustomerId
    first_name: Annotated[str, Field(repr=False)]
    full_name: Annotated[str, Field(repr=False)]
    language: Language | None


class WaitingReward(Outbound):
    """A reward that was issued before and can be redeemed without paying again."""

    id: IssuedRewardId
    reward_id: RewardId
    name: str
    benefit: Benefit
    source: str
    state: Literal["issued", "held"]
    expires_at: datetime | None
    held_until: datetime | None


class ScanOut(Outbound):
    """Who it is, what they have, and what the till may do now.

    ``code`` is how the card was shown, ``code_age_seconds`` how old a rotating code was, ``code_may`` what the
    program lets be done with a card that is shown so; ``may`` has it counted in.
    """

    kind: Literal["card"] = "card"
    code: CodeKind
    code_age_seconds: int | None
    code_may: CopiesMay
    pass_id: PassId
    membership_id: MembershipId
    customer: Holder
    program_id: ProgramId
    program_name: str
    program_kind: ProgramKind
    currency: str
    goal: int | None
    membership_state: Literal["active", "suspended", "ended"]
    joined_at: datetime
    term: MemberTermOut | None
    balances: list[BalanceOut]
    tiers: list[MemberTierOut]
    rewards: list[ReadyRewardOut]
    issued_rewards: list[WaitingReward]
    may: list[Action]


class PurchaseScanIn(ScanIn):
    """A purchase with the card. Without ``currency`` it is in the organization's.

    ``tax_minor`` is the tax contained in the amount, ``paid_with`` the parts that were not paid with money.
    ``external_reference`` (a receipt number) makes it unique for its channel and place, beside any Idempotency-Key.
    Without ``paid_with.points_minor``, what ``payment_ids`` took off an amount that contains it counts as that part.
    """

    amount_minor: AmountMinor
    currency: Currency | None = None
    lines: Annotated[list[PurchaseLine], Field(max_length=200, default_factory=list)]
    tax_minor: PartMinor | None = None
    paid_with: PaidWith = PaidWith()
    location_id: LocationId | None = None
    channel: Channel = "till"
    occurred_at: Instant | None = None
    external_reference: Reference | None = None
    payment_ids: list[PaymentId] = Field(
        max_length=10, default_factory=list, description="Payments with units that were made for this bill."
    )


class PurchaseScanOut(Outbound):
    """The purchase, what it earned in every program of the customer, and the tiers and rewards of this card.

    ``coupons`` are those that it gave for the next one.
    """

    purchase: Purchase
    earned: list[AccruedOut]
    tiers: list[MemberTierOut]
    rewards: list[ReadyRewardOut]
    coupons: list[GivenCouponOut]


class VisitScanIn(ScanIn):
    """A visit without an amount: earns by the program's rules, or ``units`` as the cashier counted them."""

    units: Annotated[WholeNumber, Field(ge=1, le=1_000_000)] | None = None
    location_id: LocationId | None = None
    reference: Reference | None = None


class VisitScanOut(Outbound):
    """What the visit earned, under which reference it can be undone."""

    reference: str
    earned: AccruedOut
    tiers: list[MemberTierOut]
    rewards: list[ReadyRewardOut]


class VisitUndoIn(Wire):
    """Which visit: the reference that the booking answered."""

    reference: Annotated[str, Field(min_length=6, max_length=200, pattern=r"^scan:")]


class UndoneVisitOut(Outbound):
    """The balances after a visit was taken back, by membership; empty when it was undone before."""

    balances: dict[str, list[BalanceOut]]


class RedemptionScanIn(ScanIn):
    """From the card that was scanned: a reward for its price, or one that was issued before. One of the two ids.

    ``purchase_id``: the purchase that a reward for its price is a part of, so that taking all of it back returns the
    price.
    """

    reward_id: RewardId | None = None
    issued_reward_id: IssuedRewardId | None = None
    location_id: LocationId | None = None
    reference: Reference | None = None
    purchase_id: PurchaseId | None = None
    basket: BasketIn | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.reward_id is None) == (self.issued_reward_id is None):
            raise ValueError("Send either reward_id or issued_reward_id.")
        return self


class HoldScanIn(Wire):
    """The code of a hold that the customer shows; no card is needed."""

    code: HoldCode
    location_id: LocationId | None = None
    basket: BasketIn | None = None


class QuoteScanIn(ScanIn, BillIn):
    """A bill that the holder of a card may pay in part with units."""


class PaymentScanIn(ScanIn, PaymentIn):
    """Units of a card's holder for a part of a bill."""


class RedemptionOut(Outbound):
    """The reward that was given, what it takes off the basket, and where the member stands after it.

    ``issued``: a gift whose redemption was undone, which can be redeemed again.
    """

    id: IssuedRewardId
    reward_id: RewardId
    name: str
    price: int
    benefit: Benefit
    state: Literal["issued", "redeemed", "undone"]
    issued_at: datetime
    redeemed_at: datetime | None
    undone_at: datetime | None
    discount_minor: int | None
    fulfilment: Fulfilment | None
    balances: list[BalanceOut]
    rewards: list[ReadyRewardOut]


class RefundScanIn(RefundIn):
    """A slice to pay back, of the purchase that is named by its id or by the receipt (``external_reference``).

    Receipts are unique for their channel and location. With ``code``, the purchase must be of the card's holder.
    """

    purchase_id: PurchaseId | None = None
    external_reference: ExternalReference | None = None
    channel: Channel = "till"
    code: Code | None = None
    scanned_seconds_ago: ScannedSecondsAgo = 0

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.purchase_id is None) == (self.external_reference is None):
            raise ValueError("Name the purchase by “purchase_id” or by “external_reference”, one of them.")
        return self


class UndonePurchaseOut(VoidedOut):
    """What a till is told of a purchase that it took back; ``reasons`` tell of coupons that it had given, too."""


class RefundScanOut(RefundedOut):
    """What a till is told of a refund; ``reasons`` tell of coupons that the purchase had given."""

    reasons: list[ReasonOut]

"""Programs on the wire; the values that services pass (values.py) are given out here, too."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from passerelle.customers.schemas import CustomerId
from passerelle.kit.wire import NO_NUL, Instant, Name, Outbound, ReasonText, Reference, WholeNumber, Wire
from passerelle.ledger.schemas import TransferOut
from passerelle.organizations.schemas import LocationId
from passerelle.programs.conditions import NO_CONDITIONS, Conditions, Facts, Matcher
from passerelle.programs.ids import MembershipId, ProgramId, TemplateId, TransferId
from passerelle.programs.prizes import UnitCode
from passerelle.programs.rule_schemas import (
    PerAmountRule,
    PerItemRule,
    PerVisitRule,
    PromotionId,
    Rule,
    RuleId,
    RuleList,
    rule_out,
)
from passerelle.programs.rules import ProgramKind, ProgramState, Reason
from passerelle.programs.standing_schemas import (
    AccrualOut,
    AccruedOut,
    BalanceOut,
    MembershipOut,
    ReasonOut,
    StandingOut,
    accruals_out,
    balances_out,
    is_good,
    reasons_out,
)
from passerelle.programs.unit_schemas import LanguageTag, UnitId, UnitList, UnitNames, UnitOut
from passerelle.programs.values import (
    Accrued,
    Enrolled,
    JoinSource,
    Membership,
    MembershipState,
    NextExpiry,
    Program,
    ProgramSettings,
    Seat,
    Shared,
    Standing,
    Undone,
    Unit,
    UnitKind,
)
from passerelle.purchases.schemas import (
    AmountMinor,
    Channel,
    Currency,
    NewPurchase,
    PaidWith,
    PartMinor,
    PurchaseLine,
)

__all__ = [  # what other domains see of other modules; what is defined here is public anyway
    "NO_CONDITIONS",
    "AccrualOut",
    "Accrued",
    "AccruedOut",
    "BalanceOut",
    "Conditions",
    "Enrolled",
    "Facts",
    "LanguageTag",
    "Matcher",
    "Membership",
    "MembershipId",
    "MembershipOut",
    "NextExpiry",
    "PerAmountRule",
    "PerItemRule",
    "PerVisitRule",
    "Program",
    "ProgramId",
    "ProgramKind",
    "PromotionId",
    "Reason",
    "ReasonOut",
    "Rule",
    "RuleId",
    "Seat",
    "Shared",
    "Standing",
    "StandingOut",
    "TemplateId",
    "TransferId",
    "Undone",
    "Unit",
    "UnitCode",
    "UnitId",
    "UnitKind",
    "accruals_out",
    "balances_out",
    "is_good",
    "reasons_out",
]

MAX_GOAL: Final = 10_000_000
MAX_STAMPS: Final = 100  # places on one card

Label = Name
Goal = Annotated[WholeNumber, Field(ge=1, le=MAX_GOAL)]
Translations = Annotated[dict[LanguageTag, Label], Field(max_length=20)]


class ProgramIn(Wire):
    """A new program; its unit, and unless ``rules`` are given its first rule, come with it.

    A stamp card gives one stamp for a visit, points are 1 per major unit of the currency (1.00 EUR), cashback is 5 %
    of the net basket as ``money``, a multipass counts ``sessions`` that are sold. ``units`` adds further ones, or
    changes the one that comes with the kind, by its code. With ``reward_name``, the reward at ``goal`` units is
    made, too.
    """

    name: Label
    kind: ProgramKind
    names: Annotated[Translations, Field(default_factory=dict)]
    currency: Currency | None = None
    goal: Goal | None = None
    reward_name: Label | None = None
    reward_names: Annotated[Translations, Field(default_factory=dict)]
    unit_names: UnitNames | None = None
    units: Annotated[UnitList, Field(default_factory=list)]
    rules: RuleList | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    state: Literal["draft", "active"] = "active"
    settings: ProgramSettings = ProgramSettings()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.kind == "stamps" and (self.goal is None or self.goal > MAX_STAMPS):
            raise ValueError(f"A stamp card needs a goal of 1 to {MAX_STAMPS} stamps.")
        counts = self.kind != "membership" or bool(self.units)
        if not counts and (self.goal is not None or self.rules or self.unit_names):
            raise ValueError(
                "A membership program counts nothing: leave goal, rules and unit_names out, or add units."
            )
        if self.reward_name is not None and self.goal is None:
            raise ValueError("A reward needs a goal: how many units it costs.")
        require_window(self.starts_at, self.ends_at)
        return self


class ProgramChange(Wire):
    """Fields left out stay as they are; null takes a date or the template away.

    ``rules`` is the whole list: a rule that is not in it is retired. Rewards that cost as much as the ``goal`` follow
    it. ``units`` are changed by their codes, or added; none is ever removed. ``unit_names`` are of the program's only
    unit.
    """

    name: Label | None = None
    names: Translations | None = None
    state: ProgramState | None = None
    goal: Goal | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    template_id: TemplateId | None = None
    settings: ProgramSettings | None = None
    unit_names: UnitNames | None = None
    units: UnitList | None = None
    rules: RuleList | None = None


class ProgramOut(Outbound):
    id: ProgramId
    name: str
    names: dict[str, str]
    kind: ProgramKind
    currency: str
    time_zone: str
    state: ProgramState
    goal: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    template_id: TemplateId | None
    settings: ProgramSettings
    units: list[UnitOut]
    rules: list[Rule]
    created_at: datetime

    @classmethod
    def of(cls, program: Program) -> Self:
        """A program with its units and rules."""
        fields = {name: getattr(program, name) for name in cls.model_fields if name not in {"units", "rules"}}
        return cls(
            **fields,
            units=[UnitOut.of(unit, program.currency) for unit in program.units],
            rules=[rule_out(rule, program.units) for rule in program.rules],
        )


class EnrollIn(Wire):
    """``referral_code`` is that of the member who brought them."""

    customer_id: CustomerId
    source: JoinSource = "api"
    location_id: LocationId | None = None
    referral_code: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=NO_NUL)] | None = None


class ReferralNote(Outbound):
    """What became of the code that somebody came with; ``reason`` is why it counts for nobody."""

    state: str
    reason: str | None


class EnrolledOut(Outbound):
    """``created`` is false for somebody who was a member before."""

    id: MembershipId
    created: bool
    referral: ReferralNote | None = None


class MembershipChange(Wire):
    """Suspend, end or make active again."""

    state: MembershipState


class AdjustmentIn(Wire):
    """``amount`` is added, or taken when negative. ``reference`` makes it unique for a program of yours."""

    amount: Annotated[WholeNumber, Field(ge=-(10**9), le=10**9)]
    reason: ReasonText
    unit: UnitCode | None = None
    reference: Reference | None = None

    @model_validator(mode="after")
    def _moves(self) -> Self:
        if self.amount == 0:
            raise ValueError("An adjustment of zero changes nothing.")
        return self


class MovementOut(Outbound):
    """One transfer as this member sees it: ``amount`` is signed."""

    unit: str
    amount: int


class HistoryOut(Outbound):
    """One line of a member's ledger. ``kind`` is one of the ledger's transfers."""

    id: TransferId
    kind: str
    reference: str
    reason: str | None
    actor: str
    posted_at: datetime
    reverses: TransferId | None
    reversed_by: TransferId | None
    movements: list[MovementOut]

    @classmethod
    def of(cls, transfer: TransferOut, program: Program) -> Self:
        """A transfer with what it did to balances by unit: a debt that is made or paid is no movement of its own."""
        amounts = {unit.id: 0 for unit in program.units}
        for entry in transfer.entries:
            if entry.account != "owed":
                amounts[entry.unit_id] += entry.amount
        movements = [
            MovementOut(unit=unit.code, amount=amounts[unit.id]) for unit in program.units if amounts[unit.id]
        ]
        fields = {name: getattr(transfer, name) for name in cls.model_fields if name != "movements"}
        return cls(**fields, movements=movements)


class PreviewIn(Wire):
    """A purchase that has not been made: what would it earn?"""

    customer_id: CustomerId
    amount_minor: AmountMinor
    currency: Currency | None = None
    lines: Annotated[list[PurchaseLine], Field(default_factory=list, max_length=200)]
    tax_minor: PartMinor | None = None
    paid_with: PaidWith = PaidWith()
    location_id: LocationId | None = None
    channel: Channel = "till"
    occurred_at: Instant | None = None

    def purchase(self) -> NewPurchase:
        """As purchases take it."""
        return NewPurchase(
            **{name: getattr(self, name) for name in PreviewIn.model_fields} | {"lines": tuple(self.lines)}
        )


def require_window(starts_at: datetime | None, ends_at: datetime | None) -> None:
    """Raises ValueError for a program that would end before it starts."""
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise ValueError("ends_at must be after starts_at.")

"""Programs on the wire; the values that services pass (values.py) are given out here, too."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from passerelle.customers.schemas import CustomerId
from passerelle.kit import clock
from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Instant, Name, Outbound, WholeNumber, Wire
from passerelle.ledger.schemas import Balance, TransferOut
from passerelle.organizations.schemas import LocationId
from passerelle.programs.conditions import NO_CONDITIONS, Conditions, Facts, Matcher
from passerelle.programs.prizes import UnitCode
from passerelle.programs.reasons import Reader, explain, plain
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
from passerelle.programs.rules import (
    Accrual,
    ProgramKind,
    ProgramState,
    Reason,
    ReasonCode,
)
from passerelle.programs.terms.schemas import MemberTermOut
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
    barred,
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
    "Accrued",
    "Conditions",
    "Enrolled",
    "Facts",
    "LanguageTag",
    "Matcher",
    "Membership",
    "NextExpiry",
    "PerAmountRule",
    "PerItemRule",
    "PerVisitRule",
    "Program",
    "ProgramKind",
    "PromotionId",
    "Reason",
    "Rule",
    "RuleId",
    "Seat",
    "Shared",
    "Standing",
    "Undone",
    "Unit",
    "UnitCode",
    "UnitId",
    "UnitKind",
    "is_good",
]

ProgramId = Annotated[UUID, WireId("prg")]
MembershipId = Annotated[UUID, WireId("mem")]
TransferId = Annotated[UUID, WireId("trf")]
TemplateId = Annotated[UUID, WireId("tpl")]

MAX_GOAL: Final = 10_000_000
MAX_STAMPS: Final = 100  # places on one card


Label = Name
Goal = Annotated[WholeNumber, Field(ge=1, le=MAX_GOAL)]
Translations = Annotated[dict[LanguageTag, Label], Field(max_length=20)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]


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


class MembershipOut(Outbound):
    """``valid_…`` is the span of its terms, in a program that has a term; an empty one was not paid yet."""

    model_config = ConfigDict(from_attributes=True)

    id: MembershipId
    program_id: ProgramId
    customer_id: CustomerId
    state: MembershipState
    source: JoinSource
    location_id: LocationId | None
    joined_at: datetime
    valid_from: datetime | None = None
    valid_until: datetime | None = None


class BalanceOut(Outbound):
    """``active`` can be spent now, or is owed when negative; ``held`` is set aside for somebody about to pay.

    ``name`` is the unit's word for the active amount, in the caller's language. ``currency`` is there for money,
    whose amounts are in minor units; ``pooled`` is what the member can spend together with their household, null
    without one.
    """

    unit: str
    unit_id: UnitId
    kind: UnitKind
    currency: str | None
    decimals: int
    spendable: bool
    name: str
    active: int
    pending: int
    held: int
    earned: int
    spent: int
    expired: int
    reversed: int
    adjusted: int
    pooled: int | None = None

    @classmethod
    def of(
        cls, unit: Unit, balance: Balance, program: Program, language: Language, pooled: int | None = None
    ) -> Self:
        """One balance in a reader's language."""
        return cls(
            unit=unit.code,
            unit_id=unit.id,
            kind=unit.kind,
            currency=program.currency if unit.kind == "money" else None,
            decimals=unit.decimals,
            spendable=unit.spendable,
            name=unit.name(balance.active, language),
            active=balance.active,
            pending=balance.pending,
            held=balance.held,
            earned=balance.earned,
            spent=balance.spent,
            expired=balance.expired,
            reversed=balance.reversed,
            adjusted=balance.adjusted,
            pooled=pooled,
        )


class StandingOut(MembershipOut):
    """Where a member stands."""

    program_name: str
    program_kind: ProgramKind
    currency: str
    goal: int | None
    term: MemberTermOut | None
    balances: list[BalanceOut]

    @classmethod
    def of(cls, standing: Standing, language: Language) -> Self:
        """A standing in a reader's language."""
        member, program = standing.membership, standing.program
        return cls(
            **dataclasses.asdict(member),
            program_name=program.name_in(language),
            program_kind=program.kind,
            currency=program.currency,
            goal=program.goal,
            term=MemberTermOut.of(member, program, clock.now()),
            balances=balances_out(standing, language),
        )


class AdjustmentIn(Wire):
    """``amount`` is added, or taken when negative. ``reference`` makes it unique for a program of yours."""

    amount: Annotated[WholeNumber, Field(ge=-(10**9), le=10**9)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=NO_NUL)]
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


class ReasonOut(Outbound):
    """Why: a code for programs, a sentence for people."""

    code: str
    text: str
    params: dict[str, Any]


def reasons_out(reasons: Iterable[Reason], reader: Reader) -> list[ReasonOut]:
    """Reasons as a reader understands them."""
    return [_reason_out(reason, reader) for reason in reasons]


def _reason_out(reason: Reason, reader: Reader) -> ReasonOut:
    try:
        return _told_before(reason.code, tuple(reason.params.items()), reader)
    except TypeError:  # names in several languages are no key
        return ReasonOut(code=reason.code, text=explain(reason, reader), params=reason.params)


@lru_cache(maxsize=4_096)
def _told_before(code: ReasonCode, params: tuple[tuple[str, Any], ...], reader: Reader) -> ReasonOut:
    """Tills hear the same reasons all day."""
    reason = Reason(code, dict(params))
    return ReasonOut(code=code, text=explain(reason, reader), params=reason.params)


class AccrualOut(Outbound):
    """What one rule gives with its multipliers, or one promotion by itself; zero comes with its reason, too."""

    rule_id: RuleId | None
    promotion_id: PromotionId | None
    unit: str
    amount: int
    reasons: list[ReasonOut]


def accruals_out(accruals: Iterable[Accrual], program: Program, language: Language) -> list[AccrualOut]:
    """What rules and promotions gave, with their reasons in a reader's language."""
    units = {unit.id: unit for unit in program.units}
    readers = {
        unit.id: Reader(
            program.currency,
            program.time_zone,
            language,
            is_money=unit.kind == "money",
            decimals=unit.decimals,
        )
        for unit in program.units
    }
    return [
        _accrual_out(accrual, units[accrual.unit_id], readers[accrual.unit_id])
        if accrual.amount or accrual.rule_id is None or accrual.reasons[0].params
        else _silent(accrual.rule_id, units[accrual.unit_id].code, accrual.reasons[0].code, language)
        for accrual in accruals
    ]


def _accrual_out(accrual: Accrual, unit: Unit, reader: Reader) -> AccrualOut:
    return AccrualOut(
        rule_id=accrual.rule_id,
        promotion_id=accrual.promotion_id,
        unit=unit.code,
        amount=accrual.amount,
        reasons=reasons_out(accrual.reasons, reader),
    )


@lru_cache(maxsize=20_000)
def _silent(rule_id: UUID, unit: str, code: ReasonCode, language: Language) -> AccrualOut:
    """The answer of a rule that does not apply, for a reason without figures: most rules, most of the time."""
    reason = ReasonOut(code=code, text=plain(code, language), params={})
    return AccrualOut(rule_id=rule_id, promotion_id=None, unit=unit, amount=0, reasons=[reason])


class AccruedOut(Outbound):
    """What one membership earns, and its balances: after it, or in a preview before it."""

    membership_id: MembershipId
    program_id: ProgramId
    program_name: str
    accruals: list[AccrualOut]
    balances: list[BalanceOut]

    @classmethod
    def of(cls, accrued: Accrued, language: Language) -> Self:
        """What a membership earned, in a reader's language."""
        standing = accrued.standing
        program = standing.program
        return cls(
            membership_id=standing.membership.id,
            program_id=program.id,
            program_name=program.name_in(language),
            accruals=accruals_out(accrued.accruals, program, language),
            balances=balances_out(standing, language),
        )


def is_good(standing: Standing, instant: datetime) -> bool:
    """Whether a member can earn, be given and redeem something at an instant."""
    return barred(standing.membership, standing.program, instant) is None


def require_window(starts_at: datetime | None, ends_at: datetime | None) -> None:
    """Raises ValueError for a program that would end before it starts."""
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise ValueError("ends_at must be after starts_at.")


def balances_out(standing: Standing, language: Language) -> list[BalanceOut]:
    """The balances of a standing, in the order of the program's units."""
    program = standing.program
    return [
        BalanceOut.of(unit, standing.balances[unit.id], program, language, standing.pooled.get(unit.id))
        for unit in program.units
    ]

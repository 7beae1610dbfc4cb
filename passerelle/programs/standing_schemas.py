"""Where members stand and what they earn, on the wire. Given out by schemas.py."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from pydantic import ConfigDict

from passerelle.customers.schemas import CustomerId
from passerelle.kit import clock
from passerelle.kit.i18n import Language
from passerelle.kit.wire import Outbound
from passerelle.ledger.schemas import Balance
from passerelle.organizations.schemas import LocationId
from passerelle.programs.ids import MembershipId, ProgramId
from passerelle.programs.reasons import Reader, explain, plain
from passerelle.programs.rule_schemas import PromotionId, RuleId
from passerelle.programs.rules import Accrual, ProgramKind, Reason, ReasonCode
from passerelle.programs.terms.schemas import MemberTermOut
from passerelle.programs.unit_schemas import UnitId
from passerelle.programs.values import (
    Accrued,
    JoinSource,
    MembershipState,
    Program,
    Standing,
    Unit,
    UnitKind,
    barred,
)


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


def balances_out(standing: Standing, language: Language) -> list[BalanceOut]:
    """The balances of a standing, in the order of the program's units."""
    program = standing.program
    return [
        BalanceOut.of(unit, standing.balances[unit.id], program, language, standing.pooled.get(unit.id))
        for unit in program.units
    ]


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


def is_good(standing: Standing, instant: datetime) -> bool:
    """Whether a member can earn, be given and redeem something at an instant."""
    return barred(standing.membership, standing.program, instant) is None


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

"""Custom events and trials of rules on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from passerelle.customers.schemas import CustomerId
from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Instant, Outbound, Reference, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.conditions import AttributeName, AttributeValue
from passerelle.programs.rule_schemas import PromotionId, RuleList
from passerelle.programs.rules import Accrual
from passerelle.programs.schemas import (
    AccrualOut,
    AccruedOut,
    MembershipId,
    PreviewIn,
    ProgramId,
    accruals_out,
)
from passerelle.programs.values import Accrued, Program
from passerelle.purchases.schemas import Channel, PurchaseId, PurchaseLine

CustomEventId = Annotated[UUID, WireId("cev")]
EventAttributes = Annotated[
    dict[AttributeName, AttributeValue],
    Field(default_factory=dict, max_length=20, description="Conditions of rules look at them; no personal data."),
]


class EventIn(Wire):
    """Something that happened with a customer, or with one membership. ``reference`` is yours and unique."""

    name: AttributeName
    reference: Reference
    customer_id: CustomerId | None = None
    membership_id: MembershipId | None = None
    attributes: EventAttributes
    location_id: LocationId | None = None
    occurred_at: Instant | None = None

    @model_validator(mode="after")
    def _is_of_somebody(self) -> Self:
        if self.customer_id is None and self.membership_id is None:
            raise ValueError("Name a customer_id, or a membership_id for one program alone.")
        return self


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event with what it earned; ``replayed`` when its reference had been told before."""

    id: UUID
    replayed: bool
    earned: tuple[Accrued, ...]


class EventOut(Outbound):
    """The event, and what it earned in each program: rules for other events are left out."""

    id: CustomEventId
    earned: list[AccruedOut]

    @classmethod
    def of(cls, recorded: RecordedEvent, language: Language) -> Self:
        """In a reader's language."""
        return cls(id=recorded.id, earned=[AccruedOut.of(each, language) for each in recorded.earned])


class MemberPurchaseOut(Outbound):
    """A purchase to try rules on; whose it is stays out."""

    model_config = ConfigDict(from_attributes=True)

    id: PurchaseId
    amount_minor: int
    currency: str
    lines: list[PurchaseLine]
    location_id: LocationId | None
    channel: Channel
    occurred_at: datetime


class MemberPurchasesOut(Outbound):
    """The last purchases of members, newest first."""

    items: list[MemberPurchaseOut]


class TrialIn(Wire):
    """Try a program on a purchase: a real one (``purchase_id``) or one that was never made (``purchase``).

    ``rules`` are tried instead of the program's, without being saved; ``promotion_ids`` are tried as if they ran
    now, drafts included.
    """

    purchase_id: PurchaseId | None = None
    purchase: PreviewIn | None = None
    rules: RuleList | None = None
    promotion_ids: Annotated[list[PromotionId], Field(default_factory=list, max_length=20)]

    @model_validator(mode="after")
    def _is_one_purchase(self) -> Self:
        if (self.purchase_id is None) == (self.purchase is None):
            raise ValueError("Give either purchase_id or purchase.")
        return self


@dataclass(frozen=True, slots=True)
class Trial:
    """What would be given under the tried rules, and what was given; ``given`` is None for a purchase never made."""

    membership_id: UUID
    program: Program
    would_give: tuple[Accrual, ...]
    given: tuple[Accrual, ...] | None


class UnitDifference(Outbound):
    """One unit's totals: ``difference`` is what would be given more, or less."""

    unit: str
    would_give: int
    given: int
    difference: int


class TrialOut(Outbound):
    """What would be given and why, compared with what was; ``given`` is null for a purchase that was never made.

    A rule that is not saved yet has an id of its own here. Tiers, segments, balances and budgets are those of now.
    """

    membership_id: MembershipId
    program_id: ProgramId
    would_give: list[AccrualOut]
    given: list[AccrualOut] | None
    units: list[UnitDifference]

    @classmethod
    def of(cls, trial: Trial, language: Language) -> Self:
        """In a reader's language."""
        program = trial.program
        given = trial.given or ()

        def out(accruals: tuple[Accrual, ...]) -> list[AccrualOut]:
            return accruals_out(accruals, program, language)

        differences = []
        for unit in program.units:
            would, was = (
                sum(accrual.amount for accrual in accruals if accrual.unit_id == unit.id)
                for accruals in (trial.would_give, given)
            )
            if would or was:
                differences.append(
                    UnitDifference(unit=unit.code, would_give=would, given=was, difference=would - was)
                )
        return cls(
            membership_id=trial.membership_id,
            program_id=program.id,
            would_give=out(trial.would_give),
            given=None if trial.given is None else out(trial.given),
            units=differences,
        )

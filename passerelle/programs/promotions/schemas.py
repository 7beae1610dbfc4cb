"""Promotions on the wire and in the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from passerelle.kit.wire import Instant, Name, Outbound, WholeNumber, Wire
from passerelle.programs.conditions import NO_CONDITIONS, Conditions
from passerelle.programs.prizes import UnitCode
from passerelle.programs.promoting import Stacking
from passerelle.programs.rule_schemas import PromotionId
from passerelle.programs.rules import ProgramState
from passerelle.programs.schemas import ProgramId, Translations
from passerelle.programs.timing import Timing
from passerelle.purchases.schemas import PurchaseId

Priority = Annotated[WholeNumber, Field(ge=-1000, le=1000, description="Higher comes first.")]
Uses = Annotated[WholeNumber, Field(ge=1, le=10**12)]
Minimum = Annotated[WholeNumber, Field(ge=0, le=10**12)]
LimitPerCustomer = Annotated[WholeNumber, Field(ge=1, le=1_000_000)]


class MultiplierEffect(Wire):
    """What the rules give, times ``percent``: 200 doubles it."""

    model_config = ConfigDict(frozen=True)

    type: Literal["multiplier"]
    percent: Annotated[WholeNumber, Field(ge=101, le=10_000)]


class BonusEffect(Wire):
    """So many units more, for a purchase or a visit that meets the conditions."""

    model_config = ConfigDict(frozen=True)

    type: Literal["bonus"]
    units: Annotated[WholeNumber, Field(ge=1, le=1_000_000)]


AnyEffect = Annotated[MultiplierEffect | BonusEffect, Field(discriminator="type")]


class PromotionIn(Wire):
    """A new promotion of a program. ``unit`` may be left out when the program has one unit.

    ``budget_uses`` and ``budget_units`` are for all customers together, ``limit_per_customer`` counts occasions.
    """

    program_id: ProgramId
    unit: UnitCode | None = None
    name: Name
    names: Annotated[Translations, Field(default_factory=dict)]
    effect: AnyEffect
    state: Literal["draft", "active"] = "draft"
    conditions: Conditions = NO_CONDITIONS
    minimum_amount_minor: Minimum = 0
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    priority: Priority = 0
    stacking: Stacking = "stackable"
    budget_uses: Uses | None = None
    budget_units: Uses | None = None
    limit_per_customer: LimitPerCustomer | None = None
    timing: Timing | None = None


class PromotionChange(Wire):
    """Fields left out stay as they are; null takes a date, a budget, a limit or the timing away."""

    name: Name | None = None
    names: Translations | None = None
    effect: AnyEffect | None = None
    state: ProgramState | None = None
    conditions: Conditions | None = None
    minimum_amount_minor: Minimum | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    priority: Priority | None = None
    stacking: Stacking | None = None
    budget_uses: Uses | None = None
    budget_units: Uses | None = None
    limit_per_customer: LimitPerCustomer | None = None
    timing: Timing | None = None


@dataclass(frozen=True, slots=True)
class NearlyUsed:
    """A promotion whose budget is about to end, for those who warn of it."""

    id: UUID
    name: str
    used_percent: int


class PromotionTrialIn(Wire):
    """Try a promotion that is not saved, as if it ran, on a purchase that was made.

    ``promotion_id``: the saved one that it stands in for, when one is being changed.
    """

    promotion: PromotionIn
    purchase_id: PurchaseId
    promotion_id: PromotionId | None = None


class PromotionOut(Outbound):
    """A promotion with what it has given: ``uses`` and ``units`` of all customers, less what was undone."""

    id: PromotionId
    program_id: ProgramId
    unit: str
    name: str
    names: dict[str, str]
    effect: AnyEffect
    state: ProgramState
    conditions: Conditions
    minimum_amount_minor: int
    starts_at: datetime | None
    ends_at: datetime | None
    priority: int
    stacking: Stacking
    budget_uses: int | None
    budget_units: int | None
    limit_per_customer: int | None
    timing: Timing | None
    uses: int
    units: int
    created_at: datetime

    @classmethod
    def of(cls, row: Any) -> Self:
        """A row of ``queries`` with its unit's code and its figures."""
        return cls.model_validate(dict(row))

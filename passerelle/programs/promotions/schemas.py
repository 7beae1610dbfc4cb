"""Promotions on the wire and in the database."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from passerelle.kit.ids import WireId
from passerelle.kit.wire import Instant, Name, WholeNumber, Wire
from passerelle.programs.conditions import NO_CONDITIONS, Conditions
from passerelle.programs.promotions.rules import Bonus, Effect, Multiplier, Promotion, Stacking
from passerelle.programs.rules import ProgramState
from passerelle.programs.timing import Timing

PromotionId = Annotated[UUID, WireId("pro")]
_ProgramId = Annotated[UUID, WireId("prg")]
_LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
_UnitCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
Translations = Annotated[dict[_LanguageTag, Name], Field(max_length=20)]
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

    program_id: _ProgramId
    unit: _UnitCode | None = None
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


class PromotionOut(BaseModel):
    """A promotion with what it has given: ``uses`` and ``units`` of all customers, less what was undone."""

    id: PromotionId
    program_id: _ProgramId
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


_COPIED: Final = (
    "name",
    "names",
    "state",
    "minimum_amount_minor",
    "priority",
    "stacking",
    "budget_uses",
    "budget_units",
    "limit_per_customer",
)


def promotion_of(row: dict[str, Any]) -> Promotion:
    """The promotion of a row, whose ids and times are those of the database or, out of its JSON, texts."""
    return Promotion(
        id=_uuid(row["id"]),
        unit_id=_uuid(row["unit_id"]),
        effect=effect_of(row["effect"]),
        conditions=Conditions.model_validate(row["conditions"]) if row["conditions"] else NO_CONDITIONS,
        starts_at=_instant(row["starts_at"]),
        ends_at=_instant(row["ends_at"]),
        timing=Timing(**row["timing"]) if row["timing"] is not None else None,
        **{name: row[name] for name in _COPIED},
    )


def effect_of(kept: dict[str, Any]) -> Effect:
    """A multiplier or a bonus."""
    return Multiplier(kept["percent"]) if kept["type"] == "multiplier" else Bonus(kept["units"])


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _instant(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value

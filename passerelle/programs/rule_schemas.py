"""Earning rules on the wire and in the database: one shape per type, the same going in and coming out."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, WholeNumber, Wire
from passerelle.programs.prizes import UnitCode
from passerelle.programs.rules import Earning, EarningRule, PerAmount, PerItem, PerVisit, Rounding
from passerelle.programs.values import Unit

MAX_RULES: Final = 20
_SHARED: Final = frozenset({"id", "unit", "active", "minimum_amount_minor", "cap_per_purchase", "cap_per_day"})

RuleId = Annotated[UUID, WireId("rul")]
Units = Annotated[WholeNumber, Field(ge=1, le=100_000)]
Cap = Annotated[WholeNumber, Field(ge=1, le=10**9)]
Text64 = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=NO_NUL)]


class _Rule(Wire):
    """What all earning rules have.

    ``id`` keeps a rule that is there already. ``unit`` may be left out when the program has one unit.
    """

    id: RuleId | None = None
    unit: UnitCode | None = None
    active: bool = True
    minimum_amount_minor: Annotated[WholeNumber, Field(ge=0, le=10**12)] = 0
    cap_per_purchase: Cap | None = None
    cap_per_day: Cap | None = None


class PerAmountRule(_Rule):
    """Units for each step of the amount; the number of steps is rounded once per purchase."""

    type: Literal["per_amount"]
    amount_minor_per_step: Annotated[WholeNumber, Field(ge=1, le=10**9)]
    units_per_step: Units = 1
    rounding: Rounding = "floor"


class PerVisitRule(_Rule):
    """Units for coming by, at most once in so many minutes (a week at most) or once per local day."""

    type: Literal["per_visit"]
    units: Units = 1
    once_per_minutes: Annotated[WholeNumber, Field(ge=1, le=10_080)] | None = None
    once_per_day: bool = False


class PerItemRule(_Rule):
    """Units for each item with a listed SKU or category; with neither list, for each item."""

    type: Literal["per_item"]
    units_per_item: Units = 1
    skus: Annotated[list[Text64], Field(default_factory=list, max_length=500)]
    categories: Annotated[list[Text64], Field(default_factory=list, max_length=100)]


Rule = Annotated[PerAmountRule | PerVisitRule | PerItemRule, Field(discriminator="type")]
RuleList = Annotated[list[Rule], Field(max_length=MAX_RULES)]


def earning_json(rule: Rule) -> dict[str, Any]:
    """The typed part of a rule, as it is kept."""
    return rule.model_dump(include=type(rule).model_fields.keys() - _SHARED)


def earning_of(kept: dict[str, Any]) -> Earning:
    """The typed part of a rule again."""
    fields = {name: value for name, value in kept.items() if name != "type"}
    if kept["type"] == "per_amount":
        return PerAmount(**fields)
    if kept["type"] == "per_visit":
        return PerVisit(**fields)
    assert kept["type"] == "per_item"
    return PerItem(fields["units_per_item"], frozenset(fields["skus"]), frozenset(fields["categories"]))


def rule_out(rule: EarningRule, units: tuple[Unit, ...]) -> Rule:
    """A rule on the wire; ``units`` are those of its program."""
    shared: dict[str, Any] = {
        "id": rule.id,
        "unit": next(unit.code for unit in units if unit.id == rule.unit_id),
        "active": rule.active,
        "minimum_amount_minor": rule.minimum_amount_minor,
        "cap_per_purchase": rule.cap_per_purchase,
        "cap_per_day": rule.cap_per_day,
    }
    earning = rule.earning
    if isinstance(earning, PerAmount):
        return PerAmountRule(
            type="per_amount",
            amount_minor_per_step=earning.amount_minor_per_step,
            units_per_step=earning.units_per_step,
            rounding=earning.rounding,
            **shared,
        )
    if isinstance(earning, PerVisit):
        return PerVisitRule(
            type="per_visit",
            units=earning.units,
            once_per_minutes=earning.once_per_minutes,
            once_per_day=earning.once_per_day,
            **shared,
        )
    return PerItemRule(
        type="per_item",
        units_per_item=earning.units_per_item,
        skus=sorted(earning.skus),
        categories=sorted(earning.categories),
        **shared,
    )

"""Earning rules on the wire and in the database: one shape per type, the same going in and coming out."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from passerelle.kit.ids import WireId, new_id, uuid_of
from passerelle.kit.wire import WholeNumber, Wire
from passerelle.programs.accrual_base import AccrualBase, Text64
from passerelle.programs.conditions import NO_CONDITIONS, AttributeName, Conditions
from passerelle.programs.earning_rules import (
    Cap,
    CapAction,
    Earning,
    EarningRule,
    PerAmount,
    PerEvent,
    PerItem,
    PerPercent,
    PerVisit,
    Times,
)
from passerelle.programs.periods import Period
from passerelle.programs.prizes import UnitCode
from passerelle.programs.rules import Rounding
from passerelle.programs.timing import Timing
from passerelle.programs.values import Unit

MAX_RULES: Final = 100
_TYPES: Final[dict[str, type[Earning]]] = {
    "per_amount": PerAmount,
    "per_percent": PerPercent,
    "per_visit": PerVisit,
    "per_item": PerItem,
    "per_event": PerEvent,
}

RuleId = Annotated[UUID, WireId("rul")]
PromotionId = Annotated[UUID, WireId("pro")]
Units = Annotated[WholeNumber, Field(ge=1, le=1_000_000)]
CapUnits = Annotated[WholeNumber, Field(ge=1, le=10**9)]


class RuleCap(Wire):
    """The most that a rule may give per purchase or period; what is above is cut off, or all of it refused."""

    model_config = ConfigDict(frozen=True)

    per: Literal["purchase"] | Period
    units: CapUnits
    action: CapAction = "reduce"


class TimesLimit(Wire):
    """How often a rule may give something to one member in a period."""

    model_config = ConfigDict(frozen=True)

    per: Period
    times: Annotated[WholeNumber, Field(ge=1, le=1_000_000)]


class _Rule(Wire):
    """What all earning rules have.

    ``id`` keeps a rule that is there already. ``unit`` may be left out when the program has one unit.
    ``cap_per_purchase`` and ``cap_per_day`` are short for caps that reduce. ``base`` and ``timing`` stand in for the
    program's and the unit's.
    """

    id: RuleId | None = None
    unit: UnitCode | None = None
    active: bool = True
    minimum_amount_minor: Annotated[WholeNumber, Field(ge=0, le=10**12)] = 0
    cap_per_purchase: CapUnits | None = None
    cap_per_day: CapUnits | None = None
    caps: Annotated[tuple[RuleCap, ...], Field(max_length=6)] = ()
    times: Annotated[tuple[TimesLimit, ...], Field(max_length=5)] = ()
    cooldown_minutes: Annotated[WholeNumber, Field(ge=1, le=527_040)] | None = None
    conditions: Conditions = NO_CONDITIONS
    base: AccrualBase | None = None
    timing: Timing | None = None


_SHARED: Final = frozenset(_Rule.model_fields)


class PerAmountRule(_Rule):
    """Units for each step of the amount that counts; the number of steps is rounded once per purchase."""

    type: Literal["per_amount"]
    amount_minor_per_step: Annotated[WholeNumber, Field(ge=1, le=10**9)]
    units_per_step: Units = 1
    rounding: Rounding = "floor"


class PerPercentRule(_Rule):
    """A part of the amount that counts, in hundredths of a percent (500 is 5 %), for a money unit; rounded once."""

    type: Literal["per_percent"]
    basis_points: Annotated[WholeNumber, Field(ge=1, le=10_000)]
    rounding: Rounding = "floor"


class PerVisitRule(_Rule):
    """Units for coming by, at most once in so many minutes (a week at most) or once per local day."""

    type: Literal["per_visit"]
    units: Units = 1
    once_per_minutes: Annotated[WholeNumber, Field(ge=1, le=10_080)] | None = None
    once_per_day: bool = False


class PerItemRule(_Rule):
    """Units for each item with a listed SKU or category; with neither list, for each item.

    Fewer than ``minimum_quantity`` of them in one purchase give nothing.
    """

    type: Literal["per_item"]
    units_per_item: Units = 1
    skus: Annotated[list[Text64], Field(default_factory=list, max_length=500)]
    categories: Annotated[list[Text64], Field(default_factory=list, max_length=100)]
    minimum_quantity: Annotated[WholeNumber, Field(ge=1, le=10_000)] = 1


class PerEventRule(_Rule):
    """Units for a custom event of that name (``POST /api/v1/events``)."""

    type: Literal["per_event"]
    event: AttributeName
    units: Units = 1


Rule = Annotated[
    PerAmountRule | PerPercentRule | PerVisitRule | PerItemRule | PerEventRule, Field(discriminator="type")
]
RuleList = Annotated[list[Rule], Field(max_length=MAX_RULES)]
_WIRE: Final[dict[type[Earning], tuple[str, type[_Rule]]]] = {
    PerAmount: ("per_amount", PerAmountRule),
    PerPercent: ("per_percent", PerPercentRule),
    PerVisit: ("per_visit", PerVisitRule),
    PerItem: ("per_item", PerItemRule),
    PerEvent: ("per_event", PerEventRule),
}


def rule_of(rule: Rule, unit_id: UUID) -> EarningRule:
    """A rule of the wire as the evaluator knows it; one without id gets a new one."""
    return EarningRule(
        id=rule.id or new_id(),
        unit_id=unit_id,
        earning=_earning(rule.type, rule.model_dump(include=type(rule).model_fields.keys() - _SHARED - {"type"})),
        active=rule.active,
        minimum_amount_minor=rule.minimum_amount_minor,
        cap_per_purchase=rule.cap_per_purchase,
        cap_per_day=rule.cap_per_day,
        caps=tuple(Cap(cap.per, cap.units, cap.action) for cap in rule.caps),
        times=tuple(Times(each.per, each.times) for each in rule.times),
        cooldown_minutes=rule.cooldown_minutes,
        conditions=rule.conditions,
        base=rule.base,
        timing=rule.timing,
    )


def rule_columns(rule: Rule) -> dict[str, Any]:
    """A rule of the wire as its row holds it, without id, unit and position."""
    kept = rule.model_dump(mode="json", by_alias=True, exclude={"id", "unit"})
    typed = type(rule).model_fields.keys() - _SHARED
    kept["conditions"] = rule.conditions.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {name: value for name, value in kept.items() if name not in typed} | {
        "earning": {name: kept[name] for name in typed}
    }


def rule_of_row(row: dict[str, Any]) -> EarningRule:
    """The rule of a row as JSON."""
    return EarningRule(
        id=uuid_of(row["id"]),
        unit_id=uuid_of(row["unit_id"]),
        earning=earning_of(row["earning"]),
        active=row["active"],
        minimum_amount_minor=row["minimum_amount_minor"],
        cap_per_purchase=row["cap_per_purchase"],
        cap_per_day=row["cap_per_day"],
        caps=tuple(Cap(**cap) for cap in row["caps"]),
        times=tuple(Times(**each) for each in row["times"]),
        cooldown_minutes=row["cooldown_minutes"],
        conditions=Conditions.model_validate(row["conditions"]) if row["conditions"] else NO_CONDITIONS,
        base=AccrualBase(**row["base"]) if row["base"] is not None else None,
        timing=Timing.model_validate(row["timing"]) if row["timing"] is not None else None,
    )


def rule_out(rule: EarningRule, units: tuple[Unit, ...]) -> Rule:
    """A rule on the wire; ``units`` are those of its program."""
    kind, model = _WIRE[type(rule.earning)]
    named = {name: getattr(rule, name) for name in _SHARED - {"unit", "caps", "times"}}
    typed = {name: getattr(rule.earning, name) for name in model.model_fields.keys() - _SHARED - {"type"}}
    answer: Rule = model.model_validate(
        {
            **named,
            **{name: sorted(value) if isinstance(value, frozenset) else value for name, value in typed.items()},
            "type": kind,
            "unit": next(unit.code for unit in units if unit.id == rule.unit_id),
            "caps": [{"per": cap.per, "units": cap.units, "action": cap.action} for cap in rule.caps],
            "times": [{"per": each.per, "times": each.times} for each in rule.times],
        }
    )  # type: ignore[assignment]  # the model is one of the union's
    return answer


def earning_of(kept: dict[str, Any]) -> Earning:
    """The typed part of a rule, as its row keeps it."""
    return _earning(kept["type"], {name: value for name, value in kept.items() if name != "type"})


def _earning(kind: str, fields: dict[str, Any]) -> Earning:
    if kind == "per_item":
        fields = fields | {name: frozenset(fields[name]) for name in ("skus", "categories")}
    return _TYPES[kind](**fields)

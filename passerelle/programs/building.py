"""How a program comes to its units and its rules: the defaults of each kind, changing units, replacing rules."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.ids import encode, new_id
from passerelle.kit.money import exponent
from passerelle.ledger import service as ledger
from passerelle.organizations import service as organizations
from passerelle.programs import contradictions, queries
from passerelle.programs.conditions import Conditions
from passerelle.programs.contradictions import Contradiction
from passerelle.programs.earning_rules import Cap, EarningRule
from passerelle.programs.errors import (
    RuleContradicts,
    RuleNotFound,
    UnitKindFixed,
    UnitLimitReached,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.models import EarningRuleRow, ProgramRow, UnitRow
from passerelle.programs.rule_schemas import (
    PerAmountRule,
    PerPercentRule,
    PerVisitRule,
    Rule,
    rule_columns,
    rule_of,
)
from passerelle.programs.schemas import ProgramIn
from passerelle.programs.unit_schemas import MAX_UNITS, NAMES, OWN_UNITS, UnitIn
from passerelle.programs.values import Plurals, Unit

MAX_PROGRAMS: Final = 50
_CASHBACK_BASIS_POINTS: Final = 500


async def add_units(tx: Tx, program: ProgramRow, new: ProgramIn) -> UnitRow | None:
    """The units of a new program: the own one of its kind, then those that were asked for. Returns the first.

    Raises UnitKindFixed, UnitLimitReached, RuleContradicts, InvalidInput.
    """
    own = OWN_UNITS.get(program.kind)  # type: ignore[call-overload]  # the database checks the kinds
    if own is not None:
        names = new.unit_names or next((unit.names for unit in new.units if unit.code == own), None)
        wanted = [UnitIn(code=own, kind=own, names=names)]
        await change_units(tx, program, wanted)
    await change_units(tx, program, new.units)
    return next(iter(await queries.units_of(tx, program.id)), None)


async def change_units(tx: Tx, program: ProgramRow, wanted: Sequence[UnitIn]) -> None:
    """Change units of these codes, add those that are new; others stay, for balances are kept in them.

    Raises UnitKindFixed, UnitLimitReached, RuleContradicts, InvalidInput.
    """
    if not wanted:
        return
    present = {unit.code: unit for unit in await queries.units_of(tx, program.id)}
    if len({unit.code for unit in wanted}) < len(wanted):
        raise InvalidInput(detail="units: code, code")
    if len(present.keys() | {unit.code for unit in wanted}) > MAX_UNITS:
        raise UnitLimitReached(limit=MAX_UNITS)
    for unit in wanted:
        row = present.get(unit.code)
        if row is None:
            row = _new_unit(program, unit, position=len(present))
            present[unit.code] = row
            tx.session.add(row)
        elif unit.kind not in {None, row.kind} or await _would_rewrite(tx, row, unit):
            raise UnitKindFixed(unit=row.code, kind=row.kind)
        _change_unit(row, unit)
    await tx.flush()


async def _would_rewrite(tx: Tx, row: UnitRow, wanted: UnitIn) -> bool:
    """Whether other decimals would make other balances of those that are there."""
    return wanted.decimals not in {None, row.decimals} and await ledger.is_in_use(tx, row.id)


async def rename_unit(tx: Tx, program_id: UUID, names: Plurals) -> None:
    """Give the only unit of a program other words; raises UnitNotNamed when it has none or several."""
    units = await queries.units_of(tx, program_id)
    if len(units) != 1:
        raise _unit_not_named(units)
    units[0].names = dict(names)
    await tx.flush()


def rules_of_new(new: ProgramIn, currency: str) -> Sequence[Rule]:
    """The rules that were given, or those of the kind.

    A stamp a visit, a point for each major unit, 5 % of the net basket as money; sessions are sold, not earned.
    """
    if new.rules is not None:
        return new.rules
    if new.kind == "stamps":
        return [PerVisitRule(type="per_visit", unit="stamps")]
    if new.kind == "points":
        return [PerAmountRule(type="per_amount", unit="points", amount_minor_per_step=10 ** exponent(currency))]
    if new.kind == "cashback":
        net = new.settings.accrual_base.model_copy(update={"taxes": False})
        return [PerPercentRule(type="per_percent", unit="money", basis_points=_CASHBACK_BASIS_POINTS, base=net)]
    return []


async def replace_rules(tx: Tx, program: ProgramRow, wanted: Sequence[Rule]) -> None:
    """Make ``wanted`` the rules of a program: those with an id are changed, others added, missing ones retired.

    Raises RuleNotFound for an id that is not among them, UnitNotNamed, UnitNotFound, RuleContradicts,
    LocationNotFound.
    """
    units = await queries.units_of(tx, program.id)
    present = {row.id: row for row in await queries.rules_of(tx, program.id)}
    drafted = draft_rules(wanted, units, program.time_zone)
    await require_references(
        tx, program.id, [(_place(position), rule.conditions) for position, rule in enumerate(drafted)]
    )
    for position, (rule, draft) in enumerate(zip(wanted, drafted, strict=True)):
        row = present.pop(draft.id, None) if rule.id is not None else EarningRuleRow(id=draft.id)
        if row is None:
            raise RuleNotFound
        if row.unit_id not in {None, draft.unit_id}:
            raise RuleContradicts(_place(position), Contradiction("unit_changed"))
        row.organization_id, row.program_id, row.unit_id = tx.organization_id, program.id, draft.unit_id
        row.position = position
        for name, value in rule_columns(rule).items():
            setattr(row, name, value)
        tx.session.add(row)
    for row in present.values():
        row.retired_at = clock.now()
    await tx.flush()


def draft_rules(wanted: Sequence[Rule], units: Sequence[UnitRow | Unit], time_zone: str) -> list[EarningRule]:
    """Rules of the wire as the evaluator knows them; raises UnitNotNamed, UnitNotFound, RuleContradicts."""
    drafted = []
    for position, rule in enumerate(wanted):
        unit = unit_of(rule.unit, units)
        draft = rule_of(rule, unit.id)
        found = contradictions.of_rule(draft, unit=unit.code, unit_kind=unit.kind, time_zone=time_zone)
        if found is not None:
            raise RuleContradicts(_place(position), found)
        drafted.append(draft)
    return drafted


async def require_references(tx: Tx, program_id: UUID, asked: Iterable[tuple[str, Conditions]]) -> None:
    """Refuse conditions that name a place which is not there, or a tier that is not one of the program's.

    Each comes with what it is the condition of. Raises LocationNotFound, RuleContradicts.
    """
    asked = list(asked)
    for location_id in sorted({place for _, each in asked for place in each.locations or ()}):
        await organizations.get_location(tx, location_id)
    if not any(each.tiers for _, each in asked):
        return
    known = await queries.tier_ids_of(tx, program_id)
    for subject, each in asked:
        for tier_id in each.tiers or ():
            if tier_id not in known:
                raise RuleContradicts(subject, Contradiction("tier_elsewhere", {"tier": encode("tir", tier_id)}))


def unit_of(code: str | None, units: Sequence[UnitRow | Unit]) -> UnitRow | Unit:
    """The unit of a code, or the only one there is; raises UnitNotNamed, UnitNotFound."""
    if code is None:
        if len(units) != 1:
            raise _unit_not_named(units)
        return units[0]
    for unit in units:
        if unit.code == code:
            return unit
    raise UnitNotFound


def _unit_not_named(units: Sequence[UnitRow | Unit]) -> UnitNotNamed:
    return UnitNotNamed(units=", ".join(unit.code for unit in units) or "—")


def _new_unit(program: ProgramRow, wanted: UnitIn, position: int) -> UnitRow:
    if wanted.kind is None:
        raise InvalidInput(detail=f"units.{wanted.code}.kind: stamps, points, visits, sessions, money")
    return UnitRow(
        organization_id=program.organization_id,
        id=new_id(),
        program_id=program.id,
        code=wanted.code,
        kind=wanted.kind,
        names=NAMES[wanted.kind],
        decimals=exponent(program.currency) if wanted.kind == "money" else 0,
        position=position,
    )


def _change_unit(row: UnitRow, wanted: UnitIn) -> None:
    if row.kind == "money" and wanted.decimals not in {None, row.decimals}:
        raise InvalidInput(detail=f"units.{row.code}.decimals: {row.decimals}")
    values = wanted.model_dump(mode="json", exclude={"code", "kind"}, exclude_none=True)
    for name, value in values.items():
        setattr(row, name, value)
    found = contradictions.of_caps([Cap(cap.per, cap.units, cap.action) for cap in wanted.caps or ()])
    if found is not None:
        raise RuleContradicts(row.code, found)


def _place(position: int) -> str:
    return f"rules[{position}]"

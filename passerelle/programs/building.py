"""How a program comes to its unit and its rules: the defaults of each kind, and replacing a list of rules."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.kit.money import exponent
from passerelle.programs import queries
from passerelle.programs.errors import ProgramNotFound, RuleNotFound, UnitNotFound, UnitNotNamed
from passerelle.programs.events import ProgramChanged
from passerelle.programs.models import EarningRuleRow, ProgramRow, UnitRow
from passerelle.programs.rule_schemas import PerAmountRule, PerVisitRule, Rule, earning_json
from passerelle.programs.schemas import ProgramIn
from passerelle.programs.values import Plurals

MAX_PROGRAMS: Final = 50

# Plural forms are CLDR's categories; a form that is left out is as “other”.
_UNIT_NAMES: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "stamps": {
        "en": {"one": "stamp", "other": "stamps"},
        "fr": {"one": "tampon", "other": "tampons"},
        "ar": {"zero": "ختم", "one": "ختم", "two": "ختمان", "few": "أختام", "many": "ختمًا", "other": "ختم"},
    },
    "points": {
        "en": {"one": "point", "other": "points"},
        "fr": {"one": "point", "other": "points"},
        "ar": {"zero": "نقطة", "one": "نقطة", "two": "نقطتان", "few": "نقاط", "many": "نقطة", "other": "نقطة"},
    },
}


async def add_unit(tx: Tx, program: ProgramRow, names: Plurals | None) -> UnitRow | None:
    """The unit of a new program, named after its kind unless told; a membership program counts nothing."""
    if program.kind not in _UNIT_NAMES:
        return None
    unit = UnitRow(
        organization_id=tx.organization_id,
        id=new_id(),
        program_id=program.id,
        code=program.kind,
        kind=program.kind,
        names=names or _UNIT_NAMES[program.kind],
    )
    tx.session.add(unit)
    await tx.flush()
    return unit


async def rename_unit(tx: Tx, program_id: UUID, names: Plurals) -> None:
    """Give the only unit of a program other words; raises UnitNotNamed when it has none or several."""
    units = await queries.units_of(tx, program_id)
    if len(units) != 1:
        raise UnitNotNamed(units=", ".join(unit.code for unit in units) or "—")
    units[0].names = dict(names)
    await tx.flush()


def rules_of_new(new: ProgramIn, currency: str) -> Sequence[Rule]:
    """The rules that were given, or those of the kind: a stamp a visit, a point for each major unit."""
    if new.rules is not None:
        return new.rules
    if new.kind == "stamps":
        return [PerVisitRule(type="per_visit")]
    if new.kind == "points":
        return [PerAmountRule(type="per_amount", amount_minor_per_step=10 ** exponent(currency))]
    return []


async def touch_program(tx: Tx, program_id: UUID, field: str) -> None:
    """Say that something which is remembered under the program's version changed; call it after the change.

    Raises ProgramNotFound.
    """
    if await tx.fetchval(queries.TOUCH, tx.organization_id, program_id, new_id()) is None:
        raise ProgramNotFound
    await announce(tx, ProgramChanged(program_id=program_id, fields=(field,)))


async def replace_rules(tx: Tx, program_id: UUID, wanted: Sequence[Rule]) -> None:
    """Make ``wanted`` the rules of a program: those with an id are changed, others added, missing ones retired.

    Raises RuleNotFound for an id that is not among them, UnitNotNamed and UnitNotFound.
    """
    units = await queries.units_of(tx, program_id)
    present = {row.id: row for row in await queries.rules_of(tx, program_id)}
    for position, rule in enumerate(wanted):
        unit_id = _unit_of(rule, units)
        row = present.pop(rule.id, None) if rule.id is not None else EarningRuleRow(id=new_id())
        if row is None:
            raise RuleNotFound
        row.organization_id, row.program_id, row.unit_id, row.position = (
            tx.organization_id,
            program_id,
            unit_id,
            position,
        )
        row.active, row.earning = rule.active, earning_json(rule)
        row.minimum_amount_minor = rule.minimum_amount_minor
        row.cap_per_purchase, row.cap_per_day = rule.cap_per_purchase, rule.cap_per_day
        tx.session.add(row)
    for row in present.values():
        row.retired_at = clock.now()
    await tx.flush()


def _unit_of(rule: Rule, units: Sequence[UnitRow]) -> UUID:
    if rule.unit is None:
        if len(units) != 1:
            raise UnitNotNamed(units=", ".join(unit.code for unit in units) or "—")
        return units[0].id
    for unit in units:
        if unit.code == rule.unit:
            return unit.id
    raise UnitNotFound

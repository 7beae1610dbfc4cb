"""What a process remembers of programs: each under its version, which is never used twice.

A hot path reads the version together with what it reads anyway; a program that did not change is then known
without a statement of its own.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.programs import queries
from passerelle.programs.rule_schemas import earning_of
from passerelle.programs.rules import EarningRule
from passerelle.programs.timing import Timing
from passerelle.programs.values import Program, ProgramSettings, Unit

_REMEMBERED: Final = 10_000
_known: Final[OrderedDict[tuple[UUID, UUID], Program]] = OrderedDict()


async def programs_at(tx: Tx, versions: Mapping[UUID, UUID]) -> dict[UUID, Program]:
    """Programs by id, from memory where the version is known; the others are read in one statement."""
    found: dict[UUID, Program] = {}
    for program_id, version in versions.items():
        program = _known.get((tx.organization_id, program_id))
        if program is not None and program.version == version:
            _known.move_to_end((tx.organization_id, program_id))
            found[program_id] = program
    missing = versions.keys() - found.keys()
    if missing:
        for row in await queries.programs_by_id(tx, sorted(missing)):
            program = program_of(row)
            found[program.id] = program
            _remember(tx.organization_id, program)
    return found


def program_of(row: Any) -> Program:
    """The program of a row with its units and rules."""
    fields = dict(row)
    units = tuple(_unit(unit) for unit in fields.pop("units"))
    rules = tuple(_rule(rule) for rule in fields.pop("rules"))
    settings = ProgramSettings(**fields.pop("settings"))
    return Program(**fields, settings=settings, units=units, rules=rules)


def _remember(organization_id: UUID, program: Program) -> None:
    _known[organization_id, program.id] = program
    if len(_known) > _REMEMBERED:
        _known.popitem(last=False)


def _unit(row: dict[str, Any]) -> Unit:
    return Unit(
        UUID(row["id"]),
        row["code"],
        row["kind"],
        row["decimals"],
        row["names"],
        spendable=row["spendable"],
        timing=Timing.model_validate(row["timing"]),
        shortfall=row["shortfall"],
        cost_micros=row["cost_micros"],
        breakage_ppm=row["breakage_ppm"],
    )


def _rule(row: dict[str, Any]) -> EarningRule:
    return EarningRule(
        id=UUID(row["id"]),
        unit_id=UUID(row["unit_id"]),
        earning=earning_of(row["earning"]),
        active=row["active"],
        minimum_amount_minor=row["minimum_amount_minor"],
        cap_per_purchase=row["cap_per_purchase"],
        cap_per_day=row["cap_per_day"],
    )

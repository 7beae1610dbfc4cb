"""What a process remembers of programs: each under its version, which is never used twice.

A hot path reads the version together with what it reads anyway; a program that did not change is then known
without a statement of its own. Whatever changes what is remembered makes a new version: ``touch_program``.
"""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id, uuid_of
from passerelle.programs import queries
from passerelle.programs.conditions import NO_CONDITIONS, Conditions
from passerelle.programs.earning_rules import Cap, Combining
from passerelle.programs.errors import ProgramNotFound
from passerelle.programs.events import ProgramChanged
from passerelle.programs.promoting import Bonus, Effect, Multiplier, Promotion
from passerelle.programs.rule_schemas import rule_of_row
from passerelle.programs.timing import Timing
from passerelle.programs.values import Program, ProgramSettings, Unit

_REMEMBERED: Final = 10_000
_PROMOTION_FIELDS: Final = (
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


async def get_program(tx: Tx, program_id: UUID) -> Program:
    """A program as it is now; raises ProgramNotFound."""
    rows = await queries.programs_by_id(tx, [program_id])
    if not rows:
        raise ProgramNotFound
    return program_of(rows[0])


async def touch_program(tx: Tx, program_id: UUID, field: str) -> None:
    """Say that something which is remembered under the program's version changed; call it after the change.

    Raises ProgramNotFound.
    """
    if await tx.fetchval(queries.TOUCH, tx.organization_id, program_id, new_id()) is None:
        raise ProgramNotFound
    await announce(tx, ProgramChanged(program_id=program_id, fields=(field,)))


async def touch_programs(tx: Tx, field: str) -> None:
    """The same for every program, in the order of their ids."""
    for program_id in await queries.list_program_ids(tx):
        await touch_program(tx, program_id, field)


def program_of(row: Any) -> Program:
    """The program of a row with its units, its rules, its active promotions and what its tiers say of time."""
    fields = dict(row)
    units = tuple(_unit(unit) for unit in fields.pop("units"))
    rules = tuple(rule_of_row(rule) for rule in fields.pop("rules"))
    promotions = tuple(promotion_of(promotion) for promotion in fields.pop("promotions"))
    settings = ProgramSettings(**fields.pop("settings"))
    tier_timings = {UUID(tier): Timing.model_validate(timing) for tier, timing in fields.pop("tier_timings").items()}
    return Program(
        **fields, settings=settings, units=units, rules=rules, promotions=promotions, tier_timings=tier_timings
    )


def promotion_of(row: dict[str, Any]) -> Promotion:
    """The promotion of a row, whose ids and times are those of the database or, out of its JSON, texts."""
    return Promotion(
        id=_uuid(row["id"]),
        unit_id=_uuid(row["unit_id"]),
        effect=_effect(row["effect"]),
        conditions=Conditions.model_validate(row["conditions"]) if row["conditions"] else NO_CONDITIONS,
        starts_at=_instant(row["starts_at"]),
        ends_at=_instant(row["ends_at"]),
        timing=Timing.model_validate(row["timing"]) if row["timing"] is not None else None,
        **{name: row[name] for name in _PROMOTION_FIELDS},
    )


def _remember(organization_id: UUID, program: Program) -> None:
    _known[organization_id, program.id] = program
    if len(_known) > _REMEMBERED:
        _known.popitem(last=False)


def _unit(row: dict[str, Any]) -> Unit:
    return Unit(
        uuid_of(row["id"]),
        row["code"],
        row["kind"],
        row["decimals"],
        row["names"],
        spendable=row["spendable"],
        timing=Timing.model_validate(row["timing"]),
        shortfall=row["shortfall"],
        cost_micros=row["cost_micros"],
        breakage_ppm=row["breakage_ppm"],
        combining=Combining(row["policy"], row["multipliers"], tuple(Cap(**cap) for cap in row["caps"])),
    )


def _effect(kept: dict[str, Any]) -> Effect:
    """A multiplier or a bonus."""
    return Multiplier(kept["percent"]) if kept["type"] == "multiplier" else Bonus(kept["units"])


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else uuid_of(value)


def _instant(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value

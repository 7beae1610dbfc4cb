"""What a process remembers of achievements: each program's under its version, as definitions.py does."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.programs.achievements import queries
from passerelle.programs.achievements.schemas import Achievement, definition_of
from passerelle.programs.values import Program

_REMEMBERED: Final = 10_000
_known: Final[OrderedDict[tuple[UUID, UUID], tuple[UUID, tuple[Achievement, ...]]]] = OrderedDict()


async def active_achievements(tx: Tx, programs: Sequence[Program]) -> dict[UUID, tuple[Achievement, ...]]:
    """Active achievements by program; without a statement when the process knows them all."""
    found: dict[UUID, tuple[Achievement, ...]] = {}
    for program in programs:
        known = _known.get((tx.organization_id, program.id))
        if known is not None and known[0] == program.version:
            found[program.id] = known[1]
    missing = {program.id: program for program in programs if program.id not in found}
    if missing:
        rows = [achievement_of(row) for row in await queries.active_of_programs(tx, sorted(missing))]
        for program in missing.values():
            found[program.id] = tuple(row for row in rows if row.program_id == program.id)
            _remember(tx.organization_id, program, found[program.id])
    return found


def achievement_of(row: Any) -> Achievement:
    """The achievement of a row."""
    fields = dict(row)
    return Achievement(**fields | {"definition": definition_of(fields["definition"])})


def _remember(organization_id: UUID, program: Program, achievements: tuple[Achievement, ...]) -> None:
    _known[organization_id, program.id] = (program.version, achievements)
    _known.move_to_end((organization_id, program.id))
    if len(_known) > _REMEMBERED:
        _known.popitem(last=False)

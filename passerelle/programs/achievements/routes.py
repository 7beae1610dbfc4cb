"""HTTP of achievements."""

from typing import Annotated

from fastapi import Request

from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.programs.achievements import service
from passerelle.programs.achievements.errors import AchievementNotFound, TooManyAchievements
from passerelle.programs.achievements.schemas import (
    Achievement,
    AchievementChange,
    AchievementId,
    AchievementIn,
    AchievementOut,
    ProgressList,
    ProgressOut,
    definition_out,
)
from passerelle.programs.errors import MembershipNotFound, ProgramNotFound, UnitNotFound, UnitNotNamed
from passerelle.programs.schemas import MembershipId, Program, ProgramId

router = Router(prefix="/api/v1", tags=["achievements"])


@router.post(
    "/programs/{program_id}/achievements",
    status_code=201,
    responses=refusals(ProgramNotFound, UnitNotNamed, UnitNotFound, TooManyAchievements),
)
async def create_achievement(
    program_id: ProgramId, body: AchievementIn, tx: Annotated[Tx, allow("programs:write")]
) -> AchievementOut:
    """Set a goal or a streak; it counts from now on."""
    return _out(*await service.create_achievement(tx, program_id, body))


@router.get("/programs/{program_id}/achievements", responses=refusals(ProgramNotFound))
async def list_achievements(
    program_id: ProgramId, tx: Annotated[Tx, allow("programs:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[AchievementOut]:
    """Goals and streaks of a program, newest first."""
    found, program = await service.list_achievements(tx, program_id, after(cursor), limit)
    items = [_out(achievement, program) for achievement in found]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.patch("/achievements/{achievement_id}", responses=refusals(AchievementNotFound, TooManyAchievements))
async def change_achievement(
    achievement_id: AchievementId, body: AchievementChange, tx: Annotated[Tx, allow("programs:write")]
) -> AchievementOut:
    """Rename a goal, take it out or back in."""
    return _out(*await service.change_achievement(tx, achievement_id, body))


@router.get("/members/{membership_id}/achievements", responses=refusals(MembershipNotFound))
async def list_progress(
    membership_id: MembershipId, request: Request, tx: Annotated[Tx, allow("ledger:read")]
) -> ProgressList:
    """How far a member is with every active goal."""
    language = language_of(request)
    return ProgressList(
        items=[ProgressOut.of(each, language) for each in await service.list_progress(tx, membership_id)]
    )


def _out(achievement: Achievement, program: Program) -> AchievementOut:
    unit = next((unit.code for unit in program.units if unit.id == achievement.unit_id), None)
    fields = {
        name: getattr(achievement, name) for name in AchievementOut.model_fields if name not in {"unit", "definition"}
    }
    return AchievementOut(**fields, unit=unit, definition=definition_out(achievement.definition))

"""The verbs of promotions; with programs/budgets.py the only writer of its tables."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.programs import contradictions
from passerelle.programs.building import require_references, unit_of
from passerelle.programs.definitions import get_program, promotion_of, touch_program
from passerelle.programs.errors import RuleContradicts
from passerelle.programs.promotions import queries
from passerelle.programs.promotions.errors import BudgetBelowUsed, PromotionStateRefused, TooManyPromotions
from passerelle.programs.promotions.events import PromotionChanged, PromotionCreated
from passerelle.programs.promotions.models import PromotionRow
from passerelle.programs.promotions.schemas import NearlyUsed, PromotionChange, PromotionIn, PromotionOut
from passerelle.programs.rules import may_become

MAX_PROMOTIONS: Final = 100
_CLEARABLE: Final = frozenset({"starts_at", "ends_at", "budget_uses", "budget_units", "limit_per_customer", "timing"})
_COLUMN_NAMES: Final = frozenset(column.key for column in PromotionRow.__table__.columns)


async def create_promotion(tx: Tx, new: PromotionIn) -> PromotionOut:
    """Make a promotion; raises ProgramNotFound, UnitNotNamed, UnitNotFound, LocationNotFound, TooManyPromotions,
    RuleContradicts.
    """
    program = await get_program(tx, new.program_id)
    unit = unit_of(new.unit, program.units)
    promotion = PromotionRow(
        organization_id=tx.organization_id,
        id=new_id(),
        unit_id=unit.id,
        used_uses=0,
        used_units=0,
        created_at=clock.now(),
        **_columns(new, set(PromotionIn.model_fields)),
    )
    await _require_sound(tx, promotion, program.time_zone)
    tx.session.add(promotion)
    await tx.flush()
    if await queries.count_promotions(tx, program.id) > MAX_PROMOTIONS:
        raise TooManyPromotions(limit=MAX_PROMOTIONS)
    await touch_program(tx, program.id, "promotions")
    await announce(tx, PromotionCreated(promotion_id=promotion.id, program_id=program.id))
    return PromotionOut.of(await queries.get_promotion(tx, promotion.id))


async def change_promotion(tx: Tx, promotion_id: UUID, change: PromotionChange) -> PromotionOut:
    """Change what was given; tills follow at once.

    Raises PromotionNotFound, PromotionStateRefused, LocationNotFound, BudgetBelowUsed, RuleContradicts.
    """
    promotion = await queries.promotion_for_update(tx, promotion_id)
    if change.state is not None and not may_become(promotion.state, change.state):  # type: ignore[arg-type]  # the database checks the states
        raise PromotionStateRefused(state=promotion.state, wanted=change.state)
    program = await get_program(tx, promotion.program_id)
    given = await queries.given(tx, promotion.id)
    for name, value in _columns(change, change.model_fields_set).items():
        if value is not None or name in _CLEARABLE:
            setattr(promotion, name, value)
    _recount(promotion, given)
    await _require_sound(tx, promotion, program.time_zone)
    await tx.flush()
    await touch_program(tx, promotion.program_id, "promotions")
    fields = tuple(sorted(change.model_fields_set))
    await announce(tx, PromotionChanged(promotion_id=promotion.id, program_id=promotion.program_id, fields=fields))
    return PromotionOut.of(await queries.get_promotion(tx, promotion_id))


async def get_promotion(tx: Tx, promotion_id: UUID) -> PromotionOut:
    """A promotion with what it has given; raises PromotionNotFound."""
    return PromotionOut.of(await queries.get_promotion(tx, promotion_id))


async def list_promotions(tx: Tx, program_id: UUID | None, before: UUID, limit: int) -> list[PromotionOut]:
    """Promotions of a program, or of all, newest first."""
    return [PromotionOut.of(row) for row in await queries.list_promotions(tx, program_id, before, limit)]


async def nearly_used(tx: Tx, percent: int, limit: int) -> list[NearlyUsed]:
    """Active promotions that have given so much of their budget, those that gave most of it first."""
    return [NearlyUsed(**row) for row in await queries.nearly_used(tx, percent, limit)]


def _columns(told: PromotionIn | PromotionChange, names: set[str]) -> dict[str, Any]:
    """What was told, as the row holds it."""
    values = {name: getattr(told, name) for name in names if name in _COLUMN_NAMES}
    for name in ("effect", "conditions", "timing"):
        if values.get(name) is not None:
            values[name] = values[name].model_dump(mode="json", by_alias=True, exclude_defaults=name == "conditions")
    return values


async def _require_sound(tx: Tx, promotion: PromotionRow, time_zone: str) -> None:
    value = promotion_of({name: getattr(promotion, name) for name in _COLUMN_NAMES})
    found = contradictions.of_promotion(value, time_zone)
    if found is not None:
        raise RuleContradicts(promotion.name, found)
    await require_references(tx, promotion.program_id, [(promotion.name, value.conditions)])


def _recount(promotion: PromotionRow, given: Any) -> None:
    """What has been given, counted anew while nobody can take: without a budget it was not counted."""
    for used, budget in ((given["uses"], promotion.budget_uses), (given["units"], promotion.budget_units)):
        if budget is not None and used > budget:
            raise BudgetBelowUsed(used=used, budget=budget)
    promotion.used_uses, promotion.used_units = given["uses"], given["units"]

"""HTTP of promotions."""

from typing import Annotated

from fastapi import Query

from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.organizations.errors import LocationNotFound
from passerelle.programs.errors import ProgramNotFound, PromotionNotFound, RuleContradicts, UnitNotFound, UnitNotNamed
from passerelle.programs.promotions import service
from passerelle.programs.promotions.errors import (
    BudgetBelowUsed,
    PromotionStateRefused,
    TooManyPromotions,
)
from passerelle.programs.promotions.schemas import PromotionChange, PromotionIn, PromotionOut
from passerelle.programs.rule_schemas import PromotionId
from passerelle.programs.schemas import ProgramId

router = Router(prefix="/api/v1/promotions", tags=["promotions"])


@router.post(
    "",
    status_code=201,
    responses=refusals(
        ProgramNotFound, UnitNotNamed, UnitNotFound, LocationNotFound, RuleContradicts, TooManyPromotions
    ),
)
async def create_promotion(body: PromotionIn, tx: Annotated[Tx, allow("programs:write")]) -> PromotionOut:
    """Make a promotion: a draft, unless it is active at once."""
    return await service.create_promotion(tx, body)


@router.get("", responses=refusals())
async def list_promotions(
    tx: Annotated[Tx, allow("programs:read")],
    program_id: Annotated[ProgramId | None, Query()] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[PromotionOut]:
    """Promotions, newest first, with what they have given."""
    items = await service.list_promotions(tx, program_id, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/{promotion_id}", responses=refusals(PromotionNotFound))
async def get_promotion(promotion_id: PromotionId, tx: Annotated[Tx, allow("programs:read")]) -> PromotionOut:
    """One promotion with what it has given."""
    return await service.get_promotion(tx, promotion_id)


@router.patch(
    "/{promotion_id}",
    responses=refusals(PromotionNotFound, PromotionStateRefused, LocationNotFound, BudgetBelowUsed, RuleContradicts),
)
async def change_promotion(
    promotion_id: PromotionId, body: PromotionChange, tx: Annotated[Tx, allow("programs:write")]
) -> PromotionOut:
    """Change a promotion, start, pause or end it; tills follow at once."""
    return await service.change_promotion(tx, promotion_id, body)

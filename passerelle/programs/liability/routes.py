"""HTTP of liability."""

from typing import Annotated, Any, Final, Literal

from fastapi import Query, Response

from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Instant
from passerelle.programs.errors import ProgramNotFound, UnitNotFound, UnitNotNamed
from passerelle.programs.liability import service
from passerelle.programs.liability.errors import PeriodReversed
from passerelle.programs.liability.rules import MAX_MINOR
from passerelle.programs.liability.schemas import (
    AllocationIn,
    AllocationOut,
    BooksAllocationOut,
    LiabilityOut,
    LimitIn,
    LimitOut,
)
from passerelle.programs.schemas import ProgramId, UnitCode

router = Router(prefix="/api/v1", tags=["liability"])
_CSV: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("/reports/liability", response_model=LiabilityOut, responses={**refusals(ProgramNotFound), **_CSV})
async def liability(
    tx: Annotated[Tx, allow("ledger:read")],
    as_of: Annotated[Instant | None, Query(description="As it stood just before this instant.")] = None,
    program_id: Annotated[ProgramId | None, Query(description="Only this program.")] = None,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Any:
    """What units owe: outstanding x cost x (1 - breakage), by program, unit and month of expiry."""
    report = await service.liability(tx, as_of=as_of, program_id=program_id)
    return Response(service.as_csv(report), media_type="text/csv; charset=utf-8") if form == "csv" else report


@router.post("/reports/revenue-allocation", responses=refusals())
async def allocate_revenue(body: AllocationIn, _: Annotated[Tx, allow("ledger:read")]) -> AllocationOut:
    """Split sales between goods and units by IFRS 15, for given figures; writes nothing."""
    return service.allocate(body)


@router.get(
    "/reports/revenue-allocation",
    responses=refusals(ProgramNotFound, UnitNotNamed, UnitNotFound, PeriodReversed),
)
async def allocate_revenue_of_books(
    tx: Annotated[Tx, allow("ledger:read")],
    *,
    program_id: Annotated[ProgramId, Query(description="The program that gave the units.")],
    since: Annotated[Instant, Query(alias="from", description="Units given from this instant on.")],
    until: Annotated[Instant, Query(alias="to", description="Until before this instant.")],
    unit: Annotated[UnitCode | None, Query(description="May be left out when there is one.")] = None,
    as_of: Annotated[Instant | None, Query(description="Redeemed before this instant; now when left out.")] = None,
    sales_minor: Annotated[
        int | None, Query(ge=0, le=MAX_MINOR, description="Sales of the period; else the purchases recorded.")
    ] = None,
) -> BooksAllocationOut:
    """The same from the books: units given in a period, and what of their revenue is earned so far."""
    return await service.allocate_books(tx, program_id, unit, since, until, as_of=as_of, sales_minor=sales_minor)


@router.get("/programs/{program_id}/liability-limit", responses=refusals(ProgramNotFound))
async def get_limit(program_id: ProgramId, tx: Annotated[Tx, allow("ledger:read")]) -> LimitOut:
    """The limit of a program beside what it owes."""
    return await service.get_limit(tx, program_id)


@router.put("/programs/{program_id}/liability-limit", responses=refusals(ProgramNotFound))
async def set_limit(program_id: ProgramId, body: LimitIn, tx: Annotated[Tx, allow("programs:write")]) -> LimitOut:
    """Set the limit; null lifts it. A fact tells when it is exceeded."""
    return await service.set_limit(tx, program_id, body.limit_minor)

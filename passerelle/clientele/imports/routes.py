"""HTTP of imports. A file is the body of the request as it is, so that it never has to be held in memory whole."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from passerelle.clientele.imports import service
from passerelle.clientele.imports.errors import (
    EncodingRefused,
    FileEmpty,
    FileIsNotText,
    FileTooLong,
    FileTooWide,
    ImportNotFound,
    ImportStateRefused,
    QuoteNotClosed,
    TooManyImports,
)
from passerelle.clientele.imports.faulty_file import csv_of
from passerelle.clientele.imports.files import look, receive
from passerelle.clientele.imports.schemas import (
    Encoding,
    FaultOut,
    ImportId,
    ImportOut,
    ImportPlan,
    ImportSummary,
)
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.limits import BodyTooLarge
from passerelle.kit.web import Admitted, Router, admit, allow, language_of, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.programs.errors import ProgramNotFound, ProgramNotRunning, UnitNotFound, UnitNotNamed

PREFIX = "/api/v1/customer-imports"
router = Router(prefix=PREFIX, tags=["customers"])
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_OF_FILE = (FileIsNotText, EncodingRefused, QuoteNotClosed, FileTooWide, FileTooLong, FileEmpty, TooManyImports)


@router.post("", status_code=201, responses=refusals(*_OF_FILE, BodyTooLarge), openapi_extra=_FILE)
async def upload_import(
    request: Request,
    admitted: Annotated[Admitted, admit("customers:write")],
    encoding: Annotated[Encoding | None, Query(description="Found out when it is left out.")] = None,
) -> ImportOut:
    """Upload a CSV file of customers: up to 200,000 rows, the first of which names the columns.

    Nothing is imported by that; the same file again gives the same import as long as it waits. Needs customers:read,
    too, for the answer shows the first rows.
    """
    admitted.actor.require("customers:read")
    file, digest = await receive(request.stream())
    with file:
        opened = await run_in_threadpool(look, file, encoding)
        async with admitted.transaction() as tx:
            import_id = await service.keep_file(tx, file, digest, opened)
            return await service.get_import(tx, import_id, language_of(request))


@router.get("", responses=refusals())
async def list_imports(
    tx: Annotated[Tx, allow("customers:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[ImportSummary]:
    """Imports, newest first."""
    items = await service.list_imports(tx, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/{import_id}", responses=refusals(ImportNotFound))
async def get_import(import_id: ImportId, request: Request, tx: Annotated[Tx, allow("customers:read")]) -> ImportOut:
    """An import with its progress, its columns and what was found."""
    return await service.get_import(tx, import_id, language_of(request))


@router.post(
    "/{import_id}/check",
    status_code=202,
    responses=refusals(
        ImportNotFound,
        ImportStateRefused,
        InvalidInput,
        ProgramNotFound,
        ProgramNotRunning,
        UnitNotFound,
        UnitNotNamed,
    ),
)
async def check_import(
    import_id: ImportId, body: ImportPlan, request: Request, tx: Annotated[Tx, allow("customers:write")]
) -> ImportOut:
    """Try out what a plan makes of the file: nothing changes, and every row that is wrong is listed with its faults.

    Opening balances need ledger:adjust, cards passes:write.
    """
    _require_all(tx, body)
    await service.check_import(tx, import_id, body)
    return await service.get_import(tx, import_id, language_of(request))


@router.post("/{import_id}/run", status_code=202, responses=refusals(ImportNotFound, ImportStateRefused))
async def run_import(import_id: ImportId, request: Request, tx: Annotated[Tx, allow("customers:write")]) -> ImportOut:
    """Import the rows that the check found right. The others are left out and can be fetched."""
    found = await service.get_import(tx, import_id, language_of(request))
    if found.plan is not None:
        _require_all(tx, found.plan)
    await service.run_import(tx, import_id)
    return await service.get_import(tx, import_id, language_of(request))


@router.post("/{import_id}/cancel", responses=refusals(ImportNotFound, ImportStateRefused))
async def cancel_import(
    import_id: ImportId, request: Request, tx: Annotated[Tx, allow("customers:write")]
) -> ImportOut:
    """Stop a check or a run. What was imported stays."""
    await service.cancel_import(tx, import_id)
    return await service.get_import(tx, import_id, language_of(request))


@router.delete("/{import_id}", status_code=204, responses=refusals(ImportNotFound, ImportStateRefused))
async def delete_import(import_id: ImportId, tx: Annotated[Tx, allow("customers:write")]) -> None:
    """Forget a file. Customers that came with it stay. After a week files are forgotten anyway."""
    await service.delete_import(tx, import_id)


@router.get("/{import_id}/faults", responses=refusals(ImportNotFound))
async def list_faults(
    import_id: ImportId,
    request: Request,
    tx: Annotated[Tx, allow("customers:read")],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[FaultOut]:
    """What is wrong, row by row in the order of the file, each fault with a sentence."""
    after_row = min(after(cursor).int, 2**31 - 1) if cursor else 0
    items = await service.list_faults(tx, import_id, after_row, limit + 1, language_of(request))
    page = _whole_rows(items, limit)
    return Page(items=page, next=cursor_of(UUID(int=page[-1].row)) if len(page) < len(items) else None)


@router.get(
    "/{import_id}/faulty-rows",
    response_class=StreamingResponse,
    responses={**refusals(ImportNotFound), 200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def fetch_faulty_rows(
    import_id: ImportId, request: Request, admitted: Annotated[Admitted, admit("customers:read")]
) -> StreamingResponse:
    """The rows with faults as a CSV file, each with its sentence, to be mended and uploaded again."""
    async with admitted.transaction() as tx:
        header, count = await service.header_of(tx, import_id)
    headers = {"Content-Disposition": 'attachment; filename="faulty-rows.csv"', "Cache-Control": "no-store"}
    pieces = csv_of(admitted, import_id, header, count, language_of(request))
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=headers)


def _require_all(tx: Tx, plan: ImportPlan) -> None:
    if any(column.field == "balance" for column in plan.columns):
        tx.actor.require("ledger:adjust")
    if plan.issue_cards:
        tx.actor.require("passes:write")


def _whole_rows(faults: list[FaultOut], limit: int) -> list[FaultOut]:
    """A page ends between two rows, for the next one begins after a row."""
    if len(faults) <= limit:
        return faults
    page = [fault for fault in faults if fault.row < faults[-1].row]
    return page or faults[:limit]

"""HTTP of the directory. Filters come by POST: what is searched for may be contact data."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import StreamingResponse

from passerelle.clientele.directory import exporting, service
from passerelle.clientele.directory.schemas import DirectoryEntry, DirectoryExport, DirectoryFilter
from passerelle.kit.web import Admitted, Router, admit, language_of, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of

router = Router(prefix="/api/v1/customers/directory", tags=["customers"])


@router.post("", responses=refusals())
async def find_customers(
    body: DirectoryFilter,
    request: Request,
    admitted: Annotated[Admitted, admit("customers:read")],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[DirectoryEntry]:
    """Customers by name, contact, card, program, day, consent and last visit, newest first.

    A page may be short or even empty and still have a ``next``: some thousand customers are looked at for one page.
    """
    async with admitted.transaction() as tx:
        found = await service.find(tx, body, after(cursor), limit)
        items = await service.entries(tx, found.customer_ids, language_of(request))
    return Page(items=items, next=cursor_of(found.scanned_to) if found.scanned_to else None)


@router.post(
    "/export",
    response_class=StreamingResponse,
    responses={**refusals(), 200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def export_directory(
    body: DirectoryExport, request: Request, admitted: Annotated[Admitted, admit("customers:export")]
) -> StreamingResponse:
    """The same as a CSV file (UTF-8 with a byte order mark), which no spreadsheet takes for formulas.

    Written down in the audit trail.
    """
    headers = {
        "Content-Disposition": 'attachment; filename="customers.csv"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    pieces = exporting.csv_of(admitted, body, language_of(request))
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=headers)

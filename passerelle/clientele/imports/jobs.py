"""The job that checks and imports files, and the one that forgets them."""

from typing import Any, Final
from uuid import UUID

from passerelle.clientele.imports import service, working, writing
from passerelle.clientele.imports.faults import RowFault
from passerelle.kit.jobs import JobKind, Work, organization_of


async def work_on_import(work: Work, payload: dict[str, Any]) -> None:
    """Go through a file to its end, one transaction a part; goes on where it was interrupted."""
    import_id = UUID(payload["import_id"])
    refused: dict[int, RowFault] = {}
    while True:
        try:
            async with work.database.transaction(organization_of(payload)) as tx:
                if not await working.work_on_part(tx, import_id, refused):
                    return
        except writing.RowRefused as row:
            refused[row.row] = row.fault
        except writing.OF_ALL_ROWS as refusal:
            async with work.database.transaction(organization_of(payload)) as tx:
                await working.fail(tx, import_id, refusal)
            return
        else:
            refused = {}


async def forget_old_files(work: Work, payload: dict[str, Any]) -> None:
    """Forget files after a week."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.forget_old_files(tx)


WORK: Final = JobKind(service.WORK, work_on_import)
FORGET: Final = JobKind("clientele.forget_files", forget_old_files, schedule="41 * * * *")

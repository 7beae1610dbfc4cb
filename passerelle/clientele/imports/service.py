"""The verbs of imports; with working.py the only writer of their tables."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import IO, Any, Final, cast
from uuid import UUID

import orjson

from passerelle.clientele.imports import queries
from passerelle.clientele.imports.errors import ImportStateRefused, TooManyImports
from passerelle.clientele.imports.events import ImportFinished, ImportStarted
from passerelle.clientele.imports.faults import RowFault
from passerelle.clientele.imports.files import Opened, Row, parts
from passerelle.clientele.imports.judging import setting_of
from passerelle.clientele.imports.models import CustomerImport
from passerelle.clientele.imports.rules import suggested_columns
from passerelle.clientele.imports.schemas import (
    CustomerImportOut,
    FaultOut,
    ImportFigures,
    ImportPlan,
    ImportState,
    ImportSummary,
)
from passerelle.kit import clock
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import enqueue

WORK: Final = "clientele.work_on_import"
KEPT: Final = timedelta(days=7)
"""How long a file is kept, and what of it was not imported."""
_MAX_WAITING: Final = 20
_SAMPLE_ROWS: Final = 5
_PART: Final = "customer_import_parts.content"
_HEADER: Final = "customer_imports.header"


async def keep_file(tx: Tx, file: IO[bytes], digest: bytes, opened: Opened) -> UUID:
    """Keep an uploaded file for a check; one that waits already is not kept twice. Raises TooManyImports."""
    for known in await queries.list_of_digest(tx, digest):
        if known.state == "uploaded" and known.encoding == opened.encoding:
            return known.id
    if await queries.count_waiting(tx) >= _MAX_WAITING:
        raise TooManyImports(limit=_MAX_WAITING)
    keys = await tx.vault.keys(tx)
    kept = CustomerImport(
        organization_id=tx.organization_id,
        id=new_id(),
        state="uploaded",
        digest=digest,
        encoding=opened.encoding,
        delimiter=opened.delimiter,
        header=keys.encrypt(orjson.dumps(opened.header).decode(), _HEADER),
        row_count=opened.rows,
        part_count=0,
        actor=tx.actor.label,
        created_at=clock.now(),
    )
    tx.session.add(kept)
    await tx.flush()
    reader = parts(file, opened)
    while part := await asyncio.to_thread(next, reader, None):
        place = (tx.organization_id, kept.id, kept.part_count)
        await tx.raw.execute(queries.ADD_PART, *place, sealed_rows(keys, part))
        kept.part_count += 1
    return kept.id


async def get_import(tx: Tx, import_id: UUID, language: Language) -> CustomerImportOut:
    """An import as it stands; raises ImportNotFound."""
    found = await queries.get_import(tx, import_id)
    keys = await tx.vault.keys(tx)
    header: list[str] = orjson.loads(keys.decrypt(found.header, _HEADER))
    first = await rows_of(tx, import_id, 0) if found.next_part == 0 or found.state == "checked" else []
    again = [one.id for one in await queries.list_of_digest(tx, found.digest) if one.state == "done"]
    return CustomerImportOut(
        **_summary(found).model_dump(),
        encoding=cast("Any", found.encoding),
        delimiter=found.delimiter,
        columns=header,
        sample=[cells for _, cells in first[:_SAMPLE_ROWS]],
        suggested=suggested_columns(header),
        plan=None if found.plan is None else ImportPlan.model_validate(found.plan),
        failure=None if found.failure is None else found.failure[language],
        same_as=next((one for one in again if one != import_id), None),
    )


async def list_imports(tx: Tx, before: UUID, limit: int) -> list[ImportSummary]:
    """Imports, newest first."""
    return [_summary(found) for found in await queries.list_imports(tx, before, limit)]


async def check_import(tx: Tx, import_id: UUID, plan: ImportPlan) -> None:
    """Have a job try out what the plan would make of the file, without changing any customer.

    Raises ImportNotFound, ImportStateRefused, InvalidInput, ProgramNotFound, ProgramNotRunning, UnitNotFound,
    UnitNotNamed.
    """
    found = await _in_state(tx, import_id, "uploaded", "checked", "failed")
    header = orjson.loads((await tx.vault.keys(tx)).decrypt(found.header, _HEADER))
    if any(column.column >= len(header) for column in plan.columns):
        raise InvalidInput(detail=f"columns: 0 to {len(header) - 1}")
    if await queries.find_part(tx, import_id, 0) is None:
        raise ImportStateRefused(state="expired")
    await setting_of(tx, plan, width=len(header), delimiter=found.delimiter)
    found.plan = plan.model_dump(mode="json")
    await _begin(tx, found, "checking")


async def run_import(tx: Tx, import_id: UUID) -> None:
    """Have a job import the rows that the check found right; raises ImportNotFound, ImportStateRefused."""
    found = await _in_state(tx, import_id, "checked")
    await _begin(tx, found, "running")
    await announce(tx, ImportStarted(import_id=import_id, rows=found.row_count))


async def cancel_import(tx: Tx, import_id: UUID) -> None:
    """Stop a check, or a run: what it has imported stays. Raises ImportNotFound, ImportStateRefused."""
    found = await _in_state(tx, import_id, "checking", "running")
    if found.state == "checking":
        found.state, found.next_part, found.figures = "uploaded", 0, {}
        await queries.forget_findings(tx, import_id)
    else:
        await finish(tx, found, "cancelled")


async def delete_import(tx: Tx, import_id: UUID) -> None:
    """Forget a file and what was found in it; customers stay. Raises ImportNotFound, ImportStateRefused."""
    await _in_state(tx, import_id, "uploaded", "checked", "done", "failed", "cancelled")
    tx.session.expunge_all()
    await queries.remove_import(tx, import_id)


async def list_faults(tx: Tx, import_id: UUID, after_row: int, limit: int, language: Language) -> list[FaultOut]:
    """What is wrong with rows, in the order of the file; raises ImportNotFound."""
    await queries.get_import(tx, import_id)
    return [
        FaultOut(row=row["row"], field=row["field"], code=row["code"], message=fault_of(row).sentence(language))
        for row in await queries.list_faults(tx, import_id, after_row, limit)
    ]


async def header_of(tx: Tx, import_id: UUID) -> tuple[list[str], int]:
    """The names of a file's columns, and in how many parts it is kept; raises ImportNotFound."""
    found = await queries.get_import(tx, import_id)
    header: list[str] = orjson.loads((await tx.vault.keys(tx)).decrypt(found.header, _HEADER))
    return header, found.part_count


async def faulty_rows(
    tx: Tx, import_id: UUID, position: int, language: Language
) -> list[tuple[list[str], list[str]]]:
    """The rows of one part that have a fault: their cells, and the sentences about them."""
    rows = await rows_of(tx, import_id, position)
    if not rows:
        return []
    sentences: dict[int, list[str]] = {}
    for row in await queries.list_faults_between(tx, import_id, rows[0][0], rows[-1][0]):
        sentences.setdefault(row["row"], []).append(fault_of(row).sentence(language))
    return [(cells, sentences[number]) for number, cells in rows if number in sentences]


async def forget_old_files(tx: Tx) -> None:
    """Forget what was in files after a week, also when they were never imported."""
    for import_id in await queries.list_older(tx, clock.now() - KEPT):
        await queries.forget_content(tx, import_id)


async def finish(tx: Tx, found: CustomerImport, state: ImportState) -> None:
    """Note how an import ended; what was not read any more is forgotten."""
    found.state, found.finished_at = state, clock.now()
    await queries.forget_keys(tx, found.id)
    figures = ImportFigures.of(found.figures)
    fact = figures.model_dump(include={"new", "changed", "faulty"})
    await announce(tx, ImportFinished(import_id=found.id, state=state, **fact))


async def rows_of(tx: Tx, import_id: UUID, position: int) -> list[Row]:
    """The rows of one part that are kept still."""
    content = await queries.find_part(tx, import_id, position)
    if content is None:
        return []
    keys = await tx.vault.keys(tx)
    return [(number, cells) for number, cells in orjson.loads(keys.decrypt(content, _PART))]


def sealed_rows(keys: TenantKeys, rows: Sequence[Row]) -> bytes:
    """Rows as they are kept."""
    return keys.encrypt(orjson.dumps(rows).decode(), _PART)


def fault_of(row: Any) -> RowFault:
    """A fault as it was kept."""
    return RowFault(row["field"], row["code"], row["params"], row["texts"])


async def _begin(tx: Tx, found: CustomerImport, state: ImportState) -> None:
    found.state, found.next_part, found.figures = state, 0, {}
    found.failure, found.finished_at, found.actor = None, None, tx.actor.label
    await queries.forget_findings(tx, found.id)
    await enqueue(tx, WORK, {"import_id": str(found.id)})


async def _in_state(tx: Tx, import_id: UUID, *states: ImportState) -> CustomerImport:
    found = await queries.get_import(tx, import_id, for_update=True)
    if found.state not in states:
        raise ImportStateRefused(state=found.state)
    return found


def _summary(found: CustomerImport) -> ImportSummary:
    return ImportSummary(
        id=found.id,
        state=cast("ImportState", found.state),
        rows=found.row_count,
        figures=ImportFigures.of(found.figures),
        actor=found.actor,
        created_at=found.created_at,
        finished_at=found.finished_at,
    )

"""Working on an import part by part: the check and the run are one path, and only the run takes the last step."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from passerelle.clientele.imports import queries
from passerelle.clientele.imports.faults import RowFault
from passerelle.clientele.imports.judging import Judged, Setting, Verdict, judge, setting_of
from passerelle.clientele.imports.models import CustomerImport
from passerelle.clientele.imports.schemas import ImportPlan
from passerelle.clientele.imports.service import finish, header_of, rows_of, sealed_rows
from passerelle.clientele.imports.writing import write_rows
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import LANGUAGES


async def work_on_part(tx: Tx, import_id: UUID, refused: Mapping[int, RowFault]) -> bool:
    """Check or import the next part; False when there is nothing left to do.

    Raises RowRefused, which nothing of the part may survive, and the refusals ``OF_ALL_ROWS``.
    """
    found = await queries.get_import(tx, import_id, for_update=True)
    if found.state not in {"checking", "running"}:
        return False
    tx.actor = Actor.of_label(found.actor)
    if found.next_part >= found.part_count:
        await _end(tx, found)
        return False
    plan = ImportPlan.model_validate(found.plan)
    header, _ = await header_of(tx, import_id)
    setting = await setting_of(tx, plan, width=len(header), delimiter=found.delimiter)
    rows = await rows_of(tx, import_id, found.next_part)
    judged = await judge(tx, import_id, rows, setting, refused)
    counts = Counter(rows=len(rows), faulty=len(judged.faults))
    for verdict in judged.verdicts:
        counts.update(_foreseen(verdict, setting))
    await _keep_faults(tx, import_id, judged)
    if found.state == "running":
        await write_rows(tx, judged.verdicts, setting)
        await _keep_faulty_rows(tx, found, [row for row in rows if row[0] in judged.faults])
    found.figures = {name: found.figures.get(name, 0) + counts[name] for name in {*found.figures, *counts}}
    found.next_part += 1
    return True


async def fail(tx: Tx, import_id: UUID, refusal: Refusal) -> None:
    """End an import that no row can pass, with the reason."""
    found = await queries.get_import(tx, import_id, for_update=True)
    found.failure = {language: refusal.sentence(language) for language in LANGUAGES}
    await finish(tx, found, "failed")


async def _end(tx: Tx, found: CustomerImport) -> None:
    if found.state == "running":
        await finish(tx, found, "done")
    else:
        found.state = "checked"
        await queries.forget_keys(tx, found.id)


def _foreseen(verdict: Verdict, setting: Setting) -> Counter[str]:
    """What a row does, counted alike before and after it is done."""
    joins = setting.program is not None and verdict.membership_id is None
    counts = Counter(enrolled=int(joins), units=verdict.balance or 0)
    counts["cards"] = int(joins and setting.plan.issue_cards)
    if verdict.customer_id is None:
        counts["new"] = 1
    else:
        counts["changed" if verdict.change or joins or verdict.balance else "same"] = 1
    return counts


async def _keep_faults(tx: Tx, import_id: UUID, judged: Judged) -> None:
    faults = [(row, fault) for row, several in judged.faults.items() for fault in several]
    if faults:
        await tx.execute(
            queries.ADD_FAULTS,
            tx.organization_id,
            import_id,
            [row for row, _ in faults],
            [fault.field for _, fault in faults],
            [fault.code for _, fault in faults],
            [_json(fault.params) for _, fault in faults],
            [None if fault.texts is None else _json(fault.texts) for _, fault in faults],
        )


async def _keep_faulty_rows(tx: Tx, found: CustomerImport, rows: list[Any]) -> None:
    """Of what is imported no copy stays here."""
    place = (tx.organization_id, found.id, found.next_part)
    if rows:
        await tx.execute(queries.CHANGE_PART, *place, sealed_rows(await tx.vault.keys(tx), rows))
    else:
        await tx.execute(queries.REMOVE_PART, *place)


def _json(value: Mapping[str, Any]) -> str:
    return orjson.dumps(value).decode()

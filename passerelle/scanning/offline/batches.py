"""Applying queues: in the device's order, each operation in a transaction of its own.

One transaction for a whole queue would hold hundreds of members while other tills wait, and one refusal would undo
all of it. The device's row is locked for each operation, so that two requests with the same queue share the work.
"""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Final, TypeAlias
from uuid import UUID

import asyncpg

from passerelle.kit import clock
from passerelle.kit.db import Busy, Row, Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.kit.log import logger
from passerelle.scanning.offline import queries, rules
from passerelle.scanning.offline.applying import Made, actor_of, apply_operation
from passerelle.scanning.offline.errors import OperationFailed
from passerelle.scanning.offline.events import OfflineOperationRejected
from passerelle.scanning.offline.receiving import kept_reason, receive
from passerelle.scanning.offline.schemas import BatchIn, BatchOut, OperationOut
from passerelle.scanning.offline.service import booked_of, rejection_of

Open: TypeAlias = Callable[[], AbstractAsyncContextManager[Tx]]
"""Opens a transaction of the caller's tenant."""

_log: Final = logger(__name__)
# Nobody's fault: the operation stays as it is, and is tried again with the next request or by the job.
_TRANSIENT: Final = (Busy, asyncpg.TransactionRollbackError)


async def take_batch(open_tx: Open, batch: BatchIn, language: Language) -> BatchOut:
    """Keep a device's queue and apply what may be applied; one result for each operation. Raises DeviceNotFound."""
    async with open_tx() as tx:
        places = await receive(tx, batch)
    await apply_waiting(open_tx, batch.device_id)
    async with open_tx() as tx:
        rows = await queries.operations_by_id(tx, [row_id for row_id, _ in places])
        device = await queries.get_device(tx, batch.device_id)
    results = [
        _result(raw, rows[row_id], language, was_known=was_known)
        for raw, (row_id, was_known) in zip(batch.operations, places, strict=True)
    ]
    skew = rules.skew_of(batch.sent_at, clock.now())
    return BatchOut(
        results=results, clock_skew_seconds=int(skew.total_seconds()), last_sequence=device["last_sequence"]
    )


async def apply_waiting(open_tx: Open, device_id: UUID) -> None:
    """Apply a device's waiting operations in its order, as far as nothing before them is missing."""
    while await _apply_next(open_tx, device_id):
        pass


async def _apply_next(open_tx: Open, device_id: UUID) -> bool:
    """Apply or reject one operation; false when none may be applied now."""
    row: Row = None
    flags: list[rules.Flag] = []
    cause: Refusal
    try:
        async with open_tx() as tx:
            device = await queries.device_for_update(tx, device_id)
            tx.actor = actor_of(device)
            row = await queries.next_waiting(tx, device_id)
            turn = await _turn(tx, device, row) if row is not None else "wait"
            if turn == "wait":
                return False
            flags = [*row["flags"], *_flags_of(turn)]
            await _accept(tx, row, flags, await apply_operation(tx, device, row))
    except _TRANSIENT:
        return False
    except Refusal as refusal:
        cause = refusal
    except Exception as fault:  # noqa: BLE001  one operation that fails must not hold the queue behind it for ever
        _log.error("offline_operation_failed", device_id=str(device_id), exc_info=fault)
        cause = OperationFailed()
    else:
        return True
    if row is None:
        raise cause
    await _reject(open_tx, row, flags, cause)
    return True


async def _turn(tx: Tx, device: Row, row: Row) -> rules.Turn:
    """Whose turn it is; numbers that were rejected on arrival are not missing."""
    waited: timedelta = clock.now() - row["received_at"]
    turn = rules.turn_of(row["sequence"], device["last_sequence"], device["skipped_to"], waited)
    if turn in {"wait", "after_gap"}:
        between = row["sequence"] - device["last_sequence"] - 1
        settled = await queries.count_settled(tx, device["id"], device["last_sequence"], row["sequence"])
        if settled == between:
            return "now"
    return turn


def _flags_of(turn: rules.Turn) -> list[rules.Flag]:
    if turn == "after_gap":
        return ["sequence_gap"]
    return ["late"] if turn == "late" else []


async def _accept(tx: Tx, row: Row, flags: list[rules.Flag], made: Made) -> None:
    await tx.execute(
        queries.ACCEPT,
        *(tx.organization_id, row["id"], clock.now(), json.dumps(flags), made.customer_id, made.membership_id),
        *(made.purchase_id, made.issued_reward_id, made.reference),
    )
    await tx.execute(queries.ADVANCE, tx.organization_id, row["device_id"], row["sequence"])


async def _reject(open_tx: Open, row: Row, flags: list[rules.Flag], cause: Refusal) -> None:
    async with open_tx() as tx:
        tx.actor = actor_of(await queries.device_for_update(tx, row["device_id"]))
        rejected = await tx.fetchrow(
            queries.REJECT, tx.organization_id, row["id"], clock.now(), json.dumps(flags), kept_reason(cause)
        )
        if rejected is not None:
            await tx.execute(queries.ADVANCE, tx.organization_id, row["device_id"], row["sequence"])
            await announce(tx, OfflineOperationRejected(row["id"], row["device_id"], row["kind"], cause.code))


def _result(raw: object, row: Row, language: Language, *, was_known: bool) -> OperationOut:
    told = raw if isinstance(raw, dict) else {}
    operation_id, sequence = told.get("id"), told.get("sequence")
    return OperationOut(
        id=_told_back(operation_id) if isinstance(operation_id, str) else None,
        sequence=sequence if type(sequence) is int else None,
        status="duplicate" if was_known else row["status"],
        outcome=row["status"],
        flags=row["flags"],
        occurred_at=row["occurred_at"],
        reason=rejection_of(row, language),
        booked=booked_of(row),
    )


def _told_back(text: str) -> str:
    """The start of what a device sent; halves of surrogate pairs are no characters, and no answer can hold them."""
    return text[:100].encode("utf-8", "replace").decode()

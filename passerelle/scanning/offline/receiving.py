"""Taking a queue in: each operation is checked by itself and kept, in order to be applied or looked at."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce
from passerelle.kit.i18n import LANGUAGES
from passerelle.kit.ids import encode, new_id
from passerelle.purchases.errors import OccurredInFuture
from passerelle.scanning.offline import queries, rules
from passerelle.scanning.offline.errors import (
    DeviceClockWrong,
    DeviceRevoked,
    OperationIdReused,
    OperationMalformed,
    SequenceReused,
    SignatureInvalid,
)
from passerelle.scanning.offline.events import OfflineOperationRejected
from passerelle.scanning.offline.schemas import OPERATION, BatchIn
from passerelle.scanning.offline.signing import (
    SIGNATURE_BYTES,
    canonical,
    from_base64url,
    is_signed,
    signed_bytes,
)

_MAX_BYTES: Final = 64_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """An operation as it arrived: what is known of it, and why it cannot be booked, if that is clear already.

    ``genuine``: the device signed it. Ids and numbers of others are only told back.
    """

    digest: bytes
    payload: str = "{}"
    operation_id: UUID | None = None
    sequence: int | None = None
    kind: str | None = None
    genuine: bool = False
    refusal: Refusal | None = None
    told_at: datetime | None = None
    occurred_at: datetime | None = None
    flags: tuple[rules.Flag, ...] = ()


@dataclass(slots=True)
class Known:
    """What a device sent before, growing with what it sends now."""

    by_digest: dict[bytes, UUID] = field(default_factory=dict)
    operation_ids: set[UUID] = field(default_factory=set)
    sequences: set[int] = field(default_factory=set)

    def add(self, arrival: Arrival, row_id: UUID) -> None:
        """Remember one that is kept."""
        self.by_digest[arrival.digest] = row_id
        if arrival.genuine and arrival.operation_id is not None and arrival.sequence is not None:
            self.operation_ids.add(arrival.operation_id)
            self.sequences.add(arrival.sequence)


async def receive(tx: Tx, batch: BatchIn) -> list[tuple[UUID, bool]]:
    """Keep what a device sent; for each operation the row that holds it, and whether it had arrived before.

    The device is locked, so that of two requests with the same queue one is the first. Raises DeviceNotFound.
    """
    device = await queries.device_for_update(tx, batch.device_id)
    now = clock.now()
    arrivals = [check(device, raw, batch.sent_at, now) for raw in batch.operations]
    known = await _known(tx, batch.device_id, arrivals)
    places: list[tuple[UUID, bool]] = [(UUID(int=0), False)] * len(arrivals)
    kept: list[tuple[UUID, Arrival]] = []
    in_order = sorted(enumerate(arrivals), key=lambda each: (each[1].sequence or 0, each[1].digest))
    for position, arrival in in_order:
        before = known.by_digest.get(arrival.digest)
        if before is not None:
            places[position] = (before, True)
            continue
        row_id, first = new_id(), _first_of_its_kind(arrival, known)
        known.add(first, row_id)
        kept.append((row_id, first))
        places[position] = (row_id, False)
    await _keep(tx, batch.device_id, kept, now)
    skew_seconds = round((now - batch.sent_at).total_seconds())
    await tx.execute(
        queries.SEEN, tx.organization_id, batch.device_id, now, skew_seconds, (batch.holds_from or 1) - 1
    )
    return places


def check(device: Mapping[str, Any], raw: Any, sent_at: datetime, now: datetime) -> Arrival:
    """What one operation of a queue is: signed or not, well-formed or not, and when it happened."""
    try:
        message, signature = _signed(device["id"], raw)
        operation_id, sequence = _named(raw)
    except (ValueError, TypeError, AttributeError, RecursionError):
        digest = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).digest()
        return Arrival(digest, refusal=OperationMalformed(fault="id, sequence or signature cannot be read"))
    arrival = Arrival(hashlib.sha256(message + signature).digest(), canonical(raw), operation_id, sequence)
    if not is_signed(device["public_key"], message, signature):
        return replace(arrival, refusal=SignatureInvalid())
    arrival = replace(arrival, genuine=True)
    if device["revoked_at"] is not None:
        return replace(arrival, refusal=DeviceRevoked())
    return _dated(arrival, raw, sent_at, now)


def kept_reason(refusal: Refusal) -> str:
    """A refusal as it is kept beside the operation: code, values, and the sentence in every language."""
    reason = {
        "code": refusal.code,
        "params": {name: str(value) for name, value in refusal.params.items()},
        "texts": {language: refusal.sentence(language) for language in LANGUAGES},
    }
    return json.dumps(reason)


def _signed(device_id: UUID, raw: Any) -> tuple[bytes, bytes]:
    """The signed bytes and the signature of an operation that can be kept; raises ValueError."""
    message = signed_bytes(encode("dev", device_id), raw)
    if len(message) > _MAX_BYTES or b"\\u0000" in message:  # the one character that the database cannot keep
        raise ValueError
    return message, from_base64url(raw.get("signature"), SIGNATURE_BYTES)


def _named(raw: Any) -> tuple[UUID, int]:
    """The id and the number of an operation; raises ValueError."""
    sequence = raw.get("sequence")
    if type(sequence) is not int or not 1 <= sequence <= rules.MAX_SEQUENCE:
        raise ValueError
    return UUID(raw.get("id")), sequence


def _dated(arrival: Arrival, raw: Any, sent_at: datetime, now: datetime) -> Arrival:
    try:
        operation = OPERATION.validate_python(raw)
    except ValidationError as fault:
        return replace(arrival, refusal=OperationMalformed(fault=_first(fault)))
    arrival = replace(arrival, kind=operation.kind, told_at=operation.at)
    meant = rules.instant_of(operation.at, sent_at, now)
    if meant == "clock_wrong":
        hours = abs(round((now - sent_at).total_seconds() / 3600))
        return replace(arrival, refusal=DeviceClockWrong(hours=hours))
    if meant == "in_future":
        return replace(arrival, refusal=OccurredInFuture())
    flags: tuple[rules.Flag, ...] = ("clock_corrected",) if meant.corrected else ()
    return replace(arrival, occurred_at=meant.at, flags=flags)


def _first_of_its_kind(arrival: Arrival, known: Known) -> Arrival:
    if not arrival.genuine:
        return arrival
    if arrival.operation_id in known.operation_ids:
        return replace(arrival, genuine=False, refusal=OperationIdReused())
    if arrival.sequence in known.sequences:
        return replace(arrival, genuine=False, refusal=SequenceReused(sequence=arrival.sequence))
    return arrival


async def _known(tx: Tx, device_id: UUID, arrivals: Sequence[Arrival]) -> Known:
    known = Known()
    for row in await queries.known_operations(
        tx,
        device_id,
        [arrival.digest for arrival in arrivals],
        [arrival.operation_id for arrival in arrivals if arrival.operation_id is not None],
        [arrival.sequence for arrival in arrivals if arrival.sequence is not None],
    ):
        before = Arrival(row["digest"], "{}", row["operation_id"], row["sequence"], genuine=row["genuine"])
        known.add(before, row["id"])
    return known


async def _keep(tx: Tx, device_id: UUID, kept: Sequence[tuple[UUID, Arrival]], now: datetime) -> None:
    await tx.execute(
        queries.RECEIVE,
        *(tx.organization_id, device_id, now),
        [row_id for row_id, _ in kept],
        [arrival.operation_id for _, arrival in kept],
        [arrival.sequence for _, arrival in kept],
        [arrival.kind for _, arrival in kept],
        [arrival.payload for _, arrival in kept],
        [arrival.digest for _, arrival in kept],
        [arrival.genuine for _, arrival in kept],
        ["rejected" if arrival.refusal else "waiting" for _, arrival in kept],
        [kept_reason(arrival.refusal) if arrival.refusal else None for _, arrival in kept],
        [json.dumps(arrival.flags) for _, arrival in kept],
        [arrival.told_at for _, arrival in kept],
        [arrival.occurred_at for _, arrival in kept],
    )
    for row_id, arrival in kept:
        if arrival.refusal is not None:
            code = arrival.refusal.code
            await announce(tx, OfflineOperationRejected(row_id, device_id, arrival.kind, code))


def _first(fault: ValidationError) -> str:
    """The first fault with its place; what was sent stays out, for it may be contact data."""
    error = fault.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in error["loc"])
    return (f"{place}: {error['msg']}" if place else str(error["msg"]))[:300]

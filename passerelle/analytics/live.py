"""Facts as they happen, streamed to those who watch: one task of the process reads the log for all of them.

Every second it reads the latest facts of each organization that somebody watches, in one short transaction each, and
hands them to the viewers of that organization. It looks back some seconds, because transactions that commit at the
same time show their facts in any order, and remembers what it has told. NOTIFY is not used: it would serialize the
commits of all tills (docs/adr/0004).
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from passerelle.analytics.errors import TooManyStreams
from passerelle.kit import clock
from passerelle.kit.db import Database, Row, Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import logged_since
from passerelle.kit.ids import encode, first_id_at
from passerelle.kit.log import logger
from passerelle.kit.web import Admitted

_log: Final = logger(__name__)
MAX_STREAMS_PER_ORGANIZATION: Final = 20
MAX_STREAMS: Final = 500
_POLL_SECONDS: Final = 1.0
_RENEW_EVERY: Final = 5  # polls between two looks at whether somebody is still signed in
_HEARTBEAT_SECONDS: Final = 15.0
_LOOK_BACK: Final = timedelta(seconds=10)  # longer than any statement may take
_AT_ONCE: Final = 500
_QUEUED: Final = 1_000
# What is streamed of which fact: amounts and places, nothing of whom it is about.
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "purchase.recorded": ("amount_minor", "currency", "location_id"),
    "purchase.refunded": ("amount_minor", "currency", "location_id"),
    "purchase.voided": ("amount_minor", "currency"),
    "visit.recorded": ("location_id", "program_id"),
    "visit.undone": (),
    "check_in.opened": ("location_id",),
    "check_in.undone": ("location_id",),
    "reward.issued": (),
    "reward.redeemed": ("location_id",),
    "reward.redemption_undone": (),
    "reward.cancelled": (),
    "member.enrolled": ("program_id", "location_id"),
    "pass.issued": (),
    "pass.installed": ("wallet",),
    "pass.removed": ("wallet",),
}
_NAMES: Final = tuple(_FIELDS)
_PREFIXES: Final = {"location_id": "loc", "program_id": "prg"}
_READY: Final = b"retry: 3000\nevent: ready\ndata: {}\n\n"
_RELOAD: Final = b"event: reload\ndata: {}\n\n"
_ENDED: Final = b"event: ended\ndata: {}\n\n"
_HEARTBEAT: Final = b": still here\n\n"


@dataclass(slots=True, eq=False)
class Viewer:
    """One open stream: what it has still to be told. None is the end."""

    admitted: Admitted
    queue: asyncio.Queue[Row | None] = field(default_factory=lambda: asyncio.Queue(_QUEUED))
    missed: bool = False

    def tell(self, row: Row | None) -> None:
        """Hand a fact over; a browser that takes nothing for long is told to load the page anew."""
        if self.queue.full():
            self.queue.get_nowait()
            self.missed = True
        self.queue.put_nowait(row)


@dataclass(slots=True, eq=False)
class Watched:
    """An organization that somebody watches, and which facts of the last seconds its viewers know."""

    viewers: list[Viewer] = field(default_factory=list)
    told: OrderedDict[UUID, None] = field(default_factory=OrderedDict)

    def news(self, rows: Sequence[Row]) -> list[Row]:
        """Those that were not told yet; they count as told from now on."""
        fresh = [row for row in rows if row["id"] not in self.told]
        self.told.update(dict.fromkeys(row["id"] for row in fresh))
        oldest = first_id_at(clock.now() - 2 * _LOOK_BACK)
        while self.told and next(iter(self.told)) < oldest:
            self.told.popitem(last=False)
        return fresh


class Live:
    """The streams of one process. The task runs while anybody watches."""

    def __init__(self, database: Database, *, poll_seconds: float = _POLL_SECONDS) -> None:
        self._database = database
        self._poll_seconds = poll_seconds
        self._watched: dict[UUID, Watched] = {}
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def require_room(self, organization_id: UUID) -> None:
        """Raises TooManyStreams."""
        here = self._watched.get(organization_id)
        if here is not None and len(here.viewers) >= MAX_STREAMS_PER_ORGANIZATION:
            raise TooManyStreams(limit=MAX_STREAMS_PER_ORGANIZATION)
        if sum(len(watched.viewers) for watched in self._watched.values()) >= MAX_STREAMS:
            raise TooManyStreams(limit=MAX_STREAMS)

    async def follow(self, admitted: Admitted, last_event_id: UUID | None) -> AsyncIterator[bytes]:
        """The stream of one viewer, as server-sent events; after ``last_event_id`` nothing is left out."""
        viewer = Viewer(admitted)
        await self._add(viewer)
        try:
            yield _READY
            known: set[UUID] = set()
            for message in await self._missed_since(admitted, last_event_id, known):
                yield message
            while True:
                try:
                    row = await asyncio.wait_for(viewer.queue.get(), _HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield _HEARTBEAT
                    continue
                if row is None:
                    yield _ENDED
                    return
                if viewer.missed:
                    viewer.missed = False
                    yield _RELOAD
                if row["id"] not in known:
                    yield _message(row)
        finally:
            self._remove(viewer)

    def end_all(self) -> None:
        """Have every stream end: the server stops, and waits for open answers. May be called by a signal handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end_all)

    def _end_all(self) -> None:
        for watched in self._watched.values():
            for viewer in watched.viewers:
                viewer.tell(None)

    async def _add(self, viewer: Viewer) -> None:
        """Count it at once; what was logged just before is known already."""
        organization_id = viewer.admitted.organization_id
        self.require_room(organization_id)
        watched = self._watched.get(organization_id)
        if watched is None:
            watched = self._watched[organization_id] = Watched()
            watched.viewers.append(viewer)
            try:
                async with self._database.transaction(organization_id) as tx:
                    watched.news(await _latest(tx))
            except BaseException:
                self._remove(viewer)
                raise
        else:
            watched.viewers.append(viewer)
        if self._task is None or self._task.done():
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(self._watch())

    def _remove(self, viewer: Viewer) -> None:
        organization_id = viewer.admitted.organization_id
        watched = self._watched[organization_id]
        watched.viewers.remove(viewer)
        if not watched.viewers:
            del self._watched[organization_id]

    async def _missed_since(self, admitted: Admitted, last: UUID | None, known: set[UUID]) -> list[bytes]:
        if last is None:
            return []
        async with admitted.transaction() as tx:
            rows = await logged_since(tx, last, _NAMES, _AT_ONCE)
        known.update(row["id"] for row in rows)
        return [_RELOAD] if len(rows) == _AT_ONCE else [_message(row) for row in rows]

    async def _watch(self) -> None:
        """Read until nobody watches; an organization that cannot be read now is read the next time."""
        polls = 0
        while self._watched:
            polls += 1
            for organization_id, watched in list(self._watched.items()):
                try:
                    await self._poll(organization_id, watched, renew=polls % _RENEW_EVERY == 0)
                except Exception as fault:  # noqa: BLE001  one organization must not stop the others
                    _log.warning("live_poll_failed", reason=type(fault).__name__)
            await asyncio.sleep(self._poll_seconds)

    async def _poll(self, organization_id: UUID, watched: Watched, *, renew: bool) -> None:
        async with self._database.transaction(organization_id) as tx:
            rows = await _latest(tx)
            ended = [viewer for viewer in watched.viewers if renew and not await _is_admitted(tx, viewer)]
        for row in watched.news(rows):
            for viewer in watched.viewers:
                viewer.tell(row)
        for viewer in ended:
            viewer.tell(None)


async def _latest(tx: Tx) -> Sequence[Row]:
    return await logged_since(tx, first_id_at(clock.now() - _LOOK_BACK), _NAMES, _AT_ONCE)


async def _is_admitted(tx: Tx, viewer: Viewer) -> bool:
    try:
        await viewer.admitted.renew(tx)
    except Refusal:
        return False
    return True


def _message(row: Row) -> bytes:
    payload: dict[str, Any] = row["payload"]
    told = {name: _wire(name, payload.get(name)) for name in _FIELDS[row["name"]]}
    wire_id = encode("evt", row["id"])
    data = orjson.dumps({"id": wire_id, "name": row["name"], "occurred_at": row["occurred_at"], **told})
    return b"id: %b\nevent: fact\ndata: %b\n\n" % (wire_id.encode(), data)


def _wire(name: str, value: Any) -> Any:
    return encode(_PREFIXES[name], UUID(value)) if value is not None and name in _PREFIXES else value

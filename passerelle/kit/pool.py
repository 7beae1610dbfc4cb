"""Connections of one process to PostgreSQL: opened when needed, kept, handed out one at a time.

SQLAlchemy's own pool works through a bridge between threads and tasks, which costs a scan more than a statement
does; here a connection that is free is handed over in plain Python, and the ORM is attached only where it is used.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, TypeAlias

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence
from passerelle.kit.literals import call

_LIFE_SECONDS: Final = 3600.0
_names: Final = itertools.count()
# SQL text with $1 parameters, and what they are.
Statement: TypeAlias = tuple[str, Sequence[Any]]


class Busy(Refusal):
    """No database connection became free in time."""

    code = "busy"
    status = 503
    text: ClassVar[Sentence] = {
        "en": "The server is busy. Nothing was changed: try again in a moment.",
        "fr": "Le serveur est occupé. Rien n'a été modifié : réessayez dans un instant.",
        "ar": "الخادم مشغول. لم يتغيّر شيء: أعد المحاولة بعد لحظات.",
    }


@dataclass(slots=True, eq=False)
class Pooled:
    """One connection: ``raw`` for SQL text, ``orm`` for sessions, on the same wire."""

    orm: AsyncConnection
    raw: asyncpg.Connection
    opened_at: float = field(default_factory=time.monotonic)
    broken: bool = False
    _prepared: dict[str, Any] = field(default_factory=dict)

    @property
    def is_usable(self) -> bool:
        """Whether it may be handed out again."""
        return not self.broken and not self.raw.is_closed() and time.monotonic() - self.opened_at < _LIFE_SECONDS

    async def run_together(self, statements: Sequence[Statement], *last: str, first: str = "") -> None:
        """Send statements whose rows nobody reads between ``first`` and ``last``, commands without parameters.

        They go in one message; it stops at the first that fails.
        """
        commands = [call(await self._name(sql), arguments) for sql, arguments in statements]
        await self.raw.execute("; ".join([*([first] if first else ()), *commands, *last]))

    async def _name(self, sql: str) -> str:
        """The server's name of a prepared statement; prepared once per connection."""
        known = self._prepared.get(sql)
        if known is None:
            known = self._prepared[sql] = await self.raw.prepare(sql, name=f"together_{next(_names)}")
        name: str = known.get_name()
        return name

    async def discard(self) -> None:
        """Close it for good, without a word to the server."""
        self.raw.terminate()
        with suppress(Exception):
            await self.orm.invalidate()
        with suppress(Exception):
            await self.orm.close()


class Pool:
    """At most ``size`` connections; who asks for one more waits for ``wait_seconds`` and is then told Busy."""

    def __init__(self, engine: AsyncEngine, size: int, *, wait_seconds: float = 5.0) -> None:
        self._engine = engine
        self._free = asyncio.Semaphore(size)
        self._idle: list[Pooled] = []
        self.wait_seconds = wait_seconds

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Pooled]:
        """A connection for the length of the block; the one that was used last, for its caches are warm."""
        await self._wait()
        pooled: Pooled | None = None
        try:
            pooled = await self._take()
            yield pooled
        except asyncpg.InternalClientError as fault:  # cut while nobody looked: the statement was not even sent
            if pooled is not None:
                pooled.broken = True
            raise Busy from fault
        except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError):
            if pooled is not None:
                pooled.broken = True  # a connection that was cut may not know it yet
            raise
        finally:
            if pooled is not None and pooled.is_usable:
                self._idle.append(pooled)
                self._free.release()
            else:
                self._free.release()
                if pooled is not None:
                    await asyncio.shield(pooled.discard())

    async def close(self) -> None:
        """Close every connection that nobody holds."""
        while self._idle:
            pooled = self._idle.pop()
            await pooled.orm.close()
        await self._engine.dispose()

    async def _wait(self) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(self.wait_seconds):
                await self._free.acquire()
        except TimeoutError:
            raise Busy from None

    async def _take(self) -> Pooled:
        while self._idle:
            pooled = self._idle.pop()
            if pooled.is_usable:
                return pooled
            await pooled.discard()
        try:
            orm = await self._engine.connect()
        except (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as fault:
            raise Busy from fault
        raw = (await orm.get_raw_connection()).driver_connection
        assert raw is not None
        return Pooled(orm, raw)

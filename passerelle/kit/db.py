"""The database: one transaction type, opened and committed at the edge, always inside one tenant.

Back-office code uses ``tx.session`` with models; hot paths use ``tx.fetch`` with SQL text from ``queries.py``.
Both run in the same transaction on the same connection. Nothing else opens, commits or rolls back.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

import asyncpg
from sqlalchemy import DateTime, LargeBinary, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import NullPool

from passerelle.kit.actors import SYSTEM, Actor
from passerelle.kit.errors import Refusal
from passerelle.kit.log import logger
from passerelle.kit.pool import Busy, Pool, Pooled, Statement
from passerelle.kit.postgres import APP_ROLE

if TYPE_CHECKING:
    from starlette.requests import Request

    from passerelle.kit.crypto import Vault
    from passerelle.kit.events import Event

__all__ = [
    "Base",
    "Busy",
    "CommitUnheard",
    "Database",
    "Deferred",
    "Row",
    "Statement",
    "Tenant",
    "Tx",
    "UtcTime",
    "driver_url",
]

_log: Final = logger(__name__)
UtcTime = DateTime(timezone=True)
Row: TypeAlias = Any  # asyncpg.Record; the library ships no types

_CONDITION_FAILED: Final = "PA001"
# A row that was not let go of in time, a machine with too much to do: the caller may try again.
_NOBODYS_FAULT: Final = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError, asyncpg.QueryCanceledError)

# Names of constraints must be stable, for refusals are told apart by them.
_NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every model; ``Tenant`` below is what nearly all of them want."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        str: Text(),
        bytes: LargeBinary(),
        dict[str, Any]: JSONB(none_as_null=True),
        list[Any]: JSONB(none_as_null=True),
    }


class Tenant:
    """Mixin: the organization is the first column of the primary key, so references cannot cross tenants."""

    organization_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)


Deferred: TypeAlias = "Callable[[Tx, set[UUID]], Awaitable[None]]"


@dataclass(slots=True, eq=False)
class Tx:
    """One open transaction of one tenant; made by ``Database.transaction`` alone.

    ``events`` gathers the facts announced so far, ``at_commit`` what writes such things just before the commit;
    ``request`` is there when the transaction serves one. ``turn`` is whose turn it is in a transaction of several
    actors (``act_for``), and ``told_by`` whose it was at each event.
    ``soon`` are statements that travel before whatever is asked next, ``last`` those that travel with the commit.
    ``locked`` tells of rows that this transaction has locked, by id: who hears of a fact about one need not read it.
    ``despite_refusal`` is done in a transaction of its own when a refusal ends this one: counting a wrong code.
    ``seen`` is what was read under an id, for subscribers that would have to read it again. ``condition_held`` tells
    that it was opened under conditions that held.
    """

    organization_id: UUID
    actor: Actor
    vault: "Vault"
    pooled: Pooled
    events: "list[Event]" = field(default_factory=list)
    turn: Actor | None = None
    told_by: list[Actor | None] = field(default_factory=list)
    request: "Request | None" = None
    at_commit: "list[Callable[[Tx], Awaitable[None]]]" = field(default_factory=list)
    deferred: "dict[tuple[Deferred, Actor | None], set[UUID]]" = field(default_factory=dict)
    soon: list[Statement] = field(default_factory=list)
    last: list[Statement] = field(default_factory=list)
    locked: dict[UUID, Any] = field(default_factory=dict)
    despite_refusal: "list[Callable[[Tx], Awaitable[None]]]" = field(default_factory=list)
    seen: dict[UUID, Any] = field(default_factory=dict)
    condition_held: bool = False
    _session: AsyncSession | None = None

    def defer(self, verb: "Deferred", about: UUID, *, in_turn: bool = False) -> None:
        """Have ``verb(tx, ids)`` called once before the commit, with every id it was asked for until then.

        For what follows from many facts but need be done once, such as marking a card as changed. ``in_turn`` is for
        what is done in somebody's name: once for each of several actors.
        """
        self.deferred.setdefault((verb, self.turn if in_turn else None), set()).add(about)

    def act_for(self, actor: Actor) -> None:
        """What is done from now on is done by this actor, and stays theirs when it is somebody else's turn."""
        self.actor = self.turn = actor

    async def settle(self) -> None:
        """Do what was deferred; called by the transaction itself before it commits."""
        while self.deferred:
            (verb, actor), ids = self.deferred.popitem()
            if actor is not None:
                self.act_for(actor)
            await verb(self, ids)

    @property
    def raw(self) -> asyncpg.Connection:
        """The driver's connection, for libraries that want it."""
        return self.pooled.raw

    def write_last(self, sql: str, *arguments: Any) -> None:
        """Have a statement sent in one message with the commit: for writes that nothing here reads afterwards.

        Each message to the database wakes two processes, which costs more than most statements do. What it violates
        is known only at the commit, so it must violate nothing that a caller wants to hear as a refusal.
        """
        self.last.append((sql, arguments))

    def write_soon(self, sql: str, *arguments: Any) -> None:
        """The same for writes that may be read here: sent before the next statement, if there is one.

        The ORM does not know of them: only for tables that are read by SQL text.
        """
        self.soon.append((sql, arguments))

    @property
    def session(self) -> AsyncSession:
        """The ORM on this very transaction; attributes load only when the query asked for them."""
        if self._session is None:
            self._session = AsyncSession(self.pooled.orm, expire_on_commit=False, autoflush=True)
        return self._session

    async def fetch(self, sql: str, *arguments: Any) -> Sequence[Row]:
        """All rows of a statement with ``$1`` parameters; pending ORM changes are written first."""
        await self.flush()
        rows: Sequence[Row] = await self.raw.fetch(sql, *arguments)
        return rows

    async def fetchrow(self, sql: str, *arguments: Any) -> Row:
        """The first row, or None."""
        await self.flush()
        return await self.raw.fetchrow(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: Any) -> Any:
        """The first column of the first row, or None."""
        await self.flush()
        return await self.raw.fetchval(sql, *arguments)

    async def execute(self, sql: str, *arguments: Any) -> None:
        """Run a statement for its effect."""
        await self.flush()
        await self.raw.execute(sql, *arguments)

    async def detach(self) -> None:
        """Let go of the ORM at the end; called by the transaction itself."""
        if self._session is not None:
            await self._session.close()
            await self.pooled.orm.rollback()

    async def flush(self) -> None:
        """Write what waits, so that constraints speak now and SQL text sees it."""
        if self.soon:
            waiting, self.soon = self.soon, []
            await self.pooled.run_together(waiting)
        await self.flush_orm()

    async def flush_orm(self) -> None:
        """Write pending ORM changes."""
        if self._session is not None and (self._session.new or self._session.dirty or self._session.deleted):
            await self._session.flush()


class CommitUnheard(ConnectionError):
    """The connection was lost while a transaction committed: it is there whole or not at all, and nobody knows which.

    Whoever does the same again without a key or a reference may do it twice.
    """


class Database:
    """The pool of one process, connected as the role that owns nothing and cannot bypass row-level security."""

    def __init__(
        self,
        dsn: str,
        vault: "Vault",
        *,
        pool_size: int = 10,
        statement_timeout_ms: int = 5_000,
        lock_timeout_ms: int = 3_000,
    ) -> None:
        self.pool = Pool(_engine(dsn, statement_timeout_ms, lock_timeout_ms), pool_size)
        self.dsn = dsn
        self.vault = vault

    @asynccontextmanager
    async def transaction(
        self,
        organization_id: UUID,
        actor: Actor | None = None,
        *,
        timeout_ms: int | None = None,
        lock_timeout_ms: int | None = None,
        durable: bool = True,
        conditions: Sequence[Statement] = (),
    ) -> AsyncIterator[Tx]:
        """Open a transaction for one tenant; commits when the block ends well, rolls back otherwise.

        The tenant is set with the statement SET LOCAL in the same message as BEGIN: only the statement form
        travels to Citus's workers. ``timeout_ms`` lifts the statement timeout for jobs that need longer,
        ``lock_timeout_ms`` is how long to wait for somebody else's row in place of the usual time. With
        ``durable=False`` the commit does not wait for the disk: for marks whose loss in a crash only costs work.
        ``conditions`` go in that message, too: statements that fail with the code ``PA001`` when they do not hold,
        upon which the transaction is opened without them.
        """
        tx: Tx | None = None
        try:
            async with self.pool.connection() as pooled:
                begin = f"BEGIN; SET LOCAL app.organization_id = '{UUID(str(organization_id))}'"
                if timeout_ms is not None:
                    begin += f"; SET LOCAL statement_timeout = {int(timeout_ms)}"
                if lock_timeout_ms is not None:
                    begin += f"; SET LOCAL lock_timeout = {int(lock_timeout_ms)}"
                if not durable:
                    begin += "; SET LOCAL synchronous_commit = off"
                committing = False
                tx = Tx(organization_id, actor or SYSTEM, self.vault, pooled)
                try:
                    tx.condition_held = await _begin(pooled, begin, conditions)
                    yield tx
                    await tx.settle()
                    await tx.flush_orm()
                    for write in tx.at_commit:
                        await write(tx)
                    committing = True
                    await pooled.run_together([*tx.soon, *tx.last], "COMMIT")
                except BaseException as fault:
                    is_lost = pooled.raw.is_closed() or isinstance(fault, asyncpg.PostgresConnectionError)
                    await _abandon(pooled)
                    # A connection lost before the commit has changed nothing, and that may be said.
                    if (is_lost or pooled.raw.is_closed()) and isinstance(fault, Exception):
                        raise (CommitUnheard if committing else Busy) from fault
                    if isinstance(fault, _NOBODYS_FAULT):
                        _log.warning("busy", reason=type(fault).__name__)
                        raise Busy from fault
                    raise
                finally:
                    await tx.detach()
        except Refusal:
            if tx is not None:
                await self._write_despite_refusal(tx)
            raise

    @asynccontextmanager
    async def unscoped(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection without tenant, in autocommit: sees directory and queue tables, and no tenant's rows."""
        async with self.pool.connection() as pooled:
            yield pooled.raw

    async def _write_despite_refusal(self, refused: Tx) -> None:
        if refused.despite_refusal:
            async with self.transaction(refused.organization_id, refused.actor) as tx:
                for write in refused.despite_refusal:
                    await write(tx)

    async def close(self) -> None:
        """Close every connection of the pool."""
        await self.pool.close()


async def _begin(pooled: Pooled, begin: str, conditions: Sequence[Statement]) -> bool:
    """Open a transaction; whether it was opened under conditions."""
    if conditions:
        try:
            await pooled.run_together(conditions, first=begin)
        except asyncpg.PostgresError as fault:
            if fault.sqlstate != _CONDITION_FAILED:
                raise
            begin = f"ROLLBACK; {begin}"
        else:
            return True
    await pooled.raw.execute(begin)
    return False


async def _abandon(pooled: Pooled) -> None:
    """Roll back; a connection that cannot even do that is thrown away rather than used again."""
    try:
        await asyncio.shield(asyncio.wait_for(pooled.raw.execute("ROLLBACK"), timeout=2))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, asyncio.CancelledError):
        pooled.broken = True


def driver_url(dsn: str) -> tuple[str, dict[str, Any]]:
    """A PostgreSQL DSN as SQLAlchemy's URL for asyncpg, and what must go to the driver as arguments instead."""
    parts = urlsplit(dsn)
    query = dict(parse_qsl(parts.query))
    arguments: dict[str, Any] = {"ssl": mode} if (mode := query.pop("sslmode", None)) else {}
    return urlunsplit(("postgresql+asyncpg", parts.netloc, parts.path, urlencode(query), "")), arguments


def _engine(dsn: str, statement_timeout_ms: int, lock_timeout_ms: int) -> AsyncEngine:
    url, arguments = driver_url(dsn)
    arguments["statement_cache_size"] = 500
    arguments["server_settings"] = {
        "application_name": "passerelle",
        "role": APP_ROLE,
        "statement_timeout": str(statement_timeout_ms),
        "lock_timeout": str(lock_timeout_ms),
        "idle_in_transaction_session_timeout": "30000",
        "standard_conforming_strings": "on",
        "jit": "off",
        # Statements differ in their values only, and a tenant's row is always found by its key.
        "plan_cache_mode": "force_generic_plan",
    }
    # AUTOCOMMIT: SQLAlchemy sends no BEGIN of its own, for ours carries the tenant in the same message.
    return create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        connect_args=arguments,
    )

"""The database: one transaction type, opened and committed at the edge, always inside one tenant.

Back-office code uses ``tx.session`` with models; hot paths use ``tx.fetch`` with SQL text from ``queries.py``.
Both run in the same transaction on the same connection. Nothing else opens, commits or rolls back.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

import asyncpg
from sqlalchemy import DateTime, LargeBinary, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from passerelle.kit.actors import SYSTEM, Actor
from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence
from passerelle.kit.postgres import APP_ROLE

if TYPE_CHECKING:
    from starlette.requests import Request

    from passerelle.kit.crypto import Vault
    from passerelle.kit.events import Event

UtcTime = DateTime(timezone=True)
Row: TypeAlias = Any  # asyncpg.Record; the library ships no types

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


class Busy(Refusal):
    """No database connection became free in time."""

    code = "busy"
    status = 503
    text: ClassVar[Sentence] = {
        "en": "The server is busy. Nothing was changed: try again in a moment.",
        "fr": "Le serveur est occupé. Rien n'a été modifié : réessayez dans un instant.",
        "ar": "الخادم مشغول. لم يتغيّر شيء: أعد المحاولة بعد لحظات.",
    }


Deferred: TypeAlias = "Callable[[Tx, set[UUID]], Awaitable[None]]"


@dataclass(slots=True, eq=False)
class Tx:
    """One open transaction of one tenant; made by ``Database.transaction`` alone.

    ``events`` gathers the facts announced so far, ``at_commit`` what writes such things just before the commit;
    ``request`` is there when the transaction serves one. ``locked`` holds rows that this transaction has locked, by
    id: who hears of a fact about one need not read and lock it again.
    """

    organization_id: UUID
    actor: Actor
    vault: "Vault"
    raw: asyncpg.Connection
    connection: AsyncConnection
    events: "list[Event]" = field(default_factory=list)
    request: "Request | None" = None
    at_commit: "list[Callable[[Tx], Awaitable[None]]]" = field(default_factory=list)
    deferred: "dict[Deferred, set[UUID]]" = field(default_factory=dict)
    locked: dict[UUID, Any] = field(default_factory=dict)
    _session: AsyncSession | None = None

    def defer(self, verb: "Deferred", about: UUID) -> None:
        """Have ``verb(tx, ids)`` called once before the commit, with every id it was asked for until then.

        For what follows from many facts but need be done once, such as marking a card as changed.
        """
        self.deferred.setdefault(verb, set()).add(about)

    async def settle(self) -> None:
        """Do what was deferred; called by the transaction itself before it commits."""
        while self.deferred:
            verb, ids = self.deferred.popitem()
            await verb(self, ids)

    @property
    def session(self) -> AsyncSession:
        """The ORM on this very transaction; attributes load only when the query asked for them."""
        if self._session is None:
            self._session = AsyncSession(self.connection, expire_on_commit=False, autoflush=True)
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

    async def flush(self) -> None:
        """Write pending ORM changes, so that constraints speak now and SQL text sees them."""
        if self._session is not None and (self._session.new or self._session.dirty or self._session.deleted):
            await self._session.flush()


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
        self._engine = _engine(dsn, pool_size, statement_timeout_ms, lock_timeout_ms)
        self.dsn = dsn
        self.vault = vault

    @asynccontextmanager
    async def transaction(
        self,
        organization_id: UUID,
        actor: Actor | None = None,
        *,
        timeout_ms: int | None = None,
        durable: bool = True,
    ) -> AsyncIterator[Tx]:
        """Open a transaction for one tenant; commits when the block ends well, rolls back otherwise.

        The tenant is set with the statement SET LOCAL in the same message as BEGIN: only the statement form
        travels to Citus's workers. ``timeout_ms`` lifts the statement timeout for jobs that need longer. With
        ``durable=False`` the commit does not wait for the disk: for marks whose loss in a crash only costs work.
        """
        async with self._connected() as (connection, raw):
            begin = f"BEGIN; SET LOCAL app.organization_id = '{UUID(str(organization_id))}'"
            if timeout_ms is not None:
                begin += f"; SET LOCAL statement_timeout = {int(timeout_ms)}"
            if not durable:
                begin += "; SET LOCAL synchronous_commit = off"
            committing = False
            try:
                await raw.execute(begin)
                tx = Tx(organization_id, actor or SYSTEM, self.vault, raw, connection)
                yield tx
                await tx.settle()
                await tx.flush()
                for write in tx.at_commit:
                    await write(tx)
                committing = True
                await raw.execute("COMMIT")
            except BaseException as fault:
                await _abandon(connection, raw)
                # A connection lost before the commit has changed nothing, and that may be said.
                if raw.is_closed() and not committing and isinstance(fault, Exception):
                    raise Busy from fault
                raise

    @asynccontextmanager
    async def unscoped(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection without tenant, in autocommit: sees directory and queue tables, and no tenant's rows."""
        async with self._connected() as (_, raw):
            yield raw

    async def close(self) -> None:
        """Close every connection of the pool."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[AsyncConnection, asyncpg.Connection]]:
        connection, raw = await self._live_connection()
        try:
            yield connection, raw
        finally:
            if raw.is_closed():
                await connection.invalidate()
            await asyncio.shield(connection.close())

    async def _live_connection(self) -> tuple[AsyncConnection, asyncpg.Connection]:
        """A connection that the server has not closed meanwhile; those that it has are thrown away."""
        while True:
            try:
                connection = await self._engine.connect()
            except (PoolTimeoutError, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as fault:
                raise Busy from fault
            raw = (await connection.get_raw_connection()).driver_connection
            assert raw is not None
            if not raw.is_closed():
                return connection, raw
            await connection.invalidate()
            await connection.close()


async def _abandon(connection: AsyncConnection, raw: asyncpg.Connection) -> None:
    """Roll back; a connection that cannot even do that is thrown away rather than returned to the pool."""
    try:
        await asyncio.shield(asyncio.wait_for(raw.execute("ROLLBACK"), timeout=2))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, asyncio.CancelledError):
        with suppress(Exception):
            await connection.invalidate()


def driver_url(dsn: str) -> tuple[str, dict[str, Any]]:
    """A PostgreSQL DSN as SQLAlchemy's URL for asyncpg, and what must go to the driver as arguments instead."""
    parts = urlsplit(dsn)
    query = dict(parse_qsl(parts.query))
    arguments: dict[str, Any] = {"ssl": mode} if (mode := query.pop("sslmode", None)) else {}
    return urlunsplit(("postgresql+asyncpg", parts.netloc, parts.path, urlencode(query), "")), arguments


def _engine(dsn: str, pool_size: int, statement_timeout_ms: int, lock_timeout_ms: int) -> AsyncEngine:
    url, arguments = driver_url(dsn)
    arguments["server_settings"] = {
        "application_name": "passerelle",
        "role": APP_ROLE,
        "statement_timeout": str(statement_timeout_ms),
        "lock_timeout": str(lock_timeout_ms),
        "idle_in_transaction_session_timeout": "30000",
        "jit": "off",
        # Statements differ in their values only, and a tenant's row is always found by its key.
        "plan_cache_mode": "force_generic_plan",
    }
    # AUTOCOMMIT: SQLAlchemy sends no BEGIN of its own, for ours carries the tenant in the same message.
    return create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=3600,
        connect_args=arguments,
    )

"""Jobs: enqueued in the caller's transaction, done by the worker after the commit, at least once.

A handler is an async function of ``Work`` and a payload of plain values; it may run twice, so it must be
harmless to repeat. The queue is PgQueuer in the same database.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.models import Job, Schedule
from pgqueuer.queries import Queries

from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.log import logger
from passerelle.kit.postgres import APP_ROLE

_log: Final = logger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What a job can reach; it opens its own transaction with ``database.transaction(organization_id)``."""

    database: Database
    settings: Settings


Handler = Callable[[Work, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A named job; ``schedule`` is a cron expression in UTC for those that time wakes."""

    name: str
    handler: Handler
    schedule: str | None = None


async def enqueue(tx: Tx, name: str, payload: dict[str, Any], *, after_seconds: float = 0, priority: int = 0) -> None:
    """Have job ``name`` done after this transaction commits; not at all when it rolls back."""
    await tx.flush()
    body = orjson.dumps({"organization_id": str(tx.organization_id), **payload}, default=str)
    delay = timedelta(seconds=after_seconds) if after_seconds else None
    await Queries(AsyncpgDriver(tx.raw)).enqueue(name, body, priority=priority, execute_after=delay)


async def queue(dsn: str, work: Work, kinds: list[JobKind]) -> tuple[PgQueuer, asyncpg.Connection]:
    """A queue runner on a connection of its own (LISTEN needs one); run it with ``await runner.run()``."""
    connection = await asyncpg.connect(
        dsn, server_settings={"application_name": "passerelle-worker", "role": APP_ROLE}
    )
    runner = PgQueuer(AsyncpgDriver(connection))
    for kind in kinds:
        _register(runner, work, kind)
    return runner, connection


def _register(runner: PgQueuer, work: Work, kind: JobKind) -> None:
    async def run(job: Job) -> None:
        payload = orjson.loads(job.payload) if job.payload else {}
        try:
            await kind.handler(work, payload)
        except Exception:
            _log.exception("job_failed", job=kind.name)
            raise

    async def run_scheduled(_schedule: Schedule) -> None:
        await kind.handler(work, {})

    runner.entrypoint(kind.name)(run)
    if kind.schedule:
        runner.schedule(f"{kind.name}.schedule", kind.schedule)(run_scheduled)


def organization_of(payload: dict[str, Any]) -> UUID:
    """The tenant a job was enqueued for."""
    return UUID(payload["organization_id"])

"""Jobs: enqueued in the caller's transaction, done by the worker after the commit, at least once.

A handler is an async function of ``Work`` and a payload of plain values; it may run twice, so it must be
harmless to repeat. The queue is PgQueuer in the same database.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import asyncpg
import orjson

from passerelle.kit import clock, directory
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.log import logger
from passerelle.kit.postgres import APP_ROLE

# PgQueuer takes a sixth of a second and 4 MB to load: only who does jobs loads it.
if TYPE_CHECKING:
    from pgqueuer import PgQueuer
    from pgqueuer.executors import EntrypointExecutor, EntrypointExecutorParameters
    from pgqueuer.models import Job, Schedule

_log: Final = logger(__name__)
_KEPT: Final = timedelta(days=1)
# Doubled each time, up to a quarter of an hour: about a day of attempts, then the job is held for a person.
_FIRST_DELAY: Final = timedelta(seconds=5)
_LONGEST_DELAY: Final = timedelta(minutes=15)
_MAX_ATTEMPTS: Final = 100
# PgQueuer's own insertion, for one job (compared in tests/kit/test_jobs.py).
_ENQUEUE: Final = """
    WITH queued AS (
        INSERT INTO pgqueuer (priority, entrypoint, payload, execute_after, status)
        VALUES (0, $1, $2, now() + $3::interval, 'queued') RETURNING id, entrypoint, priority
    )
    INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority)
    SELECT id, 'queued', entrypoint, priority FROM queued
"""
_PRUNE: Final = "DELETE FROM idempotency_keys WHERE organization_id = $1 AND created_at < $2"


@dataclass(frozen=True, slots=True)
class Work:
    """What a job can reach; it opens its own transaction with ``database.transaction(organization_id)``."""

    database: Database
    settings: Settings


Handler = Callable[[Work, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A named job; with ``schedule``, a cron expression in UTC, it is also done for every tenant at those times."""

    name: str
    handler: Handler
    schedule: str | None = None


def in_order(*steps: Handler) -> Handler:
    """One job that does several things, one after the other; when one fails, the others wait for the next time."""

    async def do_all(work: Work, payload: dict[str, Any]) -> None:
        for step in steps:
            await step(work, payload)

    return do_all


async def enqueue(tx: Tx, name: str, payload: dict[str, Any], *, after_seconds: float = 0) -> None:
    """Have job ``name`` done after this transaction commits; not at all when it rolls back."""
    await tx.flush()
    body = orjson.dumps({"organization_id": str(tx.organization_id), **payload}, default=str)
    await tx.raw.execute(_ENQUEUE, name, body, timedelta(seconds=after_seconds))


async def queue(dsn: str, work: Work, kinds: list[JobKind]) -> "tuple[PgQueuer, asyncpg.Connection]":
    """A queue runner on a connection of its own (LISTEN needs one); run it with ``await runner.run()``."""
    from pgqueuer import PgQueuer  # noqa: PLC0415
    from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver  # noqa: PLC0415

    connection = await asyncpg.connect(
        dsn, server_settings={"application_name": "passerelle-worker", "role": APP_ROLE}
    )
    runner = PgQueuer(AsyncpgDriver(connection))
    for kind in kinds:
        _register(runner, work, kind)
    return runner, connection


def _patient(parameters: "EntrypointExecutorParameters") -> "EntrypointExecutor":
    from pgqueuer.executors import DatabaseRetryEntrypointExecutor  # noqa: PLC0415

    return DatabaseRetryEntrypointExecutor(
        parameters, max_attempts=_MAX_ATTEMPTS, initial_delay=_FIRST_DELAY, max_delay=_LONGEST_DELAY
    )


def _register(runner: "PgQueuer", work: Work, kind: JobKind) -> None:
    async def run(job: "Job") -> None:
        payload = orjson.loads(job.payload) if job.payload else {}
        try:
            await kind.handler(work, payload)
        except Exception:
            _log.exception("job_failed", job=kind.name, attempts=job.attempts + 1)
            raise

    async def run_scheduled(_schedule: "Schedule") -> None:
        for organization_id in await directory.list_tenants(work.database):
            try:
                await kind.handler(work, {"organization_id": str(organization_id)})
            except Exception:  # noqa: BLE001  one tenant must not stop the others
                _log.exception("job_failed", job=kind.name, organization_id=str(organization_id))

    runner.entrypoint(kind.name, on_failure="hold", executor_factory=_patient)(run)
    if kind.schedule:
        runner.schedule(f"{kind.name}.schedule", kind.schedule)(run_scheduled)


async def count_jobs(database: Database) -> dict[tuple[str, str], int]:
    """How many jobs stand in the queue by name and status; ``failed`` ones wait for a person."""
    async with database.unscoped() as connection:
        rows = await connection.fetch("SELECT entrypoint, status::text, count(*) FROM pgqueuer GROUP BY 1, 2")
    return {(row[0], row[1]): row[2] for row in rows}


async def prune_answers(work: Work, payload: dict[str, Any]) -> None:
    """Forget the answers kept for retries after a day."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await tx.execute(_PRUNE, tx.organization_id, clock.now() - _KEPT)


PRUNE_ANSWERS: Final = JobKind("kit.prune_answers", prune_answers, schedule="17 * * * *")


def organization_of(payload: dict[str, Any]) -> UUID:
    """The tenant a job was enqueued for."""
    return UUID(payload["organization_id"])

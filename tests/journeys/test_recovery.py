"""After the database was away for a moment, everything works again by itself: tills, phones, pushes, jobs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import asyncpg
import pytest
import pytest_asyncio

from passerelle.entry import worker
from passerelle.kit import directory
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault
from passerelle.kit.db import Busy, Database
from tests.conftest import MASTER_KEY
from tests.journeys.conftest import Town

_PATIENCE_SECONDS = 15.0


@pytest_asyncio.fixture
async def own_database(owner_dsn: str) -> AsyncIterator[Database]:
    """A pool of one connection, which nobody else uses."""
    opened = Database(owner_dsn, Vault(MASTER_KEY), pool_size=1)
    yield opened
    await opened.close()


async def _cut(owner_dsn: str, condition: str, argument: object) -> None:
    """End connections of this database, as a restart or a failover does."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        here = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
        ended = await connection.fetch(here + condition, argument)
    finally:
        await connection.close()
    assert len(ended) == 1


async def _ask_unscoped(database: Database, _town: Town) -> None:
    await directory.find(database, "nothing", b"")


async def _ask_in_transaction(database: Database, town: Town) -> None:
    async with database.transaction(town.own.organization_id) as tx:
        await tx.fetchval("SELECT 1")


@pytest.mark.parametrize("ask", [_ask_unscoped, _ask_in_transaction])
async def test_a_connection_that_was_cut_is_replaced(
    owner_dsn: str, own_database: Database, town: Town, ask: Callable[[Database, Town], Awaitable[None]]
) -> None:
    async with own_database.unscoped() as connection:
        pid = await connection.fetchval("SELECT pg_backend_pid()")
    await _cut(owner_dsn, "pid = $1", pid)
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, Busy):
        await ask(own_database, town)  # whoever meets the dead connection may fail, once
    await ask(own_database, town)


async def test_jobs_go_on_after_the_workers_connection_was_cut(
    owner_dsn: str, town: Town, settings: Settings
) -> None:
    """Either the worker connects again or it ends, for then its parent starts another."""
    program_id = (await town.shopkeeper.program("membership"))["id"]
    pass_id = (await town.shopkeeper.join({"id": program_id, "template_id": ""})).pass_id
    stop = asyncio.Event()
    database = Database(owner_dsn, Vault(MASTER_KEY), pool_size=4)
    working = asyncio.create_task(worker.run(database, settings, stop))
    try:
        await _rename_and_wait(town, working, program_id, pass_id)
        await _cut(owner_dsn, "application_name = $1", "passerelle-worker")
        await _rename_and_wait(town, working, program_id, pass_id)
    finally:
        stop.set()
        await asyncio.gather(working, return_exceptions=True)
        await database.close()


async def _rename_and_wait(town: Town, working: asyncio.Task[None], program_id: str, pass_id: str) -> None:
    """A program's new name reaches its cards by a job; ends with the worker, too."""
    path = f"/api/v1/passes/{pass_id}"
    before = (await town.shopkeeper.must("GET", path))["version"]
    await town.shopkeeper.must("PATCH", f"/api/v1/programs/{program_id}", {"name": f"Club {before}"})
    async with asyncio.timeout(_PATIENCE_SECONDS):
        for _ in range(1_000):
            if working.done() or (await town.shopkeeper.must("GET", path))["version"] > before:
                return
            await asyncio.sleep(0.05)

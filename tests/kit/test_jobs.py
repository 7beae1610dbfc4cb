"""Jobs on a real queue: done after the commit, at the right tenant, and by the clock for every tenant."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.queries import Queries

from passerelle.kit import directory, jobs
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.jobs import JobKind, Work, enqueue, organization_of
from tests.conftest import Shop


async def test_a_job_runs_after_the_commit(database: Database, settings: Settings, shop: Shop) -> None:
    seen: list[tuple[UUID, str]] = []
    done = asyncio.Event()

    async def handle(_work: Work, payload: dict[str, Any]) -> None:
        seen.append((organization_of(payload), payload["cup"]))
        done.set()

    name = f"test.wash_{shop.organization_id.hex}"
    runner, connection = await jobs.queue(database.dsn, Work(database, settings), [JobKind(name, handle)])
    task = asyncio.create_task(runner.run())
    async with database.transaction(shop.organization_id) as tx:
        await enqueue(tx, name, {"cup": "blue"})
        assert not done.is_set()
    await asyncio.wait_for(done.wait(), 10)
    assert seen == [(shop.organization_id, "blue")]
    runner.shutdown.set()
    await asyncio.wait_for(task, 15)
    await connection.close()


async def test_a_job_is_enqueued_as_the_queue_does_it(database: Database, shop: Shop) -> None:
    names = [f"test.{by}_{shop.organization_id.hex}" for by in ("ours", "theirs")]
    payload = {"organization_id": str(shop.organization_id), "cup": "blue"}
    delay = timedelta(minutes=3)
    async with database.transaction(shop.organization_id) as tx:
        await enqueue(tx, names[0], {"cup": "blue"}, after_seconds=delay.total_seconds())
        theirs = Queries(AsyncpgDriver(tx.raw))
        await theirs.enqueue(names[1], orjson.dumps(payload), execute_after=delay)
        for table in ("pgqueuer", "pgqueuer_log"):
            found = await tx.fetch(f"SELECT * FROM {table} WHERE entrypoint = ANY($1) ORDER BY id", names)  # noqa: S608
            ours, their = ({**row, "entrypoint": "", "id": 0, "job_id": 0, "headers": None} for row in found)
            assert ours == their, table


async def test_a_job_that_fails_is_tried_again(
    database: Database, settings: Settings, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_FIRST_DELAY", timedelta(0))
    attempts: list[int] = []
    done = asyncio.Event()

    async def handle(_work: Work, _payload: dict[str, Any]) -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise ConnectionError("the database went away")
        done.set()

    name = f"test.fail_{shop.organization_id.hex}"
    runner, connection = await jobs.queue(database.dsn, Work(database, settings), [JobKind(name, handle)])
    task = asyncio.create_task(runner.run())
    async with database.transaction(shop.organization_id) as tx:
        await enqueue(tx, name, {})
    await asyncio.wait_for(done.wait(), 15)
    assert len(attempts) == 3
    runner.shutdown.set()
    await asyncio.wait_for(task, 15)
    await connection.close()


async def test_answers_for_retries_are_forgotten_after_a_day(
    database: Database, settings: Settings, shop: Shop
) -> None:
    insert = """
        INSERT INTO idempotency_keys (organization_id, actor, key, request_digest, created_at)
        VALUES ($1, 'key_x', $2, '', now() - $3::interval)
    """
    async with database.transaction(shop.organization_id) as tx:
        await tx.execute(insert, shop.organization_id, "old", timedelta(hours=25))
        await tx.execute(insert, shop.organization_id, "young", timedelta(hours=23))
    await jobs.prune_answers(Work(database, settings), {"organization_id": str(shop.organization_id)})
    async with database.transaction(shop.organization_id) as tx:
        rows = await tx.fetch("SELECT key FROM idempotency_keys WHERE organization_id = $1", shop.organization_id)
    assert [row["key"] for row in rows] == ["young"]


async def test_every_organization_is_known_to_the_clock(database: Database, shop: Shop, other_shop: Shop) -> None:
    assert {shop.organization_id, other_shop.organization_id} <= set(await directory.list_tenants(database))

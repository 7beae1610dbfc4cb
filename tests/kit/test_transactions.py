"""Transactions, facts, deferred verbs, retries under one key."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import httpx
import pytest

from passerelle.kit import events
from passerelle.kit.actors import Actor
from passerelle.kit.db import Busy, Database, Tx
from passerelle.kit.events import Event, announce
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import enqueue
from tests.conftest import Shop


@dataclass(frozen=True, slots=True)
class CupBroken(Event):
    name = "cup.broken"
    cup_id: UUID


@dataclass(frozen=True, slots=True)
class CupCounted(Event):
    name = "cup.counted"
    by: str


async def _count(database: Database, shop: Shop, name: str) -> int:
    async with database.transaction(shop.organization_id) as tx:
        found: int = await tx.fetchval(
            "SELECT count(*) FROM events WHERE organization_id = $1 AND name = $2", shop.organization_id, name
        )
    return found


async def test_facts_are_kept_with_their_actor(database: Database, shop: Shop) -> None:
    cup = new_id()
    actor = Actor("operator", shop.operator_id)
    async with database.transaction(shop.organization_id, actor) as tx:
        await announce(tx, CupBroken(cup_id=cup))
    async with database.transaction(shop.organization_id) as tx:
        row = await tx.fetchrow(
            "SELECT actor, payload FROM events WHERE organization_id = $1 AND name = 'cup.broken'",
            shop.organization_id,
        )
    assert row["actor"].startswith("opr_")
    assert row["payload"] == {"cup_id": str(cup)}


async def test_what_fails_leaves_nothing(database: Database, shop: Shop) -> None:
    async def fail() -> None:
        async with database.transaction(shop.organization_id) as tx:
            await announce(tx, CupBroken(cup_id=new_id()))
            await enqueue(tx, "nothing", {})
            raise RuntimeError("mid-way")

    with pytest.raises(RuntimeError, match="mid-way"):
        await fail()
    assert await _count(database, shop, "cup.broken") == 0
    async with database.unscoped() as connection:
        assert await connection.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'nothing'") == 0


async def test_subscribers_run_in_the_same_transaction(
    database: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_tx: Tx, _fact: CupBroken) -> None:
        raise ValueError("no")

    monkeypatch.setitem(events._subscribers, CupBroken, [refuse])
    with pytest.raises(ValueError, match="no"):
        async with database.transaction(shop.organization_id) as tx:
            await announce(tx, CupBroken(cup_id=new_id()))
    assert await _count(database, shop, "cup.broken") == 0


async def test_deferred_verbs_run_once_before_the_commit(database: Database, shop: Shop) -> None:
    calls: list[set[UUID]] = []

    async def verb(_tx: Tx, ids: set[UUID]) -> None:
        calls.append(ids)

    one, other = new_id(), new_id()
    async with database.transaction(shop.organization_id) as tx:
        for about in (one, other, one):
            tx.defer(verb, about)
        assert calls == []
    assert calls == [{one, other}]


async def test_a_broken_statement_does_not_spoil_the_next_transaction(database: Database, shop: Shop) -> None:
    for _ in range(30):
        with pytest.raises(asyncpg.PostgresError):
            async with database.transaction(shop.organization_id) as tx:
                await tx.execute("SELECT 1/0")
    assert await _count(database, shop, "cup.broken") == 0


async def test_a_cancelled_request_gives_its_connection_back(database: Database, shop: Shop) -> None:
    async def slow() -> None:
        async with database.transaction(shop.organization_id) as tx:
            await tx.execute("SELECT pg_sleep(5)")

    for _ in range(25):
        task = asyncio.create_task(slow())
        await asyncio.wait([task], timeout=0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await _count(database, shop, "cup.broken") == 0


async def test_a_row_that_is_not_let_go_of_is_a_refusal(owner_dsn: str, database: Database, shop: Shop) -> None:
    lock = "SELECT pg_advisory_xact_lock(4711)"
    hasty = Database(owner_dsn, database.vault, pool_size=1, lock_timeout_ms=20)
    async with database.transaction(shop.organization_id) as tx:
        await tx.execute(lock)
        with pytest.raises(Busy):
            async with hasty.transaction(shop.organization_id) as other:
                await other.execute(lock)
    async with hasty.transaction(shop.organization_id) as other:
        await other.execute(lock)
    await hasty.close()


async def test_a_statement_that_takes_too_long_is_a_refusal(database: Database, shop: Shop) -> None:
    with pytest.raises(Busy):
        async with database.transaction(shop.organization_id, timeout_ms=20) as tx:
            await tx.execute("SELECT pg_sleep(5)")


async def test_an_exhausted_pool_is_a_refusal(owner_dsn: str, database: Database, shop: Shop) -> None:
    small = Database(owner_dsn, database.vault, pool_size=1)
    small.pool.wait_seconds = 0.05
    async with small.transaction(shop.organization_id):
        with pytest.raises(Busy):
            async with small.transaction(shop.organization_id):
                pass
    await small.close()


async def test_the_same_request_at_the_same_time_acts_once(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "till-7-000123"}
    answers = await asyncio.gather(
        *(client.post("/api/v1/locations", json={"name": "Agdal"}, headers=headers) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 7


async def test_a_refused_request_may_be_repeated(client: httpx.AsyncClient) -> None:
    await client.post("/api/v1/locations", json={"name": "Agdal"})
    headers = {"Idempotency-Key": "k"}
    refused = await client.post("/api/v1/locations", json={"name": "Agdal"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "location_name_taken")
    accepted = await client.post("/api/v1/locations", json={"name": "Hassan"}, headers=headers)
    assert accepted.status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_odd_keys(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.post("/api/v1/locations", json={"name": "A"}, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_invalid")


async def test_a_body_above_the_limit_is_refused_before_it_is_read(client: httpx.AsyncClient) -> None:
    big = b"x" * 1_000_001
    announced = await client.post("/api/v1/locations", content=big)
    assert (announced.status_code, announced.json()["code"]) == (413, "body_too_large")

    async def stream() -> AsyncIterator[bytes]:
        for _ in range(2_000):
            yield b"x" * 1_000

    chunked = await client.post("/api/v1/locations", content=stream())
    assert (chunked.status_code, chunked.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/api/v1/nothing", None, 404, "not_found"),
        ("PUT", "/api/v1/me", None, 405, "method_not_allowed"),
        ("POST", "/api/v1/locations", b"{", 422, "invalid_request"),
        ("POST", "/api/v1/locations", b'{"name": "x", "nmae": "y"}', 422, "invalid_request"),
        ("POST", "/api/v1/locations", b'{"name": "\\u0000"}', 422, "invalid_request"),
        ("GET", "/api/v1/locations/loc_x", None, 422, "invalid_request"),
        ("GET", "/api/v1/locations?cursor=x", None, 422, "invalid_id"),
        ("GET", "/api/v1/locations?limit=0", None, 422, "invalid_request"),
    ],
)
async def test_bad_requests_are_problems(
    client: httpx.AsyncClient, method: str, path: str, body: bytes | None, status: int, code: str
) -> None:
    answer = await client.request(method, path, content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == code
    assert "Traceback" not in answer.text


async def test_what_stays_despite_a_refusal(database: Database, shop: Shop) -> None:
    """A refused transaction leaves nothing but what was asked to stay; any other failure leaves nothing at all."""
    actor = Actor("operator", shop.operator_id)

    async def attempt(fault: Exception) -> None:
        async with database.transaction(shop.organization_id, actor) as tx:
            await announce(tx, CupBroken(cup_id=new_id()))
            tx.despite_refusal.append(lambda after: announce(after, CupCounted(by=after.actor.label)))
            raise fault

    for fault in (Busy(), RuntimeError("mid-way")):
        with pytest.raises(type(fault)):
            await attempt(fault)
    async with database.transaction(shop.organization_id) as tx:
        told = await tx.fetch(
            "SELECT name, actor FROM events WHERE organization_id = $1 AND name LIKE 'cup.%'", shop.organization_id
        )
    assert [tuple(row) for row in told] == [("cup.counted", actor.label)]

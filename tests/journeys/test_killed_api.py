"""The API is killed while tills buy: whatever was not answered is told again, and each purchase is there once."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import psutil  # type: ignore[import-untyped]  # the embedded PostgreSQL brings it; it ships no types
import pytest
import pytest_asyncio

from passerelle.kit.db import Database
from passerelle.kit.ids import decode
from passerelle.ledger import service as ledger
from tests.conftest import PASSWORD, ROOT
from tests.scanning.test_routes import post

Json = dict[str, Any]
_TILLS: Final = 16


@pytest_asyncio.fixture
async def server(owner_dsn: str, tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[tuple[psutil.Process, str]]:
    """A server of its own processes on the database of the tests, and its address."""
    url = f"http://127.0.0.1:{unused_tcp_port}"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PASSERELLE_DATABASE_URL": owner_dsn,
        "PASSERELLE_DATA_DIR": str(tmp_path),
        "PASSERELLE_BASE_URL": url,
        "PASSERELLE_HOST": "127.0.0.1",
        "PASSERELLE_PORT": str(unused_tcp_port),
        "PASSERELLE_SIGNUP": "open",
        "PASSERELLE_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "passerelle.entry.cli", "serve", "--no-worker"]
    process = await asyncio.create_subprocess_exec(*command, env=environment, cwd=tmp_path)
    try:
        yield psutil.Process(process.pid), url
    finally:
        process.terminate()
        await process.wait()


async def answered(client: httpx.AsyncClient, path: str, body: Json, **headers: str) -> Json:
    """What is answered in the end, however often the server is away."""
    while True:
        with suppress(httpx.TransportError):
            answer = await client.post(path, json=body, headers=headers)
            assert answer.status_code in {201, 503}, answer.text
            if answer.status_code == 201:
                return dict(answer.json())
        await asyncio.sleep(0)


@pytest.mark.timeout(90)  # starts a server, and parts of it twice more
async def test_each_purchase_is_there_once(server: tuple[psutil.Process, str], database: Database) -> None:
    parent, url = server
    told: dict[str, Json] = {}
    async with httpx.AsyncClient(base_url=url, timeout=10) as client:
        new = {"name": "Café", "owner_name": "Ada", "owner_email": "killed@example.com", "owner_password": PASSWORD}
        shop = await answered(client, "/api/v1/organizations", new)
        client.headers["Authorization"] = f"Bearer {shop['api_key']}"
        program = await post(client, "/api/v1/programs", {"name": "Club", "kind": "points"})
        cards = []
        for number in range(12):
            customer = await post(client, "/api/v1/customers", {"phone": f"+3361234{number:04}"})
            enrolled = {"customer_id": customer["id"]}
            member = await post(client, f"/api/v1/programs/{program['id']}/members", enrolled)
            cards.append((await post(client, "/api/v1/passes", {"membership_id": member["id"]}))["code"])
        wanted = 400
        numbers = count()

        async def buy() -> None:
            """A till: by key or by reference, and by both."""
            while (number := next(numbers)) < wanted:
                name = f"R-{number}"
                body = {"code": cards[number % 12], "amount_minor": 100}
                body |= {"external_reference": name} if number % 3 else {}
                key = {"Idempotency-Key": name} if number % 3 != 1 else {}
                told[name] = await answered(client, "/api/v1/scans/purchases", body, **key)
                if len(told) in {wanted // 4, wanted // 2}:
                    for child in parent.children():
                        child.kill()

        await asyncio.gather(*(buy() for _ in range(_TILLS)))
    assert len({each["purchase"]["id"] for each in told.values()}) == wanted
    async with database.transaction(decode("org", shop["organization"]["id"])) as tx:
        assert await ledger.check_books(tx) == []
        for table in ("purchases", "ledger_transfers", "accruals"):
            counted = f"SELECT count(*) FROM {table} WHERE organization_id = $1"  # noqa: S608  from the list above
            assert await tx.fetchval(counted, tx.organization_id) == wanted, table

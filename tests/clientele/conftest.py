"""A shop with a points program, and what its owner's program does with files."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx
import pytest
import pytest_asyncio

from passerelle.clientele.imports import jobs
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import decode
from passerelle.kit.jobs import Work
from tests.conftest import Shop

Json = dict[str, Any]
CUSTOMERS = "/api/v1/customers"
IMPORTS = "/api/v1/customer-imports"


@dataclass(slots=True)
class Office:
    """The owner at their desk."""

    http: httpx.AsyncClient
    work: Work
    organization_id: UUID

    async def post(self, path: str, body: Json | None = None, **headers: str) -> Json:
        answer = await self.http.post(path, json=body or {}, headers=headers)
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}

    async def get(self, path: str, **params: Any) -> Json:
        answer = await self.http.get(path, params=params)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def program(self, **fields: Any) -> str:
        made = await self.post("/api/v1/programs", {"name": "Points", "kind": "points"} | fields)
        return str(made["id"])

    async def customer(self, **fields: Any) -> str:
        return str((await self.post(CUSTOMERS, fields))["id"])

    async def member(self, program_id: str, customer_id: str, points: int = 0) -> str:
        made = await self.post(f"/api/v1/programs/{program_id}/members", {"customer_id": customer_id})
        if points:
            await self.post(f"/api/v1/members/{made['id']}/adjustments", {"amount": points, "reason": "a gift"})
        return str(made["id"])

    async def points(self, member_id: str) -> int:
        return int((await self.get(f"/api/v1/members/{member_id}"))["balances"][0]["active"])

    async def upload(self, content: bytes | str) -> Json:
        data = content.encode() if isinstance(content, str) else content
        answer = await self.http.post(IMPORTS, content=data, headers={"Content-Type": "text/csv"})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def work_on(self, import_id: str) -> Json:
        """What the worker does; answers the import afterwards."""
        payload = {"organization_id": str(self.organization_id), "import_id": str(decode("imp", import_id))}
        await jobs.work_on_import(self.work, payload)
        return await self.get(f"{IMPORTS}/{import_id}")

    async def check(self, content: bytes | str, **plan: Any) -> Json:
        """Upload a file and try it out with the columns that its names suggest."""
        uploaded = await self.upload(content)
        columns = [one for one in uploaded["suggested"] if one["field"] != "balance" or "program_id" in plan]
        await self.post(f"{IMPORTS}/{uploaded['id']}/check", {"columns": columns} | plan)
        return await self.work_on(uploaded["id"])

    async def run(self, content: bytes | str, **plan: Any) -> Json:
        """The same, and import what is right."""
        checked = await self.check(content, **plan)
        assert checked["state"] == "checked", checked
        await self.post(f"{IMPORTS}/{checked['id']}/run")
        return await self.work_on(checked["id"])

    async def faults(self, import_id: str) -> list[tuple[int, str, str]]:
        found = await self.get(f"{IMPORTS}/{import_id}/faults", limit=200)
        return [(fault["row"], fault["field"], fault["code"]) for fault in found["items"]]

    async def find(self, **wanted: Any) -> list[Json]:
        return list((await self.post(f"{CUSTOMERS}/directory", wanted))["items"])


@pytest_asyncio.fixture
async def office(client: httpx.AsyncClient, database: Database, settings: Settings, shop: Shop) -> Office:
    return Office(client, Work(database, settings), shop.organization_id)


_WAITS: Final = """
SELECT count(*) > 0 AND pg_sleep(0.01) IS NOT NULL FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def until_somebody_waits(owner_dsn: str) -> None:
    """Only the owner of the database sees who waits for what."""
    watch = await asyncpg.connect(owner_dsn)
    try:
        async with asyncio.timeout(45):  # a process may have to start first
            while not await watch.fetchval(_WAITS):
                pass
    finally:
        await watch.close()


@pytest.fixture
def key_with(client: httpx.AsyncClient) -> Callable[..., Awaitable[dict[str, str]]]:
    """Headers of a key that has only these scopes."""

    async def make(*scopes: str) -> dict[str, str]:
        answer = await client.post("/api/v1/api-keys", json={"name": "narrow", "scopes": list(scopes)})
        return {"Authorization": f"Bearer {answer.json()['api_key']}"}

    return make

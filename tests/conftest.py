"""Fixtures of all tests: a real PostgreSQL, one database per worker cloned from a migrated template.

The server is embedded, lives under the temporary directory and is shared by the workers of a run. Tests that
go through HTTP commit for real; each has an organization of its own, and tenancy keeps them apart.
"""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import hypothesis
import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from playwright.async_api import Browser, async_playwright, expect

from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import new_id
from passerelle.kit.postgres import embedded
from passerelle.kit.schema import migrate
from passerelle.organizations import passwords
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import OrganizationIn

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parent.parent
MASTER_KEY = bytes(range(32))
PASSWORD = "correct horse battery"
PATIENCE_MS = 30_000
# The page's service worker answers for it. No `wait_for_function`: it evaluates text, which our policy forbids pages.
SERVED_BY_WORKER = """navigator.serviceWorker.controller !== null || new Promise(
    done => navigator.serviceWorker.addEventListener('controllerchange', () => done(true)))"""

expect.set_options(timeout=PATIENCE_MS)  # as long as for clicks: a busy machine is no fault of the page


# How long an example takes says how busy the machine is, and nothing of what is tested.
hypothesis.settings.register_profile(
    "passerelle", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("passerelle")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A story in a browser has its time for itself: starting the browser and the application is not part of it."""
    for item in items:
        if isinstance(item, pytest.Function) and "browser" in item.fixturenames:
            item.add_marker(pytest.mark.timeout(120, func_only=True))


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """Hash passwords with the least work: tests open hundreds of organizations and guess no password."""
    vars(passwords)["_hasher"] = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def owner_dsn() -> Iterator[str]:
    """The DSN of this worker's database, migrated, dropped at the end."""
    with embedded(Path(tempfile.gettempdir()) / f"passerelle-tests-{os.getuid()}") as server:
        template = asyncio.run(_template(server))
        name = f"test_{os.getpid()}"
        asyncio.run(_sql(server, f"CREATE DATABASE {name} TEMPLATE {template}"))
        try:
            yield _named(server, name)
        finally:
            asyncio.run(_sql(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest_asyncio.fixture(scope="session")
async def database(owner_dsn: str) -> AsyncIterator[Database]:
    """The application's view of the database: its own role, under row-level security."""
    opened = Database(owner_dsn, Vault(MASTER_KEY), pool_size=20)
    yield opened
    await opened.close()


@dataclass(frozen=True, slots=True)
class Shop:
    """An organization of one test, with its owner."""

    organization_id: UUID
    operator_id: UUID
    api_key: str
    email: str

    @property
    def headers(self) -> dict[str, str]:
        """What the owner's program sends."""
        return {"Authorization": f"Bearer {self.api_key}"}


async def open_shop(database: Database, **changes: str) -> Shop:
    """Open an organization for a test."""
    email = f"owner-{new_id().hex}@example.com"
    fields = {"name": "Café Central", "currency": "EUR", "time_zone": "Europe/Paris", "language": "en"} | changes
    new = OrganizationIn(owner_name="Ada", owner_email=email, owner_password=PASSWORD, **fields)
    async with database.transaction(new_id()) as tx:
        organization, operator_id, key = await organizations.create_organization(tx, new)
    return Shop(organization.id, operator_id, key, email)


@pytest_asyncio.fixture
async def shop(database: Database) -> Shop:
    """A fresh organization, committed."""
    return await open_shop(database)


@pytest_asyncio.fixture
async def other_shop(database: Database) -> Shop:
    """A second tenant, which must never see the first."""
    return await open_shop(database, name="Rival")


class _RollBackError(Exception):
    pass


@pytest_asyncio.fixture
async def tx(database: Database, shop: Shop) -> AsyncIterator[Tx]:
    """A transaction in the shop that is rolled back at the end of the test."""
    with suppress(_RollBackError):
        async with database.transaction(shop.organization_id) as opened:
            yield opened
            raise _RollBackError


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the tests: nothing from the environment of the developer."""
    directory = tmp_path_factory.mktemp("data")
    return Settings(_env_file=None, data_dir=directory, base_url="http://testserver", signup="open")


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the owner's program, straight into the application."""
    from passerelle.entry.api import create_app  # noqa: PLC0415  most tests need no application

    transport = httpx.ASGITransport(create_app(database, settings), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; only a machine without it skips."""
    if not CHROMIUM.exists():  # noqa: ASYNC240  once, before anything runs
        pytest.skip("Chromium is not installed here.")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        await launched.close()


async def _template(server: str) -> str:
    """A migrated database named by the content of the migrations; made once, by whoever comes first."""
    content = b"".join(path.read_bytes() for path in sorted((ROOT / "migrations").glob("*.py")))
    name = f"template_{hashlib.sha256(content).hexdigest()[:16]}"
    lock = await asyncpg.connect(_named(server, "postgres"))
    try:
        await lock.execute("SELECT pg_advisory_lock(7277204)")
        if not await lock.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await lock.execute(f"DROP DATABASE IF EXISTS {name}_new")
            await lock.execute(f"CREATE DATABASE {name}_new")
            await asyncio.to_thread(migrate, _named(server, f"{name}_new"))
            await lock.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
    finally:
        await lock.close()
    return name


async def _sql(server: str, statement: str) -> None:
    connection = await asyncpg.connect(_named(server, "postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _named(server: str, name: str) -> str:
    return server.replace("/passerelle?", f"/{name}?")

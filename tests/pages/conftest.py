"""A real browser on the public pages, served on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, async_playwright

from passerelle.distribution import card_pages, join_pages
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from tests.conftest import open_shop
from tests.distribution.conftest import wallets
from tests.distribution.shopfront import Shopfront, open_shopfront

__all__ = ["wallets"]  # a fixture of theirs, which pages need, too
CHROMIUM = Path("/usr/bin/chromium")


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; only a machine without it skips."""
    if not CHROMIUM.exists():  # noqa: ASYNC240  once, before anything runs
        pytest.skip("Chromium is not installed here.")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="session")
async def front(database: Database, settings: Settings) -> AsyncIterator[Shopfront]:
    """A stamp card's pages on a port of their own; ``front.base_url`` is where."""
    opened = await open_shopfront(database, settings, await open_shop(database), kind="stamps")
    async with served(opened) as base_url:
        opened.base_url = base_url
        yield opened


@pytest.fixture(autouse=True)
def fresh_budgets() -> None:
    """All tests come from one address."""
    for budget in (join_pages._forms, join_pages._views, card_pages._views):
        budget._spent.clear()


@asynccontextmanager
async def served(front: Shopfront) -> AsyncIterator[str]:
    config = uvicorn.Config(front.app, port=0, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110  uvicorn tells in no other way
        await asyncio.sleep(0)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task

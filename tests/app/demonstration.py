"""The whole product as a demonstration runs it: server, worker, and emulators whose phones the app shows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import FrameLocator, Locator, Page

from passerelle.entry import worker
from passerelle.kit.db import Database
from tests.conftest import Shop
from tests.factories.stage import Stage, open_stage


@asynccontextmanager
async def open_demonstration(database: Database, shop: Shop, directory: Path) -> AsyncIterator[Stage]:
    """A stage on which a worker does what the reconcilers are called for elsewhere."""
    async with open_stage(database, shop, directory) as stage:
        stop = asyncio.Event()
        working = asyncio.create_task(worker.run(database, stage.settings, stop))
        yield stage
        stop.set()
        await working


def phones(page: Page) -> FrameLocator:
    """The simulated phones inside a page of the app."""
    return page.frame_locator("iframe[title='Simulated phones']")


def screen(page: Page, phone: str) -> Locator:
    """What one of them shows."""
    return phones(page).locator(f"#{phone}")

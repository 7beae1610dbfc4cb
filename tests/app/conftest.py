"""The web app in a real browser, on the whole application, on a real socket."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from passerelle.entry import web_app
from passerelle.entry.api import create_app
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from tests.app.demonstration import open_demonstration
from tests.conftest import PASSWORD, PATIENCE_MS, Shop
from tests.factories.served import served
from tests.factories.stage import Stage


@pytest_asyncio.fixture(scope="session")
async def base_url(database: Database, settings: Settings) -> AsyncIterator[str]:
    """Where the application is served; ``make web`` builds what it serves."""
    if not (web_app._BUILT / "app.html").exists():
        pytest.skip("The web app is not built: run “make web”.")
    async with served(create_app(database, settings)) as address:
        yield address


@pytest_asyncio.fixture
async def demonstration(database: Database, shop: Shop, base_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Server, worker and emulated phones; without the built web app it is skipped, as ``base_url`` is."""
    assert base_url
    async with open_demonstration(database, shop, tmp_path) as stage:
        yield stage


@pytest_asyncio.fixture
async def page(browser: Browser, base_url: str) -> AsyncIterator[Page]:
    """A page of a browser that nobody has signed in with; what the page complains about fails the test.

    Nothing moves on it: a window that is still closing would be clicked, and colours that fade be too pale.
    """
    context = await browser.new_context(
        base_url=base_url, locale="en-GB", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    opened = await context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    await context.close()
    assert faults == []


@pytest_asyncio.fixture
async def signed_in(page: Page, shop: Shop) -> Page:
    """The owner of a fresh shop, signed in, on no page yet."""
    answer = await page.request.post("/api/v1/sessions", data={"email": shop.email, "password": PASSWORD})
    assert answer.status == 204
    return page

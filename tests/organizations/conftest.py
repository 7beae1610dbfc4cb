"""Operators who sign in from browsers of their own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
import pytest_asyncio

from passerelle.entry.api import create_app
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.organizations.invitations import routes as invitations
from passerelle.organizations.passkeys import routes as passkeys
from passerelle.organizations.recovery import routes as recovery
from passerelle.organizations.sessions import routes as sessions
from tests.conftest import PASSWORD, Shop

Browser = httpx.AsyncClient
OpenBrowser = Callable[[], Awaitable[Browser]]


@pytest.fixture(autouse=True)
def fresh_budgets() -> None:
    """All tests come from one address."""
    for budget in (sessions._attempts, passkeys._attempts, invitations._attempts, recovery._attempts):
        budget._spent.clear()
    recovery._requests._spent.clear()


@pytest_asyncio.fixture
async def open_browser(database: Database, settings: Settings) -> AsyncIterator[OpenBrowser]:
    """A browser without cookies, as often as it is asked for."""
    transport = httpx.ASGITransport(create_app(database, settings), raise_app_exceptions=False)
    async with AsyncExitStack() as stack:

        async def opened() -> Browser:
            browser = httpx.AsyncClient(
                transport=transport, base_url="http://testserver", headers={"User-Agent": "Firefox on a test"}
            )
            return await stack.enter_async_context(browser)

        yield opened


@pytest_asyncio.fixture
async def owner(open_browser: OpenBrowser, shop: Shop) -> Browser:
    """The owner's browser, signed in."""
    browser = await open_browser()
    answer = await browser.post("/api/v1/sessions", json={"email": shop.email, "password": PASSWORD})
    assert answer.status_code == 204
    return browser

"""An application of the routes under test alone, so that a fault elsewhere does not show here."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
from fastapi import FastAPI

from passerelle.customers.routes import router
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.web import Edge, install_problems
from passerelle.organizations import service as organizations
from tests.conftest import Shop, open_shop


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the owner's program."""
    async with _client(database, settings, shop) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module")
async def standing_client(database: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The same in one shop for all tests of a file, for those that leave nothing behind."""
    async with _client(database, settings, await open_shop(database)) as opened:
        yield opened


def _client(database: Database, settings: Settings, shop: Shop) -> httpx.AsyncClient:
    app = FastAPI()
    app.state.edge = Edge(database, settings, organizations.authenticate)
    install_problems(app)
    app.include_router(router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers)

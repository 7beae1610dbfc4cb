"""A customer who buys, and an application of the routes under test alone."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest_asyncio
from fastapi import FastAPI

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.web import Edge, install_problems
from passerelle.organizations import service as organizations
from passerelle.purchases.routes import router
from tests.conftest import Shop


@pytest_asyncio.fixture
async def customer_id(database: Database, shop: Shop) -> UUID:
    """A person known to the shop, committed."""
    async with database.transaction(shop.organization_id) as tx:
        return (await customers.register(tx, NewCustomer())).customer_id


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the owner's program."""
    app = FastAPI()
    app.state.edge = Edge(database, settings, organizations.authenticate)
    install_problems(app)
    app.include_router(router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened

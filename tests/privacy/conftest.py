"""An application of customers and privacy alone, so that a fault elsewhere does not show here."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

import httpx
import pytest_asyncio
from fastapi import FastAPI

from passerelle.customers import personal_data as customers_data
from passerelle.customers import service as customers
from passerelle.customers.routes import router as customers_router
from passerelle.customers.schemas import NewCustomer
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.web import Edge, install_problems
from passerelle.organizations import service as organizations
from passerelle.privacy import personal_data as privacy_data
from passerelle.privacy.holders import PersonalData
from passerelle.privacy.routes import router as privacy_router
from tests.conftest import Shop

HOLDERS: Final[tuple[PersonalData, ...]] = (customers_data, privacy_data)


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the owner's program."""
    app = FastAPI()
    app.state.edge = Edge(database, settings, organizations.authenticate)
    app.state.personal_data = HOLDERS
    install_problems(app)
    app.include_router(customers_router)
    app.include_router(privacy_router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened


@pytest_asyncio.fixture
async def ada(tx: Tx) -> UUID:
    """A customer inside the test's own transaction."""
    new = NewCustomer(first_name="Ada", last_name="Lovelace", phone="+212612345678", email="ada@example.com")
    return (await customers.register(tx, new)).customer_id

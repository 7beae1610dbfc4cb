"""A shop whose facts reach analytics, as they do in the application."""

import pytest
import pytest_asyncio

from passerelle import wiring
from passerelle.kit.db import Database
from tests.analytics.stories import Teller
from tests.conftest import Shop


@pytest.fixture(scope="session", autouse=True)
def _subscribed() -> None:
    wiring.subscribe_all()


@pytest_asyncio.fixture
async def teller(database: Database, shop: Shop) -> Teller:
    return await Teller.open(database, shop)

"""Fixtures of distribution."""

import pytest
import pytest_asyncio

from passerelle.distribution import card_pages, join_pages
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from tests.conftest import Shop
from tests.distribution.shopfront import Shopfront, open_shopfront


@pytest.fixture(autouse=True)
def fresh_budgets() -> None:
    """All tests come from one address."""
    for budget in (join_pages._forms, join_pages._views, card_pages._views):
        budget._spent.clear()


@pytest_asyncio.fixture
async def front(database: Database, settings: Settings, shop: Shop) -> Shopfront:
    """A stamp card at the counter; no wallet configured."""
    return await open_shopfront(database, settings, shop)

"""A real browser on the public pages, served on a real socket."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from passerelle.distribution import card_pages, joining
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from tests.conftest import open_shop
from tests.distribution.conftest import wallets
from tests.distribution.shopfront import Shopfront, open_shopfront
from tests.factories.served import served

__all__ = ["wallets"]  # a fixture of theirs, which pages need, too


@pytest_asyncio.fixture(scope="session")
async def front(database: Database, settings: Settings) -> AsyncIterator[Shopfront]:
    """A stamp card's pages on a port of their own; ``front.base_url`` is where."""
    opened = await open_shopfront(database, settings, await open_shop(database), kind="stamps")
    async with served(opened.app) as base_url:
        opened.base_url = base_url
        yield opened


@pytest.fixture(autouse=True)
def fresh_budgets() -> None:
    """All tests come from one address."""
    for budget in (joining._forms, joining._views, card_pages._views):
        budget._spent.clear()

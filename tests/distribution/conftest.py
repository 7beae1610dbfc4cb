"""Fixtures of distribution."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from passerelle.distribution import card_pages, joining
from passerelle.distribution.handouts import pages as handout_pages
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from tests.conftest import Shop, open_shop
from tests.distribution.shopfront import Shopfront, open_shopfront
from tests.factories.stage import Stage, open_stage


@pytest.fixture(autouse=True)
def fresh_budgets() -> None:
    """All tests come from one address."""
    for budget in (joining._forms, joining._views, card_pages._views, handout_pages._forms):
        budget._spent.clear()


@pytest_asyncio.fixture
async def front(database: Database, settings: Settings, shop: Shop) -> Shopfront:
    """A program at the counter; no wallet configured."""
    return await open_shopfront(database, settings, shop)


@pytest_asyncio.fixture(scope="session")
async def standing_front(database: Database, settings: Settings) -> Shopfront:
    """The same, shared by the tests that only look."""
    return await open_shopfront(database, settings, await open_shop(database))


@dataclass(frozen=True, slots=True)
class Wallets:
    """Public pages with both wallets, and the phones that use them."""

    front: Shopfront
    stage: Stage


@pytest_asyncio.fixture(scope="session")
async def wallets(database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wallets]:
    """Shared: every test brings its own customers."""
    shop = await open_shop(database)
    async with open_stage(database, shop, tmp_path_factory.mktemp("emulators")) as stage:
        yield Wallets(await open_shopfront(database, stage.settings, shop, stage.wallets), stage)

"""One running server for all journeys, on real sockets: two shops that must not meet, and the emulated vendors."""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from passerelle.entry.api import create_app
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from tests.conftest import Shop, open_shop
from tests.factories.stage import Stage, open_stage
from tests.journeys.iphone import Iphone
from tests.journeys.shop_floor import ShopFloor
from tests.journeys.shopkeeper import Json, Member, Shopkeeper


@dataclass(slots=True)
class Town:
    """Both shops as outsiders see them: addresses and keys. ``stage`` runs what a worker would."""

    stage: Stage
    own: Shop
    other: Shop
    trust: Path
    shopkeeper: Shopkeeper
    rival: Shopkeeper
    public: httpx.AsyncClient
    points: Json
    stamps: Json

    async def member(self) -> Member:
        """A customer with a card of the own shop's points program."""
        return await self.shopkeeper.join(self.points)

    def iphone(self) -> Iphone:
        """Another phone, which trusts the development CA."""
        return Iphone(self.public, self.trust)


@pytest_asyncio.fixture(scope="session")
async def town(database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Opened once, with its programs, for a card is drawn when a program is made; each test has its own members."""
    directory = tmp_path_factory.mktemp("journeys")
    own, other = await open_shop(database), await open_shop(database, name="Rival")
    async with open_stage(database, own, directory) as stage:
        base_url = str(stage.http.base_url)
        limits = httpx.Limits(max_connections=60)
        async with (
            httpx.AsyncClient(base_url=base_url, timeout=15, limits=limits) as public,
            httpx.AsyncClient(base_url=base_url, timeout=15, limits=limits, headers=own.headers) as at_own,
            httpx.AsyncClient(base_url=base_url, timeout=15, limits=limits, headers=other.headers) as at_other,
        ):
            keeper, rival = Shopkeeper(at_own), Shopkeeper(at_other)
            points, stamps = await keeper.program("points"), await keeper.program(goal=2)
            yield Town(stage, own, other, directory / "trust.pem", keeper, rival, public, points, stamps)


@pytest_asyncio.fixture(scope="session")
async def counter(database: Database, tmp_path_factory: pytest.TempPathFactory) -> httpx.ASGITransport:
    """The application without a socket, in the task of the test, so that a frozen clock holds for it, too."""
    settings = Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("data"), base_url="http://testserver")
    return httpx.ASGITransport(create_app(database, settings), raise_app_exceptions=False)


@pytest_asyncio.fixture
async def floor(database: Database, counter: httpx.ASGITransport, shop: Shop) -> AsyncIterator[ShopFloor]:
    """A shop of the test's own, by its API."""
    async with httpx.AsyncClient(transport=counter, base_url="http://testserver", headers=shop.headers) as opened:
        yield ShopFloor(Shopkeeper(opened), database, shop)


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """Hostile requests are logged by the thousand, each with its trace."""
    ours = logging.getLogger("passerelle")
    ours.setLevel(logging.CRITICAL)
    yield
    ours.setLevel(logging.NOTSET)

"""The stage of wallet stories."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from passerelle.kit.db import Database
from tests.conftest import Shop
from tests.factories.stage import Stage, open_stage


@pytest.fixture(scope="session")
def emulator_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates of the emulated vendors, made once per worker."""
    return tmp_path_factory.mktemp("emulators")


@pytest_asyncio.fixture
async def stage(database: Database, shop: Shop, emulator_directory: Path) -> AsyncIterator[Stage]:
    """The whole way from the till to two phones."""
    async with open_stage(database, shop, emulator_directory) as opened:
        yield opened

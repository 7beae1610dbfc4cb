"""What needs attention on the home page, with a certificate that really ends and phones that are really not reached."""

import asyncio
from base64 import b64encode
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from passerelle.emulators.apns import Outage
from passerelle.emulators.apple_ca.authority import load_authority
from passerelle.kit.db import Database
from tests.conftest import PASSWORD, Shop
from tests.factories.handed import IPHONE, opened
from tests.factories.stage import Stage, open_stage

PASSPHRASE = "of the file"


@pytest_asyncio.fixture
async def stage(database: Database, shop: Shop, base_url: str, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Phones and a push service; without the built web app it is skipped, as ``base_url`` is."""
    assert base_url
    async with open_stage(database, shop, tmp_path) as built:
        yield built

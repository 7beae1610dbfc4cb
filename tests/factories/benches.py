"""What hypothesis needs to drive its machines from outside: a loop and a database for tests that are not async."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from passerelle.kit.crypto import Vault
from passerelle.kit.db import Database
from tests.conftest import MASTER_KEY

T = TypeVar("T")


class Bench:
    """An event loop and a database of one connection, until it is closed."""

    def __init__(self, dsn: str) -> None:
        self._runner = asyncio.Runner()
        self.database = Database(dsn, Vault(MASTER_KEY), pool_size=1)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for it on the bench's own loop."""
        return self._runner.run(work)

    def close(self) -> None:
        """Give back what the bench holds."""
        self.run(self.database.close())
        self._runner.close()


class RollBackError(Exception):
    """Leaves a transaction without keeping anything of it."""

"""A worker that has one import to work on, to be killed: ``python -m tests.clientele.lone_worker DSN PAYLOAD``."""

import asyncio
import sys
from typing import Any

import orjson

from passerelle import wiring
from passerelle.clientele.imports import jobs
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault
from passerelle.kit.db import Database
from passerelle.kit.jobs import Work

_MASTER_KEY = bytes(range(32))
"""That of the tests; importing it would load a browser's driver as well."""


async def work(dsn: str, payload: dict[str, Any]) -> None:
    """To the end, if nobody kills it."""
    wiring.subscribe_all()
    database = Database(dsn, Vault(_MASTER_KEY), pool_size=2)
    await jobs.work_on_import(Work(database, Settings(_env_file=None)), payload)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], orjson.loads(sys.argv[2])))

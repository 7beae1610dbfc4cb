"""What wakes the ledger without HTTP: lots come of age and lapse, holds end. Steps of the night, see wiring.py."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from passerelle.kit.db import Tx
from passerelle.kit.jobs import Work, organization_of
from passerelle.ledger import service
from passerelle.ledger.service import Walk

# Accounts are locked to the end of a batch, and tills wait for them: rather many small batches.
_BATCH: Final = 500
# While one batch is told here, the database books the next.
_AT_ONCE: Final = 2


async def activate(work: Work, payload: dict[str, Any]) -> None:
    """Announce what has become active in one organization."""
    await _walk(work, payload, service.activate_due_lots)


async def expire(work: Work, payload: dict[str, Any]) -> None:
    """End the holds whose time is over, then book what lapsed."""
    await _walk(work, payload, service.end_due_holds)
    await _walk(work, payload, service.expire_due_lots)


async def _walk(work: Work, payload: dict[str, Any], verb: Callable[[Tx, int, Walk], Awaitable[int]]) -> None:
    """Once through all that is due; what a till held meanwhile comes with the next pass."""
    walk = Walk()

    async def go() -> None:
        while not walk.ended:
            async with work.database.transaction(organization_of(payload)) as tx:
                await verb(tx, _BATCH, walk)

    async with asyncio.TaskGroup() as group:
        for _ in range(_AT_ONCE):
            group.create_task(go())

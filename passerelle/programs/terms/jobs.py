"""What terms do without HTTP: telling what the clock brought, and applying a changed term to all members."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.programs.terms import service

# Members are locked to the end of a batch, and tills wait for them: rather many small batches.
_BATCH: Final = 200
_MAX_BATCHES: Final = 10_000


async def tell_due(work: Work, payload: dict[str, Any]) -> None:
    """Announce what ends soon, is in grace or has lapsed: a step of the night."""
    for _ in range(_MAX_BATCHES):
        async with work.database.transaction(organization_of(payload)) as tx:
            if await service.tell_due(tx, _BATCH) < _BATCH:
                break


async def settle_members(work: Work, payload: dict[str, Any]) -> None:
    """Apply a program's term to all its members, some at a time; harmless to repeat."""
    last: UUID | None = UUID(int=0)
    while last is not None:
        async with work.database.transaction(organization_of(payload)) as tx:
            last = await service.settle_program(tx, UUID(payload["program_id"]), last, _BATCH)


SETTLE: Final = JobKind(service.SETTLE, settle_members)

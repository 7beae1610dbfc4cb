"""The night of a program: what is done once when a new day begins in its time zone, and what it announces.

The order of the steps stands in wiring.py, for rewards and tiers take part; docs/algorithms/expiry.md says why.
A step that works by night asks ``begun_nights`` whose night it is; the announcements come last and close it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from passerelle.kit import clock
from passerelle.kit.days import midnight
from passerelle.kit.db import Row, Tx
from passerelle.kit.jobs import Work, organization_of
from passerelle.ledger import service as ledger
from passerelle.ledger.service import Walk
from passerelle.programs.values import ProgramSettings

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PROGRAMS: Final = """
SELECT p.id, p.time_zone, coalesce((p.settings->>'expiring_soon_days')::int, $2) AS days_ahead, n.day,
       ARRAY(SELECT u.id FROM units u WHERE u.organization_id = p.organization_id AND u.program_id = p.id) AS unit_ids
FROM programs p
LEFT JOIN program_nights n ON n.organization_id = p.organization_id AND n.program_id = p.id
WHERE p.organization_id = $1 AND p.state <> 'draft' ORDER BY p.id
"""
_OPEN: Final = """
INSERT INTO program_nights (organization_id, program_id, done_at, told_until) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
"""
_TAKE: Final = """
SELECT day, done_at, told_until, walk_due_at, walk_id FROM program_nights
WHERE organization_id = $1 AND program_id = $2 FOR UPDATE SKIP LOCKED
"""
_GO_ON: Final = """
UPDATE program_nights SET walk_due_at = $3, walk_id = $4
WHERE organization_id = $1 AND program_id = $2
"""
_CLOSE: Final = """
UPDATE program_nights SET day = $3, done_at = $4, told_until = $5,
    walk_due_at = NULL, walk_id = NULL
WHERE organization_id = $1 AND program_id = $2
"""


@dataclass(frozen=True, slots=True)
class Night:
    """The beginning of ``day`` in a program, not worked through yet; ``previous_day`` was, None before the first."""

    program_id: UUID
    unit_ids: tuple[UUID, ...]
    time_zone: str
    day: date
    previous_day: date | None
    days_ahead: int


async def begun_nights(tx: Tx) -> list[Night]:
    """The programs in whose time zone a day began since their last night, in one statement."""
    now = clock.now()
    nights = []
    for row in await tx.fetch(_PROGRAMS, tx.organization_id, ProgramSettings().expiring_soon_days):
        day = now.astimezone(ZoneInfo(row["time_zone"])).date()
        if row["day"] is None or row["day"] < day:
            place = (row["id"], tuple(row["unit_ids"]), row["time_zone"])
            nights.append(Night(*place, day, row["day"], row["days_ahead"]))
    return nights


async def tell_expiring(work: Work, payload: dict[str, Any]) -> None:
    """Announce what expires soon in every program whose night it is, and close the night.

    Each batch notes in its own transaction how far it came, so that nothing is told twice.
    """
    async with work.database.transaction(organization_of(payload)) as tx:
        nights = await begun_nights(tx)
    for night in nights:
        more = True
        while more:
            async with work.database.transaction(organization_of(payload)) as tx:
                more = await _tell_some(tx, night)


async def _tell_some(tx: Tx, night: Night) -> bool:
    """One batch; whether there is more. Another worker that does the same night is left alone with it."""
    now, place = clock.now(), (tx.organization_id, night.program_id)
    await tx.execute(_OPEN, *place, _LONG_AGO, now)
    row: Row = await tx.fetchrow(_TAKE, *place)
    if row is None or (row["day"] is not None and row["day"] >= night.day):
        return False
    until = midnight(night.day + timedelta(days=night.days_ahead + 1), night.time_zone)
    walk = Walk() if row["walk_due_at"] is None else Walk(row["walk_due_at"], row["walk_id"])
    if night.days_ahead > 0:
        told_until, told_at = row["told_until"], row["done_at"]
        await ledger.announce_expiring(
            tx, night.unit_ids, until=until, told_until=told_until, told_at=told_at, walk=walk
        )
        if not walk.ended:
            await tx.execute(_GO_ON, *place, walk.due_at, walk.id)
            return True
    await tx.execute(_CLOSE, *place, night.day, now, max(until, row["told_until"]))
    return False

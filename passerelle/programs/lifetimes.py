"""How long members' units live: activity that keeps them alive, what expires next, what is pending still.

Part of the public door, service.py. The policies are in timing.py, the lots are the ledger's.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import NothingPending
from passerelle.ledger.schemas import Expiry
from passerelle.programs.timing import Activity, Timing, expiry_of, last_day_of, postponed
from passerelle.programs.values import NextExpiry, Program, Seat, Standing

MAX_EXPIRIES: Final = 100


async def keep_alive(tx: Tx, seats: Sequence[Seat], activities: Iterable[Activity], at: datetime) -> None:
    """Postpone the expiry of what slides, because members did something; costs nothing where no unit slides.

    Lots follow the policy that they were earned under. When a unit's policy no longer slides, they keep their date.
    """
    sliding = [(seat, unit) for seat in seats if seat.program.slides for unit in seat.program.units]
    if not sliding:
        return
    zones = {seat.membership.id: seat.program.time_zone for seat, _ in sliding}
    accounts = [(seat.membership.id, unit.id) for seat, unit in sliding]
    await ledger.lock_accounts(tx, accounts)
    done = tuple(activities)
    later = []
    for lots in await ledger.list_sliding(tx, accounts):
        instants = [postponed(lots.policy, activity, at, zones[lots.owner_id]) for activity in done]
        if (latest := max((each for each in instants if each is not None), default=None)) is not None:
            later.append((lots, latest))
    if later:
        await ledger.postpone(tx, [lots for lots, _ in later], [instant for _, instant in later])


async def list_expiries(tx: Tx, seat: Seat) -> list[NextExpiry]:
    """What of a member's units lapses when, soonest first, at most MAX_EXPIRIES instants."""
    found = await ledger.list_expiries(tx, seat.membership.id, MAX_EXPIRIES)
    return [_next_expiry(expiry, seat.program) for expiry in found]


async def next_expiries_of(tx: Tx, standings: Collection[Standing]) -> dict[UUID, list[NextExpiry]]:
    """What lapses first in each unit of many memberships, soonest first, in one statement."""
    programs = {standing.membership.id: standing.program for standing in standings}
    found: dict[UUID, list[NextExpiry]] = {membership_id: [] for membership_id in programs}
    for expiry in sorted(await ledger.first_expiries(tx, list(programs)), key=lambda each: each.expires_at):
        found[expiry.owner_id].append(_next_expiry(expiry, programs[expiry.owner_id]))
    return found


async def activate_pending(tx: Tx, seat: Seat, *, event: str | None = None, lots: Collection[UUID] = ()) -> None:
    """Make pending units active: those that await an event, or these lots. Their time to lapse begins now.

    Harmless for an event that nothing awaits (any more). Raises NothingPending for a lot that is not pending.
    """
    now, zone = clock.now(), seat.program.time_zone
    pending = await ledger.list_pending(tx, seat.membership.id)
    chosen = [lot for lot in pending if lot.id in lots or (event is not None and lot.awaits == event)]
    if not set(lots) <= {lot.id for lot in chosen}:
        raise NothingPending
    if not chosen:
        return
    units = {unit.id: unit for unit in seat.program.units}
    expiries = {}
    for lot in chosen:
        kept = lot.policy and Timing.model_validate_json(lot.policy)
        expiries[lot.id] = expiry_of(kept or units[lot.unit_id].timing, now, zone)
    await ledger.activate_pending(tx, seat.membership.id, expiries)


async def cancel_pending(
    tx: Tx, seat: Seat, *, event: str | None = None, lots: Collection[UUID] = (), reason: str | None = None
) -> None:
    """Take pending units back: those that await an event, or these lots. Raises NothingPending as above."""
    wanted = set(lots)
    if event is not None:
        pending = await ledger.list_pending(tx, seat.membership.id)
        wanted |= {lot.id for lot in pending if lot.awaits == event}
    await ledger.cancel_pending(tx, seat.membership.id, wanted, reason=reason)


def _next_expiry(expiry: Expiry, program: Program) -> NextExpiry:
    last_day = last_day_of(expiry.expires_at, program.time_zone)
    return NextExpiry(expiry.unit_id, expiry.amount, expiry.expires_at, last_day)

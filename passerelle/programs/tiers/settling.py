"""What follows for tiers from facts of a transaction, done once before it commits. Part of service.py.

Facts name members (a balance, an enrolment) or customers (a purchase). A program without tiers costs no statement
where the transaction has locked the membership, as every purchase has.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.jobs import enqueue
from passerelle.programs.tiers import queries
from passerelle.programs.tiers.assessing import cases_of, decide, write
from passerelle.programs.tiers.definitions import tier_sets_at
from passerelle.programs.tiers.rules import Cause
from passerelle.programs.values import LockedSeat

SETTLE: Final = "tiers.settle"


async def settle_activity(tx: Tx, ids: Collection[UUID]) -> None:
    """Decide the tiers of members, or of customers in all their programs, after something came in or went out."""
    await settle(tx, ids, "activity")


async def settle_refund(tx: Tx, ids: Collection[UUID]) -> None:
    """The same after something was taken back."""
    await settle(tx, ids, "refund")


async def settle_enrolment(tx: Tx, ids: Collection[UUID]) -> None:
    """Give new members the tiers that everybody begins with."""
    await settle(tx, ids, "enrolment")


async def settle_now(tx: Tx) -> None:
    """Decide what is still to be decided in this transaction, for somebody who wants to read it."""
    for verb in (settle_enrolment, settle_activity, settle_refund):
        ids = tx.deferred.pop((verb, tx.turn), None)
        if ids:
            await verb(tx, ids)


async def settle(tx: Tx, ids: Collection[UUID], cause: Cause, *, wait: bool = False) -> None:
    """Decide and keep. Without ``wait``, members that somebody else holds at this moment are left to a job.

    Waiting is for a transaction that has no locks yet: this one may hold accounts that the other one waits for.
    """
    seats, unknown = _known(tx, ids)
    if unknown:
        found = await queries.find_seats_in_tiers(tx, unknown)
        rows = await queries.seats_for_update(tx, found, wait=wait) if found else ()
        seats += [LockedSeat(row["id"], row["program_id"], row["customer_id"], row["version"]) for row in rows]
        held_elsewhere = sorted(set(found) - {row["id"] for row in rows})
        if held_elsewhere:
            await enqueue(tx, SETTLE, {"ids": [str(one) for one in held_elsewhere], "cause": cause})
    sets = await tier_sets_at(tx, {seat.program_id: seat.version for seat in seats})
    concerned = sorted({seat.membership_id for seat in seats if sets[seat.program_id]})
    if concerned:
        cases = await cases_of(tx, concerned, [one for found in sets.values() for one in found])
        await decide(tx, cases, cause, clock.now())
        await write(tx, cases)


def _known(tx: Tx, ids: Collection[UUID]) -> tuple[list[LockedSeat], list[UUID]]:
    """The memberships that this transaction has locked, and the ids that it knows nothing of."""
    seats: dict[UUID, LockedSeat] = {}
    unknown = []
    for one in ids:
        locked = tx.locked.get(one)
        if isinstance(locked, LockedSeat):
            seats[one] = locked
        elif isinstance(locked, tuple):
            seats |= {membership_id: tx.locked[membership_id] for membership_id in locked}
        else:
            unknown.append(one)
    return list(seats.values()), sorted(unknown)

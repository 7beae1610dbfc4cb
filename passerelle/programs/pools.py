"""The pool of a household: what its members have together, and who pays when one of them spends."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance
from passerelle.ledger.schemas import AccountKey, Balance, Debit
from passerelle.programs import pool_rules, queries
from passerelle.programs.values import Program, Seat

_EXPIRIES: Final = 1_000  # of one member; what lapses later than these is taken as the last


async def debits_for(tx: Tx, seat: Seat, unit_id: UUID, amount: int, *, reference: str) -> list[Debit]:
    """What a redemption of this member takes, and from whom; without a household, simply from the member.

    ``reference`` is the one under which the ledger will be told: what it booked under it before is answered again,
    so that a retry is one. The accounts are locked. Raises InsufficientBalance when all who share have less together.
    """
    own = [Debit(seat.membership.id, unit_id, amount)]
    owners = await _sharers(tx, seat, unit_id)
    if not owners:
        return own
    if (told := await _told_before(tx, unit_id, reference)) is not None:
        return told if sum(debit.amount for debit in told) == amount else own
    await ledger.lock_accounts(tx, [(owner_id, unit_id) for owner_id in owners])
    held = await ledger.balances(tx, owners)
    parcels: list[pool_rules.Parcel] = []
    for owner_id in owners:
        active = held[owner_id][unit_id].active
        expiries = await ledger.next_expiries(tx, owner_id, unit_id, _EXPIRIES) if active > 0 else []
        parcels += pool_rules.parcels_of(owner_id, active, expiries)
    paid = pool_rules.draw(amount, parcels, seat.membership.id)
    if paid is None:
        available = sum(parcel.amount for parcel in parcels)
        raise InsufficientBalance(owner_id=seat.membership.id, unit_id=unit_id, available=available, needed=amount)
    return [Debit(owner_id, unit_id, part) for owner_id, part in paid.items()]


async def lock_pool(tx: Tx, seat: Seat, unit_id: UUID) -> None:
    """Hold the accounts from which a member may spend, to decide on balances that cannot change."""
    owners = await _sharers(tx, seat, unit_id) or [seat.membership.id]
    await ledger.lock_accounts(tx, [(owner_id, unit_id) for owner_id in owners])


async def pools_of(tx: Tx, seats: Sequence[Seat], known: Mapping[AccountKey, Balance]) -> dict[UUID, dict[UUID, int]]:
    """What each member can spend together with their household, by unit; those without one are left out.

    No statement when nobody has a household, two otherwise. ``known`` are balances that were just booked.
    """
    sharing = {seat.membership.id: seat for seat in seats if seat.membership.household_id is not None}
    if not sharing:
        return {}
    households = sorted({seat.membership.household_id for seat in sharing.values() if seat.membership.household_id})
    sharers = await queries.sharers_of(tx, households)
    acting = [row for row in sharers if row["state"] == "active"]
    adults = {row["membership_id"] for row in sharers if row["role"] == "adult"}
    held = await ledger.balances(tx, [row["membership_id"] for row in acting])
    pools: dict[UUID, dict[UUID, int]] = {}
    for membership_id, seat in sharing.items():
        owners = [row["membership_id"] for row in acting if row["household_id"] == seat.membership.household_id]
        if membership_id in adults:
            pools[membership_id] = _sums(seat.program, owners, held, known)
    return pools


async def pool_of(tx: Tx, program: Program, owners: Iterable[UUID]) -> dict[UUID, int]:
    """What these members have together, by unit."""
    owners = list(owners)
    return _sums(program, owners, await ledger.balances(tx, owners), {})


def pooled_units(program: Program) -> frozenset[UUID]:
    """The units that households of a program share; none without the setting."""
    settings = program.settings.households
    if settings is None:
        return frozenset()
    return frozenset(
        unit.id for unit in program.units if unit.spendable and (not settings.units or unit.code in settings.units)
    )


async def _sharers(tx: Tx, seat: Seat, unit_id: UUID) -> list[UUID]:
    """Whose units a member may spend; nobody's, not even named their own, when they share this unit with nobody."""
    household_id = seat.membership.household_id
    if household_id is None or unit_id not in pooled_units(seat.program):
        return []
    sharers = await queries.sharers_of(tx, [household_id])
    if not any(row["membership_id"] == seat.membership.id and row["role"] == "adult" for row in sharers):
        return []
    return [row["membership_id"] for row in sharers if row["state"] == "active"]


async def _told_before(tx: Tx, unit_id: UUID, reference: str) -> list[Debit] | None:
    transfer = await ledger.find_transfer_by_reference(tx, reference)
    if transfer is None:
        return None
    paid: dict[UUID, int] = {}
    for entry in transfer.entries:
        paid[entry.owner_id] = paid.get(entry.owner_id, 0) - entry.amount
    return [Debit(owner_id, unit_id, part) for owner_id, part in paid.items()]


def _sums(
    program: Program,
    owners: Sequence[UUID],
    held: Mapping[UUID, Mapping[UUID, Balance]],
    known: Mapping[AccountKey, Balance],
) -> dict[UUID, int]:
    def active(owner_id: UUID, unit_id: UUID) -> int:
        balance = known.get((owner_id, unit_id)) or held.get(owner_id, {}).get(unit_id) or Balance()
        return max(0, balance.active)  # what one owes is not paid by the others

    return {unit_id: sum(active(owner_id, unit_id) for owner_id in owners) for unit_id in pooled_units(program)}

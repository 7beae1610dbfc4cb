"""Two entries of one person: their memberships become those of one customer. Part of the public door, service.py.

Where only the second one is a member, the membership itself moves, with its balances and its history. Where both are,
what the second one holds is booked over to the first, each lot with the day on which it lapses; of their terms, those
that reach further stay in force, and the second membership ends.
"""

from typing import Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Credit, Debit
from passerelle.programs import queries
from passerelle.programs.definitions import programs_at
from passerelle.programs.earning import merge_reference
from passerelle.programs.errors import MergeMemberSuspended, MergeUnitsPending
from passerelle.programs.events import MemberChanged
from passerelle.programs.terms.service import merge_terms
from passerelle.programs.values import Membership, MembershipState, Shared, Unit

_MOST_EXPIRIES: Final = 90


async def shared_programs(tx: Tx, kept_id: UUID, merged_id: UUID) -> list[Shared]:
    """Programs in which both are known, whatever their states; locks all memberships of both in order of ids."""
    rows = await queries.memberships_for_update(tx, [kept_id, merged_id])
    programs = await programs_at(tx, {row["program_id"]: row["version"] for row in rows})
    members = [Membership(**{name: row[name] for name in Membership.__slots__}) for row in rows]
    kept = {member.program_id: member for member in members if member.customer_id == kept_id}
    return [
        Shared(programs[member.program_id], kept[member.program_id], member)
        for member in members
        if member.customer_id == merged_id and member.program_id in kept
    ]


async def merge_members(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """Give the kept customer the memberships of the other; raises MergeMemberSuspended, MergeUnitsPending."""
    shared = await shared_programs(tx, kept_id, merged_id)
    for one in shared:
        if "suspended" in {one.kept.state, one.merged.state}:
            raise MergeMemberSuspended(program=one.program.name)
    for one in shared:
        if one.merged.state == "active":
            await _book_over(tx, one)
            await merge_terms(tx, one.kept, one.merged)
            await _set_state(tx, one.kept, "active")
            await _set_state(tx, one.merged, "ended")
    stays = [one.merged.id for one in shared]
    await tx.execute(queries.MOVE_MEMBERSHIPS, tx.organization_id, kept_id, merged_id, stays)
    await tx.execute(queries.MOVE_EVENTS, tx.organization_id, kept_id, merged_id)


async def _book_over(tx: Tx, one: Shared) -> None:
    held = (await ledger.balances(tx, [one.merged.id]))[one.merged.id]
    if any(balance.pending for balance in held.values()):
        raise MergeUnitsPending(program=one.program.name)
    for unit in one.program.units:
        active = held[unit.id].active if unit.id in held else 0
        if active > 0:
            await ledger.post(
                tx,
                kind="adjustment",
                reference=merge_reference(one.merged.id, unit.code),
                credits=await _credits(tx, one, unit, active),
                debits=[Debit(one.merged.id, unit.id, active)],
                reason="merge",
            )


async def _credits(tx: Tx, one: Shared, unit: Unit, active: int) -> list[Credit]:
    """What lapses on a day lapses on that day still; days beyond the nearest ninety count as the last of all."""
    expiries = await ledger.next_expiries(tx, one.merged.id, unit.id, 10_000)
    near, far = expiries[:_MOST_EXPIRIES], expiries[_MOST_EXPIRIES:]
    given = [Credit(one.kept.id, unit.id, amount, expires_at=at) for at, amount in near]
    if far:
        given.append(Credit(one.kept.id, unit.id, sum(amount for _, amount in far), expires_at=far[-1][0]))
    endless = active - sum(credit.amount for credit in given)
    return [*given, Credit(one.kept.id, unit.id, endless)] if endless > 0 else given


async def _set_state(tx: Tx, member: Membership, state: MembershipState) -> None:
    if await tx.fetchrow(queries.CHANGE_MEMBERSHIP, tx.organization_id, member.id, state) is not None:
        changed = MemberChanged(
            membership_id=member.id, program_id=member.program_id, customer_id=member.customer_id, state=state
        )
        await announce(tx, changed)

"""Members in tier sets: what they hold, given by hand, and moved by time or by a changed definition.

Part of the public door, service.py.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.programs import service as programs
from passerelle.programs.errors import MembershipNotFound
from passerelle.programs.tiers import queries, rules
from passerelle.programs.tiers.assessing import Case, amounts_now, cases_of, catch_up, decide, write
from passerelle.programs.tiers.definitions import tier_set_of, tier_sets_at
from passerelle.programs.tiers.errors import TierNotFound, TierSetNotFound
from passerelle.programs.tiers.events import TierLockChanged
from passerelle.programs.tiers.rules import NONE
from passerelle.programs.tiers.schemas import AssignmentIn
from passerelle.programs.tiers.settling import settle_now
from passerelle.programs.tiers.values import MemberTier, NamedTier, TierFacts, TierSet
from passerelle.programs.tiers.windows import MOMENT, local_day
from passerelle.programs.values import Standing


async def tiers_of(tx: Tx, standing: Standing) -> list[MemberTier]:
    """The tiers of a member as this transaction leaves them; without a statement for a program that has none."""
    await settle_now(tx)
    program = standing.program
    sets = (await tier_sets_at(tx, {program.id: program.version}))[program.id]
    return await _shown(tx, [standing.membership.id], sets) if sets else []


async def member_tiers(tx: Tx, membership_id: UUID) -> list[MemberTier]:
    """The tiers of a member; raises MembershipNotFound."""
    return await tiers_of(tx, await programs.standing(tx, membership_id))


async def tier_facts(tx: Tx, membership_ids: Sequence[UUID]) -> dict[UUID, list[TierFacts]]:
    """What cards show of their members' tiers, one entry for each set in which a tier is held; for many at once."""
    await settle_now(tx)
    facts: dict[UUID, list[TierFacts]] = {membership_id: [] for membership_id in membership_ids}
    seats = await programs.find_seats(tx, membership_ids)
    sets = await tier_sets_at(tx, {seat.program.id: seat.program.version for seat in seats})
    concerned = [seat.membership.id for seat in seats if sets[seat.program.id]]
    for member in await _shown(tx, concerned, [one for found in sets.values() for one in found]):
        if member.tier is not None:
            facts[member.membership_id].append(_facts(member, member.tier))
    return facts


async def list_changes(tx: Tx, membership_id: UUID, tier_set_id: UUID, limit: int) -> Sequence[Any]:
    """The last changes of a member's tier, newest first."""
    return await queries.history_of(tx, membership_id, tier_set_id, limit)


async def assign_tier(tx: Tx, membership_id: UUID, tier_set_id: UUID, wanted: AssignmentIn) -> MemberTier:
    """Give a member a tier by hand, lock the one that is held, or both; the reason and the actor are kept.

    Raises MembershipNotFound, TierSetNotFound, TierNotFound.
    """
    case, now = await _case_for_update(tx, membership_id, tier_set_id), clock.now()
    await catch_up(tx, [case], now)
    definition = case.tier_set.definition
    held = case.held
    if wanted.tier_id is not None:
        if wanted.tier_id not in {tier.id for tier in case.tier_set.tiers}:
            raise TierNotFound
        held = rules.assigned(definition, held, wanted.tier_id, now)
    held = rules.locked(held, locked=wanted.locked, until=wanted.locked_until)
    await _keep_by_hand(tx, case, held, now, wanted.reason)
    return (await _shown(tx, [membership_id], [case.tier_set]))[0]


async def release_tier(tx: Tx, membership_id: UUID, tier_set_id: UUID, reason: str) -> MemberTier:
    """End the lock on a member's tier; from then on it is kept or lost like any other.

    Raises MembershipNotFound, TierSetNotFound.
    """
    case, now = await _case_for_update(tx, membership_id, tier_set_id), clock.now()
    await _keep_by_hand(tx, case, rules.locked(case.held, locked=False, until=None), now, reason)
    await decide(tx, [case], "manual", now)
    await write(tx, [case])
    return (await _shown(tx, [membership_id], [case.tier_set]))[0]


async def turn_due(tx: Tx, limit: int) -> int:
    """Decide up to ``limit`` members whose period, term, grace or lock ended; returns how many were decided.

    Members that a till holds at this moment are left to the next batch.
    """
    now = clock.now()
    due = {(row["membership_id"], row["tier_set_id"]) for row in await queries.due_states(tx, now, limit)}
    rows = await queries.seats_for_update(tx, sorted({one for one, _ in due}), wait=False) if due else ()
    if not rows:
        return 0
    sets = await tier_sets_at(tx, {row["program_id"]: row["version"] for row in rows})
    found = await cases_of(tx, [row["id"] for row in rows], [one for every in sets.values() for one in every])
    cases = [case for case in found if (case.membership_id, case.tier_set.id) in due]
    await catch_up(tx, cases, now)
    await write(tx, cases)
    return len(cases)


async def recalculate_members(tx: Tx, tier_set_id: UUID, last: UUID, limit: int) -> UUID | None:
    """Apply a changed definition to the next members after ``last``; returns the last of them, None at the end.

    Members that were decided by it already are passed over. A tier set that was removed meanwhile has none.
    """
    try:
        tier_set = tier_set_of(await queries.get_tier_set(tx, tier_set_id))
    except TierSetNotFound:
        return None
    ids = await queries.undecided_after(tx, tier_set, last, limit)
    if not ids:
        return None
    await queries.seats_for_update(tx, ids, wait=True)
    cases = await cases_of(tx, ids, [tier_set])
    await decide(tx, cases, "definition", clock.now())
    await write(tx, cases)
    return ids[-1]


async def forget_members(tx: Tx, tier_set_id: UUID, last: UUID, limit: int) -> UUID | None:
    """Forget what members hold of a removed tier set, some at a time; returns the last of them, None at the end."""
    ids = await queries.holders_after(tx, tier_set_id, last, limit)
    if not ids:
        return None
    await queries.seats_for_update(tx, ids, wait=True)
    await tx.execute(queries.LEAVE, tx.organization_id, tier_set_id, ids)
    return ids[-1]


async def rest(tx: Tx, membership_id: UUID) -> None:
    """Let time pass a membership by that has ended."""
    await tx.execute(queries.REST, tx.organization_id, membership_id)


async def wake(tx: Tx, membership_id: UUID) -> None:
    """Have time catch up on a membership that is active again."""
    await tx.execute(queries.WAKE, tx.organization_id, membership_id, clock.now())


async def export_changes(tx: Tx, membership_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Every change of tiers of these members, oldest first."""
    return [dict(row) for row in await queries.changes_of(tx, membership_ids)]


async def forget_reasons(tx: Tx, membership_ids: Sequence[UUID]) -> None:
    """Forget what operators wrote about these members."""
    await tx.execute(queries.FORGET_REASONS, tx.organization_id, list(membership_ids))


async def _case_for_update(tx: Tx, membership_id: UUID, tier_set_id: UUID) -> Case:
    if not await queries.seats_for_update(tx, [membership_id], wait=True):
        raise MembershipNotFound
    tier_set = tier_set_of(await queries.get_tier_set(tx, tier_set_id))
    cases = await cases_of(tx, [membership_id], [tier_set])
    if not cases:
        raise TierSetNotFound
    return cases[0]


async def _keep_by_hand(tx: Tx, case: Case, held: rules.Held, now: datetime, reason: str) -> None:
    was_locked = case.held.locked
    case.become(held, "manual", now, reason)
    case.note(now, reason)
    await write(tx, [case])
    if held.locked or was_locked:
        await announce(
            tx,
            TierLockChanged(
                membership_id=case.membership_id,
                customer_id=case.customer_id,
                tier_set_id=case.tier_set.id,
                locked=held.locked,
            ),
        )


async def _shown(tx: Tx, membership_ids: Sequence[UUID], sets: Sequence[TierSet]) -> list[MemberTier]:
    cases = await cases_of(tx, membership_ids, sets) if membership_ids else []
    amounts = await amounts_now(tx, cases, clock.now())
    return [_member_tier(case, amount) for case, amount in zip(cases, amounts, strict=True)]


def _member_tier(case: Case, amount: int) -> MemberTier:
    tier_set, held = case.tier_set, case.held
    rank = tier_set.definition.rank(held.tier_id)
    following = tier_set.tiers[rank + 1] if rank + 1 < len(tier_set.tiers) else None
    return MemberTier(
        membership_id=case.membership_id,
        tier_set=tier_set,
        held=held,
        tier=None if rank == NONE else tier_set.tiers[rank],
        amount=amount,
        next_tier=following,
        missing=max(0, following.threshold - amount) if following else 0,
    )


def _facts(member: MemberTier, tier: NamedTier) -> TierFacts:
    following, ends_at = member.next_tier, member.held.grace_until or member.held.ends_at
    zone = member.tier_set.definition.time_zone
    return TierFacts(
        tier_set_id=member.tier_set.id,
        basis=member.tier_set.basis,
        unit_id=member.tier_set.unit_id,
        name=tier.name,
        names=tier.names,
        colour=tier.colour,
        ends_on=local_day(ends_at - MOMENT, zone) if ends_at else None,
        amount=member.amount,
        next_name=following.name if following else None,
        next_names=following.names if following else {},
        missing=member.missing,
    )

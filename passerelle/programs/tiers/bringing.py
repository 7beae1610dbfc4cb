"""What reaching a tier brings, and what goes with a tier that a refund takes. The memberships are locked."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.ledger.errors import SpentMeanwhile
from passerelle.programs.earning import grant
from passerelle.programs.errors import MembershipNotActive, ProgramNotRunning
from passerelle.programs.refunds.booking import shortfalls_of
from passerelle.programs.refunds.service import undo_accrual
from passerelle.programs.rules import Reason
from passerelle.programs.tiers import queries
from passerelle.programs.tiers.events import TierRewardEarned, TierRewardLost
from passerelle.programs.tiers.values import TierSet


@dataclass(frozen=True, slots=True)
class Place:
    """A change of a member's tier that is written down: in which set, and in which period it happened."""

    membership_id: UUID
    customer_id: UUID
    tier_set: TierSet
    change_id: UUID
    period: str


async def bring(tx: Tx, place: Place, tier_id: UUID | None, *, first_in_period: bool) -> None:
    """Give what a tier brings, once in a period, and again what a refund took back.

    A member or a program that may not earn now gets no units, and no later either.
    """
    tier = place.tier_set.tier(tier_id)
    if tier is None or (tier.entry_units is None and tier.entry_reward_id is None):
        return
    kept = 0
    if not first_in_period:
        known = await queries.kept_of_taken_back(tx, place.membership_id, tier.id, place.period)
        if known is None:
            return
        kept = known
    await tx.execute(queries.MARK_BROUGHT, tx.organization_id, place.change_id)
    occasion = _reference(place, tier.id, place.period)
    reference = occasion if first_in_period else _reference(place, tier.id, place.period, place.change_id)
    if tier.entry_reward_id is not None:
        who = (place.membership_id, place.customer_id)
        await announce(tx, TierRewardEarned(*who, tier.id, tier.entry_reward_id, occasion, reference))
    if tier.entry_units is None or tier.entry_unit_id is None or tier.entry_units <= kept:
        return
    try:
        await grant(
            tx,
            place.membership_id,
            unit_id=tier.entry_unit_id,
            amount=tier.entry_units - kept,
            reason=Reason("tier_reached", {"units": tier.entry_units - kept, "tier": tier.name}),
            reference=reference,
        )
    except (MembershipNotActive, ProgramNotRunning):
        return


async def take_back(tx: Tx, place: Place, tier_id: UUID | None) -> None:
    """Take back what the tiers above the one that is left brought, since the member last stood as low.

    A refund is never refused for it: what was spent is let go, or owed where the unit says so.
    """
    tiers = place.tier_set.tiers
    rank = next((number for number, tier in enumerate(tiers) if tier.id == tier_id), -1)
    kept = [tier.id for tier in tiers[: rank + 1]]
    for row in await queries.take_back(tx, place.membership_id, place.tier_set.id, place.change_id, kept):
        again = None if row["first_in_period"] else row["id"]
        reference = _reference(place, row["to_tier_id"], row["period"], again)
        await announce(tx, TierRewardLost(place.membership_id, place.customer_id, row["to_tier_id"], reference))
        let_go = await _take_units(tx, place.membership_id, reference)
        if let_go:
            await tx.execute(queries.KEEP_UNITS, tx.organization_id, row["id"], let_go)


async def _take_units(tx: Tx, membership_id: UUID, reference: str) -> int:
    """Take units back; returns how many were let go."""
    try:
        await undo_accrual(tx, reference, reason="tier", shortfall="refuse")
    except SpentMeanwhile as short:
        policy = (await shortfalls_of(tx, [membership_id], None))[short.params["unit_id"]]
        await undo_accrual(tx, reference, reason="tier", shortfall="owe" if policy == "owe" else "forgive")
        return 0 if policy == "owe" else int(short.params["missing"])
    return 0


def _reference(place: Place, tier_id: UUID, period: str, again: UUID | None = None) -> str:
    first = f"tier:{place.membership_id}:{tier_id}:{period}"
    return f"{first}:{again}" if again else first

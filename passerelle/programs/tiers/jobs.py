"""What tiers do when facts are told below, and what wakes them without HTTP; wiring.py lists both."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.ledger.events import BalanceChanged
from passerelle.programs.events import MemberChanged, MemberEnrolled
from passerelle.programs.tiers import service
from passerelle.programs.tiers.definitions import remembered
from passerelle.programs.values import LockedSeat
from passerelle.purchases.events import PurchaseRecorded, PurchaseRefunded, PurchaseVoided

# Members are locked to the end of a batch, and tills wait for them: rather many small batches.
_BATCH: Final = 200
_MAX_BATCHES: Final = 10_000
_FIRST: Final = UUID(int=0)


async def on_balance_changed(tx: Tx, changed: BalanceChanged) -> None:
    """A balance may reach a tier, and what is taken back may undo one.

    Whoever earns or redeems has locked the membership first: other owners of units are not members.
    """
    seat = tx.locked.get(changed.owner_id)
    if isinstance(seat, LockedSeat):
        sets = remembered(tx, seat.program_id, seat.version)
        spends = changed.kind == "redemption"
        if sets is not None and not any(not spends or tier_set.basis == "balance" for tier_set in sets):
            return
    elif changed.kind in {"accrual", "redemption"}:
        return
    taken_back = changed.kind in {"reversal", "refund"} and changed.delta < 0
    tx.defer(service.settle_refund if taken_back else service.settle_activity, changed.owner_id, in_turn=True)


async def on_purchase_recorded(tx: Tx, recorded: PurchaseRecorded) -> None:
    """What was spent counts, also when it earned nothing."""
    tx.defer(service.settle_activity, recorded.customer_id, in_turn=True)


async def on_purchase_voided(tx: Tx, voided: PurchaseVoided) -> None:
    """What was spent counts no longer."""
    tx.defer(service.settle_refund, voided.customer_id, in_turn=True)


async def on_purchase_refunded(tx: Tx, refunded: PurchaseRefunded) -> None:
    """What was paid back counts no longer."""
    tx.defer(service.settle_refund, refunded.customer_id, in_turn=True)


async def on_member_enrolled(tx: Tx, enrolled: MemberEnrolled) -> None:
    """A new member begins with the tier that costs nothing, if there is one."""
    tx.defer(service.settle_enrolment, enrolled.membership_id, in_turn=True)


async def on_member_changed(tx: Tx, changed: MemberChanged) -> None:
    """Time does not touch the tiers of a membership that ended; one that is active again catches up."""
    await (service.rest if changed.state == "ended" else service.wake)(tx, changed.membership_id)


async def turn_due(work: Work, payload: dict[str, Any]) -> None:
    """Decide every member of an organization whose period, term, grace or lock ended: a step of the night."""
    organization_id = organization_of(payload)
    for _ in range(_MAX_BATCHES):
        async with work.database.transaction(organization_id) as tx:
            if await service.turn_due(tx, _BATCH) == 0:
                break


async def settle_members(work: Work, payload: dict[str, Any]) -> None:
    """Decide members that somebody else held when a fact about them was told."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.settle(tx, [UUID(one) for one in payload["ids"]], payload["cause"], wait=True)


async def recalculate_members(work: Work, payload: dict[str, Any]) -> None:
    """Apply a changed definition to all members, some at a time; whoever repeats this finds fewer left."""
    last: UUID | None = _FIRST
    while last is not None:
        async with work.database.transaction(organization_of(payload)) as tx:
            last = await service.recalculate_members(tx, UUID(payload["tier_set_id"]), last, _BATCH)


async def forget_members(work: Work, payload: dict[str, Any]) -> None:
    """Forget what members hold of a tier set that was removed."""
    last: UUID | None = _FIRST
    while last is not None:
        async with work.database.transaction(organization_of(payload)) as tx:
            last = await service.forget_members(tx, UUID(payload["tier_set_id"]), last, _BATCH)


SETTLE: Final = JobKind(service.SETTLE, settle_members)
RECALCULATE: Final = JobKind(service.RECALCULATE, recalculate_members)
FORGET: Final = JobKind(service.FORGET, forget_members)

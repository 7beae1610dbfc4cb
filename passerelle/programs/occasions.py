"""What follows from a purchase or a visit beside the units of the rules: facts, achievements and referral, both ways.

Part of the public door, service.py. Order of locks: the purchase, memberships by id, then what hangs on them, then
accounts. A receipt is locked before its purchase.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.ledger.schemas import Shortfall
from passerelle.programs import earning
from passerelle.programs.achievements import service as achievements
from passerelle.programs.events import VisitRecorded, VisitUndone
from passerelle.programs.referral import service as referral
from passerelle.programs.refunds import service as refunds
from passerelle.programs.refunds.values import RefundOutcome
from passerelle.programs.values import Accrued, Standing, Undone
from passerelle.purchases import service as purchases
from passerelle.purchases.receipts import service as receipts
from passerelle.purchases.schemas import NewRefund, Purchase

_VISIT: Final = "scan:"  # how references of visits begin, among those of coupons and others


async def accrue_for_purchase(tx: Tx, customer_id: UUID, purchase: Purchase) -> list[Accrued]:
    """As earning's; then the purchase counts towards achievements and may qualify a friend who joined."""
    accrued = await earning.accrue_for_purchase(tx, customer_id, purchase)
    if purchase.replayed or any(one.replayed for one in accrued):
        return accrued
    await referral.note_purchase(tx, accrued, purchase)
    return await achievements.count_purchase(tx, accrued, purchase)


async def accrue_for_purchases(tx: Tx, told: Sequence[tuple[Actor, Purchase]]) -> list[list[Accrued]]:
    """The same for purchases of as many customers that were recorded just now."""
    accrued = await earning.accrue_for_purchases(tx, told)
    counted = []
    for (actor, purchase), each in zip(told, accrued, strict=True):
        tx.act_for(actor)
        await referral.note_purchase(tx, each, purchase)
        counted.append(await achievements.count_purchase(tx, each, purchase))
    return counted


async def accrue_for_visit(
    tx: Tx,
    membership_id: UUID,
    *,
    reference: str,
    units: int | None = None,
    location_id: UUID | None = None,
    occurred_at: datetime | None = None,
) -> Accrued:
    """As earning's; then the visit is told, and counts towards achievements."""
    instant = occurred_at or clock.now()
    accrued = await earning.accrue_for_visit(
        tx, membership_id, reference=reference, units=units, location_id=location_id, occurred_at=instant
    )
    if not accrued.replayed:
        await announce(tx, _visit(accrued, reference, instant, location_id))
    return await achievements.count_visit(
        tx, accrued, reference=reference, occurred_at=instant, location_id=location_id
    )


async def refund_purchase(
    tx: Tx, purchase_id: UUID, new: NewRefund, *, forgive_missing: bool = False
) -> RefundOutcome:
    """As refunds'; with the last slice also achievements that rested on the purchase go, and a friend waits again.

    Until then goals of spending and of items count what is left, and the friend waits when too little is left to
    qualify.
    """
    outcome = await refunds.refund_purchase(tx, purchase_id, new, forgive_missing=forgive_missing)
    if outcome.replayed:
        return outcome
    shortfall: Shortfall | None = "forgive" if forgive_missing else None
    purchase = outcome.purchase
    if purchase.state == "refunded":
        await _unsettle(tx, purchase_id, shortfall)
    else:
        rest_minor = purchase.amount_minor - purchase.refunded_minor
        items = refunds.items_left(purchase, await purchases.list_refunds(tx, purchase_id))
        await achievements.lessen(tx, earning.purchase_reference(purchase_id), rest_minor, items, shortfall)
        await referral.note_refund(tx, purchase)
    return replace(outcome, standings=await _again(tx, outcome.standings))


async def undo_purchase(
    tx: Tx, purchase_id: UUID, *, reason: str | None = None, shortfall: Shortfall | None = None
) -> Undone:
    """As refunds'; then achievements that rested on the purchase are taken back, and a friend waits again.

    The receipt that it was claimed with is open again.
    """
    before = len(tx.events)
    had_receipt = await receipts.hold_claimed(tx, purchase_id)
    undone = await refunds.undo_purchase(tx, purchase_id, reason=reason, shortfall=shortfall)
    await _unsettle(tx, purchase_id, shortfall)
    if had_receipt:
        undone = replace(undone, purchase=await receipts.reopen(tx, undone.purchase))
    reasons = tuple(chain.from_iterable(refunds.surrendered(tx, before).values()))
    return replace(undone, standings=await _again(tx, undone.standings), reasons=reasons)


async def undo_accrual(
    tx: Tx, reference: str, *, reason: str | None = None, shortfall: Shortfall | None = None
) -> list[Standing]:
    """As refunds'; achievements that rested on it are taken back first."""
    await achievements.take_back(tx, reference, shortfall)
    standings = await refunds.undo_accrual(tx, reference, reason=reason, shortfall=shortfall)
    for standing in standings if reference.startswith(_VISIT) else ():
        await announce(tx, VisitUndone(reference=reference, customer_id=standing.membership.customer_id))
    return standings


def _visit(accrued: Accrued, reference: str, instant: datetime, location_id: UUID | None) -> VisitRecorded:
    membership = accrued.standing.membership
    return VisitRecorded(
        reference=reference,
        membership_id=membership.id,
        program_id=membership.program_id,
        customer_id=membership.customer_id,
        location_id=location_id,
        occurred_at=instant.isoformat(),
    )


async def _unsettle(tx: Tx, purchase_id: UUID, shortfall: Shortfall | None) -> None:
    """Take back what rested on a purchase; the buyer's memberships are locked already."""
    await achievements.take_back(tx, earning.purchase_reference(purchase_id), shortfall)
    await referral.reopen(tx, purchase_id)


async def _again(tx: Tx, standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """Where the same members stand now."""
    return tuple(await earning.standings_of(tx, [each.membership.id for each in standings]))

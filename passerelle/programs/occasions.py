"""What follows from a purchase or a visit beside the units of the rules: achievements and referral, both ways.

Part of the public door, service.py. Order of locks: the purchase, memberships by id, then what hangs on them, then
accounts.
"""

from datetime import datetime
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.ledger.schemas import Shortfall
from passerelle.programs import earning, queries
from passerelle.programs.achievements import service as achievements
from passerelle.programs.referral import service as referral
from passerelle.programs.values import Accrued, Standing, Undone
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import Purchase


async def accrue_for_purchase(tx: Tx, customer_id: UUID, purchase: Purchase) -> list[Accrued]:
    """As earning's; then the purchase counts towards achievements and may qualify a friend who joined."""
    accrued = await earning.accrue_for_purchase(tx, customer_id, purchase)
    if purchase.replayed or any(one.replayed for one in accrued):
        return accrued
    await referral.note_purchase(tx, accrued, purchase)
    return await achievements.count_purchase(tx, accrued, purchase)


async def accrue_for_visit(
    tx: Tx,
    membership_id: UUID,
    *,
    reference: str,
    units: int | None = None,
    location_id: UUID | None = None,
    occurred_at: datetime | None = None,
) -> Accrued:
    """As earning's; then the visit counts towards achievements."""
    instant = occurred_at or clock.now()
    accrued = await earning.accrue_for_visit(
        tx, membership_id, reference=reference, units=units, location_id=location_id, occurred_at=instant
    )
    return await achievements.count_visit(
        tx, accrued, reference=reference, occurred_at=instant, location_id=location_id
    )


async def undo_purchase(
    tx: Tx, purchase_id: UUID, *, reason: str | None = None, shortfall: Shortfall = "refuse"
) -> Undone:
    """As earning's; achievements that rested on the purchase are taken back first, and a friend waits again."""
    purchase = await purchases.void_purchase(tx, purchase_id)
    reference = earning.purchase_reference(purchase_id)
    await queries.seats_of_customer_for_update(tx, purchase.customer_id, reference)
    await achievements.take_back(tx, reference, shortfall)
    await referral.reopen(tx, purchase_id)
    return await earning.undo_purchase(tx, purchase_id, reason=reason, shortfall=shortfall)


async def undo_accrual(
    tx: Tx, reference: str, *, reason: str | None = None, shortfall: Shortfall = "refuse"
) -> list[Standing]:
    """As earning's; achievements that rested on it are taken back first."""
    await achievements.take_back(tx, reference, shortfall)
    return await earning.undo_accrual(tx, reference, reason=reason, shortfall=shortfall)

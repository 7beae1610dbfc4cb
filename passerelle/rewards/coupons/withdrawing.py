"""Codes that a purchase gave go with it when it is taken back. Part of the public door, service.py.

A refund has locked memberships when it is told, and whoever uses a coupon locks the coupon first. So a coupon that
somebody has locked just now is left to a job, which waits for it and holds nothing else.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.jobs import enqueue
from passerelle.programs.refunds import service as refunds
from passerelle.purchases import service as purchases
from passerelle.rewards.coupons import giving_rules, queries
from passerelle.rewards.coupons.events import CouponKept, CouponVoided
from passerelle.rewards.coupons.reading import campaign_beside
from passerelle.rewards.coupons.values import Campaign

WITHDRAW: Final = "coupons.withdraw"


async def withdraw_given(tx: Tx, purchase_id: UUID, *, waits: bool = False) -> None:
    """Take back the codes of a purchase that was voided, or of which too little is left.

    Used ones stay, and are told. Harmless to repeat. With ``waits``, one that somebody uses just now is waited for.
    """
    known = [row for row in await queries.coupons_of_purchase(tx, purchase_id) if row["withdrawn_at"] is None]
    if not known:
        return
    lost = await _lost(tx, purchase_id, known)
    locked = await queries.coupons_of_purchase(tx, purchase_id, lock="wait" if waits else "skip") if lost else []
    for row in locked:
        if row["id"] in lost and row["withdrawn_at"] is None:
            await _withdraw(tx, row, purchase_id)
    if lost - {row["id"] for row in locked}:
        await enqueue(tx, WITHDRAW, {"purchase_id": str(purchase_id)})


async def _lost(tx: Tx, purchase_id: UUID, rows: Sequence[Any]) -> set[UUID]:
    """Which codes what is left of the purchase no longer gives."""
    purchase = await purchases.get_purchase(tx, purchase_id)
    if purchase.state != "recorded":
        return {row["id"] for row in rows}
    left_minor = purchase.amount_minor - purchase.refunded_minor
    items = refunds.items_left(purchase, await purchases.list_refunds(tx, purchase_id))

    def is_kept(campaign: Campaign) -> bool:
        return campaign.after_purchase is None or giving_rules.earns(campaign.after_purchase, left_minor, items)

    return {row["id"] for row in rows if not is_kept(campaign_beside(row))}


async def _withdraw(tx: Tx, row: Any, purchase_id: UUID) -> None:
    await tx.execute(queries.WITHDRAW, tx.organization_id, row["id"], clock.now())
    about = {"coupon_id": row["id"], "campaign_id": row["campaign_id"], "customer_id": row["customer_id"]}
    if row["uses"]:
        await announce(tx, CouponKept(**about, purchase_id=purchase_id))
        return
    if row["state"] != "voided":
        await announce(tx, CouponVoided(**about))
    after = campaign_beside(row).after_purchase
    if after is not None and after.stock is not None:
        tx.write_last(queries.RETURN_STOCK, tx.organization_id, row["campaign_id"])

"""Receipts that become purchases of a member. Part of the public door, service.py.

A claimed receipt is a purchase that is told late: it earns as of when it happened, by the same path as every other.
What was paid back before is refunded right after, by the same path, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.programs import earning, occasions
from passerelle.programs.refunds import service as refunds
from passerelle.programs.refunds.values import RefundOutcome
from passerelle.programs.rules import Accrual
from passerelle.programs.values import Accrued, Undone
from passerelle.purchases.receipts import service as receipts
from passerelle.purchases.receipts.schemas import Receipt
from passerelle.purchases.schemas import NewRefund, Purchase, Refund, Refunded, ReturnedLine


@dataclass(frozen=True, slots=True)
class Claimed:
    """A receipt with the purchase that it became and what that earned; ``refunds`` took their share back at once."""

    receipt: Receipt
    purchase: Purchase
    earned: Sequence[Accrued]
    refunds: Sequence[RefundOutcome]


async def claim_receipt(tx: Tx, receipt_id: UUID, customer_id: UUID, by: Literal["customer", "staff"]) -> Claimed:
    """Make a receipt a customer's purchase and give what it earns; raises the refusals of ``receipts.claim``."""
    receipt, purchase = await receipts.claim(tx, receipt_id, customer_id, by)
    earned = await occasions.accrue_for_purchase(tx, customer_id, purchase)
    if purchase.replayed:
        return Claimed(receipt, purchase, earned, ())
    done = [
        await occasions.refund_purchase(tx, purchase.id, _again(each), forgive_missing=False)
        for each in receipt.slices
    ]
    if done:
        purchase = done[-1].purchase
        now = await earning.standings_of(tx, [each.standing.membership.id for each in earned])
        known = {standing.membership.id: standing for standing in now}
        earned = [replace(each, standing=known[each.standing.membership.id]) for each in earned]
    return Claimed(receipt, purchase, earned, done)


async def preview_receipt(tx: Tx, receipt: Receipt, customer_id: UUID) -> list[Accrued]:
    """What a customer would get for a receipt, less what goes back for refunds; writes nothing.

    Raises the refusals of ``receipts.require_claimable`` and of recording the purchase.
    """
    await receipts.require_claimable(tx, receipt)
    previewed = await earning.preview_purchase(tx, receipt.purchase_of(customer_id))
    if not receipt.slices:
        return previewed
    refunded = Refunded(receipt.bought, receipt.slices[-1], receipt.slices)
    return [replace(each, accruals=_left(each, refunded)) for each in previewed]


async def refund_receipt(tx: Tx, receipt_id: UUID, new: NewRefund) -> tuple[Receipt, RefundOutcome | None]:
    """Pay a slice of a receipt back, whoever has it by now; with the outcome of its purchase once it is claimed."""
    receipt = await receipts.refund_unclaimed(tx, receipt_id, new)
    if receipt.purchase_id is None:
        return receipt, None
    return receipt, await occasions.refund_purchase(tx, receipt.purchase_id, new)


async def void_receipt(tx: Tx, receipt_id: UUID, reason: str | None) -> tuple[Receipt, Undone | None]:
    """Take a receipt back for good, and its purchase once it is claimed; harmless when it was done before."""
    receipt = await receipts.void_unclaimed(tx, receipt_id)
    if receipt.purchase_id is None:
        return receipt, None
    undone = await occasions.undo_purchase(tx, receipt.purchase_id, reason=reason)
    return await receipts.void_unclaimed(tx, receipt_id), undone


def _again(told: Refund) -> NewRefund:
    lines = tuple(ReturnedLine(line=item.line, quantity=item.quantity) for item in told.lines)
    return NewRefund(told.amount_minor, None, lines, told.reference, told.reason, told.location_id)


def _left(previewed: Accrued, refunded: Refunded) -> tuple[Accrual, ...]:
    """What is left of each accrual after the slices."""
    rules: dict[UUID | None, Any] = {rule.id: rule.earning for rule in previewed.standing.program.rules}
    return tuple(
        replace(
            accrual,
            amount=accrual.amount - refunds.share_taken(accrual.amount, rules.get(accrual.rule_id), refunded),
        )
        for accrual in previewed.accruals
    )

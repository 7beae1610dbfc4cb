"""The verbs of receipts at the till."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.programs import service as programs
from passerelle.programs.refunds.schemas import RefundOutcome
from passerelle.programs.schemas import Accrued
from passerelle.purchases.receipts import service as receipts
from passerelle.purchases.receipts.schemas import Receipt, ReceiptIn, ReceiptRefundIn
from passerelle.purchases.schemas import NewRefund
from passerelle.rewards.coupons import service as coupons
from passerelle.scanning.cards import card_scanned
from passerelle.scanning.receipts.schemas import ClaimIn

_VOID_PURCHASES: Final = "ledger:adjust"


async def tell_receipts(tx: Tx, told: Sequence[ReceiptIn]) -> list[Receipt | Refusal]:
    """Keep several receipts, each by itself: it, or why not. What is refused has written nothing."""
    found: list[Receipt | Refusal] = []
    for one in told:
        try:
            found.append(await receipts.tell_receipt(tx, one, tx.actor.location_id))
        except Refusal as refusal:
            found.append(refusal)
    return found


async def preview_claim(tx: Tx, wanted: ClaimIn) -> tuple[Receipt, list[Accrued]]:
    """What a claim would bring; books nothing. Raises the refusals of cards, of receipts and of purchases."""
    receipt, customer_id = await _wanted(tx, wanted)
    return receipt, await programs.preview_receipt(tx, receipt, customer_id)


async def claim(tx: Tx, wanted: ClaimIn) -> programs.Claimed:
    """Book a receipt for whoever's card it is. Raises the refusals of cards, of receipts and of purchases."""
    receipt, customer_id = await _wanted(tx, wanted)
    claimed = await programs.claim_receipt(tx, receipt.id, customer_id, "staff")
    await coupons.give_after_claim(tx, claimed)
    return claimed


async def refund_receipt(tx: Tx, receipt_id: UUID, told: ReceiptRefundIn) -> tuple[Receipt, RefundOutcome | None]:
    """Pay a slice of a receipt back; with the outcome of its purchase once it is claimed.

    Raises ReceiptNotFound, ReceiptBooked and the refusals of refunds.
    """
    location_id = told.location_id or tx.actor.location_id
    new = NewRefund(told.amount_minor, told.currency, tuple(told.lines), told.reference, told.reason, location_id)
    return await programs.refund_receipt(tx, receipt_id, new)


async def void_receipt(tx: Tx, receipt_id: UUID, reason: str | None) -> Receipt:
    """Take a receipt back, and its purchase once it is claimed, which not every caller may.

    Raises ReceiptNotFound, ReceiptTakenBack, NothingLeftToRefund, SpentMeanwhile, NotAllowed.
    """
    receipt, undone = await programs.void_receipt(tx, receipt_id, reason)
    if undone is not None:
        tx.actor.require(_VOID_PURCHASES)
    return receipt


async def _wanted(tx: Tx, wanted: ClaimIn) -> tuple[Receipt, UUID]:
    """Which receipt, and whose it is to be; a customer without their card is named by those who see customers."""
    if wanted.card is not None:
        customer_id = (await card_scanned(tx, wanted.card, "earn", wanted.card_scanned_seconds_ago)).customer_id
    else:
        tx.actor.require("customers:read")
        assert wanted.customer_id is not None, "The schema asks for one of the two."
        customer_id = wanted.customer_id
    if wanted.receipt is not None:
        return await receipts.find_receipt(tx, wanted.receipt), customer_id
    assert wanted.reference is not None, "The schema asks for one of the two."
    return await receipts.find_by_number(tx, wanted.reference, wanted.location_id), customer_id

"""What one queued operation does: the same as at a till with a network, at the instant when it happened."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.days import day_of
from passerelle.kit.db import Row, Tx
from passerelle.organizations import service as organizations
from passerelle.passes import service as passes
from passerelle.passes.schemas import Card, Use
from passerelle.programs import service as programs
from passerelle.purchases import service as purchases
from passerelle.purchases.errors import PurchaseNotFound
from passerelle.purchases.schemas import NewPurchase
from passerelle.rewards import service as rewards
from passerelle.rewards.coupons import service as coupons
from passerelle.scanning.errors import UndoTooLate
from passerelle.scanning.offline import queries
from passerelle.scanning.offline.errors import DeviceAllowanceReached, MemberAllowanceReached, OperationUnknown
from passerelle.scanning.offline.rules import CLOCK_TOLERANCE
from passerelle.scanning.offline.schemas import (
    OPERATION,
    QueuedPurchase,
    QueuedRedemption,
    QueuedUndo,
    QueuedVisit,
)
from passerelle.scanning.rules import UNDO_BY_CASHIER

_SCOPES: Final = frozenset({"scans:write", "rewards:redeem"})


@dataclass(frozen=True, slots=True)
class Made:
    """What an operation made, and for whom."""

    customer_id: UUID | None = None
    membership_id: UUID | None = None
    purchase_id: UUID | None = None
    issued_reward_id: UUID | None = None
    reference: str | None = None


def actor_of(device: Row) -> Actor:
    """The device as the one who acts."""
    return Actor("device", device["id"], _SCOPES, device["location_id"])


async def apply_operation(tx: Tx, device: Row, row: Row) -> Made:
    """Do what an operation says; raises the refusals of cards, purchases, programs and rewards, and its own."""
    operation = OPERATION.validate_python(row["payload"])
    if isinstance(operation, QueuedPurchase):
        return await _purchase(tx, device, row, operation)
    if isinstance(operation, QueuedVisit):
        return await _visit(tx, device, row, operation)
    if isinstance(operation, QueuedRedemption):
        return await _redemption(tx, device, row, operation)
    return await _undo(tx, row, operation)


async def _card(tx: Tx, row: Row, told: QueuedPurchase | QueuedVisit | QueuedRedemption, use: Use) -> Card:
    """The card as it was when it was scanned; a device's clock is known to some minutes only."""
    at = row["occurred_at"] - (told.at - (told.scanned_at or told.at))
    return await passes.find_card(tx, told.code, use, at=at, slack=CLOCK_TOLERANCE)


async def _purchase(tx: Tx, device: Row, row: Row, told: QueuedPurchase) -> Made:
    card = await _card(tx, row, told, "earn")
    location_id, receipt = device["location_id"], told.external_reference
    new = NewPurchase(
        customer_id=card.customer_id,
        amount_minor=told.amount_minor,
        currency=told.currency,
        lines=tuple(told.lines),
        location_id=location_id,
        channel="till",
        # A receipt that arrived before the network went was dated by us, the queue's copy of it by the device.
        occurred_at=None if receipt and await _is_recorded(tx, receipt, location_id) else row["occurred_at"],
        external_reference=receipt,
    )
    purchase = await purchases.record_purchase(tx, new)
    accrued = await programs.accrue_for_purchase(tx, card.customer_id, purchase)
    await coupons.give_after_purchase(tx, purchase, accrued)
    return Made(card.customer_id, card.membership_id, purchase_id=purchase.id)


async def _is_recorded(tx: Tx, receipt: str, location_id: UUID | None) -> bool:
    try:
        await purchases.find_by_receipt(tx, receipt, "till", location_id)
    except PurchaseNotFound:
        return False
    return True


async def _visit(tx: Tx, device: Row, row: Row, told: QueuedVisit) -> Made:
    card = await _card(tx, row, told, "earn")
    reference = f"scan:{told.reference or row['id']}"
    await programs.accrue_for_visit(
        tx,
        card.membership_id,
        reference=reference,
        units=told.units,
        location_id=device["location_id"],
        occurred_at=row["occurred_at"],
    )
    return Made(card.customer_id, card.membership_id, reference=reference)


async def _redemption(tx: Tx, device: Row, row: Row, told: QueuedRedemption) -> Made:
    card = await _card(tx, row, told, "take")
    await programs.seat_for_update(tx, card.membership_id, row["occurred_at"])
    await _require_allowance(tx, device, row, card.membership_id)
    reference = f"redemption:{card.id}:{told.reference}" if told.reference else f"redemption:{row['id']}"
    await passes.spend_code(tx, card, reference)
    redeemed = await rewards.redeem_reward(
        tx,
        card.membership_id,
        told.reward_id,
        reference=reference,
        location_id=device["location_id"],
        occurred_at=row["occurred_at"],
    )
    return Made(card.customer_id, card.membership_id, issued_reward_id=redeemed.issued_reward.id)


async def _require_allowance(tx: Tx, device: Row, row: Row, membership_id: UUID) -> None:
    """Refuse what is above the day's allowances; device and member are locked, so the counts are exact."""
    time_zone = (await organizations.get_organization(tx)).time_zone
    day = day_of(row["occurred_at"], time_zone)
    limit = device["redemptions_per_day"]
    if await queries.redeemed_by_device(tx, device["id"], *day) >= limit:
        raise DeviceAllowanceReached(limit=limit)
    limit = device["redemptions_per_member_per_day"]
    if await queries.redeemed_by_member(tx, membership_id, *day) >= limit:
        raise MemberAllowanceReached(limit=limit)


async def _undo(tx: Tx, row: Row, told: QueuedUndo) -> Made:
    """Take an earlier operation of the same device back; one that was never booked needs no taking back."""
    earlier = await queries.find_earlier(tx, row["device_id"], told.operation_id)
    if earlier is None or earlier["sequence"] >= row["sequence"] or earlier["kind"] == "undo":
        raise OperationUnknown
    if earlier["status"] == "waiting":
        raise OperationUnknown
    if earlier["status"] == "accepted":
        if row["occurred_at"] - earlier["occurred_at"] > UNDO_BY_CASHIER:
            raise UndoTooLate(minutes=int(UNDO_BY_CASHIER.total_seconds() // 60))
        await _take_back(tx, earlier)
        await tx.execute(queries.UNDONE, tx.organization_id, earlier["id"], clock.now())
    return Made(earlier["customer_id"], earlier["membership_id"])


async def _take_back(tx: Tx, earlier: Any) -> None:
    if earlier["kind"] == "purchase":
        await programs.undo_purchase(tx, earlier["purchase_id"])
    elif earlier["kind"] == "visit":
        await programs.undo_accrual(tx, earlier["reference"])
    else:
        await rewards.undo_redemption(tx, earlier["issued_reward_id"])

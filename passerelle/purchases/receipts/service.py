"""The verbs of receipts; with ``finding`` the only writer of their tables.

What a claimed one earns is given by ``programs.service``.
"""

from datetime import timedelta
from typing import Literal
from uuid import UUID

import orjson

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import encode, new_code
from passerelle.organizations import service as organizations
from passerelle.purchases import service as purchases
from passerelle.purchases.errors import PurchaseNotFound, ReferenceReused
from passerelle.purchases.receipts import queries, rules
from passerelle.purchases.receipts.errors import (
    ReceiptBooked,
    ReceiptClaimed,
    ReceiptExpired,
    ReceiptReferenceReused,
    ReceiptTakenBack,
    TooManyClaims,
)
from passerelle.purchases.receipts.events import (
    ReceiptRefunded,
    ReceiptReopened,
    ReceiptSettingsChanged,
    ReceiptTold,
    ReceiptVoided,
    ReceiptWasClaimed,
)
from passerelle.purchases.receipts.finding import find_by_number, find_by_print, find_receipt
from passerelle.purchases.receipts.reading import (
    NOBODY,
    OF_PURCHASES,
    get_receipt,
    get_settings,
    index_of,
    receipt_for_update,
    receipt_of,
    seal,
    slices_json,
)
from passerelle.purchases.receipts.schemas import ClaimShare, Receipt, ReceiptIn, ReceiptSettings, ReceiptState
from passerelle.purchases.schemas import NewPurchase, NewRefund, Purchase

__all__ = [
    "change_settings",
    "claim",
    "claim_path",
    "claimed_share",
    "find_by_number",
    "find_by_print",
    "find_receipt",
    "get_receipt",
    "get_settings",
    "hold_claimed",
    "is_used",
    "list_receipts",
    "prune",
    "refund_unclaimed",
    "reopen",
    "require_claimable",
    "tell_receipt",
    "void_unclaimed",
]


def claim_path(organization_id: UUID, code: str) -> str:
    """Where a receipt is claimed: the address for a QR code."""
    return f"/m/{encode('org', organization_id)}/receipt/{code}"


async def tell_receipt(tx: Tx, new: ReceiptIn, location_id: UUID | None) -> Receipt:
    """Keep a purchase of somebody unknown until it is claimed; told again, it is the receipt of the first time.

    ``location_id`` is that of the till, if it has one. Raises the refusals of purchases, LocationNotFound,
    ReceiptBooked, ReceiptReferenceReused.
    """
    bought = await purchases.described_purchase(tx, _purchase_in(new, location_id))
    row = await queries.find_by_reference(tx, new.reference, new.channel, bought.location_id)
    if row is None:
        await _require_unbooked(tx, bought)
        if bought.location_id is not None:
            await organizations.get_location(tx, bought.location_id)
        receipt = await _keep(tx, bought)
        if receipt is not None:
            return receipt
        row = await queries.find_by_reference(tx, new.reference, new.channel, bought.location_id)
    receipt = await receipt_of(tx, row)
    if not _is_same(receipt.bought, bought, was_timed=new.occurred_at is not None):
        raise ReceiptReferenceReused
    return receipt


async def list_receipts(
    tx: Tx,
    before: UUID,
    limit: int,
    *,
    state: ReceiptState | None = None,
    location_id: UUID | None = None,
    customer_id: UUID | None = None,
) -> list[Receipt]:
    """Receipts, last told first."""
    rows = await queries.list_receipts(
        tx, before, limit, clock.now(), state=state, location_id=location_id, customer_id=customer_id
    )
    return [await receipt_of(tx, row) for row in rows]


async def claimed_share(tx: Tx, location_id: UUID | None = None) -> ClaimShare:
    """How many of the receipts of the last four weeks were claimed."""
    since = clock.now() - timedelta(days=rules.SHARE_DAYS)
    return ClaimShare(days=rules.SHARE_DAYS, **await queries.share(tx, since, location_id))


async def is_used(tx: Tx) -> bool:
    """Whether receipts are told here at all."""
    return await queries.is_any(tx)


async def require_claimable(tx: Tx, receipt: Receipt) -> None:
    """Refuse a receipt that nobody can claim (any more): ReceiptClaimed, ReceiptTakenBack, ReceiptExpired."""
    if receipt.state == "claimed":
        raise ReceiptClaimed
    if receipt.state in {"refunded", "voided"}:
        raise ReceiptTakenBack
    if receipt.state == "expired":
        raise ReceiptExpired(days=(receipt.claim_until - receipt.bought.occurred_at).days)
    await _require_unbooked(tx, receipt.bought)


async def claim(
    tx: Tx, receipt_id: UUID, customer_id: UUID, by: Literal["customer", "staff"]
) -> tuple[Receipt, Purchase]:
    """Record the purchase of a receipt for a customer; of two who claim at once, one gets it.

    Claimed again by whoever has it, it is answered with its purchase, ``replayed``. What it earns is given by
    ``programs.service.claim_receipt``, which calls this. Raises ReceiptNotFound, the refusals of
    ``require_claimable``, TooManyClaims, CustomerNotFound, CustomerGone.
    """
    receipt = await receipt_for_update(tx, receipt_id)
    if receipt.purchase_id is not None and receipt.customer_id == customer_id:
        known = await purchases.get_purchase(tx, receipt.purchase_id)
        return receipt, known.model_copy(update={"replayed": True})
    await require_claimable(tx, receipt)
    await customers.hold_alone(tx, customer_id)
    await _require_few(tx, customer_id)
    try:
        purchase = await purchases.record_purchase(tx, receipt.purchase_of(customer_id))
    except ReferenceReused:
        raise ReceiptBooked from None
    if purchase.replayed:
        raise ReceiptBooked
    done = (customer_id, purchase.id, clock.now(), tx.actor.label)
    claimed = await receipt_of(tx, await tx.fetchrow(queries.CLAIM, tx.organization_id, receipt_id, *done))
    told = ReceiptWasClaimed(receipt_id=receipt_id, purchase_id=purchase.id, customer_id=customer_id, by=by)
    await announce(tx, told)
    return claimed, purchase


async def refund_unclaimed(tx: Tx, receipt_id: UUID, new: NewRefund) -> Receipt:
    """Note that a slice was paid back; whoever claims the receipt earns for the rest.

    Told again with its reference, it changes nothing. A claimed one is answered as it is: its purchase is refunded by
    ``programs.service.refund_receipt``, which calls this. Raises ReceiptNotFound, ReceiptBooked, LocationNotFound and
    the refusals of refunds.
    """
    receipt = await receipt_for_update(tx, receipt_id)
    if receipt.state == "claimed":
        return receipt
    described = purchases.describe_refund(tx, receipt.bought, receipt.slices, new)
    if described.replayed:
        return receipt
    await _require_unbooked(tx, receipt.bought)
    refund = described.refund
    if refund.location_id is not None:  # or nobody could claim it: the claim refunds there
        await organizations.get_location(tx, refund.location_id)
    row = await tx.fetchrow(
        queries.REFUND, tx.organization_id, receipt_id, slices_json([refund]), refund.amount_minor
    )
    refunded = await receipt_of(tx, row)
    fact = ReceiptRefunded(
        receipt_id=receipt_id,
        amount_minor=refund.amount_minor,
        refunded_minor=refunded.bought.refunded_minor,
        currency=refunded.bought.currency,
    )
    await announce(tx, fact)
    return refunded


async def hold_claimed(tx: Tx, purchase_id: UUID) -> bool:
    """Lock the receipt of a purchase that is to be voided, before the purchase, as claims and voids of receipts do.

    Whether it has one.
    """
    return await queries.hold_of_purchase(tx, purchase_id) is not None


async def reopen(tx: Tx, purchase: Purchase) -> Purchase:
    """Let the receipt of a voided purchase be claimed again; ``hold_claimed`` found that it has one.

    The number is the receipt's alone from now on, and what was paid back stays paid back. The receipt of an erased
    customer, which has no number any more, stays as it is. Answers the purchase as it stands then.
    """
    slices = await purchases.list_refunds(tx, purchase.id)
    receipt_id = await tx.fetchval(
        queries.REOPEN, tx.organization_id, purchase.id, slices_json(slices), purchase.refunded_minor
    )
    if receipt_id is None:
        return purchase
    await purchases.release_number(tx, purchase.id)
    told = ReceiptReopened(receipt_id=receipt_id, purchase_id=purchase.id, customer_id=purchase.customer_id)
    await announce(tx, told)
    return purchase.model_copy(update={"external_reference": None})


async def void_unclaimed(tx: Tx, receipt_id: UUID) -> Receipt:
    """Take a receipt back; harmless when it was before.

    A claimed one is answered as it is: its purchase is voided by ``programs.service.void_receipt``, which calls this.
    Raises ReceiptNotFound, ReceiptTakenBack.
    """
    receipt = await receipt_for_update(tx, receipt_id)
    if receipt.state in {"claimed", "voided"}:
        return receipt
    if receipt.state == "refunded":
        raise ReceiptTakenBack
    voided = await receipt_of(tx, await tx.fetchrow(queries.VOID, tx.organization_id, receipt_id))
    await announce(tx, ReceiptVoided(receipt_id=receipt_id))
    return voided


async def change_settings(tx: Tx, settings: ReceiptSettings) -> ReceiptSettings:
    """Say how receipts may be claimed from now on; those that were told keep their time."""
    before, after = (await get_settings(tx)).model_dump(), settings.model_dump()
    changed = tuple(sorted(name for name in after if after[name] != before[name]))
    if changed:
        await tx.execute(queries.KEEP_SETTINGS, tx.organization_id, *after.values())
        await announce(tx, ReceiptSettingsChanged(fields=changed))
    return settings


async def prune(tx: Tx) -> None:
    """Forget what nobody claimed, five weeks after its time, and guesses of long ago."""
    now = clock.now()
    await tx.execute(queries.PRUNE, tx.organization_id, now - rules.KEPT_UNCLAIMED)
    await tx.execute(queries.PRUNE_ATTEMPTS, tx.organization_id, now - rules.GUESS_WINDOW)


def _purchase_in(new: ReceiptIn, location_id: UUID | None) -> NewPurchase:
    return NewPurchase(
        NOBODY,
        new.amount_minor,
        currency=new.currency,
        lines=tuple(new.lines),
        location_id=new.location_id or location_id,
        channel=new.channel,
        occurred_at=new.occurred_at,
        external_reference=new.reference,
        tax_minor=new.tax_minor,
        paid_with=new.paid_with,
    )


async def _keep(tx: Tx, bought: Purchase) -> Receipt | None:
    """Write a receipt down; None when another transaction was faster."""
    keys, code, settings = await tx.vault.keys(tx), new_code(rules.CODE_LETTERS), await get_settings(tx)
    paid = bought.paid_with
    until = bought.occurred_at + timedelta(days=settings.claim_days)
    lines = orjson.dumps([line.model_dump(exclude_none=True) for line in bought.lines]).decode()
    made = await tx.fetchval(
        queries.TELL,
        *(tx.organization_id, bought.id, seal(keys, code), index_of(keys, code)),
        *(bought.external_reference, bought.channel, bought.location_id, bought.amount_minor, bought.currency),
        *(bought.tax_minor, paid.points_minor, paid.gift_card_minor, lines, tx.actor.label),
        *(bought.occurred_at, bought.recorded_at, until),
    )
    if made is None:
        return None
    told = ReceiptTold(
        receipt_id=bought.id,
        amount_minor=bought.amount_minor,
        currency=bought.currency,
        location_id=bought.location_id,
    )
    await announce(tx, told)
    return await get_receipt(tx, bought.id)


async def _require_unbooked(tx: Tx, bought: Purchase) -> None:
    """Refuse a receipt whose purchase was booked for a customer without it."""
    assert bought.external_reference is not None, "Only those of erased customers have none, and are claimed."
    try:
        await purchases.find_by_receipt(tx, bought.external_reference, bought.channel, bought.location_id)
    except PurchaseNotFound:
        return
    raise ReceiptBooked


async def _require_few(tx: Tx, customer_id: UUID) -> None:
    settings = await get_settings(tx)
    zone = (await organizations.get_organization(tx)).time_zone
    counted = await queries.claimed_by(tx, customer_id, *rules.beginnings(clock.now(), zone))
    full = rules.full_period(settings, counted["today"], counted["this_month"])
    if full is not None:
        raise TooManyClaims(period=full[0], limit=full[1])


def _is_same(known: Purchase, told: Purchase, *, was_timed: bool) -> bool:
    return (
        all(getattr(known, name) == getattr(told, name) for name in OF_PURCHASES[:-1])
        and (known.lines, known.paid_with) == (told.lines, told.paid_with)
        and (not was_timed or known.occurred_at == told.occurred_at)
    )

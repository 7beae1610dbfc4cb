"""HTTP of receipts: told by tills and shops, claimed at the till, listed for staff."""

from typing import Annotated, Final

from fastapi import Depends, Request

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.web import Edge, Router, allow, edge, language_of, refusals
from passerelle.kit.wire import Cursor, PageSize, after, cursor_of
from passerelle.ledger.errors import SpentMeanwhile
from passerelle.organizations.errors import LocationNotFound
from passerelle.organizations.schemas import LocationId
from passerelle.passes.errors import READ_REFUSALS
from passerelle.programs.errors import EarnsTooMuch
from passerelle.programs.refunds.errors import REFUSED
from passerelle.programs.refunds.schemas import RefundOut
from passerelle.programs.schemas import AccruedOut
from passerelle.purchases.errors import TOLD_REFUSALS, NothingLeftToRefund
from passerelle.purchases.receipts import service as receipts
from passerelle.purchases.receipts.errors import (
    CLAIM_REFUSALS,
    ReceiptBooked,
    ReceiptNotFound,
    ReceiptNumberAmbiguous,
    ReceiptReferenceReused,
    ReceiptTakenBack,
)
from passerelle.purchases.receipts.schemas import (
    Receipt,
    ReceiptId,
    ReceiptIn,
    ReceiptOut,
    ReceiptRefundIn,
    ReceiptSettings,
    ReceiptsOut,
    ReceiptState,
)
from passerelle.scanning.receipts import service
from passerelle.scanning.receipts.schemas import (
    ClaimIn,
    ClaimOut,
    ClaimPreviewOut,
    ReceiptBatchIn,
    ReceiptBatchOut,
    ReceiptRefundedOut,
    ReceiptVoidIn,
    ToldOut,
)

router = Router(prefix="/api/v1", tags=["receipts"])
At = Annotated[Edge, Depends(edge)]
_TOLD: Final[tuple[type[Refusal], ...]] = (
    *TOLD_REFUSALS,
    LocationNotFound,
    ReceiptBooked,
    ReceiptReferenceReused,
)
_CLAIM: Final[tuple[type[Refusal], ...]] = (
    *CLAIM_REFUSALS,
    *READ_REFUSALS,
    CustomerNotFound,
    CustomerGone,
    EarnsTooMuch,
    ReceiptNumberAmbiguous,
)


@router.post("/receipts", status_code=201, responses=refusals(*_TOLD))
async def tell_receipt(body: ReceiptIn, at: At, tx: Annotated[Tx, allow("scans:write")]) -> ReceiptOut:
    """Tell a purchase of somebody who is not known yet; the answer has what the receipt printer needs.

    Told again with the same number at the same place, it is the same receipt.
    """
    return _out(tx, at, await receipts.tell_receipt(tx, body, tx.actor.location_id))


@router.post("/receipts/batch", responses=refusals())
async def tell_receipts(
    body: ReceiptBatchIn, at: At, request: Request, tx: Annotated[Tx, allow("scans:write")]
) -> ReceiptBatchOut:
    """Tell up to a hundred receipts; each is taken or refused by itself, in their order."""
    language = language_of(request)
    return ReceiptBatchOut(
        items=[
            ToldOut(receipt=None, refusal=one.code, detail=one.sentence(language))
            if isinstance(one, Refusal)
            else ToldOut(receipt=_out(tx, at, one))
            for one in await service.tell_receipts(tx, body.items)
        ]
    )


@router.get("/receipts", responses=refusals())
async def list_receipts(
    at: At,
    tx: Annotated[Tx, allow("customers:read")],
    *,
    state: ReceiptState | None = None,
    location_id: LocationId | None = None,
    customer_id: CustomerId | None = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> ReceiptsOut:
    """Receipts, last told first, with the share of those of the last weeks that were claimed."""
    found = await receipts.list_receipts(
        tx, after(cursor), limit, state=state, location_id=location_id, customer_id=customer_id
    )
    return ReceiptsOut(
        items=[_out(tx, at, each) for each in found],
        next=cursor_of(found[-1].id) if len(found) == limit else None,
        share=await receipts.claimed_share(tx, location_id),
    )


@router.get("/receipts/{receipt_id}", responses=refusals(ReceiptNotFound))
async def get_receipt(receipt_id: ReceiptId, at: At, tx: Annotated[Tx, allow("scans:write")]) -> ReceiptOut:
    """One receipt."""
    return _out(tx, at, await receipts.get_receipt(tx, receipt_id))


@router.post("/receipts/claims", status_code=201, responses=refusals(*_CLAIM))
async def claim_receipt(body: ClaimIn, at: At, request: Request, tx: Annotated[Tx, allow("scans:write")]) -> ClaimOut:
    """Book a receipt for the holder of a card: it earns as of when it happened."""
    claimed, language = await service.claim(tx, body), language_of(request)
    return ClaimOut(
        receipt=_out(tx, at, claimed.receipt),
        purchase=claimed.purchase,
        earned=[AccruedOut.of(each, language) for each in claimed.earned],
        refunds=[RefundOut.of(each, language) for each in claimed.refunds],
    )


@router.post("/receipts/claims/preview", responses=refusals(*_CLAIM))
async def preview_claim(
    body: ClaimIn, at: At, request: Request, tx: Annotated[Tx, allow("scans:write")]
) -> ClaimPreviewOut:
    """What a claim would bring, by the evaluator that would give it; nothing is booked."""
    receipt, earned = await service.preview_claim(tx, body)
    language = language_of(request)
    return ClaimPreviewOut(receipt=_out(tx, at, receipt), earned=[AccruedOut.of(each, language) for each in earned])


@router.post(
    "/receipts/{receipt_id}/refunds", status_code=201, responses=refusals(ReceiptNotFound, ReceiptBooked, *REFUSED)
)
async def refund_receipt(
    receipt_id: ReceiptId, body: ReceiptRefundIn, at: At, request: Request, tx: Annotated[Tx, allow("scans:write")]
) -> ReceiptRefundedOut:
    """Pay a slice of a receipt back, whether or not somebody has claimed it meanwhile."""
    receipt, outcome = await service.refund_receipt(tx, receipt_id, body)
    return ReceiptRefundedOut(
        receipt=_out(tx, at, receipt),
        refund=RefundOut.of(outcome, language_of(request)) if outcome is not None else None,
    )


@router.post(
    "/receipts/{receipt_id}/void",
    responses=refusals(ReceiptNotFound, ReceiptTakenBack, NothingLeftToRefund, SpentMeanwhile),
)
async def void_receipt(
    receipt_id: ReceiptId, body: ReceiptVoidIn, at: At, tx: Annotated[Tx, allow("scans:write")]
) -> ReceiptOut:
    """Take a receipt back, harmless to repeat. Its purchase goes with it once it is claimed: needs ledger:adjust."""
    return _out(tx, at, await service.void_receipt(tx, receipt_id, body.reason))


@router.get("/receipt-settings", responses=refusals())
async def get_settings(tx: Annotated[Tx, allow("organization:read")]) -> ReceiptSettings:
    """How receipts may be claimed."""
    return await receipts.get_settings(tx)


@router.put("/receipt-settings", responses=refusals())
async def change_settings(body: ReceiptSettings, tx: Annotated[Tx, allow("programs:write")]) -> ReceiptSettings:
    """Say how receipts may be claimed; what was told before keeps its time."""
    return await receipts.change_settings(tx, body)


def _out(tx: Tx, at: Edge, receipt: Receipt) -> ReceiptOut:
    return ReceiptOut.of(receipt, at.settings.url(receipts.claim_path(tx.organization_id, receipt.code)))

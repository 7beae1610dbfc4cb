"""HTTP of refunds and voids, for back offices and web shops; tills use the routes of scanning."""

from typing import Annotated

from fastapi import Request

from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.ledger.errors import SpentMeanwhile
from passerelle.programs import service
from passerelle.programs.refunds.errors import REFUSED
from passerelle.programs.refunds.schemas import RefundedOut, RefundIn, RefundOut, RefundsOut, VoidedOut, VoidIn
from passerelle.purchases.errors import NothingLeftToRefund, PurchaseNotFound
from passerelle.purchases.schemas import PurchaseId

router = Router(prefix="/api/v1/purchases", tags=["purchases"])


@router.post("/{purchase_id}/refunds", status_code=201, responses=refusals(*REFUSED))
async def refund_purchase(
    purchase_id: PurchaseId, body: RefundIn, request: Request, tx: Annotated[Tx, allow("scans:write")]
) -> RefundedOut:
    """Pay a slice back: its share of what the purchase earned is taken back, of what it cost is given back."""
    outcome = await service.refund_purchase(
        tx, purchase_id, body.to_record(tx.actor.location_id), forgive_missing=body.forgive_missing
    )
    return RefundedOut.told(outcome, language_of(request))


@router.get("/{purchase_id}/refunds", responses=refusals(PurchaseNotFound))
async def list_refunds(
    purchase_id: PurchaseId, request: Request, tx: Annotated[Tx, allow("customers:read")]
) -> RefundsOut:
    """Every slice of a purchase that was paid back, in order, with the units it moved."""
    language = language_of(request)
    outcomes = await service.list_refunds(tx, purchase_id)
    return RefundsOut(items=[RefundOut.of(outcome, language) for outcome in outcomes])


@router.post("/{purchase_id}/void", responses=refusals(PurchaseNotFound, NothingLeftToRefund, SpentMeanwhile))
async def void_purchase(
    purchase_id: PurchaseId, body: VoidIn, request: Request, tx: Annotated[Tx, allow("ledger:adjust")]
) -> VoidedOut:
    """Take a purchase back, or what refunds left of it, with all that it earned. Harmless to repeat."""
    undone = await service.undo_purchase(
        tx, purchase_id, reason=body.reason, shortfall="forgive" if body.forgive_missing else None
    )
    return VoidedOut.of(undone, language_of(request))

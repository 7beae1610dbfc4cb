"""HTTP of coupons at the counter."""

from typing import Annotated

from fastapi import Request

from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.ledger.errors import SpentMeanwhile
from passerelle.passes.errors import READ_REFUSALS
from passerelle.programs.errors import ACTING_REFUSALS
from passerelle.purchases.errors import LinesDoNotAddUp, OtherCurrency
from passerelle.rewards.coupons.errors import JUDGED, CouponReferenceReused, RedemptionNotFound
from passerelle.rewards.coupons.schemas import RedemptionId
from passerelle.rewards.coupons.schemas import RedemptionOut as CouponRedemptionOut
from passerelle.scanning.coupons import service
from passerelle.scanning.coupons.schemas import CouponRedemptionIn
from passerelle.scanning.errors import UndoNotYours, UndoTooLate

router = Router(prefix="/api/v1/scans", tags=["scanning"])


@router.post(
    "/coupons/redeem",
    status_code=201,
    responses=refusals(
        *READ_REFUSALS,
        *JUDGED,
        CouponReferenceReused,
        *ACTING_REFUSALS,
        OtherCurrency,
        LinesDoNotAddUp,
    ),
)
async def redeem_coupon(
    body: CouponRedemptionIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> CouponRedemptionOut:
    """Use a coupon for the basket at hand."""
    taken = await service.redeem_coupon(tx, body)
    return CouponRedemptionOut.of(taken.campaign, taken.redemption, language_of(request))


@router.post(
    "/coupons/{redemption_id}/undo",
    responses=refusals(RedemptionNotFound, UndoNotYours, UndoTooLate, SpentMeanwhile),
)
async def undo_coupon(
    redemption_id: RedemptionId, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> CouponRedemptionOut:
    """Give the use of a coupon back. Cashiers: their own, for half an hour. Harmless to repeat."""
    taken = await service.undo_coupon(tx, redemption_id)
    return CouponRedemptionOut.of(taken.campaign, taken.redemption, language_of(request))

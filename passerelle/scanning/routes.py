"""HTTP of scanning."""

from typing import Annotated, Final

from fastapi import Request
from pydantic import Field

from passerelle.giftcards.errors import TooManyUnknownCodes
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.together import together
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.ledger.errors import InsufficientBalance, SpentMeanwhile, TransferConflict
from passerelle.organizations.errors import LocationNotFound
from passerelle.passes.errors import READ_REFUSALS, CodeUsed
from passerelle.programs.errors import (
    ACTING_REFUSALS,
    EarnsTooMuch,
    PurchaseIsVoided,
    TooManyUnits,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.refunds.errors import REFUSED, PurchaseNotOpen
from passerelle.purchases.errors import TOLD_REFUSALS, NothingLeftToRefund, PurchaseNotFound, ReferenceReused
from passerelle.purchases.schemas import PurchaseId
from passerelle.rewards.coupons.errors import TooManyAttempts
from passerelle.rewards.errors import (
    REDEEM_REFUSALS,
    TAKE_REFUSALS,
    HoldExpired,
    HoldNotFound,
    IssuedRewardNotFound,
)
from passerelle.rewards.payments.errors import PAY_REFUSALS, QUOTE_REFUSALS, PaymentNotFound, PaymentNotOpen
from passerelle.rewards.payments.schemas import PaidOut, PaymentId, QuoteOut
from passerelle.rewards.schemas import IssuedRewardId
from passerelle.scanning import service
from passerelle.scanning.coupons.schemas import CouponScanOut
from passerelle.scanning.errors import NotThisCard, UndoNotYours, UndoTooLate, VisitUnknown
from passerelle.scanning.gift_cards.schemas import GiftCardScanOut
from passerelle.scanning.schemas import (
    HoldScanIn,
    PaymentScanIn,
    PurchaseScanIn,
    PurchaseScanOut,
    QuoteScanIn,
    RedemptionOut,
    RedemptionScanIn,
    RefundScanIn,
    RefundScanOut,
    ScanIn,
    ScanOut,
    UndonePurchaseOut,
    UndoneVisitOut,
    VisitScanIn,
    VisitScanOut,
    VisitUndoIn,
)
from passerelle.scanning.tickets.schemas import TicketScanOut

router = Router(prefix="/api/v1/scans", tags=["scanning"])
_BILL: Final[tuple[type[Refusal], ...]] = (PurchaseNotFound, PurchaseIsVoided, UnitNotNamed, UnitNotFound)


@router.post("", responses=refusals(*READ_REFUSALS, TooManyAttempts, TooManyUnknownCodes))
async def scan(
    body: ScanIn, request: Request, tx: Annotated[Tx, allow("scans:write")]
) -> Annotated[ScanOut | TicketScanOut | CouponScanOut | GiftCardScanOut, Field(discriminator="kind")]:
    """Who it is, what they have, which rewards are ready, and what you may do; what a coupon gives; what a gift card
    holds; or whether a ticket lets in.

    Books nothing.
    """
    return await service.scan(tx, body, language_of(request))


@router.post(
    "/purchases",
    status_code=201,
    responses=refusals(
        *READ_REFUSALS, LocationNotFound, *TOLD_REFUSALS, ReferenceReused, PaymentNotOpen, EarnsTooMuch
    ),
)
@together(service.record_purchases, by=service.card_of)
async def record_purchase(
    body: PurchaseScanIn, request: Request, tx: Annotated[Tx, allow("scans:write")]
) -> PurchaseScanOut:
    """Book a purchase with the card: it earns in every program of the customer, and their cards change."""
    return await service.record_purchase(tx, body, language_of(request))


@router.post(
    "/visits",
    status_code=201,
    responses=refusals(*READ_REFUSALS, *ACTING_REFUSALS, TooManyUnits, UnitNotNamed, EarnsTooMuch, TransferConflict),
)
async def record_visit(body: VisitScanIn, request: Request, tx: Annotated[Tx, allow("scans:write")]) -> VisitScanOut:
    """Book a visit without an amount."""
    return await service.record_visit(tx, body, language_of(request))


@router.post("/visits/undo", responses=refusals(VisitUnknown, UndoNotYours, UndoTooLate, SpentMeanwhile))
async def undo_visit(body: VisitUndoIn, request: Request, tx: Annotated[Tx, allow("scans:write")]) -> UndoneVisitOut:
    """Take back what a visit earned. Cashiers: their own, for half an hour. Harmless to repeat."""
    return await service.undo_visit(tx, body.reference, language_of(request))


@router.post(
    "/redemptions",
    status_code=201,
    responses=refusals(
        *READ_REFUSALS,
        *ACTING_REFUSALS,
        *TAKE_REFUSALS,
        *REDEEM_REFUSALS,
        CodeUsed,
        NotThisCard,
        TransferConflict,
        PurchaseNotFound,
        PurchaseNotOpen,
    ),
)
async def redeem_reward(
    body: RedemptionScanIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> RedemptionOut:
    """Give a reward for its price, or one that was issued before."""
    return await service.redeem_reward(tx, body, language_of(request))


@router.post(
    "/holds/redeem",
    status_code=201,
    responses=refusals(HoldNotFound, HoldExpired, *ACTING_REFUSALS, *REDEEM_REFUSALS),
)
async def redeem_hold(
    body: HoldScanIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> RedemptionOut:
    """Complete what a customer started to redeem, with the code that they show."""
    return await service.redeem_hold(tx, body, language_of(request))


@router.post("/payments/quote", responses=refusals(*READ_REFUSALS, *_BILL, *QUOTE_REFUSALS))
async def quote_payment(body: QuoteScanIn, tx: Annotated[Tx, allow("rewards:redeem")]) -> QuoteOut:
    """How many units may pay for a bill. Books nothing."""
    return await service.quote_payment(tx, body)


@router.post(
    "/payments",
    status_code=201,
    responses=refusals(
        *READ_REFUSALS, *ACTING_REFUSALS, *_BILL, CodeUsed, InsufficientBalance, TransferConflict, *PAY_REFUSALS
    ),
)
async def make_payment(body: PaymentScanIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]) -> PaidOut:
    """Pay a part of a bill with units, as many as the customer chooses."""
    return await service.make_payment(tx, body, language_of(request))


@router.post("/payments/{payment_id}/undo", responses=refusals(PaymentNotFound, UndoNotYours, UndoTooLate))
async def undo_payment(
    payment_id: PaymentId, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> PaidOut:
    """Give the units of a payment back. Cashiers: their own, for half an hour. Harmless to repeat."""
    return await service.undo_payment(tx, payment_id, language_of(request))


@router.post(
    "/purchases/{purchase_id}/undo",
    responses=refusals(PurchaseNotFound, NothingLeftToRefund, UndoNotYours, UndoTooLate, SpentMeanwhile),
)
async def undo_purchase(
    purchase_id: PurchaseId, request: Request, tx: Annotated[Tx, allow("scans:write")]
) -> UndonePurchaseOut:
    """Take a purchase back with what it earned. Cashiers: their own, for half an hour. Harmless to repeat."""
    return await service.undo_purchase(tx, purchase_id, language_of(request))


@router.post("/refunds", status_code=201, responses=refusals(*REFUSED, *READ_REFUSALS))
async def refund_purchase(
    body: RefundScanIn, request: Request, tx: Annotated[Tx, allow("scans:write")]
) -> RefundScanOut:
    """Pay a slice of a purchase back: what it earned goes back in proportion, and so does what was spent on it."""
    return await service.refund_purchase(tx, body, language_of(request))


@router.post(
    "/redemptions/{issued_reward_id}/undo",
    responses=refusals(IssuedRewardNotFound, UndoNotYours, UndoTooLate),
)
async def undo_redemption(
    issued_reward_id: IssuedRewardId, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> RedemptionOut:
    """Take a redemption back. Cashiers: their own, for half an hour. Harmless to repeat."""
    return await service.undo_redemption(tx, issued_reward_id, language_of(request))

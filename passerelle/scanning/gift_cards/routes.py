"""HTTP of gift cards at the counter."""

from typing import Annotated, Any

from passerelle.giftcards import service as giftcards
from passerelle.giftcards.errors import (
    GiftCardActivityNotFound,
    GiftCardBalanceTooLow,
    GiftCardOtherCurrency,
    GiftCardReferenceReused,
    GiftCardStateRefused,
    GiftCardUnknown,
    NotARedemption,
    PinLocked,
    PinRequired,
    PinWrong,
    TooManyUnknownCodes,
)
from passerelle.giftcards.schemas.values import GiftCardActivityId
from passerelle.kit.db import Tx
from passerelle.kit.idempotency import once
from passerelle.kit.web import Admitted, Router, admit, allow, refusals
from passerelle.organizations.errors import LocationNotFound
from passerelle.scanning.errors import UndoNotYours, UndoTooLate
from passerelle.scanning.gift_cards import service
from passerelle.scanning.gift_cards.schemas import GiftCardRedemptionIn, GiftCardRedemptionOut, GiftCardUndoOut

router = Router(prefix="/api/v1/scans", tags=["scanning"])


@router.post(
    "/gift-cards/redeem",
    status_code=201,
    response_model=GiftCardRedemptionOut,
    responses=refusals(
        GiftCardUnknown,
        TooManyUnknownCodes,
        GiftCardStateRefused,
        GiftCardOtherCurrency,
        GiftCardBalanceTooLow,
        GiftCardReferenceReused,
        PinRequired,
        PinWrong,
        PinLocked,
        LocationNotFound,
    ),
)
async def redeem_gift_card(body: GiftCardRedemptionIn, caller: Annotated[Admitted, admit("giftcards:redeem")]) -> Any:
    """Pay with a gift card: all of the amount, or with ``allow_partial`` what is there."""
    if body.pin is not None:
        async with caller.transaction() as tx:  # of its own: a wrong PIN is counted although it is refused
            card = await giftcards.find_by_code(tx, body.code)
            refusal = await giftcards.prove_pin(tx, card.id, body.pin)
        if refusal is not None:
            raise refusal
    async with caller.transaction() as tx:
        return await once(tx, lambda: service.redeem_gift_card(tx, body), status=201)


@router.post(
    "/gift-cards/redemptions/{activity_id}/undo",
    responses=refusals(GiftCardActivityNotFound, NotARedemption, GiftCardStateRefused, UndoNotYours, UndoTooLate),
)
async def undo_gift_card_redemption(
    activity_id: GiftCardActivityId, tx: Annotated[Tx, allow("giftcards:redeem")]
) -> GiftCardUndoOut:
    """Give a payment back to its card. Cashiers: their own, for half an hour. Harmless to repeat."""
    return await service.undo_gift_card_redemption(tx, activity_id)

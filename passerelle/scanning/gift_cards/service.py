"""Gift cards at the counter: told apart from other codes, paid with, taken back."""

from uuid import UUID

from passerelle.giftcards import service as giftcards
from passerelle.giftcards.schemas.activities import Acted, ActivityOut, NewActivity
from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id
from passerelle.scanning import rules
from passerelle.scanning.gift_cards.schemas import (
    GiftCardRedemptionIn,
    GiftCardRedemptionOut,
    GiftCardScanOut,
    GiftCardUndoOut,
)
from passerelle.scanning.undoing import require_undo


async def scan_gift_card(tx: Tx, code: str) -> GiftCardScanOut:
    """What a gift card holds; books nothing. Raises GiftCardUnknown, TooManyUnknownCodes."""
    card = await giftcards.get_gift_card(tx, (await giftcards.find_by_code(tx, code)).id)
    return GiftCardScanOut(
        gift_card_id=card.id,
        product_name=card.product_name,
        last_four=card.last_four,
        state=card.state,
        currency=card.currency,
        balance_minor=card.balance_minor,
        available_minor=card.available_minor,
        lapses_at=card.lapses_at,
        pin_required=card.has_pin,
        may=rules.allowed_with_gift_card(
            tx.actor.scopes, is_active=card.state == "ACTIVE", available_minor=card.available_minor
        ),
    )


async def redeem_gift_card(tx: Tx, told: GiftCardRedemptionIn) -> GiftCardRedemptionOut:
    """Pay with a gift card; the PIN, if one was given, is proven already. Raises the refusals of gift cards."""
    card = await giftcards.find_by_code(tx, told.code)
    payment = NewActivity(
        "REDEEM",
        told.reference or str(new_id()),
        amount_minor=told.amount_minor,
        currency=told.currency,
        allow_partial=told.allow_partial,
        location_id=told.location_id or tx.actor.location_id,
        pin_proven=told.pin is not None,
    )
    return _redemption(await giftcards.act(tx, card.id, payment))


async def undo_gift_card_redemption(tx: Tx, activity_id: UUID) -> GiftCardUndoOut:
    """Give what is left of a redemption back to its card; harmless to repeat.

    Raises GiftCardActivityNotFound, NotARedemption, UndoNotYours, UndoTooLate and the refusals of REFUND.
    """
    redemption = await giftcards.get_activity(tx, activity_id)
    require_undo(tx, redemption.actor, redemption.occurred_at)
    acted = await giftcards.give_back(tx, redemption)
    card = await giftcards.get_gift_card(tx, redemption.gift_card_id)
    activity = ActivityOut.of(acted.activity) if acted else None
    return GiftCardUndoOut(redemption_id=redemption.id, activity=activity, balance_minor=card.balance_minor)


def _redemption(acted: Acted) -> GiftCardRedemptionOut:
    return GiftCardRedemptionOut(
        **dict(ActivityOut.of(acted.activity)),
        last_four=acted.card.last_four,
        currency=acted.card.currency,
        available_minor=acted.figures.available_minor,
    )

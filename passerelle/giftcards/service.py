"""The verbs of gift cards: the only public door. Each lives with its kind: products, cards, activities, holds."""

from uuid import UUID

from passerelle.giftcards import queries
from passerelle.giftcards.activities import act, figures_of
from passerelle.giftcards.cards import (
    card_facts_of,
    change_gift_card,
    create_gift_card,
    find_by_code,
    get_gift_card,
    list_gift_cards,
    reveal_code,
)
from passerelle.giftcards.errors import NotARedemption
from passerelle.giftcards.guessing import prove_pin
from passerelle.giftcards.holds import capture_hold, hold_amount, list_holds, release_hold
from passerelle.giftcards.imports import import_gift_cards
from passerelle.giftcards.liability import gift_card_liability
from passerelle.giftcards.products import (
    change_product,
    create_product,
    get_product,
    hold_product_design,
    list_products,
    set_product_design,
)
from passerelle.giftcards.schemas.activities import Acted, Activity, NewActivity
from passerelle.kit.db import Tx

__all__ = [
    "act",
    "capture_hold",
    "card_facts_of",
    "change_gift_card",
    "change_product",
    "create_gift_card",
    "create_product",
    "figures_of",
    "find_by_code",
    "get_activity",
    "get_gift_card",
    "get_product",
    "gift_card_liability",
    "give_back",
    "hold_amount",
    "hold_product_design",
    "import_gift_cards",
    "list_activities",
    "list_gift_cards",
    "list_holds",
    "list_products",
    "prove_pin",
    "release_hold",
    "reveal_code",
    "set_product_design",
]


async def list_activities(tx: Tx, gift_card_id: UUID, before: UUID, limit: int) -> list[Activity]:
    """What happened to a card, newest first; raises GiftCardNotFound."""
    await queries.get_card(tx, gift_card_id)
    return await queries.list_activities(tx, gift_card_id, before, limit)


async def get_activity(tx: Tx, activity_id: UUID) -> Activity:
    """An activity; raises GiftCardActivityNotFound."""
    return await queries.get_activity(tx, activity_id)


async def give_back(tx: Tx, redemption: Activity) -> Acted | None:
    """Refund what is left of a redemption; None when all of it came back before.

    Raises NotARedemption, GiftCardStateRefused.
    """
    if redemption.type != "REDEEM":
        raise NotARedemption
    card = (await queries.cards_for_update(tx, [redemption.gift_card_id]))[redemption.gift_card_id]
    left = -redemption.amount_minor - await queries.refunded_minor(tx, redemption.id)
    if left == 0:
        return None
    refund = NewActivity(
        "REFUND",
        f"undo:{redemption.id}",
        amount_minor=left,
        currency=card.currency,
        redemption_id=redemption.id,
        location_id=tx.actor.location_id,
    )
    return await act(tx, card.id, refund)

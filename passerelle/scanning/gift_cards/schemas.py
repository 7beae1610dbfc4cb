"""Gift cards at the counter, on the wire."""

from datetime import datetime
from typing import Literal

from passerelle.giftcards.schemas.activities import ActivityOut
from passerelle.giftcards.schemas.values import AmountMinor, GiftCardActivityId, GiftCardId, Pin
from passerelle.kit.wire import Outbound, Reference, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.purchases.schemas import Currency
from passerelle.scanning.rules import GiftCardAction
from passerelle.scanning.schemas import Code


class GiftCardScanOut(Outbound):
    """A gift card was scanned: what it holds, and what the till may do now."""

    kind: Literal["gift_card"] = "gift_card"
    gift_card_id: GiftCardId
    product_name: str
    last_four: str
    state: Literal["PENDING", "ACTIVE", "BLOCKED", "DEACTIVATED"]
    currency: str
    balance_minor: int
    available_minor: int
    lapses_at: datetime | None
    pin_required: bool
    may: list[GiftCardAction]


class GiftCardRedemptionIn(Wire):
    """Pay with a gift card. Without ``currency`` the amount is in the organization's.

    ``allow_partial`` takes what is there and says what is still to pay. ``reference`` makes it unique for the card.
    """

    code: Code
    amount_minor: AmountMinor
    currency: Currency | None = None
    allow_partial: bool = False
    pin: Pin | None = None
    location_id: LocationId | None = None
    reference: Reference | None = None


class GiftCardRedemptionOut(ActivityOut):
    """What was taken, and what is left on the card."""

    last_four: str
    currency: str
    available_minor: int


class GiftCardUndoOut(Outbound):
    """What came back to the card, and its balance; ``activity`` is null when nothing was left to give back."""

    redemption_id: GiftCardActivityId
    activity: ActivityOut | None
    balance_minor: int

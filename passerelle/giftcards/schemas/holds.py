"""Money of a gift card that is set aside, on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from passerelle.giftcards.rules import MAX_HOLD
from passerelle.giftcards.schemas.activities import ActedOut
from passerelle.giftcards.schemas.values import AmountMinor, Currency, GiftCardHoldId, GiftCardId, Pin
from passerelle.kit.wire import Outbound, Reference, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId

HoldState = Literal["held", "captured", "released", "expired"]


class HoldIn(Wire):
    """An amount to set aside for ``seconds``; the reference makes it unique for the card."""

    amount_minor: AmountMinor
    currency: Currency | None = None
    seconds: Annotated[WholeNumber, Field(ge=60, le=int(MAX_HOLD.total_seconds()))] = 3_600
    pin: Pin | None = None
    reference: Reference | None = None


class CaptureIn(Wire):
    """Take what was held: all of it, or less; the rest is free again."""

    amount_minor: AmountMinor | None = None
    location_id: LocationId | None = None


class HoldOut(Outbound):
    """An amount that is set aside; ``expired`` once its time is over, without anybody's doing."""

    id: GiftCardHoldId
    gift_card_id: GiftCardId
    amount_minor: int
    captured_minor: int | None
    state: HoldState
    reference: str
    created_at: datetime
    expires_at: datetime


class CapturedOut(Outbound):
    """A captured hold and the redemption that it became."""

    hold: HoldOut
    activity: ActedOut

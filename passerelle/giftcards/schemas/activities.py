"""What happens to the money of a gift card, between domains and on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from passerelle.giftcards.rules import AMOUNT, NEEDS_REASON, Figures, Kind, State
from passerelle.giftcards.schemas.cards import GiftCard
from passerelle.giftcards.schemas.imports import ImportedMinor
from passerelle.giftcards.schemas.values import (
    Currency,
    GiftCardActivityId,
    GiftCardHoldId,
    GiftCardId,
    Pin,
)
from passerelle.kit.wire import Outbound, ReasonText, Reference, Wire
from passerelle.organizations.schemas import LocationId


@dataclass(frozen=True, slots=True)
class NewActivity:
    """Something that should happen to a card. ``pin_proven``: whoever asks has shown the PIN, if there is one.

    ``redemption_id`` goes with REFUND, ``other_gift_card_id`` with transfers, ``hold_id`` with a capture,
    ``lapses_at`` with IMPORT.
    """

    type: Kind
    reference: str
    amount_minor: int | None = None
    currency: str | None = None
    reason: str | None = None
    allow_partial: bool = False
    redemption_id: UUID | None = None
    other_gift_card_id: UUID | None = None
    hold_id: UUID | None = None
    location_id: UUID | None = None
    lapses_at: datetime | None = None
    pin_proven: bool = False


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened to a card: ``amount_minor`` is signed, ``balance_minor`` is after it."""

    id: UUID
    gift_card_id: UUID
    type: Kind
    amount_minor: int
    balance_minor: int
    asked_minor: int | None
    transfer_id: UUID | None
    reference: str
    reason: str | None
    redemption_id: UUID | None
    other_gift_card_id: UUID | None
    hold_id: UUID | None
    location_id: UUID | None
    actor: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Acted:
    """An activity, the card after it and what it holds. ``replayed``: it was told before, and nothing moved."""

    activity: Activity
    card: GiftCard
    figures: Figures
    replayed: bool = False


class ActivityIn(Wire):
    """Something that should happen to a card.

    ``amount_minor`` goes with ACTIVATE, LOAD, REDEEM, ADJUST_INCREMENT, ADJUST_DECREMENT, REFUND,
    UNLINKED_ACTIVITY_REFUND and IMPORT. ``redemption_id`` goes with REFUND, ``gift_card_id`` (the other card) with
    transfers. ``reference`` makes it unique for the card: told again, it answers the first time again.
    """

    type: Kind
    amount_minor: ImportedMinor | None = None
    currency: Currency | None = None
    reference: Reference | None = None
    reason: ReasonText | None = None
    allow_partial: bool = False
    pin: Pin | None = None
    redemption_id: GiftCardActivityId | None = None
    gift_card_id: GiftCardId | None = None
    location_id: LocationId | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (AMOUNT[self.type] == "given") != (self.amount_minor is not None):
            needed = "needs amount_minor" if self.amount_minor is None else "takes no amount_minor"
            raise ValueError(f"{self.type} {needed}.")
        if self.amount_minor == 0 and self.type != "IMPORT":
            raise ValueError("amount_minor must be above zero.")
        if self.type in NEEDS_REASON and self.reason is None:
            raise ValueError(f"{self.type} needs a reason.")
        if (self.type == "REFUND") != (self.redemption_id is not None):
            raise ValueError("REFUND, and nothing else, needs redemption_id.")
        if self.type.startswith("TRANSFER_") != (self.gift_card_id is not None):
            raise ValueError("Transfers, and nothing else, need gift_card_id: the other card.")
        if self.allow_partial and self.type != "REDEEM":
            raise ValueError("allow_partial goes with REDEEM.")
        return self


class ActivityOut(Outbound):
    """What happened. ``amount_minor`` is signed: money onto the card is positive.

    ``still_to_pay_minor`` is what a partial redemption left to be paid otherwise.
    """

    model_config = ConfigDict(from_attributes=True)

    id: GiftCardActivityId
    gift_card_id: GiftCardId
    type: Kind
    amount_minor: int
    balance_minor: Annotated[int, Field(description="The card's balance after this.")]
    still_to_pay_minor: int
    reference: str
    reason: str | None
    redemption_id: GiftCardActivityId | None
    other_gift_card_id: GiftCardId | None
    hold_id: GiftCardHoldId | None
    location_id: LocationId | None
    actor: str
    occurred_at: datetime

    @classmethod
    def of(cls, activity: Activity) -> Self:
        """An activity as it goes over the wire."""
        fields = {name: getattr(activity, name) for name in cls.model_fields if name != "still_to_pay_minor"}
        asked = activity.asked_minor
        return cls(**fields, still_to_pay_minor=0 if asked is None else asked + activity.amount_minor)


class ActedOut(ActivityOut):
    """What happened, and the card after it."""

    state: State
    currency: str
    available_minor: int

    @classmethod
    def after(cls, acted: Acted) -> Self:
        """An activity with the card as it stands."""
        told = ActivityOut.of(acted.activity)
        card = {"state": acted.card.state, "currency": acted.card.currency}
        return cls(**dict(told), **card, available_minor=acted.figures.available_minor)

"""Handout links on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from passerelle.distribution.schemas import LinkCounts
from passerelle.giftcards.schemas.values import GiftCardProductId
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Outbound, WholeNumber, Wire
from passerelle.programs.schemas import Label
from passerelle.rewards.coupons.schemas import CampaignId
from passerelle.ticketing.schemas import TicketedEventId

HandoutLinkId = Annotated[UUID, WireId("hol")]
MaxCodes = Annotated[WholeNumber, Field(ge=1, le=100_000, description="How many codes it gives at most.")]


class HandoutLinkIn(Wire):
    """A new public link to codes of a campaign, or to the page of a gift card: one of both."""

    campaign_id: CampaignId | None = None
    gift_card_product_id: GiftCardProductId | None = None
    name: Label
    max_codes: MaxCodes = 1_000

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.campaign_id is None) == (self.gift_card_product_id is None):
            raise ValueError("Give either campaign_id or gift_card_product_id.")
        return self


class TicketLinkIn(Wire):
    """A new public link to tickets of an event; the event's capacity counts beside ``max_codes``."""

    name: Label
    max_codes: MaxCodes = 1_000


class HandoutLinkChange(Wire):
    """Fields left out stay as they are. A link that is not ``active`` gives nothing."""

    name: Label | None = None
    max_codes: MaxCodes | None = None
    active: bool | None = None


class HandoutLinkOut(Outbound):
    """``url`` is short, for posters and messages; ``handed_out`` counts browsers that got a code of their own.

    It is of a campaign, of a gift card, or of an event.
    """

    id: HandoutLinkId
    campaign_id: CampaignId | None
    gift_card_product_id: GiftCardProductId | None
    event_id: TicketedEventId | None
    name: str
    url: str
    max_codes: int
    handed_out: int
    active: bool
    created_at: datetime


class HandoutFigures(LinkCounts):
    """How one handout link did; ``joined`` are browsers that got a code."""

    link_id: HandoutLinkId


class HandoutFiguresOut(Outbound):
    """Figures of ``[from, to)``, in the order in which links were asked for."""

    start: Annotated[datetime, Field(serialization_alias="from")]
    end: Annotated[datetime, Field(serialization_alias="to")]
    items: list[HandoutFigures]


@dataclass(frozen=True, slots=True)
class HandoutFilter:
    """Which links of a list: those of all campaigns and gift cards, of one of them, or of an event."""

    campaign_id: UUID | None = None
    product_id: UUID | None = None
    event_id: UUID | None = None

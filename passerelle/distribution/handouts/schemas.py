"""Handout links on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from passerelle.kit.ids import WireId
from passerelle.kit.wire import WholeNumber, Wire
from passerelle.programs.schemas import Label
from passerelle.rewards.coupons.schemas import CampaignId
from passerelle.ticketing.schemas import TicketedEventId

HandoutLinkId = Annotated[UUID, WireId("hol")]
MaxCodes = Annotated[WholeNumber, Field(ge=1, le=100_000, description="How many codes it gives at most.")]


class HandoutLinkIn(Wire):
    """A new public link to codes of a campaign."""

    campaign_id: CampaignId
    name: Label
    max_codes: MaxCodes = 1_000


class TicketLinkIn(Wire):
    """A new public link to tickets of an event; the event's capacity counts beside ``max_codes``."""

    name: Label
    max_codes: MaxCodes = 1_000


class HandoutLinkChange(Wire):
    """Fields left out stay as they are. A link that is not ``active`` gives nothing."""

    name: Label | None = None
    max_codes: MaxCodes | None = None
    active: bool | None = None


class HandoutLinkOut(BaseModel):
    """``url`` is short, for posters and messages; ``handed_out`` counts browsers that got a code of their own.

    It gives codes of a campaign or tickets of an event.
    """

    id: HandoutLinkId
    campaign_id: CampaignId | None
    event_id: TicketedEventId | None
    name: str
    url: str
    max_codes: int
    handed_out: int
    active: bool
    created_at: datetime

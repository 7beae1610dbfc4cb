"""Facts of handout links; who got a code is not in them, for nobody knows."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class HandoutLinkCreated(Event):
    name = "handout_link.created"
    handout_link_id: UUID
    campaign_id: UUID | None
    product_id: UUID | None
    event_id: UUID | None


@dataclass(frozen=True, slots=True)
class HandoutLinkChanged(Event):
    """``fields`` are what was given to change, sorted."""

    name = "handout_link.changed"
    handout_link_id: UUID
    fields: tuple[str, ...]

"""What wallets know of the event of a ticket, beside its texts: they bring the card forward when and where it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event; its times are in the zone of the place. ``version`` grows with every change."""

    event_id: UUID
    version: int
    name: str
    names: Mapping[str, str]
    venue: str
    address: str | None
    coordinates: tuple[float, float] | None
    starts_at: datetime
    ends_at: datetime | None
    doors_at: datetime | None

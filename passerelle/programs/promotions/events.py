"""Facts of promotions."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class PromotionCreated(Event):
    name = "promotion.created"
    promotion_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True)
class PromotionChanged(Event):
    """``fields`` are what was given to change, sorted."""

    name = "promotion.changed"
    promotion_id: UUID
    program_id: UUID
    fields: tuple[str, ...]

"""Facts of my page."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class PageLinkMade(Event):
    """Somebody may open a customer's page; ``origin`` is mail or staff."""

    name = "page_link.made"
    customer_id: UUID
    page_link_id: UUID
    origin: str


@dataclass(frozen=True, slots=True)
class PageOpened(Event):
    name = "page_link.opened"
    customer_id: UUID
    page_link_id: UUID

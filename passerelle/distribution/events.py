"""Facts of distribution."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class JoinLinkCreated(Event):
    name = "join_link.created"
    join_link_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True)
class JoinLinkChanged(Event):
    name = "join_link.changed"
    join_link_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SmartLinkCreated(Event):
    """Somebody was given a way to a card; ``origin`` is form or staff."""

    name = "smart_link.created"
    smart_link_id: UUID
    pass_id: UUID
    origin: str

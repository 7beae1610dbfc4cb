"""Facts of households."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class HouseholdCreated(Event):
    name = "household.created"
    household_id: UUID
    program_id: UUID
    head_id: UUID


@dataclass(frozen=True, slots=True)
class HouseholdJoined(Event):
    name = "household.joined"
    household_id: UUID
    membership_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class HouseholdLeft(Event):
    """``forfeited``: what the member had was left to the head."""

    name = "household.left"
    household_id: UUID
    membership_id: UUID
    forfeited: bool


@dataclass(frozen=True, slots=True)
class HouseholdChanged(Event):
    """Another name, head, role or code; ``fields`` says which."""

    name = "household.changed"
    household_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HouseholdEnded(Event):
    """Nobody was left who could answer for it."""

    name = "household.ended"
    household_id: UUID

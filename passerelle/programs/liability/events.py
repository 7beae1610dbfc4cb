"""Facts of liability."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class LiabilityLimitExceeded(Event):
    """A program owes more than its limit; told once, and again only after it was below in between."""

    name = "program.liability_limit_exceeded"
    program_id: UUID
    liability_minor: int
    limit_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class LiabilityLimitKept(Event):
    """A program that owed more than its limit is within it again."""

    name = "program.liability_limit_kept"
    program_id: UUID
    liability_minor: int
    limit_minor: int
    currency: str

"""Facts of recovery."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class PasswordResetMade(Event):
    name = "password_reset.made"
    operator_id: UUID


@dataclass(frozen=True, slots=True)
class PasswordResetUsed(Event):
    name = "password_reset.used"
    operator_id: UUID

"""Facts of passkeys."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class PasskeyAdded(Event):
    name = "passkey.added"
    passkey_id: UUID
    operator_id: UUID


@dataclass(frozen=True, slots=True)
class PasskeyRemoved(Event):
    name = "passkey.removed"
    passkey_id: UUID
    operator_id: UUID

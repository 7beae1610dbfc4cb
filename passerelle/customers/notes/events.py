"""Facts of notes; what they say stays in them."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class NoteAdded(Event):
    name = "note.added"
    note_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class NoteRemoved(Event):
    name = "note.removed"
    note_id: UUID
    customer_id: UUID

"""Facts of kiosks."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class KioskOpened(Event):
    """A tablet was given its address; again when it was given another one."""

    name = "kiosk.opened"
    kiosk_id: UUID
    join_link_id: UUID


@dataclass(frozen=True, slots=True)
class KioskRenamed(Event):
    name = "kiosk.renamed"
    kiosk_id: UUID


@dataclass(frozen=True, slots=True)
class KioskClosed(Event):
    name = "kiosk.closed"
    kiosk_id: UUID

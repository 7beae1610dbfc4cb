"""Facts of imports."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class ImportStarted(Event):
    name = "customer_import.started"
    import_id: UUID
    rows: int


@dataclass(frozen=True, slots=True)
class ImportFinished(Event):
    """``state`` is done, failed or cancelled."""

    name = "customer_import.finished"
    import_id: UUID
    state: str
    new: int
    changed: int
    faulty: int

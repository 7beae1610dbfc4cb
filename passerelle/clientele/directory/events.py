"""Facts of the directory."""

from dataclasses import dataclass

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class DirectoryExported(Event):
    """Somebody took out a list of customers; ``filters`` are the names of those that were set."""

    name = "directory.exported"
    columns: tuple[str, ...]
    filters: tuple[str, ...]

"""Places in the history: where a thing stands that has no id of its own, and one page out of several lists."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID


class Placed(Protocol):
    """Something with a place in the history."""

    @property
    def place(self) -> UUID: ...


P = TypeVar("P", bound=Placed)


def place_of(instant: datetime, thing: UUID) -> UUID:
    """The place of something that happened to a thing at an instant: as if it had got a UUIDv7 then."""
    milliseconds = int(instant.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | thing.int & (1 << 80) - 1)


def page_of(lists: Iterable[Iterable[P]], before: UUID, limit: int) -> tuple[Sequence[P], UUID | None]:
    """The newest ``limit`` below a place, and where to go on, None at the end.

    Each list holds its own newest ``limit`` below the place, or all that it has; in any order.
    """
    found = sorted(
        (one for several in lists for one in several if one.place < before), key=lambda one: one.place, reverse=True
    )
    page = found[:limit]
    return page, page[-1].place if len(page) == limit else None

"""The tables of docs/algorithms/rewards.md."""

from datetime import datetime, timedelta
from typing import Final

from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/rewards.md")


def number(text: str) -> int | None:
    """A number, or None for an empty cell."""
    return int(text) if text else None


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def words(text: str) -> list[str]:
    """What a cell lists, divided by commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def span(text: str) -> timedelta:
    """``14 min 59 s`` as a span."""
    pieces = text.split()
    units = {"min": "minutes", "s": "seconds"}
    return sum(
        (timedelta(**{units[unit]: int(amount)}) for amount, unit in zip(pieces[::2], pieces[1::2], strict=True)),
        timedelta(),
    )

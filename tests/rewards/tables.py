"""The tables of docs/algorithms/rewards.md."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

_PAGE = Path(__file__).parents[2] / "docs" / "algorithms" / "rewards.md"


def table(name: str) -> list[dict[str, str]]:
    """The rows of one marked table, by the names of its columns."""
    lines = _PAGE.read_text().split(f"<!-- table: {name} -->\n")[1].split("\n\n")[0].splitlines()
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(head, row, strict=True)) for row in body]


def rows(name: str) -> pytest.MarkDecorator:
    """One test for each row."""
    return pytest.mark.parametrize("row", [pytest.param(row, id=" ".join(row.values())[:80]) for row in table(name)])


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

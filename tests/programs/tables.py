"""The marked tables of docs/algorithms/community.md, for the tests that read them."""

from pathlib import Path
from typing import Final

import pytest

_DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "algorithms" / "community.md"


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table by the names of its columns."""
    lines = _DOCUMENT.read_text().split(f"<!-- table: {name} -->\n")[1].split("\n\n")[0].splitlines()
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(head, row, strict=True)) for row in body]


def each_row(name: str) -> pytest.MarkDecorator:
    """One test for each row."""
    return pytest.mark.parametrize("row", [pytest.param(row, id=" ".join(row.values())[:80]) for row in table(name)])

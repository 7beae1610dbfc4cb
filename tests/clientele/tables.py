"""The tables of docs/algorithms/imports.md."""

from pathlib import Path

import pytest

_PAGE = Path(__file__).parents[2] / "docs" / "algorithms" / "imports.md"


def table(name: str) -> list[dict[str, str]]:
    """The rows of one marked table, by the names of its columns."""
    lines = _PAGE.read_text().split(f"<!-- table: {name} -->\n")[1].split("\n\n")[0].splitlines()
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(head, row, strict=True)) for row in body]


def rows(name: str) -> pytest.MarkDecorator:
    """One test for each row."""
    return pytest.mark.parametrize("row", [pytest.param(row, id=" ".join(row.values())[:80]) for row in table(name)])

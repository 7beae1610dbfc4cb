"""The tables of the documents, for the tests that read them: what a page says is what the code does."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

_DOCS: Final = Path(__file__).parents[2] / "docs"


@dataclass(frozen=True, slots=True)
class Document:
    """A page below ``docs``. A table is named by a line ``<!-- table: name -->`` before it."""

    path: str

    @property
    def text(self) -> str:
        return (_DOCS / self.path).read_text()

    def table(self, name: str) -> list[dict[str, str]]:
        """The rows of a table, by the names of its columns."""
        lines = self.text.split(f"<!-- table: {name} -->\n")[1].split("\n\n")[0].splitlines()
        head, _, *body = [
            [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")] for line in lines
        ]
        return [dict(zip(head, row, strict=True)) for row in body]

    def each_row(self, name: str) -> pytest.MarkDecorator:
        """One test for each row of a table."""
        rows = [pytest.param(row, id=" ".join(row.values())[:80]) for row in self.table(name)]
        return pytest.mark.parametrize("row", rows)

    def rows_below(self, first_column: str) -> list[list[str]]:
        """The cells of every table whose header begins with ``first_column``, for pages that name no tables."""
        rows: list[list[str]] = []
        inside = False
        for line in self.text.splitlines():
            cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")] if line.startswith("|") else []
            if inside and cells and not cells[0].startswith("---"):
                rows.append(cells)
            inside = bool(cells) and (inside or cells[0] == first_column)
        return rows

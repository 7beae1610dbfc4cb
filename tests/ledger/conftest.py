"""What the tests of the ledger share: the tables of its page, and nobody who listens to its facts."""

from collections import defaultdict
from pathlib import Path

import pytest

from passerelle.kit import events

_PAGE = Path(__file__).parents[2] / "docs" / "algorithms" / "ledger.md"


def rows_of(first_column: str) -> list[list[str]]:
    """The rows of the table whose header begins with ``first_column``, as stripped cells."""
    cells = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")] if line.startswith("|") else []
        for line in _PAGE.read_text().splitlines()
    ]
    start = next(index for index, row in enumerate(cells) if row and row[0] == first_column)
    end = next(index for index in range(start, len(cells)) if not cells[index])
    return cells[start + 2 : end]


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether another test of this process wired the application must not change what is counted here."""
    monkeypatch.setattr(events, "_subscribers", defaultdict(list))

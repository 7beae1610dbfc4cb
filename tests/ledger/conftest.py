"""What the tests of the ledger share: the tables of its page, and nobody who listens to its facts."""

from collections import defaultdict
from typing import Final

import pytest

from passerelle.kit import events
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/ledger.md")


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether another test of this process wired the application must not change what is counted here."""
    monkeypatch.setattr(events, "_subscribers", defaultdict(list))

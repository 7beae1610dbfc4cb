"""What may be given, by the table of docs/algorithms/community.md."""

from typing import Final

import pytest
from pydantic import ValidationError

from passerelle.programs.community_settings import TransferSettings
from passerelle.programs.transfers.rules import fault_of
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/community.md")


@DOCUMENT.each_row("transfers")
def test_limits(row: dict[str, str]) -> None:
    settings = TransferSettings(
        minimum=int(row["minimum"]),
        maximum=int(row["maximum"]) if row["maximum"] else None,
        maximum_per_day=int(row["per day"]) if row["per day"] else None,
    )
    assert (fault_of(settings, int(row["amount"]), int(row["given today"])) or "") == row["refused as"]


@pytest.mark.parametrize("limit", ["maximum", "maximum_per_day"])
def test_limits_that_nothing_meets_are_refused(limit: str) -> None:
    with pytest.raises(ValidationError, match="none could be made"):
        TransferSettings.model_validate({"minimum": 10, limit: 9})

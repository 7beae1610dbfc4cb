"""When a certificate's end is worth a word."""

from datetime import UTC, datetime, timedelta

import pytest

from passerelle.passes.own import rules

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "stage", "left"),
    [(365, None, 365), (30.001, None, 30), (30, "month", 30), (14.001, "month", 14), (14, "fortnight", 14),
     (7.001, "fortnight", 7), (7, "week", 7), (0.5, "week", 0), (0, "over", 0), (-3, "over", 0)],
)  # fmt: skip
def test_stages(days: float, stage: str | None, left: int) -> None:
    end = NOW + timedelta(days=days)
    assert rules.stage_of(end, NOW) == stage
    assert rules.days_left(end, NOW) == left

"""When a certificate's end is worth a word: 30, 14 and 7 days before, in growing urgency."""

from datetime import datetime, timedelta
from typing import Final, Literal

Stage = Literal["month", "fortnight", "week", "over"]

_STAGES: Final[tuple[tuple[timedelta, Stage], ...]] = (
    (timedelta(0), "over"),
    (timedelta(days=7), "week"),
    (timedelta(days=14), "fortnight"),
    (timedelta(days=30), "month"),
)


def stage_of(expires_at: datetime, now: datetime) -> Stage | None:
    """How near the end is; None while it is more than 30 days away."""
    left = expires_at - now
    return next((stage for limit, stage in _STAGES if left <= limit), None)


def days_left(expires_at: datetime, now: datetime) -> int:
    """Whole days that are left, 0 on the last."""
    return max(0, (expires_at - now).days)

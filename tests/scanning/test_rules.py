"""What may be done at the counter, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from passerelle.scanning.rules import allowed_actions, undo_refusal

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("scopes", "takes_purchases", "rewards_ready", "actions"),
    [
        ({"scans:write", "rewards:redeem"}, True, 1, ["purchase", "redeem", "undo"]),
        ({"scans:write", "rewards:redeem"}, True, 0, ["purchase", "undo"]),
        ({"scans:write"}, True, 3, ["purchase", "undo"]),
        ({"scans:write", "rewards:redeem"}, False, 0, ["undo"]),
        ({"*"}, True, 1, ["purchase", "redeem", "undo"]),
        (set(), True, 1, []),
    ],
)
def test_actions(scopes: set[str], takes_purchases: bool, rewards_ready: int, actions: list[str]) -> None:  # noqa: FBT001  a column
    assert allowed_actions(scopes, takes_purchases=takes_purchases, rewards_ready=rewards_ready) == actions


@pytest.mark.parametrize(
    ("is_own", "minutes_ago", "may_undo_all", "refusal"),
    [
        (True, 0, False, None),
        (True, 30, False, None),
        (True, 31, False, "too_late"),
        (False, 1, False, "not_yours"),
        (False, 1, True, None),
        (True, 10_000, True, None),
    ],
)
def test_undo(is_own: bool, minutes_ago: int, may_undo_all: bool, refusal: str | None) -> None:  # noqa: FBT001  columns
    done_at = NOW - timedelta(minutes=minutes_ago)
    assert undo_refusal(is_own=is_own, done_at=done_at, now=NOW, may_undo_all=may_undo_all) == refusal

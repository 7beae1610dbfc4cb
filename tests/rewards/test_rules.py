"""How often a reward is ready, and why it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.rewards.rules import Bounds, Readiness, affordable, readiness


@pytest.mark.parametrize(
    ("active", "stock", "limit", "taken", "expected"),
    [
        (0, None, None, 0, Readiness(0, 10)),
        (9, None, None, 0, Readiness(0, 1)),
        (10, None, None, 0, Readiness(1, 0)),
        (12, None, None, 0, Readiness(1, 0)),
        (25, None, None, 0, Readiness(2, 0)),
        (25, 1, None, 0, Readiness(1, 0)),
        (25, 0, None, 0, Readiness(0, 0, "sold_out")),
        (5, 0, None, 0, Readiness(0, 5, "sold_out")),
        (25, None, 1, 0, Readiness(1, 0)),
        (25, None, 1, 1, Readiness(0, 0, "limit_reached")),
        (25, None, 3, 2, Readiness(1, 0)),
        (25, None, 1, 2, Readiness(0, 0, "limit_reached")),
    ],
)
def test_readiness(active: int, stock: int | None, limit: int | None, taken: int, expected: Readiness) -> None:
    turns = None if limit is None else limit - taken
    assert readiness(active, 10, Bounds(stock, turns)) == expected


@given(
    st.integers(-100, 10_000),
    st.integers(1, 100),
    st.none() | st.integers(0, 10),
    st.none() | st.integers(1, 10),
    st.integers(0, 12),
)
def test_what_is_ready_can_be_taken_so_often(
    active: int, price: int, stock: int | None, limit: int | None, taken: int
) -> None:
    turns = None if limit is None else limit - taken
    state = readiness(active, price, Bounds(stock, turns))
    assert 0 <= state.ready_count * price <= max(0, active)
    assert stock is None or state.ready_count <= stock
    assert limit is None or state.ready_count == 0 or taken + state.ready_count <= limit
    if state.held_back is None:
        assert (state.ready_count > 0) == (state.missing == 0)
    assert state.ready_count <= affordable(active, price)

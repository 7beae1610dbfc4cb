"""The pure rules of liability, by the tables of docs/algorithms/liability.md."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.programs.liability import rules
from passerelle.programs.liability.rules import MILLION, Redeemed
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/liability.md")


@pytest.mark.parametrize("row", DOCUMENT.rows_below("rows"), ids=lambda row: row[0])
def test_rows_add_up_to_the_rounded_total(row: list[str]) -> None:
    weights = []
    for text in row[0].split(";"):
        amount, _, rest = text.partition(" x ")
        cost, _, breakage = rest.partition(" / ")
        weights.append(rules.weight(int(amount), int(cost), int(breakage)))
    found = rules.rounded_rows(weights)
    assert found == [int(text) for text in row[2].split(",")]
    assert sum(found) == int(row[1])


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**8), st.integers(0, MILLION)), max_size=30),
)
def test_rows_are_within_one_of_their_value_and_sum_to_the_total(given_rows: list[tuple[int, int, int]]) -> None:
    weights = [rules.weight(*row) for row in given_rows]
    exact = [Decimal(weight).scaleb(-12) for weight in weights]
    found = rules.rounded_rows(weights)
    assert sum(found) == sum(exact, Decimal(0)).to_integral_value(ROUND_HALF_UP)
    assert all(abs(row - value) < 1 for row, value in zip(found, exact, strict=True))


@pytest.mark.parametrize("row", DOCUMENT.rows_below("source"), ids=lambda row: row[0])
def test_revenue_is_allocated_and_recognised_as_published(row: list[str]) -> None:
    _, sales, units, value, used, round_to, alone, goods, allocated, periods, revenue = row
    split = rules.allocate(
        int(sales),
        int(sales),
        int(units),
        cost_micros=int(value) * MILLION,
        expected_ppm=int(used),
        round_to_minor=int(round_to),
    )
    assert split == rules.Allocation(int(alone), int(goods), int(allocated))
    told = [Redeemed(*(int(number) for number in period.split(" of "))) for period in periods.split(",")]
    recognised = rules.recognise(split.units_minor, told)
    assert [each.revenue_minor for each in recognised] == [int(text) for text in revenue.split(",")]
    assert recognised[-1].recognised_minor + recognised[-1].deferred_minor == split.units_minor


@given(
    st.integers(0, 10**12),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**7)), min_size=1, max_size=12),
)
def test_never_more_is_recognised_than_was_allocated(units_minor: int, periods: list[tuple[int, int]]) -> None:
    recognised = rules.recognise(units_minor, [Redeemed(*period) for period in periods])
    assert all(0 <= each.recognised_minor <= units_minor for each in recognised)
    assert sum(each.revenue_minor for each in recognised) == recognised[-1].recognised_minor


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**9), st.integers(0, 10**8))
def test_an_allocation_loses_nothing(price: int, goods: int, units: int, cost: int) -> None:
    split = rules.allocate(price, goods, units, cost_micros=cost, expected_ppm=970_000)
    assert split.goods_minor + split.units_minor == price
    assert 0 <= split.units_minor <= price

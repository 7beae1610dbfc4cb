"""Which purchases are taken."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import LANGUAGES
from passerelle.purchases import rules
from passerelle.purchases.errors import (
    AmountAboveLimit,
    AmountNotPositive,
    LinesDoNotAddUp,
    OccurredInFuture,
    OccurredTooLongAgo,
    OtherCurrency,
)
from passerelle.purchases.schemas import PurchaseLine

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("amount_minor", "currency", "refusal"),
    [
        (1, "EUR", None),
        (1_000_000, "EUR", None),
        (1_000_001, "EUR", AmountAboveLimit),
        (0, "EUR", AmountNotPositive),
        (-1, "EUR", AmountNotPositive),
        (1_000_000, "JPY", None),
        (1_000_001, "JPY", AmountAboveLimit),
        (10_000_000, "TND", None),
        (10_000_001, "TND", AmountAboveLimit),
    ],
)
def test_amounts(amount_minor: int, currency: str, refusal: type[Refusal] | None) -> None:
    if refusal is None:
        rules.require_amount(amount_minor, currency, currency)
    else:
        with pytest.raises(refusal):
            rules.require_amount(amount_minor, currency, currency)


def test_the_refusal_tells_both_figures() -> None:
    with pytest.raises(AmountAboveLimit) as caught:
        rules.require_amount(4_500_000, "EUR", "EUR")
    assert "45000.00 EUR" in caught.value.sentence("en")
    assert "10000.00 EUR" in caught.value.sentence("fr")


def test_another_currency_is_told_before_the_amount() -> None:
    with pytest.raises(OtherCurrency) as caught:
        rules.require_amount(0, "MAD", "EUR")
    assert all(
        {"EUR", "MAD"} <= set(caught.value.sentence(language).replace(",", " ").replace(".", " ").split())
        for language in LANGUAGES
    )


def _line(quantity: int, unit_amount_minor: int) -> PurchaseLine:
    return PurchaseLine(name="x", quantity=quantity, unit_amount_minor=unit_amount_minor)


@pytest.mark.parametrize(
    ("lines", "amount_minor", "taken"),
    [
        ([], 900, True),
        ([_line(3, 300)], 900, True),
        ([_line(3, 300), _line(1, -100)], 800, True),
        ([_line(3, 300)], 800, False),
        ([_line(1, 9), _line(1, 900)], 900, False),
    ],
)
def test_lines_add_up(lines: list[PurchaseLine], amount_minor: int, taken: bool) -> None:  # noqa: FBT001  pytest passes by name
    if taken:
        rules.require_lines(lines, amount_minor, "EUR")
    else:
        with pytest.raises(LinesDoNotAddUp):
            rules.require_lines(lines, amount_minor, "EUR")


@given(st.lists(st.builds(_line, st.integers(1, 100), st.integers(-10_000, 10_000)), min_size=1, max_size=20))
def test_only_the_sum_is_taken(lines: list[PurchaseLine]) -> None:
    total = sum(line.quantity * line.unit_amount_minor for line in lines)
    rules.require_lines(lines, total, "EUR")
    for wrong in (total - 1, total + 1):
        with pytest.raises(LinesDoNotAddUp):
            rules.require_lines(lines, wrong, "EUR")


@pytest.mark.parametrize(
    ("occurred_at", "refusal"),
    [
        (NOW, None),
        (NOW + rules.CLOCK_SKEW, None),
        (NOW + rules.CLOCK_SKEW + SECOND, OccurredInFuture),
        (NOW - rules.MAX_AGE, None),
        (NOW - rules.MAX_AGE - SECOND, OccurredTooLongAgo),
    ],
)
def test_instants(occurred_at: datetime, refusal: type[Refusal] | None) -> None:
    if refusal is None:
        rules.require_instant(occurred_at, NOW)
    else:
        with pytest.raises(refusal):
            rules.require_instant(occurred_at, NOW)

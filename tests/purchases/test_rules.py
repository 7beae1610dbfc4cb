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
    PaidMoreThanAmount,
    SignDoesNotFit,
    TaxDoesNotFit,
)
from passerelle.purchases.schemas import LineKind, PurchaseLine

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
    assert "€45,000.00" in caught.value.sentence("en")
    assert "10\N{NARROW NO-BREAK SPACE}000,00\N{NO-BREAK SPACE}€" in caught.value.sentence("fr")
    assert str(caught.value.params["amount"]) == "45000.00 EUR"


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


@pytest.mark.parametrize(
    ("given", "kind"),
    [({}, "item"), ({"unit_amount_minor": -5}, "discount"), ({"unit_amount_minor": -5, "kind": "reward"}, "reward")],
)
def test_the_kind_of_a_line(given: dict[str, object], kind: LineKind) -> None:
    assert PurchaseLine.model_validate({"name": "x", "unit_amount_minor": 5} | given).kind == kind


@pytest.mark.parametrize(
    ("kind", "amount_minor", "taken"),
    [
        ("discount", 5, False),
        ("discount", -5, True),
        ("shipping", -5, False),
        ("tip", -5, False),
        ("fee", -5, False),
        ("gift_card", -5, False),
        ("reward", -5, True),
        ("reward", 5, True),
        ("item", -5, True),
    ],
)
def test_signs(kind: LineKind, amount_minor: int, taken: bool) -> None:  # noqa: FBT001  pytest passes by name
    lines = [_line(1, 100), PurchaseLine(name="x", unit_amount_minor=amount_minor, kind=kind)]
    if taken:
        rules.require_lines(lines, 100 + amount_minor, "EUR")
    else:
        with pytest.raises(SignDoesNotFit):
            rules.require_lines(lines, 100 + amount_minor, "EUR")


@pytest.mark.parametrize(
    ("told", "of_lines", "tax"),
    [
        (None, [None], None),
        (0, [None], 0),
        (200, [None], 200),
        (None, [200, None], 200),
        (200, [200], 200),
        (200, [199], "refused"),
        (1001, [None], "refused"),
        (-1, [None], "refused"),
        (None, [1001], "refused"),
        (None, [-1], "refused"),
    ],
)
def test_tax(told: int | None, of_lines: list[int | None], tax: int | str | None) -> None:
    lines = [PurchaseLine(name="x", unit_amount_minor=1000, tax_minor=each) for each in of_lines]
    if tax == "refused":
        with pytest.raises(TaxDoesNotFit):
            rules.require_tax(told, lines, 1000, "EUR")
    else:
        assert rules.require_tax(told, lines, 1000, "EUR") == tax


@pytest.mark.parametrize(("points", "gift_card", "taken"), [(0, 0, True), (400, 600, True), (401, 600, False)])
def test_paid_with(points: int, gift_card: int, taken: bool) -> None:  # noqa: FBT001  pytest passes by name
    if taken:
        rules.require_paid_with(points, gift_card, 1000, "EUR")
    else:
        with pytest.raises(PaidMoreThanAmount):
            rules.require_paid_with(points, gift_card, 1000, "EUR")

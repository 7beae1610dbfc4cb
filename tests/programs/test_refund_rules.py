"""The rules of refunds: the tables of docs/algorithms/refunds.md, and what holds for every slicing."""

from decimal import Decimal
from itertools import pairwise
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from passerelle.programs.earning_rules import Earning, Item, PerAmount, PerItem, PerVisit
from passerelle.programs.refunds.rules import Progress, given_back, share, taken_back
from passerelle.purchases import rules as purchase_rules
from passerelle.purchases.schemas import PurchaseLine
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/refunds.md")
EARNINGS: dict[str, Earning] = {"amount": PerAmount(100, 1), "visit": PerVisit(1)}
PRICES = {"coffee": 300, "cake": 400}


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def taken(earned: int, earning: Earning | None, stages: list[Progress]) -> list[int]:
    """What each slice takes back."""
    totals = [0, *(taken_back(earned, earning, stage) for stage in stages)]
    return [after - before for before, after in pairwise(totals)]


def by_money(paid: int, slices: list[int]) -> list[Progress]:
    return [Progress(paid, sum(slices[: count + 1])) for count in range(len(slices))]


@DOCUMENT.each_row("slices")
def test_slices(row: dict[str, str]) -> None:
    slices = [cents(each) for each in row["slices"].split(",")]
    stages = by_money(cents(row["paid"]), slices)
    expected = [int(each) for each in row["taken back"].split(",")]
    assert taken(int(row["earned"]), EARNINGS[row["given for"]], stages) == expected


def _basket(text: str) -> list[Item]:
    return [Item(int(count), name) for count, name in (each.split() for each in text.split(","))]


@DOCUMENT.each_row("items")
def test_items(row: dict[str, str]) -> None:
    bought = _basket(row["basket"])
    paid = sum(item.quantity * PRICES[item.sku or ""] for item in bought)
    stages: list[Progress] = []
    refunded = unnamed = 0
    returned: list[Item] = []
    for text in row["slices"].split(";"):
        if "c" in text:
            items = _basket(text.strip())
            returned = returned + items
            refunded += sum(item.quantity * PRICES[item.sku or ""] for item in items)
        else:
            refunded += cents(text)
            unnamed += cents(text)
        stages.append(Progress(paid, refunded, unnamed, bought, returned))
    earning = PerItem(1, skus=frozenset({"coffee"}))
    assert taken(int(row["earned"]), earning, stages) == [int(each) for each in row["taken back"].split(",")]


class _Purchase:
    """What the rules of purchases look at."""

    currency, state, refunded_minor = "EUR", "recorded", 0

    def __init__(self, amount_minor: int, lines: list[PurchaseLine]) -> None:
        self.amount_minor, self.lines = amount_minor, lines


def _lines(text: str) -> list[PurchaseLine]:
    pairs = [each.split("×") for each in text.split(",")]  # noqa: RUF001  as the document writes it
    return [
        PurchaseLine(name="", quantity=int(quantity), unit_amount_minor=cents(price)) for quantity, price in pairs
    ]


@DOCUMENT.each_row("worth")
def test_worth_of_items(row: dict[str, str]) -> None:
    purchase = _Purchase(cents(row["paid"]), _lines(row["lines"]))
    purchase_rules.require_lines(purchase.lines, purchase.amount_minor, "EUR")
    before: dict[int, int] = {}
    paid_back = []
    for text in row["slices"].split(";"):
        now = {line: int(count) for line, count in enumerate(text.split()) if count != "0"}
        amount = purchase_rules.refund_amount(purchase, None, before, now)
        paid_back.append(amount)
        purchase.refunded_minor += amount
        before = {line: before.get(line, 0) + now.get(line, 0) for line in before.keys() | now.keys()}
    assert paid_back == [cents(each) for each in row["pay back"].split(",")]


@st.composite
def slicings(draw: st.DrawFn) -> tuple[int, list[int]]:
    """An amount, and slices that make it up."""
    paid = draw(st.integers(1, 1_000_000))
    cuts = draw(st.lists(st.integers(0, paid), max_size=12))
    stops = sorted({0, paid, *cuts})
    return paid, [after - before for before, after in pairwise(stops)]


@given(st.integers(0, 10**9), slicings(), st.sampled_from([*EARNINGS.values(), None]))
def test_complaint_2_partial_refunds_sum_to_the_full_reversal(
    earned: int, slicing: tuple[int, list[int]], earning: Earning | None
) -> None:
    """Complaint: partial refunds take back a wrong number, or drift by rounding."""
    paid, slices = slicing
    parts = taken(earned, earning, by_money(paid, slices))
    assert sum(parts) == earned == taken_back(earned, earning, Progress(paid, paid))
    assert all(part >= 0 for part in parts)


@given(st.integers(0, 10**9), slicings())
def test_no_total_is_off_by_more_than_half_a_unit(earned: int, slicing: tuple[int, list[int]]) -> None:
    paid, slices = slicing
    for stage in by_money(paid, slices):
        exact = earned * stage.refunded_minor
        assert abs(2 * paid * share(earned, stage.refunded_minor, paid) - 2 * exact) <= paid


@given(st.integers(1, 10**6), slicings(), st.sampled_from(["share", "whole"]))
def test_what_was_spent_comes_back_once(spent: int, slicing: tuple[int, list[int]], returns: str) -> None:
    paid, slices = slicing
    totals = [given_back(spent, returns, stage) for stage in by_money(paid, slices)]  # type: ignore[arg-type]  # one of the two
    assert totals == sorted(totals)
    assert totals[-1] == spent


@given(
    st.lists(st.tuples(st.integers(1, 5), st.sampled_from(["coffee", "cake", "tea"])), min_size=1, max_size=5),
    st.integers(1, 100),
    st.data(),
)
def test_slices_of_items_sum_to_the_full_reversal(
    basket: list[tuple[int, str]], earned: int, data: st.DataObject
) -> None:
    bought = [Item(quantity, sku) for quantity, sku in basket]
    single = data.draw(st.permutations([Item(1, item.sku) for item in bought for _ in range(item.quantity)]))
    stages = [
        Progress(len(single), count + 1, 0, bought, single[: count + 1])  # each item costs one
        for count in range(len(single))
    ]
    parts = taken(earned, PerItem(1, skus=frozenset({"coffee"})), stages)
    assert sum(parts) == earned
    assert all(part >= 0 for part in parts)

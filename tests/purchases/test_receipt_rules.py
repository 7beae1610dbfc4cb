"""The rules of receipts: the tables of docs/algorithms/receipts.md."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.kit.i18n import Language
from passerelle.kit.ids import new_code
from passerelle.purchases.receipts import rules
from passerelle.purchases.receipts.errors import TooManyClaims
from passerelle.purchases.receipts.schemas import ReceiptSettings
from tests.factories.documents import Document

DOCUMENT = Document("algorithms/receipts.md")
NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


@DOCUMENT.each_row("reading")
def test_codes_are_read_as_people_type_them(row: dict[str, str]) -> None:
    assert rules.read_code(row["typed"]) == (row["read as"] or None)


@given(st.lists(st.sampled_from(" -_"), max_size=3), st.booleans())
def test_a_code_that_was_printed_is_read_again(noise: list[str], lower: bool) -> None:  # noqa: FBT001  hypothesis gives it
    code = new_code(rules.CODE_LETTERS)
    typed = "".join(noise) + rules.written(code)
    assert rules.read_code(typed.lower() if lower else typed) == code


@DOCUMENT.each_row("state")
def test_what_state_is_shown(row: dict[str, str]) -> None:
    until = NOW + timedelta(hours=int(row["hours until the end"]))
    assert rules.shown_state(row["kept as"], until, NOW) == row["shown as"]


@DOCUMENT.each_row("limits")
def test_how_many_a_customer_may_claim(row: dict[str, str]) -> None:
    settings = ReceiptSettings(per_day=int(row["per_day"]), per_month=int(row["per_month"]))
    full = rules.full_period(settings, int(row["today"]), int(row["this month"]))
    assert (f"{full[0]} {full[1]}" if full else "") == row["limit that is reached"]


@pytest.mark.parametrize(
    ("language", "period", "told"),
    [
        ("en", "day", "A customer may claim 3 receipts a day, and has. Try again later."),
        ("fr", "day", "La limite de tickets par client (3 par jour) est atteinte. Réessayez plus tard."),
        ("fr", "month", "La limite de tickets par client (3 par mois) est atteinte. Réessayez plus tard."),
        ("ar", "month", "بلغ الزبون الحد الأقصى للإيصالات (3 في الشهر). حاول لاحقًا."),
    ],
)
def test_the_limit_is_told_in_the_words_of_the_reader(language: Language, period: str, told: str) -> None:
    assert TooManyClaims(period=period, limit=3).sentence(language) == told


@DOCUMENT.each_row("guesses")
def test_how_long_guessing_waits(row: dict[str, str]) -> None:
    since = NOW - timedelta(minutes=int(row["minutes since the first"]))
    waits = rules.must_wait(int(row["failures"]), since, NOW, int(row["free"]))
    assert waits == (row["must wait"] == "yes")


def test_days_and_months_are_those_of_the_shop() -> None:
    """On the morning when clocks go forward in Paris."""
    day, month = rules.beginnings(datetime(2026, 3, 29, 10, tzinfo=UTC), "Europe/Paris")
    assert day == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert month == datetime(2026, 2, 28, 23, tzinfo=UTC)

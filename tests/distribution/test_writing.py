"""Moments and signed amounts as the three languages write them."""

from datetime import UTC, datetime

import pytest

from passerelle.distribution.writing import keep_numbers, moment, signed
from passerelle.kit.i18n import Language
from passerelle.kit.money import Money


@pytest.mark.parametrize(("language", "comma"), [("en", ", "), ("fr", ", "), ("ar", "\N{ARABIC COMMA} ")])
def test_a_moment_has_the_comma_of_its_language(language: Language, comma: str) -> None:
    day, _, time = moment(datetime(2026, 11, 22, 18, 30, tzinfo=UTC), language, "Europe/Paris").rpartition(comma)
    assert "22" in day
    assert "30" in time


@pytest.mark.parametrize(
    ("language", "is_less", "written"),
    [
        ("fr", False, "+4,50\N{NO-BREAK SPACE}€"),
        ("en", True, "\N{MINUS SIGN}€4.50"),
        # The marks keep the sign before the number, and the whole from right to left.
        ("ar", False, "\u200f\u200e+4.50\N{NO-BREAK SPACE}€"),
        ("ar", True, "\u200f\u200e\N{MINUS SIGN}4.50\N{NO-BREAK SPACE}€"),
    ],
)
def test_a_sign_stands_before_its_number(language: Language, *, is_less: bool, written: str) -> None:
    assert signed(Money(450, "EUR").formatted(language), language, is_less=is_less) == written


def test_a_number_stays_on_one_line() -> None:
    kept = keep_numbers("Write 06 12 34 56 78, or +33 6 12 34 56 78 now")
    assert kept.split(" ") == [
        "Write",
        "06\xa012\xa034\xa056\xa078,",
        "or",
        "+33\xa06\xa012\xa034\xa056\xa078",
        "now",
    ]

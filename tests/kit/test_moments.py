"""How sentences write days, times and distances, in each language and for programs."""

from datetime import UTC, date, datetime
from typing import ClassVar

import pytest

from passerelle.kit.errors import Refusal, Spoken
from passerelle.kit.i18n import Sentence
from passerelle.kit.moments import LocalDay, LocalTime, Metres

AT = LocalTime(datetime(2026, 11, 23, 22, 30, tzinfo=UTC), "Africa/Casablanca")
DAY = LocalDay(date(2026, 12, 2))


class Closed(Refusal):
    code = "closed"
    text: ClassVar[Sentence] = {"en": "Closed since {on}.", "fr": "Fermé depuis le {on}.", "ar": "مغلق منذ {on}."}


@pytest.mark.parametrize(("told", "text"), [(AT, "2026-11-23 23:30"), (DAY, "2026-12-02"), (Metres(1_490), "1490")])
def test_programs_read_the_same_in_every_language(told: Spoken, text: str) -> None:
    assert str(told) == text
    assert isinstance(told, Spoken)


@pytest.mark.parametrize(
    ("language", "time", "day"),
    [
        ("en", "Nov 23, 2026, 11:30\N{NARROW NO-BREAK SPACE}PM", "December 2, 2026"),
        ("fr", "23 nov. 2026, 23:30", "2 décembre 2026"),
        ("ar", "23\N{RIGHT-TO-LEFT MARK}/11\N{RIGHT-TO-LEFT MARK}/2026، 11:30 م", "2 ديسمبر 2026"),
    ],
)
def test_people_read_their_own(language: str, time: str, day: str) -> None:
    assert (AT.formatted(language), DAY.formatted(language)) == (time, day)


def test_a_refusal_says_it_in_the_language_of_its_reader() -> None:
    assert Closed(on=DAY).sentence("fr") == "Fermé depuis le 2 décembre 2026."


@pytest.mark.parametrize(
    ("metres", "en", "fr", "ar"),
    [
        (0, "0 m", "0 m", "0 م"),
        (999, "999 m", "999 m", "999 م"),
        (1_000, "1 km", "1 km", "1 كم"),
        (1_490, "1.5 km", "1,5 km", "1.5 كم"),
        (392_863, "393 km", "393 km", "393 كم"),
    ],
)
def test_distances(metres: int, en: str, fr: str, ar: str) -> None:
    told = [Metres(metres).formatted(language) for language in ("en", "fr", "ar")]
    assert told == [text.replace(" ", "\N{NO-BREAK SPACE}") for text in (en, fr, ar)]

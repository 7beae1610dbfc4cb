"""An export as its owner reads it: names, moments and amounts in their language."""

import pytest

from passerelle.distribution.mypage.readable import Part, Reader
from passerelle.kit.i18n import Language

EXPORT = {
    "purchases": [
        {
            "amount_minor": 450,
            "currency": "EUR",
            "lines": [{"name": "Café", "unit_amount_minor": 450}],
            "recorded_at": "2026-11-22T18:30:00.123456Z",
            "new_in_the_api": True,
            "channel": "api",
            "note": "api",
        }
    ],
    "customer": {"first_name": "Lina", "birthday": None},
}


def flat(parts: list[Part]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for part in parts:
        found |= {part.name: part.text} | flat(list(part.parts))
    return found


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "fr",
            {
                "Montant": "4,50\N{NO-BREAK SPACE}€",
                "Prix unitaire": "4,50\N{NO-BREAK SPACE}€",
                "Enregistré le": "22 nov. 2026, 19:30",
                "New in the api": "oui",
                "Où": "par un autre service",
                "Note": "api",
                "Anniversaire": None,
            },
        ),
        (
            "ar",
            {
                "الاسم": "Café",
                "المبلغ": "\u200f4.50\N{NO-BREAK SPACE}€",
                "New in the api": "نعم",
                "أين": "عبر خدمة أخرى",
            },
        ),
    ],
)
def test_values_are_written_for_people(language: Language, expected: dict[str, str | None]) -> None:
    parts = Reader(language, "Europe/Paris").read(EXPORT)
    assert parts[0].parts[0].text == "Lina", "who somebody is comes first"
    assert flat(parts).items() >= expected.items()

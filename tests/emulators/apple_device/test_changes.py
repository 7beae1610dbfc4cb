"""The lock-screen text: a table in English, French and Arabic."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from passerelle.emulators.apple_device import PassPackage
from passerelle.emulators.apple_device.changes import lock_screen_text

CASABLANCA = ZoneInfo("Africa/Casablanca")
TRANSLATIONS = {
    "fr": {"You have %@ points": "Vous avez %@ points", "Gold": "Or", "Now %@": "Désormais %@"},
    "ar": {"You have %@ points": "لديك %@ نقطة", "Gold": "ذهبي", "Now %@": "الآن %@"},
}
Field = dict[str, Any]


def _package(fields: list[Field], style: str = "storeCard") -> PassPackage:
    pass_json = {"passTypeIdentifier": "pass.example", "serialNumber": "1", style: {"backFields": fields}}
    return PassPackage(pass_json, {}, b"", TRANSLATIONS)


def _points(value: object, **more: Any) -> Field:
    return {"key": "points", "value": value, "changeMessage": "You have %@ points", **more}


def _level(value: str, message: str | None = "Now %@") -> Field:
    return {"key": "level", "value": value, **({"changeMessage": message} if message else {})}


TEXTS: dict[str, tuple[list[Field], list[Field], str, str | None]] = {
    "nothing changed": ([_points(1)], [_points(1)], "en", None),
    "one field": ([_points(1)], [_points(2)], "en", "You have 2 points"),
    "one field, French": ([_points(1)], [_points(1234)], "fr", "Vous avez 1\u202f234 points"),
    "one field, Arabic": ([_points(1)], [_points(2)], "ar", "لديك 2 نقطة"),
    "region of a language": ([_points(1)], [_points(2)], "fr-MA", "Vous avez 2 points"),
    "language without translation": ([_points(1)], [_points(2)], "de", "You have 2 points"),
    "value is translated too": ([_level("Silver")], [_level("Gold")], "fr", "Désormais Or"),
    "value is translated, Arabic": ([_level("Silver")], [_level("Gold")], "ar", "الآن ذهبي"),
    "silent field": ([_level("Silver", None)], [_level("Gold", None)], "en", None),
    "message without placeholder": ([_level("a", "See back")], [_level("b", "See back")], "en", "See back"),
    "several fields": ([_points(1), _level("a")], [_points(2), _level("b")], "en", "Store card changed"),
    "several fields, French": (
        [_points(1), _level("a")],
        [_points(2), _level("b")],
        "fr",
        "Carte de magasin modifiée",
    ),
    "several fields, Arabic": ([_points(1), _level("a")], [_points(2), _level("b")], "ar", "تم تغيير بطاقة المتجر"),
    "two fields, one silent": (
        [_points(1), _level("a", None)],
        [_points(2), _level("b", None)],
        "en",
        "You have 2 points",
    ),
    "new field": ([], [_points(2)], "en", None),
    "field gone": ([_points(2)], [], "en", None),
    "amount": ([_points(1)], [_points(12.5, currencyCode="EUR")], "fr", "Vous avez 12,50\u00a0€ points"),
    "amount in dirham": (
        [_points(1)],
        [_points(1200, currencyCode="MAD")],
        "en",
        "You have MAD\u00a01,200.00 points",
    ),
    "percent": ([_points(1)], [_points(0.15, numberStyle="PKNumberStylePercent")], "en", "You have 15% points"),
    "scientific": (
        [_points(1)],
        [_points(1200, numberStyle="PKNumberStyleScientific")],
        "en",
        "You have 1.2E3 points",
    ),
    "date": (
        [_points("2026-01-01T00:00Z")],
        [_points("2026-12-24T23:30:00Z", dateStyle="PKDateStyleLong")],
        "fr",
        "Vous avez 25 décembre 2026 points",
    ),
    "date in its own zone": (
        [_points("2026-01-01T00:00Z")],
        [_points("2026-12-24T23:30:00Z", dateStyle="PKDateStyleMedium", ignoresTimeZone=True)],
        "en",
        "You have Dec 24, 2026 points",
    ),
    "time": (
        [_points("2026-01-01T00:00Z")],
        [_points("2026-12-24T18:05:00+01:00", timeStyle="PKDateStyleShort", dateStyle="PKDateStyleNone")],
        "fr",
        "Vous avez 18:05 points",
    ),
    "date and time": (
        [_points("2026-01-01T00:00Z")],
        [_points("2026-12-24T17:05:00Z", timeStyle="PKDateStyleShort", dateStyle="PKDateStyleShort")],
        "fr",
        "Vous avez 24/12/2026 18:05 points",
    ),
    "date that is none": (
        [_points("x")],
        [_points("soon", dateStyle="PKDateStyleShort")],
        "en",
        "You have soon points",
    ),
}


@pytest.mark.parametrize(("before", "after", "language", "text"), TEXTS.values(), ids=TEXTS)
def test_text(before: list[Field], after: list[Field], language: str, text: str | None) -> None:
    assert lock_screen_text(_package(before), _package(after), language, CASABLANCA) == text


@pytest.mark.parametrize(
    ("style", "text"),
    [("coupon", "Coupon changed"), ("eventTicket", "Ticket changed"), ("generic", "Pass changed")],
)
def test_generic_text_by_style(style: str, text: str) -> None:
    before, after = [_points(1), _level("a")], [_points(2), _level("b")]
    assert lock_screen_text(_package(before, style), _package(after, style), "en", CASABLANCA) == text


async def test_languages_through_a_whole_update(
    new_device: Callable[..., Any], server: Any, card: Callable[..., bytes]
) -> None:
    files = {
        "fr.lproj/pass.strings": '"You have %@ points" = "Vous avez %@ points";'.encode("utf-16"),
        "ar.lproj/pass.strings": '"You have %@ points" = "لديك %@ نقطة";'.encode(),
    }
    first = card(1, files=files)
    devices = [new_device(device_library_identifier=code, language=code) for code in ("en", "fr", "ar")]
    for device in devices:
        await device.add(first)
    card(2, files=files)
    for device in devices:
        await device.receive_push("pass.example.loyalty")
    texts = [[notification.text for notification in device.notifications] for device in devices]
    assert texts == [["You have 2 points"], ["Vous avez 2 points"], ["لديك 2 نقطة"]]
    assert {device.notifications[0].title for device in devices} == {"Café Atlas"}
    assert devices[0].notifications[0].at <= datetime.now(UTC).timestamp()

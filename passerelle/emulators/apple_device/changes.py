"""What the lock screen says when a new version of a pass arrives (pure).

| changed fields that have a ``changeMessage`` | text |
|---|---|
| none | nothing: the update is silent |
| one, with ``%@`` | the message, ``%@`` replaced by the new value, formatted |
| one, without ``%@`` | the message as it is |
| several | a generic text, by the style of the pass |

Message and value are translated through ``pass.strings`` first. A field that the old version did not have has
no old value and is not a change.
"""

import re
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_currency, format_decimal, format_percent, format_scientific

from passerelle.emulators.apple_device.package import PassPackage

_PLACEHOLDER: Final = "%@"
_CODE_BEFORE_DIGIT: Final = re.compile(r"([A-Z])(?=\d)")  # CLDR's currency spacing, which Babel leaves out
_NO_STYLE: Final = "PKDateStyleNone"
_WIDTHS: Final = {
    "PKDateStyleShort": "short",
    "PKDateStyleMedium": "medium",
    "PKDateStyleLong": "long",
    "PKDateStyleFull": "full",
}
_GENERIC: Final[dict[str, dict[str, str]]] = {
    "en": {
        "boardingPass": "Boarding pass changed",
        "coupon": "Coupon changed",
        "eventTicket": "Ticket changed",
        "storeCard": "Store card changed",
        "": "Pass changed",
    },
    "fr": {
        "boardingPass": "Carte d'embarquement modifiée",
        "coupon": "Coupon modifié",
        "eventTicket": "Billet modifié",
        "storeCard": "Carte de magasin modifiée",
        "": "Carte modifiée",
    },
    "ar": {
        "boardingPass": "تم تغيير بطاقة الصعود",
        "coupon": "تم تغيير القسيمة",
        "eventTicket": "تم تغيير التذكرة",
        "storeCard": "تم تغيير بطاقة المتجر",
        "": "تم تغيير البطاقة",
    },
}


def lock_screen_text(old: PassPackage, new: PassPackage, language: str, zone: ZoneInfo) -> str | None:
    """The text of the notification, or None when the update is silent."""
    before = old.fields()
    announced = [
        each
        for key, each in new.fields().items()
        if each.get("changeMessage") and key in before and before[key].get("value") != each["value"]
    ]
    if not announced:
        return None
    if len(announced) > 1:
        return generic_text(new.style, language)
    message = new.translate(str(announced[0]["changeMessage"]), language)
    return message.replace(_PLACEHOLDER, display_value(announced[0], new, language, zone))


def generic_text(style: str, language: str) -> str:
    texts = _GENERIC.get(language.partition("-")[0], _GENERIC["en"])
    return texts.get(style, texts[""])


def display_value(field: dict[str, Any], package: PassPackage, language: str, zone: ZoneInfo) -> str:
    """A field's value as the pass shows it: number, amount, date or translated text."""
    value = field["value"]
    locale = _locale(language)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, field, locale)
    if field.get("dateStyle") or field.get("timeStyle"):
        return _date(str(value), field, locale, zone)
    return package.translate(str(value), language)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def _number(value: float, field: dict[str, Any], locale: Locale) -> str:
    if field.get("currencyCode"):
        amount = format_currency(value, str(field["currencyCode"]), locale=locale)
        return _CODE_BEFORE_DIGIT.sub("\\1\N{NO-BREAK SPACE}", amount)
    style = field.get("numberStyle")
    if style == "PKNumberStylePercent":
        return format_percent(value, locale=locale)
    if style == "PKNumberStyleScientific":
        return format_scientific(value, locale=locale)
    return format_decimal(value, locale=locale)


def _date(text: str, field: dict[str, Any], locale: Locale, zone: ZoneInfo) -> str:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    if not field.get("ignoresTimeZone") and instant.tzinfo is not None:
        instant = instant.astimezone(zone)
    day = _WIDTHS.get(str(field.get("dateStyle", _NO_STYLE)))
    time = _WIDTHS.get(str(field.get("timeStyle", _NO_STYLE)))
    moment = instant.replace(tzinfo=None)
    if day and time:
        joined = str(locale.datetime_formats.get(day) or "{1} {0}").replace("'", "")
        return joined.replace("{1}", format_date(moment, day, locale)).replace(
            "{0}", format_time(moment, time, locale=locale)
        )
    if time:
        return format_time(moment, time, locale=locale)
    return format_date(moment, day or "medium", locale) if day else format_datetime(moment, locale=locale)

"""Words on a card: translations, numbers and dates as a phone formats them, and the few links allowed."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlsplit

from babel.dates import format_date, format_datetime
from babel.numbers import UnknownCurrencyError, format_currency
from markupsafe import Markup, escape

_SCHEMES: Final = frozenset({"http", "https", "tel", "mailto"})
_URL: Final = re.compile(r"https?://[^\s<>\"']+")


def localized(value: Any, language: str) -> str:
    """Google's LocalizedString in a language, or plain text as it is."""
    if not isinstance(value, dict):
        return "" if value is None else str(value)
    for translation in value.get("translatedValues", ()):
        if str(translation.get("language", "")).partition("-")[0].lower() == language:
            return str(translation.get("value", ""))
    return str(value.get("defaultValue", {}).get("value", ""))


def money(value: Mapping[str, Any], language: str) -> str:
    """Google's Money: micros of a currency."""
    amount, code = int(value.get("micros", 0)) / 1_000_000, str(value.get("currencyCode", ""))
    try:
        return format_currency(amount, code, locale=language) if code else str(amount)
    except UnknownCurrencyError:
        return f"{amount} {code}"


def date_time(value: str, language: str) -> str:
    """An ISO date of Google's, with or without a time, for reading."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if moment.hour or moment.minute:
        return format_datetime(moment.replace(tzinfo=None), "medium", locale=language)
    return format_date(moment, "medium", locale=language)


def is_past(value: str, now: float) -> bool:
    """Whether an ISO date lies before `now`; False when it is none."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp() < now


def safe_url(url: str) -> str:
    """The address when it may stand in a link, else nothing."""
    try:
        return url if urlsplit(url.strip()).scheme.lower() in _SCHEMES else ""
    except ValueError:
        return ""


class _Links(HTMLParser):
    """Keeps text and `<a href>` of rich text; everything else is dropped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        url = safe_url(dict(attrs).get("href") or "")
        if tag == "a" and url and not self.open:
            self.parts.append(f'<a href="{escape(url)}" target="_blank" rel="noreferrer">')
            self.open = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.open:
            self.parts.append("</a>")
            self.open = False

    def handle_data(self, data: str) -> None:
        self.parts.append(str(escape(data)))


def rich_text(text: str) -> Markup:
    """Text in which links stay links, safe to put in a page."""
    reader = _Links()
    reader.feed(text)
    reader.close()
    if reader.open:
        reader.parts.append("</a>")
    return Markup("".join(reader.parts))  # noqa: S704 - every part was escaped above


def with_links(text: str) -> Markup:
    """Plain text with web addresses made into links, as data detectors do."""
    link = Markup('<a href="{0}" target="_blank" rel="noreferrer">{0}</a>')
    parts: list[Markup] = []
    at = 0
    for match in _URL.finditer(text):
        parts += [escape(text[at : match.start()]), link.format(match.group())]
        at = match.end()
    return Markup().join([*parts, escape(text[at:])])

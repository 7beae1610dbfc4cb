"""The fields of pass.json: each value in the form that Wallet formats by itself, as the phone's owner reads it."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from html import escape
from typing import Any, Final

import orjson

from passerelle.kit.money import Money
from passerelle.passes.code_rules import PROOF, proven
from passerelle.passes.wallets.apple.render_pieces import (
    Card,
    Piece,
    called,
    json_of,
    merged,
    pieces_of,
    slot_of,
)
from passerelle.templates.schemas import FieldContent, Style
from passerelle.templates.service import CompiledTemplate, LocalText

_BARCODES: Final = {
    "qr": "PKBarcodeFormatQR",
    "pdf417": "PKBarcodeFormatPDF417",
    "aztec": "PKBarcodeFormatAztec",
    "code128": "PKBarcodeFormatCode128",
}
_DETECTORS: Final = {"phone": "PhoneNumber", "link": "Link", "address": "Address", "calendar": "CalendarEvent"}
_NUMBER_STYLES: Final[Mapping[Style, str]] = {"decimal": "PKNumberStyleDecimal", "percent": "PKNumberStylePercent"}
_DATED: Final[frozenset[Style]] = frozenset({"date", "time", "date_time"})


def field_of(each: FieldContent, area: str, compiled: CompiledTemplate) -> Piece:
    """The bytes of a field, or a function that gives them; no bytes for a field without a value."""
    link = each.link if area == "back" else None
    value = _value(each, link, compiled)
    rest: dict[str, Any] = {"key": each.key}
    if each.label:
        rest["label"] = each.label
    if each.change_message:
        rest["changeMessage"] = each.change_message
    if each.alignment and area not in {"primary", "back"}:
        rest["textAlignment"] = f"PKTextAlignment{each.alignment.capitalize()}"
    if each.detect is not None and area == "back":
        rest["dataDetectorTypes"] = [f"PKDataDetectorType{_DETECTORS[kind]}" for kind in each.detect]
    *head, last = merged(pieces_of(rest, compiled))
    assert isinstance(last, bytes)
    start = last.removesuffix(b"}") + b',"value":'
    pieces = (*head, start)
    if isinstance(value, bytes) and not head:
        return start + value + b"}" if value else b""

    def made(card: Card) -> bytes:
        shown = value if isinstance(value, bytes) else value(card)
        return b"".join((*called(pieces, card), shown, b"}")) if shown else b""

    return made


def _value(each: FieldContent, link: str | None, compiled: CompiledTemplate) -> Piece:
    """The value with the keys that depend on it (``currencyCode``, ``dateStyle``…); empty when there is none."""
    text = compiled.text(each.value)
    if each.format == "text":
        return _linked(text, link) if link else slot_of(text, empty=b"")
    styled = _dated if each.format in _DATED else _numbered
    if text.single is None:
        return styled(each, _literal(each, text.source)) or slot_of(text, empty=b"")
    name, as_text = text.single, slot_of(text, empty=b"")

    def value_of(card: Card) -> bytes:
        return styled(each, card.facts.get(name)) or called((as_text,), card)[0]

    return value_of


def _literal(each: FieldContent, source: str) -> Any:
    """A value written in the template itself, as a number or an instant; None when it is neither."""
    try:
        return datetime.fromisoformat(source) if each.format in _DATED else Decimal(source)
    except (ValueError, ArithmeticError):
        return None


def _numbered(each: FieldContent, value: Any) -> bytes:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Money):
        return b""
    if each.format == "currency":
        money = value if isinstance(value, Money) else None
        if money is None and each.currency and isinstance(value, int):
            money = Money(value, each.currency)
        currency = money.currency if money else each.currency
        if currency is None:
            return b""
        amount = money.decimal() if money else value
        return _number(amount) + b',"currencyCode":' + json_of(currency)
    number = value.decimal() if isinstance(value, Money) else value
    return _number(number) + b',"numberStyle":' + json_of(_NUMBER_STYLES[each.format])


def _number(value: Any) -> bytes:
    if isinstance(value, Decimal):
        return orjson.dumps(int(value) if value == value.to_integral_value() else float(value))
    return str(value).encode()


def _dated(each: FieldContent, value: Any) -> bytes:
    """An instant in UTC, or a day that is the same everywhere; out of range counts as none."""
    if isinstance(value, datetime):
        try:
            instant = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
        except OverflowError:
            return b""
    elif isinstance(value, date):
        instant = datetime.combine(value, time(), UTC)
    else:
        return b""
    style = f"PKDateStyle{each.length.capitalize()}"
    keys: dict[str, Any] = {}
    keys["dateStyle"] = "PKDateStyleNone" if each.format == "time" else style
    keys["timeStyle"] = "PKDateStyleNone" if each.format == "date" else "PKDateStyleShort"  # longer ones show seconds
    if not isinstance(value, datetime):
        keys["ignoresTimeZone"] = True
    if each.relative:
        keys["isRelative"] = True
    shown = instant.isoformat(timespec="seconds").replace("+00:00", "Z")
    return json_of(shown) + b"," + orjson.dumps(keys)[1:-1]


def _linked(text: LocalText, link: str) -> Piece:
    if text.is_static:
        return (
            json_of(text.source) + b',"attributedValue":' + json_of(anchor_of(link, text.source))
            if text.source
            else b""
        )

    def linked(card: Card) -> bytes:
        shown = text.default(card.facts)
        if not shown:
            return b""
        if text.varies:
            for language, other in text.others(card.facts, shown):
                card.note(language, shown, other)
                card.note(language, anchor_of(link, shown), anchor_of(link, other))
        return json_of(shown) + b',"attributedValue":' + json_of(anchor_of(link, shown))

    return linked


def anchor_of(link: str, text: str) -> str:
    """A text as a link, the only markup that Wallet takes."""
    return f'<a href="{escape(link)}">{escape(text, quote=False)}</a>'


def barcodes_of(compiled: CompiledTemplate) -> Callable[[Card], bytes]:
    """The one barcode as a list; empty for a card without a message."""
    barcode = compiled.content.barcode
    assert barcode is not None
    message, alt_text = compiled.text(barcode.message), compiled.text(barcode.alt_text)
    start = b'[{"format":' + json_of(_BARCODES[barcode.format]) + b',"message":'

    def made(card: Card) -> bytes:
        shown = message.default(card.facts)
        if not shown:
            return b"[]"
        if PROOF in card.facts:
            shown = proven(shown, str(card.facts["pass.code"]), str(card.facts[PROOF]))
        encoding = b"iso-8859-1" if shown.isascii() else b"utf-8"
        alternative = alt_text.default(card.facts)
        end = b',"altText":' + json_of(alternative) + b"}]" if alternative else b"}]"
        return start + json_of(shown) + b',"messageEncoding":"' + encoding + b'"' + end

    return made

"""pass.json of one card from a compiled template: what cards share is serialized once, the rest joined in.

A template becomes a list of pieces: bytes, and functions of one card that give bytes. Rendering calls those and
joins. Wallet translates every text that is a key of the device's ``pass.strings``; so pass.json carries the texts
in the template's own language, and translations of texts without placeholders stand in the archive. Only when a
text of this very card has translations of its own (“2 stamps left”) does the card bring a ``pass.strings`` with
them. Few such texts exist per template, so these files are remembered.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from html import escape
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import orjson

from passerelle.kit.money import Money
from passerelle.passes.wallets.apple.package import StaticArchive, StaticFile, pass_strings
from passerelle.passes.wallets.apple.schema import wallet_date
from passerelle.templates.schemas import FieldContent, Kind, Style, TemplateContent
from passerelle.templates.service import CompiledTemplate, Facts, LocalText, earlier, overlaid

_STYLES: Final[Mapping[Kind, str]] = {
    "stamps": "storeCard",
    "points": "storeCard",
    "membership": "storeCard",
    "gift_card": "storeCard",
    "coupon": "coupon",
    "event_ticket": "eventTicket",
    "generic": "generic",
}
_BARCODES: Final = {
    "qr": "PKBarcodeFormatQR",
    "pdf417": "PKBarcodeFormatPDF417",
    "aztec": "PKBarcodeFormatAztec",
    "code128": "PKBarcodeFormatCode128",
}
_DETECTORS: Final = {"phone": "PhoneNumber", "link": "Link", "address": "Address", "calendar": "CalendarEvent"}
_NUMBER_STYLES: Final[Mapping[Style, str]] = {"decimal": "PKNumberStyleDecimal", "percent": "PKNumberStylePercent"}
_DATED: Final[frozenset[Style]] = frozenset({"date", "time", "date_time"})
_STRINGS_KEPT: Final = 64


class Card:
    """One card on its way: its facts, and the translations that only this card needs, by language."""

    __slots__ = ("facts", "lines", "strings")

    def __init__(self, facts: Facts, strings: Mapping[str, Mapping[str, str]]) -> None:
        self.facts = facts
        self.strings = strings
        self.lines: dict[str, dict[str, str]] = {}

    def note(self, language: str, source: str, translated: str) -> None:
        """Remember a translation, unless the archive has it already."""
        if self.strings[language].get(source) != translated:
            self.lines.setdefault(language, {})[source] = translated


Piece = bytes | Callable[[Card], bytes]


class RenderedPass(NamedTuple):
    """What ``archive.pack(pass_json, signer, extra_files)`` takes."""

    pass_json: bytes
    extra_files: tuple[StaticFile, ...]
    archive: StaticArchive


@dataclass(slots=True)
class _Prepared:
    """What all cards of a template version share."""

    archive: StaticArchive
    pieces: tuple[Piece, ...]
    strings: dict[str, dict[str, str]]
    strips: dict[int, tuple[StaticFile, ...]] = field(default_factory=dict)
    kept_strings: OrderedDict[tuple[Any, ...], StaticFile] = field(default_factory=OrderedDict)


_prepared: Final[WeakKeyDictionary[CompiledTemplate, _Prepared]] = WeakKeyDictionary()


def render(
    compiled: CompiledTemplate,
    facts: Facts,
    *,
    serial_number: str,
    pass_type_identifier: str,
    team_identifier: str,
    authentication_token: str | None = None,
    web_service_url: str | None = None,
    voided: bool = False,
    expiration: datetime | None = None,
) -> RenderedPass:
    """One card, ready to be packed and signed. Never fails for a template that was saved.

    ``authentication_token`` and ``web_service_url`` come together or not at all; the card ends at the earlier of
    ``expiration`` and the template's own end.
    """
    prepared = _prepared.get(compiled)
    if prepared is None:
        prepared = _prepared[compiled] = _prepare(compiled)
    card = Card(facts, prepared.strings)
    parts: list[bytes] = [
        b'{"serialNumber":',
        _json(serial_number),
        b',"passTypeIdentifier":',
        _json(pass_type_identifier),
        b',"teamIdentifier":',
        _json(team_identifier),
    ]
    if web_service_url is not None and authentication_token is not None:
        parts += (b',"webServiceURL":', _json(web_service_url))
        parts += (b',"authenticationToken":', _json(authentication_token))
    ends_at = earlier(expiration, compiled.content.expires_at)
    if ends_at is not None:
        parts += (b',"expirationDate":', _json(wallet_date(ends_at)))
    if voided:
        parts.append(b',"voided":true')
    parts.append(b",")
    parts += [piece if type(piece) is bytes else piece(card) for piece in prepared.pieces]  # type: ignore[operator]  # bytes or callable
    return RenderedPass(b"".join(parts), _extra_files(compiled, prepared, card), prepared.archive)


def _prepare(compiled: CompiledTemplate) -> _Prepared:
    anchors: dict[str, LocalText] = {}
    tree = overlaid(_document(compiled, anchors), compiled.content.apple)
    strings = {language: compiled.static_translations(language) for language in compiled.languages}
    for language, known in strings.items():
        for url, text in anchors.items():
            if text.source in known:
                known[_anchor(url, text.source)] = _anchor(url, known[text.source])
        strings[language] = {source: shown for source, shown in known.items() if source}
    files = [StaticFile(name, data) for name, data in compiled.files.items() if not name.startswith("strip-")]
    if len(compiled.languages) > 1:
        files += [StaticFile(_strings_name(language), pass_strings(known)) for language, known in strings.items()]
    pieces = tuple(_merged(_pieces(tree, compiled)))
    first, *others = pieces
    assert isinstance(first, bytes)
    return _Prepared(StaticArchive(files), (first.removeprefix(b"{"), *others), strings)


def _document(compiled: CompiledTemplate, anchors: dict[str, LocalText]) -> dict[str, Any]:
    """The card as a tree whose leaves are values, texts with placeholders, or functions of one card."""
    content = compiled.content
    colours = content.colours
    tree: dict[str, Any] = {
        "formatVersion": 1,
        "organizationName": content.organization_name,
        "description": content.description,
        "backgroundColor": _rgb(colours.background),
        "foregroundColor": _rgb(colours.foreground),
        "labelColor": _rgb(colours.label),
        _STYLES[content.kind]: {
            f"{area}Fields": _group([_field(each, area, compiled, anchors) for each in fields])
            for area, fields in _areas(content)
        },
    }
    if colours.strip:
        tree["stripColor"] = _rgb(colours.strip)
    if content.logo_text:
        tree["logoText"] = content.logo_text
    if content.barcode is not None:
        tree["barcodes"] = _barcodes(compiled)
    if content.locations:
        tree["locations"] = [
            {"latitude": place.latitude, "longitude": place.longitude}
            | ({"relevantText": place.relevant_text} if place.relevant_text else {})
            for place in content.locations
        ]
    if content.max_distance_m is not None:
        tree["maxDistance"] = content.max_distance_m
    if content.sharing_prohibited:
        tree["sharingProhibited"] = True
    return tree


def _areas(content: TemplateContent) -> Iterator[tuple[str, list[FieldContent]]]:
    fields = content.fields
    yield from (
        ("header", fields.header),
        ("primary", fields.primary),
        ("secondary", fields.secondary),
        ("auxiliary", fields.auxiliary),
    )
    taken = {each.key for _, _, each in content.placed_fields()}
    links = [
        FieldContent(key=key, label=link.label, value=link.label, link=link.url)
        for number, link in enumerate(content.links)
        if (key := f"link_{number}") not in taken
    ]
    yield "back", [*fields.back, *links]


def _field(each: FieldContent, area: str, compiled: CompiledTemplate, anchors: dict[str, LocalText]) -> Piece:
    """The bytes of a field, or a function that gives them; no bytes for a field without a value."""
    link = each.link if area == "back" else None
    if link:
        anchors[link] = compiled.text(each.value)
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
    *head, last = _merged(_pieces(rest, compiled))
    assert isinstance(last, bytes)
    start = last.removesuffix(b"}") + b',"value":'
    pieces = (*head, start)
    if isinstance(value, bytes) and not head:
        return start + value + b"}" if value else b""

    def field_of(card: Card) -> bytes:
        shown = value if isinstance(value, bytes) else value(card)
        return b"".join((*_called(pieces, card), shown, b"}")) if shown else b""

    return field_of


def _value(each: FieldContent, link: str | None, compiled: CompiledTemplate) -> Piece:
    """The value with the keys that depend on it (``currencyCode``, ``dateStyle``…); empty when there is none."""
    text = compiled.text(each.value)
    if each.format == "text":
        return _linked(text, link) if link else _slot(text, empty=b"")
    styled = _dated if each.format in _DATED else _numbered
    if text.single is None:
        return styled(each, _literal(each, text.source)) or _slot(text, empty=b"")
    name, as_text = text.single, _slot(text, empty=b"")

    def value_of(card: Card) -> bytes:
        return styled(each, card.facts.get(name)) or _called((as_text,), card)[0]

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
        return _number(amount) + b',"currencyCode":' + _json(currency)
    number = value.decimal() if isinstance(value, Money) else value
    return _number(number) + b',"numberStyle":' + _json(_NUMBER_STYLES[each.format])


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
    keys["timeStyle"] = "PKDateStyleNone" if each.format == "date" else style
    if not isinstance(value, datetime):
        keys["ignoresTimeZone"] = True
    if each.relative:
        keys["isRelative"] = True
    shown = instant.isoformat(timespec="seconds").replace("+00:00", "Z")
    return _json(shown) + b"," + orjson.dumps(keys)[1:-1]


def _linked(text: LocalText, link: str) -> Piece:
    if text.is_static:
        return _json(text.source) + b',"attributedValue":' + _json(_anchor(link, text.source)) if text.source else b""

    def linked(card: Card) -> bytes:
        shown = text.default(card.facts)
        if not shown:
            return b""
        if text.varies:
            for language, other in text.others(card.facts, shown):
                card.note(language, shown, other)
                card.note(language, _anchor(link, shown), _anchor(link, other))
        return _json(shown) + b',"attributedValue":' + _json(_anchor(link, shown))

    return linked


def _anchor(link: str, text: str) -> str:
    return f'<a href="{escape(link)}">{escape(text, quote=False)}</a>'


def _barcodes(compiled: CompiledTemplate) -> Callable[[Card], bytes]:
    barcode = compiled.content.barcode
    assert barcode is not None
    message, alt_text = compiled.text(barcode.message), compiled.text(barcode.alt_text)
    start = b'[{"format":' + _json(_BARCODES[barcode.format]) + b',"message":'

    def barcodes(card: Card) -> bytes:
        shown = message.default(card.facts)
        if not shown:
            return b"[]"
        encoding = b"iso-8859-1" if shown.isascii() else b"utf-8"
        alternative = alt_text.default(card.facts)
        end = b',"altText":' + _json(alternative) + b"}]" if alternative else b"}]"
        return start + _json(shown) + b',"messageEncoding":"' + encoding + b'"' + end

    return barcodes


def _group(fields: Iterable[Piece]) -> Piece:
    members = tuple(fields)
    if all(isinstance(each, bytes) for each in members):
        return b"[" + b",".join(each for each in members if isinstance(each, bytes) and each) + b"]"

    def group(card: Card) -> bytes:
        return b"[" + b",".join([each for each in _called(members, card) if each]) + b"]"

    return group


def _pieces(node: Any, compiled: CompiledTemplate) -> Iterator[Piece]:
    if isinstance(node, dict):
        for position, (key, value) in enumerate(node.items()):
            yield (b"," if position else b"{") + _json(key) + b":"
            yield from _pieces(value, compiled)
        yield b"}" if node else b"{}"
    elif isinstance(node, list):
        for position, value in enumerate(node):
            yield b"," if position else b"["
            yield from _pieces(value, compiled)
        yield b"]" if node else b"[]"
    elif isinstance(node, str):
        yield _slot(compiled.text(node), empty=b'""')
    elif isinstance(node, bytes) or callable(node):
        yield node
    else:
        yield orjson.dumps(node)


def _slot(text: LocalText, *, empty: bytes) -> Piece:
    """A text's JSON string; notes the translations that this card alone needs."""
    if text.is_static:
        return _json(text.source) if text.source else empty

    def slot(card: Card) -> bytes:
        shown = text.default(card.facts)
        if not shown:
            return empty
        if text.varies:
            for language, other in text.others(card.facts, shown):
                card.note(language, shown, other)
        return _json(shown)

    return slot


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    waiting = b""
    for piece in pieces:
        if isinstance(piece, bytes):
            waiting += piece
            continue
        if waiting:
            yield waiting
        waiting = b""
        yield piece
    if waiting:
        yield waiting


def _called(pieces: Iterable[Piece], card: Card) -> list[bytes]:
    return [piece if isinstance(piece, bytes) else piece(card) for piece in pieces]


def _extra_files(compiled: CompiledTemplate, prepared: _Prepared, card: Card) -> tuple[StaticFile, ...]:
    strips: tuple[StaticFile, ...] = ()
    stamps = compiled.content.stamps
    if stamps is not None:
        count = card.facts.get("stamps.count")
        shown = min(max(count, 0), stamps.goal) if isinstance(count, int) else 0
        found = prepared.strips.get(shown)
        strips = found if found is not None else _strips(compiled, prepared, shown)
    if not card.lines:
        return strips
    return (*strips, *(_strings_file(prepared, language, lines) for language, lines in card.lines.items()))


def _strips(compiled: CompiledTemplate, prepared: _Prepared, count: int) -> tuple[StaticFile, ...]:
    prepared.strips[count] = tuple(
        StaticFile(f"strip{scale}.png", compiled.files[name])
        for scale in ("", "@2x", "@3x")
        if (name := f"strip-{count}{scale}.png") in compiled.files
    )
    return prepared.strips[count]


def _strings_file(prepared: _Prepared, language: str, lines: dict[str, str]) -> StaticFile:
    """The language's ``pass.strings`` with the lines of this card added; a static translation keeps its place."""
    key = (language, *lines.items())
    kept = prepared.kept_strings.get(key)
    if kept is None:
        kept = StaticFile(_strings_name(language), pass_strings(prepared.strings[language] | lines))
        prepared.kept_strings[key] = kept
        if len(prepared.kept_strings) > _STRINGS_KEPT:
            prepared.kept_strings.popitem(last=False)
    return kept


def _strings_name(language: str) -> str:
    return f"{language}.lproj/pass.strings"


def _rgb(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour[1:])
    return f"rgb({red}, {green}, {blue})"


def _json(text: str) -> bytes:
    try:
        return orjson.dumps(text)
    except TypeError:  # half of a surrogate pair, which is no character
        return orjson.dumps(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))

"""pass.json of one card from a compiled template: what cards share is serialized once, the rest joined in.

A template becomes a list of pieces: bytes, and functions of one card that give bytes. Rendering calls those and
joins. Wallet translates every text that is a key of the device's ``pass.strings``; so pass.json carries the texts
in the template's own language, and translations of texts without placeholders stand in the archive. Only when a
text of this very card has translations of its own (“2 stamps left”) does the card bring a ``pass.strings`` with
them. Few such texts exist per template, so these files are remembered.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from passerelle.passes.wallets.apple.package import StaticArchive, StaticFile, pass_strings
from passerelle.passes.wallets.apple.render_fields import anchor_of, barcodes_of, field_of
from passerelle.passes.wallets.apple.render_occasion import keys_of
from passerelle.passes.wallets.apple.render_pieces import Card, Piece, group_of, json_of, merged, pieces_of, whole
from passerelle.passes.wallets.apple.schema import Personalization, wallet_date
from passerelle.passes.wallets.apple.schema.personalization import PersonalizationField
from passerelle.passes.wallets.occasion import Occasion
from passerelle.templates.schemas import FieldContent, Kind, TemplateContent
from passerelle.templates.service import CompiledTemplate, Facts, earlier, overlaid

_STYLES: Final[Mapping[Kind, str]] = {
    "stamps": "storeCard",
    "points": "storeCard",
    "membership": "storeCard",
    "gift_card": "storeCard",
    "coupon": "coupon",
    "event_ticket": "eventTicket",
    "generic": "generic",
}
_QUESTIONS: Final[Mapping[str, PersonalizationField]] = {
    "name": "PKPassPersonalizationFieldName",
    "phone": "PKPassPersonalizationFieldPhoneNumber",
    "email": "PKPassPersonalizationFieldEmailAddress",
    "postal_code": "PKPassPersonalizationFieldPostalCode",
}
_STRINGS_KEPT: Final = 64


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
    sign_up: tuple[StaticFile, ...]
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
    signs_up: bool = False,
    occasion: Occasion | None = None,
) -> RenderedPass:
    """One card, ready to be packed and signed. Never fails for a template that was saved.

    With ``signs_up`` it asks its holder who they are, if the template says what to ask. ``occasion`` is the event of
    a ticket.

    ``authentication_token`` and ``web_service_url`` come together or not at all; the card ends at the earlier of
    ``expiration`` and the template's own end.
    """
    prepared = _prepared.get(compiled)
    if prepared is None:
        prepared = _prepared[compiled] = _prepare(compiled)
    card = Card(facts, prepared.strings)
    parts: list[bytes] = [
        b'{"serialNumber":',
        json_of(serial_number),
        b',"passTypeIdentifier":',
        json_of(pass_type_identifier),
        b',"teamIdentifier":',
        json_of(team_identifier),
    ]
    if web_service_url is not None and authentication_token is not None:
        parts += (b',"webServiceURL":', json_of(web_service_url))
        parts += (b',"authenticationToken":', json_of(authentication_token))
    ends_at = earlier(expiration, compiled.content.expires_at)
    if ends_at is not None:
        parts += (b',"expirationDate":', json_of(wallet_date(ends_at)))
    if voided:
        parts.append(b',"voided":true')
    if occasion is not None:
        for name, value in keys_of(occasion, compiled.content, facts).items():
            parts += (b",", json_of(name), b":", json_of(value))
    parts.append(b",")
    parts += [piece if type(piece) is bytes else piece(card) for piece in prepared.pieces]  # type: ignore[operator]  # bytes or callable
    extra_files = _extra_files(compiled, prepared, card) + (prepared.sign_up if signs_up else ())
    return RenderedPass(b"".join(parts), extra_files, prepared.archive)


def _prepare(compiled: CompiledTemplate) -> _Prepared:
    tree = overlaid(_document(compiled), compiled.content.apple)
    strings = {language: _static_strings(compiled, language) for language in compiled.languages}
    files = [StaticFile(name, data) for name, data in compiled.files.items() if not name.startswith("strip-")]
    if len(compiled.languages) > 1:
        files += [StaticFile(_strings_name(language), pass_strings(known)) for language, known in strings.items()]
    pieces = tuple(merged(pieces_of(tree, compiled)))
    first, *others = pieces
    assert isinstance(first, bytes)
    return _Prepared(StaticArchive(files), (first.removeprefix(b"{"), *others), strings, _sign_up(compiled))


def _sign_up(compiled: CompiledTemplate) -> tuple[StaticFile, ...]:
    """What makes Wallet ask who the holder is: the questions, and the logo above them."""
    asked = compiled.content.sign_up
    if asked is None:
        return ()
    questions = Personalization(
        description=asked.description,
        required_personalization_fields=[_QUESTIONS["name"], *(_QUESTIONS[each] for each in asked.besides)],
        terms_and_conditions=asked.terms,
    )
    logos = {f"logo{scale}.png": f"personalizationLogo{scale}.png" for scale in ("", "@2x", "@3x")}
    return (
        StaticFile("personalization.json", questions.compact_json()),
        *(StaticFile(logos[name], data) for name, data in compiled.files.items() if name in logos),
    )


def _static_strings(compiled: CompiledTemplate, language: str) -> dict[str, str]:
    """Translations of texts without placeholders; of a link, its whole markup is what Wallet looks up."""
    known = compiled.static_translations(language)
    linked = {
        anchor_of(each.link, each.value): anchor_of(each.link, known[each.value])
        for area, fields in _areas(compiled.content)
        for each in fields
        if area == "back" and each.link and each.value in known
    }
    return known | linked


def _document(compiled: CompiledTemplate) -> dict[str, Any]:
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
            f"{area}Fields": group_of([field_of(each, area, compiled) for each in fields])
            for area, fields in _areas(content)
        },
    }
    if colours.strip:
        tree["stripColor"] = _rgb(colours.strip)
    if content.logo_text:
        tree["logoText"] = content.logo_text
    if content.barcode is not None:
        tree["barcodes"] = barcodes_of(compiled)
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
    """The language's ``pass.strings`` with the lines of this card added.

    Where a text of this card is also one that all cards share, the shared translation stays.
    """
    key = (language, *lines.items())
    kept = prepared.kept_strings.get(key)
    if kept is None:
        own = {whole(source): whole(translated) for source, translated in lines.items()}
        kept = StaticFile(_strings_name(language), pass_strings(own | prepared.strings[language]))
        prepared.kept_strings[key] = kept
        if len(prepared.kept_strings) > _STRINGS_KEPT:
            prepared.kept_strings.popitem(last=False)
    return kept


def _strings_name(language: str) -> str:
    return f"{language}.lproj/pass.strings"


def _rgb(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour[1:])
    return f"rgb({red}, {green}, {blue})"

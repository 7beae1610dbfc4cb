"""The rules of fields: unique keys, what goes where, and what Wallet would hide."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from passerelle.passes.wallets.apple.findings import Finding, Rule
from passerelle.passes.wallets.apple.schema import parse_wallet_date
from passerelle.passes.wallets.apple.verify.document import STYLES, style_content, style_of
from passerelle.passes.wallets.apple.verify.reading import mapping, objects, text

_GROUPS: Final = (
    "headerFields",
    "primaryFields",
    "secondaryFields",
    "auxiliaryFields",
    "backFields",
    "additionalInfoFields",
    "footerFields",
)
_NUMBER_LIMIT: Final = 2_000
# Displayed fields; from knowledge bases of pass issuers, not from Apple: more are hidden, not refused.
_LIMITS: Final = {"headerFields": 3, "primaryFields": 1, "secondaryFields": 4, "auxiliaryFields": 4}
_STYLE_LIMITS: Final = {
    "boardingPass": {"primaryFields": 2, "secondaryFields": 5, "auxiliaryFields": 5},
    "posterGeneric": {"headerFields": 1, "primaryFields": 4, "footerFields": 2},
}
_ANCHOR: Final = re.compile(r"</?a\b[^<>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_NO_DETECTORS: Final = frozenset({"headerFields", "primaryFields", "secondaryFields", "auxiliaryFields"})

KEY_TWICE: Final = Rule(
    "error",
    "field_key_twice",
    "The field key {key} is used twice in the pass. Give each field a key of its own.",
    "La clé de champ {key} est utilisée deux fois dans la carte. Donnez à chaque champ sa propre clé.",
    "مفتاح الحقل {key} مستخدم مرتين في البطاقة. أعطِ كل حقل مفتاحًا خاصًا به.",
)
TOO_MANY: Final = Rule(
    "warning",
    "too_many_fields",
    "{group} has {count} fields; {style} shows {limit}, Wallet hides the others.",
    "{group} a {count} champs ; {style} en montre {limit}, Wallet masque les autres.",
    "يحتوي {group} على {count} حقول؛ يعرض {style} منها {limit} ويخفي Wallet الباقي.",
)
TRANSIT_ELSEWHERE: Final = Rule(
    "warning",
    "transit_type_not_used",
    "transitType belongs to boardingPass only. Remove it.",
    "transitType n'appartient qu'à boardingPass. Retirez-le.",
    "يخص transitType النمط boardingPass وحده. أزله.",
)
CHANGE_MESSAGE: Final = Rule(
    "warning",
    "change_message_without_value",
    "The changeMessage of {key} has no %@, so the notification does not show the new value. Add %@.",
    "Le changeMessage de {key} n'a pas de %@ : la notification n'affiche pas la nouvelle valeur. Ajoutez %@.",
    "لا يحتوي changeMessage في {key} على %@ فلا يعرض الإشعار القيمة الجديدة. أضف %@.",
)
ALIGNMENT: Final = Rule(
    "warning",
    "alignment_not_used",
    "textAlignment has no effect on {key}: primary and back fields are aligned by Wallet. Remove it.",
    "textAlignment est sans effet sur {key} : Wallet aligne lui-même les champs primary et back. Retirez-le.",
    "لا أثر لـ textAlignment على {key}: يحاذي Wallet حقول primary وback بنفسه. أزله.",
)
DETECTORS: Final = Rule(
    "warning",
    "detectors_not_used",
    "dataDetectorTypes has no effect on {key}: links are found on the back only. Remove it.",
    "dataDetectorTypes est sans effet sur {key} : les liens ne sont détectés qu'au dos. Retirez-le.",
    "لا أثر لـ dataDetectorTypes على {key}: تُكتشف الروابط في الخلف فقط. أزله.",
)
MARKUP: Final = Rule(
    "warning",
    "markup_not_supported",
    "The attributedValue of {key} has markup other than links. Wallet supports <a href='…'> only.",
    "L'attributedValue de {key} contient un balisage autre que des liens. Wallet n'accepte que <a href='…'>.",
    "يحتوي attributedValue في {key} على وسوم غير الروابط. يدعم Wallet فقط <a href='…'>.",
)
NUMBER_AND_CURRENCY: Final = Rule(
    "warning",
    "currency_and_number_style",
    "{key} has both currencyCode and numberStyle. Keep one.",
    "{key} a à la fois currencyCode et numberStyle. Gardez-en un.",
    "للحقل {key} كل من currencyCode وnumberStyle. احتفظ بأحدهما.",
)
NOT_A_NUMBER: Final = Rule(
    "warning",
    "formatted_value_not_number",
    "{key} is formatted as a number, but its value is text. Write the value as a number, without quotes.",
    "{key} est formaté comme un nombre, mais sa valeur est un texte. Écrivez la valeur comme un nombre, sans"
    " guillemets.",
    "الحقل {key} منسّق كرقم لكن قيمته نص. اكتب القيمة رقمًا بلا علامات اقتباس.",
)
NOT_A_DATE: Final = Rule(
    "error",
    "formatted_value_not_date",
    "{key} is formatted as a date, but its value is no date with a time zone. Write it like 2026-11-22T10:00:00Z.",
    "{key} est formaté comme une date, mais sa valeur n'est pas une date avec fuseau horaire. Écrivez-la comme"
    " 2026-11-22T10:00:00Z.",
    "الحقل {key} منسّق كتاريخ لكن قيمته ليست تاريخًا بمنطقة زمنية. اكتبها مثل 2026-11-22T10:00:00Z.",
)
ROW: Final = Rule(
    "warning",
    "row_not_used",
    "row has an effect only on auxiliary fields of eventTicket, not on {key}. Remove it.",
    "row n'agit que sur les champs auxiliary d'eventTicket, pas sur {key}. Retirez-le.",
    "لا يؤثر row إلا في حقول auxiliary من eventTicket وليس في {key}. أزله.",
)


@dataclass(frozen=True, slots=True)
class PlacedField:
    """A field with its group and its path."""

    group: str
    path: str
    content: dict[str, Any]


def fields_of(document: dict[str, Any]) -> Iterator[PlacedField]:
    """Every field of every style key, in order."""
    for style in STYLES:
        for group in _GROUPS:
            for position, content in objects(mapping(document, style), group):
                yield PlacedField(group, f"{style}/{group}/{position}", content)


def check_fields(document: dict[str, Any]) -> Iterator[Finding]:
    """All rules of fields; at most so many fields as a reader would still look at."""
    style = style_of(document)
    groups = style_content(document)
    if "transitType" in groups and style != "boardingPass":
        yield TRANSIT_ELSEWHERE.at(f"pass.json/{style}/transitType")
    for group, limit in (_LIMITS | _STYLE_LIMITS.get(style or "", {})).items():
        content = groups.get(group)
        if isinstance(content, list) and len(content) > limit:
            path = f"pass.json/{style}/{group}"
            yield TOO_MANY.at(path, group=group, count=len(content), style=style, limit=limit)
    seen: set[str] = set()
    for number, placed in enumerate(fields_of(document)):
        if number == _NUMBER_LIMIT:
            return
        key = text(placed.content, "key")
        if key is not None and key in seen:
            yield KEY_TWICE.at(f"pass.json/{placed.path}", key=key)
        seen.add(key or "")
        yield from _check_placement(placed, style)
        yield from _check_value(placed)


def _check_placement(placed: PlacedField, style: str | None) -> Iterator[Finding]:
    content, path = placed.content, f"pass.json/{placed.path}"
    name = text(content, "key") or placed.path
    if "textAlignment" in content and placed.group in {"primaryFields", "backFields"}:
        yield ALIGNMENT.at(path, key=name)
    if content.get("dataDetectorTypes") and placed.group in _NO_DETECTORS:
        yield DETECTORS.at(path, key=name)
    if "row" in content and (style, placed.group) != ("eventTicket", "auxiliaryFields"):
        yield ROW.at(path, key=name)
    message = text(content, "changeMessage")
    if message is not None and "%@" not in message:
        yield CHANGE_MESSAGE.at(path, key=name)
    attributed = text(content, "attributedValue")
    if attributed is not None and _TAG.search(_ANCHOR.sub("", attributed)):
        yield MARKUP.at(path, key=name)


def _check_value(placed: PlacedField) -> Iterator[Finding]:
    content, path = placed.content, f"pass.json/{placed.path}"
    name = text(content, "key") or placed.path
    value = content.get("value")
    if "currencyCode" in content and "numberStyle" in content:
        yield NUMBER_AND_CURRENCY.at(path, key=name)
    if ("currencyCode" in content or "numberStyle" in content) and isinstance(value, str):
        yield NOT_A_NUMBER.at(path, key=name)
    is_date = "dateStyle" in content or "timeStyle" in content
    if is_date and value is not None and (not isinstance(value, str) or parse_wallet_date(value) is None):
        yield NOT_A_DATE.at(path, key=name)

"""Rules of texts: placeholders that exist, Liquid that ends, translations that fit, lengths that wallets show."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from passerelle.templates.content import FieldContent, Kind, TemplateContent
from passerelle.templates.facts import PLACEHOLDERS, SAMPLES, Facts, FactValue, kind_of
from passerelle.templates.findings import Finding, Rule
from passerelle.templates.kinds import has, own_placeholders
from passerelle.templates.liquid import Text, TextFault, TextTooCostly, UnknownPlaceholder, is_dynamic

_DATED: Final = frozenset({"date", "time", "date_time"})
_LARGE: Final[Mapping[str, FactValue]] = {"text": "م" * 60, "number": 999_999, "boolean": True}
LARGE_FACTS: Final[Facts] = {name: _LARGE.get(known.kind, known.sample) for name, known in PLACEHOLDERS.items()}
NO_FACTS: Final[Facts] = {}
# What a wallet knows of all cards at once.
_SHARED: Final = frozenset({"organization_name", "title", "description"})
# Characters that Google Wallet shows of a text (discovery document, “recommended maximum length”).
_GOOGLE_LABEL: Final = 35
_GOOGLE_BODY: Final = 500
_GOOGLE_LINK: Final = 20
_GOOGLE_NAME: Final = 20
_GOOGLE_POINTS_LABEL: Final = 9
_GOOGLE_POINTS: Final = 7

UNKNOWN: Final = Rule(
    "error",
    "unknown_placeholder",
    "No card has “{name}”. Did you mean “{nearest}”?",
    "Aucune carte n'a « {name} ». Vouliez-vous dire « {nearest} » ?",
    "لا توجد بطاقة فيها {name}. هل تقصد {nearest}؟",
)
UNKNOWN_UNIT: Final = Rule(
    "error",
    "unknown_unit",
    "The program has no unit for “{name}”. Its units: {units}.",
    "Le programme n'a pas d'unité pour « {name} ». Ses unités : {units}.",
    "لا توجد في البرنامج وحدة لـ {name}. وحداته: {units}.",
)
UNREADABLE: Final = Rule(
    "error",
    "text_unreadable",
    "This text is not well written: {reason}. Check the braces and the spelling.",
    "Ce texte est mal formé : {reason}. Vérifiez les accolades et l'orthographe.",
    "هذا النص غير سليم الصياغة: {reason}. تحقّق من الأقواس والإملاء.",
)
COSTLY: Final = Rule(
    "error",
    "text_too_costly",
    "This text loops, nests or grows too much: {reason}. Make it simpler.",
    "Ce texte boucle, s'imbrique ou grossit trop : {reason}. Simplifiez-le.",
    "هذا النص يكرر أو يتداخل أو يتضخم كثيرًا: {reason}. بسّطه.",
)
FAILS_FOR_LARGE: Final = Rule(
    "warning",
    "text_fails_for_large_values",
    "With large values this text fails, and the card shows nothing in its place: {reason}.",
    "Avec de grandes valeurs, ce texte échoue et la carte n'affiche rien à sa place : {reason}.",
    "يفشل هذا النص مع القيم الكبيرة ولا تعرض البطاقة شيئًا مكانه: {reason}.",
)
FORMAT: Final = Rule(
    "error",
    "format_does_not_fit",
    "The format {format} needs a value that is one {wanted} placeholder, or a literal. Use the format text.",
    "Le format {format} exige une valeur réduite à un seul paramètre ({wanted}) ou littérale. Utilisez text.",
    "يتطلب التنسيق {format} قيمة من عنصر واحد ({wanted}) أو قيمة ثابتة. استخدم text.",
)
NOT_OF_KIND: Final = Rule(
    "warning",
    "placeholder_not_of_kind",
    "Cards of this kind have no “{name}”, so it stays empty. They have: {known}.",
    "Les cartes de ce type n'ont pas « {name} », qui reste donc vide. Elles ont : {known}.",
    "بطاقات هذا النوع ليس فيها {name} فيبقى فارغًا. وفيها: {known}.",
)
CHANGE_MESSAGE: Final = Rule(
    "warning",
    "change_message_without_value",
    "The change message has no %@, so the notification does not tell the new value. Add %@.",
    "Le message de changement n'a pas de %@ : la notification ne dit pas la nouvelle valeur. Ajoutez %@.",
    "لا تحتوي رسالة التغيير على %@ فلا يذكر الإشعار القيمة الجديدة. أضف %@.",
)
TRANSLATION_LOST: Final = Rule(
    "warning",
    "translation_not_used",
    "No text of the template is “{text}”, so this translation is never shown. Copy the text exactly.",
    "Aucun texte du modèle n'est « {text} » : cette traduction n'apparaît jamais. Copiez le texte exactement.",
    "لا يوجد في القالب النص {text} فلا تظهر هذه الترجمة أبدًا. انسخ النص كما هو.",
)
STATIC: Final = Rule(
    "error",
    "placeholder_not_allowed",
    "This text is the same on all cards and takes no placeholders. Write it out.",
    "Ce texte est le même sur toutes les cartes et n'accepte pas de paramètre. Écrivez-le en toutes lettres.",
    "هذا النص واحد في كل البطاقات ولا يقبل عناصر متغيرة. اكتبه كاملًا.",
)
LENGTH: Final = Rule(
    "warning",
    "text_too_long",
    "“{text}” has {length} characters; Google Wallet shows about {limit} here. Shorten it.",
    "« {text} » compte {length} caractères ; Google Wallet en montre environ {limit} ici. Raccourcissez-le.",
    "طول {text} هو {length} حرفًا ويعرض Google Wallet نحو {limit} هنا. اختصره.",
)


def check_texts(content: TemplateContent, units: frozenset[str] | None) -> Iterator[Finding]:
    """Every text of the content and every translation of one; ``units`` are those of the program, when known."""
    placed = dict(placed_texts(content))
    for path, source in placed.items():
        yield from _check_text(path, source, units)
        yield from _check_kind(path, source, content.kind)
        if is_dynamic(source) and (path in _SHARED or path.startswith("links.")):
            yield STATIC.at(path)
    own = set(placed.values())
    parts = [source for source in own if is_dynamic(source)]
    for language, known in content.translations.items():
        for source, translated in known.items():
            path = f"translations.{language}.{source[:40]}"
            yield from _check_text(path, translated, units)
            if language != content.language and source not in own and not _may_come_out(source, parts):
                yield TRANSLATION_LOST.at(path, text=source)
    for area, position, each in content.placed_fields():
        path = f"fields.{area}.{position}"
        yield from _check_format(path, each)
        if each.change_message and "%@" not in each.change_message:
            yield CHANGE_MESSAGE.at(f"{path}.change_message")
    yield from _check_lengths(content)


def _may_come_out(source: str, parts: list[str]) -> bool:
    """Whether a text can be the result of one with placeholders: a branch of it, or what a fact brings in."""
    return bool(parts) and not is_dynamic(source) and ("%@" not in source or any(source in part for part in parts))


def placed_texts(content: TemplateContent) -> Iterator[tuple[str, str]]:
    """Every text with its path."""
    for name in ("organization_name", "title", "description", "logo_text"):
        yield name, getattr(content, name)
    for area, position, each in content.placed_fields():
        path = f"fields.{area}.{position}"
        yield from ((f"{path}.label", each.label), (f"{path}.value", each.value))
        if each.change_message:
            yield f"{path}.change_message", each.change_message
    if content.barcode is not None:
        yield from (("barcode.message", content.barcode.message), ("barcode.alt_text", content.barcode.alt_text))
    for position, place in enumerate(content.locations):
        yield f"locations.{position}.relevant_text", place.relevant_text
    for position, link in enumerate(content.links):
        yield f"links.{position}.label", link.label
    yield from _strings("apple", content.apple)
    yield from _strings("google.object", content.google.object)


def _strings(path: str, node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _strings(f"{path}.{key}", value)
    elif isinstance(node, list):
        for position, value in enumerate(node):
            yield from _strings(f"{path}.{position}", value)


def _check_text(path: str, source: str, units: frozenset[str] | None) -> Iterator[Finding]:
    if not is_dynamic(source):
        return
    try:
        text = Text(source)
        text.attempt(SAMPLES, "en")
        text.attempt(NO_FACTS, "en")
    except UnknownPlaceholder as fault:
        yield UNKNOWN.at(path, name=fault.name, nearest=fault.nearest or "customer.first_name")
        return
    except TextTooCostly as fault:
        yield COSTLY.at(path, reason=fault)
        return
    except TextFault as fault:
        yield UNREADABLE.at(path, reason=fault)
        return
    for name in text.placeholders:
        head, _, unit = name.partition(".")
        if units is not None and head == "balance" and unit not in units:
            yield UNKNOWN_UNIT.at(path, name=name, units=", ".join(sorted(units)) or "-")
    try:
        text.attempt(LARGE_FACTS, "en")
    except TextFault as fault:
        yield FAILS_FOR_LARGE.at(path, reason=fault)


def _check_kind(path: str, source: str, kind: Kind) -> Iterator[Finding]:
    """What is known, but of other cards."""
    if not is_dynamic(source):
        return
    try:
        names = Text(source).placeholders
    except TextFault:
        return  # told already
    for name in sorted(names):
        if kind_of(name) is not None and not has(kind, name):
            yield NOT_OF_KIND.at(path, name=name, known=", ".join(own_placeholders(kind)))


def _check_format(path: str, each: FieldContent) -> Iterator[Finding]:
    if each.format == "text":
        return
    wanted = "date" if each.format in _DATED else "number"
    if not _fits(each, wanted):
        yield FORMAT.at(f"{path}.format", format=each.format, wanted=wanted)


def _fits(each: FieldContent, wanted: str) -> bool:
    if is_dynamic(each.value):
        try:
            single = Text(each.value).single
        except TextFault:
            return True  # told already
        return single is not None and kind_of(single) == wanted
    try:
        if wanted == "number":
            return Decimal(each.value).is_finite() and (each.format != "currency" or each.currency is not None)
        datetime.fromisoformat(each.value)
    except (ValueError, InvalidOperation):
        return False
    return True


def _check_lengths(content: TemplateContent) -> Iterator[Finding]:
    languages = {content.language: {}, **content.translations}
    for path, source, limit in _limited(content):
        for known in languages.values():
            shown = _sample(known.get(source, source))
            if len(shown) > limit:
                yield LENGTH.at(path, text=shown, length=len(shown), limit=limit)
                break


def _limited(content: TemplateContent) -> Iterator[tuple[str, str, int]]:
    yield "organization_name", content.organization_name, _GOOGLE_NAME
    yield "title", content.title, _GOOGLE_NAME
    balance = "header" if content.fields.header else "primary"
    for area, position, each in content.placed_fields():
        path = f"fields.{area}.{position}"
        is_balance = area == balance and position == 0 and content.kind in {"stamps", "points", "membership"}
        yield f"{path}.label", each.label, _GOOGLE_POINTS_LABEL if is_balance else _GOOGLE_LABEL
        yield f"{path}.value", each.value, _GOOGLE_POINTS if is_balance else _GOOGLE_BODY
    for position, link in enumerate(content.links):
        yield f"links.{position}.label", link.label, _GOOGLE_LINK


def _sample(source: str) -> str:
    try:
        return Text(source).attempt(SAMPLES, "en")
    except TextFault:
        return ""  # told already

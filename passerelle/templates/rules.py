"""What is wrong with a content. Pure: values in, findings out.

Errors keep a content from being saved: what would make a card that a wallet refuses, or that cannot be rendered.
Everything else is a warning, for wallets hide what they have no room for and refuse little.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import orjson

from passerelle.templates.content import LOYALTY, Kind, TemplateContent
from passerelle.templates.findings import Finding, Rule
from passerelle.templates.look_rules import ImageSize, check_look
from passerelle.templates.text_rules import check_texts

__all__ = ["ImageSize", "check", "errors_of", "may_become"]

CONTENT_LIMIT_BYTES: Final = 200_000
OVERLAY_LIMIT_BYTES: Final = 20_000
OVERLAY_DEPTH: Final = 12
# Keys that every card gets from us; an overlay over one would make cards that cannot be updated or told apart.
_OURS_APPLE: Final = frozenset(
    {
        "formatVersion", "passTypeIdentifier", "serialNumber", "teamIdentifier", "webServiceURL",
        "authenticationToken", "voided", "expirationDate",
    }
)  # fmt: skip
_STYLES: Final = frozenset({"boardingPass", "coupon", "eventTicket", "generic", "storeCard", "posterGeneric"})
_OURS_GOOGLE: Final = frozenset({"id", "classId", "state", "reviewStatus", "callbackOptions"})

KEY_TWICE: Final = Rule(
    "error",
    "field_key_twice",
    "The field key “{key}” is used {count} times. Give each field a key of its own.",
    "La clé de champ « {key} » est utilisée {count} fois. Donnez à chaque champ sa propre clé.",
    "مفتاح الحقل {key} مستخدم {count} مرات. أعطِ كل حقل مفتاحًا خاصًا به.",
)
STAMPS_MISSING: Final = Rule(
    "warning",
    "stamps_missing",
    "Without “stamps” this card shows no drawn stamps, only their number.",
    "Sans « stamps », cette carte ne montre pas de tampons dessinés, seulement leur nombre.",
    "من دون «stamps» لا تعرض البطاقة أختامًا مرسومة بل عددها فقط.",
)
UNSTORABLE: Final = Rule(
    "error",
    "value_not_storable",
    "This holds a character or a number that cannot be kept (U+0000, half a character, not finite, above 2⁵³).",
    "Ceci contient un caractère ou un nombre qui ne peut être conservé (U+0000, demi-caractère, non fini, > 2⁵³).",
    "يحتوي هذا على حرف أو رقم لا يمكن حفظه (U+0000 أو نصف حرف أو رقم غير منتهٍ أو أكبر من 2⁵³).",
)
STAMP_IMAGE: Final = Rule(
    "error",
    "stamp_image_missing",
    "The stamps are pictures, but none is given. Upload one as images.stamp, or choose a shape.",
    "Les tampons sont des images, mais aucune n'est donnée. Importez-en une (images.stamp) ou choisissez une forme.",
    "الأختام صور لكن لم تُعطَ أي صورة. ارفع واحدة في images.stamp أو اختر شكلًا.",
)
OURS: Final = Rule(
    "error",
    "overlay_key_refused",
    "“{key}” is set for every card by the product and cannot be put over. Remove it.",
    "« {key} » est défini par le produit pour chaque carte et ne peut pas être remplacé. Retirez-le.",
    "يحدد المنتج {key} لكل بطاقة ولا يمكن تغييره. أزله.",
)
OVERLAY_SIZE: Final = Rule(
    "error",
    "overlay_too_large",
    "The overlay is too large or too deep: at most {limit} bytes and {depth} levels.",
    "La surcouche est trop grande ou trop profonde : au plus {limit} octets et {depth} niveaux.",
    "الإضافة كبيرة أو عميقة جدًا: {limit} بايت و{depth} مستوى كحد أقصى.",
)
SIGN_UP_NEEDS_NFC: Final = Rule(
    "error",
    "sign_up_needs_nfc",
    "Wallet signs people up only by loyalty cards with NFC. Add “nfc” to the keys of Apple, or remove the sign-up.",
    "Wallet n'inscrit que par des cartes de fidélité avec NFC. Ajoutez « nfc » aux clés d'Apple, ou retirez"
    " l'inscription.",
    "لا يسجل Wallet الأشخاص إلا ببطاقات ولاء فيها NFC. أضف nfc إلى مفاتيح Apple أو أزل التسجيل.",
)
CONTENT_SIZE: Final = Rule(
    "error",
    "content_too_large",
    "The template is too large: at most {limit} bytes. Shorten texts or translations.",
    "Le modèle est trop grand : au plus {limit} octets. Raccourcissez les textes ou les traductions.",
    "القالب كبير جدًا: {limit} بايت كحد أقصى. اختصر النصوص أو الترجمات.",
)


def check(
    content: TemplateContent, images: Mapping[UUID, ImageSize], units: frozenset[str] | None = None
) -> list[Finding]:
    """All findings, errors first; ``images`` are the known pictures, ``units`` the program's when it is known."""
    found = list(_check_size(content))
    if not found:
        found += _check_structure(content)
        found += check_texts(content, units)
        found += check_look(content, images)
    return sorted(found, key=lambda finding: finding.severity)


def errors_of(findings: list[Finding]) -> list[Finding]:
    """Those that keep the content from being saved."""
    return [finding for finding in findings if finding.severity == "error"]


def may_become(kind: str, wanted: Kind) -> bool:
    """Whether cards of a kind can turn into another: loyalty cards among each other, others not at all."""
    return kind == wanted or {kind, wanted} <= LOYALTY


def _check_size(content: TemplateContent) -> Iterator[Finding]:
    """What must hold before anything else looks at the content: it can be walked, kept, and is not huge."""
    overlays = {"apple": content.apple, "google.class": content.google.class_, "google.object": content.google.object}
    for path, overlay in overlays.items():
        if _depth(overlay) > OVERLAY_DEPTH:
            yield OVERLAY_SIZE.at(path, limit=OVERLAY_LIMIT_BYTES, depth=OVERLAY_DEPTH)
            return
    if not _is_storable(content.model_dump()):
        yield UNSTORABLE.at("")
        return
    for path, overlay in overlays.items():
        if len(orjson.dumps(overlay)) > OVERLAY_LIMIT_BYTES:
            yield OVERLAY_SIZE.at(path, limit=OVERLAY_LIMIT_BYTES, depth=OVERLAY_DEPTH)
    if len(orjson.dumps(content.stored())) > CONTENT_LIMIT_BYTES:
        yield CONTENT_SIZE.at("", limit=CONTENT_LIMIT_BYTES)


def _check_structure(content: TemplateContent) -> Iterator[Finding]:
    for key, count in Counter(each.key for _, _, each in content.placed_fields()).items():
        if count > 1:
            yield KEY_TWICE.at("fields", key=key, count=count)
    if content.kind == "stamps" and content.stamps is None:
        yield STAMPS_MISSING.at("stamps")
    if content.stamps is not None and content.stamps.shape == "image" and content.images.stamp is None:
        yield STAMP_IMAGE.at("images.stamp")
    if content.sign_up is not None and (content.kind not in LOYALTY or "nfc" not in content.apple):
        yield SIGN_UP_NEEDS_NFC.at("sign_up")
    refused = {
        "apple": (content.apple, _OURS_APPLE | _other_styles(content)),
        "google.class": (content.google.class_, _OURS_GOOGLE),
        "google.object": (content.google.object, _OURS_GOOGLE),
    }
    for path, (overlay, ours) in refused.items():
        for key in sorted(ours & overlay.keys()):
            yield OURS.at(f"{path}.{key}", key=key)


def _other_styles(content: TemplateContent) -> frozenset[str]:
    """A pass has exactly one style key; the kind says which."""
    own = {"coupon": "coupon", "event_ticket": "eventTicket", "generic": "generic"}.get(content.kind, "storeCard")
    return _STYLES - {own}


def _depth(node: Any) -> int:
    """Levels of nesting, looked at level by level so that depth costs no recursion."""
    depth, level = 0, [node]
    while level and depth <= OVERLAY_DEPTH:
        level = [
            below
            for each in level
            if isinstance(each, dict | list)
            for below in (each.values() if isinstance(each, dict) else each)
        ]
        depth += 1
    return depth


def _is_storable(node: Any) -> bool:
    """Whether the database takes it: JSONB has no U+0000, no halves of characters, no NaN."""
    if isinstance(node, str):
        return "\0" not in node and not any("\ud800" <= character <= "\udfff" for character in node)
    if isinstance(node, dict):
        return all(_is_storable(key) and _is_storable(value) for key, value in node.items())
    if isinstance(node, list | tuple):
        return all(map(_is_storable, node))
    if isinstance(node, float):
        return math.isfinite(node)
    return not isinstance(node, int) or abs(node) <= 2**53

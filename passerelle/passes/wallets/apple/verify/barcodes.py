"""The rules of barcodes: encodable messages, and a format that older phones can show."""

from collections.abc import Iterator
from typing import Any, Final

from passerelle.passes.wallets.apple.findings import Finding, Rule
from passerelle.passes.wallets.apple.verify.reading import objects, text

_SINCE_IOS_27: Final = frozenset(
    {"PKBarcodeFormatCode39", "PKBarcodeFormatCodabar", "PKBarcodeFormatEAN13", "PKBarcodeFormatI2of5"}
)
_CODE_128: Final = "PKBarcodeFormatCode128"
_ENCODING_NAME_LIMIT: Final = 40

MESSAGE_EMPTY: Final = Rule(
    "error",
    "barcode_message_empty",
    "The message of {path} is empty, so there is nothing to scan. Give it a value.",
    "Le message de {path} est vide : il n'y a rien à scanner. Donnez-lui une valeur.",
    "رسالة {path} فارغة فلا شيء يُمسح. أعطها قيمة.",
)
ENCODING_MISSING: Final = Rule(
    "error",
    "barcode_encoding_missing",
    "{path} has no messageEncoding. Add one; iso-8859-1 is the usual one.",
    "{path} n'a pas de messageEncoding. Ajoutez-en un ; iso-8859-1 est l'usage.",
    "لا يحتوي {path} على messageEncoding. أضفه؛ والمعتاد iso-8859-1.",
)
ENCODING_UNKNOWN: Final = Rule(
    "error",
    "barcode_encoding_unknown",
    "The messageEncoding {encoding} is not known. Use iso-8859-1 or utf-8.",
    "Le messageEncoding {encoding} est inconnu. Utilisez iso-8859-1 ou utf-8.",
    "الترميز {encoding} غير معروف. استخدم iso-8859-1 أو utf-8.",
)
NOT_ENCODABLE: Final = Rule(
    "error",
    "barcode_message_not_encodable",
    "The message of {path} has characters that {encoding} does not have. Use utf-8, or other characters.",
    "Le message de {path} contient des caractères absents de {encoding}. Utilisez utf-8, ou d'autres caractères.",
    "تحتوي رسالة {path} على أحرف ليست في {encoding}. استخدم utf-8 أو أحرفًا أخرى.",
)
LEGACY_ALONE: Final = Rule(
    "warning",
    "barcode_deprecated",
    "Only the old key barcode is given. Put the same in barcodes, a list; keep barcode for old readers.",
    "Seule l'ancienne clé barcode est donnée. Mettez la même chose dans barcodes, une liste ; gardez barcode pour les"
    " anciens lecteurs.",
    "لم يُعطَ سوى المفتاح القديم barcode. ضع نفسه في القائمة barcodes واحتفظ بـ barcode للقارئات القديمة.",
)
LEGACY_CODE_128: Final = Rule(
    "warning",
    "barcode_code128_legacy",
    "The old key barcode does not support Code 128. Give Code 128 in barcodes and another format in barcode.",
    "L'ancienne clé barcode n'accepte pas Code 128. Donnez Code 128 dans barcodes et un autre format dans barcode.",
    "لا يدعم المفتاح القديم barcode صيغة Code 128. أعطِ Code 128 في barcodes وصيغة أخرى في barcode.",
)
NO_FALLBACK: Final = Rule(
    "warning",
    "barcode_without_fallback",
    "All barcodes are of formats that came with iOS 27; older phones show none. Add a QR code after them.",
    "Tous les codes-barres sont de formats apparus avec iOS 27 ; les téléphones plus anciens n'en montrent aucun."
    " Ajoutez un code QR à la suite.",
    "كل الرموز من صيغ ظهرت مع iOS 27؛ لا تعرض الهواتف الأقدم أيًا منها. أضف رمز QR بعدها.",
)


def check_barcodes(document: dict[str, Any]) -> Iterator[Finding]:
    """All rules of ``barcodes`` and of the old ``barcode``."""
    legacy = document.get("barcode")
    if isinstance(legacy, dict):
        yield from _check_barcode(legacy, "barcode")
        if not document.get("barcodes"):
            yield LEGACY_ALONE.at("pass.json/barcode")
        if legacy.get("format") == _CODE_128:
            yield LEGACY_CODE_128.at("pass.json/barcode/format")
    formats: set[str] = set()
    for position, barcode in objects(document, "barcodes"):
        yield from _check_barcode(barcode, f"barcodes/{position}")
        formats.add(text(barcode, "format") or "")
    if formats and formats <= _SINCE_IOS_27:
        yield NO_FALLBACK.at("pass.json/barcodes")


def _check_barcode(barcode: dict[str, Any], path: str) -> Iterator[Finding]:
    message, encoding = text(barcode, "message"), text(barcode, "messageEncoding")
    if message is not None and not message:
        yield MESSAGE_EMPTY.at(f"pass.json/{path}/message", path=path)
    if "messageEncoding" not in barcode:
        yield ENCODING_MISSING.at(f"pass.json/{path}", path=path)
    if encoding is None or message is None:
        return
    try:
        message.encode(encoding[:_ENCODING_NAME_LIMIT])
    except LookupError:
        yield ENCODING_UNKNOWN.at(f"pass.json/{path}/messageEncoding", encoding=encoding)
    except ValueError:
        yield NOT_ENCODABLE.at(f"pass.json/{path}/message", path=path, encoding=encoding)

"""The rules of NFC, and of personalization, which only passes with NFC may have."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from passerelle.passes.wallets.apple.findings import Finding, Rule
from passerelle.passes.wallets.apple.verify.reading import text

_MESSAGE_LIMIT_BYTES: Final = 64
# SubjectPublicKeyInfo of P-256 up to the point (RFC 5480 §2): algorithm, curve, BIT STRING without spare bits.
_COMPRESSED_HEAD: Final = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
_UNCOMPRESSED_HEAD: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
_COMPRESSED_BYTES: Final = len(_COMPRESSED_HEAD) + 33

MESSAGE_EMPTY: Final = Rule(
    "error",
    "nfc_message_empty",
    "nfc.message is empty, so a terminal reads nothing. Give it a value.",
    "nfc.message est vide : un terminal ne lit rien. Donnez-lui une valeur.",
    "الحقل nfc.message فارغ فلا يقرأ الجهاز شيئًا. أعطه قيمة.",
)
MESSAGE_LONG: Final = Rule(
    "error",
    "nfc_message_too_long",
    "nfc.message has {size} bytes; after {limit} bytes terminals get nothing. Shorten it.",
    "nfc.message fait {size} octets ; les terminaux ne reçoivent rien au-delà de {limit}. Raccourcissez-le.",
    "حجم nfc.message هو {size} بايت؛ لا تستلم الأجهزة شيئًا بعد {limit} بايت. اختصره.",
)
KEY_UNREADABLE: Final = Rule(
    "error",
    "nfc_key_invalid",
    "nfc.encryptionPublicKey is no P-256 public key. Give its X.509 form (SubjectPublicKeyInfo), compressed, in"
    " base64.",
    "nfc.encryptionPublicKey n'est pas une clé publique P-256. Donnez sa forme X.509 (SubjectPublicKeyInfo),"
    " compressée, en base64.",
    "الحقل nfc.encryptionPublicKey ليس مفتاح P-256 عامًا. أعطه بصيغة X.509 SubjectPublicKeyInfo مضغوطًا وبترميز"
    " base64.",
)
KEY_UNCOMPRESSED: Final = Rule(
    "error",
    "nfc_key_uncompressed",
    "nfc.encryptionPublicKey is not compressed. Convert it: openssl ec -pubin -conv_form compressed -outform DER.",
    "nfc.encryptionPublicKey n'est pas compressée. Convertissez-la : openssl ec -pubin -conv_form compressed"
    " -outform DER.",
    "المفتاح nfc.encryptionPublicKey غير مضغوط. حوّله: openssl ec -pubin -conv_form compressed -outform DER.",
)
CERTIFICATE: Final = Rule(
    "error",
    "nfc_not_certified",
    "The pass has nfc, but its certificate does not allow NFC. Ask Apple for an NFC certificate, or remove nfc.",
    "La carte a nfc, mais son certificat n'autorise pas le NFC. Demandez à Apple un certificat NFC, ou retirez nfc.",
    "تحتوي البطاقة على nfc لكن شهادتها لا تسمح به. اطلب من Apple شهادة NFC أو أزل nfc.",
)
SHARING: Final = Rule(
    "warning",
    "nfc_sharing_allowed",
    "nfc.requiresAuthentication is set, but the pass may be shared. Set sharingProhibited to true as well.",
    "nfc.requiresAuthentication est activé, mais la carte peut être partagée. Mettez aussi sharingProhibited à true.",
    "تم ضبط nfc.requiresAuthentication لكن يمكن مشاركة البطاقة. اضبط sharingProhibited على true أيضًا.",
)
PERSONALIZATION_NEEDS_NFC: Final = Rule(
    "error",
    "personalization_without_nfc",
    "The pass has personalization.json but no nfc, and Wallet asks only for passes with NFC. Add nfc, or remove it.",
    "La carte a personalization.json mais pas de nfc, et Wallet ne le demande que pour les cartes NFC. Ajoutez"
    " nfc, ou"
    " retirez-le.",
    "تحتوي البطاقة على personalization.json دون nfc، وWallet لا يطلب ذلك إلا لبطاقات NFC. أضف nfc أو أزله.",
)
PERSONALIZATION_EMPTY: Final = Rule(
    "error",
    "personalization_asks_nothing",
    "requiredPersonalizationFields is empty. Name at least one field to ask for.",
    "requiredPersonalizationFields est vide. Nommez au moins un champ à demander.",
    "القائمة requiredPersonalizationFields فارغة. سمِّ حقلًا واحدًا على الأقل.",
)
PERSONALIZATION_SERVICE: Final = Rule(
    "error",
    "personalization_without_web_service",
    "The pass has personalization.json but no webServiceURL to send the answers to. Add the web service.",
    "La carte a personalization.json mais pas de webServiceURL où envoyer les réponses. Ajoutez le service web.",
    "تحتوي البطاقة على personalization.json دون webServiceURL لإرسال الإجابات إليه. أضف خدمة الويب.",
)
PERSONALIZATION_LOGO: Final = Rule(
    "warning",
    "personalization_logo_missing",
    "The pass has personalization.json but no personalizationLogo@2x.png or @3x. Add the logo.",
    "La carte a personalization.json mais pas de personalizationLogo@2x.png ni @3x. Ajoutez le logo.",
    "تحتوي البطاقة على personalization.json دون personalizationLogo@2x.png أو @3x. أضف الشعار.",
)


def check_nfc(document: dict[str, Any], *, certificate_allows: bool | None) -> Iterator[Finding]:
    """All rules of ``nfc``; ``certificate_allows`` is None where no certificate is known."""
    nfc = document.get("nfc")
    if not isinstance(nfc, dict):
        return
    if certificate_allows is False:
        yield CERTIFICATE.at("pass.json/nfc")
    message = text(nfc, "message")
    if message is not None:
        size_bytes = len(message.encode(errors="replace"))
        if size_bytes == 0:
            yield MESSAGE_EMPTY.at("pass.json/nfc/message")
        if size_bytes > _MESSAGE_LIMIT_BYTES:
            yield MESSAGE_LONG.at("pass.json/nfc/message", size=size_bytes, limit=_MESSAGE_LIMIT_BYTES)
    key = text(nfc, "encryptionPublicKey")
    if key is not None and (rule := _key_fault(key)):
        yield rule.at("pass.json/nfc/encryptionPublicKey")
    if nfc.get("requiresAuthentication") is True and document.get("sharingProhibited") is not True:
        yield SHARING.at("pass.json/sharingProhibited")


def check_personalization(
    personalization: dict[str, Any], document: dict[str, Any], files: Mapping[str, bytes]
) -> Iterator[Finding]:
    """All rules of personalization.json beyond its types."""
    if not isinstance(document.get("nfc"), dict):
        yield PERSONALIZATION_NEEDS_NFC.at("personalization.json")
    if personalization.get("requiredPersonalizationFields") == []:
        yield PERSONALIZATION_EMPTY.at("personalization.json/requiredPersonalizationFields")
    if document.get("webServiceURL") is None:
        yield PERSONALIZATION_SERVICE.at("pass.json/webServiceURL")
    if not any(name.rpartition("/")[2].startswith("personalizationLogo") for name in files):
        yield PERSONALIZATION_LOGO.at("personalizationLogo@2x.png")


def _key_fault(encoded: str) -> Rule | None:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return KEY_UNREADABLE
    if key.startswith(_UNCOMPRESSED_HEAD):
        return KEY_UNCOMPRESSED
    point = key[len(_COMPRESSED_HEAD) :]
    if not key.startswith(_COMPRESSED_HEAD) or len(key) != _COMPRESSED_BYTES or point[0] not in {2, 3}:
        return KEY_UNREADABLE
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:  # no point of the curve
        return KEY_UNREADABLE
    return None

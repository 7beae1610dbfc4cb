"""Reads what a developer exports: ``.p12`` from Keychain or OpenSSL, PEM, ``.cer``, in any number and order.

Keychain's exports are encrypted with RC2-40 and 3DES. The OpenSSL inside the ``cryptography`` wheels still
reads them (tried with cryptography 50), so no PKCS#12 reader of our own is needed; where ``cryptography`` is
built on a system OpenSSL without them, the finding says how to convert the file.
"""

import binascii
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    load_der_private_key,
    load_pem_private_key,
    pkcs12,
)

from passerelle.passes.wallets.apple import der
from passerelle.passes.wallets.apple.findings import Finding, Rule
from passerelle.passes.wallets.apple.leaf import load_certificate

_PIECE_LIMIT: Final = 10
_PIECE_LIMIT_BYTES: Final = 256_000
_CERTIFICATE_LIMIT: Final = 20
_DERIVATION_LIMIT_ROUNDS: Final = 1_000_000
_PEM: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----.*?-----END \1-----", re.DOTALL)

TOO_LARGE: Final = Rule(
    "error",
    "key_files_too_large",
    "These files are larger than any certificate export. Give the .p12 or .pem files of one Pass Type ID only.",
    "Ces fichiers dépassent la taille d'un export de certificat. Ne donnez que les fichiers .p12 ou .pem d'un seul"
    " Pass Type ID.",
    "هذه الملفات أكبر من أي تصدير لشهادة. قدّم فقط ملفات .p12 أو .pem الخاصة بمعرّف Pass Type ID واحد.",
)
UNREADABLE: Final = Rule(
    "error",
    "key_file_unreadable",
    "A file is neither a .p12, a PEM nor a certificate. Give the certificate (.cer) as Apple's portal gave it, or a"
    " .p12 that Keychain Access exported, unchanged.",
    "Un fichier n'est ni un .p12, ni un PEM, ni un certificat. Donnez tel quel le certificat (.cer) obtenu sur le"
    " portail d'Apple, ou un .p12 exporté de Trousseaux d'accès.",
    "أحد الملفات ليس .p12 ولا PEM ولا شهادة. قدّم الشهادة (.cer) كما أعطتها بوابة Apple، أو ملف .p12 صدّره"
    " Keychain Access، دون تغيير.",
)
PASSPHRASE_MISSING: Final = Rule(
    "error",
    "passphrase_missing",
    "The private key is protected by a password. Enter the password that was chosen at the export.",
    "La clé privée est protégée par un mot de passe. Saisissez le mot de passe choisi lors de l'export.",
    "المفتاح الخاص محمي بكلمة مرور. أدخل كلمة المرور التي اختيرت عند التصدير.",
)
PASSPHRASE_WRONG: Final = Rule(
    "error",
    "passphrase_wrong",
    "The password does not open this file. Enter the password that was chosen at the export, or export again.",
    "Le mot de passe n'ouvre pas ce fichier. Saisissez celui choisi lors de l'export, ou exportez à nouveau.",
    "كلمة المرور لا تفتح هذا الملف. أدخل الكلمة التي اختيرت عند التصدير، أو أعد التصدير.",
)
ENCRYPTION_UNSUPPORTED: Final = Rule(
    "error",
    "key_encryption_unsupported",
    "This file is encrypted in a way that this machine cannot read. Convert it with: openssl pkcs12 -legacy -in"
    " old.p12 -out pass.pem",
    "Ce fichier est chiffré d'une façon que cette machine ne sait pas lire. Convertissez-le avec : openssl pkcs12"
    " -legacy -in old.p12 -out pass.pem",
    "هذا الملف مشفّر بطريقة لا يستطيع هذا الجهاز قراءتها. حوّله بالأمر: openssl pkcs12 -legacy -in old.p12"
    " -out pass.pem",
)
DERIVATION_TOO_COSTLY: Final = Rule(
    "error",
    "key_derivation_too_costly",
    "The password protection of this file asks for more than a million rounds. Export it again with the default.",
    "La protection par mot de passe de ce fichier demande plus d'un million d'itérations. Exportez-le à nouveau"
    " avec la valeur par défaut.",
    "حماية كلمة المرور في هذا الملف تتطلب أكثر من مليون دورة. صدّره مجددًا بالقيمة الافتراضية.",
)
SIGNING_REQUEST: Final = Rule(
    "error",
    "certificate_is_a_request",
    "This is a certificate signing request, not a certificate. Upload it to Apple's developer portal and give the"
    " certificate that the portal returns.",
    "Ceci est une demande de signature, pas un certificat. Déposez-la sur le portail développeur d'Apple et donnez"
    " le certificat obtenu.",
    "هذا طلب توقيع شهادة وليس شهادة. ارفعه إلى بوابة مطوري Apple وقدّم الشهادة التي تعيدها البوابة.",
)


@dataclass(frozen=True, repr=False)
class KeyMaterial:
    """What the pieces held: no order is promised, and nothing is checked yet."""

    keys: list[PrivateKeyTypes] = field(default_factory=list)
    certificates: list[x509.Certificate] = field(default_factory=list)


class KeyFileRefused(Exception):
    """A piece cannot be read; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def read_key_files(pieces: Sequence[bytes], passphrase: str | None = None) -> KeyMaterial:
    """Every key and certificate in the pieces, without duplicates; raises KeyFileRefused."""
    if len(pieces) > _PIECE_LIMIT or any(len(piece) > _PIECE_LIMIT_BYTES for piece in pieces):
        raise KeyFileRefused(TOO_LARGE.at())
    password = passphrase.encode() if passphrase else None
    found = KeyMaterial()
    for piece in pieces:
        for key, certificates in _read_piece(piece, password):
            if key is not None:
                found.keys.append(key)
            found.certificates.extend(each for each in certificates if each not in found.certificates)
            if len(found.certificates) > _CERTIFICATE_LIMIT:
                raise KeyFileRefused(TOO_LARGE.at())
    return found


_Content = tuple[PrivateKeyTypes | None, list[x509.Certificate]]


def _read_piece(piece: bytes, password: bytes | None) -> Iterator[_Content]:
    if b"-----BEGIN " in piece:
        for block in _PEM.finditer(piece):
            yield _read_pem(block[0], block[1].decode(), password)
        return
    try:
        outer = der.read(piece)
        first, second = outer.expect(der.SEQUENCE).children()[:2]
        version = der.read_integer(first) if first.tag == der.INTEGER else None
    except ValueError:
        raise KeyFileRefused(UNREADABLE.at()) from None
    if version == 3:  # PFX (RFC 7292 §4); keys start with version 0 or 1, encrypted keys and certificates with none
        yield _read_p12(piece, password)
    elif version is not None or second.tag == der.OCTET_STRING:
        yield _read_key(piece, password, load_der_private_key), []
    else:
        try:
            yield None, [load_certificate(piece)]
        except ValueError:
            raise KeyFileRefused(UNREADABLE.at()) from None


def _read_pem(block: bytes, label: str, password: bytes | None) -> _Content:
    if label.endswith("CERTIFICATE REQUEST"):
        raise KeyFileRefused(SIGNING_REQUEST.at())
    try:
        if label == "ENCRYPTED PRIVATE KEY":
            body = binascii.a2b_base64(b"".join(block.splitlines()[1:-1]))
            return _read_key(body, password, load_der_private_key), []
        if label.endswith("PRIVATE KEY"):
            return _read_key(block, password, load_pem_private_key), []
        if label == "CERTIFICATE":
            body = binascii.a2b_base64(b"".join(block.splitlines()[1:-1]))
            return None, [load_certificate(body)]
    except ValueError:
        raise KeyFileRefused(UNREADABLE.at()) from None
    return None, []


def _read_key(
    encoding: bytes, password: bytes | None, load: Callable[[bytes, bytes | None], PrivateKeyTypes]
) -> PrivateKeyTypes:
    if _rounds(encoding) > _DERIVATION_LIMIT_ROUNDS:
        raise KeyFileRefused(DERIVATION_TOO_COSTLY.at())
    try:
        return load(encoding, None)
    except TypeError:  # the key is encrypted
        if password is None:
            raise KeyFileRefused(PASSPHRASE_MISSING.at()) from None
    except ValueError:
        raise KeyFileRefused(UNREADABLE.at()) from None
    except UnsupportedAlgorithm:
        raise KeyFileRefused(ENCRYPTION_UNSUPPORTED.at()) from None
    try:
        return load(encoding, password)
    except ValueError:
        raise KeyFileRefused(PASSPHRASE_WRONG.at()) from None
    except UnsupportedAlgorithm:
        raise KeyFileRefused(ENCRYPTION_UNSUPPORTED.at()) from None


def _read_p12(encoding: bytes, password: bytes | None) -> _Content:
    if _rounds(encoding) > _DERIVATION_LIMIT_ROUNDS:
        raise KeyFileRefused(DERIVATION_TOO_COSTLY.at())
    try:
        found = pkcs12.load_pkcs12(encoding, password)
        bags = [*([found.cert] if found.cert else []), *found.additional_certs]
        return found.key, [load_certificate(bag.certificate.public_bytes(Encoding.DER)) for bag in bags]
    except ValueError:
        rule = PASSPHRASE_MISSING if password is None else PASSPHRASE_WRONG
        raise KeyFileRefused(rule.at()) from None
    except UnsupportedAlgorithm:
        raise KeyFileRefused(ENCRYPTION_UNSUPPORTED.at()) from None


def _rounds(encoding: bytes) -> int:
    """The greatest number of derivation rounds that a file asks for, before any is done.

    Rounds are small integers among the plain parts of the file; the only others there are version numbers.
    """
    greatest = 0
    waiting = [encoding]
    while waiting:
        try:
            outer = der.read(waiting.pop())
            inner = outer.children() if outer.tag & der.CONSTRUCTED else [outer]
        except der.MalformedAsn1:
            continue
        for each in inner:
            if each.tag == der.INTEGER and len(each.content) <= 8:
                greatest = max(greatest, der.read_integer(each))
            elif each.tag & der.CONSTRUCTED:
                waiting.append(each.encoding)
            elif each.tag == der.OCTET_STRING and each.content[:1] == b"\x30":
                waiting.append(each.content)
    return greatest

"""Verifies the detached CMS signature of a pass (RFC 5652), and that its certificate is the pass type's.

Apple's trust anchor is the device's; here it is given, so that an emulated authority can stand for Apple.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

from passerelle.emulators.apple_device import der
from passerelle.emulators.apple_device.der import Element

_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
_DATA: Final = "1.2.840.113549.1.7.1"
_CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
_SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "1.3.14.3.2.26": hashes.SHA1(),  # noqa: S303  passes signed before 2016 carry it
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_PASS_SIGNING: Final = ObjectIdentifier("1.2.840.113635.100.4.14")
_PASS_TYPE: Final = ObjectIdentifier("1.2.840.113635.100.6.1.16")
_PASS_TYPE_NFC: Final = ObjectIdentifier("1.2.840.113635.100.6.1.26")
# What reading a damaged certificate or signature can raise.
_UNREADABLE: Final = (
    ValueError,
    TypeError,
    IndexError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
_MAX_CERTIFICATES: Final = 10
_MAX_CHAIN: Final = 5


class SignatureRefused(Exception):
    """The signature does not prove what it should; the message says which rule."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, as the certificate says."""

    pass_type_identifier: str | None
    team_identifier: str | None
    may_use_nfc: bool


class Trust:
    """The roots that the device believes, with the certificates it has already followed to one of them."""

    def __init__(self, roots: Iterable[x509.Certificate]) -> None:
        self._roots = list(roots)
        self._followed: dict[bytes, Signer] = {}

    @classmethod
    def from_pem(cls, pem: bytes) -> "Trust":
        return cls(x509.load_pem_x509_certificates(pem))

    def verify(self, signature: bytes, content: bytes, now: datetime) -> Signer:
        """Check everything; ``SignatureRefused`` names the broken rule."""
        try:
            return self._verify(signature, content, now)
        except SignatureRefused:
            raise
        except _UNREADABLE as error:
            raise SignatureRefused(f"it cannot be read: {error}") from error

    def _verify(self, signature: bytes, content: bytes, now: datetime) -> Signer:
        certificates, signer_info = _signed_data(signature)
        leaf, signed_at = _verify_signer(signer_info, certificates, content)
        if signed_at > now:
            raise SignatureRefused("the signing time lies in the future")
        if not leaf.not_valid_before_utc <= signed_at <= leaf.not_valid_after_utc:
            raise SignatureRefused("it was signed while the certificate was not valid")
        key = b"".join(certificate.fingerprint(hashes.SHA256()) for certificate in (leaf, *certificates))
        if key not in self._followed:
            self._follow(leaf, certificates, signed_at)
            self._followed[key] = _signer(leaf)
        return self._followed[key]

    def _follow(self, leaf: x509.Certificate, certificates: list[x509.Certificate], at: datetime) -> None:
        """Walk from the leaf to a root over the embedded certificates alone."""
        current = leaf
        for _ in range(_MAX_CHAIN):
            root = next((root for root in self._roots if _issued(current, root)), None)
            if root is not None:
                return
            issuer = next((c for c in certificates if c != current and _issued(current, c)), None)
            if issuer is None:
                raise SignatureRefused("the chain does not lead to a trusted root; is the intermediate embedded?")
            if not issuer.not_valid_before_utc <= at <= issuer.not_valid_after_utc:
                raise SignatureRefused("the intermediate certificate is not valid")
            current = issuer
        raise SignatureRefused("the chain is too long")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        return issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (InvalidSignature, x509.ExtensionNotFound, *_UNREADABLE):
        return False


def _signed_data(signature: bytes) -> tuple[list[x509.Certificate], list[Element]]:
    """The embedded certificates, and the fields of the only signer."""
    kind, wrapped = der.single(signature, der.SEQUENCE).children()
    if der.object_identifier(kind) != _SIGNED_DATA:
        raise SignatureRefused("it is not CMS SignedData")
    parts = der.single(wrapped.content, der.SEQUENCE).children()
    if len(parts[2].children(der.SEQUENCE)) != 1:
        raise SignatureRefused("the signature must be detached, yet it carries content")
    embedded = next((part for part in parts if part.tag == 0xA0), None)
    encoded = embedded.children()[:_MAX_CERTIFICATES] if embedded is not None else []
    signers = parts[-1].children(der.SET)
    if len(signers) != 1:
        raise SignatureRefused("there must be exactly one signer")
    return [x509.load_der_x509_certificate(part.encoded) for part in encoded], signers[0].children(der.SEQUENCE)


def _verify_signer(
    info: list[Element], certificates: list[x509.Certificate], content: bytes
) -> tuple[x509.Certificate, datetime]:
    """The certificate whose key signed ``content``, and when it says it did."""
    _, identifier, digest_algorithm, attributes, _, signature = info[:6]
    if attributes.tag != 0xA0:
        raise SignatureRefused("signed attributes are missing")
    leaf = _find(identifier, certificates)
    algorithm = _HASHES.get(der.object_identifier(digest_algorithm.children(der.SEQUENCE)[0]))
    if algorithm is None:
        raise SignatureRefused("the digest algorithm is not supported")
    values = {
        der.object_identifier(name): value.children(der.SET)[0]
        for name, value in (attribute.children(der.SEQUENCE) for attribute in attributes.children())
    }
    missing = {_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_TIME} - values.keys()
    if missing:
        raise SignatureRefused(f"signed attributes are missing: {', '.join(sorted(missing))}")
    digest = hashes.Hash(algorithm)
    digest.update(content)
    if values[_MESSAGE_DIGEST].content != digest.finalize():
        raise SignatureRefused("the signature is of another manifest")
    if der.object_identifier(values[_CONTENT_TYPE]) != _DATA:
        raise SignatureRefused("the content type must be data")
    # RFC 5652 §5.4: what is signed is the attributes as a SET, not under their implicit tag
    _verify_key(leaf, signature.content, b"\x31" + attributes.encoded[1:], algorithm)
    return leaf, der.instant(values[_SIGNING_TIME])


def _find(identifier: Element, certificates: list[x509.Certificate]) -> x509.Certificate:
    issuer, serial = identifier.children(der.SEQUENCE)
    number = der.integer(serial)
    for certificate in certificates:
        if certificate.serial_number == number and certificate.issuer.public_bytes() == issuer.encoded:
            return certificate
    raise SignatureRefused("the signer's certificate is not embedded")


def _verify_key(
    certificate: x509.Certificate, signature: bytes, signed: bytes, algorithm: hashes.HashAlgorithm
) -> None:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(algorithm))
        else:
            raise SignatureRefused("the certificate's key is of an unknown kind")
    except InvalidSignature as error:
        raise SignatureRefused("the signature does not match the certificate") from error


def _signer(leaf: x509.Certificate) -> Signer:
    """What the leaf allows; refuses one that is no Pass Type ID certificate."""
    try:
        usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        leaf.extensions.get_extension_for_oid(_PASS_TYPE)
    except x509.ExtensionNotFound as error:
        raise SignatureRefused("the certificate is not a Pass Type ID certificate") from error
    if _PASS_SIGNING not in usage:
        raise SignatureRefused("the certificate may not sign passes")
    nfc = any(extension.oid == _PASS_TYPE_NFC for extension in leaf.extensions)
    return Signer(_name(leaf, NameOID.USER_ID), _name(leaf, NameOID.ORGANIZATIONAL_UNIT_NAME), nfc)


def _name(leaf: x509.Certificate, oid: ObjectIdentifier) -> str | None:
    values = leaf.subject.get_attributes_for_oid(oid)
    return str(values[0].value) if values else None

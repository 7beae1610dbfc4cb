"""Apple's Worldwide Developer Relations (WWDR) intermediates: which one issues pass certificates.

Apple's table (developer.apple.com, "WWDR intermediate certificates"): G4 issues Pass Type ID certificates,
with or without NFC; its predecessors without a generation in their name expired on 14 February 2016 and on
7 February 2023; G2 and G6 are for ECDSA, G3, G5 and G7 for software, services and receipts.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

G4_SHA256: Final = "ea4757885538dd8cb59ff4556f676087d83c85e70902c122e42c0808b5bce14c"
UNTIL_2023_SHA256: Final = "ce057691d730f89ca25e916f7335f4c8a15713dcd273a658c024023f8eb809c2"
UNTIL_2016_SHA256: Final = "64b302913f11ca1b6806093b76cade7f7b123be0c04924fda87f5f4e8647f051"

GENERATION_FOR_PASSES: Final = "G4"
BEFORE_GENERATIONS: Final = "before G4"

# Pinned by fingerprint, as genuine passes of all years hold them: no others of Apple's issue pass certificates.
_EXPIRED_ISSUERS: Final = frozenset({UNTIL_2023_SHA256, UNTIL_2016_SHA256})
_APPLE_ISSUERS: Final = _EXPIRED_ISSUERS | {G4_SHA256}


@cache
def bundled_g4() -> x509.Certificate:
    """The public WWDR G4 intermediate that comes with the product, valid until 10 December 2030."""
    pem = files(__package__).joinpath("apple-wwdr-g4.pem").read_bytes()
    certificate = x509.load_pem_x509_certificate(pem)
    assert fingerprint(certificate) == G4_SHA256, "the bundled certificate must be Apple's WWDR G4"
    return certificate


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 over the certificate, in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def generation(name: x509.Name) -> str | None:
    """``G4`` and the like, ``before G4``, or None for a name that is no WWDR intermediate's."""
    if not any("Worldwide Developer Relations" in value for value in _values(name, NameOID.COMMON_NAME)):
        return None
    units = _values(name, NameOID.ORGANIZATIONAL_UNIT_NAME)
    return next((unit for unit in units if re.fullmatch(r"G\d{1,2}", unit)), BEFORE_GENERATIONS)


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether ``issuer`` signed ``certificate`` and is named as its issuer; dates are not looked at."""
    if is_expired_apple(issuer):
        return certificate.issuer == issuer.subject and _signed_with_sha1(certificate, issuer)
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def is_expired_apple(issuer: x509.Certificate) -> bool:
    """Whether this is one of Apple's former issuers, under which old passes were signed."""
    return fingerprint(issuer) in _EXPIRED_ISSUERS


def _signed_with_sha1(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    # The former issuers signed with SHA-1, which verify_directly_issued_by rightly refuses from anyone else.
    key = issuer.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or not isinstance(certificate.signature_hash_algorithm, hashes.SHA1):
        return False
    try:
        key.verify(certificate.signature, certificate.tbs_certificate_bytes, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  theirs
    except InvalidSignature:
        return False
    return True


def is_apple(issuer: x509.Certificate) -> bool:
    """Whether this is one of Apple's own issuers of pass certificates."""
    return fingerprint(issuer) in _APPLE_ISSUERS


def is_trusted(issuer: x509.Certificate, trust: Sequence[x509.Certificate]) -> bool:
    """Whether an issuer of passes is Apple's, one of ``trust``, or signed by an authority of ``trust``."""
    if is_apple(issuer) or issuer in trust:
        return True
    return may_issue(issuer) and any(issued(issuer, root) for root in trust if may_issue(root))


def may_issue(certificate: x509.Certificate) -> bool:
    """Whether the certificate is an authority's (basic constraints, RFC 5280 §4.2.1.9)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False


def _values(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]

"""Reads what a Pass Type ID certificate says: for whom it is, and what it may sign.

The object identifiers are Apple's (arc 1.2.840.113635.100), seen in the certificates of genuine passes.
"""

import warnings
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import NameOID

from passerelle.passes.wallets.apple import der

PASS_SIGNING_USAGE: Final = x509.ObjectIdentifier("1.2.840.113635.100.4.14")
_PASS_TYPE: Final = x509.ObjectIdentifier("1.2.840.113635.100.6.1.16")
_PASS_TYPE_NFC: Final = x509.ObjectIdentifier("1.2.840.113635.100.6.1.26")


def load_certificate(encoding: bytes) -> x509.Certificate:
    """A certificate whose names, dates, key and extensions can all be read; raises ValueError otherwise.

    ``cryptography`` reads lazily: without this, a malformed certificate fails wherever it is first looked at.
    """
    try:
        # What the library still reads but warns of, such as a serial number below zero, no authority issues.
        with warnings.catch_warnings(action="error", category=CryptographyDeprecationWarning):
            certificate = x509.load_der_x509_certificate(encoding)
            _ = certificate.subject, certificate.issuer, certificate.extensions, certificate.public_key()
            _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (
        x509.DuplicateExtension,
        x509.InvalidVersion,
        UnsupportedAlgorithm,
        CryptographyDeprecationWarning,
    ) as error:
        raise ValueError("The certificate is of a kind that cannot be read.") from error
    return certificate


def pass_type_identifier(certificate: x509.Certificate) -> str | None:
    """The subject's UID, such as ``pass.com.example.loyalty``."""
    return _subject_value(certificate, NameOID.USER_ID)


def team_identifier(certificate: x509.Certificate) -> str | None:
    """The subject's OU, ten letters and digits."""
    return _subject_value(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME)


def certified_pass_type(certificate: x509.Certificate) -> str | None:
    """The pass type identifier that Apple's extension for pass certificates names."""
    return _text_extension(certificate, _PASS_TYPE)


def is_nfc_capable(certificate: x509.Certificate) -> bool:
    """Whether Apple has allowed this certificate to sign passes with ``nfc``."""
    return _text_extension(certificate, _PASS_TYPE_NFC) is not None


def may_sign_passes(certificate: x509.Certificate) -> bool:
    """Whether the extended key usage names pass signing."""
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return PASS_SIGNING_USAGE in usages


def _subject_value(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str | None:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else None


def _text_extension(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str | None:
    try:
        value = certificate.extensions.get_extension_for_oid(oid).value
    except x509.ExtensionNotFound:
        return None
    assert isinstance(value, x509.UnrecognizedExtension), "cryptography knows none of Apple's extensions"
    try:
        return der.read(value.value).expect(der.UTF8_STRING).content.decode()
    except ValueError:
        return None

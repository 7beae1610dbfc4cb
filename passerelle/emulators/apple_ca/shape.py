"""The shape of the emulated certificates: subjects, usages and extensions, as ``PARITY.md`` lists them."""

import ipaddress
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CertificateAuthorityKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Validity = tuple[datetime, datetime]

_PASS_SIGNING_USAGE: Final = x509.ObjectIdentifier("1.2.840.113635.100.4.14")
PASS_TYPE: Final = x509.ObjectIdentifier("1.2.840.113635.100.6.1.16")
PASS_TYPE_NFC: Final = x509.ObjectIdentifier("1.2.840.113635.100.6.1.26")
_PASS_LEAF: Final = x509.ObjectIdentifier("1.2.840.113635.100.6.3.2")
_WWDR: Final = x509.ObjectIdentifier("1.2.840.113635.100.6.2.1")
_DER_NULL: Final = b"\x05\x00"

_ORGANIZATION: Final = "Passerelle Emulators"


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def self_signed_root(root_key: rsa.RSAPrivateKey, validity: Validity) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Emulated Certification Authority"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Emulated Root CA"),
        ]
    )
    builder = certificate(name, name, root_key.public_key(), validity)
    return _with_authority_extensions(builder, path_length=None).sign(root_key, hashes.SHA256())


def intermediate_subject(unit: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "Emulated Worldwide Developer Relations Certification Authority"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
        ]
    )


def intermediate(
    subject: x509.Name,
    key: CertificateAuthorityKey,
    root: x509.Certificate,
    root_key: rsa.RSAPrivateKey,
    validity: Validity,
) -> x509.Certificate:
    builder = certificate(subject, root.subject, key.public_key(), validity)
    builder = _with_authority_extensions(builder, path_length=0)
    builder = builder.add_extension(authority_key_identifier(root), critical=False)
    builder = builder.add_extension(x509.UnrecognizedExtension(_WWDR, _DER_NULL), critical=False)
    return builder.sign(root_key, hashes.SHA256())


def leaf_subject(
    pass_type_identifier: str, team_identifier: str, organization: str, country: str, *, nfc: bool
) -> x509.Name:
    kind = "Pass Type ID with NFC" if nfc else "Pass Type ID"
    # X.520 allows a common name 64 characters; a longer identifier stands whole in UID.
    common_name = f"{kind}: {pass_type_identifier}"[:64]
    return x509.Name(
        [
            x509.NameAttribute(NameOID.USER_ID, pass_type_identifier),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, team_identifier),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
        ]
    )


def certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    validity: Validity,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity[0])
        .not_valid_after(validity[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _with_authority_extensions(
    builder: x509.CertificateBuilder, *, path_length: int | None
) -> x509.CertificateBuilder:
    return builder.add_extension(
        x509.BasicConstraints(ca=True, path_length=path_length), critical=True
    ).add_extension(_key_usage(signs_certificates=True), critical=True)


def with_leaf_extensions(
    builder: x509.CertificateBuilder, issuer: x509.Certificate, *, for_passes: bool
) -> x509.CertificateBuilder:
    usages = [ExtendedKeyUsageOID.CLIENT_AUTH]
    if for_passes:
        usages.append(_PASS_SIGNING_USAGE)
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(authority_key_identifier(issuer), critical=False)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .add_extension(x509.UnrecognizedExtension(_PASS_LEAF, _DER_NULL), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def authority_key_identifier(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    extension = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(extension.value)


def utf8_extension(identifier: x509.ObjectIdentifier, text: str) -> x509.UnrecognizedExtension:
    value = text.encode()
    assert len(value) < 0x80, "the short form of DER's length is written here"
    return x509.UnrecognizedExtension(identifier, bytes((0x0C, len(value))) + value)


def general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)

"""Reads a CMS SignedData (RFC 5652 §5) and checks its signature; says nothing about who signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from passerelle.passes.wallets.apple import der
from passerelle.passes.wallets.apple.leaf import load_certificate

_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
_CERTIFICATE_LIMIT: Final = 20
_RSA_LIMIT_BITS: Final = 8_192

CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
DATA: Final = "1.2.840.113549.1.7.1"

HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "1.3.14.3.2.26": hashes.SHA1(),  # noqa: S303  passes of the years before 2016 are signed with it
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_RSA_SIGNATURES: Final = frozenset(
    {
        "1.2.840.113549.1.1.1",  # rsaEncryption
        "1.2.840.113549.1.1.5",  # sha1WithRSAEncryption
        "1.2.840.113549.1.1.11",  # sha256WithRSAEncryption, then 384 and 512
        "1.2.840.113549.1.1.12",
        "1.2.840.113549.1.1.13",
    }
)
_ECDSA_SIGNATURES: Final = frozenset({f"1.2.840.10045.4.3.{number}" for number in (2, 3, 4)} | {"1.2.840.10045.4.1"})


@dataclass(frozen=True, slots=True)
class CmsSignature:
    """One SignedData with its first signer; a pass has one."""

    detached: bool
    certificates: list[x509.Certificate]
    unreadable_certificates: int
    signer_count: int
    signer: x509.Certificate | None
    digest_algorithm: str
    signature_algorithm: str
    signature: bytes
    attributes_encoding: bytes | None
    """The signed attributes as the SET that is signed, or None when there are none."""
    content_type: str | None
    message_digest: bytes | None
    signing_time: datetime | None


def read_cms(data: bytes) -> CmsSignature:
    """Take a signature apart; raises ``der.MalformedAsn1``."""
    content_type, content = _exactly(der.read(data).expect(der.SEQUENCE).children(), 2)
    if der.read_object_identifier(content_type) != _SIGNED_DATA:
        raise der.MalformedAsn1("The structure is not SignedData.")
    (signed_data,) = _exactly(content.expect(der.CONTEXT_0).children(), 1)
    _version, _digests, encapsulated, *optional = _at_least(signed_data.expect(der.SEQUENCE).children(), 4)
    certificates, unreadable = _certificates([each for each in optional if each.tag == der.CONTEXT_0])
    signers = optional[-1].expect(der.SET).children()
    if not signers:
        raise der.MalformedAsn1("Nobody signed.")
    _, identifier, digest, *rest = _at_least(signers[0].expect(der.SEQUENCE).children(), 5)
    attributes = rest.pop(0) if rest[0].tag == der.CONTEXT_0 else None
    algorithm, signature = _at_least(rest, 2)[:2]
    values = {} if attributes is None else _attributes(attributes)
    return CmsSignature(
        detached=len(encapsulated.expect(der.SEQUENCE).children()) == 1,
        certificates=certificates,
        unreadable_certificates=unreadable,
        signer_count=len(signers),
        signer=next((each for each in certificates if _is_meant(each, identifier)), None),
        digest_algorithm=_algorithm(digest),
        signature_algorithm=_algorithm(algorithm),
        signature=signature.expect(der.OCTET_STRING).content,
        # The signature covers the attributes under the tag of SET (RFC 5652 §5.4).
        attributes_encoding=None if attributes is None else der.element(der.SET, attributes.content),
        content_type=der.read_object_identifier(values[CONTENT_TYPE]) if CONTENT_TYPE in values else None,
        message_digest=values[MESSAGE_DIGEST].expect(der.OCTET_STRING).content if MESSAGE_DIGEST in values else None,
        signing_time=der.read_time(values[SIGNING_TIME]) if SIGNING_TIME in values else None,
    )


def digest(algorithm: str, content: bytes) -> bytes | None:
    """The digest of the content, or None for an algorithm that no pass uses."""
    if algorithm not in HASHES:
        return None
    running = hashes.Hash(HASHES[algorithm])
    running.update(content)
    return running.finalize()


def verifies(cms: CmsSignature, content: bytes) -> bool | None:
    """Whether the signer's key made the signature; None when the kind of signature is not supported."""
    assert cms.signer is not None, "without the signer's certificate there is no key"
    signed = content if cms.attributes_encoding is None else cms.attributes_encoding
    key, hash_algorithm = cms.signer.public_key(), HASHES.get(cms.digest_algorithm)
    if hash_algorithm is None:
        return None
    try:
        if isinstance(key, rsa.RSAPublicKey) and cms.signature_algorithm in _RSA_SIGNATURES:
            if key.key_size > _RSA_LIMIT_BITS:
                return None
            key.verify(cms.signature, signed, padding.PKCS1v15(), hash_algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey) and cms.signature_algorithm in _ECDSA_SIGNATURES:
            key.verify(cms.signature, signed, ec.ECDSA(hash_algorithm))
        else:
            return None
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, ValueError):
        return None
    return True


def _certificates(sets: list[der.Element]) -> tuple[list[x509.Certificate], int]:
    encodings = [each.encoding for group in sets for each in group.children()]
    if len(encodings) > _CERTIFICATE_LIMIT:
        raise der.MalformedAsn1(f"A pass needs two certificates; here are {len(encodings)}.")
    certificates: list[x509.Certificate] = []
    unreadable = 0
    for encoding in encodings:
        try:
            certificates.append(load_certificate(encoding))
        except ValueError:
            unreadable += 1
    return certificates, unreadable


def _attributes(attributes: der.Element) -> dict[str, der.Element]:
    found: dict[str, der.Element] = {}
    for attribute in attributes.children():
        kind, values = _exactly(attribute.expect(der.SEQUENCE).children(), 2)
        name = der.read_object_identifier(kind)
        if name in found:
            raise der.MalformedAsn1("A signed attribute stands twice.")
        found[name] = _at_least(values.expect(der.SET).children(), 1)[0]
    return found


def _is_meant(certificate: x509.Certificate, identifier: der.Element) -> bool:
    if identifier.tag == der.SEQUENCE:
        issuer, serial_number = _exactly(identifier.children(), 2)
        own_issuer = der.read(certificate.tbs_certificate_bytes).children()[3]
        same = der.read_integer(serial_number) == certificate.serial_number
        return same and issuer.encoding == own_issuer.encoding
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return False
    return extension.value.digest == identifier.content


def _algorithm(found: der.Element) -> str:
    return der.read_object_identifier(_at_least(found.expect(der.SEQUENCE).children(), 1)[0])


def _exactly(elements: list[der.Element], count: int) -> list[der.Element]:
    if len(elements) != count:
        raise der.MalformedAsn1(f"A structure has {len(elements)} parts where {count} belong.")
    return elements


def _at_least(elements: list[der.Element], count: int) -> list[der.Element]:
    if len(elements) < count:
        raise der.MalformedAsn1(f"A structure has {len(elements)} parts where {count} belong.")
    return elements

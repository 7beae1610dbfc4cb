"""Apple's pass signature: a detached CMS SignedData over the manifest, made as fast as RSA allows.

Everything but the digest, the signing time and the RSA signature is the same for every pass of an identity,
so it is encoded once. RFC 5652 §5 is the structure; Apple asks for the signed attributes contentType,
messageDigest and signingTime, and for the leaf and its WWDR intermediate inside.
"""

from hashlib import sha256
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from passerelle.kit import clock
from passerelle.passes.wallets.apple import der

_DATA: Final = der.object_identifier("1.2.840.113549.1.7.1")
_SIGNED_DATA: Final = der.object_identifier("1.2.840.113549.1.7.2")
_CONTENT_TYPE: Final = der.object_identifier("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST: Final = der.object_identifier("1.2.840.113549.1.9.4")
_SIGNING_TIME: Final = der.object_identifier("1.2.840.113549.1.9.5")
_SHA256: Final = der.element(der.SEQUENCE, der.object_identifier("2.16.840.1.101.3.4.2.1"), der.NULL_ELEMENT)
_RSA: Final = der.element(der.SEQUENCE, der.object_identifier("1.2.840.113549.1.1.1"), der.NULL_ELEMENT)
_CONTENT_TYPE_ATTRIBUTE: Final = der.element(der.SEQUENCE, _CONTENT_TYPE, der.element(der.SET, _DATA))

_PADDING: Final = padding.PKCS1v15()
_HASH: Final = hashes.SHA256()


class Signer:
    """One identity's key and certificates, ready to sign; safe to share between threads."""

    def __init__(self, key: rsa.RSAPrivateKey, certificate: x509.Certificate, intermediate: x509.Certificate) -> None:
        self._key = key
        self._head = (
            der.integer(1)
            + der.element(der.SET, _SHA256)
            + der.element(der.SEQUENCE, _DATA)
            + der.element(
                der.CONTEXT_0, *sorted(each.public_bytes(Encoding.DER) for each in (certificate, intermediate))
            )
        )
        self._signer_head = der.integer(1) + _issuer_and_serial_number(certificate) + _SHA256

    def sign_detached(self, data: bytes) -> bytes:
        """The DER signature of a manifest, or of the token of a pass that is being personalized."""
        attributes = b"".join(
            (
                # DER sorts a SET OF by encoding; these three differ in their second byte, their length.
                _CONTENT_TYPE_ATTRIBUTE,
                der.element(der.SEQUENCE, _SIGNING_TIME, der.element(der.SET, der.time(clock.now()))),
                der.element(
                    der.SEQUENCE,
                    _MESSAGE_DIGEST,
                    der.element(der.SET, der.element(der.OCTET_STRING, sha256(data).digest())),
                ),
            )
        )
        # The signature covers the attributes as a SET, the message carries them under tag [0] (RFC 5652 §5.4).
        signature = self._key.sign(der.element(der.SET, attributes), _PADDING, _HASH)
        signer_info = der.element(
            der.SEQUENCE,
            self._signer_head,
            der.element(der.CONTEXT_0, attributes),
            _RSA,
            der.element(der.OCTET_STRING, signature),
        )
        signed_data = der.element(der.SEQUENCE, self._head, der.element(der.SET, signer_info))
        return der.element(der.SEQUENCE, _SIGNED_DATA, der.element(der.CONTEXT_0, signed_data))


def _issuer_and_serial_number(certificate: x509.Certificate) -> bytes:
    # The issuer is copied as it stands: encoding it anew could change string types, and readers compare bytes.
    version, serial_number, _algorithm, issuer, *_ = der.read(certificate.tbs_certificate_bytes).children()
    if version.tag != der.CONTEXT_0:
        raise der.MalformedAsn1("Only X.509 version 3 certificates can sign passes.")
    return der.element(der.SEQUENCE, issuer.encoding, serial_number.encoding)

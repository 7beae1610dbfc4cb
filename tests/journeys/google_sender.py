"""Google as the sender of callbacks (ECv2SigningOnly), with the sample keys of the Tink library's own tests."""

import base64
import json
import struct
import time
import uuid
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.journeys.shopkeeper import Json

ISSUER: Final = "3388000000000000001"
_ROOT: Final = (
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRi9hSdY+knJ08odnYtZFMRi7ZYeMoasAijLhD4GiQ1yhRANCAAQ1"
    "e9irEPlZrIpiG5dB690Z0sDyJ9XguxFLa4q8WjzDDKLCBAcH0OIrMbpP8/UW70GXvNbL+x7kPLjCTWYmg+7G"
)
_INTERMEDIATE: Final = (
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+Jvpkq26tpZ0sTTZVh4teEI41SnJdmkBzM8VZ5ZirE2hRANCAATw"
    "5q6vC9vJibwlYOAU9FMgODT+RxBMUBDi3GLkg/QDIzVCJqDBGENR+OmpmSnDzG38NfDJZgzQN0eqh5VMqqZh"
)


def _key(encoded: str) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_der_private_key(base64.b64decode(encoded), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def milliseconds(from_now_seconds: float = 600) -> int:
    """An instant as Google writes it."""
    return int((time.time() + from_now_seconds) * 1000)


def message(serial: str, **changes: object) -> Json:
    """A saved card."""
    return {
        "classId": f"{ISSUER}.class",
        "objectId": f"{ISSUER}.{serial}",
        "eventType": "save",
        "expTimeMillis": milliseconds(),
        "count": 1,
        "nonce": str(uuid.uuid4()),
    } | changes


@dataclass(frozen=True, slots=True)
class Sender:
    """Signs; its keys and times may be those of an impostor."""

    root: ec.EllipticCurvePrivateKey = field(default_factory=lambda: _key(_ROOT))
    issuer: str = ISSUER
    key_expires_at: int = field(default_factory=lambda: milliseconds(86_400))

    def sign(self, told: Json) -> Json:
        """The body of the POST."""
        intermediate = _key(_INTERMEDIATE)
        public = intermediate.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        signed_key = json.dumps(
            {"keyValue": base64.b64encode(public).decode(), "keyExpiration": str(self.key_expires_at)}
        )
        signed_message = json.dumps(told)
        head = ("GooglePayPasses",)
        return {
            "protocolVersion": "ECv2SigningOnly",
            "signature": _sign(intermediate, *head, self.issuer, "ECv2SigningOnly", signed_message),
            "intermediateSigningKey": {
                "signedKey": signed_key,
                "signatures": [_sign(self.root, *head, "ECv2SigningOnly", signed_key)],
            },
            "signedMessage": signed_message,
        }


def stranger() -> Sender:
    """Somebody with a root key of their own."""
    return Sender(root=ec.generate_private_key(ec.SECP256R1()))


def _sign(key: ec.EllipticCurvePrivateKey, *parts: str) -> str:
    encoded = [part.encode() for part in parts]
    content = b"".join(struct.pack("<I", len(part)) + part for part in encoded)
    return base64.b64encode(key.sign(content, ec.ECDSA(hashes.SHA256()))).decode()

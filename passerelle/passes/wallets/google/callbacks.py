"""Save and delete callbacks: Google's ECv2SigningOnly signature, verified in full.

The algorithm, after https://developers.google.com/wallet and Tink's PaymentMethodTokenRecipient. Let ``lp(x)`` be
the UTF-8 bytes of x after their number, four bytes little endian:

1. A root key for this protocol version that has not expired verifies one of ``signatures`` over
   ``lp("GooglePayPasses") lp(protocolVersion) lp(signedKey)``.
2. The intermediate key inside ``signedKey`` has not expired.
3. It verifies ``signature`` over
   ``lp("GooglePayPasses") lp(issuerId) lp(protocolVersion) lp(signedMessage)``.
4. The message has not expired, is about a save or a deletion, and its ids are the issuer's.

Signatures cover the strings as they came: ``signedKey`` and ``signedMessage`` are never written again. Callbacks
may repeat and arrive late: the caller uses each ``nonce`` once, until ``expires_at``.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

import orjson
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from passerelle.passes.wallets.google.errors import (
    CallbackExpired,
    CallbackMalformed,
    CallbackSignatureInvalid,
)
from passerelle.passes.wallets.google.names import is_resource_id, issuer_of

PROTOCOL: Final = "ECv2SigningOnly"
SENDER: Final = "GooglePayPasses"
CALLBACK_BYTES: Final = 16_384
_SIGNATURES: Final = 4
_SIGNATURE_CHARACTERS: Final = 128
_KEY_CHARACTERS: Final = 512
_NONCE_CHARACTERS: Final = 200
_COUNT_MAX: Final = 2**31 - 1
_LATEST_MILLIS: Final = 253_402_300_799_000  # the last second of the year 9999, the calendar's end

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

EventType = Literal["save", "del"]


@dataclass(frozen=True, slots=True)
class RootKey:
    """One of Google's published keys, good until it expires."""

    key: EllipticCurvePublicKey
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CallbackEvent:
    """A card was saved to a wallet or deleted from one. ``nonce`` names the event; repeats share it."""

    class_id: str
    object_id: str
    event_type: EventType
    nonce: str
    expires_at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class _Envelope:
    signature: bytes
    signed_key: str
    key_signatures: list[bytes]
    signed_message: str


def verify_callback(body: bytes, *, issuer_id: str, root_keys: Iterable[RootKey], now: datetime) -> CallbackEvent:
    """What Google tells in this callback, once every check has passed.

    Raises CallbackMalformed, CallbackSignatureInvalid or CallbackExpired, none of which says more than that.
    """
    envelope = _envelope(body)
    _check_intermediate(envelope, root_keys, now)
    intermediate, expires_at = _intermediate_key(envelope.signed_key)
    if now >= expires_at:
        raise CallbackExpired
    signed = length_prefixed(SENDER, issuer_id, PROTOCOL, envelope.signed_message)
    if not _verifies(intermediate, envelope.signature, signed):
        raise CallbackSignatureInvalid
    event = _event(envelope.signed_message)
    if now >= event.expires_at:
        raise CallbackExpired
    if issuer_of(event.class_id) != issuer_id or issuer_of(event.object_id) != issuer_id:
        raise CallbackSignatureInvalid
    return event


def claimed_issuer(body: bytes) -> str:
    """The issuer that an unverified callback claims to be for, to look up whose it is.

    Believe nothing else before ``verify_callback``. Raises CallbackMalformed.
    """
    return issuer_of(_event(_envelope(body).signed_message).class_id)


def claimed_object(body: bytes) -> str:
    """The card that an unverified callback claims to be about, to look up whose it is.

    Believe nothing else before ``verify_callback``. Raises CallbackMalformed.
    """
    return _event(_envelope(body).signed_message).object_id


def length_prefixed(*parts: str) -> bytes:
    """What ECv2 signs: every part in UTF-8 behind its number of bytes, four bytes little endian."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "little") + part for part in encoded)


def public_key(value: object) -> EllipticCurvePublicKey:
    """A P-256 key from base64 of its SubjectPublicKeyInfo; raises ValueError for anything else."""
    if not isinstance(value, str) or len(value) > _KEY_CHARACTERS:
        raise ValueError("Not a public key.")
    try:
        key = load_der_public_key(base64.b64decode(value, validate=True))
    except UnsupportedAlgorithm as unsupported:
        raise ValueError("Not a key of a known algorithm.") from unsupported
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    raise ValueError("Not a P-256 key.")


def instant(millis: object) -> datetime:
    """A time in milliseconds since 1970, a number or its digits; raises ValueError for anything else."""
    if isinstance(millis, str) and millis.isascii() and millis.isdigit() and len(millis) <= 16:
        millis = int(millis)
    if not isinstance(millis, int) or isinstance(millis, bool) or not 0 <= millis <= _LATEST_MILLIS:
        raise ValueError("Not a time in milliseconds.")
    return _EPOCH + timedelta(milliseconds=millis)


def _check_intermediate(envelope: _Envelope, root_keys: Iterable[RootKey], now: datetime) -> None:
    signed = length_prefixed(SENDER, PROTOCOL, envelope.signed_key)
    for root in root_keys:
        if now < root.expires_at and any(
            _verifies(root.key, signature, signed) for signature in envelope.key_signatures
        ):
            return
    raise CallbackSignatureInvalid


def _verifies(key: EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _envelope(body: bytes) -> _Envelope:
    if len(body) > CALLBACK_BYTES:
        raise CallbackMalformed
    document = _object(body)
    intermediate = document.get("intermediateSigningKey")
    if document.get("protocolVersion") != PROTOCOL or not isinstance(intermediate, dict):
        raise CallbackMalformed
    signatures = intermediate.get("signatures")
    if not isinstance(signatures, list) or not 1 <= len(signatures) <= _SIGNATURES:
        raise CallbackMalformed
    return _Envelope(
        _signature(document.get("signature")),
        _string(intermediate.get("signedKey"), CALLBACK_BYTES),
        [_signature(signature) for signature in signatures],
        _string(document.get("signedMessage"), CALLBACK_BYTES),
    )


def _intermediate_key(signed_key: str) -> tuple[EllipticCurvePublicKey, datetime]:
    fields = _object(signed_key.encode())
    try:
        return public_key(fields.get("keyValue")), instant(fields.get("keyExpiration"))
    except ValueError:
        raise CallbackMalformed from None


def _event(signed_message: str) -> CallbackEvent:
    fields = _object(signed_message.encode())
    class_id, object_id, event_type = fields.get("classId"), fields.get("objectId"), fields.get("eventType")
    count = fields.get("count", 1)
    if not is_resource_id(class_id) or not is_resource_id(object_id):
        raise CallbackMalformed
    if event_type not in ("save", "del"):
        raise CallbackMalformed
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= _COUNT_MAX:
        raise CallbackMalformed
    try:
        expires_at = instant(fields.get("expTimeMillis"))
    except ValueError:
        raise CallbackMalformed from None
    nonce = _string(fields.get("nonce"), _NONCE_CHARACTERS)
    return CallbackEvent(class_id, object_id, event_type, nonce, expires_at, count)


def _object(text: bytes) -> Mapping[str, Any]:
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise CallbackMalformed from None
    if not isinstance(document, dict):
        raise CallbackMalformed
    return document


def _string(value: object, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest or "\0" in value:
        raise CallbackMalformed
    return value


def _signature(value: object) -> bytes:
    try:
        return base64.b64decode(_string(value, _SIGNATURE_CHARACTERS), validate=True)
    except (binascii.Error, ValueError):
        raise CallbackMalformed from None

"""Who may push to which topic: the client certificate, or the provider token (a JWT signed with ES256)."""

import base64
import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import NameOID

TOKEN_MAX_AGE_SECONDS: Final = 3600
TOKEN_MIN_RENEWAL_SECONDS: Final = 20 * 60
_TOKEN_MAX_CHARACTERS: Final = 4096
_CLOCK_TOLERANCE_SECONDS: Final = 60
_CACHED_TOKENS: Final = 256


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key that a team registered: ``.p8`` public half, as PEM."""

    key_id: str
    team_id: str
    public_key_pem: bytes


@dataclass(frozen=True, slots=True)
class ProviderToken:
    """A provider token whose signature is good."""

    team_id: str
    issued_at: int


def certificate_topic(der: bytes) -> str | None:
    """The topic of a pass certificate: its subject's UID; None when it has none."""
    values = x509.load_der_x509_certificate(der).subject.get_attributes_for_oid(NameOID.USER_ID)
    return str(values[0].value) or None if values else None


class TokenVerifier:
    """Checks provider tokens against the registered keys.

    Remembers the good ones, for a team sends the same token with every push of an hour.
    """

    def __init__(self, keys: Iterable[TokenKey]) -> None:
        self._keys = {key.key_id: (key.team_id, _public_key(key)) for key in keys}
        self._good: OrderedDict[bytes, ProviderToken] = OrderedDict()

    def verify(self, authorization: bytes) -> ProviderToken | None:
        """The token of an ``authorization: bearer …`` header, or None when it is not a good one."""
        known = self._good.get(authorization)
        if known is not None:
            return known
        scheme, _, text = authorization.partition(b" ")
        if scheme.lower() != b"bearer" or len(text) > _TOKEN_MAX_CHARACTERS:
            return None
        token = self._decode(text)
        if token is not None:
            self._good[authorization] = token
            if len(self._good) > _CACHED_TOKENS:
                self._good.popitem(last=False)
        return token

    def _decode(self, text: bytes) -> ProviderToken | None:
        try:
            signed, signature = text.rsplit(b".", 1)
            header, claims = (_json(part) for part in signed.split(b"."))
            team_id, key = self._keys[header["kid"]]
            raw = _decoded(signature)
            pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
            key.verify(pair, signed, ec.ECDSA(hashes.SHA256()))
            issued_at = claims["iat"]
        except (ValueError, KeyError, TypeError, InvalidSignature):
            return None
        shaped = header.get("alg") == "ES256" and len(raw) == 64 and isinstance(issued_at, int)
        return ProviderToken(team_id, issued_at) if shaped and claims.get("iss") == team_id else None


def is_expired(token: ProviderToken, now_seconds: float) -> bool:
    return now_seconds - token.issued_at > TOKEN_MAX_AGE_SECONDS


def is_from_the_future(token: ProviderToken, now_seconds: float) -> bool:
    return token.issued_at - now_seconds > _CLOCK_TOLERANCE_SECONDS


def _public_key(key: TokenKey) -> ec.EllipticCurvePublicKey:
    loaded = serialization.load_pem_public_key(key.public_key_pem)
    if not isinstance(loaded, ec.EllipticCurvePublicKey) or not isinstance(loaded.curve, ec.SECP256R1):
        raise TypeError(f"Key {key.key_id} is not a P-256 public key.")
    return loaded


def _json(part: bytes) -> dict[str, Any]:
    value = json.loads(_decoded(part))
    if not isinstance(value, dict):
        raise TypeError("A JWT part is a JSON object.")
    return value


def _decoded(part: bytes) -> bytes:
    return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)

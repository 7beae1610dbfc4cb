"""What a device signs, and whether it did. Pure; the vectors are in docs/mechanisms/offline.md.

The signed bytes are a line that names the format, a line that names the device, and the operation without its
signature as canonical JSON (RFC 8785; there are no fractions in it, so that numbers are plain digits).
"""

import base64
import binascii
import json
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_FORMAT: Final = "passerelle-offline-v1"


def canonical(value: Any) -> str:
    """A value as canonical JSON: keys sorted, no blanks, characters as themselves."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def signed_bytes(device: str, operation: dict[str, Any]) -> bytes:
    """What the device ``dev_…`` signs of an operation."""
    unsigned = {name: value for name, value in operation.items() if name != "signature"}
    return f"{_FORMAT}\n{device}\n{canonical(unsigned)}".encode()


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the owner of the key signed the message (Ed25519, RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def from_base64url(text: str, size: int) -> bytes:
    """Exactly ``size`` bytes from base64url, with or without padding; raises ValueError."""
    try:
        raw = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("This is not base64url.") from None
    if len(raw) != size:
        raise ValueError(f"{size} bytes are needed, as base64url.")
    return raw

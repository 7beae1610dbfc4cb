"""Time-based one-time passwords: RFC 6238 over HMAC-SHA-1 with six digits and steps of 30 seconds, as apps expect."""

import base64
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

STEP_SECONDS: Final = 30
DIGITS: Final = 6
SECRET_BYTES: Final = 20
"""As long as SHA-1's digest (RFC 4226 §4, R6)."""
RECOVERY_CODES: Final = 10
RECOVERY_CODE_LETTERS: Final = 10
_DRIFT_STEPS: Final = 1
"""RFC 6238 §5.2: one step of delay at most, for clocks that differ and people who type slowly."""


def step_of(instant: datetime) -> int:
    """The time step that an instant lies in."""
    return int(instant.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int, *, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """The code of a step (RFC 4226 §5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), algorithm)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, code: str, instant: datetime, last_step: int | None) -> int | None:
    """The step that a code is of, or None.

    A step that was used, and any before it, is no more accepted: a code that somebody read over a shoulder is
    worthless (RFC 6238 §5.2). Every step is compared, in constant time.
    """
    now = step_of(instant)
    found: int | None = None
    for step in range(now - _DRIFT_STEPS, now + _DRIFT_STEPS + 1):
        right = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if right and (last_step is None or step > last_step):
            found = step
    return found


def enrolment_url(secret: bytes, *, issuer: str, account: str) -> str:
    """What the QR code says to an authenticator app (Google's “Key URI format”)."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='')}"
    query = {
        "secret": as_text(secret),
        "issuer": issuer,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": STEP_SECONDS,
    }
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"


def as_text(secret: bytes) -> str:
    """The secret as people type it: base 32 without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def plain_code(typed: str) -> str:
    """A code as it was meant: without spaces and hyphens, in Western digits and small letters."""
    kept = "".join(letter for letter in typed.lower() if letter.isalnum())
    western = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in kept)
    return western.translate(str.maketrans("oil", "011"))


def is_time_code(code: str) -> bool:
    """Whether it has the form of an app's code; recovery codes are longer."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()

"""What a card's barcode holds, and what it proves. Pure; the tests read the tables of docs/mechanisms/barcodes.md.

Every value begins with the 16 characters of the card's code. A signed one goes on with ``u`` and a keyed signature,
a rotating one with ``u``, a time-based password (RFC 6238) and the second in which it was shown: so that one HMAC
tells whether it is genuine, and how old it is. ``u`` is no letter of codes, and what follows survives being typed.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

CodeKind = Literal["static", "signed", "rotating"]
"""How a card is shown, from what is copied most easily to what a picture does not copy."""
CopiesMay = Literal["everything", "earn", "look_up"]
Use = Literal["look_up", "earn", "take"]
"""What a till is about to do: look, book, or give away."""
Fault = Literal["wrong", "too_old", "ahead"]

PROOF: Final = "pass.proof"
"""The fact that carries a card's proof to its wallet; no text of a template can name it."""
TOTP_KEY_BYTES: Final = 20
PERIOD_SECONDS: Final = 30
DIGITS: Final = 8
CODE_LETTERS: Final = 16
_STEPS: Final = 1
"""So many steps around the present one are taken: clocks differ, and people take a moment (RFC 6238, 5.2)."""
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_MARK: Final = "u"
_SIGNED_LETTERS: Final = 13
# What people type for the letters that codes do not have (Crockford's base 32).
_TYPED: Final = str.maketrans({"o": "0", "i": "1", "l": "1"})
_VALUE: Final = re.compile(
    rf"([{_ALPHABET}]{{{CODE_LETTERS}}}){_MARK}(?:([{_ALPHABET}]{{{_SIGNED_LETTERS}}})|([0-9]{{{DIGITS}}})([0-9]{{10}}))"
)
_KINDS: Final[Sequence[CodeKind]] = ("static", "signed", "rotating")
_MAY: Final[Sequence[CopiesMay]] = ("look_up", "earn", "everything")
_USES: Final[Sequence[Use]] = ("look_up", "earn", "take")


class Read(NamedTuple):
    """A value as it was read: the code, and its signature, or its password and the second in which it was shown."""

    code: str
    signature: str | None = None
    password: str | None = None
    shown_second: int = 0

    @property
    def kind(self) -> CodeKind:
        """What it claims to be."""
        if self.password is not None:
            return "rotating"
        return "static" if self.signature is None else "signed"


class CodeKeys(NamedTuple):
    """The organization's key for signatures, and the card's for its passwords."""

    signing: bytes
    rotating: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """How a card was shown, and how long before it was judged; ``step`` is the period of a rotating code."""

    kind: CodeKind = "static"
    age_seconds: int | None = None
    step: int | None = None


STATIC: Final = Shown()


def read(typed: str) -> Read:
    """What was scanned or typed; case, blanks and hyphens do not matter."""
    plain = "".join(filter(str.isalnum, typed.lower())).translate(_TYPED)[:64]
    found = _VALUE.fullmatch(plain)
    if found is None:
        return Read(plain)
    code, signature, password, second = found.groups()
    return Read(code, signature, password, int(second or 0))


def signature_of(key: bytes, code: str) -> str:
    """65 bits of HMAC-SHA-256, as 13 letters."""
    number = int.from_bytes(hmac.digest(key, code.encode(), "sha256")[:9])
    return "".join(_ALPHABET[number >> (5 * place) & 31] for place in range(_SIGNED_LETTERS))


def totp(key: bytes, step: int) -> str:
    """RFC 6238 with HMAC-SHA-1 for one time step, counted from T0 = 0."""
    digest = hmac.digest(key, step.to_bytes(8), "sha1")
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_at(instant: datetime) -> int:
    """The time step of an instant."""
    return int(instant.timestamp()) // PERIOD_SECONDS


def signed_proof(keys: CodeKeys, code: str) -> str:
    """What follows the code in a signed value."""
    return _MARK + signature_of(keys.signing, code)


def rotating_proof(keys: CodeKeys, step: int) -> str:
    """What follows the code in a rotating value during one step."""
    return f"{_MARK}{totp(keys.rotating, step)}{step * PERIOD_SECONDS:010}"


GOOGLE_PROOF: Final = f"{_MARK}{{totp_value_0}}{{totp_timestamp_seconds}}"
"""The same as Google Wallet computes it."""


def proven(message: str, code: str, proof: str) -> str:
    """A barcode's message with the proof behind its code; one in which the code does not stand stays as it is."""
    place = message.lower().find(code) if proof else -1
    return message if place < 0 else f"{message[: place + len(code)]}{proof}{message[place + len(code) :]}"


def verify(keys: CodeKeys, told: Read, at: datetime, slack: timedelta = timedelta(0)) -> Shown | Fault:
    """How a card was shown, or what is wrong with the value; compared in constant time.

    ``at`` is when it was read, ``slack`` how far that may be off. The second in the value says which password to
    compute; those of the steps beside it are computed only for what would be refused, in case a wallet's second is
    not that of its password.
    """
    if told.signature is not None:
        genuine = hmac.compare_digest(signature_of(keys.signing, told.code), told.signature)
        return Shown("signed") if genuine else "wrong"
    assert told.password is not None, "A value without a proof proves nothing."
    step = told.shown_second // PERIOD_SECONDS
    if not hmac.compare_digest(totp(keys.rotating, step), told.password):
        step = _beside(keys, told.password, step)
        if step < 0:
            return "wrong"
    now = at.timestamp()
    if (step + 1 + _STEPS) * PERIOD_SECONDS <= now - slack.total_seconds():
        return "too_old"
    if (step - _STEPS) * PERIOD_SECONDS > now + slack.total_seconds():
        return "ahead"
    return Shown("rotating", max(0, int(now) - told.shown_second), step)


def _beside(keys: CodeKeys, password: str, step: int) -> int:
    found = -1
    for other in (step - 1, step + 1):
        if other >= 0 and hmac.compare_digest(totp(keys.rotating, other), password):
            found = other
    return found


def may_with(asked: CodeKind, shown: CodeKind, copies_may: CopiesMay) -> CopiesMay:
    """What may be done with a card of a program that asks for one kind of code and is shown another.

    The plain code stands in every value, so whoever has a picture can type it: of itself it earns at most.
    """
    if _KINDS.index(shown) >= _KINDS.index(asked):
        return "everything"
    if shown == "static":
        return min(copies_may, "earn", key=_MAY.index)
    return copies_may


def suffices(may: CopiesMay, use: Use) -> bool:
    """Whether what may be done covers what a till is about to do."""
    return _MAY.index(may) >= _USES.index(use)

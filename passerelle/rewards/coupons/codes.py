"""Codes as texts: which letters they have, how many guesses they withstand, how they are read. Pure.

Generated codes have no letters that look alike. Codes of a shop's own may have them, so reading maps look-alikes to
one letter of each family, and two codes that differ in nothing else are the same code.
"""

import math
import unicodedata
from collections.abc import Callable, Iterator
from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from passerelle.kit.wire import WholeNumber, Wire

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals without 0 O, 1 I L, and without U, which is read as V."""
BITS_PER_LETTER: Final = math.log2(len(ALPHABET))
MIN_LENGTH: Final = 3
MAX_LENGTH: Final = 40
MAX_TYPED: Final = 200
"""What a code may take with blanks and dashes."""
MIN_BITS: Final = 50
"""What every pattern has, enough for a million codes: those issued one by one are not counted."""
GUESS_BITS: Final = 30
"""A guess hits one of all codes of a campaign at most once in 2**30 (a thousand million)."""

_SAME: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_ALLOWED: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DROPPED: Final = frozenset({"Pd", "Zs", "Zl", "Zp", "Cc", "Cf", "Pc"})  # dashes, blanks, controls, underscores
# A random byte is a letter with equal chance for each, once the bytes above the last full round are left out.
_ROUND: Final = 256 - 256 % len(ALPHABET)
_LETTER_OF_BYTE: Final = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_LEFT_OUT: Final = bytes(range(_ROUND, 256))
_VALUES: Final = {letter: value for value, letter in enumerate(ALPHABET)}


class CodePattern(Wire):
    """How codes of a campaign look: a prefix, then random letters in groups, the last a check letter if asked for."""

    model_config = ConfigDict(frozen=True)

    prefix: Annotated[
        str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=10, pattern=r"^[A-Za-z0-9]*$")
    ] = ""
    length: Annotated[WholeNumber, Field(ge=4, le=24, description="Letters after the prefix.")] = 12
    group: Annotated[WholeNumber, Field(ge=0, le=24, description="A hyphen after so many letters; 0: none.")] = 4
    check_letter: bool = False

    @property
    def random_letters(self) -> int:
        """Letters that chance decides."""
        return self.length - self.check_letter

    @property
    def bits(self) -> float:
        """How many bits of chance a code has."""
        return self.random_letters * BITS_PER_LETTER

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if len(self.prefix) + self.length > MAX_LENGTH:
            raise ValueError(f"A code has at most {MAX_LENGTH} letters with its prefix.")
        return self


def needed_bits(codes: int) -> int:
    """How many bits of chance so many codes of one campaign need, rounded up."""
    return max(MIN_BITS, GUESS_BITS + math.ceil(math.log2(max(1, codes))))


def needed_length(pattern: CodePattern, codes: int) -> int:
    """How long the pattern would have to be for so many codes."""
    return math.ceil(needed_bits(codes) / BITS_PER_LETTER) + pattern.check_letter


def generate(pattern: CodePattern, count: int, random_bytes: Callable[[int], bytes]) -> list[str]:
    """So many codes in their canonical form; ``random_bytes`` must be unguessable. They may repeat, by chance."""
    size = pattern.random_letters
    letters = ""
    while len(letters) < size * count:
        missing = size * count - len(letters)
        letters += random_bytes(missing + missing // 8 + 16).translate(_LETTER_OF_BYTE, _LEFT_OUT).decode()
    bodies = (letters[start : start + size] for start in range(0, size * count, size))
    prefix = pattern.prefix.translate(_SAME)
    if pattern.check_letter:
        return [f"{prefix}{body}{check_letter(body)}" for body in bodies]
    return [prefix + body for body in bodies]


def written(pattern: CodePattern, canonical: str) -> str:
    """A generated code as people read it: the prefix as the shop writes it, and groups."""
    body = canonical[len(pattern.prefix) :]
    groups = list(_groups(body, pattern.group)) if pattern.group else [body]
    return "-".join([pattern.prefix, *groups] if pattern.prefix else groups)


def check_letter(body: str) -> str:
    """The letter that makes a wrong letter and two swapped neighbours visible (Luhn's sum, modulo the alphabet)."""
    size, total = len(ALPHABET), 0
    for position, letter in enumerate(reversed(body)):
        value = _VALUES[letter] * (2 if position % 2 == 0 else 1)
        total += value // size + value % size
    return ALPHABET[-total % size]


def canonical(text: str) -> str | None:
    """What a typed, scanned or imported text means: one spelling for all that look the same; None for no code.

    Case, blanks and dashes do not matter, nor digits of other scripts, nor letters that look alike.
    """
    if len(text) > MAX_TYPED:
        return None
    letters = []
    for character in unicodedata.normalize("NFKC", text).upper():
        if unicodedata.category(character) in _DROPPED:
            continue
        digit = unicodedata.decimal(character, None)
        letter = character if digit is None else str(digit)
        if letter not in _ALLOWED:
            return None
        letters.append(letter)
    return "".join(letters).translate(_SAME) if MIN_LENGTH <= len(letters) <= MAX_LENGTH else None


def tidy(text: str) -> str:
    """An imported code as it is kept and shown: capitals, plain letters, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).upper().split())


def _groups(body: str, size: int) -> Iterator[str]:
    return (body[start : start + size] for start in range(0, len(body), size))

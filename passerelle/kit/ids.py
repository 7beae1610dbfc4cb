"""Identifiers: UUIDv7 inside, ``cus_…`` on the wire, and unguessable tokens that name their tenant.

On the wire an id is a prefix and 26 characters of Crockford base 32 (no i, l, o, u), so that a person can
read it aloud and a log line says what kind of thing it names.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar, Final
from uuid import UUID

import uuid_utils.compat
from asyncpg.pgproto.pgproto import UUID as DriverUUID  # noqa: N811  there are two of that name
from pydantic_core import core_schema

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence

ABOVE_ALL: Final = UUID(int=(1 << 128) - 1)
"""Below this, a list that tells the newest first begins."""
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = [first + second for first in _ALPHABET for second in _ALPHABET]
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_LENGTH: Final = 26
_TENANT_BYTES: Final = 16


class InvalidId(Refusal):
    """A text that is no identifier of the expected kind."""

    code = "invalid_id"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This is not an identifier of the form {expected}. Check that it was copied whole.",
        "fr": "Ce n'est pas un identifiant de la forme {expected}. Vérifiez qu'il a été copié en entier.",
        "ar": "هذا ليس معرّفًا بالصيغة {expected}. تأكّد من نسخه كاملًا.",
    }


def new_id() -> UUID:
    """A fresh UUIDv7: ordered by time, so new rows land together in an index."""
    return uuid_utils.compat.uuid7()


def uuid_of(text: str) -> UUID:
    """An id out of JSON that is kept and looked up often: the driver's kind, which is hashed and compared in C."""
    made: UUID = DriverUUID(text)
    return made


def first_id_at(instant: datetime) -> UUID:
    """The smallest id that can be made at an instant: ids of the millisecond and later are above it."""
    return UUID(int=(int(instant.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62))


def time_of(value: UUID) -> datetime:
    """When an id was made, to the millisecond."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)


@lru_cache(maxsize=1_024)
def encode(prefix: str, value: UUID) -> str:
    """The wire form, such as ``cus_01k9…``; remembered, for answers name the same rules again and again."""
    return f"{prefix}_{_base32(value.int)}"


def decode(prefix: str, text: str) -> UUID:
    """Back from the wire form; raises InvalidId for anything else."""
    head, _, body = text.partition("_")
    if head != prefix or len(body) != _LENGTH or not set(body) <= _VALUES.keys():
        raise InvalidId(expected=f"{prefix}_…")
    number = 0
    for character in body:
        number = number << 5 | _VALUES[character]
    if number >> 128:
        raise InvalidId(expected=f"{prefix}_…")
    return UUID(int=number)


@dataclass(frozen=True, slots=True)
class WireId:
    """The pydantic type of one kind of id: ``CustomerId = Annotated[UUID, WireId("cus")]`` in schemas."""

    prefix: str

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._parse, serialization=core_schema.plain_serializer_function_ser_schema(self._write, when_used="json")
        )

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        example = self._write(UUID(int=0x0198_0000_0000_7000_8000_0000_0000_0000))
        return {"type": "string", "pattern": f"^{self.prefix}_[0-9a-hjkmnp-tv-z]{{26}}$", "examples": [example]}

    def _parse(self, value: Any) -> UUID:
        if isinstance(value, UUID):
            return value
        try:
            return decode(self.prefix, str(value))
        except InvalidId as refusal:
            raise ValueError(refusal.sentence()) from None

    def _write(self, value: UUID) -> str:
        return encode(self.prefix, value)


def tenant_token(prefix: str, organization_id: UUID, secret: bytes) -> str:
    """A token such as ``key_…`` that carries its tenant, so that no table must be searched across tenants."""
    body = base64.urlsafe_b64encode(organization_id.bytes + secret).rstrip(b"=").decode()
    return f"{prefix}_{body}"


def open_tenant_token(prefix: str, token: str) -> tuple[UUID, bytes] | None:
    """The tenant and the secret of a token, or None when it has not this form."""
    head, _, body = token.partition("_")
    if head != prefix or not 22 < len(body) <= 200 or not body.isascii():
        return None
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) <= _TENANT_BYTES:
        return None
    return UUID(bytes=raw[:_TENANT_BYTES]), raw[_TENANT_BYTES:]


def new_secret(size_bytes: int = 32) -> bytes:
    """Random bytes nobody can guess."""
    return secrets.token_bytes(size_bytes)


def new_code(length: int = 16) -> str:
    """An unguessable code that a person can type: 5 bits a character, no look-alike letters."""
    return "".join([_ALPHABET[byte & 31] for byte in secrets.token_bytes(length)])


def digest(secret: bytes) -> bytes:
    """What is stored in place of a high-entropy secret."""
    return hashlib.sha256(secret).digest()


def _base32(number: int) -> str:
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])

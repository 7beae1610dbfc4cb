"""The join form as it comes back: its fields, and the ticket that says when and for what it was opened."""

import base64
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from passerelle.customers.schemas import NewCustomer
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.i18n import Language
from passerelle.kit.ids import new_secret

_NONCE_BYTES: Final = 16
_TIME_BYTES: Final = 6
_SEAL_BYTES: Final = 16
MAX_NAME: Final = 100  # of customers' names
_MAX_PHONE: Final = 40
_MAX_EMAIL: Final = 254
_NONE_SUCH: Final = "-"
TRAP: Final = "website"  # people do not see this field, browsers do not fill it in, spam programs do


@dataclass(frozen=True, slots=True)
class JoinForm:
    """What was typed, as typed: it is shown again when something must be corrected."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    loyalty: bool = False
    marketing: bool = False
    ticket: str = field(default="", repr=False)
    is_trapped: bool = False

    def person(self, language: Language) -> NewCustomer:
        """Whom the form names. What is too long for a phone number or an address is none, and is refused as such.

        Raises pydantic's ValidationError for a name without a letter.
        """
        return NewCustomer(
            first_name=self.name,
            phone=self.phone if len(self.phone) <= _MAX_PHONE else _NONE_SUCH,
            email=(self.email if len(self.email) <= _MAX_EMAIL else _NONE_SUCH) or None,
            language=language,
            source="form",
        )


@dataclass(frozen=True, slots=True, repr=False)
class Ticket:
    """One opened form: ``nonce`` is the browser's secret for it."""

    nonce: bytes
    opened_at: datetime


def missing(form: JoinForm) -> dict[str, str]:
    """Field → name of the sentence (wording.py) for what can be seen to be missing without asking anybody."""
    faults = {}
    if not form.name:
        faults["name"] = "name_missing"
    elif len(form.name) > MAX_NAME:
        faults["name"] = "name_too_long"
    if not form.phone:
        faults["phone"] = "phone_missing"
    if not form.loyalty:
        faults["loyalty"] = "loyalty_missing"
    return faults


def new_ticket(keys: TenantKeys, program_id: UUID, now: datetime) -> str:
    """The ticket of a form that is opened now."""
    return _written(keys, program_id, new_secret(_NONCE_BYTES), now)


def read_ticket(keys: TenantKeys, program_id: UUID, text: str) -> Ticket | None:
    """The ticket of a form of this program, or None for one that we did not write."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        return None
    if len(raw) != _NONCE_BYTES + _TIME_BYTES + _SEAL_BYTES:
        return None
    nonce, seconds = raw[:_NONCE_BYTES], int.from_bytes(raw[_NONCE_BYTES:-_SEAL_BYTES])
    if not hmac.compare_digest(raw[-_SEAL_BYTES:], _seal(keys, program_id, nonce, seconds)):
        return None
    return Ticket(nonce, datetime.fromtimestamp(seconds / 1000, UTC))


def _written(keys: TenantKeys, program_id: UUID, nonce: bytes, now: datetime) -> str:
    milliseconds = int(now.timestamp() * 1000)
    raw = nonce + milliseconds.to_bytes(_TIME_BYTES) + _seal(keys, program_id, nonce, milliseconds)
    return base64.urlsafe_b64encode(raw).decode()


def _seal(keys: TenantKeys, program_id: UUID, nonce: bytes, milliseconds: int) -> bytes:
    return keys.derive("join_form", f"{program_id}:{nonce.hex()}:{milliseconds}")[:_SEAL_BYTES]

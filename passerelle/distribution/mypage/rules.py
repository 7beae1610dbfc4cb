"""Decisions of my page: how long its links last, what a form's seal is, what counts as the word of an erasure."""

import base64
import hmac
from datetime import timedelta
from typing import Final, Literal

from passerelle.kit.crypto import TenantKeys
from passerelle.kit.i18n import LANGUAGES, Language

Purpose = Literal["page", "email", "phone"]
STEPS: Final[dict[Purpose, str]] = {"page": "open", "email": "confirm", "phone": "number"}
"""Where the links of each purpose lead, below the page."""
LINK_LIFE: Final = timedelta(minutes=30)
SESSION_LIFE: Final = timedelta(days=1)
LINKS_PER_HOUR: Final = 5
_MAX_WRITTEN: Final = 100
# Whoever erases types it: nothing that a thumb does by chance.
ERASE_WORDS: Final[dict[Language, str]] = {"en": "ERASE", "fr": "EFFACER", "ar": "محو"}


def is_erase_word(typed: str) -> bool:
    """Whether the word was typed, in any language, in any case."""
    return typed.strip().casefold() in {ERASE_WORDS[language].casefold() for language in LANGUAGES}


def form_seal(keys: TenantKeys, session_digest: bytes) -> str:
    """What every form of a session carries: only a page that we showed to it has it."""
    return keys.derive("page_form", session_digest.hex()).hex()[:32]


def same_seal(one: str, other: str) -> bool:
    """Whether a form came from a page of this session; compared in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def written(secret: bytes) -> str:
    """A secret as it stands in an address."""
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def read_secret(text: str) -> bytes | None:
    """Back from ``written``; None for a text that is no such thing."""
    if not text.isascii() or len(text) > _MAX_WRITTEN:
        return None
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None

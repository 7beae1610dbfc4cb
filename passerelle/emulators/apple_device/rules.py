"""The rules of the pass web service that the device watches, and how it words a breach.

The messages marked (passd) are those real devices send to ``/v1/log``, as published by developers who
received them; the others are ours.
"""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum


class Rule(StrEnum):
    """What the server has to keep."""

    REGISTER_STATUS = "register.status"
    UNREGISTER_STATUS = "unregister.status"
    LOG_STATUS = "log.status"
    LIST_STATUS = "list.status"
    LIST_SHAPE = "list.shape"
    LIST_EMPTY = "list.empty"
    LIST_TAG_UNCHANGED = "list.tag-unchanged"
    LIST_UNREGISTERED = "list.unregistered-serial"
    FETCH_STATUS = "fetch.status"
    FETCH_UNCHANGED = "fetch.unchanged"
    FETCH_IGNORED_CONDITION = "fetch.ignored-if-modified-since"
    FETCH_MIME_TYPE = "fetch.mime-type"
    FETCH_LAST_MODIFIED = "fetch.last-modified"
    FETCH_LAST_MODIFIED_BACKWARDS = "fetch.last-modified-backwards"
    FETCH_IDENTITY = "fetch.identity"
    FETCH_TOKEN_CHANGED = "fetch.authentication-token-changed"  # noqa: S105  the name of a rule
    PERSONALIZE_SIGNATURE = "personalize.signature"
    PERSONALIZE_AGAIN = "personalize.asks-again"
    FETCH_INVALID_PASS = "fetch.invalid-pass"  # noqa: S105  the name of a rule


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule the server broke, when (POSIX seconds), and the device's words for it."""

    rule: Rule
    message: str
    at: float


def http_date_seconds(text: str | None) -> float | None:
    """POSIX time of an HTTP-date in its one preferred form (RFC 9110 §5.6.7); None when it is not one."""
    if text is None or not text.endswith(" GMT") or len(text) != 29:
        return None
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None


def list_tag_unchanged(count: int, tag: str) -> str:
    """(passd)"""
    return (
        f"Response to 'What changed?' request included {count} serial numbers"
        f" but the lastUpdated tag ({tag}) remained the same."
    )


def list_unregistered(serial: str) -> str:
    """(passd)"""
    return f"Update requested for unregistered serial number {serial}"


def fetch_unchanged(serial: str) -> str:
    """(passd)"""
    return f"Server requested update to serial number '{serial}', but the pass was unchanged."


def fetch_ignored_condition(condition: str, serial: str) -> str:
    """(passd)"""
    return (
        f"Server ignored the 'if-modified-since' header ({condition}) and returned the full unchanged pass data"
        f" for serial number '{serial}'."
    )

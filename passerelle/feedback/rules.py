"""Decisions of feedback: which visits are asked about, when, and until when an answer may be given or changed.

The tests read docs/algorithms/feedback.md.
"""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from passerelle.feedback.schemas import AskedOccasion, FeedbackSettings

OPEN_FOR: Final = timedelta(days=30)
CHANGE_WITHIN: Final = timedelta(days=1)
LATEST: Final = timedelta(days=7)
"""A visit that is told later than this after it happened is not asked about."""
MAIL_WITHIN: Final = timedelta(days=2)
"""A question that became due earlier is not mailed any more: mails were off, or the server was."""
OCCASIONS: Final[Mapping[str, AskedOccasion]] = {
    "purchase.recorded": "purchase",
    "visit.recorded": "visit",
    "check_in.opened": "check_in",
}
WITHDRAWN: Final[Mapping[str, AskedOccasion]] = {
    "purchase.voided": "purchase",
    "visit.undone": "visit",
    "check_in.undone": "check_in",
}
_IDS: Final[Mapping[AskedOccasion, str]] = {
    "purchase": "purchase_id",
    "visit": "reference",
    "check_in": "check_in_id",
}
_MAC_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Visit:
    """Something that may be asked about, out of the log."""

    customer_id: UUID
    location_id: UUID | None
    occasion: AskedOccasion
    reference: str
    happened_at: datetime


def visit_of(name: str, payload: Mapping[str, Any], told_at: datetime, occasions: Collection[str]) -> Visit | None:
    """The visit that a fact tells of, if such are asked about and it is not too long ago."""
    occasion = OCCASIONS.get(name)
    customer_id = payload.get("customer_id")
    if occasion not in occasions or occasion is None or customer_id is None:
        return None
    happened_at = datetime.fromisoformat(payload["occurred_at"]) if "occurred_at" in payload else told_at
    if happened_at < told_at - LATEST:
        return None
    location = payload.get("location_id")
    reference = reference_of(occasion, payload)
    return Visit(UUID(customer_id), UUID(location) if location else None, occasion, reference, happened_at)


def reference_of(occasion: AskedOccasion, payload: Mapping[str, Any]) -> str:
    """How a visit is named, so that it is asked about once."""
    return f"{occasion}:{payload[_IDS[occasion]]}"


def due_at(visit: Visit, settings: FeedbackSettings, told_at: datetime) -> datetime:
    """When the question is asked: some time after the visit, and not before the visit was told."""
    return max(visit.happened_at + timedelta(minutes=settings.delay_minutes), told_at)


def may_answer(answered_at: datetime | None, open_until: datetime, now: datetime) -> bool:
    """Whether a first answer is taken still, or one that was given may be changed."""
    return now < open_until if answered_at is None else now < answered_at + CHANGE_WITHIN


def written(feedback_id: UUID, mac: bytes) -> str:
    """The single-purpose token of a question, for an address."""
    return f"{feedback_id.hex}{mac[:_MAC_BYTES].hex()}"


def read_id(token: str) -> UUID | None:
    """Which question a token claims to be of; ``is_genuine`` says whether it is."""
    if len(token) != 2 * (16 + _MAC_BYTES) or not token.isascii():
        return None
    try:
        return UUID(hex=token[:32])
    except ValueError:
        return None


def is_genuine(token: str, feedback_id: UUID, mac: bytes) -> bool:
    """Whether we wrote the token; compared in constant time."""
    return hmac.compare_digest(token.encode(), written(feedback_id, mac).encode())

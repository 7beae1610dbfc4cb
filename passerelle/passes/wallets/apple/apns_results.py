"""What an answer of APNs means for a registration (pure: no network, no clock).

| answer | outcome | because |
|---|---|---|
| 200 | delivered | APNs took it; that the device got it is never told |
| 410 Unregistered, ExpiredToken | gone | Apple: stop pushing to this token |
| 400 BadDeviceToken, MissingDeviceToken | gone | the token is no token (1) |
| 400 DeviceTokenNotForTopic | refused | the token lives, under another topic (2) |
| 429, 500, 503, other 5xx | retry | Apple's words: try again later |
| no answer: timeout, connection refused or lost | retry | a push is harmless when it arrives twice |
| no TLS: our certificate refused, theirs not trusted | refused | the same will happen again |
| 403, 404, 405, 413, other 400 | refused | certificate, key, topic or program is wrong; a person must act |

(1) The other documented cause, the wrong environment, cannot be ours: ``ApnsClient`` refuses the sandbox.
(2) The device sent token and pass type together, so it is our topic or identity that is wrong; removing the
registration would lose a good device.
"""

import json
import random
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

NOT_SENT: Final = 0  # PushResult.status when no answer came
_GONE_REASONS: Final = frozenset({"BadDeviceToken", "MissingDeviceToken"})
_TOKEN: Final = re.compile(r"(?:[0-9A-Fa-f]{2}){8,100}")  # Apple: do not assume a size; 100 bytes is the most
_TOPIC: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,254}")
_BACKOFF_BASE_SECONDS: Final = 1.0
_BACKOFF_CAP_SECONDS: Final = 900.0
_UNANSWERED_CAP_SECONDS: Final = 60.0
_MAX_RETRY_AFTER_SECONDS: Final = 86_400


class Outcome(StrEnum):
    """What to do about the registration."""

    DELIVERED = "delivered"
    GONE = "gone"  # remove the registration, unless the device renewed it after ``inactive_since``
    RETRY = "retry"  # try again after ``retry_after_seconds``, or ``backoff_seconds`` when that is None
    REFUSED = "refused"  # stop and tell the operator the reason


@dataclass(frozen=True, slots=True)
class Push:
    """One wake-up call: the device will ask which of its passes of this type changed."""

    token: str = field(repr=False)
    topic: str


@dataclass(frozen=True, slots=True)
class PushResult:
    """The answer to one push; ``status`` is 0 when there was none."""

    token: str = field(repr=False)
    status: int
    reason: str | None
    outcome: Outcome
    retry_after_seconds: int | None = None
    inactive_since: datetime | None = None


def unusable(push: Push) -> PushResult | None:
    """Why a push cannot be sent at all; checked before its token becomes part of a URL."""
    if not _TOKEN.fullmatch(push.token):
        return PushResult(push.token, NOT_SENT, "BadDeviceToken", Outcome.GONE)
    if not _TOPIC.fullmatch(push.topic):
        return PushResult(push.token, NOT_SENT, "BadTopic", Outcome.REFUSED)
    return None


def answered(token: str, status: int, body: bytes, retry_after_seconds: int) -> PushResult:
    """Read an answer; ``retry_after_seconds`` is 0 when the header was absent."""
    if status == 200:
        return PushResult(token, status, None, Outcome.DELIVERED)
    content = _content(body)
    reason = str(content.get("reason") or f"HTTP{status}")[:100]
    outcome = _outcome(status, reason)
    after = min(retry_after_seconds, _MAX_RETRY_AFTER_SECONDS) if outcome is Outcome.RETRY else 0
    since = _instant(content.get("timestamp")) if status == 410 else None
    return PushResult(token, status, reason, outcome, after or None, since)


def unanswered(token: str, reason: str, *, our_fault: bool) -> PushResult:
    """No answer came: the network's fault, or that of this installation's certificates."""
    return PushResult(token, NOT_SENT, reason, Outcome.REFUSED if our_fault else Outcome.RETRY)


def backoff_seconds(attempt: int, rng: random.Random, *, answered: bool = True) -> float:
    """How long to wait before attempt number ``attempt`` + 1, counted from 0: exponential, full jitter.

    Any moment between now and the doubled ceiling, so that a fleet of workers that failed together does not come
    back together. The ceiling is 15 minutes for somebody who answers and asks for patience; a network that is not
    there is not burdened by a try, so it is a minute, and cards are right soon after it has come back.
    """
    ceiling = min(
        _BACKOFF_CAP_SECONDS if answered else _UNANSWERED_CAP_SECONDS,
        _BACKOFF_BASE_SECONDS * 2 ** min(max(attempt, 0), 20),
    )
    return rng.uniform(0.0, ceiling)


def _outcome(status: int, reason: str) -> Outcome:
    if status == 410 or (status == 400 and reason in _GONE_REASONS):
        return Outcome.GONE
    return Outcome.RETRY if status == 429 or status >= 500 else Outcome.REFUSED


def _content(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _instant(milliseconds: object) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None

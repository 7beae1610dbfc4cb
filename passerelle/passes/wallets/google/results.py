"""What Google answered, in four words that tell the caller what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import orjson

from passerelle.kit import clock

if TYPE_CHECKING:
    import httpx  # see kit/http.py

ANSWER_BYTES: Final = 2_000_000
_RETRY_AFTER_SECONDS: Final = 3_600.0
_MESSAGE_CHARACTERS: Final = 300
_TOO_MANY_REQUESTS: Final = 429
_RETRIED_STATUSES: Final = frozenset({408, 425, 429})
_RATE_REASONS: Final = frozenset({"ratelimitexceeded", "userratelimitexceeded", "dailylimitexceeded"})


class GoogleOutcome(StrEnum):
    """What to do next."""

    DONE = "done"
    """Google has it."""
    RETRY = "retry"
    """Nothing is wrong with the request; repeat it, not before ``retry_after_seconds``."""
    REFUSED = "refused"
    """Google will not take it as it is; ``reason`` and ``message`` say why."""
    QUOTA = "quota"
    """Google has it, but the cap on notifications (3 per card in 24 h) kept it from ringing."""


@dataclass(frozen=True, slots=True)
class GoogleResult:
    """One answer. ``message`` and ``resource`` may quote what was sent: for people, not for logs."""

    outcome: GoogleOutcome
    status: int | None = None
    reason: str | None = None
    retry_after_seconds: float | None = None
    message: str | None = field(default=None, repr=False)
    resource: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def stored(self) -> bool:
        """Whether Google now has what was sent."""
        return self.outcome in {GoogleOutcome.DONE, GoogleOutcome.QUOTA}

    @property
    def is_rate_limited(self) -> bool:
        """Whether the issuer as a whole should slow down."""
        return self.outcome is GoogleOutcome.RETRY and (
            self.status == _TOO_MANY_REQUESTS or (self.reason or "").lower() in _RATE_REASONS
        )

    @property
    def is_quota_exceeded(self) -> bool:
        """Google's refusal of one more notification: 403 ``quotaExceeded`` (``QuotaExceededException``)."""
        return "quotaexceeded" in (self.reason or "").lower()


def answered(status: int, headers: "httpx.Headers", content: bytes) -> GoogleResult:
    """What an HTTP answer of Google means."""
    document = _document(content)
    if 200 <= status < 300:
        if document is None:
            return GoogleResult(GoogleOutcome.RETRY, status, "unreadableAnswer")
        return GoogleResult(GoogleOutcome.DONE, status, resource=document)
    reason, message = _error(document or {})
    refused = GoogleResult(GoogleOutcome.REFUSED, status, reason, message=message)
    passing = (reason or "").lower() in _RATE_REASONS or refused.is_quota_exceeded
    if not (passing or status in _RETRIED_STATUSES or status >= 500):
        return refused
    seconds = _retry_after(headers.get("Retry-After"))
    return replace(refused, outcome=GoogleOutcome.RETRY, retry_after_seconds=seconds)


def unanswered(error: "httpx.TransportError") -> GoogleResult:
    """No answer: whether Google has the request is unknown, so it must be safe to repeat."""
    import httpx  # noqa: PLC0415  see kit/http.py

    return GoogleResult(
        GoogleOutcome.RETRY, reason="timeout" if isinstance(error, httpx.TimeoutException) else "network"
    )


async def exchange(http: "httpx.AsyncClient", request: "httpx.Request") -> GoogleResult:
    """Send one request and read at most 2 MB of the answer; never raises for what the network does."""
    import httpx  # noqa: PLC0415  see kit/http.py

    try:
        response = await http.send(request, stream=True)
        try:
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > ANSWER_BYTES:
                    return GoogleResult(GoogleOutcome.RETRY, response.status_code, "answerTooLarge")
        finally:
            await response.aclose()
    except httpx.TransportError as error:
        return unanswered(error)
    except httpx.DecodingError:
        return GoogleResult(GoogleOutcome.RETRY, reason="unreadableAnswer")
    return answered(response.status_code, response.headers, bytes(content))


def _document(content: bytes) -> dict[str, Any] | None:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None


def _error(document: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Reason and message, of the API's error document or of OAuth's (RFC 6749 §5.2)."""
    error = document.get("error")
    if isinstance(error, str):
        return _text(error), _text(document.get("error_description"))
    if not isinstance(error, dict):
        return None, None
    for key in ("errors", "details"):
        rows = error.get(key)
        for row in rows[:10] if isinstance(rows, list) else ():
            if isinstance(row, dict) and isinstance(row.get("reason"), str):
                return _text(row["reason"]), _text(error.get("message"))
    return _text(error.get("status")), _text(error.get("message"))


def _text(value: object) -> str | None:
    return value[:_MESSAGE_CHARACTERS] if isinstance(value, str) else None


def _retry_after(value: str | None) -> float | None:
    """Seconds of a ``Retry-After`` header (RFC 9110 §10.2.3), a number or a date; an hour at most."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:6]), _RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - clock.now()).total_seconds(), 0.0), _RETRY_AFTER_SECONDS)

"""Faults on request: what a test or a demonstration asks the emulator to get wrong, and how often."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from passerelle.emulators.apns.requests import Rejection

REASON_BY_STATUS: Final = {
    400: "BadDeviceToken",
    403: "InvalidProviderToken",
    404: "BadPath",
    405: "MethodNotAllowed",
    410: "Unregistered",
    413: "PayloadTooLarge",
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
}
_WORD: Final = re.compile(r"[0-9A-Za-z]{0,200}")


class Outage(StrEnum):
    """How the service is down."""

    UNAVAILABLE = "unavailable"  # answers 503 to everything
    DROPPED = "dropped"  # breaks every connection as soon as it is made
    SILENT = "silent"  # takes requests and never answers


@dataclass(frozen=True, slots=True)
class Fault:
    """Answer ``times`` pushes with ``status``; without ``token``, whichever come first.

    ``reason`` defaults to the usual one of the status.
    """

    status: int
    token: str | None = None
    times: int = 1
    reason: str | None = None
    retry_after_seconds: int | None = None

    def __post_init__(self) -> None:
        if self.status not in REASON_BY_STATUS:
            raise ValueError(f"status must be one of {sorted(REASON_BY_STATUS)}")
        if self.times < 1 or (self.retry_after_seconds or 0) < 0:
            raise ValueError("times must be at least 1, and retry_after_seconds not negative")
        if not _WORD.fullmatch(self.token or "") or not _WORD.fullmatch(self.reason or ""):
            raise ValueError("token and reason are letters and digits")

    def rejection(self, now_ms: int) -> Rejection:
        return Rejection(
            self.status,
            self.reason or REASON_BY_STATUS[self.status],
            now_ms if self.status == 410 else None,
            self.retry_after_seconds,
        )


class Script:
    """The faults still to be played, oldest first; those for one token before those for any."""

    def __init__(self) -> None:
        self._left: dict[str | None, list[tuple[Fault, int]]] = {}

    def add(self, fault: Fault) -> None:
        token = fault.token.lower() if fault.token is not None else None
        self._left.setdefault(token, []).append((fault, fault.times))

    def clear(self) -> None:
        self._left.clear()

    def take(self, token: str) -> Fault | None:
        """The fault for this push, counted off."""
        if not self._left:
            return None
        key: str | None = token if token in self._left else None
        queue = self._left.get(key)
        if queue is None:
            return None
        fault, times = queue[0]
        if times > 1:
            queue[0] = (fault, times - 1)
        else:
            queue.pop(0)
            if not queue:
                del self._left[key]
        return fault

"""Failures on request: an error status, latency, or both, for a number of requests."""

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from passerelle.emulators.google_wallet.errors import STATUS_NAMES, invalid

MAX_LATENCY_MS: Final = 120_000
_MAX_FAULTS: Final = 100
_FIELDS: Final = frozenset({"status", "latency_ms", "times", "method", "path_prefix"})


@dataclass
class Fault:
    """Hits requests whose method and path fit. `status` None only delays; `times` None lasts for ever."""

    status: int | None = None
    latency_ms: int = 0
    times: int | None = 1
    method: str = ""
    path_prefix: str = "/"

    def fits(self, method: str, path: str) -> bool:
        return self.method in {"", method} and path.startswith(self.path_prefix)


@dataclass
class Faults:
    """The faults under way, oldest first."""

    active: deque[Fault] = field(default_factory=lambda: deque(maxlen=_MAX_FAULTS))

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that hits this request, used up by one."""
        for fault in self.active:
            if fault.fits(method, path):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.active.remove(fault)
                return fault
        return None

    def add(self, fault: Fault) -> None:
        self.active.append(fault)


def read_fault(body: dict[str, Any]) -> Fault:
    """A fault from the control API's JSON.

    Raises:
        ApiError: 400 naming the field that does not fit.
    """
    if unknown := set(body) - _FIELDS:
        raise invalid(f"Unknown field {min(unknown)[:100]!r}; known are {', '.join(sorted(_FIELDS))}.")
    fault = Fault(**body)
    if fault.status is not None and (type(fault.status) is not int or fault.status not in STATUS_NAMES):
        raise invalid(f"status must be null or one of {', '.join(map(str, STATUS_NAMES))}.")
    if not isinstance(fault.latency_ms, int) or not 0 <= fault.latency_ms <= MAX_LATENCY_MS:
        raise invalid(f"latency_ms must be 0 to {MAX_LATENCY_MS}.")
    if fault.times is not None and (not isinstance(fault.times, int) or fault.times < 1):
        raise invalid("times must be null, for ever, or at least 1.")
    if not isinstance(fault.method, str) or not re.fullmatch("[A-Z]*", fault.method):
        raise invalid("method must be an HTTP method in capitals.")
    if not isinstance(fault.path_prefix, str):
        raise invalid("path_prefix must be a string.")
    return fault

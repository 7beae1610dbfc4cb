"""Structured logs: one line per fact, ids only. Contact data and secrets never pass this door.

On the standard library's logging, which all libraries write to: their lines go through the same door. A library for
structured logs draws traces in colour, and with what it loads for that it was 5 MB in every process.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

_FORBIDDEN: Final = re.compile(
    r"(password|secret|authorization|cookie|master_key|private_key|push_token|^token$|api_key|phone|e?_?mail|birthday|full_name|first_name|last_name)",
    re.IGNORECASE,
)
_Fault: TypeAlias = BaseException | bool | None


class Logger:
    """Writes facts: a name that stays the same, and values beside it. ``exc_info`` is a fault whose trace is told."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def info(self, event: str, **values: Any) -> None:
        """Worth reading when one looks for something."""
        self._write(logging.INFO, event, values)

    def warning(self, event: str, **values: Any) -> None:
        """Something failed that is tried again, or that somebody else must mend."""
        self._write(logging.WARNING, event, values)

    def error(self, event: str, *, exc_info: _Fault = None, **values: Any) -> None:
        """Something failed for good."""
        self._write(logging.ERROR, event, values, exc_info)

    def exception(self, event: str, **values: Any) -> None:
        """The same, with the trace of the fault that is being handled."""
        self._write(logging.ERROR, event, values, exc_info=True)

    def _write(self, level: int, event: str, values: dict[str, Any], exc_info: _Fault = None) -> None:
        self._logger.log(level, event, exc_info=exc_info, extra={"values": values})


def logger(name: str) -> Logger:
    """A logger whose events carry the name of their module."""
    return Logger(name)


def configure(*, level: str = "info", form: Literal["json", "console"] = "json") -> None:
    """Set up logging for this process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if form == "json" else _ConsoleLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "uvicorn.access", "fontTools", "pgqueuer"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "timestamp": _instant(record),
            "level": record.levelname.lower(),
            "module": record.name,
            "event": record.getMessage(),
            **_values(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=repr)  # in ASCII: nothing that a library says can break it


class _ConsoleLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        values = " ".join(f"{name}={value!r}" for name, value in _values(record).items())
        line = (
            f"{_instant(record)} {record.levelname.lower():8} {record.getMessage()} [{record.name}] {values}".rstrip()
        )
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")


def _values(record: logging.LogRecord) -> dict[str, Any]:
    values: dict[str, Any] = getattr(record, "values", {})
    return {name: "withheld" if _FORBIDDEN.search(name) else value for name, value in values.items()}

"""Structured logs: one line per fact, ids only. Contact data and secrets never pass this door."""

import logging
import re
import sys
from typing import Any, Final

import structlog

_FORBIDDEN: Final = re.compile(
    r"(password|secret|authorization|cookie|master_key|private_key|push_token|^token$|api_key|phone|e?_?mail|birthday|full_name|first_name|last_name)",
    re.IGNORECASE,
)


def configure(*, level: str = "info", form: str = "json") -> None:
    """Set up logging for this process; standard-library loggers go through the same door."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_personal_data,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "uvicorn.access", "fontTools", "pgqueuer"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def logger(name: str) -> Any:
    """A logger whose events carry the name of their module."""
    return structlog.get_logger(module=name)


def _without_personal_data(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    for key in event:
        if key not in {"event", "level", "timestamp", "module"} and _FORBIDDEN.search(key):
            event[key] = "withheld"
    return event

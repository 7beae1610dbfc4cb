"""What a request of a public page tells of who makes it, and how such a page fails."""

import functools
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from passerelle.distribution import html
from passerelle.distribution.rules import Platform, opener_of
from passerelle.kit.errors import Refusal
from passerelle.kit.log import logger

_log: Final = logger(__name__)
_MAX_USER_AGENT: Final = 1_000
Handler = Callable[[Request], Awaitable[Response]]


def user_agent(request: Request) -> str:
    """What the browser says it is."""
    return request.headers.get("user-agent", "")[:_MAX_USER_AGENT]


def platform_of(request: Request) -> Platform:
    """The kind of device, for facts."""
    return opener_of(user_agent(request)).platform


def address_of(request: Request) -> str:
    """Where the request comes from; proxies that are trusted have been looked through by the server."""
    return request.client.host if request.client else ""


def is_prefetch(request: Request) -> bool:
    """Whether the browser fetches ahead, without anybody having asked: that must change and count nothing."""
    return "prefetch" in (request.headers.get("sec-purpose") or request.headers.get("purpose") or "")


def guarded(handler: Handler) -> Handler:
    """Failures are pages, too: what nobody foresaw is logged, and told in a sentence."""

    @functools.wraps(handler)
    async def wrapped(request: Request) -> Response:
        try:
            return await handler(request)
        except Refusal as refusal:
            status = refusal.status
            _log.warning("page_refused", code=refusal.code)
        except Exception:  # noqa: BLE001  the reader gets a page whatever happened
            status = 500
            _log.exception("page_failed", route=str(request.scope.get("path", ""))[:3])
        failed = html.Notice(html.FAILED.name, status)
        return html.notice(request, failed, html.language_for(request))

    return wrapped

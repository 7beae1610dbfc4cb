"""Outgoing HTTP: every httpx client of the product is built here, with limits and time-outs.

httpx and what it loads is 6 MB, so it is loaded by the first client, and not by who only mentions it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


def client(
    *, timeout_seconds: float = 10, connections: int = 20, user_agent: str = "Passerelle/0.1"
) -> "httpx.AsyncClient":
    """A client for one vendor; the caller closes it. Redirects are not followed: APIs do not redirect."""
    import httpx  # noqa: PLC0415  see above

    return httpx.AsyncClient(
        timeout=httpx.Timeout(timeout_seconds, connect=min(5, timeout_seconds)),
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        headers={"User-Agent": user_agent},
        follow_redirects=False,
        trust_env=False,
    )

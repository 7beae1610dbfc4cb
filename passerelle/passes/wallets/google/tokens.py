"""Access tokens of a service account: the JWT bearer grant (RFC 7523), one at a time, kept while it lasts."""

import asyncio
from typing import TYPE_CHECKING, Final

from passerelle.kit import clock
from passerelle.passes.wallets.google.credentials import ServiceAccount
from passerelle.passes.wallets.google.results import GoogleOutcome, GoogleResult, exchange

if TYPE_CHECKING:
    import httpx  # see kit/http.py

SCOPE: Final = "https://www.googleapis.com/auth/wallet_object.issuer"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTION_SECONDS: Final = 3_600
_EARLY_SECONDS: Final = 60
_UNSTATED_SECONDS: Final = 300
_LONGEST_SECONDS: Final = 86_400


class TokenRefused(Exception):
    """No token; ``result`` is what to tell the caller of the API."""

    def __init__(self, result: GoogleResult) -> None:
        self.result = result
        super().__init__(result.reason)


class AccessTokens:
    """The current token of one account. Callers that come together share one request and its outcome."""

    def __init__(self, http: "httpx.AsyncClient", account: ServiceAccount) -> None:
        self._http = http
        self._account = account
        self._token = ""
        self._expires_at_seconds = 0.0
        self._fetching: asyncio.Task[str] | None = None

    async def current(self) -> str:
        """A token good for another minute at least; raises TokenRefused."""
        if clock.now().timestamp() < self._expires_at_seconds - _EARLY_SECONDS:
            return self._token
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._fetch())
            self._fetching.add_done_callback(_mark_seen)
        return await asyncio.shield(self._fetching)

    def forget(self, token: str) -> None:
        """Drop a token that Google answered with 401; a newer one stays."""
        if token == self._token:
            self._expires_at_seconds = 0.0

    async def _fetch(self) -> str:
        issued_at = int(clock.now().timestamp())
        assertion = self._account.sign(
            {
                "iss": self._account.client_email,
                "scope": SCOPE,
                "aud": self._account.token_uri,
                "iat": issued_at,
                "exp": issued_at + _ASSERTION_SECONDS,
            }
        )
        form = {"grant_type": _GRANT, "assertion": assertion}
        result = await exchange(self._http, self._http.build_request("POST", self._account.token_uri, data=form))
        if result.outcome is not GoogleOutcome.DONE or result.resource is None:
            raise TokenRefused(result)
        token, lifetime = result.resource.get("access_token"), result.resource.get("expires_in")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise TokenRefused(GoogleResult(GoogleOutcome.REFUSED, result.status, "unreadableToken"))
        seconds = lifetime if isinstance(lifetime, int) and lifetime > 0 else _UNSTATED_SECONDS
        self._token = token
        self._expires_at_seconds = issued_at + min(seconds, _LONGEST_SECONDS)
        return token


def _mark_seen(task: asyncio.Task[str]) -> None:
    """A failure that nobody waited for any more is not worth a warning."""
    if not task.cancelled():
        task.exception()

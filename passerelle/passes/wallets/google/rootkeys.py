"""Google's root keys for callbacks: fetched, kept as long as Google allows, and used stale only for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import orjson

from passerelle.kit import clock
from passerelle.passes.wallets.google.callbacks import (
    PROTOCOL,
    CallbackEvent,
    RootKey,
    instant,
    public_key,
    verify_callback,
)
from passerelle.passes.wallets.google.errors import CallbackSignatureInvalid, RootKeysUnavailable

if TYPE_CHECKING:
    import httpx  # see kit/http.py

ROOT_KEYS_URL: Final = "https://pay.google.com/gp/m/issuer/keys"
_DOCUMENT_BYTES: Final = 65_536
_KEYS: Final = 10
_FRESH_SECONDS: Final = (300, 7 * 86_400)
_UNSTATED_FRESH_SECONDS: Final = 3_600
_STALE: Final = timedelta(days=2)
_REFRESH_INTERVAL: Final = timedelta(minutes=1)


class RootKeysUnusable(Exception):
    """The answer was not a list of root keys."""


@dataclass(frozen=True, slots=True)
class FetchedKeys:
    """The document at Google's address and how long it may be kept."""

    document: bytes
    fresh_seconds: int = _UNSTATED_FRESH_SECONDS


Fetch = Callable[[], Awaitable[FetchedKeys]]


def http_fetch(http: "httpx.AsyncClient", url: str = ROOT_KEYS_URL) -> Fetch:
    """Fetch the keys over HTTP, honouring ``Cache-Control`` and ``Age`` (RFC 9111)."""

    async def fetch() -> FetchedKeys:
        async with http.stream("GET", url) as response:
            response.raise_for_status()
            document = bytearray()
            async for chunk in response.aiter_bytes():
                document += chunk
                if len(document) > _DOCUMENT_BYTES:
                    raise RootKeysUnusable
        return FetchedKeys(bytes(document), _fresh_seconds(response.headers))

    return fetch


class RootKeys:
    """The current root keys of one address.

    Fresh keys are used without asking. Past that they are fetched anew, and while Google cannot be reached the
    old ones serve for two more days. A signature that no held key verifies may come from a new key: then
    the keys are fetched once, but never more than once a minute, so that forged callbacks cannot make us ask.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._keys: tuple[RootKey, ...] = ()
        self._fresh_until: datetime | None = None
        self._asked_at: datetime | None = None
        self._asking = asyncio.Lock()

    async def verify(self, body: bytes, *, issuer_id: str) -> CallbackEvent:
        """``verify_callback`` with the keys of this moment; also raises RootKeysUnavailable."""
        keys = await self.current()
        try:
            return verify_callback(body, issuer_id=issuer_id, root_keys=keys, now=clock.now())
        except CallbackSignatureInvalid:
            renewed = await self._renewed(keys)
            if renewed == keys:
                raise
        return verify_callback(body, issuer_id=issuer_id, root_keys=renewed, now=clock.now())

    async def current(self) -> tuple[RootKey, ...]:
        """The keys to verify with; raises RootKeysUnavailable when there are none that may still be used."""
        if not self._is_fresh():
            async with self._asking:
                if not self._is_fresh():
                    await self._ask()
        if self._fresh_until is None or clock.now() >= self._fresh_until + _STALE:
            raise RootKeysUnavailable
        return self._keys

    async def _renewed(self, keys: tuple[RootKey, ...]) -> tuple[RootKey, ...]:
        async with self._asking:
            if self._keys is keys:
                await self._ask()
        return self._keys

    def _is_fresh(self) -> bool:
        return self._fresh_until is not None and clock.now() < self._fresh_until

    async def _ask(self) -> None:
        """Fetch once, unless that was just done; a failure leaves what is held."""
        import httpx  # noqa: PLC0415  see kit/http.py

        now = clock.now()
        if self._asked_at is not None and now < self._asked_at + _REFRESH_INTERVAL:
            return
        self._asked_at = now
        try:
            fetched = await self._fetch()
            self._keys = parsed_keys(fetched.document)
        except (httpx.HTTPError, RootKeysUnusable):
            return
        shortest, longest = _FRESH_SECONDS
        self._fresh_until = now + timedelta(seconds=min(max(fetched.fresh_seconds, shortest), longest))


def parsed_keys(document: bytes) -> tuple[RootKey, ...]:
    """The keys for our protocol version; raises RootKeysUnusable when the document has none.

    A single key that cannot be read, or that never expires, is left out: it must not cost us the others.
    """
    try:
        rows = orjson.loads(document)["keys"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise RootKeysUnusable from None
    keys = []
    for row in rows[:_KEYS] if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("protocolVersion") == PROTOCOL:
            try:
                keys.append(RootKey(public_key(row.get("keyValue")), instant(row.get("keyExpiration"))))
            except ValueError:
                continue
    if not keys:
        raise RootKeysUnusable
    return tuple(keys)


def _fresh_seconds(headers: "httpx.Headers") -> int:
    directives = [part.strip().lower() for part in headers.get("Cache-Control", "").split(",")]
    if "no-store" in directives or "no-cache" in directives:
        return 0
    for directive in directives:
        name, _, value = directive.partition("=")
        if name == "max-age" and value.strip('"').isdecimal():
            age = headers.get("Age", "0")
            return max(0, int(value.strip('"')[:9]) - (int(age[:9]) if age.isdecimal() else 0))
    return _UNSTATED_FRESH_SECONDS

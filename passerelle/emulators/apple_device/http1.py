"""A small HTTP/1.1 client for many devices in one process: keep-alive connections, one request at a time each.

It exists for its cost, a few tens of microseconds a request, so that thousands of emulated devices leave the
machine to the server under test.
"""

import asyncio
import ssl
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import urlsplit

import httptools

_MAX_ANSWER_BYTES: Final = 25 * 1024 * 1024


class HttpFailure(Exception):
    """No answer: the connection failed, broke, spoke no HTTP or took too long."""


@dataclass(slots=True)
class HttpAnswer:
    """Status, headers with lower-case names (the last one wins), body without its transfer encoding."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"


def split_url(url: str) -> tuple[Origin, str]:
    """Origin and request target; ValueError for anything but http and https."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{parts.scheme}: only http and https URLs can be asked")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Origin(parts.scheme, parts.hostname, port), (parts.path or "/") + (
        f"?{parts.query}" if parts.query else ""
    )


class _Connection(asyncio.Protocol):
    """One keep-alive connection; the parser calls the ``on_`` methods."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.reused = False
        self.usable = True
        self._parser = httptools.HttpResponseParser(self)
        self._answer = HttpAnswer()
        self._body: list[bytes] = []
        self._size = 0
        self._started = False
        self._waiting: asyncio.Future[HttpAnswer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is only alike

    def ask(self, request: bytes) -> asyncio.Future[HttpAnswer]:
        assert self.transport is not None
        assert self._waiting is None
        self._answer, self._body, self._size, self._started = HttpAnswer(), [], 0, False
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._waiting

    @property
    def silent(self) -> bool:
        """Whether nothing of the answer has come yet."""
        return not self._started

    def close(self) -> None:
        self.usable = False
        if self.transport is not None:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        self._started = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(f"not HTTP: {error}")

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"connection lost: {exc}" if exc else "connection closed")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._answer.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > _MAX_ANSWER_BYTES:
            self._fail("the answer is too long")
        self._body.append(body)

    def on_message_complete(self) -> None:
        answer = self._answer
        answer.status = self._parser.get_status_code()
        if answer.status < 200:  # informational: the answer is still to come
            return
        answer.body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        self.usable = self.usable and self._parser.should_keep_alive()
        if not self.usable and self.transport is not None:
            self.transport.close()
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _fail(self, reason: str) -> None:
        self.close()
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(HttpFailure(reason))


@dataclass(slots=True)
class _Pool:
    """Connections to one origin."""

    idle: list[_Connection] = field(default_factory=list)
    open: int = 0
    waiters: deque[asyncio.Future[None]] = field(default_factory=deque)


class HttpClient:
    """Shared by any number of devices; at most ``max_connections`` to one origin, the rest wait their turn."""

    def __init__(
        self, *, max_connections: int = 64, timeout_seconds: float = 30, tls: ssl.SSLContext | None = None
    ) -> None:
        self._max_connections = max_connections
        self._timeout_seconds = timeout_seconds
        self._tls = tls
        self._pools: dict[Origin, _Pool] = {}

    async def request(self, method: str, origin: Origin, target: str, headers: str, body: bytes = b"") -> HttpAnswer:
        """Ask; ``headers`` are lines that end with CRLF. HttpFailure when no answer comes in time."""
        length = f"Content-Length: {len(body)}\r\n" if body or method == "POST" else ""
        head = f"{method} {target} HTTP/1.1\r\nHost: {origin.authority}\r\n{headers}{length}\r\n"
        request = head.encode("latin-1") + body
        pool = self._pools.setdefault(origin, _Pool())
        connection = await self._take(pool, origin)
        try:
            answer = await self._exchange(connection, request)
            if answer is None:  # the server closed an idle connection as we wrote: ask again on a new one
                connection = await self._connect(origin)
                answer = await self._exchange(connection, request)
        finally:
            self._give_back(pool, connection)
        assert answer is not None
        return _unzipped(answer)

    async def close(self) -> None:
        for pool in self._pools.values():
            for connection in pool.idle:
                connection.close()
            pool.idle.clear()
        await asyncio.sleep(0)

    async def _exchange(self, connection: _Connection, request: bytes) -> HttpAnswer | None:
        """The answer; None when a reused connection broke before its first byte."""
        asked = connection.ask(request)
        timer = asyncio.get_running_loop().call_later(self._timeout_seconds, connection._fail, "timeout")  # noqa: SLF001
        try:
            return await asked
        except HttpFailure as failure:
            if connection.reused and connection.silent and str(failure) != "timeout":
                return None
            raise
        except asyncio.CancelledError:
            connection.close()  # its answer is still to come and belongs to nobody
            raise
        finally:
            timer.cancel()

    async def _take(self, pool: _Pool, origin: Origin) -> _Connection:
        while True:
            while pool.idle:
                connection = pool.idle.pop()
                if connection.usable:
                    connection.reused = True
                    return connection
                pool.open -= 1
            if pool.open < self._max_connections:
                pool.open += 1
                try:
                    return await self._connect(origin)
                except BaseException:
                    pool.open -= 1
                    self._wake(pool)
                    raise
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            pool.waiters.append(waiter)
            try:
                await waiter
            except asyncio.CancelledError:
                self._wake(pool)  # the turn may have been ours already
                raise

    def _give_back(self, pool: _Pool, connection: _Connection) -> None:
        if connection.usable:
            pool.idle.append(connection)
        else:
            pool.open -= 1
        self._wake(pool)

    def _wake(self, pool: _Pool) -> None:
        while pool.waiters:
            waiter = pool.waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    async def _connect(self, origin: Origin) -> _Connection:
        tls = (self._tls or ssl.create_default_context()) if origin.scheme == "https" else None
        connecting = asyncio.get_running_loop().create_connection(_Connection, origin.host, origin.port, ssl=tls)
        try:
            _, connection = await asyncio.wait_for(connecting, self._timeout_seconds)
        except (OSError, TimeoutError) as error:
            raise HttpFailure(f"cannot connect: {error or 'timeout'}") from error
        return connection


def _unzipped(answer: HttpAnswer) -> HttpAnswer:
    if answer.headers.get("content-encoding", "").lower() != "gzip":
        return answer
    unzip = zlib.decompressobj(wbits=31)
    try:
        answer.body = unzip.decompress(answer.body, _MAX_ANSWER_BYTES)
    except zlib.error as error:
        raise HttpFailure("the answer is not gzip") from error
    if unzip.unconsumed_tail:
        raise HttpFailure("the answer is too long")
    return answer

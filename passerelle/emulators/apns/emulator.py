"""The APNs emulator: listens, decides about each push, and tells who wants to know.

A device emulator in the same process is reached through ``on_push``; one in another process follows the
control endpoint (``control``). A device that is switched off loses its pushes: nothing is kept for it.
"""

import asyncio
import json
import ssl
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uuid_utils

from passerelle.emulators.apns.authorization import (
    TOKEN_MIN_RENEWAL_SECONDS,
    ProviderToken,
    TokenKey,
    TokenVerifier,
    certificate_topic,
    is_expired,
    is_from_the_future,
)
from passerelle.emulators.apns.faults import Fault, Outage, Script
from passerelle.emulators.apns.http2 import Application, Http2Connection
from passerelle.emulators.apns.http2_frames import literal_field, status_field
from passerelle.emulators.apns.http2_streams import Limits, Stream
from passerelle.emulators.apns.requests import MAX_PAYLOAD_BYTES, PushRequest, Rejection, read_request

_STREAMS: Final = 1000
_STREAMS_BEFORE_TOKEN: Final = 1  # Apple: one stream until a request with a valid provider token
_KEPT_PUSHES: Final = 100_000
_MAX_CONNECTIONS: Final = 1_000
_HANDSHAKE_SECONDS: Final = 10.0
_OK: Final = status_field(200)


@dataclass(frozen=True, slots=True)
class AcceptedPush:
    """A push that was answered with 200; ``at`` is POSIX time in seconds."""

    token: str
    topic: str
    apns_id: str
    at: float


@dataclass(slots=True)
class _Client:
    """What is known of one connection: its certificate's topic, the provider token it used last."""

    certificate_topic: str | None
    has_certificate: bool
    token: ProviderToken | None = None
    token_may_change: bool = False


class ApnsEmulator:
    """One listening APNs host.

    ``client_ca_pem`` and ``token_keys`` say which identities are good; with neither, everyone may push.
    """

    def __init__(
        self,
        *,
        certificate_pem: bytes,
        key_pem: bytes,
        client_ca_pem: bytes | None = None,
        token_keys: Iterable[TokenKey] = (),
        on_push: Callable[[str, str], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.on_push = on_push
        self.pushes: deque[AcceptedPush] = deque(maxlen=_KEPT_PUSHES)
        self.listeners: set[Callable[[AcceptedPush], None]] = set()
        self.accepted = 0
        self.latency_seconds = 0.0
        self.connections_made = 0
        self._tls = _server_context(certificate_pem, key_pem, client_ca_pem)
        keys = list(token_keys)
        self._verifier = TokenVerifier(keys)
        self._asks_identity = client_ca_pem is not None or bool(keys)
        self._clock = clock
        self._script = Script()
        self._outage: Outage | None = None
        self._go_away_after: int | None = None
        self._topics: dict[str, str] = {}
        self._inactive_since_ms: dict[tuple[str, str], int] = {}
        self._clients: dict[Http2Connection, _Client] = {}
        self._server: asyncio.Server | None = None

    # -- life ---------------------------------------------------------------------------------------------

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; return the base URL, with ``localhost`` when listening on the loopback address."""
        application = Application(self._opened, self._on_request, self._closed)
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Http2Connection(application),
            host,
            port,
            ssl=self._tls,
            ssl_handshake_timeout=_HANDSHAKE_SECONDS,
            backlog=1024,
        )
        return f"https://{'localhost' if host == '127.0.0.1' else host}:{self.port}"

    @property
    def port(self) -> int:
        """Where it listens; only while it does."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self.drop_connections()
            await self._server.wait_closed()
            self._server = None

    # -- faults on request --------------------------------------------------------------------------------

    def script(self, fault: Fault) -> None:
        """Play this fault; faults for the same token are played in the order they were given."""
        self._script.add(fault)

    def outage(self, kind: Outage | None) -> None:
        """Start an outage, or end it with None."""
        self._outage = kind
        if kind is Outage.DROPPED:
            self.drop_connections()

    def drop_connections(self) -> None:
        """Break every open connection without a GOAWAY."""
        for connection in list(self._clients):
            connection.abort()

    def go_away(self) -> None:
        """Send GOAWAY on every open connection, as Apple does before maintenance."""
        for connection in list(self._clients):
            connection.go_away()

    def go_away_after(self, requests: int | None) -> None:
        """From now on send GOAWAY on a connection that made this many requests; None stops it."""
        self._go_away_after = requests

    def bind_token(self, token: str, topic: str) -> None:
        """Say that this device token belongs to one topic, and is active."""
        self._topics[token.lower()] = topic
        self._inactive_since_ms.pop((token.lower(), topic), None)

    def unregister_token(self, token: str, topic: str) -> None:
        """The pass was removed from the device, or the device was wiped: pushes get 410 from now on."""
        self._inactive_since_ms[token.lower(), topic] = int(self._clock() * 1000)

    def reset(self) -> None:
        """Forget pushes, faults and tokens; connections stay."""
        self._script.clear()
        self._topics.clear()
        self._inactive_since_ms.clear()
        self.pushes.clear()
        self.accepted = 0
        self.latency_seconds = 0.0
        self._outage = None
        self._go_away_after = None

    # -- a push -------------------------------------------------------------------------------------------

    def _opened(self, connection: Http2Connection) -> Limits | None:
        if self._outage is Outage.DROPPED or len(self._clients) >= _MAX_CONNECTIONS:
            return None
        self.connections_made += 1
        der = connection.peer_certificate
        self._clients[connection] = _Client(certificate_topic(der) if der else None, der is not None)
        proven = der is not None or not self._asks_identity
        return Limits(_STREAMS if proven else _STREAMS_BEFORE_TOKEN, MAX_PAYLOAD_BYTES)

    def _closed(self, connection: Http2Connection) -> None:
        self._clients.pop(connection, None)

    def _on_request(self, connection: Http2Connection, stream: Stream) -> None:
        if self._outage is Outage.SILENT:
            return
        if self.latency_seconds:
            asyncio.get_running_loop().call_later(self.latency_seconds, self._answer, connection, stream)
        else:
            self._answer(connection, stream)

    def _answer(self, connection: Http2Connection, stream: Stream) -> None:
        client = self._clients.get(connection)
        if client is None:
            return
        request = read_request(stream.headers, stream.body)
        rejection = request if isinstance(request, Rejection) else self._rejection(request, client, connection)
        apns_id = request.apns_id if isinstance(request, PushRequest) else None
        apns_id = apns_id or str(uuid_utils.uuid4()).upper()
        id_field = literal_field(b"apns-id", apns_id.encode())
        if rejection is not None:
            connection.respond(stream, *_refused(rejection, id_field))
        else:
            assert isinstance(request, PushRequest)
            connection.respond(stream, _OK + id_field)
            self._accept(request, apns_id)
        if self._go_away_after is not None and connection.requests >= self._go_away_after:
            connection.go_away()

    def _accept(self, request: PushRequest, apns_id: str) -> None:
        self.accepted += 1
        push = AcceptedPush(request.token, request.topic, apns_id, self._clock())
        self.pushes.append(push)
        if self.on_push is not None:
            self.on_push(push.token, push.topic)
        for listener in self.listeners:
            listener(push)

    def _rejection(self, request: PushRequest, client: _Client, connection: Http2Connection) -> Rejection | None:
        if self._outage is Outage.UNAVAILABLE:
            return Rejection(503, "ServiceUnavailable")
        refused = self._unauthorized(request, client)
        if refused is not None:
            return refused
        connection.allow_streams(_STREAMS)
        fault = self._script.take(request.token)
        if fault is not None:
            rejection = fault.rejection(int(self._clock() * 1000))
            client.token_may_change |= rejection.reason == "ExpiredProviderToken"
            return rejection
        inactive_since_ms = self._inactive_since_ms.get((request.token, request.topic))
        if inactive_since_ms is not None:
            return Rejection(410, "Unregistered", inactive_since_ms)
        if self._topics.get(request.token, request.topic) != request.topic:
            return Rejection(400, "DeviceTokenNotForTopic")
        return None

    def _unauthorized(self, request: PushRequest, client: _Client) -> Rejection | None:
        if client.has_certificate:
            if client.certificate_topic is None:
                return Rejection(403, "BadCertificate")
            return None if client.certificate_topic == request.topic else Rejection(400, "TopicDisallowed")
        if not self._asks_identity:
            return None
        if request.authorization is None:
            return Rejection(403, "MissingProviderToken")
        token = self._verifier.verify(request.authorization)
        if token is None:
            return Rejection(403, "InvalidProviderToken")
        return self._stale_token(token, client)

    def _stale_token(self, token: ProviderToken, client: _Client) -> Rejection | None:
        now = self._clock()
        if is_from_the_future(token, now):
            return Rejection(403, "InvalidProviderToken")
        if is_expired(token, now):
            client.token_may_change = True
            return Rejection(403, "ExpiredProviderToken")
        previous = client.token
        if previous is not None and token != previous:
            if token.team_id != previous.team_id:  # Apple: one team for a connection
                return Rejection(403, "InvalidProviderToken")
            if not client.token_may_change and abs(token.issued_at - previous.issued_at) < TOKEN_MIN_RENEWAL_SECONDS:
                return Rejection(429, "TooManyProviderTokenUpdates")
        if token != previous:
            client.token, client.token_may_change = token, False
        return None


def _refused(rejection: Rejection, id_field: bytes) -> tuple[bytes, bytes]:
    """Header block and body of a refusal."""
    content: dict[str, str | int] = {"reason": rejection.reason}
    if rejection.timestamp_ms is not None:
        content["timestamp"] = rejection.timestamp_ms
    fields = status_field(rejection.status) + id_field + literal_field(b"content-type", b"application/json")
    if rejection.retry_after_seconds is not None:
        fields += literal_field(b"retry-after", b"%d" % rejection.retry_after_seconds)
    return fields, json.dumps(content, separators=(",", ":")).encode()


def _server_context(certificate_pem: bytes, key_pem: bytes, client_ca_pem: bytes | None) -> ssl.SSLContext:
    """TLS 1.2 or later with HTTP/2 only; asks for a client certificate when there is a CA to judge it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["h2"])
    with tempfile.TemporaryDirectory() as folder:  # the ssl module loads a key only from a file
        chain = Path(folder, "chain.pem")
        chain.touch(mode=0o600)
        chain.write_bytes(key_pem + b"\n" + certificate_pem)
        context.load_cert_chain(chain)
    if client_ca_pem is not None:
        context.load_verify_locations(cadata=client_ca_pem.decode())
        context.verify_mode = ssl.CERT_OPTIONAL
    return context

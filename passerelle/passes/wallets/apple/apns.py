"""Tells devices through APNs that a pass of theirs changed: many pushes at once, on few connections.

libcurl does HTTP/2 and TLS; its multi interface is driven from the event loop (no thread, no task per push).
A push says nothing but "ask me": its body is ``{}`` and its topic is the pass type identifier.
"""

import asyncio
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pycurl

from passerelle.kit import clock
from passerelle.passes.wallets.apple.apns_identity import ApnsCertificate, ApnsToken, ProviderToken, certificate_ends
from passerelle.passes.wallets.apple.apns_results import (
    Outcome,
    Push,
    PushResult,
    answered,
    backoff_seconds,
    unanswered,
    unusable,
)

__all__ = ["ApnsCertificate", "ApnsClient", "ApnsToken", "Outcome", "Push", "PushResult", "backoff_seconds"]

_BODY: Final = b"{}"
_MAX_ANSWER_BYTES: Final = 65_536
_MAX_CONNECTIONS: Final = 2
_IDLE_CONNECTION_SECONDS: Final = 30 * 60  # Apple: keep connections open across notifications
_KEEP_ALIVE_SECONDS: Final = 60
# A handle keeps a buffer for what it sends, 64 kB unless told; ours send two bytes. This is the least that it takes.
_UPLOAD_BUFFER_BYTES: Final = 16_384
_SANDBOX_HOSTS: Final = frozenset({"api.sandbox.push.apple.com", "api.development.push.apple.com"})

# Which push type and priority a pass wants is not documented by Apple, hence unverified. "background" is the
# type whose description fits (no alert, badge or sound), and Apple's table allows it priority 5 only; the pair
# is what other pass servers send. No expiration: APNs keeps the last push for a device that is switched off.
_FIXED_HEADERS: Final = (
    "apns-push-type: background",
    "apns-priority: 5",
    "content-type: application/json",
    "accept:",
)

_OUR_FAULTS: Final = frozenset(
    {
        pycurl.E_SSL_CERTPROBLEM,
        pycurl.E_SSL_CACERT_BADFILE,
        pycurl.E_PEER_FAILED_VERIFICATION,
        pycurl.E_SSL_CIPHER,
        pycurl.E_URL_MALFORMAT,
        pycurl.E_UNSUPPORTED_PROTOCOL,
    }
)
# TLS 1.3 tells a client that its certificate is refused only after the handshake, as an alert while reading.
_IDENTITY_ALERT: Final = re.compile(r"alert.*(certificate|unknown ca|access denied)")


@dataclass(slots=True)
class _Batch:
    """The pushes of one call, and who waits for them."""

    results: list[PushResult | None]
    left: int
    done: asyncio.Future[None]

    def settle(self, index: int, result: PushResult) -> None:
        self.results[index] = result
        self.left -= 1
        if self.left == 0 and not self.done.done():
            self.done.set_result(None)


@dataclass(slots=True)
class _Transfer:
    """One push on its way."""

    batch: _Batch
    index: int
    push: Push
    started_at: float = 0.0
    authorization: str = ""
    repeated: bool = False


class _Handle:
    """A libcurl easy handle that is used for one push after another."""

    __slots__ = ("answer", "curl", "headers_for", "transfer")

    def __init__(self, curl: pycurl.Curl) -> None:
        self.curl = curl
        self.answer = bytearray()
        self.headers_for = ("", "")
        self.transfer: _Transfer | None = None
        curl.setopt(pycurl.WRITEFUNCTION, self.answer.extend)


class ApnsClient:
    """A sender for one identity. It belongs to the event loop that pushes first."""

    def __init__(
        self,
        base_url: str,
        identity: ApnsCertificate | ApnsToken,
        *,
        ca_file: Path | None = None,
        max_in_flight: int = 200,
        timeout_seconds: float = 10,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError("The APNs base URL must be an https URL, such as https://api.push.apple.com.")
        if parts.hostname in _SANDBOX_HOSTS:
            raise ValueError("Apple's sandbox does not serve passes: use https://api.push.apple.com.")
        if max_in_flight < 1:
            raise ValueError("max_in_flight must be at least 1.")
        self._device_url = f"https://{parts.netloc}/3/device/"
        self._certificate = identity if isinstance(identity, ApnsCertificate) else None
        self._certificate_ends = certificate_ends(identity) if isinstance(identity, ApnsCertificate) else None
        self._provider_token = ProviderToken(identity) if isinstance(identity, ApnsToken) else None
        self._ca_file = ca_file
        self._timeout_ms = int(timeout_seconds * 1000)
        self._idle: list[_Handle] = []
        self._free = max_in_flight
        self._waiting: deque[_Transfer] = deque()
        self._sending: dict[pycurl.Curl, _Handle] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._multi = self._new_multi()
        self._watched: dict[int, int] = {}
        self._timer: asyncio.Handle | None = None
        self._last_answer_at = 0.0
        self._connection_is_dead = False
        self._closed = False

    async def push(self, pushes: Sequence[Push]) -> list[PushResult]:
        """Send all; results in the order of ``pushes``. Never raises for what APNs or the network do.

        Waits until each push has its answer, which bounds what a caller can have under way.
        """
        if self._closed:
            raise RuntimeError("This ApnsClient is closed.")
        if not pushes:
            return []
        if self._certificate_ends is not None and self._certificate_ends < clock.now():
            return [unanswered(push.token, "CertificateExpired", our_fault=True) for push in pushes]
        self._loop = asyncio.get_running_loop()
        batch = _Batch([None] * len(pushes), len(pushes), self._loop.create_future())
        for index, push in enumerate(pushes):
            failure = unusable(push)
            if failure is None:
                self._waiting.append(_Transfer(batch, index, push))
            else:
                batch.settle(index, failure)
        self._start_waiting()
        await batch.done
        return [result for result in batch.results if result is not None]

    async def close(self) -> None:
        """Break what is under way (its pushes get RETRY) and the connections."""
        self._closed = True
        while self._waiting:
            self._fail(self._waiting.popleft())
        for handle in list(self._sending.values()):
            transfer = self._released(handle)
            self._fail(transfer)
        for handle in self._idle:
            handle.curl.close()
        self._idle.clear()
        self._close_multi()

    # -- transfers ----------------------------------------------------------------------------------------

    def _start_waiting(self) -> None:
        while self._waiting and self._free and not self._connection_is_dead:
            transfer = self._waiting.popleft()
            if not transfer.batch.done.done():
                self._start(transfer)

    def _start(self, transfer: _Transfer) -> None:
        assert self._loop is not None
        handle = self._idle.pop() if self._idle else self._new_handle()
        push = transfer.push
        if self._provider_token is not None:
            transfer.authorization = self._provider_token.header()
        wanted = (push.topic, transfer.authorization)
        if handle.headers_for != wanted:
            lines = [f"apns-topic: {push.topic}", *_FIXED_HEADERS]
            if transfer.authorization:
                lines.append(transfer.authorization)
            handle.curl.setopt(pycurl.HTTPHEADER, lines)
            handle.headers_for = wanted
        handle.curl.setopt(pycurl.URL, self._device_url + push.token)
        handle.transfer = transfer
        transfer.started_at = self._loop.time()
        self._free -= 1
        self._sending[handle.curl] = handle
        self._multi.add_handle(handle.curl)

    def _released(self, handle: _Handle) -> _Transfer:
        transfer = handle.transfer
        assert transfer is not None
        self._multi.remove_handle(handle.curl)
        del self._sending[handle.curl]
        handle.transfer = None
        self._free += 1
        self._idle.append(handle)
        return transfer

    def _collect(self) -> None:
        more = 1
        while more:
            more, finished, failed = self._multi.info_read(1000)
            for curl in finished:
                self._finish(self._sending[curl])
            for curl, code, message in failed:
                self._abandon(self._sending[curl], code, message)
        if self._connection_is_dead and not self._sending:
            self._close_multi()
            self._multi = self._new_multi()
            self._connection_is_dead = False
        self._start_waiting()

    def _finish(self, handle: _Handle) -> None:
        assert self._loop is not None
        self._last_answer_at = self._loop.time()
        status = handle.curl.getinfo(pycurl.RESPONSE_CODE)
        retry_after = 0
        answer = b""
        if status != 200:
            retry_after = handle.curl.getinfo(pycurl.RETRY_AFTER)
            answer = bytes(handle.answer)
            handle.answer.clear()
        transfer = self._released(handle)
        result = answered(transfer.push.token, status, answer, retry_after)
        if status == 403 and result.reason == "ExpiredProviderToken" and self._repeat(transfer):
            return
        transfer.batch.settle(transfer.index, result)

    def _repeat(self, transfer: _Transfer) -> bool:
        """Send again, once, with a new provider token."""
        token = self._provider_token
        if token is None or transfer.repeated or not token.renew_after_refusal(transfer.authorization):
            return False
        transfer.repeated = True
        self._waiting.appendleft(transfer)
        return True

    def _abandon(self, handle: _Handle, code: int, message: str) -> None:
        handle.answer.clear()
        transfer = self._released(handle)
        if code == pycurl.E_OPERATION_TIMEDOUT and self._last_answer_at < transfer.started_at:
            self._connection_is_dead = True  # libcurl would go on using it until the kernel gives up
        our_fault = code in _OUR_FAULTS or _IDENTITY_ALERT.search(message) is not None
        reason = "Timeout" if code == pycurl.E_OPERATION_TIMEDOUT else message or f"libcurl error {code}"
        transfer.batch.settle(transfer.index, unanswered(transfer.push.token, reason, our_fault=our_fault))

    def _fail(self, transfer: _Transfer) -> None:
        transfer.batch.settle(transfer.index, unanswered(transfer.push.token, "Closed", our_fault=False))

    # -- libcurl ------------------------------------------------------------------------------------------

    def _new_multi(self) -> pycurl.CurlMulti:
        multi = pycurl.CurlMulti()
        multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, _MAX_CONNECTIONS)
        multi.setopt(pycurl.M_MAX_CONCURRENT_STREAMS, 1000)
        multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        return multi

    def _close_multi(self) -> None:
        for socket in list(self._watched):
            self._watch(pycurl.POLL_REMOVE, socket, None, None)
        self._multi.close()
        self._set_timer(-1)

    def _new_handle(self) -> _Handle:
        curl = pycurl.Curl()
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        curl.setopt(pycurl.PIPEWAIT, 1)
        curl.setopt(pycurl.POST, 1)
        curl.setopt(pycurl.POSTFIELDS, _BODY)
        curl.setopt(pycurl.UPLOAD_BUFFERSIZE, _UPLOAD_BUFFER_BYTES)
        curl.setopt(pycurl.USERAGENT, "passerelle")
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.TIMEOUT_MS, self._timeout_ms)
        curl.setopt(pycurl.MAXFILESIZE, _MAX_ANSWER_BYTES)
        curl.setopt(pycurl.MAXAGE_CONN, _IDLE_CONNECTION_SECONDS)
        curl.setopt(pycurl.TCP_KEEPALIVE, 1)
        curl.setopt(pycurl.TCP_KEEPIDLE, _KEEP_ALIVE_SECONDS)
        curl.setopt(pycurl.TCP_KEEPINTVL, _KEEP_ALIVE_SECONDS)
        curl.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
        if self._ca_file is not None:
            curl.setopt(pycurl.CAINFO, str(self._ca_file))
        if self._certificate is not None:
            curl.setopt(pycurl.SSLCERTTYPE, "PEM")
            curl.setopt(pycurl.SSLCERT_BLOB, self._certificate.cert_pem)
            curl.setopt(pycurl.SSLKEY_BLOB, self._certificate.key_pem)
        return _Handle(curl)

    def _watch(self, what: int, socket: int, _multi: object, _data: object) -> None:
        """Called by libcurl: which events of the socket it wants to be told of."""
        assert self._loop is not None
        wanted = 0 if what == pycurl.POLL_REMOVE else what
        before = self._watched.get(socket, 0)
        if wanted & pycurl.POLL_IN and not before & pycurl.POLL_IN:
            self._loop.add_reader(socket, self._on_socket, socket, pycurl.CSELECT_IN)
        elif before & pycurl.POLL_IN and not wanted & pycurl.POLL_IN:
            self._loop.remove_reader(socket)
        if wanted & pycurl.POLL_OUT and not before & pycurl.POLL_OUT:
            self._loop.add_writer(socket, self._on_socket, socket, pycurl.CSELECT_OUT)
        elif before & pycurl.POLL_OUT and not wanted & pycurl.POLL_OUT:
            self._loop.remove_writer(socket)
        if wanted:
            self._watched[socket] = wanted
        else:
            self._watched.pop(socket, None)

    def _set_timer(self, milliseconds: int) -> None:
        """Called by libcurl: when it wants to be called, in milliseconds; -1 for not at all."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if milliseconds >= 0:
            assert self._loop is not None
            if milliseconds == 0:
                self._timer = self._loop.call_soon(self._on_timer)
            else:
                self._timer = self._loop.call_later(milliseconds / 1000, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        self._collect()

    def _on_socket(self, socket: int, event: int) -> None:
        self._multi.socket_action(socket, event)
        self._collect()

"""The server side of one HTTP/2 connection (RFC 9113), as an asyncio protocol.

Compact because APNs needs little of HTTP/2: short requests, short answers, no push, no priorities. Complete
in what a client may do: settings, ping, flow control both ways, padding, continuation, trailers, resets,
concurrency limit, GOAWAY; and every rule broken by the client is answered as the RFC says.
Frames that arrive together are answered together: one write, hence one TLS record, for a batch of pushes.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

import hpack
from hpack.exceptions import HPACKError

from passerelle.emulators.apns import http2_frames as wire
from passerelle.emulators.apns.http2_frames import ConnectionFault, ErrorCode, Flag, Kind, Setting, StreamFault
from passerelle.emulators.apns.http2_streams import Headers, Limits, Stream, content_length

_RECEIVE_WINDOW_BYTES: Final = 16 * 1024 * 1024
_MAX_HEADER_BLOCK_BYTES: Final = 32_768
_MAX_DRAINED_BYTES: Final = 1024 * 1024
_MAX_RESETS: Final = 2_000  # a client that only opens and resets streams is an attack (CVE-2023-44487)


@dataclass(frozen=True, slots=True)
class Application:
    """What the connection calls; ``opened`` says which limits the client gets, or None to refuse it."""

    opened: Callable[["Http2Connection"], Limits | None]
    requested: Callable[["Http2Connection", Stream], None]
    closed: Callable[["Http2Connection"], None]


@dataclass(slots=True)
class _HeaderBlock:
    """A header block that continues in CONTINUATION frames."""

    stream_id: int
    flags: int
    data: bytearray = field(default_factory=bytearray)


class Http2Connection(asyncio.Protocol):
    """One client; the application gets each complete request and answers with ``respond``."""

    def __init__(self, application: Application) -> None:
        self.peer_certificate: bytes | None = None
        self.requests = 0
        self._application = application
        self._limits = Limits()
        self._transport: asyncio.Transport | None = None
        self._decoder = hpack.Decoder(max_header_list_size=_MAX_HEADER_BLOCK_BYTES)
        self._streams: dict[int, Stream] = {}
        self._unparsed = b""
        self._opened = False
        self._settled = False
        self._block: _HeaderBlock | None = None
        self._last_stream_id = 0
        self._final_stream_id: int | None = None
        self._resets = 0
        self._received_bytes = 0
        self._send_window = wire.DEFAULT_WINDOW_BYTES
        self._peer_window = wire.DEFAULT_WINDOW_BYTES
        self._peer_frame_bytes = wire.MAX_FRAME_BYTES
        self._outgoing: list[bytes] = []
        self._flush_scheduled = False
        self._block_prefix = b"\x20"  # first block: dynamic table size 0, which any client's table allows
        self._handlers = {
            Kind.DATA: self._on_data,
            Kind.HEADERS: self._on_headers,
            Kind.PRIORITY: self._on_priority,
            Kind.RST_STREAM: self._on_reset,
            Kind.SETTINGS: self._on_settings,
            Kind.PUSH_PROMISE: self._on_push_promise,
            Kind.PING: self._on_ping,
            Kind.GOAWAY: self._on_go_away,
            Kind.WINDOW_UPDATE: self._on_window_update,
            Kind.CONTINUATION: self._on_continuation,
        }

    # -- what asyncio calls -------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes, only alike.
        stream_transport = cast("asyncio.Transport", transport)
        self._transport = stream_transport
        ssl_object = transport.get_extra_info("ssl_object")
        self.peer_certificate = ssl_object.getpeercert(binary_form=True) if ssl_object else None
        limits = self._application.opened(self)
        if limits is None or (ssl_object is not None and ssl_object.selected_alpn_protocol() != "h2"):
            stream_transport.abort()
            return
        self._limits = limits
        self._send(
            wire.settings(
                {
                    Setting.MAX_CONCURRENT_STREAMS: self._limits.max_concurrent_streams,
                    Setting.MAX_HEADER_LIST_SIZE: _MAX_HEADER_BLOCK_BYTES,
                }
            )
            + wire.window_update(0, _RECEIVE_WINDOW_BYTES - wire.DEFAULT_WINDOW_BYTES)
        )

    def data_received(self, data: bytes) -> None:
        self._flush_scheduled = True  # answers made while parsing leave together below
        try:
            self._parse(self._unparsed + data if self._unparsed else data)
        except ConnectionFault as fault:
            self.go_away(fault.code, fault.rule.encode())
            self._streams.clear()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio's signature
        self._transport = None
        self._streams.clear()
        self._outgoing.clear()
        self._application.closed(self)

    def pause_writing(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    # -- what the application calls -----------------------------------------------------------------------

    def respond(self, stream: Stream, fields: bytes, body: bytes = b"") -> None:
        """Answer with an encoded header block and a body; nothing happens when the client reset the stream."""
        if self._streams.get(stream.id) is not stream or stream.answered:
            return
        block = self._block_prefix + fields
        self._block_prefix = b""
        if not body:
            self._send(wire.frame(Kind.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, stream.id, block))
            self._close_stream(stream)
            return
        self._send(wire.frame(Kind.HEADERS, Flag.END_HEADERS, stream.id, block))
        stream.unsent = body
        self._send_body(stream)

    def allow_streams(self, count: int) -> None:
        """Tell the client how many streams it may have open from now on."""
        if count != self._limits.max_concurrent_streams:
            self._limits = Limits(count, self._limits.max_body_bytes)
            self._send(wire.settings({Setting.MAX_CONCURRENT_STREAMS: count}))

    def go_away(self, code: ErrorCode = ErrorCode.NO_ERROR, debug: bytes = b"") -> None:
        """Take no new stream; close once the open ones are answered."""
        if self._final_stream_id is not None:
            return
        self._final_stream_id = self._last_stream_id
        self._send(wire.go_away(self._last_stream_id, code, debug))

    def abort(self) -> None:
        """Break the connection without a word, as a dying server or network does."""
        if self._transport is not None:
            self._transport.abort()

    # -- sending ------------------------------------------------------------------------------------------

    def _send(self, data: bytes) -> None:
        self._outgoing.append(data)
        if not self._flush_scheduled:
            self._flush_scheduled = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_scheduled = False
        if self._transport is None:
            return
        if self._outgoing:
            self._transport.write(b"".join(self._outgoing))
            self._outgoing.clear()
        if self._final_stream_id is not None and not self._streams:
            self._transport.close()

    def _send_body(self, stream: Stream) -> None:
        while stream.unsent:
            size = min(len(stream.unsent), self._send_window, stream.send_window, self._peer_frame_bytes)
            if size <= 0:
                return
            chunk, stream.unsent = stream.unsent[:size], stream.unsent[size:]
            self._send_window -= size
            stream.send_window -= size
            flags = 0 if stream.unsent else Flag.END_STREAM
            self._send(wire.frame(Kind.DATA, flags, stream.id, chunk))
        self._close_stream(stream)

    def _close_stream(self, stream: Stream) -> None:
        stream.answered = True
        if stream.ended:
            del self._streams[stream.id]

    # -- receiving ----------------------------------------------------------------------------------------

    def _parse(self, data: bytes) -> None:
        position = self._parse_preface(data) if not self._opened else 0
        while self._opened and len(data) - position >= wire.HEAD_BYTES and self._transport is not None:
            length, kind, flags, stream_id = wire.frame_head(data, position)
            if length > wire.MAX_FRAME_BYTES:
                raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "a frame is longer than SETTINGS_MAX_FRAME_SIZE")
            start = position + wire.HEAD_BYTES
            if len(data) - start < length:
                break
            position = start + length
            self._on_frame(kind, flags, stream_id, data[start:position])
        self._unparsed = data[position:]

    def _parse_preface(self, data: bytes) -> int:
        if not wire.PREFACE.startswith(data[: len(wire.PREFACE)]):
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "the connection preface is not HTTP/2's")
        self._opened = len(data) >= len(wire.PREFACE)
        return len(wire.PREFACE) if self._opened else 0

    def _on_frame(self, kind: int, flags: int, stream_id: int, payload: bytes) -> None:
        if self._block is not None and (kind != Kind.CONTINUATION or stream_id != self._block.stream_id):
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "a header block must be continued without interruption")
        if not self._settled and kind != Kind.SETTINGS:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "the first frame must be SETTINGS")
        handler = self._handlers.get(kind)  # type: ignore[call-overload]  # unknown types are plain numbers
        if handler is None:
            return  # RFC 9113 §4.1: ignore and discard
        try:
            handler(flags, stream_id, payload)
        except StreamFault as fault:
            self._streams.pop(fault.stream_id, None)
            self._send(wire.reset(fault.stream_id, fault.code))

    def _on_headers(self, flags: int, stream_id: int, payload: bytes) -> None:
        if stream_id % 2 == 0:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "clients open streams with odd numbers")
        block = wire.without_padding(flags, payload)
        if flags & Flag.END_HEADERS:
            self._on_header_block(flags, stream_id, block)
        else:
            self._block = _HeaderBlock(stream_id, flags, bytearray(block))

    def _on_continuation(self, flags: int, stream_id: int, payload: bytes) -> None:
        block = self._block
        if block is None:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "there is no header block to continue")
        block.data += payload
        if len(block.data) > _MAX_HEADER_BLOCK_BYTES:
            raise ConnectionFault(ErrorCode.ENHANCE_YOUR_CALM, "a header block is too long")
        if flags & Flag.END_HEADERS:
            self._block = None
            self._on_header_block(block.flags, stream_id, bytes(block.data))

    def _on_header_block(self, flags: int, stream_id: int, block: bytes) -> None:
        try:
            headers: Headers = list(self._decoder.decode(block, raw=True))
        except HPACKError as error:
            raise ConnectionFault(ErrorCode.COMPRESSION_ERROR, type(error).__name__) from error
        stream = self._streams.get(stream_id)
        if stream is not None:
            self._on_trailers(stream, flags)
            return
        if stream_id <= self._last_stream_id:
            raise ConnectionFault(ErrorCode.STREAM_CLOSED, "a closed stream was opened again")
        if self._final_stream_id is not None:
            return  # after GOAWAY: the client repeats it elsewhere
        self._last_stream_id = stream_id
        if len(self._streams) >= self._limits.max_concurrent_streams:
            raise StreamFault(stream_id, ErrorCode.REFUSED_STREAM)
        stream = Stream(stream_id, headers, self._peer_window, content_length(stream_id, headers))
        self._streams[stream_id] = stream
        if flags & Flag.END_STREAM:
            self._on_end(stream)

    def _on_trailers(self, stream: Stream, flags: int) -> None:
        if stream.ended:
            raise StreamFault(stream.id, ErrorCode.STREAM_CLOSED)
        if not flags & Flag.END_STREAM:
            raise StreamFault(stream.id, ErrorCode.PROTOCOL_ERROR)
        self._on_end(stream)

    def _on_data(self, flags: int, stream_id: int, payload: bytes) -> None:
        if stream_id == 0 or (stream_id > self._last_stream_id and self._final_stream_id is None):
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "DATA on an idle stream")
        self._count_received(len(payload))
        stream = self._streams.get(stream_id)
        if stream is None:
            return  # answered or reset already; RFC 9113 §5.1 allows to ignore it
        if stream.ended:
            raise StreamFault(stream_id, ErrorCode.STREAM_CLOSED)
        stream.receive_window -= len(payload)
        if stream.receive_window < 0:
            raise StreamFault(stream_id, ErrorCode.FLOW_CONTROL_ERROR)
        data = wire.without_padding(flags & Flag.PADDED, payload)
        if stream.dispatched:
            self._drain(stream, len(payload))
        else:
            stream.body += data
        if flags & Flag.END_STREAM:
            self._on_end(stream)
        elif len(stream.body) > self._limits.max_body_bytes:
            self._dispatch(stream)

    def _drain(self, stream: Stream, size: int) -> None:
        """Let the rest of a body come that is refused already: some clients lose the answer to a reset."""
        stream.drained_bytes += size
        if stream.drained_bytes > _MAX_DRAINED_BYTES:
            raise StreamFault(stream.id, ErrorCode.NO_ERROR)
        stream.receive_window += size
        self._send(wire.window_update(stream.id, size))

    def _count_received(self, size: int) -> None:
        self._received_bytes += size
        if self._received_bytes > _RECEIVE_WINDOW_BYTES:
            raise ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "more data than the connection's window")
        if self._received_bytes > _RECEIVE_WINDOW_BYTES // 2:
            self._send(wire.window_update(0, self._received_bytes))
            self._received_bytes = 0

    def _on_end(self, stream: Stream) -> None:
        stream.ended = True
        if stream.answered:
            del self._streams[stream.id]
        elif not stream.dispatched:
            if stream.content_length is not None and stream.content_length != len(stream.body):
                raise StreamFault(stream.id, ErrorCode.PROTOCOL_ERROR)
            self._dispatch(stream)

    def _dispatch(self, stream: Stream) -> None:
        stream.dispatched = True
        self.requests += 1
        self._application.requested(self, stream)

    def _on_priority(self, _flags: int, stream_id: int, payload: bytes) -> None:
        if stream_id == 0:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "PRIORITY belongs to a stream")
        if len(payload) != 5:
            raise StreamFault(stream_id, ErrorCode.FRAME_SIZE_ERROR)

    def _on_reset(self, _flags: int, stream_id: int, payload: bytes) -> None:
        if len(payload) != 4:
            raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "RST_STREAM has 4 octets")
        if stream_id == 0 or (stream_id > self._last_stream_id and self._final_stream_id is None):
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "RST_STREAM on an idle stream")
        self._streams.pop(stream_id, None)
        self._resets += 1
        if self._resets > _MAX_RESETS + self.requests // 2:
            raise ConnectionFault(ErrorCode.ENHANCE_YOUR_CALM, "too many streams were reset")

    def _on_settings(self, flags: int, stream_id: int, payload: bytes) -> None:
        if stream_id:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "SETTINGS belongs to the connection")
        if flags & Flag.ACK:
            if payload:
                raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "an acknowledgement is empty")
            return
        for name, value in wire.settings_values(payload):
            self._apply_setting(name, value)
        self._settled = True
        self._send(wire.frame(Kind.SETTINGS, Flag.ACK, 0))

    def _apply_setting(self, name: int, value: int) -> None:
        if name == Setting.INITIAL_WINDOW_SIZE:
            if value > wire.MAX_WINDOW_BYTES:
                raise ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "a window is at most 2^31-1")
            change, self._peer_window = value - self._peer_window, value
            for stream in list(self._streams.values()):
                stream.send_window += change
                self._resume(stream)
        elif name == Setting.MAX_FRAME_SIZE:
            if not wire.MAX_FRAME_BYTES <= value < 2**24:
                raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "SETTINGS_MAX_FRAME_SIZE is out of range")
            self._peer_frame_bytes = value
        elif name == Setting.ENABLE_PUSH and value not in {0, 1}:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "SETTINGS_ENABLE_PUSH is 0 or 1")

    def _on_push_promise(self, _flags: int, _stream_id: int, _payload: bytes) -> None:
        raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "a client cannot push")

    def _on_ping(self, flags: int, stream_id: int, payload: bytes) -> None:
        if stream_id:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "PING belongs to the connection")
        if len(payload) != 8:
            raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "PING has 8 octets")
        if not flags & Flag.ACK:
            self._send(wire.frame(Kind.PING, Flag.ACK, 0, payload))

    def _on_go_away(self, _flags: int, stream_id: int, _payload: bytes) -> None:
        if stream_id:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "GOAWAY belongs to the connection")
        self._final_stream_id = self._last_stream_id  # the client opens no more; answer what is open

    def _on_window_update(self, _flags: int, stream_id: int, payload: bytes) -> None:
        if len(payload) != 4:
            raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "WINDOW_UPDATE has 4 octets")
        increment = int.from_bytes(payload, "big") & wire.MAX_WINDOW_BYTES
        if stream_id == 0:
            self._send_window += increment
            if increment == 0 or self._send_window > wire.MAX_WINDOW_BYTES:
                code = ErrorCode.FLOW_CONTROL_ERROR if increment else ErrorCode.PROTOCOL_ERROR
                raise ConnectionFault(code, "the connection's window cannot grow so")
            for stream in list(self._streams.values()):
                self._resume(stream)
            return
        if stream_id > self._last_stream_id and self._final_stream_id is None:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE on an idle stream")
        open_stream = self._streams.get(stream_id)
        if open_stream is not None:
            open_stream.send_window += increment
            if increment == 0 or open_stream.send_window > wire.MAX_WINDOW_BYTES:
                code = ErrorCode.FLOW_CONTROL_ERROR if increment else ErrorCode.PROTOCOL_ERROR
                raise StreamFault(stream_id, code)
            self._resume(open_stream)

    def _resume(self, stream: Stream) -> None:
        if stream.unsent:
            self._send_body(stream)

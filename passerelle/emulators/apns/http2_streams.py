"""What an HTTP/2 stream carries here: one request, and the rules that make it well-formed."""

from dataclasses import dataclass
from typing import Final

from passerelle.emulators.apns.http2_frames import DEFAULT_WINDOW_BYTES, ErrorCode, StreamFault

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Stream:
    """A request that is being received or answered."""

    id: int
    headers: Headers
    send_window: int
    content_length: int | None = None
    body: bytes = b""
    receive_window: int = DEFAULT_WINDOW_BYTES
    ended: bool = False
    dispatched: bool = False
    answered: bool = False
    drained_bytes: int = 0
    unsent: bytes = b""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the server advertises and enforces."""

    max_concurrent_streams: int = 1000
    max_body_bytes: int = 4096


_REQUEST_PSEUDO_HEADERS: Final = frozenset({b":method", b":scheme", b":path", b":authority"})
_CONNECTION_HEADERS: Final = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"upgrade"}
)


def content_length(stream_id: int, headers: Headers) -> int | None:
    """Check that the request is well-formed (RFC 9113 §8.2, §8.3) and return its declared length."""
    length: int | None = None
    pseudo: list[bytes] = []
    regular = False
    for name, value in headers:
        if name[:1] == b":":
            pseudo.append(name)
            if regular:
                raise StreamFault(stream_id, ErrorCode.PROTOCOL_ERROR)
            continue
        regular = True
        if name in _CONNECTION_HEADERS or name != name.lower() or not name:
            raise StreamFault(stream_id, ErrorCode.PROTOCOL_ERROR)
        if name == b"content-length":
            if not value.isdigit():
                raise StreamFault(stream_id, ErrorCode.PROTOCOL_ERROR)
            length = int(value)
    required = {b":method", b":scheme", b":path"}
    if len(set(pseudo)) != len(pseudo) or not required <= set(pseudo) <= _REQUEST_PSEUDO_HEADERS:
        raise StreamFault(stream_id, ErrorCode.PROTOCOL_ERROR)
    return length

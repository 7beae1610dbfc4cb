"""HTTP/2 on the wire (RFC 9113 §4, §6, §7; RFC 7541 §6): frames, error codes, header literals."""

import struct
from enum import IntEnum, IntFlag
from typing import Final

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEAD_BYTES: Final = 9
MAX_FRAME_BYTES: Final = 16_384
MAX_WINDOW_BYTES: Final = 2**31 - 1
DEFAULT_WINDOW_BYTES: Final = 65_535

_HEAD: Final = struct.Struct(">HBBBL")  # the 24-bit length is split in 16 and 8
_SETTING: Final = struct.Struct(">HL")


class Kind(IntEnum):
    """Frame types (RFC 9113 §6)."""

    DATA = 0
    HEADERS = 1
    PRIORITY = 2
    RST_STREAM = 3
    SETTINGS = 4
    PUSH_PROMISE = 5
    PING = 6
    GOAWAY = 7
    WINDOW_UPDATE = 8
    CONTINUATION = 9


class Flag(IntFlag):
    """Frame flags; ACK and END_STREAM are the same bit of different frames."""

    END_STREAM = 0x1
    ACK = 0x1
    END_HEADERS = 0x4
    PADDED = 0x8
    PRIORITY = 0x20


class ErrorCode(IntEnum):
    """Error codes of RST_STREAM and GOAWAY (RFC 9113 §7)."""

    NO_ERROR = 0x0
    PROTOCOL_ERROR = 0x1
    INTERNAL_ERROR = 0x2
    FLOW_CONTROL_ERROR = 0x3
    STREAM_CLOSED = 0x5
    FRAME_SIZE_ERROR = 0x6
    REFUSED_STREAM = 0x7
    COMPRESSION_ERROR = 0x9
    ENHANCE_YOUR_CALM = 0xB


class Setting(IntEnum):
    """Parameters of SETTINGS (RFC 9113 §6.5.2)."""

    HEADER_TABLE_SIZE = 0x1
    ENABLE_PUSH = 0x2
    MAX_CONCURRENT_STREAMS = 0x3
    INITIAL_WINDOW_SIZE = 0x4
    MAX_FRAME_SIZE = 0x5
    MAX_HEADER_LIST_SIZE = 0x6


class ConnectionFault(Exception):
    """The peer broke a rule of the whole connection: it ends with a GOAWAY."""

    def __init__(self, code: ErrorCode, rule: str) -> None:
        super().__init__(f"{code.name}: {rule}")
        self.code = code
        self.rule = rule


class StreamFault(Exception):
    """The peer broke a rule of one stream: it ends with a RST_STREAM."""

    def __init__(self, stream_id: int, code: ErrorCode) -> None:
        super().__init__(f"{code.name} on stream {stream_id}")
        self.stream_id = stream_id
        self.code = code


def frame(kind: int, flags: int, stream_id: int, payload: bytes = b"") -> bytes:
    length = len(payload)
    return _HEAD.pack(length >> 8, length & 0xFF, kind, flags, stream_id) + payload


def frame_head(data: bytes, position: int) -> tuple[int, int, int, int]:
    """Payload length, type, flags and stream id of the frame that starts at ``position``."""
    high, low, kind, flags, stream_id = _HEAD.unpack_from(data, position)
    return (high << 8) | low, kind, flags, stream_id & MAX_WINDOW_BYTES


def settings(values: dict[Setting, int]) -> bytes:
    return frame(Kind.SETTINGS, 0, 0, b"".join(_SETTING.pack(*pair) for pair in values.items()))


def settings_values(payload: bytes) -> list[tuple[int, int]]:
    if len(payload) % _SETTING.size:
        raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "SETTINGS is a multiple of 6 octets")
    return list(_SETTING.iter_unpack(payload))


def window_update(stream_id: int, increment: int) -> bytes:
    return frame(Kind.WINDOW_UPDATE, 0, stream_id, increment.to_bytes(4, "big"))


def reset(stream_id: int, code: ErrorCode) -> bytes:
    return frame(Kind.RST_STREAM, 0, stream_id, code.to_bytes(4, "big"))


def go_away(last_stream_id: int, code: ErrorCode, debug: bytes) -> bytes:
    return frame(Kind.GOAWAY, 0, 0, struct.pack(">LL", last_stream_id, code) + debug)


def without_padding(flags: int, payload: bytes) -> bytes:
    """The payload of a DATA or HEADERS frame without padding and priority fields."""
    start = 0
    end = len(payload)
    if flags & Flag.PADDED:
        start = 1
        end -= payload[0] if payload else 1
    if flags & Flag.PRIORITY:
        start += 5
    if end < start:
        raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "padding is shorter than the frame")
    return payload[start:end]


_STATUS_INDEX: Final = {200: 8, 204: 9, 206: 10, 304: 11, 400: 12, 404: 13, 500: 14}


def status_field(status: int) -> bytes:
    """``:status`` as an indexed field, or as a literal on the indexed name (RFC 7541 appendix A)."""
    index = _STATUS_INDEX.get(status)
    return bytes([0x80 | index]) if index else b"\x08\x03%d" % status


def literal_field(name: bytes, value: bytes) -> bytes:
    """A header field literal without indexing and without Huffman code (RFC 7541 §6.2.2).

    The server never uses the dynamic table: its answers are short and the table would cost more than it saves.
    """
    return b"\x00" + _string(name) + _string(value)


def _string(text: bytes) -> bytes:
    assert len(text) < 127, "longer lengths need a second octet, and no answer of APNs has such a header"
    return bytes([len(text)]) + text

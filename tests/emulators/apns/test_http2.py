"""The HTTP/2 layer frame by frame: what a client may do, and what each broken rule is answered with."""

import asyncio
import contextlib
import json
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import hpack
import pytest
import pytest_asyncio

from passerelle.emulators.apns import ApnsEmulator, Outage
from passerelle.emulators.apple_ca import Authority

TOPIC = "pass.example.loyalty"
TOKEN = "ab" * 32
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, END_HEADERS, PADDED, WITH_PRIORITY = 0x1, 0x4, 0x8, 0x20


@dataclass
class Answer:
    """What came back on one stream."""

    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ended: bool = False
    reset: int | None = None


class RawClient:
    """Frames in, frames out; nothing is checked or repaired on the way."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.encoder = hpack.Encoder()
        self.decoder = hpack.Decoder()
        self.seen: list[tuple[int, int, int, bytes]] = []

    def send(self, kind: int, flags: int, stream_id: int, payload: bytes = b"") -> None:
        self.writer.write(struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream_id) + payload)

    def start(self, settings: dict[int, int] | None = None) -> None:
        self.writer.write(PREFACE)
        self.send(SETTINGS, 0, 0, b"".join(struct.pack(">HI", *pair) for pair in (settings or {}).items()))

    def block(self, **changes: str | None) -> bytes:
        """An encoded header block; a change to None leaves the header out, ``_`` in a name is ``-``."""
        fields: dict[str, str | None] = {
            ":method": "POST",
            ":scheme": "https",
            ":path": f"/3/device/{TOKEN}",
            ":authority": "localhost",
            "apns-topic": TOPIC,
        }
        fields.update({name.replace("_", "-").replace("pseudo-", ":"): value for name, value in changes.items()})
        return self.encoder.encode([(name, value) for name, value in fields.items() if value is not None])

    def push(self, stream_id: int, **changes: str | None) -> None:
        self.send(HEADERS, END_HEADERS, stream_id, self.block(**changes))
        self.send(DATA, END_STREAM, stream_id, b"{}")

    async def frame(self) -> tuple[int, int, int, bytes]:
        head = await self.reader.readexactly(9)
        payload = await self.reader.readexactly(int.from_bytes(head[:3], "big"))
        found = (head[3], head[4], int.from_bytes(head[5:], "big"), payload)
        self.seen.append(found)
        return found

    async def until(self, kind: int, flags: int = 0) -> tuple[int, bytes]:
        """Stream id and payload of the next frame of this type with these flags."""
        while True:
            found, found_flags, stream_id, payload = await self.frame()
            if found == kind and found_flags & flags == flags:
                return stream_id, payload

    async def answer(self, wanted: int) -> Answer:
        """Everything on one stream until it ends or is reset."""
        answer = Answer()
        while not answer.ended and answer.reset is None:
            kind, flags, stream_id, payload = await self.frame()
            if kind == HEADERS:
                decoded = {str(name): str(value) for name, value in self.decoder.decode(payload)}
                answer.headers.update(decoded if stream_id == wanted else {})
            if stream_id != wanted:
                continue
            if kind == DATA:
                answer.body += payload
            answer.ended = kind in {DATA, HEADERS} and bool(flags & END_STREAM)
            answer.reset = int.from_bytes(payload, "big") if kind == RST_STREAM else None
        return answer

    async def go_away_code(self) -> int:
        """The error code of the GOAWAY that must come, after which the server closes."""
        _, payload = await self.until(GOAWAY)
        assert await self.reader.read() == b""
        return int.from_bytes(payload[4:8], "big")


async def connect(emulator: ApnsEmulator, authority: Authority) -> RawClient:
    context = ssl.create_default_context(cadata=authority.root_pem().decode())
    context.set_alpn_protocols(["h2"])
    return RawClient(*await asyncio.open_connection("localhost", emulator.port, ssl=context))


@pytest_asyncio.fixture
async def client(emulator: ApnsEmulator, authority: Authority) -> AsyncIterator[RawClient]:
    raw = await connect(emulator, authority)
    yield raw
    raw.writer.close()


async def test_a_request_is_answered(client: RawClient, emulator: ApnsEmulator) -> None:
    client.start()
    client.push(1)
    answer = await client.answer(1)
    assert answer.headers[":status"] == "200"
    assert len(answer.headers["apns-id"]) == 36
    assert answer.body == b""
    assert [push.token for push in emulator.pushes] == [TOKEN]


async def test_settings_are_acknowledged_and_sent(client: RawClient) -> None:
    client.start({0x3: 7})
    _, advertised = await client.until(SETTINGS)
    assert dict(struct.iter_unpack(">HI", advertised))[0x3] == 1000
    _, increment = await client.until(WINDOW_UPDATE)
    assert int.from_bytes(increment, "big") > 1_000_000
    assert await client.until(SETTINGS, flags=0x1) == (0, b"")


async def test_ping_is_answered_and_its_answer_is_not(client: RawClient) -> None:
    client.start()
    client.send(PING, 0x1, 0, b"answered")
    client.send(PING, 0, 0, b"question")
    assert await client.until(PING) == (0, b"question")


async def test_frames_may_arrive_in_any_pieces(client: RawClient) -> None:
    parts: list[bytes] = []
    writer, client.writer = client.writer, type("Collector", (), {"write": staticmethod(parts.append)})()
    client.start()
    client.push(1)
    client.push(3)
    client.writer = writer
    for byte in b"".join(parts):
        writer.write(bytes([byte]))
        await writer.drain()
    assert (await client.answer(3)).headers[":status"] == "200"


async def test_headers_may_be_padded_prioritized_and_continued(client: RawClient, emulator: ApnsEmulator) -> None:
    client.start()
    block = client.block()
    first = bytes([3]) + struct.pack(">IB", 0, 15) + block[:10] + b"\0\0\0"
    client.send(HEADERS, PADDED | WITH_PRIORITY, 1, first)
    client.send(CONTINUATION, 0, 1, block[10:20])
    client.send(CONTINUATION, END_HEADERS, 1, block[20:])
    client.send(DATA, PADDED | END_STREAM, 1, bytes([5]) + b"{}" + b"\0" * 5)
    assert (await client.answer(1)).headers[":status"] == "200"
    assert emulator.accepted == 1


async def test_a_body_in_pieces_and_trailers(client: RawClient) -> None:
    client.start()
    client.send(HEADERS, END_HEADERS, 1, client.block(content_length="2"))
    client.send(DATA, 0, 1, b"{")
    client.send(DATA, 0, 1, b"")
    client.send(DATA, 0, 1, b"}")
    client.send(HEADERS, END_HEADERS | END_STREAM, 1, client.encoder.encode([("x-trailer", "1")]))
    assert (await client.answer(1)).headers[":status"] == "200"


async def test_the_dynamic_table_is_followed_across_requests(client: RawClient, emulator: ApnsEmulator) -> None:
    client.start()
    for number in range(40):
        client.push(2 * number + 1, pseudo_path=f"/3/device/{f'{number:02x}' * 32}")
    await client.answer(79)
    assert len({push.token for push in emulator.pushes}) == 40


async def test_unknown_frames_and_settings_are_ignored(client: RawClient) -> None:
    client.start({0x99: 1})
    client.send(0x42, 0xFF, 1, b"anything")
    client.send(PRIORITY, 0, 9, bytes(5))
    client.push(1)
    assert (await client.answer(1)).headers[":status"] == "200"


async def test_a_body_that_is_too_long_is_refused_before_its_end(client: RawClient) -> None:
    client.start()
    client.send(HEADERS, END_HEADERS, 1, client.block())
    client.send(DATA, 0, 1, b"x" * 5000)
    answer = await client.answer(1)
    assert answer.headers[":status"] == "413"
    client.send(DATA, 0, 1, b"x" * 16384)
    assert await client.until(WINDOW_UPDATE) == (1, (16384).to_bytes(4, "big"))
    client.send(DATA, END_STREAM, 1)
    client.push(3)
    assert (await client.answer(3)).headers[":status"] == "200"


async def test_an_endless_body_is_cut_off(client: RawClient) -> None:
    client.start()
    client.send(HEADERS, END_HEADERS, 1, client.block())
    client.send(DATA, 0, 1, b"x" * 5000)
    assert (await client.answer(1)).headers[":status"] == "413"
    for _ in range(70):
        client.send(DATA, 0, 1, b"x" * 16384)
    assert await client.until(RST_STREAM) == (1, bytes(4))


async def test_answers_wait_for_the_clients_window(client: RawClient) -> None:
    client.start({0x4: 10})
    client.push(1, pseudo_path="/nowhere")
    body = b""
    while len(body) < 10:
        stream_id, part = await client.until(DATA)
        body += part
    client.send(PING, 0, 0, b"nothing!")
    await client.until(PING)
    assert all(kind != DATA for kind, *_ in client.seen[-1:])
    client.send(SETTINGS, 0, 0, struct.pack(">HI", 0x4, 12))
    body += (await client.until(DATA))[1]
    assert len(body) == 12
    client.send(WINDOW_UPDATE, 0, 1, (100).to_bytes(4, "big"))
    body += (await client.until(DATA, END_STREAM))[1]
    assert json.loads(body) == {"reason": "BadPath"}
    assert stream_id == 1


async def test_the_connections_window_is_shared(client: RawClient) -> None:
    client.start({0x4: 2**31 - 1})
    refusals = 3400  # of 20 octets each: more than the 65,535 of the connection
    received = 0
    for number in range(refusals):
        client.push(2 * number + 1, pseudo_path="/x")
    while received < 65_535:
        received += len((await client.until(DATA))[1])
    assert received == 65_535
    client.send(WINDOW_UPDATE, 0, 0, (1_000_000).to_bytes(4, "big"))
    assert (await client.until(DATA))[1]


async def test_a_reset_stream_is_not_answered(client: RawClient, emulator: ApnsEmulator) -> None:
    emulator.latency_seconds = 0.02
    client.start()
    client.push(1)
    client.send(RST_STREAM, 0, 1, (8).to_bytes(4, "big"))
    client.push(3)
    await client.answer(3)
    assert all(stream_id != 1 for _, _, stream_id, _ in client.seen)


async def test_go_away_finishes_what_is_open_and_takes_nothing_new(client: RawClient, emulator: ApnsEmulator) -> None:
    emulator.latency_seconds = 0.2
    client.start()
    client.push(1)
    await client.until(SETTINGS, flags=0x1)
    emulator.go_away()
    _, payload = await client.until(GOAWAY)
    assert struct.unpack(">II", payload) == (1, 0)
    client.push(3)
    assert (await client.answer(1)).headers[":status"] == "200"
    assert await client.reader.read() == b""
    assert emulator.accepted == 1


async def test_the_clients_go_away_is_respected(client: RawClient) -> None:
    client.start()
    client.push(1)
    client.send(GOAWAY, 0, 0, bytes(8))
    assert (await client.answer(1)).headers[":status"] == "200"
    assert await client.reader.read() == b""


async def test_too_many_streams_are_refused(client: RawClient, emulator: ApnsEmulator) -> None:
    emulator.outage(Outage.SILENT)
    client.start()
    for number in range(1001):
        client.push(2 * number + 1)
    assert await client.until(RST_STREAM) == (2001, (7).to_bytes(4, "big"))


STREAM_FAULTS = {
    "no path": {"pseudo_path": None},
    "no method": {"pseudo_method": None},
    "unknown pseudo header": {"pseudo_status": "200"},
    "connection header": {"connection": "close"},
    "upper case": {"Apns-Id": "x"},
    "length is no number": {"content_length": "two"},
    "length is wrong": {"content_length": "3"},
}


@pytest.mark.parametrize("changes", STREAM_FAULTS.values(), ids=STREAM_FAULTS)
async def test_a_malformed_request_resets_its_stream_only(client: RawClient, changes: dict[str, str | None]) -> None:
    client.start()
    client.push(1, **changes)
    assert (await client.answer(1)).reset == 1
    client.push(3)
    assert (await client.answer(3)).headers[":status"] == "200"


async def test_a_pseudo_header_after_others_resets_the_stream(client: RawClient) -> None:
    client.start()
    fields = [(":method", "POST"), (":scheme", "https"), ("apns-topic", TOPIC), (":path", f"/3/device/{TOKEN}")]
    client.send(HEADERS, END_HEADERS | END_STREAM, 1, client.encoder.encode(fields))
    assert (await client.answer(1)).reset == 1


def _twice(client: RawClient) -> None:
    client.push(1)
    client.push(1)


def _interrupted_block(client: RawClient) -> None:
    client.send(HEADERS, 0, 1, client.block())
    client.send(PING, 0, 0, bytes(8))


def _endless_block(client: RawClient) -> None:
    client.send(HEADERS, 0, 1, b"\0" * 16_000)
    for _ in range(2):
        client.send(CONTINUATION, 0, 1, b"\0" * 16_000)


def _rapid_resets(client: RawClient) -> None:
    for number in range(2_500):
        client.send(HEADERS, END_HEADERS, 2 * number + 1, client.block())
        client.send(RST_STREAM, 0, 2 * number + 1, bytes(4))


CONNECTION_FAULTS: dict[str, tuple[int, Callable[[RawClient], None]]] = {
    "even stream": (0x1, lambda c: c.push(2)),
    "stream opened again": (0x5, _twice),
    "data on idle stream": (0x1, lambda c: c.send(DATA, 0, 5, b"x")),
    "data on stream 0": (0x1, lambda c: c.send(DATA, 0, 0, b"x")),
    "reset of idle stream": (0x1, lambda c: c.send(RST_STREAM, 0, 5, bytes(4))),
    "reset of wrong size": (0x6, lambda c: c.send(RST_STREAM, 0, 5, bytes(3))),
    "priority on stream 0": (0x1, lambda c: c.send(PRIORITY, 0, 0, bytes(5))),
    "settings on a stream": (0x1, lambda c: c.send(SETTINGS, 0, 1)),
    "settings of wrong size": (0x6, lambda c: c.send(SETTINGS, 0, 0, bytes(5))),
    "acknowledgement with content": (0x6, lambda c: c.send(SETTINGS, 0x1, 0, bytes(6))),
    "window too large": (0x3, lambda c: c.send(SETTINGS, 0, 0, struct.pack(">HI", 0x4, 2**31))),
    "frame size too small": (0x1, lambda c: c.send(SETTINGS, 0, 0, struct.pack(">HI", 0x5, 100))),
    "push neither on nor off": (0x1, lambda c: c.send(SETTINGS, 0, 0, struct.pack(">HI", 0x2, 2))),
    "push promise": (0x1, lambda c: c.send(PUSH_PROMISE, END_HEADERS, 1, bytes(4))),
    "ping of wrong size": (0x6, lambda c: c.send(PING, 0, 0, bytes(7))),
    "ping on a stream": (0x1, lambda c: c.send(PING, 0, 1, bytes(8))),
    "go away on a stream": (0x1, lambda c: c.send(GOAWAY, 0, 1, bytes(8))),
    "window update of wrong size": (0x6, lambda c: c.send(WINDOW_UPDATE, 0, 0, bytes(3))),
    "window update of 0": (0x1, lambda c: c.send(WINDOW_UPDATE, 0, 0, bytes(4))),
    "window update too large": (0x3, lambda c: c.send(WINDOW_UPDATE, 0, 0, (2**31 - 1).to_bytes(4, "big"))),
    "window update of idle stream": (0x1, lambda c: c.send(WINDOW_UPDATE, 0, 7, (1).to_bytes(4, "big"))),
    "continuation of nothing": (0x1, lambda c: c.send(CONTINUATION, END_HEADERS, 1)),
    "header block interrupted": (0x1, _interrupted_block),
    "header block endless": (0xB, _endless_block),
    "header block unreadable": (0x9, lambda c: c.send(HEADERS, END_HEADERS, 1, b"\xff\xff\xff\xff\xff\xff")),
    "padding longer than the frame": (0x1, lambda c: c.send(HEADERS, PADDED | END_HEADERS, 1, b"\x09abc")),
    "frame too long": (0x6, lambda c: c.send(DATA, 0, 1, b"x" * 16_385)),
    "rapid resets": (0xB, _rapid_resets),
}


@pytest.mark.parametrize(("code", "break_rule"), CONNECTION_FAULTS.values(), ids=CONNECTION_FAULTS)
async def test_a_broken_rule_of_the_connection_ends_it(
    client: RawClient, code: int, break_rule: Callable[[RawClient], None]
) -> None:
    client.start()
    break_rule(client)
    assert await client.go_away_code() == code


async def test_the_first_frame_must_be_settings(client: RawClient) -> None:
    client.writer.write(PREFACE)
    client.send(PING, 0, 0, bytes(8))
    assert await client.go_away_code() == 0x1


async def test_http_1_is_not_spoken(client: RawClient) -> None:
    client.writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert await client.go_away_code() == 0x1


async def test_without_alpn_there_is_no_connection(emulator: ApnsEmulator, authority: Authority) -> None:
    context = ssl.create_default_context(cadata=authority.root_pem().decode())
    reader, writer = await asyncio.open_connection("localhost", emulator.port, ssl=context)
    with contextlib.suppress(ConnectionResetError):
        assert await reader.read() == b""
    writer.close()

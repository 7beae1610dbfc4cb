"""The HTTP client on real sockets: keep-alive, limits, broken servers, encodings."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from passerelle.emulators.apple_device.http1 import HttpClient, HttpFailure, Origin, split_url

Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Serve = Callable[[Behave], Awaitable[Origin]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest_asyncio.fixture
async def serve() -> AsyncIterator[Serve]:
    listeners: list[asyncio.Server] = []

    async def start(behave: Behave) -> Origin:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await behave(reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        listener = await asyncio.start_server(connected, "127.0.0.1", 0)
        listeners.append(listener)
        return Origin("http", "127.0.0.1", listener.sockets[0].getsockname()[1])

    yield start
    for listener in listeners:
        listener.close()


def answering(*answers: bytes) -> Behave:
    """Give these answers on each connection, then close it."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()

    return behave


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (OK, 200, b"ok"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", 200, b"abc"),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, b""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK, 200, b"ok"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, b"ok"),
    ],
)
async def test_answers(serve: Serve, http: HttpClient, answer: bytes, status: int, body: bytes) -> None:
    origin = await serve(answering(answer))
    got = await http.request("GET", origin, "/", "")
    assert (got.status, got.body) == (status, body)


async def test_gzip(serve: Serve, http: HttpClient) -> None:
    packed = gzip.compress(b"hello" * 100)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    origin = await serve(answering(head + packed))
    assert (await http.request("GET", origin, "/", "")).body == b"hello" * 100


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
    ],
    ids=["nothing", "not http", "cut off", "upgrade", "not gzip"],
)
async def test_failures(serve: Serve, http: HttpClient, answer: bytes) -> None:
    origin = await serve(answering(answer))
    with pytest.raises(HttpFailure):
        await http.request("GET", origin, "/", "")


async def test_connections_are_kept_and_shared(serve: Serve) -> None:
    connections = 0

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(OK)

    origin = await serve(behave)
    http = HttpClient(max_connections=3)
    answers = await asyncio.gather(*(http.request("GET", origin, "/", "") for _ in range(200)))
    assert {answer.body for answer in answers} == {b"ok"}
    assert connections == 3
    await http.close()


async def test_a_connection_closed_while_idle_is_replaced(serve: Serve, http: HttpClient) -> None:
    origin = await serve(answering(OK))  # closes after one answer without saying so
    for _ in range(3):
        assert (await http.request("GET", origin, "/", "")).body == b"ok"


async def test_a_server_that_does_not_answer(serve: Serve) -> None:
    async def behave(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    origin = await serve(behave)
    http = HttpClient(timeout_seconds=0.05, max_connections=1)
    for _ in range(2):
        with pytest.raises(HttpFailure, match="timeout"):
            await http.request("GET", origin, "/", "")
    await http.close()


async def test_a_cancelled_request_leaves_its_turn_to_others(serve: Serve) -> None:
    release = asyncio.Event()

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await reader.readuntil(b"\r\n\r\n")
            await release.wait()
            writer.write(OK)

    origin = await serve(behave)
    http = HttpClient(max_connections=1)
    requests = [asyncio.create_task(http.request("GET", origin, "/", "")) for _ in range(3)]
    await asyncio.sleep(0)
    requests[0].cancel()
    requests[1].cancel()
    release.set()
    assert (await requests[2]).body == b"ok"
    await asyncio.gather(*requests, return_exceptions=True)
    await http.close()


@pytest.mark.parametrize(
    ("url", "authority", "target"),
    [
        ("https://a.example/wallet?x=1", "a.example", "/wallet?x=1"),
        ("http://a.example:8080", "a.example:8080", "/"),
        ("http://[::1]:80/x", "[::1]", "/x"),
    ],
)
def test_urls(url: str, authority: str, target: str) -> None:
    origin, found = split_url(url)
    assert (origin.authority, found) == (authority, target)


@pytest.mark.parametrize("url", ["ftp://a.example/", "/relative", "https:///x"])
def test_urls_that_cannot_be_asked(url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        split_url(url)

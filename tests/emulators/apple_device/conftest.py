"""A pass factory with real signatures, and a small pass server written from the specification.

The server keeps the rules unless a test sets one of its ``quirks``, and writes down what it was asked.
"""

import asyncio
import hashlib
import io
import json
import random
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from passerelle.emulators.apple_ca import Authority, IssuedCertificate, create_authority
from passerelle.emulators.apple_device import AppleDevice, HttpClient, Retry, Trust

TOPIC = "pass.example.loyalty"
TEAM = "TEAM123456"
TOKEN = "a-secret-of-one-pass-0001"
ICON = b"\x89PNG not really"


class Signer:
    """Makes ``.pkpass`` files; ``files`` and ``manifest`` let a test break one thing at a time."""

    def __init__(self, issued: IssuedCertificate) -> None:
        self.issued = issued

    def sign(self, manifest: bytes, *, embed: bool = True) -> bytes:
        builder = pkcs7.PKCS7SignatureBuilder().set_data(manifest)
        builder = builder.add_signer(self.issued.certificate, self.issued.key, hashes.SHA256())
        if embed:
            builder = builder.add_certificate(self.issued.issuer)
        return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])

    def package(self, pass_json: dict[str, Any], files: dict[str, bytes] | None = None) -> bytes:
        content = {"pass.json": json.dumps(pass_json).encode(), "icon.png": ICON, **(files or {})}
        manifest = json.dumps({name: hashlib.sha1(data).hexdigest() for name, data in content.items()}).encode()  # noqa: S324  Apple's manifest is SHA-1
        return zipped({**content, "manifest.json": manifest, "signature": self.sign(manifest)})


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def pass_json(points: object = 10, **changes: Any) -> dict[str, Any]:
    """A loyalty card with one announced field and one silent one."""
    content: dict[str, Any] = {
        "formatVersion": 1,
        "passTypeIdentifier": TOPIC,
        "serialNumber": "card-1",
        "teamIdentifier": TEAM,
        "organizationName": "Café Atlas",
        "description": "Loyalty card",
        "storeCard": {
            "headerFields": [
                {"key": "points", "label": "Points", "value": points, "changeMessage": "You have %@ points"}
            ],
            "backFields": [{"key": "terms", "value": "v1"}],
        },
    }
    return content | changes


@pytest.fixture(scope="session")
def apple() -> Authority:
    return create_authority()


@pytest.fixture(scope="session")
def signer(apple: Authority) -> Signer:
    return Signer(apple.issue_pass_certificate(TOPIC, TEAM))


@pytest.fixture(scope="session")
def trust(apple: Authority) -> Trust:
    return Trust.from_pem(apple.root_pem())


@pytest.fixture(scope="session")
def make_pass_json() -> Callable[..., dict[str, Any]]:
    return pass_json


@pytest.fixture(scope="session")
def make_zip() -> Callable[[dict[str, bytes]], bytes]:
    return zipped


@pytest.fixture(scope="session")
def make_signer() -> Callable[[IssuedCertificate], Signer]:
    return Signer


@dataclass
class Asked:
    """One request that the server read."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Card:
    """A pass on the server: its package, its whole-second modification time, its version."""

    package: bytes
    modified: int
    version: int
    token: str = TOKEN


@dataclass
class PassServer:
    """The web service of the specification for one pass type, over a plain HTTP/1.1 socket."""

    cards: dict[str, Card] = field(default_factory=dict)
    registrations: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    quirks: dict[str, Any] = field(default_factory=dict)
    failures: list[int] = field(default_factory=list)
    gate: asyncio.Event | None = None
    version: int = 0
    url: str = ""

    def put(self, serial: str, package: bytes, modified: int | None = None) -> None:
        self.version += 1
        self.cards[serial] = Card(package, modified or 1_795_000_000 + 10 * self.version, self.version)

    def calls(self) -> list[str]:
        return [f"{asked.method} {asked.path}" for asked in self.asked]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, target, _ = head[0].split(" ")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-2])}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                path, _, query = target.partition("?")
                asked = Asked(method, path, query, headers, body)
                self.asked.append(asked)
                if self.gate is not None and method == "GET":
                    await self.gate.wait()
                status, extra, content = self.answer(asked)
                lines = (
                    [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}"]
                    if status not in {204, 304}
                    else [f"HTTP/1.1 {status} X"]
                )
                lines += [f"{name}: {value}" for name, value in extra.items()]
                writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + content)
                if extra.get("Connection") == "close":
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        if self.failures:
            return self.failures.pop(0), {}, b""
        parts = asked.path.removeprefix("/wallet/apple/v1/").split("/")
        if parts == ["log"]:
            self.logs += json.loads(asked.body)["logs"]
            return self.quirks.get("log_status", 200), {}, b""
        if parts[0] == "devices" and len(parts) == 5:
            return self.registration(asked, parts[1], parts[4])
        if parts[0] == "devices":
            return self.listing(asked, parts[1])
        return self.latest(asked, parts[2])

    def registration(self, asked: Asked, device: str, serial: str) -> tuple[int, dict[str, str], bytes]:
        if not self.authorized(asked, serial):
            return 401, {}, b""
        if asked.method == "DELETE":
            self.registrations.pop((device, serial), None)
            return self.quirks.get("unregister_status", 200), {}, b""
        known = (device, serial) in self.registrations
        self.registrations[device, serial] = json.loads(asked.body)["pushToken"]
        return self.quirks.get("register_status", 200 if known else 201), {}, b""

    def listing(self, asked: Asked, device: str) -> tuple[int, dict[str, str], bytes]:
        since = int(asked.query.partition("=")[2] or 0)
        serials = [
            serial
            for serial, card in self.cards.items()
            if (device, serial) in self.registrations and card.version > since
        ]
        content = {"serialNumbers": serials, "lastUpdated": str(self.version), **self.quirks.get("list", {})}
        if not serials and "list" not in self.quirks:
            return self.quirks.get("list_status", 204), {}, b""
        return 200, {"Content-Type": "application/json"}, self.quirks.get("list_body", json.dumps(content).encode())

    def latest(self, asked: Asked, serial: str) -> tuple[int, dict[str, str], bytes]:
        if "redirect" in self.quirks:
            return 302, {"Location": self.quirks["redirect"]}, b""
        if not self.authorized(asked, serial):
            return 401, {}, b""
        card = self.cards[serial]
        modified = formatdate(card.modified, usegmt=True)
        if asked.headers.get("if-modified-since") == modified and "ignore_condition" not in self.quirks:
            return 304, {}, b""
        headers = {"Content-Type": "application/vnd.apple.pkpass", "Last-Modified": modified}
        headers.update(self.quirks.get("headers", {}))
        return 200, {name: value for name, value in headers.items() if value}, self.quirks.get("body", card.package)

    def authorized(self, asked: Asked, serial: str) -> bool:
        return serial in self.cards and asked.headers.get("authorization") == f"ApplePass {self.cards[serial].token}"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[PassServer]:
    running = PassServer()
    listener = await asyncio.start_server(running.handle, "127.0.0.1", 0)
    running.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/wallet/apple"
    yield running
    listener.close()


@pytest_asyncio.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient(timeout_seconds=5)
    yield client
    await client.close()


@pytest.fixture
def device(http: HttpClient, trust: Trust) -> AppleDevice:
    return make_device(http, trust)


@pytest.fixture
def new_device(http: HttpClient, trust: Trust) -> Callable[..., AppleDevice]:
    def make(**options: Any) -> AppleDevice:
        return make_device(http, trust, **options)

    return make


def make_device(http: HttpClient, trust: Trust, **options: Any) -> AppleDevice:
    """A device that loses no time between its attempts."""
    identifier = options.pop("device_library_identifier", "device-1")
    push_token = options.pop("push_token", "ab" * 32)
    options.setdefault("retry", Retry(attempts=3, base_seconds=0.001, rng=random.Random(1)))  # noqa: S311  no secret
    return AppleDevice(identifier, push_token, trust=trust, http=http, **options)


@pytest.fixture
def card(server: PassServer, signer: Signer) -> Callable[..., bytes]:
    """Make a version of the card, put it on the server, return its package."""

    def make(
        points: object = 10, *, modified: int | None = None, files: dict[str, bytes] | None = None, **changes: Any
    ) -> bytes:
        content = pass_json(points, webServiceURL=server.url, authenticationToken=TOKEN) | changes
        package = signer.package(content, files)
        server.put(str(content["serialNumber"]), package, modified)
        return package

    return make

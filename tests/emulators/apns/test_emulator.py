"""What the emulator answers to each request, asked by libcurl (an HTTP/2 client that is not ours)."""

import asyncio
import base64
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pycurl
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from passerelle.emulators.apns import ApnsEmulator, Fault, TokenKey
from passerelle.emulators.apple_ca import Authority

TOPIC = "pass.example.loyalty"
TOKEN = "ab" * 32
NOW = 1_795_000_000.0


@dataclass
class Reply:
    """An answer as libcurl saw it."""

    status: int
    headers: dict[str, str]
    content: dict[str, Any]

    @property
    def reason(self) -> str | None:
        return self.content.get("reason")


Ask = Callable[..., Awaitable[Reply]]


def ask_blocking(curl: pycurl.Curl, url: str, method: str, headers: list[str], body: bytes) -> Reply:
    received, lines = bytearray(), list[bytes]()
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.CUSTOMREQUEST, method)
    curl.setopt(pycurl.POSTFIELDS, body)
    curl.setopt(pycurl.HTTPHEADER, headers)
    curl.setopt(pycurl.WRITEFUNCTION, received.extend)
    curl.setopt(pycurl.HEADERFUNCTION, lines.append)
    curl.perform()
    pairs = [line.decode().strip().partition(": ") for line in lines[1:] if line.strip()]
    content = json.loads(received.decode()) if received else {}
    return Reply(curl.getinfo(pycurl.RESPONSE_CODE), {name: value for name, _, value in pairs}, content)


@pytest.fixture
def root_file(authority: Authority, tmp_path: Path) -> Path:
    path = tmp_path / "root.pem"
    path.write_bytes(authority.root_pem())
    return path


@pytest_asyncio.fixture
async def ask(emulator: ApnsEmulator, root_file: Path) -> AsyncIterator[Ask]:
    """Ask the open emulator; ``**headers`` with ``_`` for ``-``, None leaves a default out."""
    curl = pycurl.Curl()
    curl.setopt(pycurl.CAINFO, str(root_file))

    async def send(
        path: str = f"/3/device/{TOKEN}",
        *extra: str,
        method: str = "POST",
        body: bytes = b"{}",
        **headers: str | None,
    ) -> Reply:
        named = {"apns-topic": TOPIC} | {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{name}: {value}" for name, value in named.items() if value is not None]
        url = f"https://localhost:{emulator.port}{path}"
        return await asyncio.to_thread(ask_blocking, curl, url, method, [*lines, *extra], body)

    yield send
    curl.close()


async def test_a_good_push(ask: Ask) -> None:
    reply = await ask()
    assert (reply.status, reply.content) == (200, {})
    assert reply.headers["apns-id"] == reply.headers["apns-id"].upper()


async def test_the_given_id_comes_back(ask: Ask) -> None:
    given = "123e4567-e89b-12d3-a456-4266554400a0"
    assert (await ask(apns_id=given)).headers["apns-id"] == given


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/3/device/", 400, "MissingDeviceToken"),
        ("/3/device/zz", 400, "BadDeviceToken"),
        (f"/3/device/{'ab' * 31}a", 400, "BadDeviceToken"),
        (f"/3/device/{TOKEN}/x", 400, "BadDeviceToken"),
        ("/3/devices/", 404, "BadPath"),
        ("/", 404, "BadPath"),
    ],
)
async def test_paths(ask: Ask, path: str, status: int, reason: str) -> None:
    reply = await ask(path)
    assert (reply.status, reply.reason) == (status, reason)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_methods(ask: Ask, method: str) -> None:
    reply = await ask(method=method)
    assert (reply.status, reply.reason) == (405, "MethodNotAllowed")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("apns_topic", None, "MissingTopic"),
        ("apns_topic", "pass example", "BadTopic"),
        ("apns_push_type", "wallet", "InvalidPushType"),
        ("apns_push_type", "background", None),
        ("apns_priority", "7", "BadPriority"),
        ("apns_priority", "10", None),
        ("apns_expiration", "tomorrow", "BadExpirationDate"),
        ("apns_expiration", "0", None),
        ("apns_id", "not-a-uuid", "BadMessageId"),
        ("apns_collapse_id", "x" * 65, "BadCollapseId"),
        ("apns_collapse_id", "x" * 64, None),
    ],
)
async def test_headers(ask: Ask, name: str, value: str | None, reason: str | None) -> None:
    reply = await ask(**{name: value})
    assert (reply.status, reply.reason) == (400 if reason else 200, reason)


async def test_background_is_for_priority_5(ask: Ask) -> None:
    assert (await ask(apns_push_type="background", apns_priority="10")).reason == "BadPriority"
    assert (await ask(apns_push_type="background", apns_priority="5")).status == 200


async def test_repeated_headers(ask: Ask) -> None:
    assert (await ask(f"/3/device/{TOKEN}", f"apns-topic: {TOPIC}")).reason == "DuplicateHeaders"


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"", 400, "PayloadEmpty"),
        (b"{}", 200, None),
        (b'{"aps":{}}', 200, None),
        (b'{"x":"' + b"y" * 4088 + b'"}', 200, None),
        (b'{"x":"' + b"y" * 4089 + b'"}', 413, "PayloadTooLarge"),
        (b"y" * 200_000, 413, "PayloadTooLarge"),
        (b"[]", 400, "BadPayload"),
        (b"{", 400, "BadPayload"),
    ],
)
async def test_payloads(ask: Ask, body: bytes, status: int, reason: str | None) -> None:
    reply = await ask(body=body)
    assert (reply.status, reply.reason) == (status, reason)


async def test_faults_for_a_token_come_before_those_for_any(ask: Ask, emulator: ApnsEmulator) -> None:
    emulator.script(Fault(503))
    emulator.script(Fault(429, token=TOKEN.upper(), times=2, retry_after_seconds=3))
    replies = [await ask() for _ in range(4)]
    assert [reply.status for reply in replies] == [429, 429, 503, 200]
    assert [reply.headers.get("retry-after") for reply in replies] == ["3", "3", None, None]


@pytest.mark.parametrize(
    "fault",
    [{"status": 201}, {"status": 429, "times": 0}, {"status": 410, "token": "a b"}, {"status": 500, "reason": "{"}],
)
def test_faults_that_make_no_sense(fault: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must|are"):
        Fault(**fault)


async def test_an_unregistered_token_tells_since_when(ask: Ask, emulator: ApnsEmulator) -> None:
    before = int(time.time() * 1000)
    emulator.unregister_token(TOKEN, TOPIC)
    reply = await ask()
    assert (reply.status, reply.reason) == (410, "Unregistered")
    assert before <= reply.content["timestamp"] <= time.time() * 1000
    assert (await ask(apns_topic="pass.example.other")).status == 200, "inactive for one topic only"
    emulator.reset()
    assert (await ask()).status == 200


async def test_the_callback_hears_accepted_pushes_only(ask: Ask, emulator: ApnsEmulator) -> None:
    heard: list[tuple[str, str]] = []
    emulator.on_push = lambda token, topic: heard.append((token, topic))
    emulator.script(Fault(500))
    await ask()
    await ask()
    assert heard == [(TOKEN, TOPIC)]


class Team:
    """A team with a signing key, which makes provider tokens, good ones and others."""

    def __init__(self, team_id: str = "TEAM123456", key_id: str = "KEY1234567") -> None:
        self.team_id, self.key_id = team_id, key_id
        self.private = ec.generate_private_key(ec.SECP256R1())

    def key(self) -> TokenKey:
        pem = self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return TokenKey(self.key_id, self.team_id, pem)

    def token(self, issued_at: float = NOW, header: dict[str, Any] | None = None, **claims: Any) -> str:
        parts = [
            {"alg": "ES256", "kid": self.key_id, **(header or {})},
            {"iss": self.team_id, "iat": int(issued_at), **claims},
        ]
        signed = b".".join(_base64(json.dumps(part).encode()) for part in parts)
        r, s = decode_dss_signature(self.private.sign(signed, ec.ECDSA(hashes.SHA256())))
        return (signed + b"." + _base64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))).decode()


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


@pytest.fixture
def team() -> Team:
    return Team()


@pytest.fixture
def other_team() -> Team:
    return Team("TEAM999999", "KEY9999999")


@pytest_asyncio.fixture
async def guarded(
    server_pem: tuple[bytes, bytes], authority: Authority, team: Team, other_team: Team
) -> AsyncIterator[ApnsEmulator]:
    running = ApnsEmulator(
        certificate_pem=server_pem[0],
        key_pem=server_pem[1],
        client_ca_pem=authority.root_pem(),
        token_keys=[team.key(), other_team.key()],
        clock=lambda: NOW,
    )
    await running.start()
    yield running
    await running.close()


@pytest_asyncio.fixture
async def ask_with(guarded: ApnsEmulator, root_file: Path) -> AsyncIterator[Ask]:
    """Ask the guarded emulator with an ``authorization`` header, all on one connection."""
    curl = pycurl.Curl()
    curl.setopt(pycurl.CAINFO, str(root_file))

    async def send(authorization: str | None) -> Reply:
        headers = [f"apns-topic: {TOPIC}"] + ([f"authorization: {authorization}"] if authorization else [])
        url = f"https://localhost:{guarded.port}/3/device/{secrets.token_hex(32)}"
        return await asyncio.to_thread(ask_blocking, curl, url, "POST", headers, b"{}")

    yield send
    curl.close()


def _tampered(token: str) -> str:
    head, claims, signature = token.split(".")
    return ".".join([head, claims, ("B" if signature[0] == "A" else "A") + signature[1:]])


TOKENS: dict[str, tuple[Callable[[Team], str | None], int, str | None]] = {
    "good": (lambda team: f"bearer {team.token()}", 200, None),
    "scheme in capitals": (lambda team: f"Bearer {team.token()}", 200, None),
    "59 minutes old": (lambda team: f"bearer {team.token(NOW - 59 * 60)}", 200, None),
    "61 minutes old": (lambda team: f"bearer {team.token(NOW - 61 * 60)}", 403, "ExpiredProviderToken"),
    "from the future": (lambda team: f"bearer {team.token(NOW + 3600)}", 403, "InvalidProviderToken"),
    "none": (lambda _: None, 403, "MissingProviderToken"),
    "basic": (lambda team: f"basic {team.token()}", 403, "InvalidProviderToken"),
    "not a token": (lambda _: "bearer abc", 403, "InvalidProviderToken"),
    "two parts": (lambda team: f"bearer {team.token().rpartition('.')[0]}", 403, "InvalidProviderToken"),
    "signature changed": (lambda team: f"bearer {_tampered(team.token())}", 403, "InvalidProviderToken"),
    "unknown key": (lambda _: f"bearer {Team(key_id='NOBODY1234').token()}", 403, "InvalidProviderToken"),
    "key of someone else": (lambda _: f"bearer {Team().token()}", 403, "InvalidProviderToken"),
    "other algorithm": (lambda team: f"bearer {team.token(header={'alg': 'none'})}", 403, "InvalidProviderToken"),
    "other team": (lambda team: f"bearer {team.token(iss='SOMEONE123')}", 403, "InvalidProviderToken"),
    "time is a text": (lambda team: f"bearer {team.token(iat='now')}", 403, "InvalidProviderToken"),
}


@pytest.mark.parametrize(("make", "status", "reason"), TOKENS.values(), ids=TOKENS)
async def test_provider_tokens(
    ask_with: Ask, team: Team, make: Callable[[Team], str | None], status: int, reason: str | None
) -> None:
    reply = await ask_with(make(team))
    assert (reply.status, reply.reason) == (status, reason)


async def test_a_provider_token_changes_at_most_every_twenty_minutes(ask_with: Ask, team: Team) -> None:
    assert (await ask_with(f"bearer {team.token(NOW - 1800)}")).status == 200
    early = await ask_with(f"bearer {team.token(NOW - 900)}")
    assert (early.status, early.reason) == (429, "TooManyProviderTokenUpdates")
    assert (await ask_with(f"bearer {team.token(NOW - 500)}")).status == 200


async def test_an_expired_provider_token_may_be_replaced_at_once(
    ask_with: Ask, team: Team, guarded: ApnsEmulator
) -> None:
    assert (await ask_with(f"bearer {team.token(NOW - 60)}")).status == 200
    guarded.script(Fault(403, reason="ExpiredProviderToken"))
    assert (await ask_with(f"bearer {team.token(NOW - 60)}")).reason == "ExpiredProviderToken"
    assert (await ask_with(f"bearer {team.token(NOW)}")).status == 200


async def test_one_connection_serves_one_team(ask_with: Ask, team: Team, other_team: Team) -> None:
    assert (await ask_with(f"bearer {team.token()}")).status == 200
    assert (await ask_with(f"bearer {other_team.token()}")).reason == "InvalidProviderToken"


@pytest.mark.parametrize(("topic", "reason"), [(TOPIC, None), ("pass.example.other", "TopicDisallowed")])
async def test_a_certificate_pushes_to_its_topic(
    guarded: ApnsEmulator, authority: Authority, root_file: Path, topic: str, reason: str | None
) -> None:
    issued = authority.issue_pass_certificate(TOPIC, "TEAM123456")
    reply = await _ask_with_certificate(guarded, root_file, topic, issued.chain_pem(), issued.key_pem())
    assert reply.reason == reason


async def test_a_certificate_without_a_topic_is_bad(
    guarded: ApnsEmulator, server_pem: tuple[bytes, bytes], authority: Authority, root_file: Path
) -> None:
    """Any certificate of the authority opens the connection, but only one with a UID names a topic."""
    issued = authority.issue_pass_certificate("", "TEAM123456", fault="no_pass_extension")
    reply = await _ask_with_certificate(guarded, root_file, TOPIC, issued.chain_pem(), issued.key_pem())
    assert (reply.status, reply.reason) == (403, "BadCertificate")


async def _ask_with_certificate(
    emulator: ApnsEmulator, root_file: Path, topic: str, cert_pem: bytes, key_pem: bytes
) -> Reply:
    curl = pycurl.Curl()
    curl.setopt(pycurl.CAINFO, str(root_file))
    curl.setopt(pycurl.SSLCERT_BLOB, cert_pem)
    curl.setopt(pycurl.SSLKEY_BLOB, key_pem)
    url = f"https://localhost:{emulator.port}/3/device/{TOKEN}"
    reply = await asyncio.to_thread(ask_blocking, curl, url, "POST", [f"apns-topic: {topic}"], b"{}")
    curl.close()
    return reply

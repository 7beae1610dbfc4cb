"""The APNs client against the emulator: real TLS, real HTTP/2, every status, faults of every kind."""

import asyncio
import secrets
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from passerelle.emulators.apns import ApnsEmulator, Fault, Outage, TokenKey
from passerelle.emulators.apple_ca import Authority, create_authority
from passerelle.passes.wallets.apple.apns import ApnsCertificate, ApnsClient, ApnsToken, Outcome, Push, PushResult

TOPIC = "pass.example.loyalty"
TEAM = "TEAM123456"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return create_authority()


@pytest.fixture(scope="module")
def ca_file(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("apns") / "root.pem"
    path.write_bytes(authority.root_pem())
    return path


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> ApnsCertificate:
    issued = authority.issue_pass_certificate(TOPIC, TEAM)
    return ApnsCertificate(issued.chain_pem(), issued.key_pem())


@pytest.fixture(scope="module")
def server_pem(authority: Authority) -> tuple[bytes, bytes]:
    issued = authority.issue_server_certificate()
    return issued.chain_pem(), issued.key_pem()


@dataclass
class Apns:
    """A running emulator and a client of it."""

    emulator: ApnsEmulator
    client: ApnsClient
    url: str

    async def push(self, *tokens: str, topic: str = TOPIC) -> list[PushResult]:
        return await self.client.push([Push(token, topic) for token in tokens])

    async def requests(self, count: int) -> None:
        """Wait until the emulator has read this many requests."""
        while sum(connection.requests for connection in self.emulator._clients) < count:  # noqa: ASYNC110  unannounced
            await asyncio.sleep(0.001)


Start = Callable[..., Awaitable[Apns]]


@pytest_asyncio.fixture
async def start(
    authority: Authority, server_pem: tuple[bytes, bytes], ca_file: Path, certificate: ApnsCertificate
) -> AsyncIterator[Start]:
    """Start an emulator and a client; ``**client`` are further arguments of ``ApnsClient``."""
    async with AsyncExitStack() as stack:

        async def begin(
            identity: ApnsCertificate | ApnsToken | None = None,
            token_keys: list[TokenKey] | None = None,
            clock: Callable[[], float] = time.time,
            **client: int,
        ) -> Apns:
            emulator = ApnsEmulator(
                certificate_pem=server_pem[0],
                key_pem=server_pem[1],
                client_ca_pem=authority.root_pem(),
                token_keys=token_keys or [],
                clock=clock,
            )
            url = await emulator.start()
            stack.push_async_callback(emulator.close)
            sender = ApnsClient(url, identity or certificate, ca_file=ca_file, **client)
            stack.push_async_callback(sender.close)
            return Apns(emulator, sender, url)

        yield begin


@pytest.fixture
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def provider_token(key: ec.EllipticCurvePrivateKey, key_id: str = "KEY1234567") -> ApnsToken:
    p8 = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return ApnsToken(key_id, TEAM, p8)


def registered(key: ec.EllipticCurvePrivateKey) -> list[TokenKey]:
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return [TokenKey("KEY1234567", TEAM, pem)]


def new_token() -> str:
    return secrets.token_hex(32)


async def test_a_push_is_delivered(start: Start) -> None:
    apns = await start()
    token = new_token()
    (result,) = await apns.push(token)
    assert (result.token, result.status, result.reason, result.outcome) == (token, 200, None, Outcome.DELIVERED)
    assert [(push.token, push.topic) for push in apns.emulator.pushes] == [(token, TOPIC)]


async def test_no_push_is_no_work(start: Start) -> None:
    apns = await start()
    assert await apns.push() == []
    assert apns.emulator.connections_made == 0


async def test_two_thousand_pushes_go_over_one_connection(start: Start) -> None:
    apns = await start()
    tokens = [new_token() for _ in range(2000)]
    results = await apns.push(*tokens)
    assert [result.token for result in results] == tokens
    assert {result.outcome for result in results} == {Outcome.DELIVERED}
    assert {push.token for push in apns.emulator.pushes} == set(tokens)
    assert apns.emulator.accepted == 2000
    assert apns.emulator.connections_made == 1


async def test_calls_at_the_same_time_share_the_connection_and_keep_their_results(start: Start) -> None:
    apns = await start(max_in_flight=40)
    tokens = [[new_token() for _ in range(30)] for _ in range(20)]
    apns.emulator.script(Fault(410, token=tokens[7][3]))
    answers = await asyncio.gather(*(apns.push(*batch) for batch in tokens))
    assert [[result.token for result in results] for results in answers] == tokens
    gone = [result.token for results in answers for result in results if result.outcome is Outcome.GONE]
    assert gone == [tokens[7][3]]
    assert apns.emulator.connections_made == 1


FAULTS = [
    (Fault(400, reason="BadDeviceToken"), Outcome.GONE),
    (Fault(400, reason="DeviceTokenNotForTopic"), Outcome.REFUSED),
    (Fault(403, reason="BadCertificate"), Outcome.REFUSED),
    (Fault(403, reason="Forbidden"), Outcome.REFUSED),
    (Fault(404), Outcome.REFUSED),
    (Fault(405), Outcome.REFUSED),
    (Fault(410), Outcome.GONE),
    (Fault(413), Outcome.REFUSED),
    (Fault(429), Outcome.RETRY),
    (Fault(500), Outcome.RETRY),
    (Fault(503), Outcome.RETRY),
]


@pytest.mark.parametrize(("fault", "outcome"), FAULTS, ids=lambda value: str(getattr(value, "status", value)))
async def test_every_status(start: Start, fault: Fault, outcome: Outcome) -> None:
    apns = await start()
    apns.emulator.script(fault)
    first, second = [(await apns.push(new_token()))[0] for _ in range(2)]
    assert (first.status, first.outcome) == (fault.status, outcome)
    assert first.reason == fault.rejection(0).reason
    assert second.outcome is Outcome.DELIVERED


async def test_retry_after_is_read(start: Start) -> None:
    apns = await start()
    apns.emulator.script(Fault(429, retry_after_seconds=17))
    limited, plain = [(await apns.push(new_token()))[0] for _ in range(2)]
    assert limited.retry_after_seconds == 17
    assert plain.retry_after_seconds is None


async def test_an_unregistered_token_is_gone_until_it_comes_back(start: Start) -> None:
    apns = await start(clock=lambda: 1_795_000_000.5)
    token = new_token()
    apns.emulator.unregister_token(token, TOPIC)
    (gone,) = await apns.push(token.upper())
    assert (gone.status, gone.reason, gone.outcome) == (410, "Unregistered", Outcome.GONE)
    assert gone.inactive_since is not None
    assert gone.inactive_since.timestamp() == 1_795_000_000.5
    apns.emulator.bind_token(token, TOPIC)
    assert (await apns.push(token))[0].outcome is Outcome.DELIVERED


async def test_a_token_of_another_topic_is_our_fault(start: Start) -> None:
    apns = await start()
    token = new_token()
    apns.emulator.bind_token(token, "pass.example.other")
    (result,) = await apns.push(token)
    assert (result.status, result.reason, result.outcome) == (400, "DeviceTokenNotForTopic", Outcome.REFUSED)


async def test_the_certificate_pushes_to_its_own_topic_only(start: Start) -> None:
    apns = await start()
    (result,) = await apns.push(new_token(), topic="pass.example.other")
    assert (result.status, result.reason, result.outcome) == (400, "TopicDisallowed", Outcome.REFUSED)


async def test_bad_tokens_are_sorted_out_before_sending(start: Start) -> None:
    apns = await start()
    good = new_token()
    results = await apns.push("../../x", good, "not hex", topic=TOPIC)
    assert [result.outcome for result in results] == [Outcome.GONE, Outcome.DELIVERED, Outcome.GONE]
    assert apns.emulator.accepted == 1


async def test_go_away_moves_to_a_new_connection_without_loss(start: Start) -> None:
    apns = await start(max_in_flight=50)
    apns.emulator.go_away_after(60)
    tokens = [new_token() for _ in range(400)]
    results = await apns.push(*tokens)
    retried = [result.token for result in results if result.outcome is Outcome.RETRY]
    assert {result.outcome for result in results} <= {Outcome.DELIVERED, Outcome.RETRY}
    apns.emulator.go_away_after(None)
    again = await apns.push(*retried)
    assert {push.token for push in apns.emulator.pushes} == set(tokens)
    assert all(result.outcome is Outcome.DELIVERED for result in again)
    assert apns.emulator.connections_made > 2


async def test_go_away_while_idle_is_not_noticed_by_the_caller(start: Start) -> None:
    apns = await start()
    await apns.push(new_token())
    apns.emulator.go_away()
    assert (await apns.push(new_token()))[0].outcome is Outcome.DELIVERED
    assert apns.emulator.connections_made == 2


async def test_a_connection_broken_while_idle_is_replaced(start: Start) -> None:
    apns = await start()
    await apns.push(new_token())
    apns.emulator.drop_connections()
    results = await apns.push(*(new_token() for _ in range(20)))
    assert {result.outcome for result in results} == {Outcome.DELIVERED}


async def test_a_connection_broken_under_way_asks_for_a_retry(start: Start) -> None:
    apns = await start()
    apns.emulator.latency_seconds = 5
    tokens = [new_token() for _ in range(20)]
    pushing = asyncio.ensure_future(apns.push(*tokens))
    await apns.requests(20)
    apns.emulator.latency_seconds = 0
    apns.emulator.outage(Outage.DROPPED)
    results = await pushing
    assert {(result.status, result.outcome) for result in results} == {(0, Outcome.RETRY)}
    apns.emulator.outage(None)
    assert (await apns.push(new_token()))[0].outcome is Outcome.DELIVERED


@pytest.mark.parametrize(("kind", "status"), [(Outage.UNAVAILABLE, 503), (Outage.DROPPED, 0)])
async def test_an_outage_asks_for_a_retry_and_ends(start: Start, kind: Outage, status: int) -> None:
    apns = await start()
    tokens = [new_token() for _ in range(50)]
    apns.emulator.outage(kind)
    results = await apns.push(*tokens)
    assert {(result.status, result.outcome) for result in results} == {(status, Outcome.RETRY)}
    apns.emulator.outage(None)
    results = await apns.push(*tokens)
    assert {result.outcome for result in results} == {Outcome.DELIVERED}


async def test_a_service_that_does_not_answer_times_out_and_the_connection_is_given_up(
    start: Start, authority: Authority, ca_file: Path, certificate: ApnsCertificate
) -> None:
    apns = await start()
    apns.emulator.outage(Outage.SILENT)
    hasty = ApnsClient(apns.url, certificate, ca_file=ca_file, timeout_seconds=1)
    results = await hasty.push([Push(new_token(), TOPIC) for _ in range(3)])
    assert {(result.status, result.reason, result.outcome) for result in results} == {(0, "Timeout", Outcome.RETRY)}
    apns.emulator.outage(None)
    assert (await hasty.push([Push(new_token(), TOPIC)]))[0].outcome is Outcome.DELIVERED
    assert apns.emulator.connections_made == 2
    await hasty.close()


async def test_a_closed_port_asks_for_a_retry(ca_file: Path, certificate: ApnsCertificate) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    client = ApnsClient(f"https://localhost:{port}", certificate, ca_file=ca_file)
    (result,) = await client.push([Push(new_token(), TOPIC)])
    assert (result.status, result.outcome) == (0, Outcome.RETRY)
    await client.close()


async def test_a_server_that_is_not_trusted_is_refused(start: Start, certificate: ApnsCertificate) -> None:
    apns = await start()
    client = ApnsClient(apns.url, certificate)  # the machine's own authorities
    (result,) = await client.push([Push(new_token(), TOPIC)])
    assert (result.status, result.outcome) == (0, Outcome.REFUSED)
    assert "certificate" in (result.reason or "")
    await client.close()


async def test_a_certificate_that_apns_refuses_is_not_retried(
    authority: Authority, server_pem: tuple[bytes, bytes], ca_file: Path, certificate: ApnsCertificate, tmp_path: Path
) -> None:
    """A blocking TLS server, because asyncio's closes without sending the alert."""
    chain = tmp_path / "server.pem"
    chain.write_bytes(server_pem[0] + server_pem[1])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    context.set_alpn_protocols(["h2"])
    context.load_verify_locations(cadata=create_authority().root_pem().decode())
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = ApnsClient(f"https://localhost:{listener.getsockname()[1]}", certificate, ca_file=ca_file)
        pushing = asyncio.ensure_future(client.push([Push(new_token(), TOPIC)]))
        with await asyncio.to_thread(_refuse_handshake, listener, context):
            (result,) = await pushing
    assert (result.status, result.outcome) == (0, Outcome.REFUSED)
    assert "alert" in (result.reason or "")
    await client.close()


def _refuse_handshake(listener: socket.socket, context: ssl.SSLContext) -> socket.socket:
    """Send the alert; the connection stays open, for a reset would overtake it."""
    connection, _ = listener.accept()
    tls = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
    with pytest.raises(ssl.SSLError):
        tls.do_handshake()
    return socket.socket(fileno=tls.detach())


async def test_a_certificate_that_ran_out_is_not_even_sent(start: Start, authority: Authority) -> None:
    issued = authority.issue_pass_certificate(TOPIC, TEAM, fault="expired")
    apns = await start(ApnsCertificate(issued.chain_pem(), issued.key_pem()))
    results = await apns.push(new_token(), new_token())
    assert {(result.reason, result.outcome) for result in results} == {("CertificateExpired", Outcome.REFUSED)}
    assert apns.emulator.connections_made == 0


@pytest.mark.parametrize("case", ["unreadable", "another key"])
def test_a_certificate_without_its_key_is_not_taken(authority: Authority, case: str) -> None:
    issued = authority.issue_pass_certificate(TOPIC, TEAM, fault="key_mismatch")
    cert_pem = b"nothing" if case == "unreadable" else issued.chain_pem()
    with pytest.raises(ValueError, match=r"PEM|belong"):
        ApnsClient("https://api.push.apple.com", ApnsCertificate(cert_pem, issued.key_pem()))


async def test_token_authentication(start: Start, key: ec.EllipticCurvePrivateKey) -> None:
    apns = await start(provider_token(key), registered(key))
    results = await apns.push(*(new_token() for _ in range(300)))
    assert {result.outcome for result in results} == {Outcome.DELIVERED}
    assert (await apns.push(new_token(), topic="pass.example.other"))[0].outcome is Outcome.DELIVERED


@pytest.mark.parametrize("wrong", ["key", "key_id"])
async def test_a_token_of_another_key_is_refused(start: Start, key: ec.EllipticCurvePrivateKey, wrong: str) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    identity = provider_token(other) if wrong == "key" else provider_token(key, "OTHERKEY12")
    apns = await start(identity, registered(key))
    (result,) = await apns.push(new_token())
    assert (result.status, result.reason, result.outcome) == (403, "InvalidProviderToken", Outcome.REFUSED)


async def test_an_expired_provider_token_is_renewed_once_for_the_whole_batch(
    start: Start, key: ec.EllipticCurvePrivateKey
) -> None:
    apns = await start(provider_token(key), registered(key))
    await apns.push(new_token())
    tokens = [new_token() for _ in range(5)]
    apns.emulator.script(Fault(403, reason="ExpiredProviderToken", times=5))
    results = await apns.push(*tokens)
    assert {result.outcome for result in results} == {Outcome.DELIVERED}
    assert apns.emulator.accepted == 6


async def test_a_provider_token_that_stays_expired_is_refused(start: Start, key: ec.EllipticCurvePrivateKey) -> None:
    two_hours_ahead = time.time() + 7200
    apns = await start(provider_token(key), registered(key), clock=lambda: two_hours_ahead)
    results = await apns.push(*(new_token() for _ in range(3)))
    assert {(result.reason, result.outcome) for result in results} == {("ExpiredProviderToken", Outcome.REFUSED)}


async def test_close_gives_back_what_is_under_way(start: Start) -> None:
    apns = await start(max_in_flight=5)
    apns.emulator.outage(Outage.SILENT)
    tokens = [new_token() for _ in range(20)]
    pushing = asyncio.ensure_future(apns.push(*tokens))
    await apns.requests(5)
    await apns.client.close()
    assert {(result.reason, result.outcome) for result in await pushing} == {("Closed", Outcome.RETRY)}
    with pytest.raises(RuntimeError, match="closed"):
        await apns.push(new_token())


async def test_a_cancelled_caller_leaves_the_client_usable(start: Start) -> None:
    apns = await start(max_in_flight=5)
    apns.emulator.latency_seconds = 0.05
    tokens = [new_token() for _ in range(50)]
    pushing = asyncio.ensure_future(apns.push(*tokens))
    await apns.requests(5)
    pushing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pushing
    apns.emulator.latency_seconds = 0
    assert (await apns.push(new_token()))[0].outcome is Outcome.DELIVERED
    assert apns.emulator.accepted <= 6


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://api.push.apple.com", "https"),
        ("https://", "https"),
        ("https://api.sandbox.push.apple.com", "sandbox"),
        ("https://api.development.push.apple.com:2197", "sandbox"),
    ],
)
def test_base_urls_that_cannot_serve_passes(certificate: ApnsCertificate, url: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        ApnsClient(url, certificate)


def test_the_key_is_checked_when_the_client_is_made(certificate: ApnsCertificate) -> None:
    with pytest.raises(ValueError, match=r".+"):
        ApnsClient("https://api.push.apple.com", ApnsToken("K", "T", b"not a key"))

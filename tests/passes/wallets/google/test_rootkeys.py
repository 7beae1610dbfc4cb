"""The held root keys: freshness, staleness, and no more questions to Google than once a minute."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from passerelle.kit import clock
from passerelle.passes.wallets.google.callbacks import length_prefixed
from passerelle.passes.wallets.google.errors import (
    CallbackExpired,
    CallbackSignatureInvalid,
    RootKeysUnavailable,
)
from passerelle.passes.wallets.google.rootkeys import (
    FetchedKeys,
    RootKeys,
    RootKeysUnusable,
    http_fetch,
    parsed_keys,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ISSUER = "3388000000022222228"
OLD, NEW, INTERMEDIATE = (generate_private_key(SECP256R1()) for _ in range(3))
FAR_MILLIS = "4070908800000"


def spki(key: EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def row(key: EllipticCurvePrivateKey, **change: Any) -> dict[str, Any]:
    return {"keyValue": spki(key), "protocolVersion": "ECv2SigningOnly", "keyExpiration": FAR_MILLIS} | change


def published(*rows: object) -> bytes:
    return json.dumps({"keys": rows}).encode()


def signed(key: EllipticCurvePrivateKey, *parts: str) -> str:
    return base64.b64encode(key.sign(length_prefixed(*parts), ECDSA(SHA256()))).decode()


def callback(root: EllipticCurvePrivateKey) -> bytes:
    signed_key = json.dumps({"keyValue": spki(INTERMEDIATE), "keyExpiration": FAR_MILLIS})
    message = json.dumps(
        {
            "classId": f"{ISSUER}.c",
            "objectId": f"{ISSUER}.o",
            "eventType": "save",
            "expTimeMillis": int((NOON + timedelta(days=30)).timestamp() * 1000),
            "count": 1,
            "nonce": "n",
        }
    )
    return json.dumps(
        {
            "signature": signed(INTERMEDIATE, "GooglePayPasses", ISSUER, "ECv2SigningOnly", message),
            "intermediateSigningKey": {
                "signedKey": signed_key,
                "signatures": [signed(root, "GooglePayPasses", "ECv2SigningOnly", signed_key)],
            },
            "protocolVersion": "ECv2SigningOnly",
            "signedMessage": message,
        }
    ).encode()


class Published:
    """What Google's address gives; counts how often it was asked."""

    def __init__(self, *keys: EllipticCurvePrivateKey, fresh_seconds: int = 3600) -> None:
        self.document = published(*(row(key) for key in keys))
        self.fresh_seconds = fresh_seconds
        self.down = False
        self.asked = 0

    async def __call__(self) -> FetchedKeys:
        self.asked += 1
        await asyncio.sleep(0)
        if self.down:
            raise httpx.ConnectError("down")
        return FetchedKeys(self.document, self.fresh_seconds)


def address(status: int, document: bytes, headers: dict[str, str]) -> httpx.ASGITransport:
    """Google's address, which gives this document to whoever asks for the keys."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert (scope["method"], scope["path"]) == ("GET", "/keys")
        pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": document})

    return httpx.ASGITransport(app)


async def test_keys_are_fetched_once_while_fresh() -> None:
    google = Published(OLD)
    keys = RootKeys(google)
    with clock.frozen(NOON):
        events = await asyncio.gather(*(keys.verify(callback(OLD), issuer_id=ISSUER) for _ in range(5)))
    assert {event.nonce for event in events} == {"n"}
    with clock.frozen(NOON + timedelta(seconds=3599)):
        await keys.verify(callback(OLD), issuer_id=ISSUER)
    assert google.asked == 1
    with clock.frozen(NOON + timedelta(seconds=3600)):
        await keys.verify(callback(OLD), issuer_id=ISSUER)
    assert google.asked == 2


@pytest.mark.parametrize(("stated", "kept"), [(0, 300), (10, 300), (900, 900), (10**9, 7 * 86_400)])
async def test_the_stated_freshness_is_bounded(stated: int, kept: int) -> None:
    google = Published(OLD, fresh_seconds=stated)
    keys = RootKeys(google)
    for seconds, asked in ((0, 1), (kept - 1, 1), (kept, 2)):
        with clock.frozen(NOON + timedelta(seconds=seconds)):
            await keys.current()
        assert google.asked == asked


async def test_a_new_root_key_is_found_by_its_first_callback() -> None:
    google = Published(OLD)
    keys = RootKeys(google)
    with clock.frozen(NOON):
        await keys.verify(callback(OLD), issuer_id=ISSUER)
    google.document = published(row(OLD), row(NEW))
    with clock.frozen(NOON + timedelta(minutes=2)):
        assert (await keys.verify(callback(NEW), issuer_id=ISSUER)).nonce == "n"
    assert google.asked == 2


async def test_forgeries_make_us_ask_once_a_minute_at_most() -> None:
    google = Published(OLD)
    keys = RootKeys(google)
    forged = callback(NEW)
    for minute in range(3):
        with clock.frozen(NOON + timedelta(minutes=minute)):
            for _ in range(20):
                with pytest.raises(CallbackSignatureInvalid):
                    await keys.verify(forged, issuer_id=ISSUER)
    assert google.asked == 3


async def test_an_expired_callback_does_not_make_us_ask() -> None:
    google = Published(OLD, fresh_seconds=10**9)
    keys = RootKeys(google)
    with clock.frozen(NOON + timedelta(days=29)):
        await keys.current()
    with clock.frozen(NOON + timedelta(days=31)), pytest.raises(CallbackExpired):
        await keys.verify(callback(OLD), issuer_id=ISSUER)
    assert google.asked == 1


async def test_stale_keys_serve_for_two_days() -> None:
    google = Published(OLD)
    keys = RootKeys(google)
    with clock.frozen(NOON):
        await keys.current()
    google.down = True
    with clock.frozen(NOON + timedelta(days=2, minutes=59)):
        assert (await keys.verify(callback(OLD), issuer_id=ISSUER)).nonce == "n"
    with clock.frozen(NOON + timedelta(days=2, hours=1)), pytest.raises(RootKeysUnavailable):
        await keys.current()
    google.down = False
    with clock.frozen(NOON + timedelta(days=2, hours=1, minutes=1)):
        assert (await keys.verify(callback(OLD), issuer_id=ISSUER)).nonce == "n"


async def test_without_any_keys_callbacks_are_put_off() -> None:
    google = Published(OLD)
    google.down = True
    keys = RootKeys(google)
    with clock.frozen(NOON):
        for _ in range(3):
            with pytest.raises(RootKeysUnavailable):
                await keys.verify(callback(OLD), issuer_id=ISSUER)
    assert google.asked == 1


async def test_an_unusable_document_does_not_replace_the_keys() -> None:
    google = Published(OLD)
    keys = RootKeys(google)
    with clock.frozen(NOON):
        await keys.current()
    google.document = b"<html>"
    with clock.frozen(NOON + timedelta(hours=2)):
        assert (await keys.verify(callback(OLD), issuer_id=ISSUER)).nonce == "n"


@pytest.mark.parametrize(
    "document", [b"", b"{", b"[]", b"{}", b'{"keys":{}}', b'{"keys":[]}', b'{"keys":[1]}', b'"keys"', b"null"]
)
def test_unusable_documents(document: bytes) -> None:
    with pytest.raises(RootKeysUnusable):
        parsed_keys(document)


def test_one_bad_key_does_not_cost_the_others() -> None:
    bad = [
        row(NEW, keyValue="?"),
        row(NEW, keyValue=None),
        row(NEW, keyExpiration="never"),
        {"keyValue": spki(NEW), "protocolVersion": "ECv2SigningOnly"},
        row(NEW, protocolVersion="ECv1"),
        5,
    ]
    assert [key.key for key in parsed_keys(published(*bad, row(OLD)))] == [OLD.public_key()]


def test_the_number_of_keys_is_bounded() -> None:
    assert len(parsed_keys(published(*(row(OLD) for _ in range(50))))) == 10


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 3600),
        ({"Cache-Control": "public, max-age=1200"}, 1200),
        ({"Cache-Control": 'Max-Age="1200"', "Age": "200"}, 1000),
        ({"Cache-Control": "max-age=100", "Age": "200"}, 0),
        ({"Cache-Control": "no-store"}, 0),
        ({"Cache-Control": "private, no-cache, max-age=9"}, 0),
        ({"Cache-Control": "max-age=soon"}, 3600),
        ({"Cache-Control": "max-age=60", "Age": "old"}, 60),
    ],
)
async def test_fetching_over_http(headers: dict[str, str], seconds: int) -> None:
    async with httpx.AsyncClient(transport=address(200, published(row(OLD)), headers)) as http:
        assert await http_fetch(http, "https://google.test/keys")() == FetchedKeys(published(row(OLD)), seconds)


@pytest.mark.parametrize(("status", "document"), [(500, b""), (404, b"{}"), (302, b""), (200, b" " * 70_000)])
async def test_bad_answers_leave_us_without_keys(status: int, document: bytes) -> None:
    async with httpx.AsyncClient(transport=address(status, document, {})) as http:
        with clock.frozen(NOON), pytest.raises(RootKeysUnavailable):
            await RootKeys(http_fetch(http, "https://google.test/keys")).current()

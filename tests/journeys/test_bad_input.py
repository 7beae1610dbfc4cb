"""What a hostile or broken program sends is refused in the reader's language, and nothing is booked."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.journeys.conftest import Town
from tests.journeys.problems import problem_of
from tests.journeys.shopkeeper import Json

_PURCHASES = "/api/v1/scans/purchases"
_JSON = {"Content-Type": "application/json"}
_ARABIC, _FRENCH = (
    re.compile(r"[\u0600-\u06ff]"),
    re.compile(r"[àâçéèêîïôùû]|\b(la|le|les|un|une|votre|ce)\b", re.IGNORECASE),
)


@pytest.mark.parametrize(
    "change",
    [
        {"code": "garbage"},
        {"code": ""},
        {"code": "x" * 100_000},
        {"code": "\0"},
        {"code": "\u202e😀"},
        {"code": None},
        {"code": ["x"]},
        {"amount_minor": 0},
        {"amount_minor": -1},
        {"amount_minor": 10**9},
        {"amount_minor": 2**63},
        {"amount_minor": 10**300},
        {"amount_minor": 1.5},
        {"amount_minor": 450.0},
        {"amount_minor": "450"},
        {"amount_minor": True},
        {"amount_minor": None},
        {"currency": "USD"},
        {"currency": "€"},
        {"location_id": "loc_" + "0" * 26},
        {"location_id": "nowhere"},
        {"occurred_at": "2099-01-01T00:00:00Z"},
        {"occurred_at": "0001-01-01T00:00:00+23:59"},
        {"occurred_at": "9999-12-31T23:59:59-23:59"},
        {"occurred_at": "2026-01-01T00:00:00"},
        {"external_reference": "a\0b"},
        {"external_reference": "x" * 1_000},
        {"lines": [{}] * 1_000},
        {"lines": "x"},
        {"surprise": 1},
    ],
    ids=lambda change: repr(change)[:50],
)
async def test_a_purchase_that_cannot_be(town: Town, change: Json) -> None:
    member = await town.member()
    before = await town.shopkeeper.trace(member)
    body = {"code": member.code, "amount_minor": 450} | change
    problem_of(await town.shopkeeper.post(_PURCHASES, body))
    assert await town.shopkeeper.trace(member) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b'{"code":"\xff\xfe"}',
        b'{"code":"\\ud800","amount_minor":1}',
        b'{"\\ud800":1}',
        b"[" * 200_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"code":"x","amount_minor":' + b"9" * 5_000 + b"}",
        b'{"code":"x","amount_minor":NaN}',
        b'{"code":"x","amount_minor":1e400}',
    ],
    ids=lambda body: repr(body)[:40],
)
async def test_a_body_that_is_no_document(town: Town, body: bytes) -> None:
    answer = await town.shopkeeper.http.post(_PURCHASES, content=body, headers=_JSON)
    assert "address" not in problem_of(answer)["detail"], "the sentence must speak of the body"


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", "", "garbage"])
async def test_another_content_type(town: Town, kind: str) -> None:
    body = b'{"code":"x","amount_minor":1}'
    answer = await town.shopkeeper.http.post(_PURCHASES, content=body, headers={"Content-Type": kind})
    assert problem_of(answer)["status"] in {415, 422}


@pytest.mark.parametrize("path", [_PURCHASES, "/api/v1/images", "/wallet/apple/v1/log", "/wallet/google/callback"])
async def test_a_huge_body_is_refused_whether_announced_or_not(town: Town, path: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b"x" * 1_000_000

    for content in (b"x" * 50_000_000, chunks()):
        answer = await town.shopkeeper.http.post(path, content=content, headers=_JSON)
        assert problem_of(answer)["status"] == 413


async def test_sentences_come_in_the_readers_language(town: Town) -> None:
    for body in (b'{"code":"x","amount_minor":450}', b"{", b"[" * 200_000):
        said = {}
        for language in ("en", "fr", "ar"):
            headers = _JSON | {"Accept-Language": language}
            answer = await town.shopkeeper.http.post(_PURCHASES, content=body, headers=headers)
            said[language] = problem_of(answer)["detail"]
            assert answer.headers["content-language"] == language
        assert len(set(said.values())) == 3
        assert _ARABIC.search(said["ar"])
        assert _FRENCH.search(said["fr"])


async def test_a_foreign_card_looks_like_an_unknown_one(town: Town) -> None:
    foreign = await town.rival.member("membership")
    answers = []
    for code in (foreign.code, "0" * 16):
        for path, body in (
            ("/api/v1/scans", {"code": code}),
            (_PURCHASES, {"code": code, "amount_minor": 450}),
            ("/api/v1/scans/visits", {"code": code}),
        ):
            answers.append((path, problem_of(await town.shopkeeper.post(path, body))))
    assert answers[:3] == answers[3:]


async def test_a_revoked_card_books_nothing_anywhere(town: Town) -> None:
    member = await town.member()
    await town.shopkeeper.must("POST", f"/api/v1/passes/{member.pass_id}/revoke", {"reason": "lost"})
    before = await town.shopkeeper.trace(member)
    for path, more in (("/api/v1/scans", {}), (_PURCHASES, {"amount_minor": 450}), ("/api/v1/scans/visits", {})):
        answer = await town.shopkeeper.post(path, {"code": member.code} | more)
        assert problem_of(answer)["code"] == "card_revoked"
    assert (await town.public.get(member.apple_path)).status_code == 410
    assert await town.shopkeeper.trace(member) == before


_EXTREMES = ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"]


@pytest.mark.parametrize("instant", _EXTREMES)
async def test_times_at_the_edge_of_the_calendar(town: Town, instant: str) -> None:
    shop = town.shopkeeper.http
    answers = [
        await shop.get("/api/v1/events", params={"from": instant}),
        await shop.get("/api/v1/events", params={"to": instant}),
        await shop.post("/api/v1/api-keys", json={"name": "x", "scopes": ["scans:write"], "expires_at": instant}),
        await shop.post("/api/v1/programs", json={"name": "x", "kind": "membership", "ends_at": instant}),
        await shop.post("/api/v1/programs", json={"name": "x", "kind": "membership", "starts_at": instant}),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []


@pytest.mark.parametrize(
    "name", ["\u202eevil", "😀", "a\0b", "\u200b", "   ", "x" * 101, "ﷺ" * 100, "a\nb", "{{ 7 }}"]
)
async def test_odd_names_never_fail(town: Town, name: str) -> None:
    shop = town.shopkeeper
    for path, body in (
        ("/api/v1/customers", {"first_name": name}),
        ("/api/v1/customers", {"first_name": "A", "attributes": {"note": name}}),
        ("/api/v1/customers/search", {"text": name}),
        ("/api/v1/locations", {"name": name}),
    ):
        assert (await shop.post(path, body)).status_code < 500


@pytest.mark.parametrize("phone", ["no phone", "\0", "+", "1", "+999999999999999", "0612345678;ext=5", "0" * 300])
async def test_a_phone_that_is_none(town: Town, phone: str) -> None:
    problem_of(await town.shopkeeper.post("/api/v1/customers", {"phone": phone}))


@pytest.mark.parametrize("cursor", ["x", "cus_" + "0" * 26, "cur_" + "z" * 26, "\0", "1" * 100, "-1", "é"])
async def test_a_cursor_that_was_tampered_with(town: Town, cursor: str) -> None:
    for path in ("/api/v1/customers", "/api/v1/events", "/api/v1/passes", "/api/v1/links"):
        problem_of(await town.shopkeeper.http.get(path, params={"cursor": cursor}))


async def test_slow_uploads_do_not_stop_the_tills(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """A phone on a bad network sends its picture by and by; meanwhile it must hold nothing that others need."""
    base = httpx.URL(str(town.stage.http.base_url))
    head = (
        f"POST /api/v1/images HTTP/1.1\r\nHost: shop\r\nAuthorization: {town.own.headers['Authorization']}\r\n"
        "Content-Type: image/png\r\nContent-Length: 100000\r\n\r\n\x89PNG"
    )
    async with AsyncExitStack() as stack:
        for _ in range(24):
            _, writer = await asyncio.open_connection(base.host, base.port)
            stack.callback(writer.close)
            writer.write(head.encode("latin-1"))
            await writer.drain()
        assert (await town.rival.http.get("/api/v1/me")).status_code == 200
    with caplog.at_level(logging.INFO, "passerelle"):
        _, writer = await asyncio.open_connection(base.host, base.port)
        writer.write(head.encode("latin-1"))
        await writer.drain()
        await town.rival.http.get("/api/v1/me")
        writer.close()
        while "client_gone" not in caplog.messages:
            assert "request_failed" not in caplog.messages
            await town.rival.http.get("/api/v1/me")

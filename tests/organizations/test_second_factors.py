"""Codes beside the password: RFC 6238's vectors, and what a thief can do with a code."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.organizations.second_factors import rules
from tests.conftest import PASSWORD, Shop
from tests.organizations.conftest import Browser, OpenBrowser

NOW = datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC)
SECRET = bytes(range(20))

# RFC 6238, appendix B: the shared secret is the ASCII digits, repeated to the length of the hash.
VECTORS = [
    (59, "sha1", "94287082"),
    (59, "sha256", "46119246"),
    (59, "sha512", "90693936"),
    (1_111_111_109, "sha1", "07081804"),
    (1_111_111_109, "sha256", "68084774"),
    (1_111_111_109, "sha512", "25091201"),
    (1_111_111_111, "sha1", "14050471"),
    (1_111_111_111, "sha256", "67062674"),
    (1_111_111_111, "sha512", "99943326"),
    (1_234_567_890, "sha1", "89005924"),
    (1_234_567_890, "sha256", "91819424"),
    (1_234_567_890, "sha512", "93441116"),
    (2_000_000_000, "sha1", "69279037"),
    (2_000_000_000, "sha256", "90698825"),
    (2_000_000_000, "sha512", "38618901"),
    (20_000_000_000, "sha1", "65353130"),
    (20_000_000_000, "sha256", "77737706"),
    (20_000_000_000, "sha512", "47863826"),
]
# RFC 4226, appendix D: HOTP of "12345678901234567890".
HOTP = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]


@pytest.mark.parametrize(("seconds", "algorithm", "code"), VECTORS)
def test_vectors_of_rfc_6238(seconds: int, algorithm: str, code: str) -> None:
    length = {"sha1": 20, "sha256": 32, "sha512": 64}[algorithm]
    secret = (b"1234567890" * 7)[:length]
    step = rules.step_of(datetime.fromtimestamp(seconds, UTC))
    assert rules.code_at(secret, step, digits=8, algorithm=algorithm) == code


@pytest.mark.parametrize(("counter", "code"), list(enumerate(HOTP)))
def test_vectors_of_rfc_4226(counter: int, code: str) -> None:
    assert rules.code_at(b"12345678901234567890", counter) == code


@pytest.mark.parametrize(
    ("offset_seconds", "last_step_offset", "accepted"),
    [(0, None, True), (-30, None, True), (30, None, True), (-60, None, False), (60, None, False),
     (0, 0, False), (0, 1, False), (0, -1, True), (30, 0, True), (-30, -1, False)],
)  # fmt: skip
def test_a_code_is_good_for_a_minute_and_once(
    offset_seconds: int,
    last_step_offset: int | None,
    accepted: bool,  # noqa: FBT001  a column of the table
) -> None:
    step = rules.step_of(NOW)
    code = rules.code_at(SECRET, rules.step_of(NOW + timedelta(seconds=offset_seconds)))
    last = None if last_step_offset is None else step + last_step_offset
    assert (rules.matching_step(SECRET, code, NOW, last) is not None) is accepted


@given(st.text(max_size=8))
def test_what_is_no_code_is_refused_and_harmless(typed: str) -> None:
    code = rules.plain_code(typed)
    known = {rules.code_at(SECRET, rules.step_of(NOW) + drift) for drift in (-1, 0, 1)}
    assert (rules.matching_step(SECRET, code, NOW, None) is not None) is (code in known)


@pytest.mark.parametrize(
    ("typed", "meant"), [("123 456", "123456"), ("١٢٣٤٥٦", "123456"), ("ABCDE-fgh1J", "abcdefgh1j"), ("oil", "011")]
)
def test_codes_as_people_type_them(typed: str, meant: str) -> None:
    assert rules.plain_code(typed) == meant


def test_the_address_of_the_qr_code() -> None:
    url = urlsplit(rules.enrolment_url(SECRET, issuer="Café: Ña", account="a b@example.com"))
    assert (url.scheme, url.netloc, url.path) == ("otpauth", "totp", "/Caf%C3%A9%3A%20%C3%91a:a%20b%40example.com")
    query = parse_qs(url.query)
    assert query["issuer"] == ["Café: Ña"]
    assert base64.b32decode(query["secret"][0]) == SECRET


async def _turn_on(browser: Browser, at: datetime = NOW) -> tuple[bytes, list[str]]:
    begun = (await browser.post("/api/v1/me/second-factor", json={"password": PASSWORD})).json()
    assert begun["qr"].startswith("data:image/svg+xml")
    secret = base64.b32decode(begun["secret"])
    with clock.frozen(at):
        code = rules.code_at(secret, rules.step_of(at))
        done = await browser.post("/api/v1/me/second-factor/confirm", json={"code": code})
    assert done.status_code == 200, done.text
    return secret, done.json()["recovery_codes"]


async def _sign_in(browser: Browser, shop: Shop, code: str | None = None) -> httpx.Response:
    body = {"email": shop.email, "password": PASSWORD}
    return await browser.post("/api/v1/sessions", json=body | ({"code": code} if code else {}))


async def test_a_code_is_asked_for_and_good_once(owner: Browser, open_browser: OpenBrowser, shop: Shop) -> None:
    secret, _ = await _turn_on(owner)
    later = NOW + timedelta(minutes=2)
    browser = await open_browser()
    with clock.frozen(later):
        asked = await _sign_in(browser, shop)
        assert (asked.status_code, asked.json()["code"]) == (401, "second_factor_required")
        code = rules.code_at(secret, rules.step_of(later))
        assert (await _sign_in(browser, shop, code)).status_code == 204
        replayed = await _sign_in(await open_browser(), shop, code)
        assert (replayed.status_code, replayed.json()["code"]) == (401, "sign_in_failed")
    methods = {each["method"] for each in (await browser.get("/api/v1/me/sessions")).json()["items"]}
    assert methods == {"password", "second_factor"}


async def test_the_code_that_turned_it_on_is_used_up(owner: Browser, open_browser: OpenBrowser, shop: Shop) -> None:
    secret, _ = await _turn_on(owner)
    with clock.frozen(NOW):
        code = rules.code_at(secret, rules.step_of(NOW))
        assert (await _sign_in(await open_browser(), shop, code)).status_code == 401


async def test_of_two_who_send_one_code_one_comes_in(owner: Browser, open_browser: OpenBrowser, shop: Shop) -> None:
    secret, _ = await _turn_on(owner)
    later = NOW + timedelta(minutes=2)
    with clock.frozen(later):
        code = rules.code_at(secret, rules.step_of(later))
        answers = await asyncio.gather(*[_sign_in(await open_browser(), shop, code) for _ in range(3)])
    assert sorted(answer.status_code for answer in answers) == [204, 401, 401]


async def test_wrong_codes_lock_like_wrong_passwords(owner: Browser, open_browser: OpenBrowser, shop: Shop) -> None:
    secret, _ = await _turn_on(owner)
    later = NOW + timedelta(minutes=2)
    browser = await open_browser()
    with clock.frozen(later):
        right = rules.code_at(secret, rules.step_of(later))
        wrong = f"{(int(right) + 1) % 10**6:06}"
        statuses = []
        for _ in range(5):
            # A right password in between must not begin the count anew.
            assert (await _sign_in(browser, shop)).json()["code"] in {"second_factor_required", "account_locked"}
            statuses.append((await _sign_in(browser, shop, wrong)).status_code)
        assert statuses == [401, 401, 401, 401, 429]
        assert (await _sign_in(browser, shop, right)).status_code == 429


async def test_a_recovery_code_opens_once(owner: Browser, open_browser: OpenBrowser, shop: Shop) -> None:
    _, codes = await _turn_on(owner)
    assert len(set(codes)) == 10
    typed = codes[3].upper().replace("-", " ")
    assert (await _sign_in(await open_browser(), shop, typed)).status_code == 204
    assert (await _sign_in(await open_browser(), shop, typed)).status_code == 401
    state = await owner.get("/api/v1/me/second-factor")
    assert state.json() == {"on": True, "recovery_codes_left": 9}
    renewed = await owner.post("/api/v1/me/second-factor/recovery-codes", json={"password": PASSWORD})
    assert not set(renewed.json()["recovery_codes"]) & set(codes)
    assert (await _sign_in(await open_browser(), shop, codes[4])).status_code == 401


async def test_the_database_holds_neither_secret_nor_codes(owner: Browser, database: Database, shop: Shop) -> None:
    secret, codes = await _turn_on(owner)
    async with database.transaction(shop.organization_id) as tx:
        stored = await tx.fetchval(
            "SELECT secret FROM second_factors WHERE organization_id = $1", shop.organization_id
        )
        digests = await tx.fetch("SELECT digest FROM recovery_codes WHERE organization_id = $1", shop.organization_id)
    assert secret not in stored
    assert secret.hex().encode() not in stored
    assert len(digests) == 10
    assert not any(code.encode() in row["digest"] for code in codes for row in digests)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "second-factor"), ("POST", "second-factor/turn-off"), ("POST", "second-factor/recovery-codes"),
     ("POST", "passkeys/options")],
)  # fmt: skip
async def test_a_borrowed_browser_needs_the_password(
    owner: Browser, client: httpx.AsyncClient, shop: Shop, method: str, path: str
) -> None:
    statuses = []
    for _ in range(6):
        answer = await owner.request(method, f"/api/v1/me/{path}", json={"password": "a wrong guess"})
        statuses.append(answer.json()["code"])
    if path == "passkeys/options":  # the test's server has a name without https
        assert statuses == ["passkeys_unavailable"] * 6
    else:
        assert statuses == ["sign_in_failed"] * 4 + ["account_locked"] * 2
    key = await client.request(method, f"/api/v1/me/{path}", json={"password": PASSWORD})
    assert key.json()["code"] in {"operators_only", "passkeys_unavailable"}


async def test_it_is_turned_off_with_the_password(owner: Browser, open_browser: OpenBrowser, shop: Shop) -> None:
    await _turn_on(owner)
    again = await owner.post("/api/v1/me/second-factor", json={"password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (409, "second_factor_present")
    off = await owner.post("/api/v1/me/second-factor/turn-off", json={"password": PASSWORD})
    assert off.status_code == 204
    assert (await _sign_in(await open_browser(), shop)).status_code == 204
    assert (await owner.post("/api/v1/me/second-factor/confirm", json={"code": "123456"})).status_code == 409


async def test_a_first_code_that_is_wrong_turns_nothing_on(owner: Browser) -> None:
    await owner.post("/api/v1/me/second-factor", json={"password": PASSWORD})
    refused = await owner.post("/api/v1/me/second-factor/confirm", json={"code": "000000x"})
    assert (refused.status_code, refused.json()["code"]) == (422, "second_factor_code_wrong")
    assert (await owner.get("/api/v1/me/second-factor")).json()["on"] is False


async def test_an_owner_helps_a_colleague_but_not_themselves(
    owner: Browser, open_browser: OpenBrowser, client: httpx.AsyncClient, shop: Shop
) -> None:
    new = {"name": "Sam", "email": f"sam-{shop.email}", "role": "cashier", "password": PASSWORD}
    sam_id = (await client.post("/api/v1/operators", json=new)).json()["id"]
    sam = await open_browser()
    await sam.post("/api/v1/sessions", json={"email": new["email"], "password": PASSWORD})
    await _turn_on(sam)
    listed = (await owner.get("/api/v1/operators")).json()["items"]
    assert {each["id"]: each["second_factor"] for each in listed}[sam_id] is True
    own_id = next(each["id"] for each in listed if each["id"] != sam_id)
    refused = await owner.delete(f"/api/v1/operators/{own_id}/second-factor")
    assert (refused.status_code, refused.json()["code"]) == (409, "own_account")
    assert (await sam.delete(f"/api/v1/operators/{own_id}/second-factor")).status_code == 403
    assert (await owner.delete(f"/api/v1/operators/{sam_id}/second-factor")).status_code == 204
    again = await (await open_browser()).post("/api/v1/sessions", json={"email": new["email"], "password": PASSWORD})
    assert again.status_code == 204

"""Who we are to browsers, and challenges; the whole ceremony is played in a real browser (tests/app)."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AnyHttpUrl

from passerelle.organizations.passkeys import rules
from tests.organizations.conftest import OpenBrowser

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NONCE = bytes(24)


def _mac(text: str) -> bytes:
    return hmac.digest(b"key", text.encode(), hashlib.sha256)


@pytest.mark.parametrize(
    ("base_url", "party"),
    [
        ("https://cards.example.com", ("cards.example.com", "https://cards.example.com")),
        ("https://cards.example.com:443/", ("cards.example.com", "https://cards.example.com")),
        ("https://cards.example.com:8443", ("cards.example.com", "https://cards.example.com:8443")),
        ("http://localhost:8000", ("localhost", "http://localhost:8000")),
        ("http://localhost", ("localhost", "http://localhost")),
        ("http://cards.example.com", None),
        ("http://127.0.0.1:8000", None),
        ("https://192.0.2.7", None),
        ("https://[2001:db8::1]", None),
    ],
)
def test_who_we_are_to_a_browser(base_url: str, party: tuple[str, str] | None) -> None:
    found = rules.relying_party(AnyHttpUrl(base_url))
    assert (None if found is None else (found.id, found.origin)) == party


@pytest.mark.parametrize(
    ("purpose", "after", "good"),
    [("sign-in", 0, True), ("sign-in", 299, True), ("sign-in", 300, False), ("opr", 0, False)],
)
def test_a_challenge_is_good_for_minutes_and_one_purpose(
    purpose: str,
    after: int,
    good: bool,  # noqa: FBT001  a column of the table
) -> None:
    challenge = rules.new_challenge(_mac, NONCE, "sign-in", NOW)
    assert (rules.challenge_ends(_mac, challenge, purpose, NOW + timedelta(seconds=after)) is not None) is good


@given(st.binary(max_size=80))
def test_nobody_makes_a_challenge_up(made_up: bytes) -> None:
    assert rules.challenge_ends(_mac, made_up, "sign-in", NOW) is None


@given(st.integers(min_value=0, max_value=63), st.integers(min_value=1, max_value=255))
def test_a_changed_challenge_is_none(position: int, change: int) -> None:
    challenge = bytearray(rules.new_challenge(_mac, NONCE, "sign-in", NOW))
    challenge[position] ^= change
    assert rules.challenge_ends(_mac, bytes(challenge), "sign-in", NOW) is None


@pytest.mark.parametrize("path", ["options", ""])
async def test_a_server_without_a_name_says_so(open_browser: OpenBrowser, path: str) -> None:
    address = f"/api/v1/sessions/passkey/{path}".rstrip("/")
    answer = await (await open_browser()).post(address, json={"credential": {"rawId": "AAAA"}})
    assert (answer.status_code, answer.json()["code"]) == (409, "passkeys_unavailable")

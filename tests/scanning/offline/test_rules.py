"""The rules of queues: the tables and vectors of docs/mechanisms/offline.md."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from passerelle.scanning.offline import rules
from passerelle.scanning.offline.schemas import OPERATION
from passerelle.scanning.offline.signing import canonical, from_base64url, is_signed, signed_bytes
from tests.factories.documents import Document

DOCUMENT: Final = Document("mechanisms/offline.md")
TODAY = datetime(2026, 11, 22, tzinfo=UTC)


def _instant(text: str) -> datetime:
    """``12:00`` is today, ``12:00 -1 day`` yesterday."""
    time, _, days = text.partition(" ")
    hours, minutes = time.split(":")
    moved = timedelta(days=int(days.removesuffix(" day"))) if days else timedelta(0)
    return TODAY + timedelta(hours=int(hours), minutes=int(minutes)) + moved


@DOCUMENT.each_row("turns")
def test_whose_turn_it_is(row: dict[str, str]) -> None:
    waited = timedelta(minutes=int(row["waited"].removesuffix(" min")))
    turn = rules.turn_of(int(row["number"]), int(row["last applied"]), int(row["holds from"]) - 1, waited)
    assert turn == row["turn"]


@DOCUMENT.each_row("clock")
def test_when_it_happened(row: dict[str, str]) -> None:
    found = rules.instant_of(_instant(row["operation at"]), _instant(row["sent at"]), _instant(row["now"]))
    if row["happened at"]:
        assert found == rules.Instant(_instant(row["happened at"]), row["flag or refusal"] == "clock_corrected")
    else:
        assert found == row["flag or refusal"]


@given(st.timedeltas(timedelta(hours=-24), timedelta(hours=24)), st.timedeltas(timedelta(0), timedelta(days=60)))
def test_a_wrong_clock_moves_nothing_by_more_than_the_tolerance(ahead: timedelta, ago: timedelta) -> None:
    now = _instant("12:00")
    found = rules.instant_of(now + ahead - ago, now + ahead, now)
    assert isinstance(found, rules.Instant)
    assert abs(found.at - (now - ago)) <= rules.CLOCK_TOLERANCE
    assert found.at <= now


def _vectors() -> list[list[str]]:
    block = DOCUMENT.text.split("```text\n")[1].split("```")[0]
    return [vector.splitlines() for vector in block.strip().split("\n\n")]


@pytest.mark.parametrize("vector", _vectors(), ids=lambda vector: json.loads(vector[0])["kind"])
def test_vectors(vector: list[str]) -> None:
    words = DOCUMENT.text.split("Vectors:")[1].split("`")
    seed, public, device = words[1], words[3], words[5]
    key = Ed25519PrivateKey.from_private_bytes(from_base64url(seed, 32))
    raw_public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert raw_public == from_base64url(public, 32)
    operation: dict[str, Any] = json.loads(vector[0])
    assert canonical(operation) == vector[1]
    message = signed_bytes(device, operation | {"signature": vector[2]})
    assert message == f"passerelle-offline-v1\n{device}\n{vector[1]}".encode()
    signature = from_base64url(vector[2], 64)
    assert key.sign(message) == signature
    assert is_signed(raw_public, message, signature)
    assert not is_signed(raw_public, message + b" ", signature)
    assert OPERATION.validate_python(operation | {"signature": vector[2]}).kind == operation["kind"]


@pytest.mark.parametrize("text", ["", "AAAA", "A" * 42, "A" * 44, "*" * 43, "é" * 43])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        from_base64url(text, 32)

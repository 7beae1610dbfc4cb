"""What each answer of APNs means for a registration, and how long to wait before the next try."""

import json
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.passes.wallets.apple.apns_results import (
    NOT_SENT,
    Outcome,
    Push,
    answered,
    backoff_seconds,
    unanswered,
    unusable,
)

TOKEN = "0a" * 32

ANSWERS = [
    (200, None, Outcome.DELIVERED),
    (400, "BadDeviceToken", Outcome.GONE),
    (400, "MissingDeviceToken", Outcome.GONE),
    (400, "DeviceTokenNotForTopic", Outcome.REFUSED),
    (400, "BadTopic", Outcome.REFUSED),
    (400, "TopicDisallowed", Outcome.REFUSED),
    (400, "MissingTopic", Outcome.REFUSED),
    (403, "BadCertificate", Outcome.REFUSED),
    (403, "InvalidProviderToken", Outcome.REFUSED),
    (404, "BadPath", Outcome.REFUSED),
    (405, "MethodNotAllowed", Outcome.REFUSED),
    (410, "Unregistered", Outcome.GONE),
    (410, "ExpiredToken", Outcome.GONE),
    (413, "PayloadTooLarge", Outcome.REFUSED),
    (429, "TooManyRequests", Outcome.RETRY),
    (429, "TooManyProviderTokenUpdates", Outcome.RETRY),
    (500, "InternalServerError", Outcome.RETRY),
    (503, "ServiceUnavailable", Outcome.RETRY),
    (502, None, Outcome.RETRY),
    (301, None, Outcome.REFUSED),
]


@pytest.mark.parametrize(("status", "reason", "outcome"), ANSWERS)
def test_outcome_of_an_answer(status: int, reason: str | None, outcome: Outcome) -> None:
    body = json.dumps({"reason": reason}).encode() if reason else b""
    result = answered(TOKEN, status, body, 0)
    assert (result.status, result.outcome) == (status, outcome)
    assert result.reason == (reason or (None if status == 200 else f"HTTP{status}"))


def test_a_gone_token_carries_since_when() -> None:
    result = answered(TOKEN, 410, b'{"reason":"Unregistered","timestamp":1793000000123}', 0)
    assert result.inactive_since == datetime.fromtimestamp(1793000000.123, UTC)


@pytest.mark.parametrize("timestamp", ['"soon"', "true", "1e400", "99999999999999999999999", "null", "[]"])
def test_an_unusable_timestamp_is_ignored(timestamp: str) -> None:
    body = f'{{"reason":"Unregistered","timestamp":{timestamp}}}'.encode()
    result = answered(TOKEN, 410, body, 0)
    assert (result.outcome, result.inactive_since) == (Outcome.GONE, None)


@pytest.mark.parametrize(
    ("status", "header", "carried"), [(429, 7, 7), (503, 10**9, 86_400), (503, 0, None), (403, 7, None)]
)
def test_retry_after_is_carried_with_retry_only(status: int, header: int, carried: int | None) -> None:
    assert answered(TOKEN, status, b"", header).retry_after_seconds == carried


@given(st.binary(max_size=200), st.sampled_from([400, 403, 410, 429, 500]))
def test_any_body_is_read(body: bytes, status: int) -> None:
    result = answered(TOKEN, status, body, 0)
    assert result.reason
    assert result.outcome is not Outcome.DELIVERED


@pytest.mark.parametrize(
    "token", ["", "zz" * 32, "ab" * 7, "abc" * 11, "ab" * 101, f"{'ab' * 32}/../x", "ab" * 31 + "a\n", "١٢" * 32]
)
def test_a_token_that_is_not_hex_is_never_sent(token: str) -> None:
    result = unusable(Push(token, "pass.example.a"))
    assert result is not None
    assert (result.status, result.outcome) == (NOT_SENT, Outcome.GONE)


@pytest.mark.parametrize("topic", ["", "pass.example\r\nx: y", "pass example", ".pass", "p" * 256, "pässe"])
def test_a_topic_that_is_no_identifier_is_refused(topic: str) -> None:
    result = unusable(Push(TOKEN, topic))
    assert result is not None
    assert (result.reason, result.outcome) == ("BadTopic", Outcome.REFUSED)


def test_our_own_fault_is_not_retried() -> None:
    assert unanswered(TOKEN, "no route", our_fault=False).outcome is Outcome.RETRY
    assert unanswered(TOKEN, "bad certificate", our_fault=True).outcome is Outcome.REFUSED


@pytest.mark.parametrize(("answered", "most"), [(True, 900), (False, 60)])
@given(attempt=st.integers(min_value=-3, max_value=10_000), seed=st.integers())
def test_backoff_stays_between_zero_and_the_doubled_ceiling(
    *, answered: bool, most: int, attempt: int, seed: int
) -> None:
    seconds = backoff_seconds(attempt, random.Random(seed), answered=answered)  # noqa: S311  jitter is no secret
    assert 0 <= seconds <= min(most, 2 ** max(attempt, 0))


def test_backoff_uses_the_whole_range() -> None:
    rng = random.Random(7)  # noqa: S311  jitter is no secret
    waits = [backoff_seconds(6, rng) for _ in range(500)]
    assert min(waits) < 4
    assert max(waits) > 60
    assert 28 < sum(waits) / len(waits) < 36


def test_tokens_are_not_shown() -> None:
    push = Push(TOKEN, "pass.example.a")
    assert TOKEN not in repr(push)
    assert TOKEN not in repr(answered(TOKEN, 200, b"", 0))

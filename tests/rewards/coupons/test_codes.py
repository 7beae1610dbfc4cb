"""Codes as texts: strong enough, read as people type them, made by chance alone."""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from passerelle.rewards.coupons import codes, guessing
from passerelle.rewards.coupons.codes import ALPHABET, CodePattern, canonical, check_letter, generate, written
from passerelle.rewards.coupons.errors import PatternTooWeak
from passerelle.rewards.coupons.guessing import Attempts, after_failure
from passerelle.rewards.coupons.making import require_strength
from tests.rewards.coupons.conftest import DOCUMENT

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_patterns = st.builds(
    CodePattern,
    prefix=st.text("ABCOIL019", max_size=10),
    length=st.integers(4, 24),
    group=st.integers(0, 6),
    check_letter=st.booleans(),
)


@DOCUMENT.each_row("strength")
def test_strength(row: dict[str, str]) -> None:
    pattern = CodePattern(length=int(row["letters"]), check_letter=row["check letter"] == "yes")
    count = int(row["codes"])
    assert (int(pattern.bits), codes.needed_bits(count)) == (int(row["bits"]), int(row["needed"]))
    assert codes.needed_length(pattern, count) == int(row["length to take"])
    if row["taken"] == "yes":
        require_strength(pattern, count)
    else:
        with pytest.raises(PatternTooWeak) as refused:
            require_strength(pattern, count)
        assert refused.value.params["length"] == int(row["length to take"])
        longer = pattern.model_copy(update={"length": refused.value.params["length"]})
        require_strength(longer, count)


@DOCUMENT.each_row("reading")
def test_reading(row: dict[str, str]) -> None:
    assert canonical(row["typed"]) == (row["read as"] or None)


@DOCUMENT.each_row("check_letter")
def test_check_letter(row: dict[str, str]) -> None:
    assert check_letter(row["letters"]) == row["check letter"]


@given(st.text(ALPHABET, min_size=3, max_size=23), st.data())
def test_a_check_letter_shows_a_wrong_letter_and_a_swap(body: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from(sorted(set(ALPHABET) - {body[place]})))
    assert check_letter(body[:place] + other + body[place + 1 :]) != check_letter(body)
    if place and {body[place - 1], body[place]} - {"2", "Z"} and body[place - 1] != body[place]:
        swapped = body[: place - 1] + body[place] + body[place - 1] + body[place + 1 :]
        assert check_letter(swapped) != check_letter(body), "but for the first and the last letter of the alphabet"


@given(_patterns)
def test_what_is_generated_is_read_back(pattern: CodePattern) -> None:
    for code in generate(pattern, 5, os.urandom):
        shown = written(pattern, code)
        assert canonical(shown) == canonical(shown.lower().replace("-", " ")) == code
        assert len(code) == len(pattern.prefix) + pattern.length
        body = code[len(pattern.prefix) :]
        assert set(body) <= set(ALPHABET)
        if pattern.check_letter:
            assert check_letter(body[:-1]) == body[-1]


def test_no_letter_is_preferred() -> None:
    drawn = Counter("".join(generate(CodePattern(length=24), 5_000, os.urandom)))
    assert set(drawn) == set(ALPHABET)
    assert max(drawn.values()) < 1.15 * min(drawn.values()), "4,000 of each, give or take 63"


def test_chance_that_is_left_out_is_made_up_for() -> None:
    asked: list[int] = []

    def unlucky(size: int) -> bytes:
        asked.append(size)
        return b"\xff" * size if len(asked) == 1 else bytes(range(size % 200)) + bytes(size)

    assert len(generate(CodePattern(), 3, unlucky)) == 3
    assert len(asked) > 1


@given(st.text(max_size=60))
def test_reading_is_stable(text: str) -> None:
    once = canonical(text)
    if once is not None:
        assert canonical(once) == once
        assert canonical(f" {text.swapcase()} ") in {once, canonical(text.swapcase())}


@pytest.mark.parametrize("text", ["", "A", "A" * 41, "A-" * 101, "😀😀😀", "K7WM\x00", "\u202e\u202e\u202e"])
def test_no_code(text: str) -> None:
    assert canonical(text) is None or "K7WM" in text


@pytest.mark.parametrize("wrong", [{"length": 3}, {"length": 25}, {"prefix": "A-B"}, {"prefix": "X" * 11}, {"x": 1}])
def test_patterns_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CodePattern.model_validate(wrong)


@DOCUMENT.each_row("pauses")
def test_pauses(row: dict[str, str]) -> None:
    attempts = Attempts(0, NOW)
    for _ in range(int(row["failures within the window"])):
        attempts = after_failure(attempts, NOW, guessing.FREE_FAILURES)
    assert guessing.seconds_left(attempts.blocked_until, NOW) == int(row["pause in seconds"])


def test_a_window_begins_anew() -> None:
    late = NOW + guessing.WINDOW
    assert after_failure(Attempts(19, NOW), late, 20) == Attempts(1, late)
    assert after_failure(Attempts(19, NOW), late - timedelta(seconds=1), 20).failures == 20
    paused = Attempts(30, NOW, NOW + guessing.LONGEST_PAUSE)
    end = NOW + guessing.LONGEST_PAUSE
    assert after_failure(paused, end, 20).failures == 31, "right after a pause, patience is as short as before"
    assert after_failure(paused, end + guessing.WINDOW, 20).failures == 1
    assert guessing.seconds_left(end, end - timedelta(milliseconds=1)) == 1
    assert guessing.seconds_left(end, end) == 0

"""pass.strings survives every text, and those of others are read whatever their encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.passes.wallets.apple.localization import MalformedStrings, pass_strings, read_pass_strings

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Points", '"Points"'),
        ('Say "hi"', r'"Say \"hi\""'),
        ("back\\slash", r'"back\\slash"'),
        ("two\nlines", r'"two\nlines"'),
        ("tab\tand\rreturn", r'"tab\tand\rreturn"'),
        ("bell\a", r'"bell\U0007"'),
        ("نقاط", '"نقاط"'),
        ("€ 🎉", '"€ 🎉"'),
        ("", '""'),
    ],
)
def test_escapes(text: str, written: str) -> None:
    assert pass_strings({"key": text}).decode() == f'"key" = {written};\n'


@given(st.dictionaries(TEXTS, TEXTS, max_size=8))
def test_round_trip(translations: dict[str, str]) -> None:
    assert read_pass_strings(pass_strings(translations)) == translations


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_of_others(encoding: str) -> None:
    content = '/* Café */\n"points" = "Points fidélité";\n// done\nbare_key = "œuf";'
    assert read_pass_strings(content.encode(encoding)) == {"points": "Points fidélité", "bare_key": "œuf"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'"a" = "\\U00e9";', "é"),
        (b'"a" = "\\351";', "é"),
        (b'"a" = "\\Ud83c\\Udf89";', "🎉"),
        (b'"a" = "\\q";', "q"),
        (b'"a"="1";"a"="2";', "2"),
    ],
)
def test_escapes_of_others(content: bytes, expected: str) -> None:
    assert read_pass_strings(content) == {"a": expected}


@pytest.mark.parametrize(
    "broken",
    [
        b'"a" = "b"',
        b'"a" "b";',
        b'"a" = "b;',
        b"= = = =",
        b'"a" = "b"; {',
        b"\xff\xff\xff",
        b'"a" ; "b" =',
        b"\xff\xfea",
    ],
)
def test_broken_files_are_refused(broken: bytes) -> None:
    with pytest.raises(MalformedStrings):
        read_pass_strings(broken)


@given(st.binary(max_size=200))
def test_reading_never_fails_otherwise(data: bytes) -> None:
    try:
        read_pass_strings(data)
    except MalformedStrings:
        return


def test_half_a_character_is_refused() -> None:
    with pytest.raises(MalformedStrings, match="surrogate"):
        pass_strings({"a": "\ud83c"})

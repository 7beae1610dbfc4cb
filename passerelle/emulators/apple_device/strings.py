"""Reads ``pass.strings``: the translations of one language, ``"key" = "value";`` in UTF-8 or UTF-16."""

import codecs
import re
from typing import Final

_ENTRY: Final = re.compile(
    r"""\s*(?:/\*.*?\*/\s*|//[^\n]*\s*)*"((?:[^"\\]|\\.)*)"\s*=\s*"((?:[^"\\]|\\.)*)"\s*;""", re.DOTALL
)
_REST: Final = re.compile(r"\s*(?:/\*.*?\*/\s*|//[^\n]*\s*)*\Z", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:U([0-9A-Fa-f]{4})|u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_NAMED: Final = {"n": "\n", "t": "\t", "r": "\r"}


def read_strings(data: bytes) -> dict[str, str]:
    """The translations; ValueError says where the text stops being a strings file."""
    text = _decode(data)
    entries: dict[str, str] = {}
    position = 0
    while (entry := _ENTRY.match(text, position)) is not None:
        entries[_unescape(entry[1])] = _unescape(entry[2])
        position = entry.end()
    if not _REST.match(text, position):
        raise ValueError(f"pass.strings cannot be read from character {position}.")
    return entries


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    if data[:2].count(0) == 1:  # UTF-16 without a mark: the first character is ASCII
        return data.decode("utf-16-le" if data[1] == 0 else "utf-16-be")
    return data.decode("utf-8-sig")


def _unescape(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _NAMED.get(match[3], match[3])

    return _ESCAPE.sub(character, text)

"""``pass.strings``: the translations of one language, in the format of Apple's ``.strings`` files."""

import re
from collections.abc import Mapping
from typing import Final

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_NEEDS_ESCAPE: Final = re.compile(r'["\\\x00-\x1f\x7f]')
_TOKEN: Final = re.compile(
    r"""\s+ | //[^\n]* | /\*.*?\*/                # blanks and comments
      | "(?P<quoted>(?:[^"\\]|\\.)*)"             # a string in quotes
      | (?P<bare>[A-Za-z0-9_.$/:-]+)              # a bare word, as property lists allow
      | (?P<sign>[=;])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED: Final = re.compile(r"\\(?:U([0-9A-Fa-f]{1,4})|([0-7]{1,3})|(.))", re.DOTALL)


class MalformedStrings(ValueError):
    """A ``pass.strings`` file that Wallet would not read; the message says where it broke."""


def pass_strings(translations: Mapping[str, str]) -> bytes:
    """The file for ``xx.lproj/pass.strings``.

    UTF-8 without a byte order mark: Wallet reads UTF-16 and UTF-8 alike, and UTF-8 is never larger for the
    languages of the product. Control characters are escaped, everything else stands as it is.
    Raises MalformedStrings for text that is no Unicode (a lone surrogate).
    """
    lines = [f'"{_escape(key)}" = "{_escape(value)}";\n' for key, value in translations.items()]
    try:
        return "".join(lines).encode()
    except UnicodeEncodeError as error:
        raise MalformedStrings("A translation holds a half of a surrogate pair, which is no character.") from error


def read_pass_strings(data: bytes) -> dict[str, str]:
    """The translations of a file in UTF-16 (with or without mark) or UTF-8; comments are skipped."""
    tokens = list(_tokens(_decode(data)))
    if len(tokens) % 4:
        raise MalformedStrings('A line is not of the form "key" = "value"; or misses its semicolon.')
    translations: dict[str, str] = {}
    for position in range(0, len(tokens), 4):
        (key, key_is_text), equals, (value, value_is_text), semicolon = tokens[position : position + 4]
        if not (key_is_text and value_is_text and equals == ("=", False) and semicolon == (";", False)):
            raise MalformedStrings(f'Entry {position // 4 + 1} is not of the form "key" = "value";')
        translations[key] = value
    return translations


def _escape(text: str) -> str:
    return _NEEDS_ESCAPE.sub(lambda found: _ESCAPES.get(found[0]) or f"\\U{ord(found[0]):04x}", text)


def _unescape(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        hexadecimal, octal, single = found.groups()
        if hexadecimal:
            return chr(int(hexadecimal, 16))
        if octal:
            return chr(int(octal, 8))
        return _UNESCAPES.get(single, single)

    plain = _ESCAPED.sub(character, text)
    # A character beyond U+FFFF is escaped as two halves; together they are that character again.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data[:1] == b"\0":
        encoding = "utf-16-be"
    elif data[1:2] == b"\0":
        encoding = "utf-16-le"
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise MalformedStrings("The file is neither UTF-8 nor UTF-16.") from error


def _tokens(text: str) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            line = text.count("\n", 0, position) + 1
            raise MalformedStrings(f"Line {line} holds something that is neither a string, = nor ;.")
        position = match.end()
        if match["quoted"] is not None:
            found.append((_unescape(match["quoted"]), True))
        elif match["bare"] is not None:
            found.append((match["bare"], True))
        elif match["sign"] is not None:
            found.append((match["sign"], False))
    return found

"""Ready bytes of pass.json and what differs from card to card: a document becomes a list of both.

A piece is bytes, or a function of one card that gives bytes; joined in order they are JSON.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from passerelle.templates.service import CompiledTemplate, Facts, LocalText


class Card:
    """One card on its way: its facts, and the translations that only this card needs, by language."""

    __slots__ = ("facts", "lines", "strings")

    def __init__(self, facts: Facts, strings: Mapping[str, Mapping[str, str]]) -> None:
        self.facts = facts
        self.strings = strings
        self.lines: dict[str, dict[str, str]] = {}

    def note(self, language: str, source: str, translated: str) -> None:
        """Remember a translation, unless the archive has it already."""
        if self.strings[language].get(source) != translated:
            self.lines.setdefault(language, {})[source] = translated


Piece = bytes | Callable[[Card], bytes]


def pieces_of(node: Any, compiled: CompiledTemplate) -> Iterator[Piece]:
    """A tree of JSON values; its strings are texts of the template, its functions and bytes are pieces already."""
    if isinstance(node, dict):
        for position, (key, value) in enumerate(node.items()):
            yield (b"," if position else b"{") + json_of(key) + b":"
            yield from pieces_of(value, compiled)
        yield b"}" if node else b"{}"
    elif isinstance(node, list):
        for position, value in enumerate(node):
            yield b"," if position else b"["
            yield from pieces_of(value, compiled)
        yield b"]" if node else b"[]"
    elif isinstance(node, str):
        yield slot_of(compiled.text(node), empty=b'""')
    elif isinstance(node, bytes) or callable(node):
        yield node
    else:
        yield orjson.dumps(node)


def slot_of(text: LocalText, *, empty: bytes) -> Piece:
    """A text's JSON string; notes the translations that this card alone needs."""
    if text.is_static:
        return json_of(text.source) if text.source else empty

    def slot(card: Card) -> bytes:
        shown = text.default(card.facts)
        if not shown:
            return empty
        if text.varies:
            for language, other in text.others(card.facts, shown):
                card.note(language, shown, other)
        return json_of(shown)

    return slot


def group_of(fields: Iterable[Piece]) -> Piece:
    """A list of fields, without those that give no bytes."""
    members = tuple(fields)
    if all(isinstance(each, bytes) for each in members):
        return b"[" + b",".join(each for each in members if isinstance(each, bytes) and each) + b"]"

    def group(card: Card) -> bytes:
        return b"[" + b",".join([each for each in called(members, card) if each]) + b"]"

    return group


def merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same pieces with neighbouring bytes as one."""
    waiting = b""
    for piece in pieces:
        if isinstance(piece, bytes):
            waiting += piece
            continue
        if waiting:
            yield waiting
        waiting = b""
        yield piece
    if waiting:
        yield waiting


def called(pieces: Iterable[Piece], card: Card) -> list[bytes]:
    """The bytes of each piece for one card."""
    return [piece if isinstance(piece, bytes) else piece(card) for piece in pieces]


def json_of(text: str) -> bytes:
    """A JSON string; never fails, whatever the text."""
    try:
        return orjson.dumps(text)
    except TypeError:
        return orjson.dumps(whole(text))


def whole(text: str) -> str:
    """The text with halves of surrogate pairs, which are no characters, replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

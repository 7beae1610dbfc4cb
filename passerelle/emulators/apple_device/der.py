"""Reads DER (X.690 §10), as much of it as a CMS signature needs. BER's indefinite lengths are refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

INTEGER: Final = 0x02
OCTET_STRING: Final = 0x04
OBJECT_IDENTIFIER: Final = 0x06
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31


class MalformedDer(ValueError):
    """The bytes are not DER, or not of the expected shape."""


@dataclass(frozen=True, slots=True)
class Element:
    """One value: its tag, its content, and the bytes of both with the length between them."""

    tag: int
    content: bytes
    encoded: bytes

    def children(self, expected: int | None = None) -> list["Element"]:
        if expected is not None and self.tag != expected:
            raise MalformedDer(f"tag {self.tag:#x} instead of {expected:#x}")
        return list(elements(self.content))


def elements(data: bytes) -> Iterator[Element]:
    position = 0
    while position < len(data):
        element = _element(data, position)
        position += len(element.encoded)
        yield element


def single(data: bytes, expected: int) -> Element:
    """The one element that fills ``data``."""
    element = _element(data, 0)
    if element.tag != expected or len(element.encoded) != len(data):
        raise MalformedDer(f"not a single element of tag {expected:#x}")
    return element


def object_identifier(element: Element) -> str:
    if element.tag != OBJECT_IDENTIFIER or not element.content:
        raise MalformedDer("an object identifier was expected")
    numbers = [0]
    for byte in element.content:
        numbers[-1] = (numbers[-1] << 7) | (byte & 0x7F)
        if not byte & 0x80:
            numbers.append(0)
    first = min(numbers[0] // 40, 2)
    return ".".join(str(number) for number in (first, numbers[0] - 40 * first, *numbers[1:-1]))


def integer(element: Element) -> int:
    if element.tag != INTEGER or not element.content:
        raise MalformedDer("an integer was expected")
    return int.from_bytes(element.content, "big", signed=True)


def instant(element: Element) -> datetime:
    text = element.content.decode("ascii")
    formats = {UTC_TIME: "%y%m%d%H%M%SZ", GENERALIZED_TIME: "%Y%m%d%H%M%SZ"}
    if element.tag not in formats:
        raise MalformedDer("a time was expected")
    return datetime.strptime(text, formats[element.tag]).replace(tzinfo=UTC)


def _element(data: bytes, position: int) -> Element:
    if len(data) - position < 2:
        raise MalformedDer("cut off")
    tag, length, start = data[position], data[position + 1], position + 2
    if length == 0x80:
        raise MalformedDer("indefinite length: the signature is BER, not DER")
    if length > 0x80:
        count = length & 0x7F
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    end = start + length
    if end > len(data):
        raise MalformedDer("cut off")
    return Element(tag, data[start:end], data[position:end])

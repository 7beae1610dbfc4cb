"""ASN.1 in its binary form: DER is written, DER and BER are read.

Only what CMS signatures and Apple's certificate extensions need. Reading accepts BER's indefinite lengths
because passes signed by BouncyCastle, a common Java library, use them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

INTEGER: Final = 0x02
OCTET_STRING: Final = 0x04
OBJECT_IDENTIFIER: Final = 0x06
UTF8_STRING: Final = 0x0C
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31
CONTEXT_0: Final = 0xA0
CONTEXT_1: Final = 0xA1
NULL_ELEMENT: Final = b"\x05\x00"

CONSTRUCTED: Final = 0x20
_END_OF_CONTENTS: Final = b"\x00\x00"
_DEPTH_LIMIT: Final = 32


class MalformedAsn1(ValueError):
    """The bytes are not the ASN.1 that was expected; the message says where it broke."""


def element(tag: int, *contents: bytes) -> bytes:
    """One element with a definite, shortest length (X.690 §10.1)."""
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content


def integer(value: int) -> bytes:
    """An INTEGER in two's complement of the least length."""
    size_bytes = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return element(INTEGER, value.to_bytes(size_bytes, "big", signed=True))


def object_identifier(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER given as ``1.2.840.…`` (X.690 §8.19)."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    content = bytearray()
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        content += bytes(reversed(groups))
    return element(OBJECT_IDENTIFIER, bytes(content))


def time(instant: datetime) -> bytes:
    """A Time as CMS wants it: UTCTime for 1950 to 2049, GeneralizedTime otherwise (RFC 5652 §11.3)."""
    utc = instant.astimezone(UTC)
    if 1950 <= utc.year < 2050:
        return element(UTC_TIME, utc.strftime("%y%m%d%H%M%SZ").encode())
    return element(GENERALIZED_TIME, f"{utc.year:04d}{utc:%m%d%H%M%S}Z".encode())


@dataclass(frozen=True, slots=True)
class Element:
    """One element as it was read; ``content`` leaves out BER's end-of-contents mark."""

    tag: int
    content: bytes
    encoding: bytes

    def children(self) -> list["Element"]:
        """The elements inside a constructed element, in order."""
        if not self.tag & CONSTRUCTED:
            raise MalformedAsn1(f"An element with tag {self.tag:#04x} holds a value, not further elements.")
        return list(_elements(self.content))

    def expect(self, tag: int) -> "Element":
        """The element itself when it has this tag."""
        if self.tag != tag:
            raise MalformedAsn1(f"An element has tag {self.tag:#04x} where {tag:#04x} belongs.")
        return self


def read(data: bytes) -> Element:
    """The one element that ``data`` holds; bytes after it are an error."""
    found, end = _element_at(data, 0, _DEPTH_LIMIT)
    if end != len(data):
        raise MalformedAsn1(f"{len(data) - end} bytes follow the end of the structure.")
    return found


def read_object_identifier(found: Element) -> str:
    """The dotted form of an OBJECT IDENTIFIER."""
    content = found.expect(OBJECT_IDENTIFIER).content
    if not content or content[-1] & 0x80:
        raise MalformedAsn1("An object identifier ends too early.")
    arcs: list[int] = []
    value = 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - first * 40, *arcs[1:]))


def read_integer(found: Element) -> int:
    """The value of an INTEGER."""
    content = found.expect(INTEGER).content
    if not content:
        raise MalformedAsn1("An integer has no value.")
    return int.from_bytes(content, "big", signed=True)


def read_time(found: Element) -> datetime:
    """The instant of a UTCTime or GeneralizedTime written with seconds and ``Z`` (RFC 5652 §11.3)."""
    text = found.content.decode("ascii", "replace")
    if found.tag == UTC_TIME:
        century = "19" if text[:2] >= "50" else "20"
        text = century + text
    elif found.tag != GENERALIZED_TIME:
        raise MalformedAsn1(f"An element has tag {found.tag:#04x} where a time belongs.")
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise MalformedAsn1("A time is not written as year, month, day, hour, minute, second and Z.") from error


def _elements(data: bytes) -> Iterator[Element]:
    position = 0
    while position < len(data):
        found, position = _element_at(data, position, _DEPTH_LIMIT)
        yield found


def _element_at(data: bytes, start: int, depth: int) -> tuple[Element, int]:
    if depth == 0:
        raise MalformedAsn1("The structure is nested too deeply.")
    if start + 2 > len(data):
        raise MalformedAsn1("The structure ends too early.")
    tag, length = data[start], data[start + 1]
    if tag & 0x1F == 0x1F:
        raise MalformedAsn1("A tag above 30 has no place in a signature.")
    position = start + 2
    if length == 0x80:
        return _indefinite(data, start, depth)
    if length > 0x80:
        size = length & 0x7F
        length = int.from_bytes(data[position : position + size], "big")
        position += size
    end = position + length
    if end > len(data):
        raise MalformedAsn1("An element is longer than what holds it.")
    return Element(tag, data[position:end], data[start:end]), end


def _indefinite(data: bytes, start: int, depth: int) -> tuple[Element, int]:
    tag = data[start]
    if not tag & CONSTRUCTED:
        raise MalformedAsn1("Only a constructed element may leave its length open.")
    position = start + 2
    while data[position : position + 2] != _END_OF_CONTENTS:
        _, position = _element_at(data, position, depth - 1)
    return Element(tag, data[start + 2 : position], data[start : position + 2]), position + 2

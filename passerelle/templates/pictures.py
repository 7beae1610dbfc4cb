"""Uploaded pictures: refused by their header, decoded once, stripped of everything but pixels, kept as PNG.

Sizes are read from the header by hand, before any decoder sees the file: a few kilobytes can announce a picture
of gigabytes.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from passerelle.templates.errors import ImageTooLarge, ImageTooManyPixels, ImageUnreadable

UPLOAD_LIMIT_BYTES: Final = 5_000_000
PIXEL_LIMIT: Final = 20_000_000
KEPT_SIDE: Final = 2_048  # no wallet shows more
_FORMATS: Final = ("PNG", "JPEG", "WEBP")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
# JPEG markers that start a frame (ITU-T T.81 table B.1): C0-CF without the tables C4, C8 and CC.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_MARKERS_READ: Final = 1_000
_FAULTS: Final = (
    OSError, UnidentifiedImageError, ValueError, SyntaxError, EOFError, struct.error, Image.DecompressionBombError,
    MemoryError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept."""

    png: bytes
    width: int
    height: int


def normalised(data: bytes) -> Picture:
    """An upload as PNG without metadata, upright, at most 2048 pixels a side.

    Raises ImageTooLarge, ImageTooManyPixels or ImageUnreadable. Takes a fraction of a second: not for the event
    loop.
    """
    if len(data) > UPLOAD_LIMIT_BYTES:
        raise ImageTooLarge(size_bytes=len(data), limit_bytes=UPLOAD_LIMIT_BYTES)
    width, height = announced_size(data)
    if width * height > PIXEL_LIMIT:
        raise ImageTooManyPixels(width=width, height=height, limit_megapixels=PIXEL_LIMIT // 1_000_000)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which we drop
            return _decoded(data, (width, height))
    except _FAULTS:
        raise ImageUnreadable from None


def announced_size(data: bytes) -> tuple[int, int]:
    """Width and height by the header; raises ImageUnreadable for what is no PNG, JPEG or WebP."""
    try:
        if data.startswith(_PNG):
            size = _png_size(data)
        elif data.startswith(b"\xff\xd8\xff"):
            size = _jpeg_size(data)
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            size = _webp_size(data)
        else:
            raise ImageUnreadable
    except (struct.error, IndexError):
        raise ImageUnreadable from None
    if min(size) < 1:
        raise ImageUnreadable
    return size


def _decoded(data: bytes, size: tuple[int, int]) -> Picture:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
        if opened.size != size:
            raise ImageUnreadable
        opened.draft("RGB", (KEPT_SIDE, KEPT_SIDE))  # a JPEG is decoded at the size that is needed
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        picture = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    return Picture(saved(picture), picture.width, picture.height)


def saved(picture: Image.Image) -> bytes:
    """The pixels as PNG, and nothing else."""
    picture.info.clear()
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=6)
    return file.getvalue()


def opened(png: bytes) -> Image.Image:
    """A picture that we keep, for drawing with."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as file:
        return file.convert("RGBA" if file.has_transparency_data else "RGB")


def _png_size(data: bytes) -> tuple[int, int]:
    """The first chunk must be IHDR (PNG specification §11.2.2)."""
    if data[12:16] != b"IHDR":
        raise ImageUnreadable
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    position = 2
    for _ in range(_MARKERS_READ):
        while data[position] == 0xFF and data[position + 1] == 0xFF:
            position += 1
        if data[position] != 0xFF:
            raise ImageUnreadable
        marker = data[position + 1]
        if marker in _ALONE:
            position += 2
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return width, height
        if marker == 0xDA or length < 2:
            break
        position += 2 + length
    raise ImageUnreadable


def _webp_size(data: bytes) -> tuple[int, int]:
    """Lossy, lossless and extended (WebP container specification; RFC 9649)."""
    kind = data[12:16]
    if kind == b"VP8X":
        canvas = data[24:30]
        return 1 + int.from_bytes(canvas[:3], "little"), 1 + int.from_bytes(canvas[3:6], "little")
    if kind == b"VP8L":
        if data[20] != 0x2F:
            raise ImageUnreadable
        (bits,) = struct.unpack_from("<I", data, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ImageUnreadable

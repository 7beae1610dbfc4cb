"""Uploads: what is taken, what is refused, and that nothing but pixels is kept."""

import io
import struct
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from passerelle.templates.errors import ImageTooLarge, ImageTooManyPixels, ImageUnreadable
from passerelle.templates.pictures import announced_size, normalised
from tests.templates.conftest import png

ORIENTATION, MAKER = 0x0112, 0x010F


def saved(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    """A picture in a format of Pillow."""
    file = io.BytesIO()
    Image.new(mode, size, 0 if mode == "L" else "#dc1e3c" if mode == "RGB" else (0, 0, 0, 0)).save(
        file, kind, **options
    )
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int) -> bytes:
    """A PNG whose header tells the truth: a few kilobytes that would fill gigabytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
        + chunk(b"IEND", b"")
    )


GOOD = [
    (saved("PNG"), (40, 20)),
    (saved("PNG", mode="L"), (40, 20)),
    (saved("PNG", mode="RGBA"), (40, 20)),
    (saved("JPEG"), (40, 20)),
    (saved("JPEG", progressive=True), (40, 20)),
    (saved("WEBP"), (40, 20)),
    (saved("WEBP", lossless=True), (40, 20)),
    (saved("WEBP", mode="RGBA", lossless=True), (40, 20)),
    (saved("WEBP", exif=Image.Exif().tobytes()), (40, 20)),
    (saved("PNG", (4_000, 1_000)), (2_048, 512)),
    (saved("JPEG", (5_000, 4_000)), (2_048, 1_638)),
]


@pytest.mark.parametrize(("data", "size"), GOOD)
def test_pictures_become_png(data: bytes, size: tuple[int, int]) -> None:
    picture = normalised(data)
    with Image.open(io.BytesIO(picture.png)) as opened:
        opened.load()
        assert (opened.format, opened.size) == ("PNG", size)
    assert (picture.width, picture.height) == size


def test_the_header_is_read_without_a_decoder() -> None:
    for data, _ in GOOD:
        with Image.open(io.BytesIO(data)) as opened:
            assert announced_size(data) == opened.size


def test_metadata_is_dropped_and_the_picture_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Secret Camera"
    picture = normalised(saved("JPEG", exif=exif.tobytes(), comment=b"Secret place"))
    assert (picture.width, picture.height) == (20, 40)
    assert b"Secret" not in picture.png
    assert b"eXIf" not in picture.png
    with Image.open(io.BytesIO(picture.png)) as opened:
        assert not opened.getexif()


def test_transparency_is_kept() -> None:
    with Image.open(io.BytesIO(normalised(saved("PNG", mode="RGBA")).png)) as opened:
        assert opened.mode == "RGBA"
        assert opened.getpixel((5, 5)) == (0, 0, 0, 0)


BOMBS = [
    png_bomb(20_000, 20_000),
    png_bomb(2**31 - 1, 2**31 - 1),
    png_bomb(20_000_001, 1),
    b"\xff\xd8\xff\xc0\x00\x11\x08" + struct.pack(">HH", 20_000, 20_000) + bytes(100),
    b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + b"\xff\xff\xff\xff\xff\xff",
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_by_its_header(bomb: bytes) -> None:
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(ImageTooManyPixels):
        normalised(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - started < 0.5
    assert peak < 1_000_000


UNREADABLE = [
    b"",
    b"GIF89a" + bytes(100),
    b"%PDF-1.7",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"\xff\xd8\xff\xda\x00\x02",
    b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    png(40, 20)[:60],
    saved("JPEG", (400, 200))[:-400],
    saved("WEBP", (400, 200))[:-20],
    png_bomb(0, 10),
]


@pytest.mark.parametrize("data", UNREADABLE)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ImageUnreadable):
        normalised(data)


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(ImageTooLarge):
        normalised(png(1, 1) + bytes(5_000_000))


@given(st.binary(max_size=200), st.sampled_from([data[:40] for data, _ in GOOD]), st.integers(0, 40))
def test_any_bytes_are_a_picture_or_a_refusal(noise: bytes, start: bytes, kept: int) -> None:
    try:
        normalised(start[:kept] + noise)
    except (ImageUnreadable, ImageTooManyPixels):
        return

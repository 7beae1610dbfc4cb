"""Letters of posters: how wide a text is, where it breaks, and its outlines.

Texts are shaped (Arabic letters join) and ordered (lines run both ways). Lengths are millimetres, sizes points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import uharfbuzz
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

Style = Literal["", "B"]
FONTS: Final = Path(__file__).parents[1] / "fonts"
FILES: Final[dict[Style, str]] = {"": "Cairo-Regular.ttf", "B": "Cairo-Bold.ttf"}
MM_PER_POINT: Final = 25.4 / 72
_LINE: Final = 1.3  # line height of the font, in its size


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter's shape by its number in the font, and where it stands, in units of the font."""

    number: int
    x: float
    y: float


@cache
def _font(style: Style) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(FONTS / FILES[style]))))


@cache
def units(style: Style) -> int:
    """Font units in the size of the font."""
    found: int = _font(style).face.upem
    return found


def shape(text: str, style: Style, *, is_rtl: bool) -> tuple[list[Glyph], float]:
    """The glyphs of a line from left to right, and how wide it is."""
    base = TextDirection.RTL if is_rtl else TextDirection.LTR
    runs = BidiParagraph(text=text, base_direction=base).get_bidi_fragments()
    glyphs: list[Glyph] = []
    pen = 0.0
    for part, direction in reversed(runs) if is_rtl else runs:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(part)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if direction == TextDirection.RTL else "ltr"
        uharfbuzz.shape(_font(style), buffer, {"kern": True, "liga": True})
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyphs.append(Glyph(info.codepoint, pen + place.x_offset, place.y_offset))
            pen += place.x_advance
    return glyphs, pen


def outline(glyph: Glyph, style: Style) -> str:
    """The glyph as the data of an SVG path, at its place, y upwards."""
    parts: list[str] = []

    def add(command: str, *numbers: float) -> None:
        shifted = (number + (glyph.y if position % 2 else glyph.x) for position, number in enumerate(numbers))
        parts.append(command + " ".join(f"{number:g}" for number in shifted))

    pen = uharfbuzz.DrawFuncs()
    pen.set_move_to_func(lambda x, y, _: add("M", x, y))
    pen.set_line_to_func(lambda x, y, _: add("L", x, y))
    pen.set_quadratic_to_func(lambda cx, cy, x, y, _: add("Q", cx, cy, x, y))
    pen.set_cubic_to_func(lambda ax, ay, bx, by, x, y, _: add("C", ax, ay, bx, by, x, y))
    pen.set_close_path_func(lambda _: parts.append("Z"))
    _font(style).draw_glyph(glyph.number, pen)
    return "".join(parts)


def width_of(text: str, size: float, style: Style) -> float:
    """In millimetres."""
    return shape(text, style, is_rtl=False)[1] / units(style) * size * MM_PER_POINT


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size that fit into a width."""

    lines: Sequence[str]
    size: float
    style: Style
    width: float

    @property
    def line_height(self) -> float:
        """In millimetres."""
        return self.size * MM_PER_POINT * _LINE

    @property
    def height(self) -> float:
        """With the space below."""
        return len(self.lines) * self.line_height + self.size * MM_PER_POINT * 0.2


def fitted(text: str, width: float, *, sizes: tuple[float, float], lines: int, style: Style = "") -> Block:
    """The text at the largest size at which it fits; cut off where it does not at the smallest."""
    size, smallest = sizes
    while True:
        wrapped = _wrapped(text, width, size, style)
        if len(wrapped) <= lines and all(width_of(line, size, style) <= width for line in wrapped):
            return Block(wrapped, size, style, width)
        if size <= smallest:
            kept = [*wrapped[: lines - 1], " ".join(wrapped[lines - 1 :])]
            return Block([_shortened(line, width, size, style) for line in kept], size, style, width)
        size = max(smallest, size - 1)


def _wrapped(text: str, width: float, size: float, style: Style) -> list[str]:
    """As many words on a line as fit."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size, style) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _shortened(text: str, width: float, size: float, style: Style) -> str:
    if width_of(text, size, style) <= width:
        return text
    while text and width_of(text + "…", size, style) > width:
        text = text[:-1]
    return text.rstrip() + "…"

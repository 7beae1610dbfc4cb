"""Draws the poster: ``python -m passerelle.distribution.drawing`` reads its content as JSON, writes a PDF.

Lengths are millimetres on A4, font sizes points. Texts are shaped (Arabic letters join, lines run both ways).
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fpdf import FPDF

from passerelle.distribution.qr import matrix

_FONTS: Final = Path(__file__).parent / "fonts"
_FAMILY: Final = "Cairo"
_INK: Final = "#16181d"
_QUIET: Final = "#565c66"
WIDTH: Final = 210
HEIGHT: Final = 297
_MARGIN: Final = 18
_MM_PER_POINT: Final = 25.4 / 72
_LINE: Final = 1.3  # line height of the font, in its size
_BRAND_HEIGHT: Final = 184
_CARD: Final = (106.0, 114.0)  # the white card under the QR code
_CARD_TOP: Final = 90.0
_QR: Final = 86.0
_STAMP: Final = 9.0


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it; colours as ``#rrggbb``."""

    url: str
    typed: str
    language: str
    is_rtl: bool
    organization: str
    program: str
    promise: str
    place: str
    stamps: int
    brand: str
    on_brand: str
    soft_on_brand: str
    accent: str
    call: str
    steps: Sequence[str]
    or_type: str


def draw(poster: Poster) -> bytes:
    """The PDF of one A4 page."""
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.add_font(_FAMILY, "", _FONTS / "Cairo-Regular.ttf")
    pdf.add_font(_FAMILY, "B", _FONTS / "Cairo-Bold.ttf")
    pdf.set_text_shaping(use_shaping_engine=True)
    pdf.set_title(f"{poster.program} - {poster.organization}")
    pdf.set_lang(poster.language)
    pdf.add_page()
    _ground(pdf, poster)
    _headline(pdf, poster)
    _code(pdf, poster)
    _steps(pdf, poster)
    _foot(pdf, poster)
    return bytes(pdf.output())


def _ground(pdf: FPDF, poster: Poster) -> None:
    pdf.set_fill_color(poster.brand)
    pdf.rect(0, 0, WIDTH, _BRAND_HEIGHT, style="F")
    pdf.set_fill_color(poster.on_brand)
    with pdf.rect_clip(0, 0, WIDTH, _BRAND_HEIGHT), pdf.local_context(fill_opacity=0.06):
        pdf.circle(WIDTH + 6, 4, 78, style="F")
        pdf.circle(-4, _BRAND_HEIGHT - 8, 58, style="F")


def _headline(pdf: FPDF, poster: Poster) -> None:
    """Who, what, and what one gets: as large as fits, in the middle of the room above the QR code."""
    width = WIDTH - 2 * _MARGIN
    blocks = [
        (_fitted(pdf, poster.organization, width, sizes=(20, 12), lines=1, style="B"), poster.soft_on_brand),
        (_fitted(pdf, poster.program, width, sizes=(50, 24), lines=2, style="B"), poster.on_brand),
        (_fitted(pdf, poster.promise, width, sizes=(23, 14), lines=2), poster.soft_on_brand),
    ]
    has_stamps = 0 < poster.stamps <= 14
    height = sum(block.height for block, _ in blocks) + (_STAMP + 5 if has_stamps else 0)
    y = max(8.0, (_CARD_TOP + 3 - height) / 2)
    for block, colour in blocks:
        y = _centred(pdf, block, y, colour=colour)
    if has_stamps:
        _stamps(pdf, poster, y + 4)


def _stamps(pdf: FPDF, poster: Poster, y: float) -> None:
    """The card's places as circles; the last one, in reading direction, is the present."""
    gap = 2.8
    left = (WIDTH - poster.stamps * _STAMP - (poster.stamps - 1) * gap) / 2
    last = 0 if poster.is_rtl else poster.stamps - 1
    for place in range(poster.stamps):
        pdf.set_draw_color(poster.on_brand)
        pdf.set_fill_color(poster.on_brand)
        pdf.set_line_width(0.5)
        x = left + place * (_STAMP + gap) + _STAMP / 2
        pdf.circle(x, y + _STAMP / 2, _STAMP / 2 - 0.25, style="FD" if place == last else "D")
        if place == last:
            _present(pdf, x, y + _STAMP / 2, _STAMP * 0.5, poster.brand)


def _present(pdf: FPDF, x: float, y: float, size: float, colour: str) -> None:
    """A wrapped present around a centre."""
    half = size / 2
    pdf.set_draw_color(colour)
    pdf.set_line_width(size * 0.11)
    pdf.rect(x - half * 0.8, y - half * 0.1, size * 0.8, size * 0.55, style="D")
    pdf.rect(x - half, y - half * 0.5, size, size * 0.22, style="D")
    pdf.line(x, y - half * 0.5, x, y + half)
    pdf.ellipse(x - half * 0.62, y - half * 1.05, half * 0.62, half * 0.5, style="D")
    pdf.ellipse(x, y - half * 1.05, half * 0.62, half * 0.5, style="D")


def _code(pdf: FPDF, poster: Poster) -> None:
    """The QR code on its white card, across the edge of the colour."""
    width, height = _CARD
    left, top = (WIDTH - width) / 2, _CARD_TOP
    with pdf.local_context(fill_opacity=0.10):
        pdf.set_fill_color("#000000")
        pdf.rect(left + 0.8, top + 1.6, width, height, style="F", round_corners=True, corner_radius=9)
    pdf.set_fill_color("#ffffff")
    pdf.set_draw_color("#e3e5e9")
    pdf.set_line_width(0.3)
    pdf.rect(left, top, width, height, style="FD", round_corners=True, corner_radius=9)
    _qr(pdf, poster.url, (WIDTH - _QR) / 2, top + 10, _QR)
    call = _fitted(pdf, poster.call, width - 10, sizes=(19, 11), lines=1, style="B")
    _centred(pdf, call, top + _QR + 13, colour=_INK)


def _qr(pdf: FPDF, text: str, left: float, top: float, size: float) -> None:
    rows = matrix(text)
    module = size / len(rows)
    pdf.set_fill_color("#000000")
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate((*row, False)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                # A hair more than a module: printers leave white lines between shapes that only touch.
                pdf.rect(left + start * module, top + y * module, (x - start) * module, module + 0.02, style="F")
                start = None


def _steps(pdf: FPDF, poster: Poster) -> None:
    """Three steps, in reading direction."""
    column = (WIDTH - 2 * _MARGIN) / 3
    icons = (_scan_icon, _form_icon, _wallet_icon)
    for position, (icon, caption) in enumerate(zip(icons, poster.steps, strict=True)):
        place = 2 - position if poster.is_rtl else position
        centre = _MARGIN + column * (place + 0.5)
        y = 217.0
        pdf.set_fill_color(poster.brand)
        pdf.circle(centre, y + 10, 10, style="F")
        pdf.set_draw_color(poster.on_brand)
        pdf.set_fill_color(poster.on_brand)
        pdf.set_line_width(0.7)
        icon(pdf, centre, y + 10, poster)
        block = _fitted(pdf, caption, column - 8, sizes=(13, 10), lines=2, style="B")
        _centred(pdf, block, y + 23, colour=_INK, centre=centre)


def _scan_icon(pdf: FPDF, x: float, y: float, _poster: Poster) -> None:
    """A phone that sees a code."""
    pdf.rect(x - 3.4, y - 6, 6.8, 12, style="D", round_corners=True, corner_radius=1.4)
    for left, top in ((-1.9, -3.4), (0.3, -3.4), (-1.9, -1.2)):
        pdf.rect(x + left, y + top, 1.6, 1.6, style="F")
    pdf.rect(x + 0.3, y - 1.2, 0.7, 0.7, style="F")
    pdf.rect(x + 1.2, y - 0.3, 0.7, 0.7, style="F")
    pdf.line(x - 1, y + 4.2, x + 1, y + 4.2)


def _form_icon(pdf: FPDF, x: float, y: float, poster: Poster) -> None:
    """A form with a pencil."""
    pdf.rect(x - 5, y - 5.4, 8.6, 10.8, style="D", round_corners=True, corner_radius=1.2)
    for line, length in ((-2.6, 5), (0, 5), (2.6, 2.6)):
        pdf.line(x - 3.2, y + line, x - 3.2 + length, y + line)
    pdf.set_line_width(1.7)
    pdf.set_draw_color(poster.brand)
    pdf.line(x + 0.8, y + 4.4, x + 5.6, y - 0.6)
    pdf.set_line_width(1.1)
    pdf.set_draw_color(poster.on_brand)
    pdf.line(x + 1.6, y + 3.6, x + 5.4, y - 0.4)


def _wallet_icon(pdf: FPDF, x: float, y: float, poster: Poster) -> None:
    """A card that goes into a pocket."""
    pdf.rect(x - 5.2, y - 4.8, 10.4, 7, style="D", round_corners=True, corner_radius=1.2)
    pdf.line(x - 5.2, y - 2.4, x + 5.2, y - 2.4)
    pdf.rect(x - 6, y - 0.4, 12, 5.6, style="F", round_corners=True, corner_radius=1.2)
    pdf.set_fill_color(poster.brand)
    pdf.circle(x + 3.4, y + 2.4, 0.9, style="F")


def _foot(pdf: FPDF, poster: Poster) -> None:
    """What to type instead, and where the poster hangs."""
    y = 268.0
    pdf.set_draw_color("#e3e5e9")
    pdf.set_line_width(0.3)
    pdf.line(_MARGIN, y, WIDTH - _MARGIN, y)
    width = WIDTH - 2 * _MARGIN
    y = _centred(pdf, _fitted(pdf, poster.or_type, width, sizes=(10.5, 9), lines=1), y + 1.5, colour=_QUIET)
    typed = _fitted(pdf, poster.typed, width, sizes=(16, 8), lines=1, style="B")
    y = _centred(pdf, typed, y - 1, colour=poster.accent)
    if poster.place:
        _centred(pdf, _fitted(pdf, poster.place, width, sizes=(10.5, 8), lines=1), y - 0.5, colour=_QUIET)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size that fit."""

    lines: Sequence[str]
    size: float
    style: str
    width: float

    @property
    def line_height(self) -> float:
        """In millimetres."""
        return self.size * _MM_PER_POINT * _LINE

    @property
    def height(self) -> float:
        """With the space below."""
        return len(self.lines) * self.line_height + self.size * _MM_PER_POINT * 0.2


def _fitted(pdf: FPDF, text: str, width: float, *, sizes: tuple[float, float], lines: int, style: str = "") -> Block:
    """The text at the largest size at which it fits; cut off where it does not at the smallest."""
    size, smallest = sizes
    while True:
        pdf.set_font(_FAMILY, style, size)
        wrapped = _wrapped(pdf, text, width)
        if len(wrapped) <= lines and all(pdf.get_string_width(line) <= width for line in wrapped):
            return Block(wrapped, size, style, width)
        if size <= smallest:
            kept = [*wrapped[: lines - 1], " ".join(wrapped[lines - 1 :])]
            return Block([_shortened(pdf, line, width) for line in kept], size, style, width)
        size = max(smallest, size - 1)


def _centred(pdf: FPDF, block: Block, y: float, *, colour: str, centre: float = WIDTH / 2) -> float:
    """Write the lines around a centre; returns where they end."""
    pdf.set_text_color(colour)
    pdf.set_font(_FAMILY, block.style, block.size)
    for position, line in enumerate(block.lines):
        pdf.set_xy(centre - block.width / 2, y + position * block.line_height)
        pdf.cell(block.width, block.line_height, line, align="C")
    return y + block.height


def _wrapped(pdf: FPDF, text: str, width: float) -> list[str]:
    """As many words on a line as fit."""
    lines: list[str] = []
    for word in text.split():
        if lines and pdf.get_string_width(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _shortened(pdf: FPDF, text: str, width: float) -> str:
    if pdf.get_string_width(text) <= width:
        return text
    while text and pdf.get_string_width(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def main() -> None:
    """From standard input to standard output."""
    content: dict[str, Any] = json.load(sys.stdin)
    sys.stdout.buffer.write(draw(Poster(**content)))


if __name__ == "__main__":
    main()

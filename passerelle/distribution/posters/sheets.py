"""What a layout draws on: a PDF for the printer, or an SVG for the screen. Lengths are millimetres from the top left.

Texts are text in the PDF, to be searched and read aloud, and outlines in the SVG, which then needs no font.
"""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final, Literal, Protocol

from fpdf import FPDF
from fpdf.drawing_primitives import Transform
from fpdf.enums import Align, TextDirection

from passerelle.distribution.posters.lettering import FILES, FONTS, MM_PER_POINT, Block, outline, shape, units

Side = Literal["left", "center", "right"]
_FAMILY: Final = "Cairo"
_ALIGN: Final[dict[Side, Align]] = {"left": Align.L, "center": Align.C, "right": Align.R}
_BASELINE: Final = 0.3  # below the middle of the line, in the size of the font


@dataclass(frozen=True, slots=True)
class Paint:
    """How a shape looks; ``width`` is of its edge."""

    fill: str | None = None
    stroke: str | None = None
    width: float = 0.3
    opacity: float = 1.0
    dash: float = 0.0


class Sheet(Protocol):
    """What every layout can do."""

    def rect(self, x: float, y: float, width: float, height: float, paint: Paint, *, radius: float = 0) -> None: ...
    def circle(self, x: float, y: float, radius: float, paint: Paint) -> None: ...
    def line(self, x1: float, y1: float, x2: float, y2: float, paint: Paint) -> None: ...
    def picture(self, png: bytes, x: float, y: float, width: float, height: float) -> None: ...
    def write(self, block: Block, x: float, y: float, colour: str, side: Side, *, is_rtl: bool) -> None: ...
    def placed(self, x: float, y: float, scale: float, *, turned: bool = False) -> Any: ...
    def clipped(self, x: float, y: float, width: float, height: float) -> Any: ...


@dataclass(slots=True)
class PdfSheet:
    """One page of a PDF. ``placed`` says where the top left corner comes to lie, turned or not."""

    width: float
    height: float
    title: str
    language: str
    pdf: FPDF = field(init=False)

    def __post_init__(self) -> None:
        pdf = self.pdf = FPDF(format=(self.width, self.height))
        pdf.set_auto_page_break(auto=False)
        pdf.set_margin(0)
        for style, name in FILES.items():
            pdf.add_font(_FAMILY, style, FONTS / name)
        pdf.set_title(self.title)
        pdf.set_lang(self.language)
        pdf.add_page()

    def rect(self, x: float, y: float, width: float, height: float, paint: Paint, *, radius: float = 0) -> None:
        with self._painted(paint) as style:
            self.pdf.rect(x, y, width, height, style=style, round_corners=radius > 0, corner_radius=radius)

    def circle(self, x: float, y: float, radius: float, paint: Paint) -> None:
        with self._painted(paint) as style:
            self.pdf.circle(x, y, radius, style=style)

    def line(self, x1: float, y1: float, x2: float, y2: float, paint: Paint) -> None:
        with self._painted(paint):
            self.pdf.line(x1, y1, x2, y2)

    def picture(self, png: bytes, x: float, y: float, width: float, height: float) -> None:
        self.pdf.image(BytesIO(png), x, y, width, height, keep_aspect_ratio=True)

    def write(self, block: Block, x: float, y: float, colour: str, side: Side, *, is_rtl: bool) -> None:
        """The lines, within ``block.width`` from x."""
        pdf = self.pdf
        direction = TextDirection.RTL if is_rtl else TextDirection.LTR
        pdf.set_text_shaping(use_shaping_engine=True, direction=direction)
        pdf.set_text_color(colour)
        pdf.set_font(_FAMILY, block.style, block.size)
        pdf.c_margin = 0
        for position, line in enumerate(block.lines):
            pdf.set_xy(x, y + position * block.line_height)
            pdf.cell(block.width, block.line_height, line, align=_ALIGN[side])

    @contextmanager
    def placed(self, x: float, y: float, scale: float, *, turned: bool = False) -> Iterator[None]:
        factor = -scale if turned else scale
        with self.pdf.transform(Transform(factor, 0, 0, factor, x, y)):
            yield

    @contextmanager
    def clipped(self, x: float, y: float, width: float, height: float) -> Iterator[None]:
        with self.pdf.rect_clip(x, y, width, height):
            yield

    def output(self) -> bytes:
        """The file."""
        return bytes(self.pdf.output())

    @contextmanager
    def _painted(self, paint: Paint) -> Iterator[str]:
        pdf = self.pdf
        opacity = {} if paint.opacity == 1 else {"fill_opacity": paint.opacity}
        with pdf.local_context(**opacity):
            if paint.fill:
                pdf.set_fill_color(paint.fill)
            if paint.stroke:
                pdf.set_draw_color(paint.stroke)
                pdf.set_line_width(paint.width)
                if paint.dash:
                    pdf.set_dash_pattern(dash=paint.dash, gap=paint.dash)
            yield ("F" if paint.fill else "") + ("D" if paint.stroke else "")


@dataclass(slots=True)
class SvgSheet:
    """The same as a picture."""

    width: float
    height: float
    title: str
    language: str
    _parts: list[str] = field(default_factory=list)
    _clips: int = 0

    def rect(self, x: float, y: float, width: float, height: float, paint: Paint, *, radius: float = 0) -> None:
        rounded = f' rx="{radius:g}"' if radius else ""
        place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
        self._parts.append(f"<rect {place}{rounded}{_painted(paint)}/>")

    def circle(self, x: float, y: float, radius: float, paint: Paint) -> None:
        self._parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}"{_painted(paint)}/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, paint: Paint) -> None:
        self._parts.append(f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}"{_painted(paint)}/>')

    def picture(self, png: bytes, x: float, y: float, width: float, height: float) -> None:
        data = base64.b64encode(png).decode()
        place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
        self._parts.append(f'<image {place} href="data:image/png;base64,{data}"/>')

    def write(self, block: Block, x: float, y: float, colour: str, side: Side, *, is_rtl: bool) -> None:
        """The lines, within ``block.width`` from x."""
        size = block.size * MM_PER_POINT
        scale = size / units(block.style)
        for position, line in enumerate(block.lines):
            glyphs, length = shape(line, block.style, is_rtl=is_rtl)
            spare = block.width - length * scale
            left = x + {"left": 0.0, "center": spare / 2, "right": spare}[side]
            base = y + (position + 0.5) * block.line_height + _BASELINE * size
            path = "".join(outline(glyph, block.style) for glyph in glyphs)
            move = f"translate({left:g} {base:g}) scale({scale:g} {-scale:g})"
            self._parts.append(f'<path transform="{move}" fill="{colour}" d="{path}"/>')

    @contextmanager
    def placed(self, x: float, y: float, scale: float, *, turned: bool = False) -> Iterator[None]:
        factor = -scale if turned else scale
        self._parts.append(f'<g transform="translate({x:g} {y:g}) scale({factor:g})">')
        yield
        self._parts.append("</g>")

    @contextmanager
    def clipped(self, x: float, y: float, width: float, height: float) -> Iterator[None]:
        self._clips += 1
        rect = f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>'
        self._parts.append(f'<clipPath id="c{self._clips}">{rect}</clipPath><g clip-path="url(#c{self._clips})">')
        yield
        self._parts.append("</g>")

    def output(self) -> bytes:
        """The file."""
        box = f'width="{self.width:g}mm" height="{self.height:g}mm" viewBox="0 0 {self.width:g} {self.height:g}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{"".join(self._parts)}</svg>'.encode()


def _painted(paint: Paint) -> str:
    looks = [f' fill="{paint.fill or "none"}"']
    if paint.stroke:
        looks.append(f' stroke="{paint.stroke}" stroke-width="{paint.width:g}"')
    if paint.opacity != 1:
        looks.append(f' fill-opacity="{paint.opacity:g}"')
    if paint.dash:
        looks.append(f' stroke-dasharray="{paint.dash:g}"')
    return "".join(looks)


def draw_code(sheet: Sheet, rows: Sequence[Sequence[bool]], x: float, y: float, size: float) -> None:
    """A QR code without quiet zone, dark runs of a row in one."""
    module = size / len(rows)
    paint = Paint(fill="#000000")
    for row_number, row in enumerate(rows):
        start = None
        for column, dark in enumerate((*row, False)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                # A hair more than a module: printers leave white lines between shapes that only touch.
                width = (column - start) * module
                sheet.rect(x + start * module, y + row_number * module, width, module + 0.02, paint)
                start = None

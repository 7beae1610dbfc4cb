"""Where things stand on a poster: upright for A4 and A5, lying for tents and business cards, square for stickers.

A layout draws in its own width (``WIDTH`` of each), whatever the paper is: the sheet scales it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from passerelle.distribution.posters.icons import STEP_ICONS
from passerelle.distribution.posters.lettering import Block, Style, fitted
from passerelle.distribution.posters.parts import (
    HAIR,
    INK,
    PLACE,
    QUIET,
    WHITE,
    Column,
    Poster,
    draw_card,
    draw_ground,
    draw_logo,
    draw_places,
)
from passerelle.distribution.posters.sheets import Paint, Sheet, draw_code
from passerelle.distribution.qr import matrix

UPRIGHT_WIDTH: Final = 210.0
_MARGIN: Final = 18.0
_UPRIGHT_BRAND: Final = 184.0
_UPRIGHT_CARD: Final = (106.0, 114.0)  # the white card under the QR code
_UPRIGHT_CARD_TOP: Final = 90.0
_UPRIGHT_CODE: Final = 86.0


def upright(sheet: Sheet, poster: Poster, height: float, bleed: float) -> None:
    """Colour and names above, the code across the edge of the colour, three steps, the address to type."""
    sheet.rect(-bleed, -bleed, UPRIGHT_WIDTH + 2 * bleed, height + 2 * bleed, Paint(fill=WHITE))
    draw_ground(
        sheet, poster, width=UPRIGHT_WIDTH, height=_UPRIGHT_BRAND, bleed=bleed, circles=((216, 4, 78), (-4, 176, 58))
    )
    column = Column(sheet, poster.is_rtl, _MARGIN, UPRIGHT_WIDTH - 2 * _MARGIN, "center")
    blocks = [
        (column.fitted(poster.headline, (50, 24), lines=2, style="B"), poster.on_brand),
        (column.fitted(poster.text, (23, 14), lines=2), poster.soft_on_brand),
    ]
    if poster.logo is None:
        name = column.fitted(poster.organization, (20, 12), lines=1, style="B")
        blocks.insert(0, (name, poster.soft_on_brand))
    has_stamps = 0 < poster.stamps <= 14
    logo_height = 24.0 if poster.logo else 0.0
    used = logo_height + sum(block.height for block, _ in blocks) + (PLACE + 5 if has_stamps else 0)
    y = max(8.0, (_UPRIGHT_CARD_TOP + 3 - used) / 2)
    if poster.logo:
        draw_logo(sheet, poster, UPRIGHT_WIDTH / 2, y, height=18.0, side="center")
    y += logo_height
    for block, colour in blocks:
        y = column.write(block, y, colour)
    if has_stamps:
        left = (UPRIGHT_WIDTH - poster.stamps * PLACE - (poster.stamps - 1) * 2.8) / 2
        draw_places(sheet, poster, left, y + 4, size=PLACE)
    _upright_code(sheet, poster)
    _upright_steps(sheet, poster)
    _upright_foot(sheet, poster, height)


def _upright_code(sheet: Sheet, poster: Poster) -> None:
    width, height = _UPRIGHT_CARD
    left = (UPRIGHT_WIDTH - width) / 2
    draw_card(sheet, left, _UPRIGHT_CARD_TOP, width, height)
    draw_code(sheet, matrix(poster.url), (UPRIGHT_WIDTH - _UPRIGHT_CODE) / 2, _UPRIGHT_CARD_TOP + 10, _UPRIGHT_CODE)
    column = Column(sheet, poster.is_rtl, left + 5, width - 10, "center")
    column.write(
        column.fitted(poster.call, (19, 11), lines=1, style="B"), _UPRIGHT_CARD_TOP + _UPRIGHT_CODE + 13, INK
    )


def _upright_steps(sheet: Sheet, poster: Poster) -> None:
    """In reading direction."""
    if not poster.steps:
        return
    width = (UPRIGHT_WIDTH - 2 * _MARGIN) / len(poster.steps)
    for position, (icon, caption) in enumerate(zip(STEP_ICONS, poster.steps, strict=False)):
        place = len(poster.steps) - 1 - position if poster.is_rtl else position
        centre = _MARGIN + width * (place + 0.5)
        sheet.circle(centre, 227, 10, Paint(fill=poster.brand))
        icon(sheet, centre, 227, poster.on_brand, poster.brand)
        column = Column(sheet, poster.is_rtl, centre - width / 2 + 4, width - 8, "center")
        column.write(column.fitted(caption, (13, 10), lines=2, style="B"), 240, INK)


def _upright_foot(sheet: Sheet, poster: Poster, height: float) -> None:
    """What to type instead, and where the poster hangs."""
    y = height - 29
    sheet.line(_MARGIN, y, UPRIGHT_WIDTH - _MARGIN, y, Paint(stroke=HAIR))
    column = Column(sheet, poster.is_rtl, _MARGIN, UPRIGHT_WIDTH - 2 * _MARGIN, "center")
    y = column.write(column.fitted(poster.or_type, (10.5, 9), lines=1), y + 1.5, QUIET)
    address = Column(sheet, is_rtl=False, x=column.x, width=column.width, side="center")
    y = address.write(address.fitted(poster.typed, (16, 8), lines=1, style="B"), y - 1, poster.accent)
    if poster.place:
        column.write(column.fitted(poster.place, (10.5, 8), lines=1), y - 0.5, QUIET)


@dataclass(frozen=True, slots=True)
class Lying:
    """The measures of a lying layout: how wide it is, its margin, its white card and the code on it."""

    width: float
    margin: float
    card: float
    code: float


TENT: Final = Lying(210, 14, 82, 66)
BUSINESS_CARD: Final = Lying(150, 8, 62, 52)


def lying(sheet: Sheet, poster: Poster, height: float, bleed: float, lying: Lying = TENT) -> None:
    """Names on the side where reading begins, the code on the other."""
    draw_ground(
        sheet,
        poster,
        width=lying.width,
        height=height,
        bleed=bleed,
        circles=((30, height + 20, 70), (lying.width - 14, -6, 60)),
    )
    card_height = lying.code + 35
    x = lying.margin if poster.is_rtl else lying.width - lying.margin - lying.card
    y = (height - card_height) / 2
    draw_card(sheet, x, y, lying.card, card_height)
    draw_code(sheet, matrix(poster.url), x + (lying.card - lying.code) / 2, y + 8, lying.code)
    below = Column(sheet, poster.is_rtl, x + 4, lying.card - 8, "center")
    y = below.write(below.fitted(poster.call, (14, 9), lines=1, style="B"), y + lying.code + 10, INK)
    y = below.write(below.fitted(poster.or_type, (9, 8), lines=1), y, QUIET)
    address = Column(sheet, is_rtl=False, x=below.x, width=below.width, side="center")
    address.write(address.fitted(poster.typed, (12, 6), lines=1, style="B"), y - 0.5, poster.accent)
    _lying_words(sheet, poster, height, lying)


def small(sheet: Sheet, poster: Poster, height: float, bleed: float) -> None:
    """The same for a business card, where three steps could not be read."""
    lying(sheet, replace(poster, steps=()), height, bleed, BUSINESS_CARD)


def _lying_words(sheet: Sheet, poster: Poster, height: float, lying: Lying) -> None:
    width = lying.width - lying.card - 2 * lying.margin - 10
    x = lying.width - lying.margin - width if poster.is_rtl else lying.margin
    column = Column(sheet, poster.is_rtl, x, width, "right" if poster.is_rtl else "left")
    parts = _lying_parts(column, poster)
    y = max(4.0, (height - sum(part.height for part in parts)) / 2)
    for part in parts:
        part.draw(y)
        y += part.height


@dataclass(frozen=True, slots=True)
class _Part:
    """Something in a column: how high it is, and how it is drawn at a height."""

    height: float
    draw: Callable[[float], object]


def _lying_parts(column: Column, poster: Poster) -> list[_Part]:
    sheet, edge = column.sheet, column.x + column.width if poster.is_rtl else column.x

    def words(text: str, sizes: tuple[float, float], lines: int, style: Style, colour: str) -> _Part:
        block = column.fitted(text, sizes, lines=lines, style=style)
        return _Part(block.height, lambda y: column.write(block, y, colour))

    parts: list[_Part] = []
    if poster.logo:
        parts.append(
            _Part(
                24, lambda y: draw_logo(sheet, poster, edge, y, height=16, side=column.side, widest=column.width - 6)
            )
        )
    else:
        parts.append(words(poster.organization, (15, 10), 1, "B", poster.soft_on_brand))
    parts.append(words(poster.headline, (36, 16), 3, "B", poster.on_brand))
    parts.append(words(poster.text, (18, 11), 3, "", poster.soft_on_brand))
    if 0 < poster.stamps <= 12:
        size = min(7.5, (column.width + 2) / poster.stamps - 2)
        length = poster.stamps * (size + 2) - 2
        left = edge - length if poster.is_rtl else edge
        parts.append(_Part(13, lambda y: draw_places(sheet, poster, left, y + 3, size=size, gap=2)))
    for number, caption in enumerate(poster.steps, start=1):
        step = fitted(caption, column.width - 11, sizes=(12, 9), lines=2, style="B")
        parts.append(_numbered(column, poster, number, step))
    return parts


def _numbered(column: Column, poster: Poster, number: int, step: Block) -> _Part:
    """A step, with its number on a disc before it."""
    sheet, row = column.sheet, max(9.0, step.height + 2)
    edge, inwards = (column.x + column.width, -1) if poster.is_rtl else (column.x, 1)
    centre = edge + inwards * 3.6
    digit = fitted(str(number), 7.2, sizes=(11, 9), lines=1, style="B")
    x = edge - 11 - step.width if poster.is_rtl else edge + 11

    def draw(y: float) -> None:
        sheet.circle(centre, y + row / 2, 3.6, Paint(fill=poster.on_brand))
        sheet.write(digit, centre - 3.6, y + row / 2 - digit.line_height / 2, poster.brand, "center", is_rtl=False)
        top = y + (row - len(step.lines) * step.line_height) / 2
        sheet.write(step, x, top, poster.on_brand, column.side, is_rtl=poster.is_rtl)

    return _Part(row, draw)


SQUARE_WIDTH: Final = 150.0
_SQUARE_CODE: Final = 74.0


def square(sheet: Sheet, poster: Poster, height: float, bleed: float) -> None:
    """Little but the code: for a window or a takeaway cup."""
    draw_ground(sheet, poster, width=SQUARE_WIDTH, height=height, bleed=bleed, circles=((150, 0, 60), (0, 150, 50)))
    column = Column(sheet, poster.is_rtl, 10, SQUARE_WIDTH - 20, "center")
    if poster.logo:
        draw_logo(sheet, poster, SQUARE_WIDTH / 2, 7, height=17, side="center")
    else:
        y = column.write(column.fitted(poster.headline, (26, 13), lines=1, style="B"), 8, poster.on_brand)
        column.write(column.fitted(poster.text, (14, 10), lines=1), y - 1, poster.soft_on_brand)
    side = _SQUARE_CODE + 14
    top = 33.0
    draw_card(sheet, (SQUARE_WIDTH - side) / 2, top, side, side)
    draw_code(sheet, matrix(poster.url), (SQUARE_WIDTH - _SQUARE_CODE) / 2, top + 7, _SQUARE_CODE)
    y = column.write(column.fitted(poster.call, (18, 11), lines=1, style="B"), top + side + 3.5, poster.on_brand)
    address = Column(sheet, is_rtl=False, x=column.x, width=column.width, side="center")
    address.write(address.fitted(poster.typed, (12, 7), lines=1), y - 1, poster.soft_on_brand)


Layout = Callable[[Sheet, Poster, float, float], None]

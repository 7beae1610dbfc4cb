"""Small drawings of posters: the three steps, and the places of a stamp card. About 12 mm high, in two colours."""

from collections.abc import Callable, Sequence
from typing import Final

from passerelle.distribution.posters.sheets import Paint, Sheet

Icon = Callable[[Sheet, float, float, str, str], None]


def _phone(sheet: Sheet, x: float, y: float, colour: str, _ground: str) -> None:
    """A phone that sees a code."""
    edge = Paint(stroke=colour, width=0.7)
    sheet.rect(x - 3.4, y - 6, 6.8, 12, edge, radius=1.4)
    dots = [(-1.9, -3.4, 1.6), (0.3, -3.4, 1.6), (-1.9, -1.2, 1.6), (0.3, -1.2, 0.7), (1.2, -0.3, 0.7)]
    for left, top, size in dots:
        sheet.rect(x + left, y + top, size, size, Paint(fill=colour))
    sheet.line(x - 1, y + 4.2, x + 1, y + 4.2, edge)


def _form(sheet: Sheet, x: float, y: float, colour: str, ground: str) -> None:
    """A form with a pencil."""
    edge = Paint(stroke=colour, width=0.7)
    sheet.rect(x - 5, y - 5.4, 8.6, 10.8, edge, radius=1.2)
    for line, length in ((-2.6, 5.0), (0.0, 5.0), (2.6, 2.6)):
        sheet.line(x - 3.2, y + line, x - 3.2 + length, y + line, edge)
    sheet.line(x + 0.8, y + 4.4, x + 5.6, y - 0.6, Paint(stroke=ground, width=1.7))
    sheet.line(x + 1.6, y + 3.6, x + 5.4, y - 0.4, Paint(stroke=colour, width=1.1))


def _pocket(sheet: Sheet, x: float, y: float, colour: str, ground: str) -> None:
    """A card that goes into a pocket."""
    edge = Paint(stroke=colour, width=0.7)
    sheet.rect(x - 5.2, y - 4.8, 10.4, 7, edge, radius=1.2)
    sheet.line(x - 5.2, y - 2.4, x + 5.2, y - 2.4, edge)
    sheet.rect(x - 6, y - 0.4, 12, 5.6, Paint(fill=colour), radius=1.2)
    sheet.circle(x + 3.4, y + 2.4, 0.9, Paint(fill=ground))


STEP_ICONS: Final[Sequence[Icon]] = (_phone, _form, _pocket)


def draw_stamps(
    sheet: Sheet, places: Sequence[float], y: float, size: float, *, present: int, colour: str, ground: str
) -> None:
    """Circles around the places; the one at ``present`` is the reward."""
    for number, x in enumerate(places):
        fill = colour if number == present else None
        sheet.circle(x, y, size / 2 - 0.25, Paint(fill=fill, stroke=colour, width=0.5))
    _present(sheet, places[present], y, size * 0.5, ground)


def _present(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    """A wrapped present around a centre."""
    half = size / 2
    edge = Paint(stroke=colour, width=size * 0.11)
    sheet.rect(x - half * 0.8, y - half * 0.1, size * 0.8, size * 0.55, edge)
    sheet.rect(x - half, y - half * 0.5, size, size * 0.22, edge)
    sheet.line(x, y - half * 0.5, x, y + half, edge)
    for side in (-1, 1):
        sheet.circle(x + side * half * 0.31, y - half * 0.8, half * 0.27, edge)

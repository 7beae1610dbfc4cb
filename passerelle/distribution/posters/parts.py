"""What layouts are put together from: what a poster says, columns of text, the coloured ground, the white card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from passerelle.distribution.posters.icons import draw_stamps
from passerelle.distribution.posters.lettering import Block, Style, fitted
from passerelle.distribution.posters.sheets import Paint, Sheet, Side

INK: Final = "#16181d"
QUIET: Final = "#565c66"
HAIR: Final = "#e3e5e9"
WHITE: Final = "#ffffff"
PLACE: Final = 9.0


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it; colours as ``#rrggbb``. ``steps`` may be empty; ``logo`` is a PNG and its width ÷ height."""

    url: str
    typed: str
    language: str
    is_rtl: bool
    organization: str
    headline: str
    text: str
    call: str
    steps: Sequence[str]
    or_type: str
    place: str
    stamps: int
    brand: str
    on_brand: str
    soft_on_brand: str
    accent: str
    logo: bytes | None = None
    logo_ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Column:
    """Writes blocks below each other in a column."""

    sheet: Sheet
    is_rtl: bool
    x: float
    width: float
    side: Side

    def fitted(self, text: str, sizes: tuple[float, float], *, lines: int, style: Style = "") -> Block:
        return fitted(text, self.width, sizes=sizes, lines=lines, style=style)

    def write(self, block: Block, y: float, colour: str) -> float:
        """Returns where the next one may begin."""
        self.sheet.write(block, self.x, y, colour, self.side, is_rtl=self.is_rtl)
        return y + block.height


def draw_ground(
    sheet: Sheet,
    poster: Poster,
    *,
    width: float,
    height: float,
    bleed: float,
    circles: Sequence[tuple[float, float, float]],
) -> None:
    """The merchant's colour, out to the bleed, with two soft circles."""
    edges = (-bleed, -bleed, width + 2 * bleed, height + 2 * bleed)
    sheet.rect(*edges, Paint(fill=poster.brand))
    with sheet.clipped(*edges):
        for x, y, radius in circles:
            sheet.circle(x, y, radius, Paint(fill=poster.on_brand, opacity=0.06))


def draw_card(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    """White, with rounded corners and a shadow: the quiet zone of the code, whatever the colours are."""
    sheet.rect(x + 0.8, y + 1.6, width, height, Paint(fill="#000000", opacity=0.10), radius=9)
    sheet.rect(x, y, width, height, Paint(fill=WHITE, stroke=HAIR), radius=9)


def draw_logo(
    sheet: Sheet, poster: Poster, x: float, y: float, *, height: float, side: Side, widest: float = 70
) -> None:
    """On a white plate, for logos are made for white paper."""
    assert poster.logo is not None
    width = min(height * poster.logo_ratio, widest)
    plate = width + 6
    left = {"left": x, "center": x - plate / 2, "right": x - plate}[side]
    sheet.rect(left, y, plate, height + 4, Paint(fill=WHITE), radius=4)
    drawn = width / poster.logo_ratio
    sheet.picture(poster.logo, left + 3, y + 2 + (height - drawn) / 2, width, drawn)


def draw_places(sheet: Sheet, poster: Poster, x: float, y: float, *, size: float, gap: float = 2.8) -> None:
    places = [x + place * (size + gap) + size / 2 for place in range(poster.stamps)]
    last = 0 if poster.is_rtl else poster.stamps - 1
    draw_stamps(sheet, places, y + size / 2, size, present=last, colour=poster.on_brand, ground=poster.brand)

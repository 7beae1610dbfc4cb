"""The picture of a stamp card: one strip per number of stamps, for Apple's strip and Google's hero image.

Stamps stand in even rows. A filled one is a disc with its mark cut out, an empty one a ring with a faint mark;
the last is the reward. Pictures have few colours and are saved with a palette, a few kilobytes each.
"""

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image

from passerelle.templates.colours import Rgb, contrast, mix, readable_on
from passerelle.templates.shapes import Mark, disc_mask, mask, ring_mask

STRIP_POINTS: Final = (375, 144)
HERO_PIXELS: Final = (1032, 336)
_PALETTE: Final = 48
_GAP: Final = 0.2  # of a stamp's diameter
_MARGIN: Final = 0.1  # of the picture's height
_LARGEST: Final = 0.56  # of the picture's height


@dataclass(frozen=True, slots=True)
class StampStyle:
    """How stamps look; ``stamp`` and ``empty_stamp`` are PNG files that take the place of the drawn ones."""

    ground: Rgb
    filled: Rgb
    empty: Rgb
    mark: Mark = "cup"
    stamp: bytes | None = None
    empty_stamp: bytes | None = None


def draw_strip(count: int, goal: int, style: StampStyle, scale: int) -> bytes:
    """Apple's strip for a card with ``count`` of ``goal`` stamps, at @1x, @2x or @3x, as PNG."""
    width, height = STRIP_POINTS
    return _drawn(count, goal, style, (width * scale, height * scale))


def draw_hero(count: int, goal: int, style: StampStyle) -> bytes:
    """Google's hero image for a card with ``count`` of ``goal`` stamps, as PNG."""
    return _drawn(count, goal, style, HERO_PIXELS)


def rows_of(goal: int) -> list[int]:
    """How many stamps stand in each row: one row up to six, then two, three, four; longer rows first."""
    rows = 1 if goal <= 6 else 2 if goal <= 14 else 3 if goal <= 24 else 4
    shorter, longer = divmod(goal, rows)
    return [shorter + (1 if row < longer else 0) for row in range(rows)]


def _drawn(count: int, goal: int, style: StampStyle, size: tuple[int, int]) -> bytes:
    rows = rows_of(goal)
    diameter = _diameter(rows, size)
    sheet = _sheet(style, diameter)
    picture = Image.new("P", size, sheet.ground)
    picture.putpalette(sheet.palette)
    pitch = diameter * (1 + _GAP)
    top = (size[1] - (pitch * len(rows) - diameter * _GAP)) / 2
    number = 0
    for row, stamps in enumerate(rows):
        left = (size[0] - (pitch * stamps - diameter * _GAP)) / 2
        for position in range(stamps):
            number += 1
            tile = sheet.tiles[number <= count, number == goal and goal > 1]
            picture.paste(tile, (round(left + position * pitch), round(top + row * pitch)))
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=9)
    return file.getvalue()


def _diameter(rows: list[int], size: tuple[int, int]) -> int:
    width, height = size
    margin = height * _MARGIN
    across = (width - 2 * margin) / (max(rows) + (max(rows) - 1) * _GAP)
    down = (height - 2 * margin) / (len(rows) + (len(rows) - 1) * _GAP)
    return max(math.floor(min(across, down, height * _LARGEST)), 8)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The four stamps (is it filled, is it the reward) in the palette that all pictures of a card share."""

    tiles: Mapping[tuple[bool, bool], Image.Image]
    palette: list[int]
    ground: int


@lru_cache(maxsize=8)
def _sheet(style: StampStyle, diameter: int) -> _Sheet:
    """Drawn and reduced to few colours once, so that a picture is only put together."""
    kinds = [(is_filled, is_reward) for is_filled in (False, True) for is_reward in (False, True)]
    together = Image.new("RGB", (diameter, diameter * len(kinds) + 1), style.ground)
    for place, (is_filled, is_reward) in enumerate(kinds):
        tile = _tile(style, diameter, is_filled=is_filled, is_reward=is_reward)
        together.paste(tile, (0, place * diameter), tile)
    reduced = together.quantize(_PALETTE, dither=Image.Dither.NONE)
    ground = reduced.tobytes()[-1]  # the last line has no stamp
    palette = reduced.getpalette() or []
    palette[3 * ground : 3 * ground + 3] = style.ground  # exactly, for it meets the card's own background
    return _Sheet(
        {
            kind: reduced.crop((0, place * diameter, diameter, (place + 1) * diameter))
            for place, kind in enumerate(kinds)
        },
        palette,
        ground,
    )


def _tile(style: StampStyle, diameter: int, *, is_filled: bool, is_reward: bool) -> Image.Image:
    own = style.stamp if is_filled else style.empty_stamp or style.stamp
    if own is not None:
        return _own_tile(own, diameter, faded=not is_filled and style.empty_stamp is None)
    tile = Image.new("RGBA", (diameter, diameter), (*style.ground, 0))
    mark: Mark = "gift" if is_reward else style.mark
    inner = round(diameter * 0.66)
    place = ((diameter - inner) // 2, (diameter - inner) // 2)
    if is_filled:
        tile.paste(style.filled, (0, 0), disc_mask(diameter))
        if mark != "circle":
            ink = style.ground if contrast(style.ground, style.filled) >= 2 else readable_on(style.filled)
            tile.paste(ink, place, mask(mark, inner))
        return tile
    tile.paste(mix(style.ground, style.empty, 0.1), (0, 0), disc_mask(diameter))
    strength = 0.75 if is_reward else 0.42
    tile.paste(mix(style.ground, style.empty, strength), (0, 0), ring_mask(diameter, 0.028))
    if mark != "circle":
        tile.paste(mix(style.ground, style.empty, strength * 0.8), place, mask(mark, inner))
    return tile


def _own_tile(png: bytes, diameter: int, *, faded: bool) -> Image.Image:
    with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:
        picture = opened.convert("RGBA")
    picture.thumbnail((diameter, diameter), Image.Resampling.LANCZOS)
    tile = Image.new("RGBA", (diameter, diameter), (0, 0, 0, 0))
    tile.paste(picture, ((diameter - picture.width) // 2, (diameter - picture.height) // 2))
    if faded:
        tile.putalpha(tile.getchannel("A").point(lambda alpha: alpha * 0.28))
    return tile

"""Small pictures drawn in code: the marks of stamps, as antialiased masks of any size.

Each shape is drawn in a unit square (x to the right, y down) at four times its size and reduced.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from PIL import Image, ImageDraw

Mark = Literal["cup", "star", "heart", "circle", "check", "gift"]
Point: TypeAlias = tuple[float, float]
_OVERSAMPLING: Final = 4
INK: Final = 255
_CLEAR: Final = 0
_EDGE: Final = 0.498  # a whole disc stays off the border, which would cut it flat


class Pen:
    """Draws in the unit square of a mask."""

    def __init__(self, size: int) -> None:
        self._size = size * _OVERSAMPLING
        self.image = Image.new("L", (self._size, self._size), _CLEAR)
        self._draw = ImageDraw.Draw(self.image)

    def polygon(self, points: Sequence[Point], ink: int = INK) -> None:
        self._draw.polygon([self._at(point) for point in points], fill=ink)

    def disc(self, centre: Point, radius: float, ink: int = INK) -> None:
        self._draw.ellipse(self._box(centre[0] - radius, centre[1] - radius, 2 * radius, 2 * radius), fill=ink)

    def ring(self, box: tuple[float, float, float, float], thickness: float) -> None:
        """The outline of an ellipse in a box of left, top, width, height."""
        self._draw.ellipse(self._box(*box), outline=INK, width=round(thickness * self._size))

    def block(self, box: tuple[float, float, float, float], radius: float = 0.0, ink: int = INK) -> None:
        """A rectangle of left, top, width, height with round corners."""
        self._draw.rounded_rectangle(self._box(*box), radius * self._size, fill=ink)

    def stroke(self, points: Sequence[Point], thickness: float, ink: int = INK) -> None:
        """A line with round ends and joints."""
        for point in points:
            self.disc(point, thickness / 2, ink)
        self._draw.line([self._at(point) for point in points], fill=ink, width=round(thickness * self._size))

    def _at(self, point: Point) -> Point:
        return point[0] * self._size, point[1] * self._size

    def _box(self, left: float, top: float, width: float, height: float) -> tuple[float, float, float, float]:
        return left * self._size, top * self._size, (left + width) * self._size, (top + height) * self._size


def _star(pen: Pen) -> None:
    points = [
        (0.5 + radius * math.sin(math.pi * step / 5), 0.53 - radius * math.cos(math.pi * step / 5))
        for step in range(10)
        for radius in [0.44 if step % 2 == 0 else 0.2]
    ]
    pen.polygon(points)
    pen.stroke([*points, points[0]], 0.06)


def _heart(pen: Pen) -> None:
    """The curve x = 16 sin³t, y = 13 cos t - 5 cos 2t - 2 cos 3t - cos 4t, scaled to the square."""
    outline = []
    for step in range(120):
        turn = 2 * math.pi * step / 120
        across = 16 * math.sin(turn) ** 3
        up = 13 * math.cos(turn) - 5 * math.cos(2 * turn) - 2 * math.cos(3 * turn) - math.cos(4 * turn)
        outline.append((0.5 + 0.026 * across, 0.47 - 0.026 * up))
    pen.polygon(outline)


def _cup(pen: Pen) -> None:
    for left in (0.3, 0.45, 0.6):
        wave = [(left + 0.025 * math.sin(step / 3), 0.1 + 0.018 * step) for step in range(11)]
        pen.stroke(wave, 0.045)
    pen.ring((0.58, 0.42, 0.3, 0.27), 0.065)
    pen.block((0.16, 0.37, 0.58, 0.2), 0.04)
    pen.block((0.16, 0.4, 0.58, 0.38), 0.17)
    pen.block((0.12, 0.83, 0.66, 0.065), 0.032)


def _check(pen: Pen) -> None:
    pen.stroke([(0.2, 0.54), (0.42, 0.75), (0.81, 0.29)], 0.13)


def _gift(pen: Pen) -> None:
    for side in (-1, 1):
        bow = [(0.5, 0.33), (0.5 + side * 0.17, 0.12), (0.5 + side * 0.27, 0.22), (0.5, 0.33)]
        pen.stroke(bow, 0.06)
    pen.block((0.13, 0.33, 0.74, 0.17), 0.04)
    pen.block((0.19, 0.53, 0.62, 0.35), 0.05)
    pen.block((0.46, 0.33, 0.08, 0.55), 0.0, _CLEAR)


_SHAPES: Final[Mapping[Mark, Callable[[Pen], None]]] = {
    "cup": _cup,
    "star": _star,
    "heart": _heart,
    "check": _check,
    "gift": _gift,
    "circle": lambda pen: pen.disc((0.5, 0.5), 0.32),
}


@lru_cache(maxsize=32)
def mask(shape: Mark, size: int) -> Image.Image:
    """A shape as an alpha mask of ``size`` pixels; do not draw on it, it is shared."""
    pen = Pen(size)
    _SHAPES[shape](pen)
    return pen.image.reduce(_OVERSAMPLING)


@lru_cache(maxsize=32)
def disc_mask(size: int) -> Image.Image:
    """A full disc."""
    pen = Pen(size)
    pen.disc((0.5, 0.5), _EDGE)
    return pen.image.reduce(_OVERSAMPLING)


@lru_cache(maxsize=32)
def ring_mask(size: int, thickness: float, dashes: int = 0) -> Image.Image:
    """A circle's outline, ``thickness`` as a share of its size; dashed when asked."""
    pen = Pen(size)
    pen.disc((0.5, 0.5), _EDGE)
    pen.disc((0.5, 0.5), _EDGE - thickness, _CLEAR)
    for dash in range(dashes):
        turn = 2 * math.pi * dash / dashes
        pen.stroke([(0.5, 0.5), (0.5 + math.cos(turn), 0.5 + math.sin(turn))], 0.9 / dashes, _CLEAR)
    return pen.image.reduce(_OVERSAMPLING)

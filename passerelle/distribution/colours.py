"""A merchant's colours on pages and posters, made readable (WCAG 2.2); pure."""

import re
from dataclasses import dataclass
from typing import Final

Colour = tuple[int, int, int]
_READABLE: Final = 4.5  # WCAG 2.2, 1.4.3
_VISIBLE: Final = 3.0  # WCAG 2.2, 1.4.11
_WHITE: Final = "#ffffff"
_INK: Final = "#16181d"
_BLACK: Final = "#000000"
DARK_PAGE: Final = "#14161a"


def as_colour(text: str | None) -> str | None:
    """A colour of an address, such as ``5b3a29`` or ``#5b3a29``; anything else is none."""
    found = re.fullmatch(r"#?([0-9a-fA-F]{6})", text or "")
    return f"#{found[1].lower()}" if found else None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours such as ``#5b3a29``, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(_parse(one)), _luminance(_parse(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True, slots=True)
class Palette:
    """A merchant's colours, made readable: ``on_brand`` and ``soft_on_brand`` on ``brand``, accents on a page."""

    brand: str
    on_brand: str
    soft_on_brand: str
    accent: str
    accent_on_dark: str


def palette(background: str, foreground: str, label: str) -> Palette:
    """The colours of a brand where they can be read, the nearest that can where not."""
    # On every colour either white or black can be read; ink, which is softer than black, on most.
    candidates = (foreground, _WHITE, _INK, _BLACK)
    on_brand = next(colour for colour in candidates if contrast(colour, background) >= _READABLE)
    return Palette(
        brand=background.lower(),
        on_brand=on_brand.lower(),
        soft_on_brand=(label if contrast(label, background) >= _READABLE else on_brand).lower(),
        accent=_moved(background, towards=_INK, on=_WHITE, ratio=_READABLE),
        accent_on_dark=_moved(background, towards=_WHITE, on=DARK_PAGE, ratio=_READABLE),
    )


def is_visible(colour: str, on: str) -> bool:
    """Whether a surface stands out from another without an outline."""
    return contrast(colour, on) >= _VISIBLE


def _moved(colour: str, *, towards: str, on: str, ratio: float) -> str:
    """The colour, mixed with another in steps until it can be read."""
    start, end = _parse(colour), _parse(towards)
    for step in range(21):
        mixed = "#" + "".join(f"{round(a + (b - a) * step / 20):02x}" for a, b in zip(start, end, strict=True))
        if contrast(mixed, on) >= ratio:
            return mixed
    return towards


def _parse(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        channel / 255 / 12.92 if channel / 255 <= 0.04045 else ((channel / 255 + 0.055) / 1.055) ** 2.4
        for channel in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

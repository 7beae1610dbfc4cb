"""Colours: mixing, and how well one can be read on another (WCAG 2.2)."""

from typing import Final, TypeAlias

Rgb: TypeAlias = tuple[int, int, int]
WHITE: Final[Rgb] = (255, 255, 255)
BLACK: Final[Rgb] = (0, 0, 0)


def rgb(colour: str) -> Rgb:
    """``#5b3a29`` as numbers."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def hexadecimal(colour: Rgb) -> str:
    """The numbers as ``#5b3a29``."""
    return "#" + bytes(colour).hex()


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """``share`` of the other colour in the first: 0 is the first, 1 the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def luminance(colour: Rgb) -> float:
    """Relative luminance (WCAG 2.2, “relative luminance”): 0 is black, 1 white."""
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (channel / 255 for channel in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio (WCAG 2.2, “contrast ratio”): from 1 for equal colours to 21 for black on white."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(ground: Rgb) -> Rgb:
    """White or black, whichever reads better on a ground."""
    return WHITE if contrast(WHITE, ground) >= contrast(BLACK, ground) else BLACK

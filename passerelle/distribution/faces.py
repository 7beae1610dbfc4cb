"""How pages draw a card: readable colours, and its code as people read it."""

from passerelle.distribution.colours import Palette, palette
from passerelle.passes.schemas import ShownCard


def look_of(shown: ShownCard) -> Palette:
    """The card's colours, readable."""
    colours = shown.face.colours
    return palette(colours.background, colours.foreground, colours.label)


def spaced(code: str) -> str:
    """A code as people read it aloud."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))

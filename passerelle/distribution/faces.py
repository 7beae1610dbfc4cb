"""How pages draw a card: readable colours, the code that the till scans."""

from passerelle.distribution.colours import Palette, palette
from passerelle.passes.schemas import ShownCard


def look_of(shown: ShownCard) -> Palette:
    """The card's colours, readable."""
    colours = shown.face.colours
    return palette(colours.background, colours.foreground, colours.label)


def message_of(shown: ShownCard) -> str:
    """What the code says: that of the card, as a QR code whatever kind wallets show, for tills read all."""
    return (shown.face.barcode or {}).get("message") or shown.card.code


def spaced(code: str) -> str:
    """A code as people read it aloud."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))

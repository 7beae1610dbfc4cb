"""The code of a drawn card, in the kind that its design asks for, as in wallets: for tills that read one kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from markupsafe import Markup, escape

from passerelle.distribution import qr
from passerelle.passes.schemas import ShownCard

_FORMATS: Final = {"pdf417": "PDF417", "aztec": "Aztec", "code128": "Code128"}
"""Beside QR codes, which need no library of their own: the kinds of a design and what the library calls them."""
_WIDE: Final = 1.5
_MASK: Final = 2  # any is read; the best is searched for only where one code is drawn


@dataclass(frozen=True, slots=True)
class Drawn:
    """A code as a picture without a margin; a wide one wants the whole width of a phone."""

    svg: Markup
    is_wide: bool


def drawn_code(shown: ShownCard, label: str) -> Drawn:
    """The code that the till scans now; ``label`` says what it is to those who hear the page."""
    return next(drawn_codes(shown, label))


def drawn_codes(shown: ShownCard, label: str) -> Iterator[Drawn]:
    """The same for every period of a code that rotates.

    What the kind cannot hold (Code 128 has no Arabic letters) becomes a QR code: better another kind than none.
    """
    kind = _FORMATS.get((shown.face.barcode or {}).get("format", "qr"))
    return (
        _drawn(kind, message, label, mask=_MASK if place else None) for place, message in enumerate(shown.messages)
    )


def _drawn(kind: str | None, message: str, label: str, *, mask: int | None) -> Drawn:
    rows = None if kind is None else _modules(kind, message)
    if rows is None:
        return Drawn(qr.inline_svg(message, label, mask=mask), is_wide=False)
    width, height = len(rows[0]), len(rows)
    picture = Markup(  # noqa: S704  numbers of ours and an escaped label
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<path fill="#000" d="{_path(rows)}"/></svg>'
    )
    return Drawn(picture, is_wide=width > _WIDE * height)


def _modules(kind: str, message: str) -> Sequence[tuple[bool, ...]] | None:
    """Dark modules row by row, or None for what cannot be written so."""
    import zxingcpp  # noqa: PLC0415  most designs have a QR code, and most processes draw no card

    try:
        written = zxingcpp.create_barcode(message, zxingcpp.barcode_format_from_str(kind))
    except ValueError:
        return None
    picture = memoryview(written.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]  # it is a buffer
    assert picture.shape is not None, "It is a picture."
    height, width = picture.shape
    dots = picture.tobytes()
    return [tuple(dot == 0 for dot in dots[start : start + width]) for start in range(0, width * height, width)]


def _path(rows: Sequence[tuple[bool, ...]]) -> str:
    """Rows that are alike are drawn at once: bars are one row, however high."""
    parts: list[str] = []
    y = 0
    for row, several in groupby(rows):
        height = sum(1 for _ in several)
        parts.append(qr.runs(row, y, height=height))
        y += height
    return "".join(parts)

"""QR codes: inside pages as SVG, for download as SVG or PNG."""

import io
from typing import Final

import segno
from markupsafe import Markup, escape

QUIET_ZONE: Final = 4  # modules, ISO/IEC 18004
MIN_PIXELS: Final = 64
MAX_PIXELS: Final = 2_000
SHOWN_PIXELS: Final = 320


def matrix(text: str, *, error: str = "m") -> tuple[tuple[bool, ...], ...]:
    """The modules without quiet zone, row by row."""
    code = segno.make(text, error=error, micro=False, boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def inline_svg(text: str, label: str) -> Markup:
    """A QR code for a page that gives it room and a white ground; ``label`` is what it is for those who hear."""
    rows = matrix(text)
    size = len(rows)
    path = "".join(_runs(row, y) for y, row in enumerate(rows))
    return Markup(  # noqa: S704  numbers of ours and an escaped label
        f'<svg viewBox="0 0 {size} {size}" role="img" aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def svg(text: str, pixels: int) -> bytes:
    """A file with quiet zone that scales to any size; ``pixels`` is its first size."""
    rows = matrix(text)
    size = len(rows) + 2 * QUIET_ZONE
    path = "".join(_runs(row, y + QUIET_ZONE, QUIET_ZONE) for y, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{pixels}" height="{pixels}" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    ).encode()


def png(text: str, pixels: int) -> bytes:
    """A file with quiet zone, at most ``pixels`` wide: modules are whole pixels, so that edges stay sharp."""
    code = segno.make(text, error="m", micro=False, boost_error=False)
    width = code.symbol_size(border=QUIET_ZONE)[0]
    out = io.BytesIO()
    code.save(out, kind="png", border=QUIET_ZONE, scale=max(1, pixels // width))
    return out.getvalue()


def _runs(row: tuple[bool, ...], y: int, shift: int = 0) -> str:
    """Dark runs of a row as sub-paths: far shorter than a square per module."""
    parts: list[str] = []
    start = None
    for x, dark in enumerate((*row, False)):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            parts.append(f"M{start + shift} {y}h{x - start}v1H{start + shift}z")
            start = None
    return "".join(parts)

"""QR codes: inside pages as SVG, for download as SVG or PNG, in the merchant's colours and with a logo if wanted."""

import base64
import io
from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup, escape
from PIL import Image, ImageDraw

ErrorLevel = Literal["l", "m", "q", "h"]
QUIET_ZONE: Final = 4  # modules, ISO/IEC 18004
MAX_QUIET_ZONE: Final = 20
MIN_PIXELS: Final = 64
MAX_PIXELS: Final = 2_000
SHOWN_PIXELS: Final = 320
# A logo with its plate hides about 6 % of the code; level Q restores 25 %, and finder patterns stay clear of it.
_PLATE: Final = 0.26
_LOGO: Final = 0.22
_LEVELS: Final = ("l", "m", "q", "h")


@dataclass(frozen=True, slots=True)
class Style:
    """How a code looks. ``pixels`` is its width, ``quiet`` the margin in modules, ``logo`` a PNG for its middle."""

    pixels: int = 512
    quiet: int = QUIET_ZONE
    error: ErrorLevel = "m"
    dark: str = "#000000"
    light: str = "#ffffff"
    logo: bytes | None = None

    @property
    def level(self) -> str:
        """The error level: with a logo at least Q, for what it hides must be restored."""
        return max(self.error, "q", key=_LEVELS.index) if self.logo else self.error


def matrix(text: str, *, error: str = "m", mask: int | None = None) -> tuple[tuple[bool, ...], ...]:
    """The modules without quiet zone, row by row. A given ``mask`` is a fifth of the work of finding the best."""
    import segno  # noqa: PLC0415  1 MB that tills and phones never need

    code = segno.make(text, error=error, micro=False, boost_error=False, mask=mask)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def inline_svg(text: str, label: str, *, mask: int | None = None) -> Markup:
    """A QR code for a page that gives it room and a white ground; ``label`` is what it is for those who hear."""
    rows = matrix(text, mask=mask)
    size = len(rows)
    path = "".join(runs(row, y) for y, row in enumerate(rows))
    return Markup(  # noqa: S704  numbers of ours and an escaped label
        f'<svg viewBox="0 0 {size} {size}" role="img" aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def svg(text: str, style: Style) -> bytes:
    """A file with quiet zone that scales to any size; ``style.pixels`` is its first size."""
    rows = matrix(text, error=style.level)
    size = len(rows) + 2 * style.quiet
    path = "".join(runs(row, y + style.quiet, style.quiet) for y, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{style.pixels}" height="{style.pixels}" '
        f'viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="{style.light}" d="M0 0h{size}v{size}H0z"/><path fill="{style.dark}" d="{path}"/>'
        f"{_logo_in_svg(style, size, len(rows))}</svg>"
    ).encode()


def png(text: str, style: Style) -> bytes:
    """A file with quiet zone, at most ``style.pixels`` wide: modules are whole pixels, so that edges stay sharp."""
    import segno  # noqa: PLC0415  1 MB that tills and phones never need

    code = segno.make(text, error=style.level, micro=False, boost_error=False)
    modules = code.symbol_size(border=0)[0]
    scale = max(1, style.pixels // (modules + 2 * style.quiet))
    out = io.BytesIO()
    code.save(out, kind="png", border=style.quiet, scale=scale, dark=style.dark, light=style.light)
    if style.logo is None:
        return out.getvalue()
    picture = Image.open(out).convert("RGB")
    plate, space = round(modules * scale * _PLATE), round(modules * scale * _LOGO)
    corner = (picture.width - plate) // 2
    box = (corner, corner, corner + plate, corner + plate)
    ImageDraw.Draw(picture).rounded_rectangle(box, radius=plate // 8, fill=style.light)
    logo = Image.open(io.BytesIO(style.logo)).convert("RGBA")
    logo.thumbnail((space, space))
    picture.paste(logo, ((picture.width - logo.width) // 2, (picture.height - logo.height) // 2), logo)
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def _logo_in_svg(style: Style, size: int, modules: int) -> str:
    if style.logo is None:
        return ""
    plate, space = modules * _PLATE, modules * _LOGO
    first, inner = (size - plate) / 2, (size - space) / 2
    data = base64.b64encode(style.logo).decode()
    return (
        f'<rect x="{first:g}" y="{first:g}" width="{plate:g}" height="{plate:g}" rx="{plate / 8:g}" '
        f'fill="{style.light}"/><image x="{inner:g}" y="{inner:g}" width="{space:g}" height="{space:g}" '
        f'href="data:image/png;base64,{data}"/>'
    )


def runs(row: tuple[bool, ...], y: int, shift: int = 0, *, height: int = 1) -> str:
    """Dark runs of a row as sub-paths: far shorter than a square per module. Code next door draws with it, too."""
    parts: list[str] = []
    start = None
    for x, dark in enumerate((*row, False)):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            parts.append(f"M{start + shift} {y}h{x - start}v{height}H{start + shift}z")
            start = None
    return "".join(parts)

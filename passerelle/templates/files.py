"""The image files of a template version, made once when the version is saved.

Names are Apple's (``icon@2x.png``), with ``strip-7@2x.png`` for the strip with seven stamps; ``hero….png``,
``square-logo.png`` and ``wide-logo.png`` are for Google, which fetches them by address.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from PIL import Image, ImageOps

from passerelle.templates.colours import rgb
from passerelle.templates.content import Colours, Kind, Stamps, TemplateContent
from passerelle.templates.pictures import opened, saved
from passerelle.templates.strips import HERO_PIXELS, STRIP_POINTS, StampStyle, draw_hero, draw_strip

SCALES: Final = ((1, ""), (2, "@2x"), (3, "@3x"))
ICON_POINTS: Final = (38, 38)
LOGO_POINTS: Final = (160, 50)
THUMBNAIL_POINTS: Final = (90, 90)
BACKGROUND_POINTS: Final = (180, 220)
EVENT_STRIP_POINTS: Final = (375, 98)
SQUARE_LOGO_PIXELS: Final = (660, 660)
WIDE_LOGO_PIXELS: Final = (1280, 400)
FOR_GOOGLE: Final = frozenset({"square-logo.png", "wide-logo.png", "hero.png"})
_STRIP_KINDS: Final[frozenset[Kind]] = frozenset(
    {"stamps", "points", "membership", "gift_card", "coupon", "event_ticket"}
)
_Fit = Callable[[Image.Image, tuple[int, int]], Image.Image]


def is_for_google(name: str) -> bool:
    """Whether only Google fetches this file; it is not part of a ``.pkpass``."""
    return name in FOR_GOOGLE or name.startswith("hero-")


def make_files(content: TemplateContent, sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every file of a version by name, from its pictures (PNG) by their place in ``content.images``.

    Draws for some tenths of a second: not for the event loop.
    """
    return dict(_files(content, sources))


def stamp_style(colours: Colours, stamps: Stamps, sources: Mapping[str, bytes]) -> StampStyle:
    """The look of the stamps: what is not said follows from the card's colours."""
    own = stamps.shape == "image"
    return StampStyle(
        ground=rgb(colours.strip or colours.background),
        filled=rgb(stamps.filled or colours.foreground),
        empty=rgb(stamps.empty or colours.label),
        mark="circle" if stamps.shape == "image" else stamps.shape,
        stamp=sources.get("stamp") if own else None,
        empty_stamp=sources.get("empty_stamp") if own else None,
    )


def _files(content: TemplateContent, sources: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    yield from _scaled("icon", sources, ICON_POINTS, _cover)
    yield from _scaled("logo", sources, LOGO_POINTS, _contain)
    if "icon" in sources:
        yield "square-logo.png", saved(_cover(opened(sources["icon"]), SQUARE_LOGO_PIXELS))
    if "wide_logo" in sources:
        yield "wide-logo.png", saved(_padded(opened(sources["wide_logo"]), WIDE_LOGO_PIXELS))
    if content.kind in {"generic", "event_ticket"}:
        yield from _scaled("thumbnail", sources, THUMBNAIL_POINTS, _contain)
    if content.kind == "event_ticket" and "strip" not in sources:
        yield from _scaled("background", sources, BACKGROUND_POINTS, _cover)
    if content.stamps is not None:
        yield from _stamp_files(content.colours, content.stamps, sources)
        return
    if "hero" in sources:
        yield "hero.png", saved(_cover(opened(sources["hero"]), HERO_PIXELS))
    if content.kind in _STRIP_KINDS:
        points = EVENT_STRIP_POINTS if content.kind == "event_ticket" else STRIP_POINTS
        yield from _scaled("strip", sources, points, _cover)


def _stamp_files(colours: Colours, stamps: Stamps, sources: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    yield from _drawn_stamps(stamps.goal, stamp_style(colours, stamps, sources))


@lru_cache(maxsize=2)
def _drawn_stamps(goal: int, style: StampStyle) -> tuple[tuple[str, bytes], ...]:
    """Half a second of drawing and about 300 kB. Remembered, for whoever edits a card saves the same stamps often."""
    files: list[tuple[str, bytes]] = []
    for count in range(goal + 1):
        files += [(f"strip-{count}{suffix}.png", draw_strip(count, goal, style, scale)) for scale, suffix in SCALES]
        files.append((f"hero-{count}.png", draw_hero(count, goal, style)))
    return tuple(files)


def _scaled(
    place: str, sources: Mapping[str, bytes], points: tuple[int, int], fit: _Fit
) -> Iterator[tuple[str, bytes]]:
    if place not in sources:
        return
    picture = opened(sources[place])
    for scale, suffix in SCALES:
        yield f"{place}{suffix}.png", saved(fit(picture, (points[0] * scale, points[1] * scale)))


def _cover(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Exactly this size; what stands over is cut on both sides."""
    return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)


def _contain(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """At most this size, never enlarged."""
    fitted = picture.copy()
    fitted.thumbnail(size, Image.Resampling.LANCZOS)
    return fitted


def _padded(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Whole, in the middle of a transparent picture of this size."""
    return ImageOps.pad(picture.convert("RGBA"), size, Image.Resampling.LANCZOS, color=(0, 0, 0, 0))

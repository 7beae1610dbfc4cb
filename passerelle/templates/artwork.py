"""Artwork for who has none yet: an icon and a logo from the organization's initial and colours.

The letter is drawn with the font that Pillow brings (Latin); for other scripts with a font of the machine, when it
has one, and otherwise as a star. Made once and stored, so a card does not change when the machine does.
"""

import io
import unicodedata
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageOps, ImageStat

from passerelle.templates.colours import Rgb, contrast, readable_on
from passerelle.templates.shapes import disc_mask, mask

ICON_PIXELS: Final = 660
_LOGO_PIXELS: Final = 300
_LOGO_BOX: Final = (480, 150)  # what the sharpest iPhones show at the top of a card
_ICON_SHARE: Final = 0.74  # wallets cut the corners off
_SEEN: Final = 1.8  # below this ratio of contrast a logo melts into the card
_OPAQUE: Final = 255
_OVERSAMPLING: Final = 2
_WEIGHT: Final = 0.008  # a regular face is thickened by this share of the picture
# Found by name where systems keep fonts; each of these has Arabic and Latin letters.
_FONTS: Final = ("DejaVuSans-Bold.ttf", "Arial Unicode.ttf", "Arial.ttf", "NotoSansArabic-Bold.ttf", "FreeSans.ttf")


_ARTICLE: Final = "\u0627\u0644"  # “al-”


def draw_icon(name: str, background: Rgb, foreground: Rgb) -> bytes:
    """A square icon, full to the edges because wallets round it themselves, as PNG."""
    ink = foreground if contrast(foreground, background) >= 3 else readable_on(background)
    picture = Image.new("RGB", (ICON_PIXELS, ICON_PIXELS), background)
    picture.paste(ink, (0, 0), _initial(initial_of(name), ICON_PIXELS, 0.56))
    return _saved(picture)


def draw_logo(name: str, background: Rgb, foreground: Rgb) -> bytes:
    """A round logo that stands out on the card's background, as PNG."""
    ground = foreground if contrast(foreground, background) >= 3 else readable_on(background)
    picture = Image.new("RGBA", (_LOGO_PIXELS, _LOGO_PIXELS), (*ground, 0))
    picture.paste(ground, (0, 0), disc_mask(_LOGO_PIXELS))
    picture.paste(background, (0, 0), _initial(initial_of(name), _LOGO_PIXELS, 0.54))
    return _saved(picture)


def icon_of(logo: bytes) -> bytes:
    """A square icon with a merchant's own logo in its middle, on white or on the logo's own ground."""
    picture = Image.open(io.BytesIO(logo)).convert("RGBA")
    corner = picture.getpixel((0, 0))
    opaque = isinstance(corner, tuple) and corner[3] == _OPAQUE
    ground = corner[:3] if opaque and isinstance(corner, tuple) else (255, 255, 255)
    icon = Image.new("RGB", (ICON_PIXELS, ICON_PIXELS), ground)
    share = _ICON_SHARE if not opaque or picture.width != picture.height else 1
    fitted = ImageOps.contain(picture, (round(ICON_PIXELS * share), round(ICON_PIXELS * share)))
    icon.paste(fitted, ((ICON_PIXELS - fitted.width) // 2, (ICON_PIXELS - fitted.height) // 2), fitted)
    return _saved(icon)


def logo_of(logo: bytes, background: Rgb) -> bytes:
    """A merchant's own logo as it stands at the top of a card: on a white plate where it could hardly be seen."""
    picture = Image.open(io.BytesIO(logo)).convert("RGBA")
    fitted = ImageOps.contain(picture, _LOGO_BOX)
    if _ink_of(fitted) is None or contrast(_ink_of(fitted) or background, background) >= _SEEN:
        return _saved(fitted)
    margin = fitted.height // 6
    plate = Image.new("RGBA", (fitted.width + 2 * margin, fitted.height + 2 * margin), (0, 0, 0, 0))
    ImageDraw.Draw(plate).rounded_rectangle((0, 0, plate.width - 1, plate.height - 1), margin * 2, fill="white")
    plate.alpha_composite(fitted, (margin, margin))
    return _saved(ImageOps.contain(plate, _LOGO_BOX))


def _ink_of(picture: Image.Image) -> Rgb | None:
    """The mean colour of what a picture with holes shows; None for one without holes, which brings its own ground."""
    alpha = picture.getchannel("A")
    if alpha.getextrema()[0] == _OPAQUE:
        return None
    seen = alpha.point(lambda value: 255 if value > _OPAQUE // 2 else 0)
    if seen.getbbox() is None:
        return None
    red, green, blue = ImageStat.Stat(picture.convert("RGB"), seen).mean
    return round(red), round(green), round(blue)


def initial_of(name: str) -> str:
    """The first letter or digit, as a capital; of an Arabic name the first after the article."""
    letters = [each for each in unicodedata.normalize("NFC", name) if each.isalnum()]
    if len(letters) > 2 and letters[:2] == [*_ARTICLE]:
        letters = letters[2:]
    return letters[0].upper()[:1] if letters else ""


def _initial(letter: str, size: int, height: float) -> Image.Image:
    """The letter as a mask of ``size`` pixels, in the middle as the eye sees it, or a star."""
    base = unicodedata.normalize("NFD", letter)[:1]
    letter, font = next(((each, font) for each in (letter, base) if (font := _font_for(each))), ("", None))
    if font is None:
        star = Image.new("L", (size, size), 0)
        inner = round(size * 0.62)
        star.paste(mask("star", inner), ((size - inner) // 2, (size - inner) // 2))
        return star
    canvas = Image.new("L", (size * _OVERSAMPLING, size * _OVERSAMPLING), 0)
    left, top, right, bottom = font.getbbox(letter)
    scale = min(height * canvas.height / (bottom - top), 0.7 * canvas.width / (right - left))
    sized = font.font_variant(size=font.size * scale)
    left, top, right, bottom = sized.getbbox(letter)
    middle = canvas.width / 2 - (left + right) / 2, canvas.height / 2 - (top + bottom) / 2
    weight = round(canvas.width * _WEIGHT) if sized.getname()[1] == "Regular" else 0
    ImageDraw.Draw(canvas).text(middle, letter, fill=255, font=sized, stroke_width=weight)
    return canvas.reduce(_OVERSAMPLING)


@lru_cache(maxsize=64)
def _font_for(letter: str) -> ImageFont.FreeTypeFont | None:
    """A font that has the letter; None when there is none on this machine."""
    built_in = ImageFont.load_default(100)
    candidates = [built_in] if isinstance(built_in, ImageFont.FreeTypeFont) else []
    for name in _FONTS if not letter.isascii() else ():
        try:
            candidates.append(ImageFont.truetype(name, 100))
        except OSError:
            continue
    return next((font for font in candidates if letter and _has(font, letter)), None)


def _has(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Whether the font draws the letter, rather than its sign for a missing one."""
    drawn, missing = font.getmask(letter), font.getmask("\U0010fffd")
    return drawn.getbbox() is not None and (drawn.size != missing.size or bytes(drawn) != bytes(missing))


def _saved(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()

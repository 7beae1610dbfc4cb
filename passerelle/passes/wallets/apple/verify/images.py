"""The rules of images: readable, of the right size, and of use in the pass's style."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from PIL import Image

from passerelle.passes.wallets.apple.findings import Finding, Rule
from passerelle.passes.wallets.apple.verify.document import style_of

_PIXEL_LIMIT: Final = 30_000_000
_IMAGE: Final = re.compile(r"(?:[A-Za-z0-9_-]{1,40}\.lproj/)?([A-Za-z]{1,40})(?:@([23])x)?\.png", re.ASCII)
# Points, from Apple's pass builder; pixels are the points times the scale in the name.
_LARGEST_POINTS: Final = {
    "icon": (38, 38),
    "logo": (160, 50),
    "primaryLogo": (126, 30),
    "secondaryLogo": (135, 12),
    "strip": (375, 144),
    "thumbnail": (90, 90),
    "background": (345, 505),
    "artwork": (358, 448),
    "footer": (286, 15),
}
_STYLES_OF_IMAGE: Final = {
    "strip": {"coupon", "storeCard", "eventTicket"},
    "background": {"eventTicket"},
    "thumbnail": {"generic", "eventTicket"},
    "footer": {"boardingPass"},
    "artwork": {"posterGeneric", "eventTicket"},
}

ICON_MISSING: Final = Rule(
    "error",
    "icon_missing",
    "The pass has no icon.png, and Wallet refuses it. Add an icon of 38 by 38 pixels.",
    "La carte n'a pas d'icon.png, et Wallet la refuse. Ajoutez une icône de 38 sur 38 pixels.",
    "لا تحتوي البطاقة على icon.png فيرفضها Wallet. أضف أيقونة بحجم 38 في 38 بكسل.",
)
ICON_SCALE_MISSING: Final = Rule(
    "warning",
    "icon_scale_missing",
    "The pass has no {name}, so the icon is blurred on most phones. Add it.",
    "La carte n'a pas de {name} : l'icône est floue sur la plupart des téléphones. Ajoutez-la.",
    "لا تحتوي البطاقة على {name} فتظهر الأيقونة ضبابية على معظم الهواتف. أضفها.",
)
UNREADABLE: Final = Rule(
    "error",
    "image_unreadable",
    "{name} is no image that can be read. Export it again as PNG.",
    "{name} n'est pas une image lisible. Exportez-la à nouveau en PNG.",
    "الملف {name} ليس صورة قابلة للقراءة. صدّره مجددًا بصيغة PNG.",
)
TOO_MANY_PIXELS: Final = Rule(
    "error",
    "image_too_many_pixels",
    "{name} has {width} by {height} pixels, far more than a phone shows. Export it smaller.",
    "{name} fait {width} sur {height} pixels, bien plus qu'un téléphone n'affiche. Exportez-la plus petite.",
    "أبعاد {name} هي {width} في {height} بكسل، أكثر بكثير مما يعرضه الهاتف. صدّرها أصغر.",
)
NOT_PNG: Final = Rule(
    "warning",
    "image_not_png",
    "{name} is a {format} image named .png. Export it as PNG; Apple asks for PNG.",
    "{name} est une image {format} nommée .png. Exportez-la en PNG, comme Apple le demande.",
    "الملف {name} صورة {format} باسم png. صدّره بصيغة PNG كما تطلب Apple.",
)
TOO_LARGE: Final = Rule(
    "warning",
    "image_too_large",
    "{name} has {width} by {height} pixels; Wallet shows at most {most_width} by {most_height} and crops or"
    " shrinks it.",
    "{name} fait {width} sur {height} pixels ; Wallet en montre au plus {most_width} sur {most_height} et la rogne ou"
    " la réduit.",
    "أبعاد {name} هي {width} في {height} بكسل؛ يعرض Wallet على الأكثر {most_width} في {most_height} فيقصّها أو"
    " يصغّرها.",
)
NOT_SHOWN: Final = Rule(
    "warning",
    "image_not_shown",
    "{name} is not shown in the style {style}. Remove it.",
    "{name} n'est pas affichée dans le style {style}. Retirez-la.",
    "لا تُعرض {name} في النمط {style}. أزلها.",
)
STRIP_AND_BACKGROUND: Final = Rule(
    "warning",
    "strip_and_background",
    "The pass has a strip beside a background or thumbnail; an event ticket shows only one of both. Remove one.",
    "La carte a un bandeau (strip) à côté d'un fond ou d'une vignette ; un billet n'affiche que l'un des deux."
    " Retirez-en un.",
    "تحتوي البطاقة على strip إلى جانب background أو thumbnail؛ لا تعرض التذكرة إلا أحدهما. أزل واحدًا.",
)


def check_images(files: Mapping[str, bytes], document: dict[str, Any]) -> Iterator[Finding]:
    """All rules of images; those in ``xx.lproj`` count like those beside pass.json."""
    names = {match[1] for name in files if (match := _IMAGE.fullmatch(name))}
    if "icon.png" not in files:
        yield ICON_MISSING.at("icon.png")
    for scaled in ("icon@2x.png", "icon@3x.png"):
        if scaled not in files:
            yield ICON_SCALE_MISSING.at(scaled, name=scaled)
    style = style_of(document)
    if style == "eventTicket" and "strip" in names and names & {"background", "thumbnail"}:
        yield STRIP_AND_BACKGROUND.at("strip.png")
    for name, data in files.items():
        match = _IMAGE.fullmatch(name)
        if match is None:
            continue
        if style is not None and style not in _STYLES_OF_IMAGE.get(match[1], {style}):
            yield NOT_SHOWN.at(name, name=name, style=style)
        yield from _check_image(name, match[1], int(match[2] or 1), data)


def images_in(files: Mapping[str, bytes]) -> set[str]:
    """The names of the images of a pass, without scale and language: ``icon``, ``strip``."""
    return {match[1] for name in files if (match := _IMAGE.fullmatch(name))}


def _check_image(name: str, kind: str, scale: int, data: bytes) -> Iterator[Finding]:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
            width, height = image.size
            actual = image.format
            if width * height <= _PIXEL_LIMIT:
                image.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        yield UNREADABLE.at(name, name=name)
        return
    if width * height > _PIXEL_LIMIT:
        yield TOO_MANY_PIXELS.at(name, name=name, width=width, height=height)
        return
    if actual != "PNG":
        yield NOT_PNG.at(name, name=name, format=actual)
    largest = _LARGEST_POINTS.get(kind)
    if largest is None:
        return
    most_width, most_height = largest[0] * scale, largest[1] * scale
    if width > most_width or height > most_height:
        yield TOO_LARGE.at(
            name, name=name, width=width, height=height, most_width=most_width, most_height=most_height
        )

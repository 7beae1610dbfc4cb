"""Rules of how a card looks: colours that can be read, pictures that are there and large enough, fields shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from passerelle.templates.colours import contrast, rgb
from passerelle.templates.content import LOYALTY, Area, TemplateContent
from passerelle.templates.findings import Finding, Rule

TEXT_CONTRAST: Final = 4.5  # WCAG 2.2, 1.4.3 (AA), normal text
LABEL_CONTRAST: Final = 3.0  # the same for large text; labels are repeated by their values
SHOWN_FIELDS: Final[Mapping[Area, int]] = {"header": 3, "primary": 1, "secondary": 4, "auxiliary": 4}
_GOOGLE_MODULES: Final = 10
# Pixels that the sharpest screens show: Apple's points at @3x, Google's recommendations.
_NEEDED: Final[Mapping[str, tuple[int, int]]] = {
    "icon": (660, 660),
    "strip": (1125, 432),
    "hero": (1032, 336),
    "thumbnail": (270, 270),
    "background": (540, 660),
    "wide_logo": (1280, 400),
}
_LOGO_NEEDED: Final = (480, 150)


@dataclass(frozen=True, slots=True)
class ImageSize:
    """What the rules must know of a picture, in pixels."""

    width: int
    height: int


ICON_MISSING: Final = Rule(
    "error",
    "icon_missing",
    "A card needs an icon. Upload a square picture of at least 660 pixels.",
    "Une carte a besoin d'une icône. Importez une image carrée d'au moins 660 pixels.",
    "تحتاج البطاقة إلى أيقونة. ارفع صورة مربعة لا تقل عن 660 بكسل.",
)
IMAGE_UNKNOWN: Final = Rule(
    "error",
    "image_unknown",
    "This image is not among your uploads. Upload it first.",
    "Cette image ne fait pas partie de vos fichiers. Importez-la d'abord.",
    "هذه الصورة ليست ضمن ملفاتك. ارفعها أولًا.",
)
IMAGE_SMALL: Final = Rule(
    "warning",
    "image_small",
    "The picture is {width} by {height} pixels; sharp screens show {needed_width} by {needed_height}.",
    "L'image fait {width} sur {height} pixels ; les écrans fins en montrent {needed_width} sur {needed_height}.",
    "أبعاد الصورة {width} في {height} بكسل وتعرض الشاشات الدقيقة {needed_width} في {needed_height}.",
)
IMAGE_UNUSED: Final = Rule(
    "warning",
    "image_not_used",
    "A card of this kind does not show this picture.",
    "Une carte de ce type ne montre pas cette image.",
    "لا تعرض بطاقة من هذا النوع هذه الصورة.",
)
CONTRAST: Final = Rule(
    "warning",
    "contrast_low",
    "This colour is hard to read on the background: contrast {ratio}, at least {least} is needed.",
    "Cette couleur se lit mal sur le fond : contraste {ratio}, il faut au moins {least}.",
    "يصعب قراءة هذا اللون على الخلفية: التباين {ratio} والحد الأدنى {least}.",
)
TOO_MANY_FIELDS: Final = Rule(
    "warning",
    "too_many_fields",
    "Apple Wallet shows {limit} fields here and hides the other {hidden}.",
    "Apple Wallet montre {limit} champs ici et masque les {hidden} autres.",
    "يعرض Apple Wallet {limit} حقول هنا ويخفي {hidden}.",
)
TOO_MANY_MODULES: Final = Rule(
    "warning",
    "too_many_modules",
    "Google Wallet shows {limit} fields of a card and hides the other {hidden}.",
    "Google Wallet montre {limit} champs d'une carte et masque les {hidden} autres.",
    "يعرض Google Wallet {limit} حقول من البطاقة ويخفي {hidden}.",
)
SETTING_UNUSED: Final = Rule(
    "warning",
    "setting_not_used",
    "“{setting}” has no effect in this area. Remove it.",
    "« {setting} » est sans effet dans cette zone. Retirez-le.",
    "لا أثر للإعداد {setting} في هذه المنطقة. أزله.",
)


def check_look(content: TemplateContent, images: Mapping[UUID, ImageSize]) -> Iterator[Finding]:
    """Pictures, colours and the number of fields."""
    yield from _check_images(content, images)
    yield from _check_colours(content)
    yield from _check_areas(content)


def _check_images(content: TemplateContent, images: Mapping[UUID, ImageSize]) -> Iterator[Finding]:
    if content.images.icon is None:
        yield ICON_MISSING.at("images.icon")
    unused = _unused_places(content)
    for place, image_id in content.images:
        if image_id is None:
            continue
        path = f"images.{place}"
        size = images.get(image_id)
        if size is None:
            yield IMAGE_UNKNOWN.at(path)
        elif place in unused:
            yield IMAGE_UNUSED.at(path)
        elif too_small := _too_small(place, size):
            yield IMAGE_SMALL.at(
                path, width=size.width, height=size.height, needed_width=too_small[0], needed_height=too_small[1]
            )


def _too_small(place: str, size: ImageSize) -> tuple[int, int] | None:
    if place == "logo":
        fills = size.width >= _LOGO_NEEDED[0] or size.height >= _LOGO_NEEDED[1]
        return None if fills else _LOGO_NEEDED
    needed = _NEEDED.get(place)
    if needed is None or (size.width >= needed[0] and size.height >= needed[1]):
        return None
    return needed


def _unused_places(content: TemplateContent) -> set[str]:
    unused: set[str] = set()
    if content.stamps is not None:
        unused |= {"strip", "hero"}
    if content.stamps is None or content.stamps.shape != "image":
        unused |= {"stamp", "empty_stamp"}
    if content.kind not in {"generic", "event_ticket"}:
        unused.add("thumbnail")
    if content.kind == "generic":
        unused.add("strip")
    if content.kind != "event_ticket" or content.images.strip is not None:
        unused.add("background")
    return unused


def _check_colours(content: TemplateContent) -> Iterator[Finding]:
    colours = content.colours
    ground = rgb(colours.background)
    pairs = [
        ("foreground", colours.foreground, ground, TEXT_CONTRAST),
        ("label", colours.label, ground, LABEL_CONTRAST),
    ]
    if content.stamps is not None and content.stamps.filled is not None:
        strip = rgb(colours.strip or colours.background)
        pairs.append(("filled", content.stamps.filled, strip, LABEL_CONTRAST))
    for name, colour, behind, least in pairs:
        ratio = contrast(rgb(colour), behind)
        if ratio < least:
            # Cut, not rounded: 4.49 must not be told as “4.5, at least 4.5 is needed”.
            told = f"{int(ratio * 100) / 100:.2f}"
            yield CONTRAST.at(f"{'stamps' if name == 'filled' else 'colours'}.{name}", ratio=told, least=least)


def _check_areas(content: TemplateContent) -> Iterator[Finding]:
    for area, limit in SHOWN_FIELDS.items():
        count = len(getattr(content.fields, area))
        if count > limit:
            yield TOO_MANY_FIELDS.at(f"fields.{area}", limit=limit, hidden=count - limit)
    elsewhere = 1 if content.kind in LOYALTY else 0
    modules = sum(area != "back" for area, _, _ in content.placed_fields()) - elsewhere
    if modules > _GOOGLE_MODULES:
        yield TOO_MANY_MODULES.at("fields", limit=_GOOGLE_MODULES, hidden=modules - _GOOGLE_MODULES)
    for area, position, each in content.placed_fields():
        path = f"fields.{area}.{position}"
        if each.alignment and area in {"primary", "back"}:
            yield SETTING_UNUSED.at(f"{path}.alignment", setting="alignment")
        if area != "back" and each.detect is not None:
            yield SETTING_UNUSED.at(f"{path}.detect", setting="detect")
        if area != "back" and each.link is not None:
            yield SETTING_UNUSED.at(f"{path}.link", setting="link")

"""A pass as the iPhone draws it: pass.json, images and translations of one .pkpass, turned into a view."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from passerelle.emulators.apple_device import PassPackage
from passerelle.emulators.apple_device.changes import display_value
from passerelle.emulators.phone.barcodes import BarcodeView, draw
from passerelle.emulators.phone.card_text import is_past, rich_text, with_links

_RGB: Final = re.compile(r"^rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*[0-9.]+\s*)?\)$")
_HEX: Final = re.compile(r"^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")
_ALIGNMENTS: Final = {
    "PKTextAlignmentLeft": "left",
    "PKTextAlignmentCenter": "center",
    "PKTextAlignmentRight": "right",
}
# what is shown; a pass may hold more
_SHOWN: Final = {"headerFields": 3, "primaryFields": 2, "secondaryFields": 4, "auxiliaryFields": 4}
_SHOWN_ELSEWHERE: Final = 100
_IMAGES: Final = ("logo", "strip", "thumbnail", "background", "footer", "icon")
_IMAGES_OF_STYLE: Final = {
    "boardingPass": ("footer",),
    "coupon": ("strip",),
    "eventTicket": ("strip", "background", "thumbnail"),
    "generic": ("thumbnail",),
    "storeCard": ("strip",),
}


@dataclass(frozen=True)
class FieldView:
    """`rich` is the value as HTML, for the back, where links work."""

    key: str
    label: str
    value: str
    align: str
    rich: Markup


@dataclass(frozen=True)
class AppleCard:
    """Everything the template needs; images are paths of this page."""

    id: str
    serial_number: str
    style: str
    organization: str
    description: str
    logo_text: str
    background: str
    foreground: str
    label: str
    images: dict[str, str]
    header: list[FieldView]
    primary: list[FieldView]
    secondary: list[FieldView]
    auxiliary: list[FieldView]
    back: list[FieldView]
    transit: str
    barcode: BarcodeView | None
    voided: bool
    expired: bool


def image_digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:32]


def card_id(pass_type_identifier: str, serial_number: str) -> str:
    """One name for both, fit for HTML and paths."""
    return sha256(f"{pass_type_identifier}\n{serial_number}".encode()).hexdigest()[:16]


def apple_card(package: PassPackage, *, language: str, zone: ZoneInfo, now: float) -> AppleCard:
    """The view of a pass that the device holds, in a language and a time zone."""
    pass_json, style = package.pass_json, package.style
    reader = _Reader(package, language, zone)
    foreground = css_color(pass_json.get("foregroundColor"), "#ffffff")
    return AppleCard(
        id=card_id(package.pass_type_identifier, package.serial_number),
        serial_number=package.serial_number,
        style=style,
        organization=reader.word("organizationName"),
        description=reader.word("description"),
        logo_text=reader.word("logoText"),
        background=css_color(pass_json.get("backgroundColor"), "#3a3a3c"),
        foreground=foreground,
        label=css_color(pass_json.get("labelColor"), foreground),
        images=_images(package.images, style, language),
        header=reader.fields("headerFields"),
        primary=reader.fields("primaryFields"),
        secondary=reader.fields("secondaryFields"),
        auxiliary=reader.fields("auxiliaryFields"),
        back=reader.fields("backFields"),
        transit=str(pass_json[style].get("transitType", "")).removeprefix("PKTransitType"),
        barcode=reader.barcode(),
        voided=pass_json.get("voided") is True,
        expired=is_past(str(pass_json.get("expirationDate", "")), now),
    )


class _Reader:
    """Reads a package's words in one language."""

    def __init__(self, package: PassPackage, language: str, zone: ZoneInfo) -> None:
        self.package = package
        self.language = language
        self.zone = zone

    def translated(self, text: Any) -> str:
        return "" if text is None else self.package.translate(str(text), self.language)

    def word(self, key: str) -> str:
        return self.translated(self.package.pass_json.get(key))

    def fields(self, group: str) -> list[FieldView]:
        found = self.package.pass_json[self.package.style].get(group) or []
        return [self.field(field) for field in found[: _SHOWN.get(group, _SHOWN_ELSEWHERE)]]

    def field(self, field: dict[str, Any]) -> FieldView:
        value = display_value(field, self.package, self.language, self.zone)
        attributed = field.get("attributedValue")
        return FieldView(
            key=str(field["key"]),
            label=self.translated(field.get("label")),
            value=value,
            align=_ALIGNMENTS.get(str(field.get("textAlignment")), ""),
            rich=rich_text(self.translated(attributed)) if attributed else with_links(value),
        )

    def barcode(self) -> BarcodeView | None:
        """The first of `barcodes`, else the older `barcode`."""
        pass_json = self.package.pass_json
        barcode = next(iter(pass_json.get("barcodes") or ()), pass_json.get("barcode"))
        if not isinstance(barcode, dict) or not barcode.get("message"):
            return None
        return draw(
            str(barcode.get("format", "")),
            str(barcode["message"]),
            self.translated(barcode.get("altText")),
            str(barcode.get("messageEncoding", "")),
        )


def css_color(value: Any, fallback: str) -> str:
    """`rgb(…)` or `#hex` of a pass as a CSS colour; anything else would let a pass write CSS."""
    text = str(value or "").strip()
    if match := _RGB.match(text):
        return "rgb({}, {}, {})".format(*match.groups())
    return text if _HEX.match(text) else fallback


def _images(images: Mapping[str, bytes], style: str, language: str) -> dict[str, str]:
    """The page's path of each kind of image; empty where the pass has none, or its style shows none."""
    found = dict.fromkeys(_IMAGES, "")
    for name in ("logo", "icon", *_IMAGES_OF_STYLE.get(style, ())):
        content = _best(images, name, language)
        if content is not None:
            found[name] = f"/phone/iphone/image/{image_digest(content)}"
    if found["strip"]:  # an event ticket has a strip, or a background and a thumbnail
        found["background"] = found["thumbnail"] = ""
    return found


def _best(images: Mapping[str, bytes], name: str, language: str) -> bytes | None:
    """The sharpest file of an image, the translated one first."""
    for folder in (f"{language}.lproj/", ""):
        for scale in ("@3x", "@2x", ""):
            content = images.get(f"{folder}{name}{scale}.png")
            if content is not None:
                return content
    return None

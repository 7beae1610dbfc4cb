"""What a customer sees behind a save link: the card with a button, the confirmation, or what is wrong."""

from pathlib import Path
from typing import Any, Final

import jinja2

from passerelle.emulators.google_wallet.notifications import at_path, shown_value
from passerelle.emulators.google_wallet.saving import Preview

_TEMPLATES: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TITLES: Final = ("cardTitle", "programName", "eventName", "title", "merchantName", "issuerName")
_SUBTITLES: Final = ("header", "accountName", "ticketHolderName", "passengerName", "cardNumber")
_LOGOS: Final = ("programLogo", "logo", "titleImage")


def _first(preview: Preview, fields: tuple[str, ...]) -> str:
    for field in fields:
        for body in (preview.wallet_object, preview.wallet_class):
            if text := shown_value(body.get(field)):
                return text
    return ""


def ink_on(color: str) -> str:
    """Black or white, whichever reads better on a `#rgb` or `#rrggbb` background (WCAG relative luminance)."""
    digits = color.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (luminance + 0.05) >= 3 else "#1f1f1f"


def card(preview: Preview) -> dict[str, str]:
    """The few words and colours of a card on the save page."""
    bodies = (preview.wallet_object, preview.wallet_class)
    colors = (body.get("hexBackgroundColor") for body in bodies)
    logos = (at_path(body, f"{field}.sourceUri.uri") for field in _LOGOS for body in bodies)
    color = next((color for color in colors if color), "#3c4043")
    return {
        "title": _first(preview, _TITLES),
        "subtitle": _first(preview, _SUBTITLES),
        "issuer": _first(preview, ("issuerName",)),
        "color": color,
        "ink": ink_on(color),
        "logo": next((logo for logo in logos if logo), ""),
        "points": shown_value(at_path(preview.wallet_object, "loyaltyPoints.balance")),
        "points_label": shown_value(at_path(preview.wallet_object, "loyaltyPoints.label")) or "Points",
    }


def render(name: str, **content: Any) -> str:
    return _TEMPLATES.get_template(name).render(**content)

"""Both phones as data and as HTML, in the language they are set to."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

from passerelle.emulators.apple_device import AppleDevice, HeldPass
from passerelle.emulators.google_wallet import GoogleWalletEmulator
from passerelle.emulators.phone.apple_card import AppleCard, apple_card, card_id, image_digest
from passerelle.emulators.phone.google_card import GoogleCard, google_card
from passerelle.emulators.phone.links import PhoneName
from passerelle.emulators.phone.texts import RIGHT_TO_LEFT, TEXTS, language_of

NOTIFICATIONS_SHOWN: Final = 20
_REFRESH_SECONDS: Final = 10  # ages of notifications and rotating barcodes move on by themselves
_MINUTE: Final = 60
_HOUR: Final = 3_600


@dataclass(frozen=True)
class Notice:
    """A lock-screen notification; `icon`, `color` and `ink` are empty when the card is gone."""

    id: str
    at: float
    title: str
    text: str
    age: str
    icon: str = ""
    color: str = ""
    ink: str = ""


@dataclass
class Screens:
    """One customer's iPhone and Android phone."""

    device: AppleDevice
    google: GoogleWalletEmulator
    zone: ZoneInfo
    clock: Callable[[], float] = time.time
    _google_changes: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.google.subscribe(self._google_changed)

    def _google_changed(self) -> None:
        self._google_changes += 1

    @property
    def language(self) -> str:
        return language_of(self.device.language)

    def speak(self, language: str) -> None:
        """Set both phones to a language; later notifications come in it."""
        self.device.language = self.google.state.language = language_of(language)

    def revision(self) -> tuple[object, ...]:
        """Something cheap that differs whenever a screen may look different."""
        held = tuple((key, id(each.package)) for key, each in self.device.passes.items())
        tick = int(self.clock() // _REFRESH_SECONDS)
        return held, len(self.device.notifications), self._google_changes, self.language, tick

    def held(self, wanted: str) -> HeldPass | None:
        """The pass on the iPhone behind a card id of the page."""
        return next((each for each in self.device.passes.values() if card_id(*each.key) == wanted), None)

    def apple_image(self, digest: str) -> bytes | None:
        for each in self.device.passes.values():
            for content in each.package.images.values():
                if image_digest(content) == digest:
                    return content
        return None

    def apple_cards(self, language: str) -> list[AppleCard]:
        """The newest first."""
        now = self.clock()
        held = reversed(self.device.passes.values())
        return [apple_card(each.package, language=language, zone=self.zone, now=now) for each in held]

    def google_cards(self, language: str) -> list[GoogleCard]:
        now = self.clock()
        return [google_card(saved, language=language, now=now) for saved in self.google.saved_passes()]

    def apple_notices(self, cards: Sequence[AppleCard], language: str) -> list[Notice]:
        by_id = {card.id: card for card in cards}
        notices = []
        for number, shown in enumerate(self.device.notifications):
            card = by_id.get(card_id(shown.pass_type_identifier, shown.serial_number))
            icon = card.images.get("icon", "") if card else ""
            color, ink = (card.background, card.foreground) if card else ("", "")
            age = self.age(shown.at, language)
            notices.append(Notice(f"{shown.at}-{number}", shown.at, shown.title, shown.text, age, icon, color, ink))
        return notices[: -NOTIFICATIONS_SHOWN - 1 : -1]

    def google_notices(self, cards: Sequence[GoogleCard], language: str) -> list[Notice]:
        by_id = {card.id: card for card in cards}
        notices = []
        for shown in self.google.notifications()[:NOTIFICATIONS_SHOWN]:
            card = by_id.get(shown.object_id)
            icon, color, ink = (card.logo, card.background, card.ink) if card else ("", "", "")
            age = self.age(shown.at, language)
            notices.append(Notice(str(shown.id), shown.at, shown.title, shown.text, age, icon, color, ink))
        return notices

    def age(self, at: float, language: str) -> str:
        seconds = max(self.clock() - at, 0)
        words = TEXTS[language]
        if seconds < _MINUTE:
            return words["now"]
        if seconds < _HOUR:
            return f"{int(seconds // _MINUTE)} {words['minutes']}"
        return f"{int(seconds // _HOUR)} {words['hours']}"

    def state(self, language: str) -> dict[str, Any]:
        """What the screens show, as JSON."""
        apple, google = self.apple_cards(language), self.google_cards(language)
        return {
            "language": language,
            "iphone": {
                "cards": [asdict(card) for card in apple],
                "notifications": [asdict(notice) for notice in self.apple_notices(apple, language)],
            },
            "android": {
                "cards": [asdict(card) for card in google],
                "notifications": [asdict(notice) for notice in self.google_notices(google, language)],
            },
        }

    def html(self) -> dict[PhoneName, str]:
        """The content of both screens."""
        language = self.language
        apple, google = self.apple_cards(language), self.google_cards(language)
        clock = f"{datetime.fromtimestamp(self.clock(), UTC).astimezone(self.zone):%H:%M}"
        words = {"t": TEXTS[language], "clock": clock}
        return {
            "iphone": _template("iphone.html").render(
                cards=apple, notices=self.apple_notices(apple, language), **words
            ),
            "android": _template("android.html").render(
                cards=google, notices=self.google_notices(google, language), **words
            ),
        }

    def page(self, prefilled: str) -> str:
        """The whole page, with `prefilled` in the link field."""
        language = self.language
        return _template("page.html").render(
            language=language,
            direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
            languages=(("en", "EN"), ("fr", "FR"), ("ar", "ع")),
            t=TEXTS[language],
            prefilled=prefilled,
            **{phone: Markup(html) for phone, html in self.html().items()},  # noqa: S704 - our own templates
        )


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> jinja2.Template:
    return _environment().get_template(name)

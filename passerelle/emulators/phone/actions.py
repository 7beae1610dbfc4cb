"""What a finger does on the page: open a link, drop a file, refresh, remove, wipe. Each answers in a sentence."""

from dataclasses import asdict, dataclass

from passerelle.emulators.apple_device import PassRefused
from passerelle.emulators.google_wallet import ApiError
from passerelle.emulators.phone import links
from passerelle.emulators.phone.screens import Screens
from passerelle.emulators.phone.texts import TEXTS


@dataclass(frozen=True)
class Outcome:
    """`page` is an address to open in a new tab, when the link led to a page and not to a card."""

    ok: bool
    message: str = ""
    page: str = ""

    def json(self) -> dict[str, object]:
        return asdict(self)


async def open_link(screens: Screens, phone: links.PhoneName, url: str) -> Outcome:
    words = TEXTS[screens.language]
    match await links.follow(url, phone, screens.language):
        case links.ApplePass(content) if phone == "iphone":
            return await add_pass(screens, content)
        case links.ApplePass():
            return Outcome(ok=False, message=words["wrong_phone_apple"])
        case links.SaveLink(jwt) if phone == "android":
            return await _save(screens, jwt)
        case links.SaveLink():
            return Outcome(ok=False, message=words["wrong_phone_google"])
        case links.WebPage(page):
            return Outcome(ok=True, message=words["open_page"], page=page)
        case links.NothingThere(reason, status):
            return Outcome(ok=False, message=words[reason] + (f" ({status})" if status else ""))


async def add_pass(screens: Screens, pkpass: bytes) -> Outcome:
    """Put a .pkpass file on the iPhone."""
    words = TEXTS[screens.language]
    try:
        await screens.device.add(pkpass)
    except PassRefused as refusal:
        return Outcome(ok=False, message=f"{words['refused']}: {refusal}")
    return Outcome(ok=True, message=words["added"])


async def _save(screens: Screens, jwt: str) -> Outcome:
    words = TEXTS[screens.language]
    try:
        await screens.google.save(jwt)
    except ApiError as refusal:
        return Outcome(ok=False, message=f"{words['refused']}: {refusal.message}")
    return Outcome(ok=True, message=words["added"])


async def refresh(screens: Screens, phone: links.PhoneName, card: str) -> Outcome:
    """Pull to refresh; Google's cards are always current."""
    held = screens.held(card) if phone == "iphone" else None
    if held is not None:
        pass_type_identifier, serial_number = held.key
        await screens.device.pull_to_refresh(serial_number, pass_type_identifier)
    return Outcome(ok=True, message=TEXTS[screens.language]["refreshed"])


async def remove(screens: Screens, phone: links.PhoneName, card: str) -> Outcome:
    """Take a card off the phone, which its issuer then hears of."""
    if phone == "android":
        removed = await screens.google.remove(card)
    else:
        held = screens.held(card)
        removed = held is not None
        if held is not None:
            pass_type_identifier, serial_number = held.key
            await screens.device.remove(serial_number, pass_type_identifier)
    return Outcome(ok=removed, message=TEXTS[screens.language]["removed"] if removed else "")


def wipe(screens: Screens, phone: links.PhoneName) -> Outcome:
    """Clear the lock screen."""
    if phone == "iphone":
        screens.device.notifications.clear()
    else:
        screens.google.wipe_notifications()
    return Outcome(ok=True)

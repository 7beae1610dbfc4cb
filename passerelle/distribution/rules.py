"""Decisions of distribution: what a link answers to whom, whether a form is believed, who may see a card."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

Platform = Literal["iphone", "ipad", "mac", "android", "other"]
Wallet = Literal["apple", "google"]
Answer = Literal["apple", "google", "page", "preview"]
Choice = Literal["apple", "google", "page"]
CHOICES: Final[tuple[Choice, ...]] = get_args(Choice)
SUFFIXES: Final[dict[str, Choice]] = {".pkpass": "apple", ".gpay": "google"}

# Those that look at a link without a person: search engines, and the previews of messengers and networks.
# Apple's own previews in Messages call themselves facebookexternalhit and Twitterbot. CUBOT makes phones.
_BOT: Final = re.compile(
    r"(?<!cu)bot\b|crawler|spider|slurp|preview|facebookexternalhit|facebookcatalog|facebot|meta-external|whatsapp/"
    r"|slack-imgproxy|embedly|iframely|vkshare|w3c_validator|lighthouse|google-inspectiontool|googleother"
    r"|mediapartners-google|feedfetcher|bitlybot|yahoo! slurp|cardyb|mastodon/|pinterest/0|qwantify|ia_archiver",
    re.IGNORECASE,
)
# Wallet itself, and apps of Apple that fetch an address by the system's own means.
_APPLE_FETCHER: Final = re.compile(r"CFNetwork.+Darwin|\bpassd/")
_IN_APP: Final = re.compile(
    r"FBAN|FBAV|FB_IAB|Instagram|\bLine/|MicroMessenger|Snapchat|musical_ly|BytedanceWebview|TikTok|LinkedInApp"
    r"|Twitter for iPhone|\[Pinterest"
)


@dataclass(frozen=True, slots=True)
class Opener:
    """Who opens a link: the phone or computer, whether nobody (a bot), and whether inside another app."""

    platform: Platform
    is_bot: bool = False
    fetches_passes: bool = False
    in_app: bool = False


def opener_of(user_agent: str) -> Opener:
    """Read a User-Agent; the first row that matches counts.

    ============================================  ========  ==========================
    User-Agent has                                platform  answer without a choice
    ============================================  ========  ==========================
    a bot's or a link preview's name              other     neutral page
    ``CFNetwork…Darwin``, ``passd/``              iphone    pkpass
    ``Windows Phone`` (names Android and iPhone)  other     page with QR
    ``iPhone``, ``iPod``                          iphone    pkpass; inside an app: page
    ``iPad``                                      ipad      page with pkpass and QR
    ``Android``                                   android   Google Wallet
    ``Macintosh`` (iPadOS 13 and newer, too)      mac       page with pkpass and QR
    anything else                                 other     page with QR
    ============================================  ========  ==========================
    """
    if _BOT.search(user_agent):
        return Opener("other", is_bot=True)
    if _APPLE_FETCHER.search(user_agent):
        return Opener("iphone", fetches_passes=True)
    platform: Platform = "other"
    if "Windows Phone" in user_agent:
        platform = "other"
    elif "iPhone" in user_agent or "iPod" in user_agent:
        platform = "iphone"
    elif "iPad" in user_agent:
        platform = "ipad"
    elif "Android" in user_agent:
        platform = "android"
    elif "Macintosh" in user_agent:
        platform = "mac"
    return Opener(platform, in_app=_IN_APP.search(user_agent) is not None)


def answer_to(opener: Opener, choice: Choice | None) -> Answer:
    """What a smart link answers. An explicit choice always wins; a bot never gets more than the neutral page."""
    if opener.is_bot:
        return "preview"
    if choice is not None:
        return choice
    if opener.platform == "iphone" and not opener.in_app:
        return "apple"
    return "google" if opener.platform == "android" else "page"


def split_suffix(tail: str) -> tuple[str, Choice | None]:
    """The token of ``/c/{token}.pkpass`` and what its ending forces."""
    for suffix, choice in SUFFIXES.items():
        if tail.endswith(suffix):
            return tail.removesuffix(suffix), choice
    return tail, None


def as_choice(text: str | None) -> Choice | None:
    """The value of ``?wallet=``; anything unknown is no choice."""
    return next((choice for choice in CHOICES if choice == text), None)


_WALLETS_FOR: Final[dict[Platform, tuple[Wallet, ...]]] = {
    "iphone": ("apple",),
    "ipad": ("apple",),
    "android": ("google",),
    "mac": ("apple", "google"),
    "other": ("apple", "google"),
}
Alert = Literal["open_in_safari", "no_wallet", "no_apple", "no_google", "google_unavailable"]


def wallets_for(platform: Platform) -> tuple[Wallet, ...]:
    """Whose buttons a page shows, the likelier first."""
    return _WALLETS_FOR[platform]


def alert_for(opener: Opener, answer: Answer, configured: Sequence[Wallet], *, failed: bool) -> Alert | None:
    """What a page must say beside its buttons; ``failed`` when Google did not answer."""
    if failed:
        return "google_unavailable"
    if not configured:
        return "no_wallet"
    wanted = answer if answer in {"apple", "google"} else wallets_for(opener.platform)[0]
    if wanted not in configured and (answer == wanted or len(wallets_for(opener.platform)) == 1):
        return "no_apple" if wanted == "apple" else "no_google"
    return "open_in_safari" if opener.in_app and opener.platform == "iphone" else None


MAX_UTM_CHARACTERS: Final = 100


def clean_utm(text: str | None) -> str | None:
    """A campaign parameter as it is kept: printable, of limited length; nothing when empty."""
    visible = "".join(letter for letter in text or "" if letter.isprintable()).strip()
    return visible[:MAX_UTM_CHARACTERS] or None


# A scheme, a name or an address in brackets, a port: no path, no wildcard, nothing that could end a policy.
_ORIGIN: Final = re.compile(r"(https?)://([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


def site_origin(text: str) -> str:
    """An origin such as ``https://cafe.example``, from what somebody typed or pasted.

    Raises ValueError for what is none, and for one without https unless it is of the reader's own machine: whoever
    can change a page on its way could otherwise frame the form.
    """
    found = _ORIGIN.fullmatch(text.strip().lower().removesuffix("/"))
    if found is None:
        raise ValueError("Write the site's address up to its name, such as https://cafe.example.")
    if found[1] == "http" and found[2] not in _THIS_MACHINE:
        raise ValueError("Only sites with https:// may show the form.")
    return found[0]


# A person needs some seconds; a form may lie open over lunch. Quick forms are not refused (browsers fill them in
# by themselves) but weigh more in the limit per address.
QUICK_FORM: Final = timedelta(seconds=2)
FORM_LIFE: Final = timedelta(hours=12)
_CLOCK_DIFFERENCE: Final = timedelta(seconds=-5)  # between two servers
FORM_COST: Final = 1
QUICK_FORM_COST: Final = 10
FormAge = Literal["fresh", "quick", "expired"]


def form_age(opened_at: datetime, now: datetime, life: timedelta = FORM_LIFE) -> FormAge:
    """Whether a form's own time is believable; one from the future is treated as expired."""
    age = now - opened_at
    if not _CLOCK_DIFFERENCE <= age <= life:
        return "expired"
    return "quick" if age < QUICK_FORM else "fresh"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is known of somebody who sent a form.

    ``created``: the form's number was new. ``proven``: the browser is the one that this customer came with.
    ``same_name``: the form has the customer's name. ``new_member``: the customer is not in this program yet.
    """

    created: bool
    proven: bool
    same_name: bool
    new_member: bool


def may_receive_card(claim: Claim) -> bool:
    """Whether the form gets a card.

    A phone number is no secret: a card with its name, balance and rewards must not open to all who know the
    number. Whoever is refused gets their card at the till, where people are known.

    =======================================  ========================================================
    the number is                            the form gets
    =======================================  ========================================================
    new                                      a card
    known, from the browser that came first  the card
    known with this name, not in the program a card that is empty: it tells nothing new
    known with this name, in the program     nothing
    known with another name                  nothing
    =======================================  ========================================================
    """
    return claim.created or claim.proven or (claim.same_name and claim.new_member)


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are written alike but for case, accents and spaces."""
    return bool(one.strip()) and _folded(one) == _folded(other)


def _folded(name: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold().split()

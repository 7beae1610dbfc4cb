"""What a customer's phone does with a link: fetch it as that phone would, and see which card is behind it."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final, Literal
from urllib.parse import unquote, urljoin, urlsplit

import httpx

PhoneName = Literal["iphone", "android"]

MAX_ANSWER_BYTES: Final = 10_000_000
_MAX_HOPS: Final = 8
_TIMEOUT_SECONDS: Final = 15
_APPLE_MEDIA_TYPE: Final = "application/vnd.apple.pkpass"
_SAVE_PATH: Final = "/gp/v/save/"
_USER_AGENTS: Final[dict[PhoneName, str]] = {
    "iphone": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/18.6 Mobile/15E148 Safari/604.1"
    ),
    "android": (
        "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/142.0.0.0 Mobile Safari/537.36"
    ),
}


@dataclass(frozen=True)
class ApplePass:
    """The link led to a `.pkpass` file."""

    content: bytes


@dataclass(frozen=True)
class SaveLink:
    """The link is, or led to, a Google save link."""

    jwt: str


@dataclass(frozen=True)
class WebPage:
    """The link led to a page a person must read or fill in."""

    url: str


@dataclass(frozen=True)
class NothingThere:
    """`reason` is a key of the page's texts; `status` is 0 when nobody answered."""

    reason: Literal["bad_url", "unreachable", "link_refused", "too_large"]
    status: int = 0


Found = ApplePass | SaveLink | WebPage | NothingThere


def save_jwt_in(url: str) -> str:
    """The JWT when this is a save link, of Google or of the emulator; else nothing."""
    path = urlsplit(url).path
    return unquote(path.partition(_SAVE_PATH)[2]) if path.startswith(_SAVE_PATH) else ""


async def follow(url: str, phone: PhoneName, language: str) -> Found:
    """Where a link leads on this phone: redirects are followed, and one button of a landing page is pressed."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return NothingThere("bad_url")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return NothingThere("bad_url")
    headers = {"User-Agent": _USER_AGENTS[phone], "Accept-Language": language}
    async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, headers=headers) as client:
        found = await _fetch(client, url)
        if not isinstance(found, _Html):
            return found
        button = card_link(found.text, found.url, phone)
        pressed = await _fetch(client, button) if button else None
        return pressed if isinstance(pressed, ApplePass | SaveLink) else WebPage(found.url)


@dataclass(frozen=True)
class _Html:
    url: str
    text: str


async def _fetch(client: httpx.AsyncClient, url: str) -> "ApplePass | SaveLink | NothingThere | _Html":
    """Follow redirects by hand, for a save link is not to be fetched but to be saved."""
    for _ in range(_MAX_HOPS):
        if jwt := save_jwt_in(url):
            return SaveLink(jwt)
        try:
            async with client.stream("GET", url) as answer:
                if answer.has_redirect_location:
                    url = urljoin(url, answer.headers["location"])
                    continue
                return await _read(answer)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return NothingThere("unreachable")
    return NothingThere("unreachable")


async def _read(answer: httpx.Response) -> "ApplePass | NothingThere | _Html":
    if not answer.is_success:
        return NothingThere("link_refused", answer.status_code)
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            return NothingThere("too_large")
    if answer.headers.get("content-type", "").partition(";")[0].strip().lower() == _APPLE_MEDIA_TYPE:
        return ApplePass(bytes(content))
    return _Html(str(answer.url), content.decode(answer.charset_encoding or "utf-8", "replace"))


class _Buttons(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in {"a", "link"} and found.get("href"):
            self.links.append((found["href"] or "", (found.get("type") or "").lower()))


def card_link(page: str, base_url: str, phone: PhoneName) -> str:
    """The address of the "add to wallet" button of a landing page for this phone; empty without one."""
    reader = _Buttons()
    reader.feed(page)
    for href, media_type in reader.links:
        try:
            url = urljoin(base_url, href)
            path = urlsplit(url).path
        except ValueError:
            continue
        if phone == "android" and path.startswith(_SAVE_PATH):
            return url
        if phone == "iphone" and (path.endswith(".pkpass") or media_type == _APPLE_MEDIA_TYPE):
            return url
    return ""

"""The public pages: rendered here, with their whole style inside. Each works without a script; nearly all have none.

One nonce per answer lets the page's own style and script through the content security policy, and nothing else.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from passerelle.distribution.colours import DARK_PAGE, Palette, is_visible, palette
from passerelle.distribution.offers import Front, Offer
from passerelle.distribution.wording import LANGUAGE_NAMES, texts
from passerelle.kit.i18n import Language, as_language, direction, preferred
from passerelle.kit.web import edge
from passerelle.organizations.schemas import Brand

if TYPE_CHECKING:  # loaded with the first page: 2 MB
    from jinja2 import Environment

_FOLDER: Final = Path(__file__).parent / "pages"
_MAX_QUERY: Final = 2_000
_LIGHT_PAGE: Final = "#ffffff"


@dataclass(frozen=True, slots=True)
class Notice:
    """A page with a sentence: which texts, and with which status."""

    name: str
    status: int


@dataclass(frozen=True, slots=True)
class Access:
    """What a page may do beyond being read: stand in frames of ``ancestors``, run its own script.

    A script may ask this server and nobody else.
    """

    ancestors: tuple[str, ...] = ()
    is_scripted: bool = False


PLAIN: Final = Access()
SCRIPTED: Final = Access(is_scripted=True)
NOT_FOUND: Final = Notice("not_found", 404)
NOWHERE: Final = Notice("nowhere", 404)
GONE: Final = Notice("gone", 410)
NOT_READY: Final = Notice("not_ready", 409)
BLOCKED: Final = Notice("blocked", 410)
OVER: Final = Notice("over", 410)
MEMBER: Final = Notice("member", 200)
FAILED: Final = Notice("failed", 400)
KIOSK_CLOSED: Final = Notice("kiosk_closed", 404)
FORBIDDEN: Final = Notice("failed", 403)


def language_for(request: Request, default: Language = "en") -> Language:
    """What the reader chose, else what their browser asks for, else the shop's language."""
    chosen = as_language(request.query_params.get("lang"))
    return chosen or preferred(request.headers.get("accept-language"), default)


def page(
    request: Request,
    template: str,
    language: Language,
    *,
    offer: Front | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    access: Access = PLAIN,
    colours: Palette | None = None,
    **values: Any,
) -> Response:
    """One page; ``offer`` gives it the merchant's name and colours, unless others are given."""
    nonce = secrets.token_urlsafe(12)
    if colours is None:
        colours = offer.palette if offer else palette(Brand().background, Brand().foreground, Brand().label)
    html = (
        _pages()
        .get_template(template)
        .render(
            t=texts(language),
            language=language,
            direction=direction(language),
            languages=_switch(request, language),
            offer=offer,
            colours=colours,
            outline_light=not is_visible(colours.brand, _LIGHT_PAGE),
            outline_dark=not is_visible(colours.brand, DARK_PAGE),
            columns=_columns(offer.stamps) if isinstance(offer, Offer) else 1,
            nonce=nonce,
            **values,
        )
    )
    return HTMLResponse(html, status, {**_headers(request, nonce, language, access), **(headers or {})})


def notice(
    request: Request, kind: Notice, language: Language, *, offer: Front | None = None, **values: Any
) -> Response:
    """A page that says one thing: the texts ``…_title`` and ``…_text`` of its name."""
    t = texts(language)
    title, text = t[f"{kind.name}_title"], t[f"{kind.name}_text"]
    shown = {"title": title, "text": text, "again": None, "again_text": None, **values}
    return page(request, "notice.html", language, offer=offer, status=kind.status, **shown)


@cache
def _pages() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    pages = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    pages.globals |= {"one_language": False, "is_framed": False, "is_shared": False}
    return pages


def _columns(stamps: int) -> int:
    """Stamps in a row: one row up to ten, else two that are alike."""
    return max(1, stamps if stamps <= 10 else (stamps + 1) // 2)


def address_in(request: Request, language: Language, path: str | None = None) -> str:
    """This address, with where somebody came from, in a language."""
    query = request.url.query[:_MAX_QUERY]
    kept = [(name, value) for name, value in parse_qsl(query, max_num_fields=200) if name not in {"lang", "wallet"}]
    return f"{path or request.url.path}?{urlencode([*kept, ('lang', language)])}"


def _switch(request: Request, current: Language) -> list[dict[str, Any]]:
    """The same address in each language."""
    return [
        {
            "code": code,
            "name": name,
            "direction": direction(code),
            "href": address_in(request, code),
            "is_current": code == current,
        }
        for code, name in LANGUAGE_NAMES.items()
    ]


def fragment(template: str, language: Language, **values: Any) -> str:
    """A part of a page, for the script that puts it in place of the older one."""
    return _pages().get_template(template).render(t=texts(language), language=language, **values)


def _headers(request: Request, nonce: str, language: Language, access: Access) -> dict[str, str]:
    # After the form, browsers hold form-action against the redirections as well: on Android they lead to Google's
    # save page, and from there to wherever Google signs people in.
    google = urlsplit(str(edge(request).settings.google_save_url))
    own = "connect-src 'self'; manifest-src 'self'; worker-src 'self'"
    script = f"script-src 'nonce-{nonce}'; {own}; " if access.is_scripted else ""
    ancestors = " ".join(access.ancestors) or "'none'"
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src 'self' data:; {script}"
        f"form-action 'self' https: {google.scheme}://{google.netloc}; base-uri 'none'; "
        f"frame-ancestors {ancestors}"
    )
    return {
        "Cache-Control": "no-store",
        "Content-Language": language,
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept-Language, User-Agent",
        "X-Robots-Tag": "noindex",
    }

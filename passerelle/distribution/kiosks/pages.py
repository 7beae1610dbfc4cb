"""What the tablet shows: ``/k/{token}`` invites, ``/k/{token}/form`` takes the form and shows the card's code.

The pages are the join page's, with one small script (``pages/_kiosk.js``): it changes pages in place, so that the
full screen stays and no way leads back to what somebody typed, and begins anew when nobody touches the tablet.
Nothing of a person is kept in the browser: no cookie, no history, no cache. Without the script, pages reload.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerelle.distribution import html, service
from passerelle.distribution.doors import Door
from passerelle.distribution.forms import Ticket
from passerelle.distribution.join_pages import PUBLIC, closed_because
from passerelle.distribution.joining import Answer, Surface, Visit, show_form, take_form
from passerelle.distribution.kiosks import service as kiosks
from passerelle.distribution.offers import Offer
from passerelle.distribution.qr import inline_svg
from passerelle.distribution.schemas import Trail
from passerelle.distribution.visits import guarded
from passerelle.distribution.wording import texts
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language, as_language
from passerelle.kit.ids import open_tenant_token
from passerelle.kit.web import edge
from passerelle.programs.errors import ProgramNotRunning

# Longer than anybody takes to type, shorter than the next person takes to find out how to send a form again.
_FORM_LIFE: Final = timedelta(minutes=10)
_IDLE_SECONDS: Final = 60
_CARD_SECONDS: Final = 60
_NOTICE_SECONDS: Final = 20
_FRESH_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Screen:
    """The tablet's kiosk as a request finds it."""

    request: Request
    door: Door
    offer: Offer
    language: Language
    code_url: str

    @property
    def home(self) -> str:
        """Where everything begins anew."""
        return f"/k/{self.request.path_params['token']}"

    @property
    def visit(self) -> Visit:
        """Somebody at the tablet."""
        surface = Surface(
            "kiosk_form.html",
            self.show_card,
            self.show_member,
            access=html.SCRIPTED,
            values=self.values(_IDLE_SECONDS),
            form_life=_FORM_LIFE,
        )
        return Visit(self.request, self.door, self.offer, self.language, surface)

    def values(self, seconds: int) -> dict[str, Any]:
        """What every page of a kiosk needs to begin anew by itself."""
        return {"is_shared": True, "home": self.home, "seconds": seconds, "card_seconds": _CARD_SECONDS}

    def invite(self) -> Response:
        """The code, and the way to the form."""
        code = inline_svg(self.code_url, texts(self.language)["poster_call"])
        return self._page(
            "kiosk.html",
            _FRESH_SECONDS,
            code_qr=code,
            form=html.address_in(self.request, self.language, f"{self.home}/form"),
        )

    def notice(self, kind: html.Notice) -> Response:
        """A sentence instead; the tablet asks again after a while."""
        return self._page("kiosk_notice.html", _NOTICE_SECONDS, status=kind.status, name=kind.name)

    def show_card(self, visit: Visit, token: str, _ticket: Ticket, _tx: Tx) -> Response:
        """The card's secret address as a code, for the phone it belongs to."""
        url = edge(self.request).settings.url(f"/c/{token}")
        code = inline_svg(url, texts(visit.language)["scan_with_phone"])
        return self._page("kiosk_card.html", _CARD_SECONDS, link_qr=code, one_language=True)

    def show_member(self, _visit: Visit) -> Response:
        """The number is known: what the tablet shows, everybody around sees."""
        return self._page("kiosk_notice.html", _NOTICE_SECONDS, name=html.MEMBER.name, one_language=True)

    def _page(self, template: str, seconds: int, **values: Any) -> Response:
        values = self.values(seconds) | values
        return html.page(self.request, template, self.language, offer=self.offer, access=html.SCRIPTED, **values)


@guarded
async def invite(request: Request) -> Response:
    """``GET /k/{token}``: what the tablet shows until somebody touches it."""

    async def answer(_tx: Tx, screen: Screen) -> Response:
        return screen.invite()

    return await _enter(request, answer)


@guarded
async def show(request: Request) -> Response:
    """``GET /k/{token}/form``: the form, empty."""

    async def answer(tx: Tx, screen: Screen) -> Response:
        return await show_form(tx, screen.visit)

    return await _enter(request, answer)


@guarded
async def send(request: Request) -> Response:
    """``POST /k/{token}/form``: the card's code, for a minute."""

    async def enter(submit: Answer) -> Response:
        async def answer(tx: Tx, screen: Screen) -> Response:
            return await submit(tx, screen.visit)

        return await _enter(request, answer)

    return await take_form(request, enter)


@guarded
async def manifest(request: Request) -> Response:
    """``GET /k/{token}/manifest.webmanifest``: how the kiosk is kept on the tablet's home screen, full screen."""

    async def answer(_tx: Tx, screen: Screen) -> Response:
        colours = screen.offer.palette
        body = {
            "name": screen.offer.organization.name,
            "short_name": screen.offer.organization.name[:30],
            "start_url": screen.home,
            "id": screen.home,
            "scope": screen.home,
            "display": "fullscreen",
            "background_color": colours.brand,
            "theme_color": colours.brand,
            "icons": [{"src": f"{screen.home}/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
        }
        return Response(
            json.dumps(body), media_type="application/manifest+json", headers={"Cache-Control": "no-store"}
        )

    return await _enter(request, answer)


@guarded
async def icon(request: Request) -> Response:
    """``GET /k/{token}/icon.svg``: the merchant's colours."""

    async def answer(_tx: Tx, screen: Screen) -> Response:
        colours = screen.offer.palette
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">'
            f'<path fill="{colours.brand}" d="M0 0h512v512H0z"/><g fill="{colours.on_brand}">'
            '<path d="M96 96h128v128H96zM288 96h128v128H288zM96 288h128v128H96z"/>'
            '<path d="M288 288h48v48h-48zM368 288h48v48h-48zM328 328h48v48h-48z"/>'
            '<path d="M288 368h48v48h-48zM368 368h48v48h-48z"/>'
            "</g></svg>"
        )
        return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})

    return await _enter(request, answer)


Shown = Callable[[Tx, Screen], Awaitable[Response]]


async def _enter(request: Request, answer: Shown) -> Response:
    """Find the kiosk of the address, and answer inside one transaction."""
    language = html.language_for(request)
    place = open_tenant_token(kiosks.PREFIX, request.path_params["token"])
    if place is None:
        return html.notice(request, html.KIOSK_CLOSED, language)
    async with edge(request).database.transaction(place[0], PUBLIC) as tx:
        found = await kiosks.enter_kiosk(tx, place[1])
        if found is None:
            return html.notice(request, html.KIOSK_CLOSED, language)
        kiosk, link = found
        offer = await service.open_offer(tx, link.program_id, link.location_id)
        chosen = as_language(request.query_params.get("lang"))
        trail = Trail(link.location_id, link.utm_source, link.utm_medium, link.utm_campaign, link.id)
        code_url = edge(request).settings.url(f"/j/{link.code}")
        screen = Screen(
            request,
            Door(link.program_id, trail, ask_email=link.ask_email),
            offer,
            chosen or kiosk.language or offer.organization.language,
            code_url,
        )
        closed = closed_because(offer)
        if closed is not None:
            return screen.notice(closed)
        try:
            return await answer(tx, screen)
        except ProgramNotRunning:  # paused between two statements
            return screen.notice(html.GONE)


ROUTES: Final[tuple[BaseRoute, ...]] = (
    Route("/k/{token}", invite, methods=["GET"]),
    Route("/k/{token}/form", show, methods=["GET"]),
    Route("/k/{token}/form", send, methods=["POST"]),
    Route("/k/{token}/manifest.webmanifest", manifest, methods=["GET"]),
    Route("/k/{token}/icon.svg", icon, methods=["GET"]),
)

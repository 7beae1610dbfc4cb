"""The join page: ``/join/{program}`` and the short ``/j/{code}``. Public: whoever stands at the till opens it.

Plain HTML over plain Starlette routes: a page, its form, and a page for numbers that are known already. The same
form as ``/j/{code}/embed`` may stand in frames of the sites that the merchant named for the link, and of no others:
whoever frames a form invisibly has people send it without knowing. ``/join/{program}/embed`` is that of the program's
own link. ``/embed.js`` is a script for such a site: a button with the form in a dialog.
"""

from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerelle.distribution import doors, html, rules, service
from passerelle.distribution.colours import as_colour, palette
from passerelle.distribution.doors import Door
from passerelle.distribution.forms import Ticket
from passerelle.distribution.joining import Answer, Surface, Visit, show_form, take_form
from passerelle.distribution.offers import Offer
from passerelle.distribution.qr import inline_svg
from passerelle.distribution.visits import guarded, is_prefetch, platform_of, user_agent
from passerelle.distribution.wording import texts
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.errors import NotFound
from passerelle.kit.ids import InvalidId, digest
from passerelle.kit.web import edge
from passerelle.programs.errors import ProgramNotRunning

PUBLIC: Final = Actor("customer")


@guarded
async def join_page(request: Request) -> Response:
    """``GET``: the form. Bots and HEAD get a neutral page and leave no trace."""
    if is_prefetch(request):
        return Response(status_code=503, headers={"Cache-Control": "no-store"})

    async def answer(tx: Tx, visit: Visit) -> Response:
        if rules.opener_of(user_agent(request)).is_bot or request.method == "HEAD":
            return html.page(request, "preview.html", visit.language, offer=visit.offer)
        return await show_form(tx, visit)

    return await _enter(request, answer)


@guarded
async def join(request: Request) -> Response:
    """``POST``: everything in one transaction, then 303 to the card; in a frame, a page that leads to it."""
    return await take_form(request, lambda answer: _enter(request, answer))


@guarded
async def member_page(request: Request) -> Response:
    """``GET …/member``: the number is known, the card is given at the till."""

    async def answer(_tx: Tx, visit: Visit) -> Response:
        again = html.address_in(request, visit.language, request.url.path.removesuffix("/member"))
        access = visit.surface.access
        return html.notice(request, html.MEMBER, visit.language, offer=visit.offer, again=again, access=access)

    return await _enter(request, answer)


def _to_card(visit: Visit, token: str, ticket: Ticket, tx: Tx) -> Response:
    request = visit.request
    answer = RedirectResponse(f"/c/{token}", 303, headers={"Cache-Control": "no-store"})
    doors.remember(answer, tx.organization_id, ticket.nonce, secure=edge(request).settings.base_url.scheme == "https")
    return answer


def _to_member(visit: Visit) -> Response:
    request = visit.request
    return RedirectResponse(html.address_in(request, visit.language, f"{request.url.path}/member"), 303)


def _show_card_link(visit: Visit, token: str, _ticket: Ticket, _tx: Tx) -> Response:
    """The card cannot be taken inside a frame: it opens beside it, or on the phone that scans it."""
    url = edge(visit.request).settings.url(f"/c/{token}")
    on_phone = platform_of(visit.request) in {"iphone", "android"}
    code = None if on_phone else inline_svg(url, texts(visit.language)["scan_with_phone"])
    return visit.page("embed_done.html", url=url, link_qr=code, one_language=True)


PAGE: Final = Surface("join.html", _to_card, _to_member, remembers=True)


def _surface(request: Request, door: Door, offer: Offer) -> Surface:
    if not door.is_framed:
        return PAGE
    chosen = as_colour(request.query_params.get("background"))
    brand = offer.organization.brand
    foreground = as_colour(request.query_params.get("foreground")) or brand.foreground
    colours = palette(chosen, foreground, foreground) if chosen else None
    told = _framing_site(request, door)
    access = html.Access(ancestors=("'self'", *door.embed_origins), is_scripted=told is not None)
    values = {"is_framed": True, "told": told}
    return Surface("embed.html", _show_card_link, _to_member, access=access, colours=colours, values=values)


def _framing_site(request: Request, door: Door) -> str | None:
    """The site that says that it frames the form, if it may: it alone is told how high the form is."""
    site = request.query_params.get("origin")
    own = f"{request.url.scheme}://{request.url.netloc}"
    return site if site in {own, *door.embed_origins} else None


async def _enter(request: Request, answer: Answer) -> Response:
    """Find tenant, program and shop of the address, and answer inside one transaction."""
    language = html.language_for(request)
    try:
        organization_id = await doors.tenant_behind(request)
        if organization_id is None:
            return html.notice(request, html.NOT_FOUND, language)
        async with edge(request).database.transaction(organization_id, PUBLIC) as tx:
            door = await doors.open_door(tx, request)
            offer = await service.open_offer(tx, door.program_id, door.trail.location_id)
            language = html.language_for(request, offer.organization.language)
            surface = _surface(request, door, offer)
            closed = html.GONE if door.is_archived else closed_because(offer)
            if closed is not None:
                told = None if closed is html.NOT_FOUND else offer
                return html.notice(request, closed, language, offer=told, access=surface.access)
            return await answer(tx, Visit(request, door, offer, language, surface))
    except (NotFound, InvalidId):
        return html.notice(request, html.NOT_FOUND, language)
    except ProgramNotRunning:  # paused between two statements
        return html.notice(request, html.GONE, language)


def closed_because(offer: Offer) -> html.Notice | None:
    """Why nobody can join now."""
    if offer.program.state == "draft":
        return html.NOT_FOUND
    if not offer.program.is_running(clock.now()):
        return html.GONE
    return html.NOT_READY if offer.program.template_id is None else None


def _door(start: str) -> tuple[BaseRoute, ...]:
    return (
        Route(start, join_page, methods=["GET"]),
        Route(start, join, methods=["POST"]),
        Route(f"{start}/member", member_page, methods=["GET"]),
    )


@cache
def _script() -> tuple[bytes, dict[str, str]]:
    lines = (line.strip() for line in (Path(__file__).parent / "pages" / "embed.js").read_text("utf-8").splitlines())
    content = "\n".join(line for line in lines if line and not line.startswith("//")).encode()
    return content, {
        "Cache-Control": "public, max-age=3600",
        "ETag": f'"{digest(content).hex()[:32]}"',
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }


async def embed_script(request: Request) -> Response:
    """``GET /embed.js``: the same for every shop; which it is of stands at the element that loads it."""
    content, headers = _script()
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/javascript", headers=headers)


ROUTES: Final[tuple[BaseRoute, ...]] = (
    *_door("/join/{program}"),
    *_door("/join/{program}/embed"),
    *_door("/j/{code}"),
    *_door("/j/{code}/embed"),
    Route("/embed.js", embed_script, methods=["GET"]),
)

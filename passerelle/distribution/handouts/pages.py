"""The page ``/o/{code}`` of a handout link. Public: a poster, a message or a post leads to it.

Of a gift card it says for how much it can be had, and where.

Looking creates nothing, whoever looks; a code is made when somebody asks for it with the form, once for each browser.
"""

import base64
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerelle.distribution import html, pacing, rules
from passerelle.distribution.form_reading import UnreadableForm, read_form
from passerelle.distribution.forms import TRAP, Ticket, new_ticket, read_ticket
from passerelle.distribution.handouts import service
from passerelle.distribution.handouts.errors import NothingLeft
from passerelle.distribution.handouts.models import HandoutLinkRow
from passerelle.distribution.offers import CardOffer
from passerelle.distribution.tenants import tenant_of
from passerelle.distribution.visits import address_of, guarded, is_prefetch, platform_of, user_agent
from passerelle.distribution.wording import texts
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.ids import encode
from passerelle.kit.web import edge
from passerelle.kit.wire import after
from passerelle.organizations import service as organizations
from passerelle.rewards.coupons.errors import CouponExpired, CouponPaused
from passerelle.ticketing.errors import EventCancelled, EventOver, EventSoldOut

_forms: Final = pacing.Budget(pacing.FORM_BUDGET)
_views: Final = pacing.Budget(pacing.VIEW_BUDGET)
_PUBLIC: Final = Actor("customer")
_COOKIE_SECONDS: Final = 180 * 24 * 3600
_NONCE_BYTES: Final = 16
_PLACES: Final = 10
_OVER: Final = html.Notice("handout_over", 410)
_EVENT_OVER: Final = html.Notice("tickets_over", 410)
_CLOSED: Final = (NothingLeft, CouponPaused, CouponExpired, EventCancelled, EventOver, EventSoldOut)
Answer = Callable[[Tx, HandoutLinkRow, CardOffer, Language], Awaitable[Response]]


@guarded
async def handout_page(request: Request) -> Response:
    """``GET``: what there is to get, and a button; who has it already is led to it."""
    if is_prefetch(request):
        return Response(status_code=503, headers={"Cache-Control": "no-store"})

    async def answer(tx: Tx, link: HandoutLinkRow, offer: CardOffer, language: Language) -> Response:
        if rules.opener_of(user_agent(request)).is_bot or request.method == "HEAD":
            return html.page(request, "preview.html", language, offer=offer)
        platform, nonce = platform_of(request), _known_nonce(request, link)
        token = await service.card_of_browser(tx, link, nonce, platform, language) if nonce else None
        if token is not None:
            return _to_card(token)
        if not await service.is_offered(tx, link):
            return _over(request, offer, language)
        if _views.spend(address_of(request), 1, clock.now()):
            await service.note_view(tx, link, platform, language)
        if link.product_id is not None:
            return await _gift_card(request, tx, offer, language)
        return _shown(request, offer, language, new_ticket(await tx.vault.keys(tx), link.id, clock.now()))

    return await _enter(request, answer)


async def _gift_card(request: Request, tx: Tx, offer: CardOffer, language: Language) -> Response:
    """For how much it can be had, and where."""
    places = await organizations.list_locations(tx, after(None), _PLACES)
    website = offer.organization.brand.website
    return html.page(request, "gift_card.html", language, offer=offer, places=places, website=website)


@guarded
async def take(request: Request) -> Response:
    """``POST``: a code for this browser, then 303 to its card."""
    cross_site = request.headers.get("sec-fetch-site") == "cross-site"
    if cross_site or rules.opener_of(user_agent(request)).is_bot:
        return html.notice(request, html.FORBIDDEN, html.language_for(request))
    try:
        form = await read_form(request)
    except UnreadableForm:
        return html.notice(request, html.FAILED, html.language_for(request))

    async def answer(tx: Tx, link: HandoutLinkRow, offer: CardOffer, language: Language) -> Response:
        keys, now, t = await tx.vault.keys(tx), clock.now(), texts(language)
        ticket = read_ticket(keys, link.id, form.ticket)
        if ticket is None or form.is_trapped or rules.form_age(ticket.opened_at, now) == "expired":
            return _shown(
                request, offer, language, new_ticket(keys, link.id, now), alert=t["form_expired"], status=422
            )
        if not _forms.spend(address_of(request), rules.FORM_COST, now):
            alert = t["too_many"].format(minutes=pacing.WINDOW_SECONDS // 60)
            return _shown(request, offer, language, form.ticket, alert=alert, status=429)
        return await _hand_out(request, tx, link, ticket, language)

    return await _enter(request, answer)


async def _hand_out(request: Request, tx: Tx, link: HandoutLinkRow, ticket: Ticket, language: Language) -> Response:
    nonce = _known_nonce(request, link) or ticket.nonce
    answer = _to_card(await service.hand_out(tx, link, nonce, platform_of(request), language))
    answer.set_cookie(
        _cookie(link),
        base64.urlsafe_b64encode(nonce).decode(),
        max_age=_COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=edge(request).settings.base_url.scheme == "https",
    )
    return answer


async def _enter(request: Request, answer: Answer) -> Response:
    """Find tenant, link and campaign of the address, and answer inside one transaction."""
    language, code = html.language_for(request), request.path_params["code"][:64]
    organization_id = await tenant_of(edge(request).database, service.DIRECTORY, service.link_key(code))
    if organization_id is None:
        return html.notice(request, html.NOT_FOUND, language)
    shown: CardOffer | None = None
    try:
        async with edge(request).database.transaction(organization_id, _PUBLIC) as tx:
            link = await service.find_link_by_code(tx, code)
            if link is None:
                return html.notice(request, html.NOT_FOUND, language)
            shown = await service.offer_of_link(tx, link)
            language = html.language_for(request, shown.organization.language)
            return await answer(tx, link, shown, language)
    except _CLOSED:
        return _over(request, shown, language)


def _over(request: Request, offer: CardOffer | None, language: Language) -> Response:
    """Nothing is left: of an event the organizer may know more, of all else the till."""
    is_event = offer is not None and offer.kind == "ticket"
    return html.notice(request, _EVENT_OVER if is_event else _OVER, language, offer=offer)


def _shown(
    request: Request,
    offer: CardOffer,
    language: Language,
    ticket: str,
    *,
    alert: str | None = None,
    status: int = 200,
) -> Response:
    return html.page(
        request,
        "handout.html",
        language,
        offer=offer,
        status=status,
        alert=alert,
        ticket=ticket,
        trap=TRAP,
        action=html.address_in(request, language),
    )


def _to_card(token: str) -> RedirectResponse:
    return RedirectResponse(f"/c/{token}", 303, headers={"Cache-Control": "no-store"})


def _cookie(link: HandoutLinkRow) -> str:
    """One name per link, so that links cannot be put together by it."""
    return encode("handed", link.id)


def _known_nonce(request: Request, link: HandoutLinkRow) -> bytes | None:
    """What this browser showed when it asked before, if it did."""
    try:
        nonce = base64.urlsafe_b64decode(request.cookies.get(_cookie(link), "").encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        return None
    return nonce if len(nonce) == _NONCE_BYTES else None


ROUTES: Final[tuple[BaseRoute, ...]] = (
    Route("/o/{code}", handout_page, methods=["GET"]),
    Route("/o/{code}", take, methods=["POST"]),
)

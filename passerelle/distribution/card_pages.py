"""The smart link ``/c/{token}`` and the operator's badges. Public: the token is the secret.

iPhones get the card itself, Android phones go to Google's save page, everybody else a page that draws the card: for a
phone with neither wallet, that page is the card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerelle.distribution import html, kept_cards, pacing, rules, service
from passerelle.distribution.barcodes import drawn_code, drawn_codes
from passerelle.distribution.faces import look_of, spaced
from passerelle.distribution.mypage.questions import open_questions
from passerelle.distribution.mypage.service import page_path
from passerelle.distribution.qr import inline_svg
from passerelle.distribution.standings import read_member
from passerelle.distribution.visits import address_of, guarded, is_prefetch, user_agent
from passerelle.distribution.wording import texts
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.ids import open_tenant_token
from passerelle.kit.web import edge
from passerelle.passes import service as passes
from passerelle.passes.errors import GoogleUnavailable
from passerelle.passes.schemas import PERIOD_SECONDS, SubjectCard

_PKPASS: Final = "application/vnd.apple.pkpass"
_BADGE_TYPES: Final = {".svg": "image/svg+xml", ".png": "image/png"}
_views: Final = pacing.Budget(pacing.VIEW_BUDGET)
_looks: Final = pacing.Budget(pacing.LOOK_BUDGET)
_PUBLIC: Final = Actor("customer")
_CODES_AHEAD: Final = 20  # ten minutes without a network


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a card: who, which answer, which wallets the shop has."""

    request: Request
    token: str
    opener: rules.Opener
    answer: rules.Answer
    wallets: passes.Wallets

    @property
    def configured(self) -> Sequence[rules.Wallet]:
        """Wallets that cards can be given out for."""
        known: list[tuple[rules.Wallet, object]] = [
            ("apple", self.wallets.apple_or_none),
            ("google", self.wallets.google_or_none),
        ]
        return [name for name, identity in known if identity is not None]


@guarded
async def card(request: Request) -> Response:
    """``GET``: the card in the wallet of this device. Bots and HEAD get a neutral page and change nothing."""
    if is_prefetch(request):
        return Response(status_code=503, headers={"Cache-Control": "no-store"})
    token, forced = rules.split_suffix(request.path_params["token"])
    place = open_tenant_token("c", token)
    if place is None:
        return html.notice(request, html.NOT_FOUND, html.language_for(request))
    async with edge(request).database.transaction(place[0], _PUBLIC) as tx:
        opened = await service.open_card(tx, place[1])
        if opened is None:
            return html.notice(request, html.NOT_FOUND, html.language_for(request))
        visit = _visit(request, token, forced, await passes.wallets_of(request, tx))
        answer = await _in_transaction(tx, visit, opened)
    return answer or await _google(visit, opened, place[0])


async def _in_transaction(tx: Tx, visit: Visit, opened: service.OpenedCard) -> Response | None:
    """Everything but the way to Google, which must not be asked while a transaction is open: None."""
    request, platform = visit.request, visit.opener.platform
    language = _language(request, opened)
    if visit.answer == "preview":
        return html.page(request, "preview.html", language, offer=opened.offer)
    if opened.card.condition != "valid" or _has_ended(opened.card):
        kind = html.OVER if opened.card.condition in {"used", "expired"} else html.BLOCKED
        return html.notice(request, kind, language, offer=opened.offer)
    handed_out = visit.answer in visit.configured
    if kept_cards.COPY_HEADER not in request.headers and _views.spend(address_of(request), 1, clock.now()):
        kinds = (*service.views(platform), "tapped") if handed_out else service.views(platform)
        await service.record(tx, opened.scene(platform, language), *kinds)
    if not handed_out:
        return await _page(tx, visit, opened, language)
    if visit.answer == "google":
        return None
    return _pkpass(await passes.download_apple(tx, opened.card.id, visit.wallets.apple))


async def _google(visit: Visit, opened: service.OpenedCard, organization_id: UUID) -> Response:
    at = edge(visit.request)
    google = visit.wallets.google
    try:
        url = await passes.make_google_save_link(at.database, google, organization_id, opened.card.id)
    except GoogleUnavailable:
        async with at.database.transaction(organization_id, _PUBLIC) as tx:
            return await _page(tx, visit, opened, _language(visit.request, opened), status=503)
    return RedirectResponse(url, 302, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


async def badge(request: Request) -> Response:
    """``GET /badges/{wallet}``: the artwork that the operator downloaded from Apple or Google."""
    path = _badge_paths(request).get(request.path_params["wallet"])
    kind = _BADGE_TYPES.get(path.suffix.lower()) if path is not None else None
    if path is None or kind is None or not path.is_file():
        return html.notice(request, html.NOT_FOUND, html.language_for(request))
    headers = {
        "Cache-Control": "public, max-age=86400",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return FileResponse(path, media_type=kind, headers=headers)


def _visit(request: Request, token: str, forced: rules.Choice | None, wallets: passes.Wallets) -> Visit:
    opener = rules.opener_of(user_agent(request))
    choice = forced or rules.as_choice(request.query_params.get("wallet"))
    answer: rules.Answer = "preview" if request.method == "HEAD" else rules.answer_to(opener, choice)
    return Visit(request, token, opener, answer, wallets)


async def _page(
    tx: Tx, visit: Visit, opened: service.OpenedCard, language: Language, *, status: int = 200
) -> Response:
    """The card drawn, with buttons for this device's wallets; for computers also a QR code of the link."""
    t = texts(language)
    platform = visit.opener.platform
    shown = [wallet for wallet in rules.wallets_for(platform) if wallet in visit.configured]
    alert = rules.alert_for(visit.opener, visit.answer, visit.configured, failed=status == 503)
    path = f"/c/{visit.token}"
    drawn = await _drawn(tx, opened.card, language)
    return html.page(
        visit.request,
        "card.html",
        language,
        offer=opened.offer,
        status=status,
        access=html.SCRIPTED,
        alert=t[alert] if alert else None,
        wallets=shown,
        hrefs={"apple": f"{path}.pkpass", "google": f"{path}.gpay"},
        badges={name: path is not None for name, path in _badge_paths(visit.request).items()},
        link_qr=None
        if platform in {"iphone", "android"} or not shown
        else inline_svg(edge(visit.request).settings.url(path), t["scan_with_phone"]),
        looks=[look_of(drawn["shown"])],
        tag=_tag(opened.card, language),
        live_path=f"{path}/live?lang={language}",
        codes_path=f"{path}/codes?lang={language}",
        worker_path=f"{path}/worker.js?lang={language}",
        manifest_path=f"{path}/manifest.webmanifest?lang={language}",
        asked=await _asked(tx, opened, language),
        my_page=f"{page_path(tx.organization_id)}?lang={language}",
        **drawn,
    )


async def _asked(tx: Tx, opened: service.OpenedCard, language: Language) -> list[tuple[str, str]]:
    holder_id = opened.card.customer_id
    return await open_questions(tx, holder_id, opened.offer.organization.name, language) if holder_id else []


@guarded
async def live(request: Request) -> Response:
    """``GET /c/{token}/live``: the drawn card again, for a page that is open; 304 while nothing has changed."""
    place = open_tenant_token("c", request.path_params["token"])
    if place is None or not _looks.spend(address_of(request), 1, clock.now()):
        return Response(status_code=404 if place is None else 429, headers={"Cache-Control": "no-store"})
    language = html.language_for(request)
    async with edge(request).database.transaction(place[0], _PUBLIC) as tx:
        card = await service.find_card(tx, place[1])
        if card is None or card.condition != "valid" or _has_ended(card):
            return Response(status_code=410, headers={"Cache-Control": "no-store"})
        headers = {"ETag": _tag(card, language), "Cache-Control": "no-store"}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        drawn = await _drawn(tx, card, language)
    headers["X-Card-Look"] = drawn["shown"].look
    return HTMLResponse(html.fragment("_live.html", language, **drawn), headers=headers)


@guarded
async def codes(request: Request) -> Response:
    """``GET /c/{token}/codes``: what a barcode that changes will show for the next minutes, drawn; never its key."""
    place = open_tenant_token("c", request.path_params["token"])
    if place is None or not _looks.spend(address_of(request), 1, clock.now()):
        return Response(status_code=404 if place is None else 429, headers={"Cache-Control": "no-store"})
    language = html.language_for(request)
    async with edge(request).database.transaction(place[0], _PUBLIC) as tx:
        card = await service.find_card(tx, place[1])
        if card is None or card.condition != "valid" or _has_ended(card):
            return Response(status_code=410, headers={"Cache-Control": "no-store"})
        shown = await passes.show_card(tx, card.id, language, _CODES_AHEAD)
    drawn = drawn_codes(shown, texts(language)["show_at_till"]) if shown.code_kind == "rotating" else ()
    period_ms = PERIOD_SECONDS * 1_000
    told = {
        "now": int(clock.now().timestamp() * 1_000),
        "period": period_ms,
        "codes": [(shown.first_second * 1_000 + n * period_ms, each.svg) for n, each in enumerate(drawn)],
    }
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def _drawn(tx: Tx, card: SubjectCard, language: Language) -> dict[str, Any]:
    """What the page draws of a card and of where its holder stands."""
    shown = await passes.show_card(tx, card.id, language)
    return {
        "shown": shown,
        "member": await read_member(tx, card.membership_id, language) if card.membership_id is not None else None,
        "barcode": drawn_code(shown, texts(language)["show_at_till"]),
        "code": _legible(card),
        "rotates": shown.code_kind == "rotating",
    }


def _legible(card: SubjectCard) -> str:
    """The code in groups; those of coupons and gift cards are written in groups already."""
    return spaced(card.code) if card.kind == "membership" else card.code


def _tag(card: SubjectCard, language: Language) -> str:
    return f'"{card.version}-{language}"'


def _pkpass(data: bytes) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="card.pkpass"', "Cache-Control": "no-store"}
    return Response(data, media_type=_PKPASS, headers=headers)


def _language(request: Request, opened: service.OpenedCard) -> Language:
    """The one that was chosen on the form counts more than the browser's."""
    if request.query_params.get("lang") is None and opened.language is not None:
        return opened.language
    return html.language_for(request, opened.offer.organization.language)


def _has_ended(card: SubjectCard) -> bool:
    return card.expires_at is not None and card.expires_at <= clock.now()


def _badge_paths(request: Request) -> dict[str, Path | None]:
    settings = edge(request).settings
    return {"apple": settings.apple_badge, "google": settings.google_badge}


ROUTES: Final[tuple[BaseRoute, ...]] = (
    Route("/c/{token}", card, methods=["GET"]),
    Route("/c/{token}/live", live, methods=["GET"]),
    Route("/c/{token}/codes", codes, methods=["GET"]),
    *kept_cards.ROUTES,
    Route("/badges/{wallet}", badge, methods=["GET"]),
)

"""HTTP of distribution: join links with their QR codes and posters, links to cards, the adoption funnel.

QR codes and posters need an actor, too: what they show is public, but drawing them costs time.
"""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Query
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from passerelle.distribution import own_cards, qr, service
from passerelle.distribution.errors import CardNotActive, LinkNotFound, PeriodTooLong, PosterNotDrawn, TooManyLinks
from passerelle.distribution.models import JoinLink
from passerelle.distribution.offers import Offer
from passerelle.distribution.poster import draw_poster
from passerelle.distribution.schemas import (
    FunnelBy,
    FunnelOut,
    JoinLinkId,
    JoinLinkIn,
    JoinLinkOut,
    SmartLinkOut,
)
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.ids import encode
from passerelle.kit.web import Edge, Router, allow, edge, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.organizations.errors import LocationNotFound, OperatorsOnly
from passerelle.passes.errors import PassNotFound, ProgramHasNoTemplate
from passerelle.passes.schemas import PassId
from passerelle.programs import service as programs
from passerelle.programs.errors import MembershipNotActive, ProgramNotFound, ProgramNotRunning
from passerelle.programs.schemas import ProgramId

router = Router(prefix="/api/v1", tags=["distribution"])
At = Annotated[Edge, Depends(edge)]
Reader = Annotated[Tx, allow("links:read")]
Pixels = Annotated[int, Query(ge=qr.MIN_PIXELS, le=qr.MAX_PIXELS, description="Width in pixels.")]
PosterLanguage = Annotated[Language | None, Query(description="By default the organization's.")]
Format = Literal["svg", "png"]
_MEDIA_TYPES: Final[dict[Format, str]] = {"svg": "image/svg+xml", "png": "image/png"}
_DEFAULT_DAYS: Final = 30


@router.post("/links", status_code=201, responses=refusals(ProgramNotFound, LocationNotFound, TooManyLinks))
async def create_join_link(body: JoinLinkIn, at: At, tx: Annotated[Tx, allow("links:write")]) -> JoinLinkOut:
    """A way to the join page of a program, with a short address: for a place, a flyer, a campaign."""
    return _out(await service.create_join_link(tx, body), at)


@router.get("/links", responses=refusals())
async def list_join_links(
    at: At,
    tx: Reader,
    program_id: Annotated[ProgramId | None, Query(description="Only those of this program.")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[JoinLinkOut]:
    """Join links, newest first; each program has one that it was made with."""
    items = [_out(link, at) for link in await service.list_join_links(tx, after(cursor), limit, program_id)]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/links/{link_id}", responses=refusals(LinkNotFound))
async def get_join_link(link_id: JoinLinkId, at: At, tx: Reader) -> JoinLinkOut:
    """One join link."""
    return _out(await service.get_join_link(tx, link_id), at)


@router.get("/links/{link_id}/qr.{kind}", response_class=Response, responses=refusals(LinkNotFound))
async def get_link_qr(link_id: JoinLinkId, kind: Format, at: At, tx: Reader, size: Pixels = 512) -> Response:
    """The QR code of a link, as SVG or PNG."""
    link = await service.get_join_link(tx, link_id)
    return _drawn(_url(link, at), kind, size)


@router.get("/links/{link_id}/poster.pdf", response_class=Response, responses=refusals(LinkNotFound, PosterNotDrawn))
async def get_link_poster(link_id: JoinLinkId, at: At, tx: Reader, lang: PosterLanguage = None) -> Response:
    """A poster (A4) for the counter: program, reward, QR code, three steps."""
    link = await service.get_join_link(tx, link_id)
    return await _poster(tx, link.program_id, link.location_id, _url(link, at), lang)


@router.get("/programs/{program_id}/qr.{kind}", response_class=Response, responses=refusals(ProgramNotFound))
async def get_program_qr(program_id: ProgramId, kind: Format, at: At, tx: Reader, size: Pixels = 512) -> Response:
    """The QR code of a program's own link."""
    return _drawn(await _program_url(tx, program_id, at), kind, size)


@router.get(
    "/programs/{program_id}/poster.pdf", response_class=Response, responses=refusals(ProgramNotFound, PosterNotDrawn)
)
async def get_program_poster(program_id: ProgramId, at: At, tx: Reader, lang: PosterLanguage = None) -> Response:
    """The poster of a program's own link."""
    return await _poster(tx, program_id, None, await _program_url(tx, program_id, at), lang)


@router.get("/programs/{program_id}/funnel", responses=refusals(ProgramNotFound, PeriodTooLong))
async def get_funnel(
    program_id: ProgramId,
    tx: Reader,
    start: Annotated[
        date | None, Query(alias="from", description="First day; by default 30 days before “to”.")
    ] = None,
    end: Annotated[date | None, Query(alias="to", description="The day after the last; by default tomorrow.")] = None,
    by: Annotated[FunnelBy, Query(description="What the rows are.")] = "platform",
) -> FunnelOut:
    """From the page that was seen to the card that was added, by days of the program's time zone."""
    zone = (await programs.get_program(tx, program_id)).time_zone
    last = end or clock.today(zone) + timedelta(days=1)
    first = start or last - timedelta(days=_DEFAULT_DAYS)
    return await service.funnel(tx, program_id, _midnight(first, zone), _midnight(last, zone), by)


@router.post("/passes/{pass_id}/link", status_code=201, responses=refusals(PassNotFound, CardNotActive))
async def give_link(pass_id: PassId, at: At, tx: Annotated[Tx, allow("passes:write")]) -> SmartLinkOut:
    """A fresh secret link to a card, to be shown or sent to its holder alone."""
    return _card_link(pass_id, await service.give_link(tx, pass_id), at)


@router.post(
    "/programs/{program_id}/own-card",
    status_code=201,
    responses=refusals(
        OperatorsOnly, ProgramNotFound, ProgramNotRunning, ProgramHasNoTemplate, MembershipNotActive, CardNotActive
    ),
)
async def give_own_card(program_id: ProgramId, at: At, tx: Annotated[Tx, allow("passes:write")]) -> SmartLinkOut:
    """A card of the caller's own, for their phone: they become a member once, and get a fresh link each time."""
    tx.actor.require("customers:write")
    return _card_link(*await own_cards.give_own_card(tx, program_id), at)


def _card_link(pass_id: UUID, token: str, at: Edge) -> SmartLinkOut:
    url = at.settings.url(f"/c/{token}")
    picture = qr.svg(url, qr.SHOWN_PIXELS).decode()
    return SmartLinkOut(pass_id=pass_id, url=url, qr_svg=picture, apple_url=f"{url}.pkpass", google_url=f"{url}.gpay")


def _out(link: JoinLink, at: Edge) -> JoinLinkOut:
    fields = {name: getattr(link, name) for name in JoinLinkOut.model_fields if name not in {"url", "is_default"}}
    return JoinLinkOut(**fields, url=_url(link, at), is_default=bool(link.is_default))


def _url(link: JoinLink, at: Edge) -> str:
    return at.settings.url(f"/j/{link.code}")


async def _program_url(tx: Tx, program_id: UUID, at: Edge) -> str:
    link = await service.find_default_link(tx, program_id)
    return _url(link, at) if link else at.settings.url(f"/join/{encode('prg', program_id)}")


def _drawn(url: str, kind: Format, size: int) -> Response:
    data = qr.svg(url, size) if kind == "svg" else qr.png(url, size)
    return Response(data, media_type=_MEDIA_TYPES[kind], headers={"Cache-Control": "private, max-age=3600"})


async def _poster(tx: Tx, program_id: UUID, location_id: UUID | None, url: str, lang: Language | None) -> Response:
    offer = await service.open_offer(tx, program_id, location_id)
    return _Poster(offer, url, lang or offer.organization.language)


class _Poster(Response):
    """Drawn while it is sent: by then the transaction has ended, and its connection serves others."""

    def __init__(self, offer: Offer, url: str, language: Language) -> None:
        super().__init__()
        self._asked = (offer, url, language)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pdf = await draw_poster(*self._asked)
        headers = {"Content-Disposition": 'inline; filename="poster.pdf"', "Cache-Control": "private, no-cache"}
        await Response(pdf, media_type="application/pdf", headers=headers)(scope, receive, send)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))

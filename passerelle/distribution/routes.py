"""HTTP of distribution: join links with their figures and QR codes, links to cards, the adoption funnel.

QR codes need an actor, too: what they show is public, but drawing them costs time.
"""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import Response

from passerelle.distribution import own_cards, qr, service
from passerelle.distribution.addresses import At, embed_url, link_url
from passerelle.distribution.codes import Format, Look, drawn_code
from passerelle.distribution.errors import (
    CardNotActive,
    DefaultLinkStays,
    LinkNotFound,
    PeriodTooLong,
    TooManyLinks,
)
from passerelle.distribution.models import JoinLink
from passerelle.distribution.periods import EndDay, FirstDay, period_of
from passerelle.distribution.schemas import (
    FunnelBy,
    FunnelOut,
    JoinLinkChange,
    JoinLinkId,
    JoinLinkIn,
    JoinLinkOut,
    LinkFiguresOut,
    LinkFilter,
    SmartLinkOut,
)
from passerelle.giftcards.errors import GiftCardProductNotFound
from passerelle.giftcards.schemas import GiftCardProductId
from passerelle.kit.db import Tx
from passerelle.kit.ids import encode
from passerelle.kit.web import Edge, Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import LocationNotFound, OperatorsOnly
from passerelle.organizations.schemas import LocationId
from passerelle.passes.errors import PassNotFound, ProgramHasNoTemplate
from passerelle.passes.schemas import PassId
from passerelle.programs import service as programs
from passerelle.programs.errors import MembershipNotActive, ProgramNotFound, ProgramNotRunning
from passerelle.programs.schemas import ProgramId
from passerelle.rewards.coupons.errors import CampaignNotFound
from passerelle.rewards.coupons.schemas import CampaignId

router = Router(prefix="/api/v1", tags=["distribution"])
Reader = Annotated[Tx, allow("links:read")]
Writer = Annotated[Tx, allow("links:write")]
By = Annotated[FunnelBy, Query(description="What the rows are.")]


@router.post("/links", status_code=201, responses=refusals(ProgramNotFound, LocationNotFound, TooManyLinks))
async def create_join_link(body: JoinLinkIn, at: At, tx: Writer) -> JoinLinkOut:
    """A way to the join page of a program, with a short address: for a place, a flyer, a campaign."""
    return _out(await service.create_join_link(tx, body), at)


@router.get("/links", responses=refusals())
async def list_join_links(
    *,
    at: At,
    tx: Reader,
    program_id: Annotated[ProgramId | None, Query(description="Only those of this program.")] = None,
    location_id: Annotated[LocationId | None, Query(description="Only those of this place.")] = None,
    archived: Annotated[bool, Query(description="Those that were archived, instead of those in use.")] = False,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[JoinLinkOut]:
    """Join links, newest first; each program has one that it was made with."""
    wanted = LinkFilter(program_id, location_id, archived)
    items = [_out(link, at) for link in await service.list_join_links(tx, after(cursor), limit, wanted)]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/link-figures", responses=refusals(PeriodTooLong))
async def get_link_figures(
    tx: Reader,
    link_id: Annotated[list[JoinLinkId], Query(min_length=1, max_length=200, description="Of which links.")],
    start: FirstDay = None,
    end: EndDay = None,
) -> LinkFiguresOut:
    """How links did: pages seen, forms sent, cards asked for, added and removed, by days of the organization."""
    zone = (await organizations.get_organization(tx)).time_zone
    first, last = period_of(start, end, zone)
    return LinkFiguresOut(start=first, end=last, items=await service.link_figures(tx, link_id, first, last))


@router.get("/links/{link_id}", responses=refusals(LinkNotFound))
async def get_join_link(link_id: JoinLinkId, at: At, tx: Reader) -> JoinLinkOut:
    """One join link."""
    return _out(await service.get_join_link(tx, link_id), at)


@router.patch("/links/{link_id}", responses=refusals(LinkNotFound, LocationNotFound, DefaultLinkStays))
async def change_join_link(link_id: JoinLinkId, body: JoinLinkChange, at: At, tx: Writer) -> JoinLinkOut:
    """Rename a link, move it, change its campaign or the sites that may frame its form, archive it, bring it back."""
    return _out(await service.change_join_link(tx, link_id, body), at)


@router.get("/links/{link_id}/qr.{kind}", response_class=Response, responses=refusals(LinkNotFound))
async def get_link_qr(link_id: JoinLinkId, kind: Format, at: At, tx: Reader, look: Look) -> Response:
    """The QR code of a link, as SVG or PNG."""
    link = await service.get_join_link(tx, link_id)
    return await drawn_code(tx, link_url(link, at), kind, look)


@router.get("/programs/{program_id}/qr.{kind}", response_class=Response, responses=refusals(ProgramNotFound))
async def get_program_qr(program_id: ProgramId, kind: Format, at: At, tx: Reader, look: Look) -> Response:
    """The QR code of a program's own link."""
    return await drawn_code(tx, await _program_url(tx, program_id, at), kind, look)


@router.get("/programs/{program_id}/funnel", responses=refusals(ProgramNotFound, PeriodTooLong))
async def get_funnel(
    program_id: ProgramId,
    tx: Reader,
    start: FirstDay = None,
    end: EndDay = None,
    by: By = "platform",
) -> FunnelOut:
    """From the page that was seen to the card that was added, by days of the program's time zone."""
    zone = (await programs.get_program(tx, program_id)).time_zone
    return await service.funnel(tx, program_id, *period_of(start, end, zone), by)


@router.get("/coupon-campaigns/{campaign_id}/funnel", responses=refusals(CampaignNotFound, PeriodTooLong))
async def get_campaign_funnel(
    campaign_id: CampaignId, tx: Reader, start: FirstDay = None, end: EndDay = None, by: By = "platform"
) -> FunnelOut:
    """The same for the cards of a coupon campaign, by days of the organization's time zone."""
    zone = (await organizations.get_organization(tx)).time_zone
    return await service.campaign_funnel(tx, campaign_id, *period_of(start, end, zone), by)


@router.get("/gift-card-products/{product_id}/funnel", responses=refusals(GiftCardProductNotFound, PeriodTooLong))
async def get_product_funnel(
    product_id: GiftCardProductId, tx: Reader, start: FirstDay = None, end: EndDay = None, by: By = "platform"
) -> FunnelOut:
    """The same for the cards of a gift card product, by days of the organization's time zone."""
    zone = (await organizations.get_organization(tx)).time_zone
    return await service.product_funnel(tx, product_id, *period_of(start, end, zone), by)


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
    picture = qr.svg(url, qr.Style(pixels=qr.SHOWN_PIXELS)).decode()
    return SmartLinkOut(pass_id=pass_id, url=url, qr_svg=picture, apple_url=f"{url}.pkpass", google_url=f"{url}.gpay")


def _out(link: JoinLink, at: Edge) -> JoinLinkOut:
    made = {"url": link_url(link, at), "embed_url": embed_url(link, at), "is_default": bool(link.is_default)}
    return JoinLinkOut(**{name: made.get(name, getattr(link, name, None)) for name in JoinLinkOut.model_fields})


async def _program_url(tx: Tx, program_id: UUID, at: Edge) -> str:
    link = await service.find_default_link(tx, program_id)
    return link_url(link, at) if link else at.settings.url(f"/join/{encode('prg', program_id)}")

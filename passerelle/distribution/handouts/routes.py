"""HTTP of handout links."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from passerelle.distribution.addresses import At
from passerelle.distribution.codes import Format, Look, drawn_code
from passerelle.distribution.errors import PeriodTooLong, PosterNotDrawn
from passerelle.distribution.handouts import service
from passerelle.distribution.handouts.errors import (
    CampaignForHolders,
    FewerThanHandedOut,
    HandoutLinkNotFound,
    TooManyHandoutLinks,
)
from passerelle.distribution.handouts.models import HandoutLinkRow
from passerelle.distribution.handouts.schemas import (
    HandoutFiguresOut,
    HandoutFilter,
    HandoutLinkChange,
    HandoutLinkId,
    HandoutLinkIn,
    HandoutLinkOut,
)
from passerelle.distribution.periods import EndDay, FirstDay, period_of
from passerelle.distribution.posters import service as posters
from passerelle.distribution.posters.answers import DrawnPoster
from passerelle.distribution.posters.schemas import PosterDesign, PosterFormat, PosterOut
from passerelle.giftcards.errors import GiftCardProductNotFound
from passerelle.giftcards.schemas.values import GiftCardProductId
from passerelle.kit.db import Tx
from passerelle.kit.web import Edge, Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.organizations import service as organizations
from passerelle.rewards.coupons.errors import CampaignNotFound
from passerelle.rewards.coupons.schemas import CampaignId

router = Router(prefix="/api/v1", tags=["distribution"])
Writer = Annotated[Tx, allow("coupons:write")]
Reader = Annotated[Tx, allow("coupons:read")]
Changed = Annotated[PosterDesign, Query()]


@router.post(
    "/handout-links",
    status_code=201,
    responses=refusals(CampaignNotFound, CampaignForHolders, GiftCardProductNotFound, TooManyHandoutLinks),
)
async def create_handout_link(body: HandoutLinkIn, at: At, tx: Writer) -> HandoutLinkOut:
    """A public link: whoever opens it may take one code of the campaign as a card, or sees what a gift card is."""
    return link_out(await service.create_handout_link(tx, body), at)


@router.get("/handout-links", responses=refusals())
async def list_handout_links(
    *,
    at: At,
    tx: Reader,
    campaign_id: Annotated[CampaignId | None, Query(description="Only those of this campaign.")] = None,
    gift_card_product_id: Annotated[
        GiftCardProductId | None, Query(description="Only those of this gift card.")
    ] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[HandoutLinkOut]:
    """Handout links, newest first, with how many codes each gave."""
    wanted = HandoutFilter(campaign_id, gift_card_product_id)
    items = [link_out(link, at) for link in await service.list_handout_links(tx, after(cursor), limit, wanted)]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/handout-links/{link_id}", responses=refusals(HandoutLinkNotFound))
async def get_handout_link(link_id: HandoutLinkId, at: At, tx: Reader) -> HandoutLinkOut:
    """One handout link."""
    return link_out(await service.get_handout_link(tx, link_id), at)


@router.patch("/handout-links/{link_id}", responses=refusals(HandoutLinkNotFound, FewerThanHandedOut))
async def change_handout_link(link_id: HandoutLinkId, body: HandoutLinkChange, at: At, tx: Writer) -> HandoutLinkOut:
    """Rename a link, change how many codes it gives, switch it off or on. Codes it gave stay."""
    return link_out(await service.change_handout_link(tx, link_id, body), at)


@router.get("/handout-links/{link_id}/qr.{kind}", response_class=Response, responses=refusals(HandoutLinkNotFound))
async def get_handout_qr(link_id: HandoutLinkId, kind: Format, at: At, tx: Reader, look: Look) -> Response:
    """The QR code of a handout link, as SVG or PNG."""
    return await drawn_code(tx, link_url(await service.get_handout_link(tx, link_id), at), kind, look)


@router.get("/handout-link-figures", responses=refusals(PeriodTooLong))
async def get_handout_figures(
    tx: Reader,
    link_id: Annotated[list[HandoutLinkId], Query(min_length=1, max_length=200, description="Of which links.")],
    start: FirstDay = None,
    end: EndDay = None,
) -> HandoutFiguresOut:
    """How handout links did: pages seen, codes taken, cards added, by days of the organization's time zone."""
    first, last = period_of(start, end, (await organizations.get_organization(tx)).time_zone)
    items = await service.handout_figures(tx, link_id, first, last)
    return HandoutFiguresOut(start=first, end=last, items=items)


@router.get("/handout-links/{link_id}/poster", responses=refusals(HandoutLinkNotFound))
async def get_handout_poster(link_id: HandoutLinkId, tx: Reader) -> PosterOut:
    """The design of a link's poster, with the words and colours that stand where it says nothing."""
    return await posters.get_poster(tx, await service.poster_of(tx, await service.get_handout_link(tx, link_id)))


@router.put("/handout-links/{link_id}/poster", responses=refusals(HandoutLinkNotFound))
async def save_handout_poster(link_id: HandoutLinkId, body: PosterDesign, tx: Writer) -> PosterOut:
    """Keep a design: the poster of this link is drawn by it from now on."""
    return await service.save_poster(tx, link_id, body)


@router.get(
    "/handout-links/{link_id}/poster.{kind}",
    response_class=Response,
    responses=refusals(HandoutLinkNotFound, PosterNotDrawn),
)
async def draw_handout_poster(
    link_id: HandoutLinkId, kind: PosterFormat, at: At, tx: Reader, changed: Changed
) -> Response:
    """The poster as it was designed; what the query says counts instead, to try it before it is kept."""
    link = await service.get_handout_link(tx, link_id)
    subject = await service.poster_of(tx, link)
    return DrawnPoster(await posters.order_poster(tx, subject, changed, kind, link_url(link, at)))


def link_out(link: HandoutLinkRow, at: Edge) -> HandoutLinkOut:
    """A link with its address."""
    made = {"url": link_url(link, at), "gift_card_product_id": link.product_id}
    return HandoutLinkOut(**{name: made.get(name, getattr(link, name, None)) for name in HandoutLinkOut.model_fields})


def link_url(link: HandoutLinkRow, at: Edge) -> str:
    """Its short address."""
    return at.settings.url(f"/o/{link.code}")

"""HTTP of handout links."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from fastapi.responses import Response

from passerelle.distribution import qr
from passerelle.distribution.handouts import service
from passerelle.distribution.handouts.errors import (
    CampaignForHolders,
    FewerThanHandedOut,
    HandoutLinkNotFound,
    TooManyHandoutLinks,
)
from passerelle.distribution.handouts.models import HandoutLinkRow
from passerelle.distribution.handouts.schemas import (
    HandoutLinkChange,
    HandoutLinkId,
    HandoutLinkIn,
    HandoutLinkOut,
)
from passerelle.kit.db import Tx
from passerelle.kit.web import Edge, Router, allow, edge, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.rewards.coupons.errors import CampaignNotFound
from passerelle.rewards.coupons.schemas import CampaignId

router = Router(prefix="/api/v1", tags=["distribution"])
At = Annotated[Edge, Depends(edge)]
Writer = Annotated[Tx, allow("coupons:write")]
Reader = Annotated[Tx, allow("coupons:read")]
Pixels = Annotated[int, Query(ge=qr.MIN_PIXELS, le=qr.MAX_PIXELS, description="Width in pixels.")]


@router.post(
    "/handout-links",
    status_code=201,
    responses=refusals(CampaignNotFound, CampaignForHolders, TooManyHandoutLinks),
)
async def create_handout_link(body: HandoutLinkIn, at: At, tx: Writer) -> HandoutLinkOut:
    """A public link: whoever opens it may take one code of the campaign, as a card for their wallet."""
    return link_out(await service.create_handout_link(tx, body), at)


@router.get("/handout-links", responses=refusals())
async def list_handout_links(
    at: At,
    tx: Reader,
    campaign_id: Annotated[CampaignId | None, Query(description="Only those of this campaign.")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[HandoutLinkOut]:
    """Handout links, newest first, with how many codes each gave."""
    links = await service.list_handout_links(tx, after(cursor), limit, campaign_id=campaign_id)
    items = [link_out(link, at) for link in links]
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
async def get_handout_qr(
    link_id: HandoutLinkId, kind: Literal["svg", "png"], at: At, tx: Reader, size: Pixels = 512
) -> Response:
    """The QR code of a handout link, as SVG or PNG."""
    return qr_of(link_out(await service.get_handout_link(tx, link_id), at).url, kind, size)


def qr_of(url: str, kind: Literal["svg", "png"], size: int) -> Response:
    """A QR code, as SVG or PNG."""
    look = qr.Style(pixels=size)
    data, media = (qr.svg(url, look), "image/svg+xml") if kind == "svg" else (qr.png(url, look), "image/png")
    return Response(data, media_type=media, headers={"Cache-Control": "private, max-age=3600"})


def link_out(link: HandoutLinkRow, at: Edge) -> HandoutLinkOut:
    """A link with its address."""
    fields = {name: getattr(link, name) for name in HandoutLinkOut.model_fields if name != "url"}
    return HandoutLinkOut(**fields, url=at.settings.url(f"/o/{link.code}"))

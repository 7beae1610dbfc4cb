"""HTTP of public links to the tickets of an event."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from passerelle.distribution.addresses import At
from passerelle.distribution.codes import Format, Look, drawn_code
from passerelle.distribution.errors import PosterNotDrawn
from passerelle.distribution.handouts import service
from passerelle.distribution.handouts.errors import FewerThanHandedOut, HandoutLinkNotFound, TooManyHandoutLinks
from passerelle.distribution.handouts.routes import link_out, link_url
from passerelle.distribution.handouts.schemas import (
    HandoutFilter,
    HandoutLinkChange,
    HandoutLinkId,
    HandoutLinkOut,
    TicketLinkIn,
)
from passerelle.distribution.posters import service as posters
from passerelle.distribution.posters.answers import DrawnPoster
from passerelle.distribution.posters.schemas import PosterDesign, PosterFormat, PosterOut
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.ticketing.errors import TicketedEventNotFound
from passerelle.ticketing.schemas import TicketedEventId

router = Router(prefix="/api/v1/ticketed-events/{event_id}/handout-links", tags=["distribution"])
Writer = Annotated[Tx, allow("tickets:write")]
Reader = Annotated[Tx, allow("tickets:read")]
Changed = Annotated[PosterDesign, Query()]


@router.post("", status_code=201, responses=refusals(TicketedEventNotFound, TooManyHandoutLinks))
async def create_ticket_link(event_id: TicketedEventId, body: TicketLinkIn, at: At, tx: Writer) -> HandoutLinkOut:
    """A public link: whoever opens it may take one ticket of the event, as a card for their wallet."""
    return link_out(await service.create_ticket_link(tx, event_id, body), at)


@router.get("", responses=refusals())
async def list_ticket_links(
    event_id: TicketedEventId, at: At, tx: Reader, limit: PageSize = 50, cursor: Cursor = None
) -> Page[HandoutLinkOut]:
    """Links to tickets of the event, newest first, with how many tickets each gave."""
    links = await service.list_handout_links(tx, after(cursor), limit, HandoutFilter(event_id=event_id))
    items = [link_out(link, at) for link in links]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.patch("/{link_id}", responses=refusals(HandoutLinkNotFound, FewerThanHandedOut))
async def change_ticket_link(
    event_id: TicketedEventId, link_id: HandoutLinkId, body: HandoutLinkChange, at: At, tx: Writer
) -> HandoutLinkOut:
    """Rename a link, change how many tickets it gives, switch it off or on. Tickets it gave stay."""
    return link_out(await service.change_handout_link(tx, link_id, body, event_id=event_id), at)


@router.get("/{link_id}/qr.{kind}", response_class=Response, responses=refusals(HandoutLinkNotFound))
async def get_ticket_link_qr(
    event_id: TicketedEventId, link_id: HandoutLinkId, kind: Format, *, at: At, tx: Reader, look: Look
) -> Response:
    """The QR code of a link, as SVG or PNG."""
    link = await service.get_handout_link(tx, link_id, event_id=event_id)
    return await drawn_code(tx, link_url(link, at), kind, look)


@router.get("/{link_id}/poster", responses=refusals(HandoutLinkNotFound))
async def get_ticket_poster(event_id: TicketedEventId, link_id: HandoutLinkId, tx: Reader) -> PosterOut:
    """The design of a link's poster, with the words and colours that stand where it says nothing."""
    link = await service.get_handout_link(tx, link_id, event_id=event_id)
    return await posters.get_poster(tx, await service.poster_of(tx, link))


@router.put("/{link_id}/poster", responses=refusals(HandoutLinkNotFound))
async def save_ticket_poster(
    event_id: TicketedEventId, link_id: HandoutLinkId, body: PosterDesign, tx: Writer
) -> PosterOut:
    """Keep a design: the poster of this link is drawn by it from now on."""
    return await service.save_poster(tx, link_id, body, event_id=event_id)


@router.get(
    "/{link_id}/poster.{kind}", response_class=Response, responses=refusals(HandoutLinkNotFound, PosterNotDrawn)
)
async def draw_ticket_poster(
    event_id: TicketedEventId, link_id: HandoutLinkId, kind: PosterFormat, *, at: At, tx: Reader, changed: Changed
) -> Response:
    """The poster as it was designed; what the query says counts instead, to try it before it is kept."""
    link = await service.get_handout_link(tx, link_id, event_id=event_id)
    subject = await service.poster_of(tx, link)
    return DrawnPoster(await posters.order_poster(tx, subject, changed, kind, link_url(link, at)))

"""HTTP of public links to the tickets of an event."""

from typing import Annotated, Literal

from fastapi.responses import Response

from passerelle.distribution.handouts import service
from passerelle.distribution.handouts.errors import FewerThanHandedOut, HandoutLinkNotFound, TooManyHandoutLinks
from passerelle.distribution.handouts.routes import At, Pixels, link_out, qr_of
from passerelle.distribution.handouts.schemas import (
    HandoutLinkChange,
    HandoutLinkId,
    HandoutLinkOut,
    TicketLinkIn,
)
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.ticketing.errors import TicketedEventNotFound
from passerelle.ticketing.schemas import TicketedEventId

router = Router(prefix="/api/v1/ticketed-events/{event_id}/handout-links", tags=["distribution"])
Writer = Annotated[Tx, allow("tickets:write")]
Reader = Annotated[Tx, allow("tickets:read")]


@router.post("", status_code=201, responses=refusals(TicketedEventNotFound, TooManyHandoutLinks))
async def create_ticket_link(event_id: TicketedEventId, body: TicketLinkIn, at: At, tx: Writer) -> HandoutLinkOut:
    """A public link: whoever opens it may take one ticket of the event, as a card for their wallet."""
    return link_out(await service.create_ticket_link(tx, event_id, body), at)


@router.get("", responses=refusals())
async def list_ticket_links(
    event_id: TicketedEventId, at: At, tx: Reader, limit: PageSize = 50, cursor: Cursor = None
) -> Page[HandoutLinkOut]:
    """Links to tickets of the event, newest first, with how many tickets each gave."""
    links = await service.list_handout_links(tx, after(cursor), limit, event_id=event_id)
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
    event_id: TicketedEventId,
    link_id: HandoutLinkId,
    kind: Literal["svg", "png"],
    *,
    at: At,
    tx: Reader,
    size: Pixels = 512,
) -> Response:
    """The QR code of a link, as SVG or PNG."""
    return qr_of(link_out(await service.get_handout_link(tx, link_id, event_id=event_id), at).url, kind, size)

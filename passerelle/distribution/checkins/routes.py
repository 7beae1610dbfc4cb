"""HTTP of what is put up at a location for customers to check in by: address, QR code, poster, screen."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from passerelle.checkins import service as checkins
from passerelle.checkins.errors import CheckInIsOff
from passerelle.checkins.schemas import PERIOD_SECONDS
from passerelle.distribution import qr
from passerelle.distribution.addresses import At
from passerelle.distribution.checkins.pages import code_path, screen_path
from passerelle.distribution.checkins.schemas import CheckInCodeOut, CheckInScreenOut
from passerelle.distribution.codes import Format, Look, drawn_code
from passerelle.distribution.errors import PosterNotDrawn
from passerelle.distribution.offers import CheckInOffer
from passerelle.distribution.posters import service as posters
from passerelle.distribution.posters.answers import DrawnPoster
from passerelle.distribution.posters.schemas import PosterDesign, PosterFormat
from passerelle.kit.db import Tx
from passerelle.kit.web import Edge, Router, allow, refusals
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import LocationNotFound
from passerelle.organizations.schemas import LocationId

router = Router(prefix="/api/v1/locations/{location_id}/check-in", tags=["check-ins"])
Reader = Annotated[Tx, allow("links:read")]


@router.get("/code", responses=refusals(LocationNotFound, CheckInIsOff))
async def get_code(location_id: LocationId, at: At, tx: Reader) -> CheckInCodeOut:
    """The address that a location's printed code leads to."""
    url = await _url(tx, location_id, at)
    return CheckInCodeOut(url=url, qr_svg=qr.svg(url, qr.Style(pixels=qr.SHOWN_PIXELS)).decode())


@router.get("/screen", responses=refusals(LocationNotFound, CheckInIsOff))
async def get_screen(location_id: LocationId, at: At, tx: Annotated[Tx, allow("links:write")]) -> CheckInScreenOut:
    """The secret address of the screen at the counter: a page with a code that changes."""
    path = screen_path(tx.organization_id, await checkins.screen_secret(tx, location_id))
    return CheckInScreenOut(url=at.settings.url(path), period_seconds=PERIOD_SECONDS)


@router.get("/qr.{kind}", response_class=Response, responses=refusals(LocationNotFound, CheckInIsOff))
async def get_qr(location_id: LocationId, kind: Format, at: At, tx: Reader, look: Look) -> Response:
    """The printed code of a location, as SVG or PNG."""
    return await drawn_code(tx, await _url(tx, location_id, at), kind, look)


@router.get(
    "/poster.{kind}", response_class=Response, responses=refusals(LocationNotFound, CheckInIsOff, PosterNotDrawn)
)
async def draw_poster(
    location_id: LocationId, kind: PosterFormat, at: At, tx: Reader, design: Annotated[PosterDesign, Query()]
) -> Response:
    """“Check in here”, as PDF or SVG, with the words and colours that the query says."""
    url = await _url(tx, location_id, at)
    location = await organizations.get_location(tx, location_id)
    offer = CheckInOffer(await organizations.get_organization(tx), location)
    subject = posters.Subject(offer, None, posters.design_of(None))
    return DrawnPoster(await posters.order_poster(tx, subject, design, kind, url))


async def _url(tx: Tx, location_id: LocationId, at: Edge) -> str:
    return at.settings.url(code_path(tx.organization_id, await checkins.printed_code(tx, location_id)))

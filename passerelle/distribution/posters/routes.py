"""HTTP of posters: the design of a link's poster, and the poster itself as PDF or as the picture of it."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from passerelle.distribution import service
from passerelle.distribution.addresses import At, link_url
from passerelle.distribution.errors import LinkNotFound, PosterNotDrawn
from passerelle.distribution.models import JoinLink
from passerelle.distribution.posters import service as posters
from passerelle.distribution.posters.answers import DrawnPoster
from passerelle.distribution.posters.schemas import PosterDesign, PosterFormat, PosterOut
from passerelle.distribution.schemas import JoinLinkId
from passerelle.kit.db import Tx
from passerelle.kit.web import Edge, Router, allow, refusals
from passerelle.programs.errors import ProgramNotFound
from passerelle.programs.schemas import ProgramId

router = Router(prefix="/api/v1", tags=["distribution"])
Reader = Annotated[Tx, allow("links:read")]
Changed = Annotated[PosterDesign, Query()]


@router.get("/links/{link_id}/poster", responses=refusals(LinkNotFound))
async def get_poster(link_id: JoinLinkId, tx: Reader) -> PosterOut:
    """The design of a link's poster, with the words and colours that stand where it says nothing."""
    return await posters.get_poster(tx, await posters.subject_of(tx, await service.get_join_link(tx, link_id)))


@router.put("/links/{link_id}/poster", responses=refusals(LinkNotFound))
async def save_poster(link_id: JoinLinkId, body: PosterDesign, tx: Annotated[Tx, allow("links:write")]) -> PosterOut:
    """Keep a design: the poster of this link is drawn by it from now on."""
    return await posters.save_poster(tx, await service.get_join_link(tx, link_id), body)


@router.get(
    "/links/{link_id}/poster.{kind}", response_class=Response, responses=refusals(LinkNotFound, PosterNotDrawn)
)
async def draw_link_poster(link_id: JoinLinkId, kind: PosterFormat, at: At, tx: Reader, changed: Changed) -> Response:
    """The poster as it was designed; what the query says counts instead, to try it before it is kept."""
    return await _drawn(tx, await service.get_join_link(tx, link_id), kind, at, changed)


@router.get(
    "/programs/{program_id}/poster.{kind}",
    response_class=Response,
    responses=refusals(ProgramNotFound, LinkNotFound, PosterNotDrawn),
)
async def draw_program_poster(
    program_id: ProgramId, kind: PosterFormat, at: At, tx: Reader, changed: Changed
) -> Response:
    """The poster of a program's own link."""
    link = await service.find_default_link(tx, program_id)
    if link is None:
        raise LinkNotFound
    return await _drawn(tx, link, kind, at, changed)


async def _drawn(tx: Tx, link: JoinLink, kind: PosterFormat, at: Edge, changed: PosterDesign) -> Response:
    subject = await posters.subject_of(tx, link)
    return DrawnPoster(await posters.order_poster(tx, subject, changed, kind, link_url(link, at)))

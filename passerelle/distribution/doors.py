"""From the address of a join page to its program, shop and campaign; and the cookie of those who went in."""

import base64
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from passerelle.distribution import rules, service
from passerelle.distribution.errors import LinkNotFound
from passerelle.distribution.models import JoinLink
from passerelle.distribution.schemas import Trail
from passerelle.distribution.tenants import tenant_of
from passerelle.kit.db import Tx
from passerelle.kit.ids import decode, encode
from passerelle.kit.web import edge
from passerelle.programs import service as programs

_MAX_REFERRAL_CODE: Final = 40
_COOKIE_SECONDS: Final = 180 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Door:
    """What an address leads to. ``is_framed``: the form is asked for as a frame, of ``embed_origins``.

    What a merchant looks at in the dashboard is not counted.
    """

    program_id: UUID
    trail: Trail
    ask_email: bool = False
    referral_code: str = ""
    embed_origins: tuple[str, ...] = ()
    is_framed: bool = False
    is_archived: bool = False
    is_counted: bool = True


async def tenant_behind(request: Request) -> UUID | None:
    """Whose address it is; raises InvalidId."""
    database = edge(request).database
    if "code" in request.path_params:
        return await tenant_of(database, "join_link", service.link_key(request.path_params["code"][:64]))
    program = encode("prg", decode("prg", request.path_params["program"]))
    return await tenant_of(database, "program", programs.program_key(program))


async def open_door(tx: Tx, request: Request) -> Door:
    """Where the address leads; raises LinkNotFound or InvalidId.

    Campaign parameters of the address come before those of the link.
    """
    query = request.query_params
    utm: dict[str, Any] = {
        name: rules.clean_utm(query.get(name)) for name in ("utm_source", "utm_medium", "utm_campaign")
    }
    given = {name: value for name, value in utm.items() if value}
    referral_code = query.get("ref", "")[:_MAX_REFERRAL_CODE]
    is_framed = request.url.path.removesuffix("/member").endswith("/embed")
    if "code" not in request.path_params and not is_framed:
        location = query.get("location")
        location_id = decode("loc", location) if location else None
        trail = Trail(location_id=location_id, **given)
        return Door(decode("prg", request.path_params["program"]), trail, referral_code=referral_code)
    link = await _link_of(tx, request)
    kept = {"utm_source": link.utm_source, "utm_medium": link.utm_medium, "utm_campaign": link.utm_campaign}
    return Door(
        link.program_id,
        Trail(location_id=link.location_id, join_link_id=link.id, **{**kept, **given}),
        ask_email=link.ask_email,
        referral_code=referral_code,
        embed_origins=tuple(link.embed_origins),
        is_framed=is_framed,
        is_archived=link.archived_at is not None,
        is_counted=not _is_tried_out(request),
    )


async def _link_of(tx: Tx, request: Request) -> JoinLink:
    """The link of a short address, or the program's own."""
    if "code" in request.path_params:
        link = await service.find_link_by_code(tx, request.path_params["code"][:64])
    else:
        link = await service.find_default_link(tx, decode("prg", request.path_params["program"]))
    if link is None:
        raise LinkNotFound
    return link


def _is_tried_out(request: Request) -> bool:
    """Whether a page of this server shows the form in a frame, which only the dashboard does."""
    headers = request.headers
    return headers.get("sec-fetch-dest") == "iframe" and headers.get("sec-fetch-site") == "same-origin"


def _cookie(organization_id: UUID) -> str:
    """One name per shop, so that shops on one server cannot be put together by it."""
    return encode("joined", organization_id)


def remember(answer: Response, organization_id: UUID, nonce: bytes, *, secure: bool) -> None:
    """Let the browser show later that it is the one that sent this form."""
    answer.set_cookie(
        _cookie(organization_id),
        base64.urlsafe_b64encode(nonce).decode(),
        max_age=_COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def known_nonces(request: Request, organization_id: UUID) -> list[bytes]:
    """The form that this browser sent before, if it did."""
    try:
        nonce = base64.urlsafe_b64decode(request.cookies.get(_cookie(organization_id), "").encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        return []
    return [nonce] if len(nonce) == 16 else []

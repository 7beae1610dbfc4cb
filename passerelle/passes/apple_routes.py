"""Apple's web service over HTTP, exactly as Apple's table has it. Not part of our API: Apple is the client.

Plain Starlette routes: phones come by the thousand a minute, and nothing here needs a schema.
"""

import asyncio
from datetime import datetime
from email.utils import format_datetime
from typing import Any, ClassVar, Final
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerelle.kit import clock
from passerelle.kit.crypto import TenantKeys, TenantUnknown
from passerelle.kit.db import Row
from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence
from passerelle.kit.log import logger
from passerelle.kit.web import edge
from passerelle.passes import apple, queries, signing_up
from passerelle.passes.errors import AppleNotConfigured
from passerelle.passes.identities import Apple
from passerelle.passes.own.held import identities_of
from passerelle.passes.phones import Phones
from passerelle.passes.rendering import pack_apple, sign_apple
from passerelle.passes.serials import open_serial_number
from passerelle.passes.wallets.apple.package import MIME_TYPE

_log: Final = logger(__name__)
_MAX_LOGS: Final = 50
_MAX_LOG: Final = 1_000
_SCHEME: Final = "applepass "


class WrongPassToken(Refusal):
    """The phone did not show the card's authentication token."""

    code = "wrong_pass_token"
    status = 401
    text: ClassVar[Sentence] = {
        "en": "The authentication token is not this card's. Remove the card and add it again.",
        "fr": "Le jeton d'authentification n'est pas celui de cette carte. Supprimez-la et ajoutez-la à nouveau.",
        "ar": "رمز المصادقة لا يخص هذه البطاقة. احذف البطاقة وأضفها من جديد.",
    }


class MalformedRegistration(Refusal):
    """A registration without a usable push token."""

    code = "malformed_registration"
    status = 400
    text: ClassVar[Sentence] = {
        "en": "Send a JSON object with “pushToken”, as Apple's web service does.",
        "fr": "Envoyez un objet JSON avec « pushToken », comme le service web d'Apple.",
        "ar": "أرسل كائن JSON يحتوي على «pushToken» كما تفعل خدمة Apple.",
    }


async def register(request: Request) -> Response:
    """1. ``POST …/devices/{device}/registrations/{type}/{serial}``: 201 new, 200 known, 401."""
    organization_id, pass_id = _place(request)
    push_token = _push_token(await request.body())
    device, pass_type = _device(request)
    await _apple(request, organization_id)
    await _checked_keys(request, organization_id)
    async with edge(request).database.transaction(organization_id) as tx:
        is_new = await apple.register(tx, pass_id, device, pass_type, push_token)
        if is_new is None:
            raise WrongPassToken
    return Response(status_code=201 if is_new else 200)


async def unregister(request: Request) -> Response:
    """2. ``DELETE`` of the same: 200, 401."""
    organization_id, pass_id = _place(request)
    await _checked_keys(request, organization_id)
    async with edge(request).database.transaction(organization_id) as tx:
        await apple.unregister(tx, pass_id, *_device(request))
    return Response(status_code=200)


async def list_changes(request: Request) -> Response:
    """3. ``GET …/devices/{device}/registrations/{type}?passesUpdatedSince=``: 200 or 204."""
    since = request.query_params.get("passesUpdatedSince")
    changes = await phones_of(request).list_changes(*_device(request), since)
    if changes is None:
        return Response(status_code=204)
    body = orjson.dumps({"serialNumbers": changes.serial_numbers, "lastUpdated": changes.tag})
    return Response(body, media_type="application/json")


async def fetch(request: Request) -> Response:
    """4. ``GET …/passes/{type}/{serial}``: 200 with the card and Last-Modified, 304, 401."""
    organization_id, pass_id = _place(request)
    signing = await _apple(request, organization_id)
    keys = await _checked_keys(request, organization_id)
    since = apple.modified_since(request.headers.get("if-modified-since"))
    if request.method == "HEAD":
        return await _head(request, organization_id, pass_id, since, signing)
    fetched = await phones_of(request).fetch(organization_id, pass_id, since)
    if fetched is None:
        raise WrongPassToken
    headers = _headers_of(fetched.row)
    if fetched.content is None:
        return Response(status_code=304, headers=headers)
    async with phones_of(request).signing:
        content = sign_apple(fetched.row, *fetched.content, keys, signing)
        await asyncio.sleep(0)
    return Response(content, headers=headers, media_type=MIME_TYPE)


async def _head(
    request: Request, organization_id: UUID, pass_id: UUID, since: datetime | None, signing: Apple
) -> Response:
    """As GET without the body; nobody has fetched anything."""
    async with edge(request).database.transaction(organization_id) as tx:
        row = await queries.find_pass(tx, pass_id)
        if row is None:
            raise WrongPassToken
        if since is not None and row["changed_at"] <= since:
            return Response(status_code=304, headers=_headers_of(row))
        content = await pack_apple(tx, row, signing)
    return Response(content, headers=_headers_of(row), media_type=MIME_TYPE)


def _headers_of(row: Row) -> dict[str, str]:
    return {"Last-Modified": format_datetime(row["changed_at"], usegmt=True), "Cache-Control": "no-cache"}


async def personalize(request: Request) -> Response:
    """6. ``POST …/passes/{type}/{serial}/personalize``: 200 with the signed token, 401."""
    organization_id, pass_id = _place(request)
    signing = await _apple(request, organization_id)
    await _checked_keys(request, organization_id)
    told = signing_up.read_body(await request.body())
    async with edge(request).database.transaction(organization_id) as tx:
        if not await signing_up.sign_up(tx, pass_id, told.info):
            raise WrongPassToken
    return Response(signing.signer.sign_detached(told.token.encode()), media_type="application/octet-stream")


async def log(request: Request) -> Response:
    """5. ``POST /v1/log``: what phones complain about, kept in our log in bounded size."""
    try:
        lines: Any = orjson.loads(await request.body())["logs"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        lines = []
    for line in lines[:_MAX_LOGS] if isinstance(lines, list) else []:
        _log.warning("apple_wallet_complaint", said=str(line)[:_MAX_LOG], at=clock.now().isoformat())
    return Response(status_code=200)


def _place(request: Request) -> tuple[UUID, UUID]:
    """Tenant and card of the serial number. An unknown serial looks like a wrong token: nothing is told."""
    found = open_serial_number(request.path_params["serial"])
    if found is None:
        raise WrongPassToken
    return found


def _device(request: Request) -> tuple[str, str]:
    device, pass_type = request.path_params["device"], request.path_params["type"]
    if len(device) > apple.MAX_IDENTIFIER or len(pass_type) > apple.MAX_IDENTIFIER or "\0" in device + pass_type:
        raise MalformedRegistration
    return device, pass_type


async def _checked_keys(request: Request, organization_id: UUID) -> TenantKeys:
    """The tenant's keys, for a phone that shows the card's token; raises WrongPassToken."""
    header = request.headers.get("authorization", "")
    token = header[len(_SCHEME) :].strip() if header.lower().startswith(_SCHEME) else ""
    try:
        keys = await phones_of(request).keys(organization_id)
    except TenantUnknown:
        raise WrongPassToken from None
    if not apple.is_token(keys, request.path_params["serial"], token):
        raise WrongPassToken
    return keys


def phones_of(request: Request) -> Phones:
    """What answers phones in this process."""
    phones: Phones = request.app.state.phones
    return phones


async def _apple(request: Request, organization_id: UUID) -> Apple:
    """What signs cards of the request's pass type; raises WrongPassToken for a pass type that is not ours.

    AppleNotConfigured while there is no certificate at all: phones keep the card and come again.
    """
    identities = identities_of(request)
    pass_type = request.path_params["type"]
    found = identities.known_apple(organization_id, pass_type)
    if found is None:
        async with edge(request).database.transaction(organization_id) as tx:
            found = await identities.apple_of(tx, pass_type)
    if found is None:
        raise AppleNotConfigured if identities.server.apple_or_none is None else WrongPassToken
    return found


def _push_token(body: bytes) -> str:
    try:
        token = orjson.loads(body)["pushToken"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise MalformedRegistration from None
    if not isinstance(token, str) or not 1 <= len(token) <= apple.MAX_IDENTIFIER or not token.isalnum():
        raise MalformedRegistration
    return token


_REGISTRATION: Final = "/wallet/apple/v1/devices/{device}/registrations/{type}/{serial}"
ROUTES: Final[tuple[BaseRoute, ...]] = (
    Route(_REGISTRATION, register, methods=["POST"]),
    Route(_REGISTRATION, unregister, methods=["DELETE"]),
    Route("/wallet/apple/v1/devices/{device}/registrations/{type}", list_changes, methods=["GET"]),
    Route("/wallet/apple/v1/passes/{type}/{serial}", fetch, methods=["GET"]),
    Route("/wallet/apple/v1/passes/{type}/{serial}/personalize", personalize, methods=["POST"]),
    Route("/wallet/apple/v1/log", log, methods=["POST"]),
)

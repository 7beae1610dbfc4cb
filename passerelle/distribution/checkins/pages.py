"""The pages of checking in alone: ``/m/{organization}/check-in/{code}``, and the screen whose code changes.

They lie below my page, whose cookie is sent there alone. A look changes nothing; a form does, once.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerelle.checkins import service as checkins
from passerelle.checkins.errors import CheckInCodeOver, CheckInCodeUnknown, CheckInIsOff
from passerelle.checkins.schemas import CheckInPlaceOut, Position
from passerelle.customers import service as customers
from passerelle.distribution import html, pacing
from passerelle.distribution.checkins import knowing
from passerelle.distribution.checkins.telling import earnings
from passerelle.distribution.form_reading import UnreadableForm, read_fields
from passerelle.distribution.mypage.rules import read_secret, written
from passerelle.distribution.mypage.service import page_path
from passerelle.distribution.mypage.visiting import Answer, Visit, enter_or_tell
from passerelle.distribution.mypage.wording import page_texts
from passerelle.distribution.qr import inline_svg
from passerelle.distribution.rules import opener_of
from passerelle.distribution.visits import address_of, guarded, is_prefetch, user_agent
from passerelle.distribution.writing import moment, unbroken
from passerelle.kit import clock, mail
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.web import edge

_looks: Final = pacing.Budget(pacing.VIEW_BUDGET)
_acts: Final = pacing.Budget(pacing.FORM_BUDGET)


def code_path(organization_id: UUID, code: bytes) -> str:
    """Where a code leads."""
    return f"{page_path(organization_id)}/check-in/{written(code)}"


def screen_path(organization_id: UUID, secret: bytes) -> str:
    """Where a screen is shown."""
    return f"{page_path(organization_id)}/screen/{written(secret)}"


@guarded
async def show(request: Request) -> Response:
    """``GET``: a button for who is known, the way to sign in for everybody else."""
    if is_prefetch(request):
        return Response(status_code=503, headers={"Cache-Control": "no-store"})
    if not _looks.spend(address_of(request), 1, clock.now()):
        return html.notice(request, html.FORBIDDEN, html.language_for(request))

    async def answer(tx: Tx, visit: Visit) -> Response:
        code = _code(request)
        place = await checkins.get_place(tx, (await checkins.read_code(tx, code, clock.now())).location_id)
        customer_id = await knowing.known_customer(tx, visit)
        if customer_id is None:
            return _sign_in(visit, place)
        return await _form(tx, visit, place, code, customer_id)

    return await _answered(request, answer)


@guarded
async def send(request: Request) -> Response:
    """``POST``: notes the visit, and says what it brought or why not."""
    foreign = request.headers.get("sec-fetch-site") == "cross-site" or opener_of(user_agent(request)).is_bot
    if foreign or not _acts.spend(address_of(request), 1, clock.now()):
        return html.notice(request, html.FORBIDDEN, html.language_for(request))
    try:
        fields = await read_fields(request)
    except UnreadableForm:
        return html.notice(request, html.FAILED, html.language_for(request))

    async def answer(tx: Tx, visit: Visit) -> Response:
        code, customer_id = _code(request), await knowing.known_customer(tx, visit)
        if customer_id is None:
            known = await checkins.read_code(tx, code, clock.now())
            return _sign_in(visit, await checkins.get_place(tx, known.location_id))
        seal = fields.get("seal", "")
        opened_at = knowing.opened_at(await tx.vault.keys(tx), code, customer_id, seal)
        if opened_at is None:
            raise CheckInCodeOver
        known = await checkins.read_code(tx, code, opened_at)
        tx.actor = Actor("customer", customer_id)
        done = await checkins.check_in_alone(tx, customer_id, known.location_id, f"page:{seal}", position_of(fields))
        shown = visit.show(
            "check_in_done.html",
            place=done.place,
            at=moment(done.check_in.opened_at, visit.language, visit.host.organization.time_zone),
            earnings=await earnings(tx, done.earned, visit.language),
        )
        await knowing.remember(shown, tx, visit, customer_id)
        return shown

    return await _answered(request, answer)


@guarded
async def screen(request: Request) -> Response:
    """``GET /m/{organization}/screen/{secret}``: the code of this half minute; then the page loads anew."""

    async def answer(tx: Tx, visit: Visit) -> Response:
        shown = await checkins.open_screen(tx, read_secret(request.path_params["secret"]) or b"")
        url = edge(request).settings.url(code_path(tx.organization_id, shown.code))
        m = page_texts(visit.language)
        return visit.show(
            "check_in_screen.html",
            place=shown.place,
            code_qr=inline_svg(url, m["ci_scan"]),
            # The next code, without a script: nobody touches a screen, and a code that has ended is of no use.
            headers={"Refresh": str(shown.seconds_left + 1)},
        )

    return await _answered(request, answer)


def position_of(fields: Mapping[str, str]) -> Position | None:
    """Where the browser says it is; None when it says nothing, or nothing that is a place on Earth."""
    try:
        latitude, longitude, accuracy_m = (float(fields[name]) for name in ("latitude", "longitude", "accuracy"))
    except (KeyError, ValueError):
        return None
    told = (latitude, longitude, accuracy_m)
    if not all(isfinite(each) for each in told) or abs(latitude) > 90 or abs(longitude) > 180 or accuracy_m < 0:
        return None
    return Position(*told)


async def _form(tx: Tx, visit: Visit, place: CheckInPlaceOut, code: bytes, customer_id: UUID) -> Response:
    keys, person = await tx.vault.keys(tx), await customers.card_facts(tx, customer_id)
    return visit.show(
        "check_in.html",
        access=html.SCRIPTED if place.radius_m is not None else html.PLAIN,
        place=place,
        name=person.first_name,
        seal=knowing.form_seal(keys, code, customer_id, clock.now()),
    )


def _sign_in(visit: Visit, place: CheckInPlaceOut) -> Response:
    can_mail = mail.is_configured(edge(visit.request).settings)
    return visit.show("check_in_ask.html", place=place, can_mail=can_mail)


async def _answered(request: Request, answer: Answer) -> Response:
    """Refusals are pages with a sentence that says what to do; nothing is left half done."""
    return await enter_or_tell(request, answer, _refused)


def _refused(visit: Visit, refusal: Refusal) -> Response:
    again = None if isinstance(refusal, CheckInCodeOver | CheckInCodeUnknown) else visit.request.url.path
    return visit.show(
        "check_in_refused.html",
        status=refusal.status,
        text=page_texts(visit.language)["ci_off"]
        if isinstance(refusal, CheckInIsOff)  # its own sentence speaks to who may turn it on
        else unbroken(refusal.sentence(visit.language)),
        again=again if refusal.status == 422 else None,
    )


def _code(request: Request) -> bytes:
    """What was scanned; empty for an address that is no code."""
    return read_secret(request.path_params["code"]) or b""


_PAGE: Final = "/m/{organization}"
ROUTES: Final[tuple[BaseRoute, ...]] = (
    Route(f"{_PAGE}/check-in/{{code}}", show, methods=["GET"]),
    Route(f"{_PAGE}/check-in/{{code}}", send, methods=["POST"]),
    Route(f"{_PAGE}/screen/{{secret}}", screen, methods=["GET"]),
)

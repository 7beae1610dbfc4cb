"""My page to look at: ``/m/{organization}`` and what is below it. Public: a link or a cookie opens it.

Without a session it is the form that asks for a link. What forms change is in acts.py.
"""

from typing import Final
from uuid import UUID

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerelle.customers import service as customers
from passerelle.customers.errors import InvalidEmail, InvalidPhone
from passerelle.distribution import html, pacing, rules
from passerelle.distribution.form_reading import UnreadableForm, read_fields
from passerelle.distribution.mypage import acts, numbers, service
from passerelle.distribution.mypage.history import read_history
from passerelle.distribution.mypage.rules import STEPS, Purpose, read_secret
from passerelle.distribution.mypage.sheet import show_erasure, show_sheet
from passerelle.distribution.mypage.visiting import Visit, enter, remember
from passerelle.distribution.mypage.waiting import waiting_receipt
from passerelle.distribution.mypage.wording import page_texts
from passerelle.distribution.visits import address_of, guarded, is_prefetch, user_agent
from passerelle.distribution.writing import keep_numbers
from passerelle.kit import clock, mail
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import ABOVE_ALL, InvalidId, decode, encode
from passerelle.kit.web import edge

_asks: Final = pacing.Budget(pacing.ASK_BUDGET)
_openings: Final = pacing.Budget(pacing.FORM_BUDGET)
_HISTORY: Final = 25


@guarded
async def my_page(request: Request) -> Response:
    """``GET``: the page of whoever is signed in, else the form that asks for a link."""
    if is_prefetch(request):
        return Response(status_code=503, headers={"Cache-Control": "no-store"})

    async def answer(tx: Tx, visit: Visit) -> Response:
        return _ask_form(visit) if visit.session is None else await show_sheet(tx, visit, visit.session)

    return await enter(request, answer)


@guarded
async def ask(request: Request) -> Response:
    """``POST …/ask``: the same answer, in the same time, whether or not anybody has this contact."""
    fields = await _fields(request)
    if fields is None:
        return html.notice(request, html.FORBIDDEN, html.language_for(request))
    contact = fields.get("contact", "")

    async def answer(tx: Tx, visit: Visit) -> Response:
        m = page_texts(visit.language)
        if not mail.is_configured(edge(request).settings):
            return _ask_form(visit)
        fault = await _contact_fault(tx, contact, visit)
        if fault is not None:
            return _ask_form(visit, contact=contact, error=fault, status=422)
        if not _asks.spend(address_of(request), 1, clock.now()):
            alert = m["too_many"].format(minutes=pacing.WINDOW_SECONDS // 60)
            return _ask_form(visit, contact=contact, alert=alert, status=429)
        sent = visit.go(done="asked")
        database, organization_id = edge(request).database, visit.host.organization.id
        sent.background = BackgroundTask(_ask_later, database, organization_id, contact, visit.language)
        return sent

    return await enter(request, answer)


@guarded
async def link(request: Request) -> Response:
    """``GET …/open/{secret}``, ``…/confirm/…`` and ``…/number/…``: a button; what only looks uses none up."""
    secret, purpose = read_secret(request.path_params["secret"]), _purpose(request)

    async def answer(tx: Tx, visit: Visit) -> Response:
        if secret is None or not await service.knows_link(tx, secret, purpose):
            return _spent(visit)
        digits = await numbers.asked_digits(tx, secret) if purpose == "phone" else None
        return visit.show("my_link.html", step=STEPS[purpose], digits=digits)

    return await enter(request, answer)


@guarded
async def use_link(request: Request) -> Response:
    """``POST`` of the same: signs the browser in, or confirms the address or the number. Once."""
    if _is_foreign(request) or not _openings.spend(address_of(request), 1, clock.now()):
        return html.notice(request, html.FORBIDDEN, html.language_for(request))
    secret, purpose = read_secret(request.path_params["secret"]), _purpose(request)

    async def answer(tx: Tx, visit: Visit) -> Response:
        if secret is None:
            return _spent(visit)
        if purpose == "email":
            confirmed = await service.confirm_address(tx, secret)
            m = page_texts(visit.language)
            home = {"again": visit.address(), "again_text": m["title"]}
            return visit.notice("confirmed", 200, **home) if confirmed else _spent(visit)
        if purpose == "phone":
            return await _confirm_number(tx, visit, secret)
        session = await service.open_page(tx, secret)
        if session is None:
            return _spent(visit)
        waiting = waiting_receipt(request, visit)
        opened = visit.go(f"/receipt/{waiting}" if waiting else "")
        remember(opened, visit, session)
        return opened

    return await enter(request, answer)


@guarded
async def history(request: Request) -> Response:
    """``GET …/history``: all that happened, in pages."""

    async def answer(tx: Tx, visit: Visit) -> Response:
        if visit.session is None:
            return visit.go()
        lines, last = await read_history(
            tx,
            visit.session.customer_id,
            _place(request),
            _HISTORY,
            language=visit.language,
            time_zone=visit.host.organization.time_zone,
        )
        earlier = visit.address("/history", before=encode("pos", last)) if last else None
        return visit.show("my_history.html", lines=lines, earlier=earlier)

    return await enter(request, answer)


@guarded
async def home(request: Request) -> Response:
    """``GET`` of a form's address, as the languages of a page that answered it ask for: to my page."""

    async def answer(_tx: Tx, visit: Visit) -> Response:
        return visit.go()

    return await enter(request, answer)


@guarded
async def erasure(request: Request) -> Response:
    """``GET …/erase``: what would be lost, and the word to type."""

    async def answer(tx: Tx, visit: Visit) -> Response:
        return visit.go() if visit.session is None else await show_erasure(tx, visit, visit.session)

    return await enter(request, answer)


async def _confirm_number(tx: Tx, visit: Visit, secret: bytes) -> Response:
    changed = await numbers.confirm_number(tx, secret)
    if changed is None:
        return _spent(visit)
    home = {"again": visit.address(), "again_text": page_texts(visit.language)["title"]}
    return visit.notice("number_confirmed", 200, **home) if changed else visit.notice("number_refused", 409, **home)


def _ask_form(
    visit: Visit, *, contact: str = "", error: str | None = None, alert: str | None = None, status: int = 200
) -> Response:
    asked = visit.request.query_params.get("done") == "asked"
    can_mail = mail.is_configured(edge(visit.request).settings)
    shown = {"contact": contact, "error": error, "alert": alert, "asked": asked, "can_mail": can_mail}
    return visit.show("my_ask.html", status=status, **shown)


def _spent(visit: Visit) -> Response:
    return visit.notice("spent", 410, again=visit.address(), again_text=page_texts(visit.language)["new_link"])


async def _contact_fault(tx: Tx, contact: str, visit: Visit) -> str | None:
    """What is wrong with the form of a contact; whose it is is not asked here."""
    if not contact:
        return page_texts(visit.language)["contact_missing"]
    try:
        if "@" in contact:
            customers.normal_email(contact)
        else:
            customers.normal_phone(contact, await customers.default_region(tx))
    except (InvalidEmail, InvalidPhone) as refusal:
        return keep_numbers(refusal.sentence(visit.language))
    return None


async def _ask_later(database: Database, organization_id: UUID, contact: str, language: str) -> None:
    """After the answer has left, so that its time tells nothing."""
    async with database.transaction(organization_id) as tx:
        await service.ask_for_link(tx, contact, language)


async def _fields(request: Request) -> dict[str, str] | None:
    if _is_foreign(request):
        return None
    try:
        return await read_fields(request)
    except UnreadableForm:
        return None


def _is_foreign(request: Request) -> bool:
    """Whether another site, or nobody, sends this."""
    return request.headers.get("sec-fetch-site") == "cross-site" or rules.opener_of(user_agent(request)).is_bot


def _purpose(request: Request) -> Purpose:
    step = request.url.path.rsplit("/", 2)[-2]
    return next(purpose for purpose, name in STEPS.items() if name == step)


def _place(request: Request) -> UUID:
    try:
        return decode("pos", request.query_params.get("before", ""))
    except InvalidId:
        return ABOVE_ALL


_PAGE: Final = "/m/{organization}"
ROUTES: Final[tuple[BaseRoute, ...]] = (
    Route(_PAGE, my_page, methods=["GET"]),
    Route(f"{_PAGE}/ask", ask, methods=["POST"]),
    Route(f"{_PAGE}/open/{{secret}}", link, methods=["GET"]),
    Route(f"{_PAGE}/open/{{secret}}", use_link, methods=["POST"]),
    Route(f"{_PAGE}/confirm/{{secret}}", link, methods=["GET"]),
    Route(f"{_PAGE}/confirm/{{secret}}", use_link, methods=["POST"]),
    Route(f"{_PAGE}/number/{{secret}}", link, methods=["GET"]),
    Route(f"{_PAGE}/number/{{secret}}", use_link, methods=["POST"]),
    Route(f"{_PAGE}/history", history, methods=["GET"]),
    Route(f"{_PAGE}/erase", erasure, methods=["GET"]),
    *(Route(f"{_PAGE}/{step}", act, methods=["POST"]) for step, act in acts.ACTS.items()),
    *(Route(f"{_PAGE}/{step}", home, methods=["GET"]) for step in ("ask", *sorted(acts.ACTS.keys() - {"erase"}))),
)

"""The join page: ``/join/{program}`` and the short ``/j/{code}``. Public: whoever stands at the till opens it.

Plain HTML over plain Starlette routes: a page, its form, and a page for numbers that are known already.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerelle.customers.errors import InvalidEmail, InvalidPhone
from passerelle.distribution import doors, html, pacing, rules, service
from passerelle.distribution.doors import Door
from passerelle.distribution.facts import Scene
from passerelle.distribution.forms import (
    MAX_NAME,
    TRAP,
    JoinForm,
    Ticket,
    UnreadableForm,
    missing,
    new_ticket,
    read_form,
    read_ticket,
)
from passerelle.distribution.offers import Offer
from passerelle.distribution.visits import address_of, guarded, is_prefetch, platform_of, user_agent
from passerelle.distribution.wording import texts
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.errors import NotFound
from passerelle.kit.i18n import Language
from passerelle.kit.ids import InvalidId
from passerelle.kit.web import edge
from passerelle.passes.errors import ProgramHasNoTemplate
from passerelle.programs.errors import MembershipNotActive, ProgramNotRunning

_forms: Final = pacing.Budget(pacing.FORM_BUDGET)
_views: Final = pacing.Budget(pacing.VIEW_BUDGET)
_PUBLIC: Final = Actor("customer")


@dataclass(frozen=True, slots=True)
class Opened:
    """A form that is shown: for whom, on which ticket."""

    request: Request
    offer: Offer
    door: Door
    language: Language
    ticket: str

    def show(
        self,
        form: JoinForm,
        *,
        status: int = 200,
        errors: dict[str, str] | None = None,
        alert: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """The page, with what was typed and what is wrong with it."""
        found = errors or {}
        fields = ("name", "phone", "email", "loyalty")
        return html.page(
            self.request,
            "join.html",
            self.language,
            offer=self.offer,
            status=status,
            headers=headers,
            form=form,
            errors={field: found.get(field) for field in fields},
            first_error=next((field for field in fields if field in found), None),
            alert=texts(self.language)["correct"] if found and alert is None else alert,
            action=html.address_in(self.request, self.language),
            ticket=self.ticket,
            ask_email=self.door.ask_email,
            trap=TRAP,
            wordings=self.offer.wordings(self.language, with_email=self.door.ask_email),
        )


@guarded
async def join_page(request: Request) -> Response:
    """``GET``: the form. Bots and HEAD get a neutral page and leave no trace."""
    if is_prefetch(request):
        return Response(status_code=503, headers={"Cache-Control": "no-store"})

    async def answer(tx: Tx, door: Door, offer: Offer, language: Language) -> Response:
        if rules.opener_of(user_agent(request)).is_bot or request.method == "HEAD":
            return html.page(request, "preview.html", language, offer=offer)
        now = clock.now()
        if _views.spend(address_of(request), 1, now):
            platform = platform_of(request)
            scene = Scene("join_page", door.program_id, platform, language, door.trail)
            await service.record(tx, scene, *service.views(platform))
            await service.note_referral(tx, door.program_id, door.referral_code)
        ticket = new_ticket(await tx.vault.keys(tx), door.program_id, now)
        return Opened(request, offer, door, language, ticket).show(JoinForm())

    return await _enter(request, answer)


@guarded
async def join(request: Request) -> Response:
    """``POST``: everything in one transaction, then 303 to the card."""
    cross_site = request.headers.get("sec-fetch-site") == "cross-site"
    if cross_site or rules.opener_of(user_agent(request)).is_bot:
        return html.notice(request, html.FORBIDDEN, html.language_for(request))
    try:
        form = await read_form(request)
    except UnreadableForm:
        return html.notice(request, html.FAILED, html.language_for(request))
    opened: list[Opened] = []

    async def answer(tx: Tx, door: Door, offer: Offer, language: Language) -> Response:
        keys, now = await tx.vault.keys(tx), clock.now()
        ticket = read_ticket(keys, door.program_id, form.ticket)
        age = rules.form_age(ticket.opened_at, now) if ticket else "expired"
        kept = form.ticket if age != "expired" else new_ticket(keys, door.program_id, now)
        opened.append(Opened(request, offer, door, language, kept))
        return await _submit(tx, opened[0], form, ticket, age)

    try:
        return await _enter(request, answer)
    except (InvalidPhone, InvalidEmail) as refusal:
        field = "phone" if isinstance(refusal, InvalidPhone) else "email"
        return opened[0].show(form, status=422, errors={field: refusal.sentence(opened[0].language)})
    except ValidationError:
        return opened[0].show(form, status=422, errors={"name": texts(opened[0].language)["name_missing"]})
    except (ProgramHasNoTemplate, MembershipNotActive) as refusal:
        kind = html.NOT_READY if isinstance(refusal, ProgramHasNoTemplate) else html.BLOCKED
        return html.notice(request, kind, opened[0].language, offer=opened[0].offer)


@guarded
async def member_page(request: Request) -> Response:
    """``GET …/member``: the number is known, the card is given at the till."""

    async def answer(_tx: Tx, _door: Door, offer: Offer, language: Language) -> Response:
        again = html.address_in(request, language, request.url.path.removesuffix("/member"))
        return html.notice(request, html.MEMBER, language, offer=offer, again=again)

    return await _enter(request, answer)


async def _submit(tx: Tx, page: Opened, form: JoinForm, ticket: Ticket | None, age: rules.FormAge) -> Response:
    request, language = page.request, page.language
    t = texts(language)
    faults = missing(form)
    if faults:
        errors = {field: t[name].format(limit=MAX_NAME) for field, name in faults.items()}
        unreadable = await service.phone_fault(tx, form.phone) if form.phone else None
        if unreadable is not None:
            errors["phone"] = unreadable.sentence(language)
        return page.show(form, status=422, errors=errors)
    if ticket is None or age == "expired" or form.is_trapped:
        return page.show(form, status=422, alert=t["form_expired"])
    cost = rules.QUICK_FORM_COST if age == "quick" else rules.FORM_COST
    if not _forms.spend(address_of(request), cost, clock.now()):
        wait = {"Retry-After": str(pacing.WINDOW_SECONDS)}
        alert = t["too_many"].format(minutes=pacing.WINDOW_SECONDS // 60)
        return page.show(form, status=429, alert=alert, headers=wait)
    return await _join(tx, page, form, ticket)


async def _join(tx: Tx, page: Opened, form: JoinForm, ticket: Ticket) -> Response:
    request, door, language = page.request, page.door, page.language
    sender = service.Sender(
        ticket=ticket,
        known_nonces=doors.known_nonces(request, tx.organization_id),
        platform=platform_of(request),
        language=language,
        trail=door.trail,
        address=address_of(request),
        was_asked_email=door.ask_email,
        referral_code=door.referral_code,
    )
    email = form.email if door.ask_email else ""
    token = await service.join(tx, page.offer, replace(form, email=email), sender)
    if token is None:
        return RedirectResponse(html.address_in(request, language, f"{request.url.path}/member"), 303)
    answer = RedirectResponse(f"/c/{token}", 303, headers={"Cache-Control": "no-store"})
    doors.remember(answer, tx.organization_id, ticket.nonce, secure=edge(request).settings.base_url.scheme == "https")
    return answer


Answer = Callable[[Tx, Door, Offer, Language], Awaitable[Response]]


async def _enter(request: Request, answer: Answer) -> Response:
    """Find tenant, program and shop of the address, and answer inside one transaction."""
    language = html.language_for(request)
    try:
        organization_id = await doors.tenant_behind(request)
        if organization_id is None:
            return html.notice(request, html.NOT_FOUND, language)
        async with edge(request).database.transaction(organization_id, _PUBLIC) as tx:
            door = await doors.open_door(tx, request)
            offer = await service.open_offer(tx, door.program_id, door.trail.location_id)
            language = html.language_for(request, offer.organization.language)
            closed = _closed(offer)
            if closed is not None:
                return html.notice(request, closed, language, offer=None if closed is html.NOT_FOUND else offer)
            return await answer(tx, door, offer, language)
    except (NotFound, InvalidId):
        return html.notice(request, html.NOT_FOUND, language)
    except ProgramNotRunning:  # paused between two statements
        return html.notice(request, html.GONE, language)


def _closed(offer: Offer) -> html.Notice | None:
    """Why nobody can join now."""
    if offer.program.state == "draft":
        return html.NOT_FOUND
    if not offer.program.is_running(clock.now()):
        return html.GONE
    return html.NOT_READY if offer.program.template_id is None else None


ROUTES: Final[tuple[BaseRoute, ...]] = tuple(
    route
    for start in ("/join/{program}", "/j/{code}")
    for route in (
        Route(start, join_page, methods=["GET"]),
        Route(start, join, methods=["POST"]),
        Route(f"{start}/member", member_page, methods=["GET"]),
    )
)

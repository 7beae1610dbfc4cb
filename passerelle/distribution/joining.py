"""The join form behind every door: shown, sent, answered. What differs between a page of its own, a frame on the
merchant's site and the tablet in the store is a *surface*.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from passerelle.customers.errors import InvalidEmail, InvalidPhone
from passerelle.distribution import doors, html, pacing, rules, service
from passerelle.distribution.colours import Palette
from passerelle.distribution.doors import Door
from passerelle.distribution.facts import Scene
from passerelle.distribution.form_reading import UnreadableForm, read_form
from passerelle.distribution.forms import (
    MAX_NAME,
    TRAP,
    JoinForm,
    Ticket,
    missing,
    new_ticket,
    read_ticket,
)
from passerelle.distribution.mypage.afterwards import claim_on_joining
from passerelle.distribution.offers import Offer
from passerelle.distribution.visits import address_of, platform_of, user_agent
from passerelle.distribution.wording import texts
from passerelle.distribution.writing import keep_numbers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.passes.errors import ProgramHasNoTemplate
from passerelle.programs.errors import MembershipNotActive

_forms: Final = pacing.Budget(pacing.FORM_BUDGET)
_views: Final = pacing.Budget(pacing.VIEW_BUDGET)


@dataclass(frozen=True, slots=True)
class Surface:
    """Where a form stands. ``given`` answers with a card's token, ``known`` somebody who gets none here.

    ``remembers``: the browser is one person's, so that it may prove later who sent the form. A tablet in a store
    and a frame on another site are not. ``values`` go to each of its templates.
    """

    template: str
    given: Callable[["Visit", str, Ticket, Tx], Response]
    known: Callable[["Visit"], Response]
    remembers: bool = False
    access: html.Access = html.PLAIN
    colours: Palette | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    form_life: timedelta = rules.FORM_LIFE


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a door: what it leads to, on which surface, in which language."""

    request: Request
    door: Door
    offer: Offer
    language: Language
    surface: Surface

    def page(self, template: str, **values: Any) -> Response:
        """A page that looks as this surface does."""
        surface = self.surface
        look: dict[str, Any] = {"offer": self.offer, "access": surface.access, "colours": surface.colours}
        return html.page(self.request, template, self.language, **look, **{**surface.values, **values})


@dataclass(frozen=True, slots=True)
class Opened:
    """A form that is shown to a visitor, on its ticket."""

    visit: Visit
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
        visit = self.visit
        return visit.page(
            visit.surface.template,
            status=status,
            headers=headers,
            form=form,
            errors={field: found.get(field) for field in fields},
            first_error=next((field for field in fields if field in found), None),
            alert=texts(visit.language)["correct"] if found and alert is None else alert,
            action=html.address_in(visit.request, visit.language),
            ticket=self.ticket,
            ask_email=visit.door.ask_email,
            trap=TRAP,
            wordings=visit.offer.wordings(visit.language, with_email=visit.door.ask_email),
        )


Answer = Callable[[Tx, Visit], Awaitable[Response]]
Enter = Callable[[Answer], Awaitable[Response]]


async def show_form(tx: Tx, visit: Visit) -> Response:
    """An empty form, counted as a view."""
    now, door = clock.now(), visit.door
    if door.is_counted and _views.spend(address_of(visit.request), 1, now):
        platform = platform_of(visit.request)
        scene = Scene("join_page", door.program_id, platform, visit.language, door.trail)
        await service.record(tx, scene, *service.views(platform))
        await service.note_referral(tx, door.program_id, door.referral_code)
    ticket = new_ticket(await tx.vault.keys(tx), door.program_id, now)
    return Opened(visit, ticket).show(JoinForm())


async def take_form(request: Request, enter: Enter) -> Response:
    """Everything that was sent, in one transaction that ``enter`` opens; refusals stand at their fields."""
    cross_site = request.headers.get("sec-fetch-site") == "cross-site"
    if cross_site or rules.opener_of(user_agent(request)).is_bot:
        return html.notice(request, html.FORBIDDEN, html.language_for(request))
    try:
        form = await read_form(request)
    except UnreadableForm:
        return html.notice(request, html.FAILED, html.language_for(request))
    opened: list[Opened] = []

    async def answer(tx: Tx, visit: Visit) -> Response:
        program_id = visit.door.program_id
        keys, now = await tx.vault.keys(tx), clock.now()
        ticket = read_ticket(keys, program_id, form.ticket)
        age = rules.form_age(ticket.opened_at, now, visit.surface.form_life) if ticket else "expired"
        kept = form.ticket if age != "expired" else new_ticket(keys, program_id, now)
        opened.append(Opened(visit, kept))
        return await _submit(tx, opened[0], form, ticket, age)

    try:
        return await enter(answer)
    except (InvalidPhone, InvalidEmail) as refusal:
        name = "phone" if isinstance(refusal, InvalidPhone) else "email"
        return opened[0].show(
            form, status=422, errors={name: keep_numbers(refusal.sentence(opened[0].visit.language))}
        )
    except ValidationError:
        return opened[0].show(form, status=422, errors={"name": texts(opened[0].visit.language)["name_missing"]})
    except (ProgramHasNoTemplate, MembershipNotActive) as refusal:
        kind = html.NOT_READY if isinstance(refusal, ProgramHasNoTemplate) else html.BLOCKED
        visit = opened[0].visit
        return html.notice(request, kind, visit.language, offer=visit.offer, access=visit.surface.access)


async def _submit(tx: Tx, page: Opened, form: JoinForm, ticket: Ticket | None, age: rules.FormAge) -> Response:
    request, language = page.visit.request, page.visit.language
    t = texts(language)
    faults = missing(form)
    if faults:
        errors = {field: t[name].format(limit=MAX_NAME) for field, name in faults.items()}
        unreadable = await service.phone_fault(tx, form.phone) if form.phone else None
        if unreadable is not None:
            errors["phone"] = keep_numbers(unreadable.sentence(language))
        return page.show(form, status=422, errors=errors)
    if ticket is None or age == "expired" or form.is_trapped:
        return page.show(form, status=422, alert=t["form_expired"])
    cost = rules.QUICK_FORM_COST if age == "quick" else rules.FORM_COST
    if not _forms.spend(address_of(request), cost, clock.now()):
        wait = {"Retry-After": str(pacing.WINDOW_SECONDS)}
        alert = t["too_many"].format(minutes=pacing.WINDOW_SECONDS // 60)
        return page.show(form, status=429, alert=alert, headers=wait)
    return await _join(tx, page.visit, form, ticket)


async def _join(tx: Tx, visit: Visit, form: JoinForm, ticket: Ticket) -> Response:
    request, door, surface = visit.request, visit.door, visit.surface
    sender = service.Sender(
        ticket=ticket,
        known_nonces=doors.known_nonces(request, tx.organization_id) if surface.remembers else (),
        platform=platform_of(request),
        language=visit.language,
        trail=door.trail,
        address=address_of(request),
        was_asked_email=door.ask_email,
        referral_code=door.referral_code,
    )
    email = form.email if door.ask_email else ""
    token = await service.join(tx, visit.offer, replace(form, email=email), sender)
    receipt = request.query_params.get("receipt")
    if token is not None and receipt:
        await claim_on_joining(tx, receipt)
    return surface.known(visit) if token is None else surface.given(visit, token, ticket, tx)

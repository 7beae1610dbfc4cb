"""What forms of my page do. Each changes one thing in one transaction, and leads back to the page.

A form is believed when its cookie's session has its seal and no other site sent it.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from passerelle.customers import service as customers
from passerelle.customers.errors import BirthdayInFuture, InvalidEmail, InvalidPhone
from passerelle.customers.schemas import CustomerChange
from passerelle.distribution import html, pacing
from passerelle.distribution import service as distribution
from passerelle.distribution.errors import CardNotActive
from passerelle.distribution.form_reading import UnreadableForm, read_fields
from passerelle.distribution.mypage import choices, numbers, rules, service
from passerelle.distribution.mypage.readable import Reader
from passerelle.distribution.mypage.service import PageSession
from passerelle.distribution.mypage.sheet import show_erasure, show_sheet
from passerelle.distribution.mypage.visiting import Answer, Visit, enter, forget
from passerelle.distribution.mypage.wording import page_texts
from passerelle.distribution.visits import Handler, address_of, guarded
from passerelle.distribution.writing import keep_numbers
from passerelle.kit import clock, mail
from passerelle.kit.db import Tx
from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import as_language
from passerelle.kit.ids import InvalidId, decode, encode
from passerelle.kit.web import edge
from passerelle.passes import service as passes
from passerelle.privacy import service as privacy
from passerelle.privacy.schemas import ExportOut
from passerelle.rewards.coupons import service as coupons
from passerelle.ticketing import service as ticketing

_acts: Final = pacing.Budget(pacing.FORM_BUDGET)
Act = Callable[[Tx, Visit, PageSession, Mapping[str, str]], Awaitable[Response]]
Answering = Callable[[Request, Answer], Awaitable[Response]]
"""How a page is answered, such as ``visiting.enter``."""


def form(act: Act, answering: Answering = enter) -> Handler:
    """A form of a page that is open; without a session it leads to the way in."""

    @guarded
    async def handler(request: Request) -> Response:
        cross_site = request.headers.get("sec-fetch-site") == "cross-site"
        if cross_site or not _acts.spend(address_of(request), 1, clock.now()):
            return html.notice(request, html.FORBIDDEN, html.language_for(request))
        try:
            fields = await read_fields(request)
        except UnreadableForm:
            return html.notice(request, html.FAILED, html.language_for(request))

        async def answer(tx: Tx, visit: Visit) -> Response:
            if visit.session is None:
                return visit.go()
            if not rules.same_seal(visit.session.seal, fields.get("seal", "")):
                return visit.go(done="form_expired")
            return await act(tx, visit, visit.session, fields)

        return await answering(request, answer)

    return handler


async def _save_details(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:
    errors: dict[str, str] = {}
    m = page_texts(visit.language)
    change: dict[str, Any] = {}
    for name in ("first_name", "last_name"):
        if name in fields:
            change[name] = fields[name] or None
    if not fields.get("first_name"):
        errors["first_name"] = m["name_wrong"]
    if language := as_language(fields.get("language")):
        change["language"] = language
    change["birthday"] = _birthday(fields)
    try:
        wanted = CustomerChange.model_validate(change)
    except ValidationError as fault:
        for place in {str(each["loc"][0]) for each in fault.errors()}:
            errors[place] = m["birthday_wrong" if place == "birthday" else "name_wrong"]
    if not errors:
        try:
            await customers.change_customer(tx, session.customer_id, wanted)
        except BirthdayInFuture as refusal:
            errors["birthday"] = refusal.sentence(visit.language)
        else:
            return visit.go(anchor="details", done="saved")
    return await show_sheet(tx, visit, session, typed={**_NOTHING, **fields}, errors=errors, status=422)


_NOTHING: Final = dict.fromkeys(("first_name", "last_name", "language", "day", "month", "year", "email", "phone"), "")


def _birthday(fields: Mapping[str, str]) -> dict[str, int | str | None] | None:
    """What was typed, as numbers where it is that; nothing at all removes the birthday."""
    given = {name: fields.get(name, "") for name in ("day", "month", "year")}
    if not any(given.values()):
        return None
    read: dict[str, int | str | None] = {
        name: int(text) if text.isdecimal() and len(text) <= 4 else text for name, text in given.items()
    }
    return read | {"year": read["year"] or None}


async def _save_email(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:
    if not mail.is_configured(edge(visit.request).settings):
        return visit.go(anchor="contact")
    email = fields.get("email", "")
    try:
        await service.ask_for_address(tx, session.customer_id, email, visit.language)
    except InvalidEmail as refusal:
        customer = await customers.get_customer(tx, session.customer_id)
        typed = _NOTHING | {"first_name": customer.first_name or "", "last_name": customer.last_name or ""}
        wrong = {"email": refusal.sentence(visit.language)}
        return await show_sheet(tx, visit, session, typed=typed | {"email": email}, errors=wrong, status=422)
    return visit.go(anchor="contact", done="email_sent")


async def _save_phone(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:
    may_mail = mail.is_configured(edge(visit.request).settings)
    if not may_mail or not await numbers.may_change(tx, session.customer_id):
        return visit.go(anchor="contact")
    phone = fields.get("phone", "")
    try:
        await numbers.ask_for_number(tx, session.customer_id, phone, visit.language)
    except InvalidPhone as refusal:
        customer = await customers.get_customer(tx, session.customer_id)
        typed = _NOTHING | {"first_name": customer.first_name or "", "last_name": customer.last_name or ""}
        wrong = {"phone": keep_numbers(refusal.sentence(visit.language))}
        return await show_sheet(tx, visit, session, typed=typed | {"phone": phone}, errors=wrong, status=422)
    return visit.go(anchor="contact", done="number_sent")


async def _save_consent(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:
    purpose, address = fields.get("purpose", ""), address_of(visit.request)
    known = {each.purpose for each in await choices.read_choices(tx, session.customer_id, visit.host, visit.language)}
    if purpose not in known:
        return visit.go(anchor="consents")
    if fields.get("state") == "granted":
        await choices.grant(tx, session.customer_id, purpose, visit.host, language=visit.language, address=address)
        return visit.go(anchor="consents", done="granted_now")
    await choices.withdraw(tx, session.customer_id, purpose, address)
    return visit.go(anchor="consents", done="withdrawn_now")


async def _open_card(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:
    """To the card's own page, which knows this device's wallet."""
    try:
        card = await passes.get_card(tx, decode("pas", fields.get("card", "")))
        if card.customer_id != session.customer_id:
            return visit.go()
        return _to_card(visit, await distribution.give_link(tx, card.id))
    except (NotFound, InvalidId, CardNotActive):
        return visit.go()


async def _open_ticket(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:
    """To the page of a ticket's card, which is made when there is none."""
    try:
        _, ticket = await ticketing.get_ticket(tx, decode("tck", fields.get("ticket", "")))
        if ticket.customer_id != session.customer_id:
            return visit.go()
        card = await passes.issue_ticket_card(tx, ticket.id)
        return _to_card(visit, await distribution.give_link(tx, card.id))
    except (Refusal, InvalidId):
        return visit.go()


async def _open_coupon(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:
    """To the page of a coupon's card, which is made when there is none."""
    try:
        _, coupon = await coupons.get_coupon(tx, decode("cpn", fields.get("coupon", "")))
        if coupon.customer_id != session.customer_id:
            return visit.go()
        card = await passes.issue_coupon_card(tx, coupon.id)
        return _to_card(visit, await distribution.give_link(tx, card.id))
    except (Refusal, InvalidId):
        return visit.go()


def _to_card(visit: Visit, token: str) -> Response:
    address = f"/c/{token}?wallet=page&lang={visit.language}"
    return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})


async def _export_file(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:  # noqa: ARG001  every form has fields
    data = await privacy.export_customer(tx, session.customer_id, visit.request.app.state.personal_data)
    out = ExportOut(customer_id=session.customer_id, exported_at=clock.now(), data=data)
    name = encode("cus", session.customer_id)
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"', "Cache-Control": "no-store"}
    text = orjson.dumps(out.model_dump(mode="json"), option=orjson.OPT_INDENT_2)
    return Response(text, media_type="application/json", headers=headers)


async def _export_page(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:  # noqa: ARG001  every form has fields
    data = await privacy.export_customer(tx, session.customer_id, visit.request.app.state.personal_data)
    reader = Reader(visit.language, visit.host.organization.time_zone)
    return visit.show("my_data.html", session=session, parts=reader.read(data))


async def _erase(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:
    m = page_texts(visit.language)
    if not session.may_erase:
        return visit.go("/erase")
    if not rules.is_erase_word(fields.get("word", "")):
        fault = m["erase_word_wrong"].format(word=rules.ERASE_WORDS[visit.language])
        return await show_erasure(tx, visit, session, error=fault, status=422)
    await privacy.erase_customer(tx, session.customer_id, visit.request.app.state.personal_data)
    erased = visit.notice("erased", 200)
    forget(erased, visit)
    return erased


async def _sign_out(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:  # noqa: ARG001  every form has fields
    await service.end_session(tx, session)
    left = visit.go()
    forget(left, visit)
    return left


ACTS: Final[Mapping[str, Handler]] = {
    "details": form(_save_details),
    "email": form(_save_email),
    "phone": form(_save_phone),
    "consents": form(_save_consent),
    "card": form(_open_card),
    "ticket": form(_open_ticket),
    "coupon": form(_open_coupon),
    "data": form(_export_page),
    "data.json": form(_export_file),
    "erase": form(_erase),
    "sign-out": form(_sign_out),
}

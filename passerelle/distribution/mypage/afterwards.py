"""Pages for after a purchase: claim a receipt (``/m/{organization}/receipt``), say how it was (``…/visit/{token}``).

A receipt is claimed by whoever is signed in. Others see what it is, and sign in or join first: the join form claims
it with the card that it makes. How it was is said without signing in, by the link of that one visit.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Final
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerelle.distribution import html, pacing
from passerelle.distribution.form_reading import UnreadableForm, read_fields
from passerelle.distribution.mypage import acts
from passerelle.distribution.mypage.service import PageSession
from passerelle.distribution.mypage.visiting import Answer, Visit, enter, enter_or_tell
from passerelle.distribution.mypage.waiting import note_receipt
from passerelle.distribution.mypage.wording import page_texts
from passerelle.distribution.standings import amount_text
from passerelle.distribution.visits import address_of, guarded, is_prefetch
from passerelle.distribution.writing import moment, signed, unbroken
from passerelle.feedback import service as feedback
from passerelle.feedback.errors import FeedbackClosed
from passerelle.feedback.schemas import AnswerIn, VisitAsked
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.ids import ABOVE_ALL, encode
from passerelle.kit.money import Money, exponent
from passerelle.programs import service as programs
from passerelle.programs.schemas import Accrued
from passerelle.purchases.receipts import service as receipts
from passerelle.purchases.receipts.schemas import Printed, Receipt
from passerelle.rewards.coupons import service as coupons

_MOST_PROGRAMS: Final = 5
_MOST_WORDS: Final = 1_000
_MAX_TOTAL: Final = 15
_looks: Final = pacing.Budget(pacing.FORM_BUDGET)


@guarded
async def ask_receipt(request: Request) -> Response:
    """``GET …/receipt``: the forms for a code and, if the shop wants that, for what is printed."""

    async def answer(tx: Tx, visit: Visit) -> Response:
        return await _forms(tx, visit)

    return await enter(request, answer)


@guarded
async def receipt(request: Request) -> Response:
    """``GET …/receipt/{code}``: what it is, what it would give, and how to claim it."""
    if is_prefetch(request):
        return Response(status_code=503, headers={"Cache-Control": "no-store"})
    if not _looks.spend(address_of(request), 1, clock.now()):
        return html.notice(request, html.FORBIDDEN, html.language_for(request))

    async def answer(tx: Tx, visit: Visit) -> Response:
        found = await receipts.find_receipt(tx, request.path_params["code"])
        await receipts.require_claimable(tx, found)
        if visit.session is None:
            return await _show_stranger(tx, visit, found)
        earned = await programs.preview_receipt(tx, found, visit.session.customer_id)
        return visit.show(
            "my_receipt.html", session=visit.session, receipt=_shown(found, visit), gives=_gives(earned, visit)
        )

    return await _told(request, answer)


async def _claim(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:  # noqa: ARG001  every form has fields
    found = await receipts.find_receipt(tx, visit.request.path_params["code"])
    await coupons.give_after_claim(tx, await programs.claim_receipt(tx, found.id, session.customer_id, "customer"))
    claimed = visit.go(anchor="history", done="claimed_now")
    note_receipt(claimed, visit, None)
    return claimed


async def _find(tx: Tx, visit: Visit, session: PageSession, fields: Mapping[str, str]) -> Response:
    """What is printed, for who is signed in."""
    printed = _printed(fields, visit)
    if printed is None:
        return await _forms(tx, visit, session, typed=fields, error=page_texts(visit.language)["print_wrong"])
    found = await receipts.find_by_print(tx, printed)
    return visit.go(f"/receipt/{found.code}")


@guarded
async def type_code(request: Request) -> Response:
    """``POST …/receipt``: to the page of the code that was typed; anybody may."""
    try:
        fields = await read_fields(request)
    except UnreadableForm:
        return html.notice(request, html.FAILED, html.language_for(request))

    async def answer(tx: Tx, visit: Visit) -> Response:
        code = "".join(letter for letter in fields.get("code", "") if letter.isalnum())[:40]
        if not code:
            return await _forms(tx, visit, visit.session, error=page_texts(visit.language)["code_missing"])
        return visit.go(f"/receipt/{code}")

    return await enter(request, answer)


@guarded
async def visit_page(request: Request) -> Response:
    """``GET …/visit/{token}``: how was it."""

    async def answer(tx: Tx, visit: Visit) -> Response:
        asked = await feedback.open_link(tx, request.path_params["token"])
        return _unknown(visit) if asked is None else _how_was_it(visit, asked)

    return await enter(request, answer)


@guarded
async def say(request: Request) -> Response:
    """``POST`` of the same: the stars and the words; again within a day to say otherwise."""
    cross_site = request.headers.get("sec-fetch-site") == "cross-site"
    if cross_site or not _looks.spend(address_of(request), 1, clock.now()):
        return html.notice(request, html.FORBIDDEN, html.language_for(request))
    try:
        fields = await read_fields(request, longest=_MOST_WORDS)
    except UnreadableForm:
        return html.notice(request, html.FAILED, html.language_for(request))

    async def answer(tx: Tx, visit: Visit) -> Response:
        asked = await feedback.open_link(tx, request.path_params["token"])
        if asked is None:
            return _unknown(visit)
        try:
            stars = int(fields.get("stars", "0"))
            await feedback.answer(tx, asked.id, AnswerIn(stars=stars, words=fields.get("words", "")))
        except (ValueError, ValidationError):
            return _how_was_it(visit, asked, error=page_texts(visit.language)["stars_missing"], status=422)
        except FeedbackClosed:
            return _how_was_it(visit, asked, status=409)
        return RedirectResponse(
            f"{asked.path}?{urlencode({'lang': visit.language, 'done': 'said'})}",
            303,
            headers={"Cache-Control": "no-store"},
        )

    return await enter(request, answer)


async def claim_on_joining(tx: Tx, code: str) -> None:
    """Give a receipt to whoever has just become a member; one that cannot be claimed keeps nobody out."""
    assert tx.actor.id is not None, "Whoever joined is known."
    with suppress(Refusal):
        found = await receipts.find_receipt(tx, code)
        await programs.preview_receipt(tx, found, tx.actor.id)  # refuses before anything is written
        await coupons.give_after_claim(tx, await programs.claim_receipt(tx, found.id, tx.actor.id, "customer"))


async def _told(request: Request, answer: Answer) -> Response:
    """A page whose refusals are told in their own words; what was begun is rolled back."""
    return await enter_or_tell(request, answer, _refused)


def _refused(visit: Visit, refusal: Refusal) -> Response:
    m, missing = page_texts(visit.language), isinstance(refusal, NotFound)
    return html.page(
        visit.request,
        "notice.html",
        visit.language,
        offer=visit.host,
        status=refusal.status,
        title=m["receipt_no"],
        text=unbroken(refusal.sentence(visit.language)),
        again=visit.address("/receipt" if missing else ""),
        again_text=m["receipt_code"] if missing else m["title"],
    )


async def _forms(
    tx: Tx,
    visit: Visit,
    session: PageSession | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    error: str | None = None,
) -> Response:
    session = session or visit.session
    by_print = session is not None and (await receipts.get_settings(tx)).by_print
    given = {name: (typed or {}).get(name, "") for name in ("reference", "on", "total")}
    return visit.show(
        "my_receipt_find.html",
        status=422 if error else 200,
        session=session,
        by_print=by_print,
        typed=given,
        error=error,
    )


async def _show_stranger(tx: Tx, visit: Visit, found: Receipt) -> Response:
    """To somebody unknown: sign in, or join; the browser remembers the receipt for a day."""
    joinable = [each for each in await programs.list_programs(tx, ABOVE_ALL, 20) if each.is_running(clock.now())]
    doors = [
        (each.name_in(visit.language), f"/join/{encode('prg', each.id)}?{_query(visit, found)}")
        for each in joinable[:_MOST_PROGRAMS]
    ]
    shown = visit.show("my_receipt.html", session=None, receipt=_shown(found, visit), gives=[], doors=doors)
    note_receipt(shown, visit, found.code)
    return shown


def _query(visit: Visit, found: Receipt) -> str:
    return urlencode({"receipt": found.code, "lang": visit.language})


def _shown(found: Receipt, visit: Visit) -> Mapping[str, str]:
    bought = found.bought
    left = Money(bought.amount_minor - bought.refunded_minor, bought.currency)
    zone = visit.host.organization.time_zone
    return {
        "code": found.code,
        "amount": left.formatted(visit.language),
        "at": moment(bought.occurred_at, visit.language, zone),
        "until": moment(found.claim_until, visit.language, zone),
    }


def _gives(earned: Sequence[Accrued], visit: Visit) -> list[tuple[str, str]]:
    """Program and amount, of what a claim would give."""
    gives = []
    for each in earned:
        program = each.standing.program
        for unit in program.units:
            amount = sum(one.amount for one in each.accruals if one.unit_id == unit.id)
            if amount > 0:
                text = amount_text(unit, program, amount, visit.language)
                gives.append((program.name_in(visit.language), signed(text, visit.language, is_less=False)))
    return gives


def _printed(fields: Mapping[str, str], visit: Visit) -> Printed | None:
    """What was typed from the paper; None for what cannot be read. The total may have a comma or a point."""
    total = fields.get("total", "").replace(",", ".").replace("\N{ARABIC DECIMAL SEPARATOR}", ".")
    whole, _, part = total.partition(".")
    places = exponent(visit.host.organization.currency)
    reference = fields.get("reference", "")[:100]
    if not reference or not whole.isdecimal() or len(total) > _MAX_TOTAL or len(part) > places:
        return None
    if part and not part.isdecimal():
        return None
    try:
        on = date.fromisoformat(fields.get("on", ""))
    except ValueError:
        return None
    return Printed(reference, on, int(whole) * 10**places + int(part.ljust(places, "0") or 0))


def _how_was_it(visit: Visit, asked: VisitAsked, *, error: str | None = None, status: int = 200) -> Response:
    m = page_texts(visit.language)
    place = asked.location or visit.host.organization.name
    return visit.show(
        "my_visit.html",
        status=status,
        question=m["how_was_it"].format(place=place),
        asked=asked,
        at=moment(asked.happened_at, visit.language, visit.host.organization.time_zone),
        action=f"{asked.path}?lang={visit.language}",
        done=visit.request.query_params.get("done") == "said",
        error=error,
    )


def _unknown(visit: Visit) -> Response:
    return visit.notice("visit_unknown", 404)


_PAGE: Final = "/m/{organization}"
ROUTES: Final[tuple[BaseRoute, ...]] = (
    Route(f"{_PAGE}/receipt", ask_receipt, methods=["GET"]),
    Route(f"{_PAGE}/receipt", type_code, methods=["POST"]),
    Route(f"{_PAGE}/receipt-print", acts.form(_find, _told), methods=["POST"]),
    Route(f"{_PAGE}/receipt/{{code}}", receipt, methods=["GET"]),
    Route(f"{_PAGE}/receipt/{{code}}", acts.form(_claim, _told), methods=["POST"]),
    Route(f"{_PAGE}/visit/{{token}}", visit_page, methods=["GET"]),
    Route(f"{_PAGE}/visit/{{token}}", say, methods=["POST"]),
)

"""The page of a customer who is signed in: everything on one sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from starlette.responses import Response

from passerelle.customers import service as customers
from passerelle.customers.schemas import CustomerOut
from passerelle.distribution.barcodes import Drawn, drawn_code
from passerelle.distribution.colours import Palette
from passerelle.distribution.faces import look_of, spaced
from passerelle.distribution.mypage import numbers
from passerelle.distribution.mypage.choices import read_choices, read_records
from passerelle.distribution.mypage.history import read_history
from passerelle.distribution.mypage.questions import open_questions
from passerelle.distribution.mypage.rules import ERASE_WORDS
from passerelle.distribution.mypage.service import PageSession
from passerelle.distribution.mypage.visiting import Visit
from passerelle.distribution.mypage.wording import page_texts
from passerelle.distribution.standings import MemberShown, read_member
from passerelle.distribution.wording import LANGUAGE_NAMES, texts
from passerelle.distribution.writing import day_of, moment
from passerelle.kit import clock, mail
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.ids import ABOVE_ALL, encode
from passerelle.kit.web import edge
from passerelle.passes import service as passes
from passerelle.passes.schemas import ShownCard
from passerelle.programs import service as programs
from passerelle.purchases.receipts import service as receipts
from passerelle.rewards.coupons import service as coupons
from passerelle.ticketing import service as ticketing

_RECENT: Final = 5
_MOST_CARDS: Final = 20
# What a form may say when it is done; anything else in the address is not shown.
_DONE: Final = frozenset(
    {"saved", "email_sent", "number_sent", "withdrawn_now", "granted_now", "form_expired", "claimed_now"}
)


@dataclass(frozen=True, slots=True)
class CardShown:
    """One membership with its card, if it was issued; ``shown`` is None for one that is blocked or has ended."""

    member: MemberShown
    card_id: str | None
    shown: ShownCard | None
    look: Palette | None
    barcode: Drawn | None
    code: str


@dataclass(frozen=True, slots=True)
class TicketShown:
    """A ticket with which the customer can still come in, unless the event is cancelled."""

    ticket_id: str
    event: str
    at: str
    venue: str
    seat: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class CouponShown:
    """A coupon that the customer can use, now or soon; ``came`` says which purchase gave it, if one did."""

    coupon_id: str
    benefit: str
    name: str
    code: str
    when: str
    came: str


async def show_sheet(
    tx: Tx,
    visit: Visit,
    session: PageSession,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page; with what was ``typed`` and what is wrong with it after a form that was refused."""
    language, m = visit.language, page_texts(visit.language)
    customer = await customers.get_customer(tx, session.customer_id)
    zone = visit.host.organization.time_zone
    lines, more = await read_history(tx, customer.id, ABOVE_ALL, _RECENT, language=language, time_zone=zone)
    cards = await _cards(tx, customer.id, language)
    can_mail = mail.is_configured(edge(visit.request).settings)
    done = visit.request.query_params.get("done", "")
    found = errors or {}
    return visit.show(
        "my_page.html",
        status=status,
        session=session,
        customer=customer,
        greeting=_greeting(customer, m),
        cards=cards,
        coupons=await _coupons(tx, customer.id, language),
        tickets=await _tickets(tx, customer.id, language),
        looks=[card.look for card in cards if card.look is not None],
        lines=lines,
        more=more is not None,
        choices=await read_choices(tx, customer.id, visit.host, language),
        records=await read_records(tx, customer.id, visit.host, language),
        typed=typed or _known(customer),
        errors={name: found.get(name) for name in ("first_name", "last_name", "birthday", "email", "phone")},
        alert=m["correct"] if found else None,
        done=m[done] if done in _DONE and not found else None,
        asked=await open_questions(tx, customer.id, visit.host.organization.name, language),
        takes_receipts=await receipts.is_used(tx),
        language_names=LANGUAGE_NAMES,
        can_mail=can_mail,
        can_change_number=can_mail and await numbers.may_change(tx, customer.id),
    )


async def show_erasure(
    tx: Tx, visit: Visit, session: PageSession, *, error: str | None = None, status: int = 200
) -> Response:
    """The page before an erasure."""
    members = [
        await read_member(tx, membership.id, visit.language)
        for membership in await programs.memberships_of(tx, session.customer_id)
    ]
    word = ERASE_WORDS[visit.language]
    return visit.show("my_erase.html", status=status, members=members, word=word, error=error, session=session)


def _known(customer: CustomerOut) -> dict[str, str]:
    """What the form of details shows first."""
    birthday = customer.birthday
    return {
        "first_name": customer.first_name or "",
        "last_name": customer.last_name or "",
        "language": customer.language or "",
        "day": str(birthday.day) if birthday else "",
        "month": str(birthday.month) if birthday else "",
        "year": str(birthday.year or "") if birthday else "",
        "email": "",
        "phone": "",
    }


def _greeting(customer: CustomerOut, m: Mapping[str, str]) -> str:
    return m["hello"].format(name=customer.first_name) if customer.first_name else m["hello_nobody"]


async def _coupons(tx: Tx, customer_id: UUID, language: Language) -> list[CouponShown]:
    """Those that are good for something, newest first."""
    m = page_texts(language)
    return [
        CouponShown(
            coupon_id=encode("cpn", coupon.id),
            benefit=await coupons.benefit_of(tx, campaign, language),
            name=campaign.name_in(language),
            code=coupon.code,
            when=_when(*coupons.window_of(campaign, coupon), campaign.time_zone, language),
            came=m["coupon_purchase"].format(day=day_of(coupon.given_on, language)) if coupon.given_on else "",
        )
        for campaign, coupon in await coupons.list_coupons_of(tx, customer_id, ABOVE_ALL, _MOST_CARDS)
        if campaign.state == "active" and coupons.coupon_state(campaign, coupon) == "active"
    ]


def _when(starts_at: datetime | None, ends_at: datetime | None, time_zone: str, language: Language) -> str:
    m = page_texts(language)
    start = day_of(starts_at, language, time_zone) if starts_at and starts_at > clock.now() else ""
    end = day_of(ends_at - timedelta(microseconds=1), language, time_zone) if ends_at else ""
    if start and end:
        return m["coupon_both"].format(start=start, end=end)
    if start:
        return m["coupon_from"].format(day=start)
    return m["coupon_until"].format(day=end) if end else ""


async def _tickets(tx: Tx, customer_id: UUID, language: Language) -> list[TicketShown]:
    """Of events that are not over, in the order of their beginning."""
    held = await ticketing.list_tickets(tx, ABOVE_ALL, _MOST_CARDS, customer_id=customer_id, state="issued")
    events = await ticketing.events_among(tx, sorted({ticket.event_id for ticket in held}))
    coming = [(events[ticket.event_id], ticket) for ticket in held]
    return [
        TicketShown(
            ticket_id=encode("tck", ticket.id),
            event=event.name_in(language),
            at=moment(event.times.starts_at, language, event.time_zone),
            venue=event.venue.name,
            seat=" · ".join(part for part in (ticket.category, ticket.place) if part),
            is_on=event.state == "published",
        )
        for event, ticket in sorted(coming, key=lambda each: (each[0].times.starts_at, each[1].id))
        if event.times.closes_at > clock.now()
    ]


async def _cards(tx: Tx, customer_id: UUID, language: Language) -> list[CardShown]:
    """Memberships that have not ended, oldest first."""
    found = []
    for membership in (await programs.memberships_of(tx, customer_id))[:_MOST_CARDS]:
        member = await read_member(tx, membership.id, language)
        card = await passes.find_card_of(tx, membership.id)
        past = card is not None and card.expires_at is not None and card.expires_at <= clock.now()
        shown = None
        if card is not None and card.state == "active" and not past:
            shown = await passes.show_card(tx, card.id, language)
        found.append(
            CardShown(
                member=member,
                card_id=encode("pas", card.id) if card is not None else None,
                shown=shown,
                look=look_of(shown) if shown else None,
                barcode=drawn_code(shown, texts(language)["show_at_till"]) if shown and not _rotates(shown) else None,
                code=spaced(card.code) if card is not None else "",
            )
        )
    return found


def _rotates(shown: ShownCard) -> bool:
    """Whether the code changes: this page stands still, so it is shown on the card's own page alone."""
    return shown.code_kind == "rotating"

"""The verbs of handout links; the only writer of their table."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from passerelle.distribution import service as distribution
from passerelle.distribution.handouts import queries
from passerelle.distribution.handouts.errors import (
    CampaignForHolders,
    FewerThanHandedOut,
    HandoutLinkNotFound,
    NothingLeft,
    TooManyHandoutLinks,
)
from passerelle.distribution.handouts.events import HandoutLinkChanged, HandoutLinkCreated
from passerelle.distribution.handouts.models import HandoutLinkRow
from passerelle.distribution.handouts.schemas import HandoutLinkChange, HandoutLinkIn, TicketLinkIn
from passerelle.distribution.offers import CardOffer, campaign_offer, event_offer
from passerelle.kit import clock, directory
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.kit.ids import digest, new_code, new_id
from passerelle.passes import service as passes
from passerelle.passes.schemas import SubjectCard
from passerelle.rewards.coupons import service as coupons
from passerelle.rewards.coupons.schemas import Campaign
from passerelle.ticketing import service as ticketing

DIRECTORY: Final = "handout_link"
_MAX_LINKS: Final = 1_000
_CODE_LETTERS: Final = 8


class _Goods(NamedTuple):
    """How one kind of thing is handed out: found by who asked for it, made, put on a card."""

    find: Callable[[Tx, UUID, str], Awaitable[UUID | None]]
    make: Callable[[Tx, UUID, str], Awaitable[UUID]]
    issue_card: Callable[[Tx, UUID], Awaitable[SubjectCard]]


_CODES: Final = _Goods(coupons.find_handed_out, coupons.hand_out_coupon, passes.issue_coupon_card)
_TICKETS: Final = _Goods(ticketing.find_handed_out, ticketing.hand_out_ticket, passes.issue_ticket_card)


async def create_handout_link(tx: Tx, new: HandoutLinkIn) -> HandoutLinkRow:
    """A public link to codes of a campaign; raises CampaignNotFound, CampaignForHolders, TooManyHandoutLinks."""
    campaign = await coupons.get_campaign(tx, new.campaign_id)
    if campaign.terms.holder_only:
        raise CampaignForHolders(coupon=campaign.name)
    return await _create(tx, name=new.name, max_codes=new.max_codes, campaign_id=campaign.id)


async def create_ticket_link(tx: Tx, event_id: UUID, new: TicketLinkIn) -> HandoutLinkRow:
    """A public link to tickets of an event; raises TicketedEventNotFound, TooManyHandoutLinks."""
    event = await ticketing.get_event(tx, event_id)
    return await _create(tx, name=new.name, max_codes=new.max_codes, event_id=event.id)


async def _create(
    tx: Tx, *, name: str, max_codes: int, campaign_id: UUID | None = None, event_id: UUID | None = None
) -> HandoutLinkRow:
    if await queries.count_links(tx) >= _MAX_LINKS:
        raise TooManyHandoutLinks(limit=_MAX_LINKS)
    link = HandoutLinkRow(
        organization_id=tx.organization_id,
        id=new_id(),
        campaign_id=campaign_id,
        event_id=event_id,
        code=new_code(_CODE_LETTERS),
        name=name,
        max_codes=max_codes,
        handed_out=0,
        active=True,
        created_at=clock.now(),
    )
    tx.session.add(link)
    await tx.flush()
    await directory.add(tx, DIRECTORY, link_key(link.code))
    fact = HandoutLinkCreated(handout_link_id=link.id, campaign_id=campaign_id, event_id=event_id)
    await announce(tx, fact)
    return link


async def change_handout_link(
    tx: Tx, link_id: UUID, change: HandoutLinkChange, *, event_id: UUID | None = None
) -> HandoutLinkRow:
    """Rename, limit or switch a link to codes, or to tickets of this event.

    Raises HandoutLinkNotFound, FewerThanHandedOut.
    """
    link = await queries.get_link(tx, link_id, for_update=True)
    _require_gives(link, event_id)
    given = {name: value for name, value in change.model_dump(exclude_unset=True).items() if value is not None}
    if given.get("max_codes", link.handed_out) < link.handed_out:
        raise FewerThanHandedOut(handed_out=link.handed_out)
    for name, value in given.items():
        setattr(link, name, value)
    await tx.flush()
    await announce(tx, HandoutLinkChanged(handout_link_id=link.id, fields=tuple(sorted(given))))
    return link


async def get_handout_link(tx: Tx, link_id: UUID, *, event_id: UUID | None = None) -> HandoutLinkRow:
    """A link to codes, or to tickets of this event; raises HandoutLinkNotFound."""
    link = await queries.get_link(tx, link_id)
    _require_gives(link, event_id)
    return link


async def find_link_by_code(tx: Tx, code: str) -> HandoutLinkRow | None:
    """The link behind a short address."""
    return await queries.find_link_by_code(tx, code)


async def list_handout_links(
    tx: Tx, before: UUID, limit: int, *, campaign_id: UUID | None = None, event_id: UUID | None = None
) -> Sequence[HandoutLinkRow]:
    """Links of a campaign, of an event, or of all campaigns, newest first."""
    return await queries.list_links(tx, before, limit, campaign_id=campaign_id, event_id=event_id)


async def hand_out(tx: Tx, link: HandoutLinkRow, nonce: bytes, language: Language) -> str:
    """What the link gives with its card for the browser that has this nonce; the token of its smart link.

    The same browser gets the same card again. Raises NothingLeft, CouponPaused, CouponExpired, EventCancelled,
    EventOver, EventSoldOut, and what the design of the cards refuses.
    """
    goods, offering_id = _goods_of(link)
    reference = _reference(link, nonce)
    subject_id = await goods.find(tx, offering_id, reference)
    if subject_id is None:
        subject_id = await _take_one(tx, link.id, reference)
    card = await goods.issue_card(tx, subject_id)
    return await distribution.keep_form_link(tx, card, nonce, language)


async def _take_one(tx: Tx, link_id: UUID, reference: str) -> UUID:
    """The link is locked: of two browsers one gets the last code, and one browser that asks twice gets one."""
    link = await queries.get_link(tx, link_id, for_update=True)
    goods, offering_id = _goods_of(link)
    known = await goods.find(tx, offering_id, reference)
    if known is not None:
        return known
    if not link.active or link.handed_out >= link.max_codes:
        raise NothingLeft
    link.handed_out += 1
    await tx.flush()
    return await goods.make(tx, offering_id, reference)


async def card_of_browser(tx: Tx, link: HandoutLinkRow, nonce: bytes, language: Language) -> str | None:
    """The token of the card that this browser got by this link before, if it did."""
    goods, offering_id = _goods_of(link)
    if await goods.find(tx, offering_id, _reference(link, nonce)) is None:
        return None
    return await hand_out(tx, link, nonce, language)


async def offer_of(tx: Tx, link: HandoutLinkRow) -> CardOffer:
    """What the page of the link shows."""
    if link.event_id is not None:
        return await event_offer(tx, await ticketing.get_event(tx, link.event_id))
    return await campaign_offer(tx, await _campaign_of(tx, link))


async def require_open(tx: Tx, link: HandoutLinkRow) -> None:
    """Refuse a link behind which nothing is left: raises as hand_out."""
    if link.event_id is not None:
        ticketing.require_issuing(await ticketing.get_event(tx, link.event_id))
    else:
        coupons.require_handing_out(await _campaign_of(tx, link))
    if not link.active or link.handed_out >= link.max_codes:
        raise NothingLeft


def link_key(code: str) -> bytes:
    """The key of a short address in the directory."""
    return directory.fingerprint(code)


async def _campaign_of(tx: Tx, link: HandoutLinkRow) -> Campaign:
    assert link.campaign_id is not None, "the database checks it"
    return await coupons.get_campaign_value(tx, link.campaign_id)


def _goods_of(link: HandoutLinkRow) -> tuple[_Goods, UUID]:
    if link.event_id is not None:
        return _TICKETS, link.event_id
    assert link.campaign_id is not None, "the database checks it"
    return _CODES, link.campaign_id


def _require_gives(link: HandoutLinkRow, event_id: UUID | None) -> None:
    if link.event_id != event_id:
        raise HandoutLinkNotFound


def _reference(link: HandoutLinkRow, nonce: bytes) -> str:
    return f"handout:{link.id.hex}:{digest(nonce).hex()[:32]}"

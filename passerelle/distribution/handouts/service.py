"""The verbs of handout links; the only writer of their table."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
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
from passerelle.distribution.handouts.schemas import (
    HandoutFigures,
    HandoutFilter,
    HandoutLinkChange,
    HandoutLinkIn,
    TicketLinkIn,
)
from passerelle.distribution.offers import CardOffer, campaign_offer, event_offer, product_offer
from passerelle.distribution.posters import service as posters
from passerelle.distribution.posters.schemas import PosterDesign, PosterOut
from passerelle.distribution.posters.service import Subject
from passerelle.distribution.rules import Platform
from passerelle.distribution.schemas import Trail
from passerelle.distribution.service import Scene
from passerelle.giftcards import service as giftcards
from passerelle.kit import clock, directory
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.kit.ids import digest, new_code, new_id
from passerelle.passes import service as passes
from passerelle.passes.schemas import SubjectCard
from passerelle.rewards.coupons import service as coupons
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
    """A public link to codes of a campaign, or to a gift card.

    Raises CampaignNotFound, CampaignForHolders, GiftCardProductNotFound, TooManyHandoutLinks.
    """
    if new.campaign_id is not None:
        campaign = await coupons.get_campaign(tx, new.campaign_id)
        if campaign.terms.holder_only:
            raise CampaignForHolders(coupon=campaign.name)
    if new.gift_card_product_id is not None:
        await giftcards.get_product(tx, new.gift_card_product_id)
    of = {"campaign_id": new.campaign_id, "product_id": new.gift_card_product_id}
    return await _create(tx, HandoutLinkRow(**of, name=new.name, max_codes=new.max_codes))


async def create_ticket_link(tx: Tx, event_id: UUID, new: TicketLinkIn) -> HandoutLinkRow:
    """A public link to tickets of an event; raises TicketedEventNotFound, TooManyHandoutLinks."""
    event = await ticketing.get_event(tx, event_id)
    return await _create(tx, HandoutLinkRow(event_id=event.id, name=new.name, max_codes=new.max_codes))


async def _create(tx: Tx, link: HandoutLinkRow) -> HandoutLinkRow:
    if await queries.count_links(tx) >= _MAX_LINKS:
        raise TooManyHandoutLinks(limit=_MAX_LINKS)
    link.organization_id, link.id, link.code = tx.organization_id, new_id(), new_code(_CODE_LETTERS)
    link.handed_out, link.active, link.created_at = 0, True, clock.now()
    tx.session.add(link)
    await tx.flush()
    await directory.add(tx, DIRECTORY, link_key(link.code))
    await announce(tx, HandoutLinkCreated(link.id, link.campaign_id, link.product_id, link.event_id))
    return link


async def change_handout_link(
    tx: Tx, link_id: UUID, change: HandoutLinkChange, *, event_id: UUID | None = None
) -> HandoutLinkRow:
    """Rename, limit or switch a link of this event, or one of no event.

    Raises HandoutLinkNotFound, FewerThanHandedOut.
    """
    link = await queries.get_link(tx, link_id, for_update=True)
    _require_event(link, event_id)
    given = {name: value for name, value in change.model_dump(exclude_unset=True).items() if value is not None}
    if given.get("max_codes", link.handed_out) < link.handed_out:
        raise FewerThanHandedOut(handed_out=link.handed_out)
    for name, value in given.items():
        setattr(link, name, value)
    await tx.flush()
    await announce(tx, HandoutLinkChanged(handout_link_id=link.id, fields=tuple(sorted(given))))
    return link


async def get_handout_link(tx: Tx, link_id: UUID, *, event_id: UUID | None = None) -> HandoutLinkRow:
    """A link of this event, or one of no event; raises HandoutLinkNotFound."""
    link = await queries.get_link(tx, link_id)
    _require_event(link, event_id)
    return link


async def find_link_by_code(tx: Tx, code: str) -> HandoutLinkRow | None:
    """The link behind a short address."""
    return await queries.find_link_by_code(tx, code)


async def list_handout_links(tx: Tx, before: UUID, limit: int, wanted: HandoutFilter) -> Sequence[HandoutLinkRow]:
    """The links that are wanted, newest first."""
    return await queries.list_links(tx, before, limit, wanted)


async def handout_figures(tx: Tx, link_ids: Sequence[UUID], start: datetime, end: datetime) -> list[HandoutFigures]:
    """How each of these links did in ``[start, end)``; unknown ones are left out. Raises PeriodTooLong."""
    rows = await distribution.handout_figures(tx, link_ids, start, end)
    found = {row["link_id"]: HandoutFigures(**row) for row in rows}
    return [found[link_id] for link_id in link_ids if link_id in found]


async def offer_of_link(tx: Tx, link: HandoutLinkRow) -> CardOffer:
    """What the page and the poster of a link show."""
    if link.campaign_id is not None:
        return await campaign_offer(tx, await coupons.get_campaign_value(tx, link.campaign_id))
    if link.event_id is not None:
        return await event_offer(tx, await ticketing.get_event(tx, link.event_id))
    return await product_offer(tx, await giftcards.get_product(tx, _product(link)))


async def poster_of(tx: Tx, link: HandoutLinkRow) -> Subject:
    """What the poster of a link is of."""
    return Subject(await offer_of_link(tx, link), await _design_of(tx, link), posters.design_of(link.poster))


async def _design_of(tx: Tx, link: HandoutLinkRow) -> UUID | None:
    if link.campaign_id is not None:
        return (await coupons.get_campaign_value(tx, link.campaign_id)).template_id
    if link.event_id is not None:
        return (await ticketing.get_event(tx, link.event_id)).template_id
    return (await giftcards.get_product(tx, _product(link))).template_id


async def save_poster(tx: Tx, link_id: UUID, design: PosterDesign, *, event_id: UUID | None = None) -> PosterOut:
    """Keep the design of a link's poster; raises HandoutLinkNotFound."""
    link = await queries.get_link(tx, link_id, for_update=True)
    _require_event(link, event_id)
    link.poster = design.model_dump(mode="json")
    await tx.flush()
    await announce(tx, HandoutLinkChanged(handout_link_id=link.id, fields=("poster",)))
    return await posters.get_poster(tx, await poster_of(tx, link))


async def is_offered(tx: Tx, link: HandoutLinkRow) -> bool:
    """Whether there is something behind a link now.

    Raises CouponPaused, CouponExpired, EventCancelled, EventOver, EventSoldOut.
    """
    if link.campaign_id is not None:
        coupons.require_handing_out(await coupons.get_campaign_value(tx, link.campaign_id))
    elif link.event_id is not None:
        ticketing.require_issuing(await ticketing.get_event(tx, link.event_id))
    else:
        return link.active and (await giftcards.get_product(tx, _product(link))).active
    return link.active and link.handed_out < link.max_codes


async def note_view(tx: Tx, link: HandoutLinkRow, platform: Platform, language: Language) -> None:
    """Count that somebody looked at the page of a link."""
    await distribution.record(tx, _scene(link, platform, language), *distribution.views(platform))


async def hand_out(tx: Tx, link: HandoutLinkRow, nonce: bytes, platform: Platform, language: Language) -> str:
    """A code or ticket with its card for the browser that has this nonce; the token of its smart link.

    The same browser gets the same card again. Raises NothingLeft (of a gift card, too, which is sold at the till),
    what ``is_offered`` raises, and what the design of the cards refuses.
    """
    goods = _goods_of(link)
    if goods is None:
        raise NothingLeft
    how, offering_id = goods
    reference = _reference(link, nonce)
    subject_id = await how.find(tx, offering_id, reference)
    if subject_id is None:
        subject_id = await _take_one(tx, link.id, reference)
    card = await how.issue_card(tx, subject_id)
    return await distribution.keep_form_link(tx, card, nonce, _scene(link, platform, language))


async def _take_one(tx: Tx, link_id: UUID, reference: str) -> UUID:
    """The link is locked: of two browsers one gets the last code, and one browser that asks twice gets one."""
    link = await queries.get_link(tx, link_id, for_update=True)
    goods = _goods_of(link)
    if goods is None:
        raise NothingLeft
    how, offering_id = goods
    known = await how.find(tx, offering_id, reference)
    if known is not None:
        return known
    if not link.active or link.handed_out >= link.max_codes:
        raise NothingLeft
    link.handed_out += 1
    await tx.flush()
    return await how.make(tx, offering_id, reference)


async def card_of_browser(
    tx: Tx, link: HandoutLinkRow, nonce: bytes, platform: Platform, language: Language
) -> str | None:
    """The token of the card that this browser got by this link before, if it did."""
    goods = _goods_of(link)
    if goods is None:
        return None
    how, offering_id = goods
    if await how.find(tx, offering_id, _reference(link, nonce)) is None:
        return None
    return await hand_out(tx, link, nonce, platform, language)


def link_key(code: str) -> bytes:
    """The key of a short address in the directory."""
    return directory.fingerprint(code)


def _reference(link: HandoutLinkRow, nonce: bytes) -> str:
    return f"handout:{link.id.hex}:{digest(nonce).hex()[:32]}"


def _scene(link: HandoutLinkRow, platform: Platform, language: Language) -> Scene:
    trail = Trail(handout_link_id=link.id)
    offering_id = link.campaign_id or link.product_id or link.event_id
    return Scene("handout_page", None, platform, language, trail, offering_id=offering_id)


def _goods_of(link: HandoutLinkRow) -> tuple[_Goods, UUID] | None:
    """How to hand out what is behind a link, and of which campaign or event; None of a gift card."""
    if link.campaign_id is not None:
        return _CODES, link.campaign_id
    return (_TICKETS, link.event_id) if link.event_id is not None else None


def _require_event(link: HandoutLinkRow, event_id: UUID | None) -> None:
    """Links of events have routes of their own."""
    if link.event_id != event_id:
        raise HandoutLinkNotFound


def _product(link: HandoutLinkRow) -> UUID:
    assert link.product_id is not None, "a link is of a campaign, an event or a product"
    return link.product_id

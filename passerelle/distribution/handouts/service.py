"""The verbs of handout links; the only writer of their table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.distribution import service as distribution
from passerelle.distribution.handouts import queries
from passerelle.distribution.handouts.errors import (
    CampaignForHolders,
    FewerThanHandedOut,
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
)
from passerelle.distribution.offers import CardOffer, campaign_offer, product_offer
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
from passerelle.rewards.coupons import service as coupons

DIRECTORY: Final = "handout_link"
_MAX_LINKS: Final = 1_000
_CODE_LETTERS: Final = 8


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
    if await queries.count_links(tx) >= _MAX_LINKS:
        raise TooManyHandoutLinks(limit=_MAX_LINKS)
    link = HandoutLinkRow(
        organization_id=tx.organization_id,
        id=new_id(),
        code=new_code(_CODE_LETTERS),
        handed_out=0,
        active=True,
        created_at=clock.now(),
        campaign_id=new.campaign_id,
        product_id=new.gift_card_product_id,
        name=new.name,
        max_codes=new.max_codes,
    )
    tx.session.add(link)
    await tx.flush()
    await directory.add(tx, DIRECTORY, link_key(link.code))
    await announce(tx, HandoutLinkCreated(link.id, link.campaign_id, link.product_id))
    return link


async def change_handout_link(tx: Tx, link_id: UUID, change: HandoutLinkChange) -> HandoutLinkRow:
    """Rename, limit or switch a link; raises HandoutLinkNotFound, FewerThanHandedOut."""
    link = await queries.get_link(tx, link_id, for_update=True)
    given = {name: value for name, value in change.model_dump(exclude_unset=True).items() if value is not None}
    if given.get("max_codes", link.handed_out) < link.handed_out:
        raise FewerThanHandedOut(handed_out=link.handed_out)
    for name, value in given.items():
        setattr(link, name, value)
    await tx.flush()
    await announce(tx, HandoutLinkChanged(handout_link_id=link.id, fields=tuple(sorted(given))))
    return link


async def get_handout_link(tx: Tx, link_id: UUID) -> HandoutLinkRow:
    """A link; raises HandoutLinkNotFound."""
    return await queries.get_link(tx, link_id)


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
    return await product_offer(tx, await giftcards.get_product(tx, _product(link)))


async def poster_of(tx: Tx, link: HandoutLinkRow) -> Subject:
    """What the poster of a link is of."""
    offered = (
        await coupons.get_campaign_value(tx, link.campaign_id)
        if link.campaign_id is not None
        else await giftcards.get_product(tx, _product(link))
    )
    return Subject(await offer_of_link(tx, link), offered.template_id, posters.design_of(link.poster))


async def save_poster(tx: Tx, link_id: UUID, design: PosterDesign) -> PosterOut:
    """Keep the design of a link's poster; raises HandoutLinkNotFound."""
    link = await queries.get_link(tx, link_id, for_update=True)
    link.poster = design.model_dump(mode="json")
    await tx.flush()
    await announce(tx, HandoutLinkChanged(handout_link_id=link.id, fields=("poster",)))
    return await posters.get_poster(tx, await poster_of(tx, link))


async def is_offered(tx: Tx, link: HandoutLinkRow) -> bool:
    """Whether there is something behind a link now. Raises CouponPaused, CouponExpired."""
    if link.campaign_id is None:
        return link.active and (await giftcards.get_product(tx, _product(link))).active
    coupons.require_handing_out(await coupons.get_campaign_value(tx, link.campaign_id))
    return link.active and link.handed_out < link.max_codes


async def note_view(tx: Tx, link: HandoutLinkRow, platform: Platform, language: Language) -> None:
    """Count that somebody looked at the page of a link."""
    await distribution.record(tx, _scene(link, platform, language), *distribution.views(platform))


async def hand_out(tx: Tx, link: HandoutLinkRow, nonce: bytes, platform: Platform, language: Language) -> str:
    """A code of the campaign with its card for the browser that has this nonce; the token of its smart link.

    The same browser gets the same card again. Raises NothingLeft (of a gift card, too, which is sold at the till),
    CouponPaused, CouponExpired, and what the design of the campaign's cards refuses.
    """
    if link.campaign_id is None:
        raise NothingLeft
    reference = _reference(link, nonce)
    coupon_id = await coupons.find_handed_out(tx, link.campaign_id, reference)
    if coupon_id is None:
        coupon_id = await _take_one(tx, link.id, link.campaign_id, reference)
    card = await passes.issue_coupon_card(tx, coupon_id)
    return await distribution.keep_form_link(tx, card, nonce, _scene(link, platform, language))


async def _take_one(tx: Tx, link_id: UUID, campaign_id: UUID, reference: str) -> UUID:
    """The link is locked: of two browsers one gets the last code, and one browser that asks twice gets one."""
    link = await queries.get_link(tx, link_id, for_update=True)
    known = await coupons.find_handed_out(tx, campaign_id, reference)
    if known is not None:
        return known
    if not link.active or link.handed_out >= link.max_codes:
        raise NothingLeft
    link.handed_out += 1
    await tx.flush()
    return await coupons.hand_out_coupon(tx, campaign_id, reference)


async def card_of_browser(
    tx: Tx, link: HandoutLinkRow, nonce: bytes, platform: Platform, language: Language
) -> str | None:
    """The token of the card that this browser got by this link before, if it did."""
    if link.campaign_id is None:
        return None
    if await coupons.find_handed_out(tx, link.campaign_id, _reference(link, nonce)) is None:
        return None
    return await hand_out(tx, link, nonce, platform, language)


def link_key(code: str) -> bytes:
    """The key of a short address in the directory."""
    return directory.fingerprint(code)


def _reference(link: HandoutLinkRow, nonce: bytes) -> str:
    return f"handout:{link.id.hex}:{digest(nonce).hex()[:32]}"


def _scene(link: HandoutLinkRow, platform: Platform, language: Language) -> Scene:
    trail = Trail(handout_link_id=link.id)
    return Scene("handout_page", None, platform, language, trail, offering_id=link.campaign_id or link.product_id)


def _product(link: HandoutLinkRow) -> UUID:
    assert link.product_id is not None, "a link is of a campaign or of a product"
    return link.product_id

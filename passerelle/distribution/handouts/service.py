"""The verbs of handout links; the only writer of their table."""

from collections.abc import Sequence
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
from passerelle.distribution.handouts.schemas import HandoutLinkChange, HandoutLinkIn
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
    """A public link to codes of a campaign; raises CampaignNotFound, CampaignForHolders, TooManyHandoutLinks."""
    campaign = await coupons.get_campaign(tx, new.campaign_id)
    if campaign.terms.holder_only:
        raise CampaignForHolders(coupon=campaign.name)
    if await queries.count_links(tx) >= _MAX_LINKS:
        raise TooManyHandoutLinks(limit=_MAX_LINKS)
    link = HandoutLinkRow(
        organization_id=tx.organization_id,
        id=new_id(),
        code=new_code(_CODE_LETTERS),
        handed_out=0,
        active=True,
        created_at=clock.now(),
        **new.model_dump(),
    )
    tx.session.add(link)
    await tx.flush()
    await directory.add(tx, DIRECTORY, link_key(link.code))
    await announce(tx, HandoutLinkCreated(handout_link_id=link.id, campaign_id=link.campaign_id))
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


async def list_handout_links(
    tx: Tx, before: UUID, limit: int, campaign_id: UUID | None = None
) -> Sequence[HandoutLinkRow]:
    """Links of a campaign, or of all, newest first."""
    return await queries.list_links(tx, before, limit, campaign_id)


async def hand_out(tx: Tx, link: HandoutLinkRow, nonce: bytes, language: Language) -> str:
    """A code of the campaign with its card for the browser that has this nonce; the token of its smart link.

    The same browser gets the same card again. Raises NothingLeft, CouponPaused, CouponExpired, and what the design
    of the campaign's cards refuses.
    """
    reference = _reference(link, nonce)
    coupon_id = await coupons.find_handed_out(tx, link.campaign_id, reference)
    if coupon_id is None:
        coupon_id = await _take_one(tx, link.id, reference)
    card = await passes.issue_coupon_card(tx, coupon_id)
    return await distribution.keep_form_link(tx, card, nonce, language)


async def _take_one(tx: Tx, link_id: UUID, reference: str) -> UUID:
    """The link is locked: of two browsers one gets the last code, and one browser that asks twice gets one."""
    link = await queries.get_link(tx, link_id, for_update=True)
    known = await coupons.find_handed_out(tx, link.campaign_id, reference)
    if known is not None:
        return known
    if not link.active or link.handed_out >= link.max_codes:
        raise NothingLeft
    link.handed_out += 1
    await tx.flush()
    return await coupons.hand_out_coupon(tx, link.campaign_id, reference)


async def card_of_browser(tx: Tx, link: HandoutLinkRow, nonce: bytes, language: Language) -> str | None:
    """The token of the card that this browser got by this link before, if it did."""
    if await coupons.find_handed_out(tx, link.campaign_id, _reference(link, nonce)) is None:
        return None
    return await hand_out(tx, link, nonce, language)


def link_key(code: str) -> bytes:
    """The key of a short address in the directory."""
    return directory.fingerprint(code)


def _reference(link: HandoutLinkRow, nonce: bytes) -> str:
    return f"handout:{link.id.hex}:{digest(nonce).hex()[:32]}"

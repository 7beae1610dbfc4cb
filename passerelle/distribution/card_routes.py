"""HTTP of the wallet cards of coupons, gift cards, tickets: made, looked at, handed to their holders, or tried."""

from typing import Annotated, Final

from fastapi import Depends, Path

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.distribution import own_cards, qr, service
from passerelle.distribution.errors import CardNotActive
from passerelle.distribution.schemas import CardHolderIn, CardLinkOut, EventFunnel
from passerelle.giftcards import service as giftcards
from passerelle.giftcards.errors import GiftCardNotFound, GiftCardProductNotFound, GiftCardProductNotOffered
from passerelle.giftcards.schemas.values import GiftCardId, GiftCardProductId
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.web import Edge, Router, allow, edge, refusals
from passerelle.organizations.errors import OperatorsOnly
from passerelle.passes import service as passes
from passerelle.passes.errors import PassNotFound, TemplateNotOfKind
from passerelle.passes.schemas import PassDetail, SubjectCard
from passerelle.rewards.coupons import service as coupons
from passerelle.rewards.coupons.errors import CampaignNotFound, CouponExpired, CouponUnknown, TooManyAttempts
from passerelle.rewards.coupons.schemas import CampaignId, Code
from passerelle.templates.errors import NotPublished, TemplateNotFound, TooManyTemplates
from passerelle.ticketing import service as ticketing
from passerelle.ticketing.errors import ISSUE_REFUSALS, TicketedEventNotFound, TicketNotFound
from passerelle.ticketing.schemas import TicketedEventId, TicketId

router = Router(prefix="/api/v1", tags=["distribution"])
At = Annotated[Edge, Depends(edge)]
TypedCode = Annotated[Code, Path(description="The coupon's code as it was typed or scanned.")]
_BEARER: Final = CardHolderIn()
_DESIGN: Final[tuple[type[Refusal], ...]] = (TemplateNotFound, NotPublished, TemplateNotOfKind, TooManyTemplates)


@router.post(
    "/coupons/{code}/card",
    status_code=201,
    responses=refusals(CouponUnknown, TooManyAttempts, CardNotActive, *_DESIGN),
)
async def give_coupon_card(code: TypedCode, at: At, tx: Annotated[Tx, allow("coupons:write")]) -> CardLinkOut:
    """The wallet card of a coupon, made when there is none, and a fresh secret link to it for whoever gets it."""
    _, coupon = await coupons.coupon_by_code(tx, code)
    return await _link(tx, at, await passes.issue_coupon_card(tx, coupon.id))


@router.get("/coupons/{code}/card", responses=refusals(CouponUnknown, TooManyAttempts, PassNotFound))
async def get_coupon_card(code: TypedCode, tx: Annotated[Tx, allow("coupons:read")]) -> PassDetail:
    """The wallet card of a coupon: its condition, and which wallets hold it in which version."""
    _, coupon = await coupons.coupon_by_code(tx, code)
    return await passes.get_pass_of_subject(tx, coupon.id)


@router.post(
    "/gift-cards/{gift_card_id}/card",
    status_code=201,
    responses=refusals(GiftCardNotFound, CustomerNotFound, CustomerGone, CardNotActive, *_DESIGN),
)
async def give_gift_card_card(
    gift_card_id: GiftCardId, at: At, tx: Annotated[Tx, allow("giftcards:write")], body: CardHolderIn = _BEARER
) -> CardLinkOut:
    """The wallet card of a gift card, made when there is none, and a fresh secret link to it.

    Whoever opens the link can spend the card, unless it has a PIN.
    """
    return await _link(tx, at, await passes.issue_gift_card_card(tx, gift_card_id, body.customer_id))


@router.get("/gift-cards/{gift_card_id}/card", responses=refusals(GiftCardNotFound, PassNotFound))
async def get_gift_card_card(gift_card_id: GiftCardId, tx: Annotated[Tx, allow("giftcards:read")]) -> PassDetail:
    """The wallet card of a gift card: its condition, and which wallets hold it in which version."""
    await giftcards.get_gift_card(tx, gift_card_id)
    return await passes.get_pass_of_subject(tx, gift_card_id)


@router.post(
    "/tickets/{ticket_id}/card", status_code=201, responses=refusals(TicketNotFound, CardNotActive, *_DESIGN)
)
async def give_ticket_card(ticket_id: TicketId, at: At, tx: Annotated[Tx, allow("tickets:write")]) -> CardLinkOut:
    """The wallet card of a ticket, made when there is none, and a fresh secret link to it.

    Whoever opens the link can come in with it.
    """
    return await _link(tx, at, await passes.issue_ticket_card(tx, ticket_id))


@router.get("/ticketed-events/{event_id}/funnel", responses=refusals(TicketedEventNotFound))
async def get_event_funnel(event_id: TicketedEventId, tx: Annotated[Tx, allow("tickets:read")]) -> EventFunnel:
    """How far the tickets of an event came: issued, added to a wallet, used."""
    event = await ticketing.get_event(tx, event_id)
    added = await passes.count_added(tx, event_id, without=await ticketing.cancelled_of(tx, event_id))
    came = (await ticketing.count_attendance(tx, [event_id])).get(event_id)
    return EventFunnel(issued=event.issued, added=added, used=came.used if came else 0)


@router.get("/tickets/{ticket_id}/card", responses=refusals(TicketNotFound, PassNotFound))
async def get_ticket_card(ticket_id: TicketId, tx: Annotated[Tx, allow("tickets:read")]) -> PassDetail:
    """The wallet card of a ticket: its condition, and which wallets hold it in which version."""
    await ticketing.get_ticket(tx, ticket_id)
    return await passes.get_pass_of_subject(tx, ticket_id)


@router.post(
    "/coupon-campaigns/{campaign_id}/own-card",
    status_code=201,
    responses=refusals(OperatorsOnly, CampaignNotFound, CouponExpired, CardNotActive, *_DESIGN),
)
async def give_own_coupon(campaign_id: CampaignId, at: At, tx: Annotated[Tx, allow("coupons:write")]) -> CardLinkOut:
    """A coupon of the caller's own, for their phone: one until it is used, and a fresh link each time."""
    tx.actor.require("customers:write")
    return await _link(tx, at, await own_cards.give_own_coupon(tx, campaign_id))


@router.post(
    "/gift-card-products/{product_id}/own-card",
    status_code=201,
    responses=refusals(OperatorsOnly, GiftCardProductNotFound, GiftCardProductNotOffered, CardNotActive, *_DESIGN),
)
async def give_own_gift_card(
    product_id: GiftCardProductId, at: At, tx: Annotated[Tx, allow("giftcards:write")]
) -> CardLinkOut:
    """A gift card of the caller's own, for their phone: one until it is spent, and a fresh link each time.

    It holds the smallest amount that is sold, and pays: take the money off it when it was tried.
    """
    tx.actor.require("customers:write")
    return await _link(tx, at, await own_cards.give_own_gift_card(tx, product_id))


@router.post(
    "/ticketed-events/{event_id}/own-card",
    status_code=201,
    responses=refusals(OperatorsOnly, TicketedEventNotFound, *ISSUE_REFUSALS, CardNotActive, *_DESIGN),
)
async def give_own_ticket(
    event_id: TicketedEventId, at: At, tx: Annotated[Tx, allow("tickets:write")]
) -> CardLinkOut:
    """A ticket of the caller's own, for their phone: one until it is used, and a fresh link each time.

    It lets in, and takes a place: cancel it when it was tried.
    """
    tx.actor.require("customers:write")
    return await _link(tx, at, await own_cards.give_own_ticket(tx, event_id))


async def _link(tx: Tx, at: Edge, card: SubjectCard) -> CardLinkOut:
    url = at.settings.url(f"/c/{await service.give_link(tx, card.id)}")
    return CardLinkOut(
        pass_id=card.id,
        url=url,
        qr_svg=qr.svg(url, qr.Style(pixels=qr.SHOWN_PIXELS)).decode(),
        apple_url=f"{url}.pkpass",
        google_url=f"{url}.gpay",
        card=await passes.get_pass(tx, card.id),
    )

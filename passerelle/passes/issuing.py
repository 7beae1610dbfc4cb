"""Cards of coupons, gift cards and tickets: made once for each, from the design of their campaign, product or event.

Where there is no design yet, one is made with the first card, as programs get theirs.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.giftcards import service as giftcards
from passerelle.giftcards.errors import GiftCardNotFound
from passerelle.kit import clock
from passerelle.kit.db import Row, Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.passes import queries
from passerelle.passes.errors import TemplateNotOfKind
from passerelle.passes.events import PassIssued
from passerelle.passes.faces import read_card
from passerelle.passes.marking import mark
from passerelle.passes.schemas import SubjectCard, SubjectKind
from passerelle.passes.serials import serial_number_of
from passerelle.rewards.coupons import service as coupons
from passerelle.templates import service as templates
from passerelle.templates.schemas import Kind
from passerelle.templates.service import Design
from passerelle.ticketing import service as ticketing

# What the design of a card must be for.
_DESIGN_OF: Final[Mapping[SubjectKind, Kind]] = {
    "coupon": "coupon",
    "gift_card": "gift_card",
    "ticket": "event_ticket",
}


class _New(NamedTuple):
    """A card that is to be made."""

    kind: SubjectKind
    subject_id: UUID
    customer_id: UUID | None
    offering_id: UUID


async def issue_coupon_card(tx: Tx, coupon_id: UUID) -> SubjectCard:
    """The card of a coupon, made when there is none.

    Raises CouponUnknown, and of its design TemplateNotFound, NotPublished, TemplateNotOfKind, TooManyTemplates.
    """
    campaign, coupon = await coupons.get_coupon(tx, coupon_id)
    known = await queries.find_pass_by_subject(tx, coupon_id)
    if known is None:
        template_id = campaign.template_id or await _coupon_design(tx, campaign.id)
        known = await _insert(tx, _New("coupon", coupon_id, coupon.customer_id, campaign.id), template_id)
    return await read_card(tx, known)


async def issue_gift_card_card(tx: Tx, gift_card_id: UUID, customer_id: UUID | None = None) -> SubjectCard:
    """The card of a gift card, made when there is none; ``customer_id`` is who holds it from now on, if it is known.

    Raises GiftCardNotFound, CustomerNotFound, CustomerGone, and of its design as ``issue_coupon_card``.
    """
    gift_card = (await giftcards.card_facts_of(tx, [gift_card_id])).get(gift_card_id)
    if gift_card is None:
        raise GiftCardNotFound
    if customer_id is not None:
        await customers.require_customer(tx, customer_id)
    known = await queries.find_pass_by_subject(tx, gift_card_id)
    if known is None:
        template_id = gift_card.template_id or await _gift_card_design(tx, gift_card.product_id)
        known = await _insert(tx, _New("gift_card", gift_card_id, customer_id, gift_card.product_id), template_id)
    elif customer_id is not None and await tx.fetchval(
        queries.SET_HOLDER, tx.organization_id, known["id"], customer_id
    ):
        await mark(tx, queries.CHANGE_OF_PASSES, {known["id"]})
        known = await queries.get_pass(tx, known["id"])
    return await read_card(tx, known)


async def issue_ticket_card(tx: Tx, ticket_id: UUID) -> SubjectCard:
    """The card of a ticket, made when there is none. Raises TicketNotFound, and of its design as above."""
    event, ticket = await ticketing.get_ticket(tx, ticket_id)
    known = await queries.find_pass_by_subject(tx, ticket_id)
    if known is None:
        template_id = event.template_id or await _ticket_design(tx, event.id)
        known = await _insert(tx, _New("ticket", ticket_id, ticket.customer_id, event.id), template_id)
    return await read_card(tx, known)


async def _insert(tx: Tx, new: _New, template_id: UUID) -> Row:
    compiled = await templates.published(tx, template_id)
    wanted = _DESIGN_OF[new.kind]
    if compiled.content.kind != wanted:
        raise TemplateNotOfKind(given=compiled.content.kind, wanted=wanted)
    pass_id = new_id()
    made = await tx.fetchval(
        queries.INSERT,
        *(tx.organization_id, pass_id, new.kind, new.subject_id, new.customer_id, None, new.offering_id),
        *(template_id, compiled.version, serial_number_of(tx.organization_id, pass_id), None, clock.now()),
    )
    if made is not None:
        fact = PassIssued(pass_id=pass_id, membership_id=None, subject_kind=new.kind, subject_id=new.subject_id)
        await announce(tx, fact)
    return await queries.find_pass_by_subject(tx, new.subject_id)


async def _coupon_design(tx: Tx, campaign_id: UUID) -> UUID:
    campaign = await coupons.hold_campaign_design(tx, campaign_id)
    if campaign.template_id is not None:  # made by whoever held it before
        return campaign.template_id
    made = await _designed(tx, "coupon", campaign.name, dict(campaign.names))
    await coupons.set_campaign_design(tx, campaign_id, made)
    return made


async def _gift_card_design(tx: Tx, product_id: UUID) -> UUID:
    product = await giftcards.hold_product_design(tx, product_id)
    if product.template_id is not None:
        return product.template_id
    made = await _designed(tx, "gift_card", product.name, product.names)
    await giftcards.set_product_design(tx, product_id, made)
    return made


async def _ticket_design(tx: Tx, event_id: UUID) -> UUID:
    event = await ticketing.hold_event_design(tx, event_id)
    if event.template_id is not None:
        return event.template_id
    made = await _designed(tx, "event_ticket", event.name, dict(event.names))
    await ticketing.set_event_design(tx, event_id, made)
    return made


async def _designed(tx: Tx, kind: Kind, name: str, names: dict[str, str]) -> UUID:
    organization = await organizations.get_organization(tx)
    design = Design(
        kind=kind,
        organization_name=organization.name,
        program_name=name,
        brand=organization.brand,
        language=organization.language,
        contact=organization.legal.contact_email,
        names=names,
    )
    return (await templates.create_designed(tx, design)).id

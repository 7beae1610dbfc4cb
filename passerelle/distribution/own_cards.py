"""A card for whoever works here, to have it on their own phone before the first customer comes.

They are a customer like any other, found by their e-mail: their card is counted, and can be erased.
"""

from uuid import UUID

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.distribution import service
from passerelle.giftcards import service as giftcards
from passerelle.giftcards.errors import GiftCardProductNotOffered
from passerelle.giftcards.schemas.cards import GiftCardIn
from passerelle.giftcards.schemas.products import GiftCardProductOut
from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.passes import service as passes
from passerelle.passes.schemas import SubjectCard
from passerelle.programs import service as programs
from passerelle.rewards.coupons import service as coupons
from passerelle.ticketing import service as ticketing
from passerelle.ticketing.schemas import TicketIn


async def give_own_card(tx: Tx, program_id: UUID) -> tuple[UUID, str]:
    """Make the calling operator a member of a program, once; returns their card and a fresh link to it.

    Raises OperatorsOnly, ProgramNotFound, ProgramNotRunning, ProgramHasNoTemplate, MembershipNotActive,
    CardNotActive.
    """
    member = await programs.enroll(tx, program_id, await _own_customer(tx), source="api")
    card = await passes.issue_pass(tx, member.membership_id)
    return card.id, await service.give_link(tx, card.id)


async def give_own_coupon(tx: Tx, campaign_id: UUID) -> SubjectCard:
    """The card of a coupon of the calling operator's own: another one when they have used theirs.

    Raises OperatorsOnly, CampaignNotFound, CouponExpired, and what the design of the campaign's cards refuses.
    """
    customer_id = await _own_customer(tx)
    await coupons.hold_campaign_design(tx, campaign_id)  # asked twice at once, they get one
    known = await passes.find_card_of_holder(tx, customer_id, campaign_id)
    if known is not None and known.condition == "valid":
        return known
    _, coupon = await coupons.issue_coupon(tx, campaign_id, customer_id, f"own:{new_id()}")
    return await passes.issue_coupon_card(tx, coupon.id)


async def give_own_gift_card(tx: Tx, product_id: UUID) -> SubjectCard:
    """The card of a gift card of the calling operator's own: another one when theirs is spent or blocked.

    It is real money, so it holds the smallest amount that is sold. Raises OperatorsOnly, GiftCardProductNotFound,
    GiftCardProductNotOffered, and what the design of the product's cards refuses.
    """
    customer_id = await _own_customer(tx)
    product = await giftcards.hold_product_design(tx, product_id)  # asked twice at once, they get one
    known = await passes.find_card_of_holder(tx, customer_id, product_id)
    if known is not None and known.condition == "valid" and await _holds_money(tx, known.subject_id):
        return known
    if not product.active:
        raise GiftCardProductNotOffered(product=product.name)
    sold = GiftCardIn(
        product_id=product_id, amount_minor=_smallest(product), currency=product.currency, customer_id=customer_id
    )
    made = await giftcards.create_gift_card(tx, sold)
    return await passes.issue_gift_card_card(tx, made.id, customer_id)


async def give_own_ticket(tx: Tx, event_id: UUID) -> SubjectCard:
    """The card of a ticket of the calling operator's own: another one when they have used theirs.

    Raises OperatorsOnly, TicketedEventNotFound, the refusals of issuing, and what the design of the tickets refuses.
    """
    customer_id = await _own_customer(tx)
    await ticketing.hold_event_design(tx, event_id)  # asked twice at once, they get one
    known = await passes.find_card_of_holder(tx, customer_id, event_id)
    if known is not None and known.condition == "valid":
        return known
    ticket = await ticketing.issue_ticket(tx, TicketIn(event_id=event_id, customer_id=customer_id))
    return await passes.issue_ticket_card(tx, ticket.id)


async def _own_customer(tx: Tx) -> UUID:
    operator = await organizations.get_operator(tx, organizations.own_id(tx))
    known = await customers.register(tx, NewCustomer(first_name=operator.name, email=operator.email, source="api"))
    return known.customer_id


async def _holds_money(tx: Tx, gift_card_id: UUID) -> bool:
    return (await giftcards.get_gift_card(tx, gift_card_id)).balance_minor > 0


def _smallest(product: GiftCardProductOut) -> int:
    amounts = product.amounts
    smallest = min(amounts.amounts_minor) if amounts.amounts_minor else amounts.minimum_minor
    assert smallest is not None, "a product has either amounts or bounds"
    return smallest

"""The verbs of distribution; with facts.py and links.py the only writer of its tables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.customers.errors import InvalidPhone
from passerelle.customers.schemas import Registered
from passerelle.distribution import queries, rules
from passerelle.distribution.errors import CardNotActive
from passerelle.distribution.events import SmartLinkCreated
from passerelle.distribution.facts import (
    Scene,
    Via,
    campaign_funnel,
    funnel,
    handout_figures,
    link_figures,
    product_funnel,
    record,
    totals,
    views,
)
from passerelle.distribution.forms import JoinForm, Ticket
from passerelle.distribution.links import (
    change_join_link,
    create_default_link,
    create_join_link,
    find_default_link,
    find_link_by_code,
    get_join_link,
    link_key,
    list_join_links,
)
from passerelle.distribution.offers import CardOffer, Offer, offer_of, open_offer
from passerelle.distribution.schemas import Trail
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Row, Tx
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.kit.ids import digest, new_id, new_secret, tenant_token
from passerelle.passes import service as passes
from passerelle.passes.schemas import Card, SubjectCard
from passerelle.privacy import service as privacy
from passerelle.programs import service as programs
from passerelle.programs.referral import service as referral
from passerelle.programs.referral.service import note_opened as note_referral

__all__ = [
    "Scene",
    "campaign_funnel",
    "change_join_link",
    "create_default_link",
    "create_join_link",
    "find_card",
    "find_default_link",
    "find_link_by_code",
    "forget_links",
    "funnel",
    "get_join_link",
    "give_link",
    "handout_figures",
    "join",
    "keep_form_link",
    "link_figures",
    "link_key",
    "links_of_customer",
    "list_join_links",
    "note_referral",
    "open_card",
    "open_offer",
    "phone_fault",
    "product_funnel",
    "record",
    "totals",
    "views",
]

_SECRET_BYTES: Final = 16
_SCOPE_OF_CODES: Final = {"coupon": "coupons:write", "gift_card": "giftcards:write", "ticket": "tickets:write"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a form: what their browser proved by ticket and cookie, where they came from, and by whose code."""

    ticket: Ticket
    known_nonces: Sequence[bytes]
    platform: rules.Platform
    language: Language
    trail: Trail
    address: str | None
    was_asked_email: bool = False
    referral_code: str = ""


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """A card behind a smart link."""

    smart_link_id: UUID
    via: Via
    card: SubjectCard
    offer: Offer | CardOffer
    language: Language | None
    trail: Trail

    def scene(self, platform: rules.Platform, language: Language) -> Scene:
        """For the facts of this link."""
        card = self.card
        return Scene(
            *(self.via, card.program_id, platform, language, self.trail, card.id, self.smart_link_id),
            offering_id=card.offering_id,
        )


async def join(tx: Tx, offer: Offer, form: JoinForm, sender: Sender) -> str | None:
    """Make somebody a member with a card; returns the token of their smart link.

    None when the form names a customer whose card it must not see (rules.may_receive_card): then nothing at all
    has changed. The same form again gives the same link. Raises InvalidPhone, InvalidEmail, ProgramNotRunning,
    MembershipNotActive, ProgramHasNoTemplate, LocationNotFound, ValidationError for a name without a letter.
    """
    registered = await customers.register(tx, form.person(sender.language))
    claim = await _claim(tx, offer, form, sender, registered)
    if not rules.may_receive_card(claim):
        return None
    tx.actor = Actor("customer", registered.customer_id)
    enrolled = await programs.enroll(
        tx, offer.program.id, registered.customer_id, source="form", location_id=sender.trail.location_id
    )
    if not (claim.created or claim.proven or enrolled.created):
        return None  # became a member meanwhile, by another hand
    if sender.referral_code:  # one that nobody has keeps nobody out
        await referral.credit_referrer(tx, offer.program.id, enrolled, registered.customer_id, sender.referral_code)
    card = await passes.issue_pass(tx, enrolled.membership_id)
    keys = await tx.vault.keys(tx)
    secret = keys.derive("smart_link", f"{sender.ticket.nonce.hex()}:{card.id}")[:_SECRET_BYTES]
    link = await _keep_link(
        tx, card, secret, form_digest=digest(sender.ticket.nonce), language=sender.language, trail=sender.trail
    )
    if link is not None:  # the first time that this form came
        # Marketing only from somebody whose number it is, as far as we can know.
        wanted = form.marketing and (claim.created or claim.proven)
        shown = offer.wordings(sender.language, with_email=sender.was_asked_email)
        for consent in shown.given(marketing=wanted, has_email=bool(form.email)):
            await privacy.record_consent(tx, card.customer_id, consent, ip_address=sender.address)
        scene = Scene("join_page", card.program_id, sender.platform, sender.language, sender.trail, card.id, link)
        await record(tx, scene, "joined")
    return tenant_token("c", tx.organization_id, secret)


async def phone_fault(tx: Tx, phone: str) -> InvalidPhone | None:
    """What is wrong with a number; for a form with other faults, so that all are shown at once."""
    try:
        await customers.find_by_phone(tx, phone)
    except InvalidPhone as fault:
        return fault
    return None


async def _claim(tx: Tx, offer: Offer, form: JoinForm, sender: Sender, registered: Registered) -> rules.Claim:
    customer_id = registered.customer_id
    if registered.created:
        return rules.Claim(created=True, proven=True, same_name=True, new_member=True)
    forms = [digest(nonce) for nonce in (sender.ticket.nonce, *sender.known_nonces)]
    known = await customers.card_facts(tx, customer_id)
    memberships = await programs.memberships_of(tx, customer_id)
    return rules.Claim(
        created=False,
        proven=await queries.is_proven(tx, customer_id, forms),
        same_name=rules.is_same_name(known.full_name, form.name),
        new_member=all(membership.program_id != offer.program.id for membership in memberships),
    )


async def open_card(tx: Tx, secret: bytes) -> OpenedCard | None:
    """The card behind the secret of a smart link, whatever its state; None for a link that is not there."""
    row: Row = await queries.find_smart_link(tx, digest(secret))
    if row is None:
        return None
    card = await passes.get_card(tx, row["pass_id"])
    return OpenedCard(
        smart_link_id=row["id"],
        via="form_link" if row["origin"] == "form" else "staff_link",
        card=card,
        offer=await offer_of(tx, card),
        language=row["language"],
        trail=Trail(
            *(row["location_id"], row["utm_source"], row["utm_medium"], row["utm_campaign"]),
            *(row["join_link_id"], row["handout_link_id"]),
        ),
    )


async def find_card(tx: Tx, secret: bytes) -> SubjectCard | None:
    """The card behind the secret of a smart link, and nothing of its program."""
    row: Row = await queries.find_smart_link(tx, digest(secret))
    return None if row is None else await passes.get_card(tx, row["pass_id"])


async def give_link(tx: Tx, pass_id: UUID) -> str:
    """A fresh smart link to a card, for its holder or for staff to give to them; returns its token.

    Cards of coupons, gift cards and tickets hold their codes, so links for staff need the scope that codes need.
    Raises PassNotFound, CardNotActive, NotAllowed.
    """
    card = await passes.get_card(tx, pass_id)
    is_own = tx.actor.kind == "customer" and card.customer_id is not None and tx.actor.id == card.customer_id
    if card.kind != "membership" and not is_own:
        tx.actor.require(_SCOPE_OF_CODES[card.kind])
    if card.condition != "valid":
        raise CardNotActive
    secret = new_secret(_SECRET_BYTES)
    await _keep_link(tx, card, secret, form_digest=None, language=None, trail=Trail(location_id=tx.actor.location_id))
    return tenant_token("c", tx.organization_id, secret)


async def keep_form_link(tx: Tx, card: SubjectCard, nonce: bytes, scene: Scene) -> str:
    """The token of the smart link to a card that a browser asked for; the same browser gets the same link.

    The first time it is counted as a form that made a card.
    """
    keys = await tx.vault.keys(tx)
    secret = keys.derive("smart_link", f"{nonce.hex()}:{card.id}")[:_SECRET_BYTES]
    link = await _keep_link(tx, card, secret, form_digest=digest(nonce), language=scene.language, trail=scene.trail)
    if link is not None:
        await record(tx, replace(scene, pass_id=card.id, smart_link_id=link), "joined")
    return tenant_token("c", tx.organization_id, secret)


async def links_of_customer(tx: Tx, customer_id: UUID) -> list[dict[str, object]]:
    """A person's smart links without their secrets, for their export."""
    return [dict(row) for row in await queries.smart_links_of(tx, customer_id)]


async def forget_links(tx: Tx, customer_id: UUID) -> None:
    """Delete a person's smart links; facts stay, for they know cards and no people."""
    await tx.execute(queries.FORGET, tx.organization_id, customer_id)


async def _keep_link(
    tx: Tx,
    card: Card | SubjectCard,
    secret: bytes,
    *,
    form_digest: bytes | None,
    language: Language | None,
    trail: Trail,
) -> UUID | None:
    """The id of a new link, None when the same was made before."""
    origin = "staff" if form_digest is None else "form"
    made: UUID | None = await tx.fetchval(
        queries.INSERT_SMART_LINK,
        *(tx.organization_id, new_id(), digest(secret), origin, form_digest),
        *(card.id, card.customer_id, card.program_id, language),
        *(trail.join_link_id, trail.handout_link_id, trail.location_id),
        *(trail.utm_source, trail.utm_medium, trail.utm_campaign, clock.now()),
    )
    if made is not None:
        await announce(tx, SmartLinkCreated(smart_link_id=made, pass_id=card.id, origin=origin))
    return made

"""The card that fits what a shop offers: what is made with it, and what can be looked at before there is one."""

from collections.abc import Mapping
from typing import Final

from passerelle.kit.db import Tx
from passerelle.organizations import service as organizations
from passerelle.templates.content import Kind, TemplateContent
from passerelle.templates.defaults import Balance, Design, default_content
from passerelle.templates.schemas import OfferKind, SuggestionIn

# Wallets know three kinds of loyalty cards; cashback and multipasses are cards of points that count something else.
_CARDS: Final[Mapping[OfferKind, tuple[Kind, Balance]]] = {
    "stamps": ("stamps", "points"),
    "points": ("points", "points"),
    "membership": ("membership", "points"),
    "cashback": ("points", "money"),
    "multipass": ("points", "sessions"),
    "gift_card": ("gift_card", "money"),
    "coupon": ("coupon", "points"),
    "ticket": ("event_ticket", "points"),
}
_USUAL_GOAL: Final = 10


async def design_for(tx: Tx, wanted: SuggestionIn) -> Design:
    """What the card of an offer is designed from: the organization's name, colours and language."""
    organization = await organizations.get_organization(tx)
    kind, balance = _CARDS[wanted.kind]
    return Design(
        kind=kind,
        balance=balance,
        organization_name=organization.name,
        program_name=wanted.name,
        brand=organization.brand,
        language=organization.language,
        goal=wanted.goal or _USUAL_GOAL,
        contact=organization.legal.contact_email,
        names=wanted.names,
        reward_name=wanted.reward_name,
        reward_names=wanted.reward_names,
    )


async def suggest(tx: Tx, wanted: SuggestionIn) -> TemplateContent:
    """The card that an offer would come with; nothing is kept, and its pictures are drawn when it is made."""
    return default_content(await design_for(tx, wanted))

"""What a join page, a card page and a poster say of a program: read in one go, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from passerelle.distribution.colours import Palette, palette
from passerelle.distribution.consents import Wordings, wordings
from passerelle.distribution.standings import amount_text
from passerelle.distribution.wording import texts
from passerelle.distribution.writing import moment
from passerelle.giftcards import service as giftcards
from passerelle.giftcards.schemas.products import GiftCardProductOut
from passerelle.kit.db import Tx
from passerelle.kit.i18n import LANGUAGES, Language
from passerelle.kit.ids import ABOVE_ALL, encode
from passerelle.kit.money import Money
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import LocationOut, OrganizationOut
from passerelle.passes.schemas import SubjectCard
from passerelle.programs import service as programs
from passerelle.programs.schemas import Program
from passerelle.rewards import service as rewards
from passerelle.rewards.coupons import service as coupons
from passerelle.rewards.coupons.schemas import Campaign
from passerelle.rewards.schemas import RewardOut
from passerelle.ticketing import service as ticketing
from passerelle.ticketing.schemas import TicketedEvent

OfferKind = Literal["program", "coupon", "gift_card", "ticket", "check_in"]
_REWARDS_READ = 50


@dataclass(frozen=True, slots=True)
class Front:
    """What every page shows of a shop."""

    organization: OrganizationOut

    @property
    def palette(self) -> Palette:
        """The merchant's colours, readable."""
        brand = self.organization.brand
        return palette(brand.background, brand.foreground, brand.label)

    @property
    def controller(self) -> str:
        """Who answers for the data."""
        return self.organization.legal.controller or self.organization.name

    @property
    def logo(self) -> str | None:
        """The address of the merchant's logo."""
        digest = self.organization.brand.logo
        return f"/images/{encode('org', self.organization.id)}/{digest}.png" if digest else None


@dataclass(frozen=True, slots=True)
class CardOffer(Front):
    """A coupon, gift card or ticket as its page shows it: a name, and a few words that tell no balance of a card."""

    kind: OfferKind
    name: str
    names: Mapping[str, str]
    words: Mapping[Language, str]
    location: None = None
    stamps: int = 0

    def title(self, language: Language) -> str:
        """The name of the campaign, product or event."""
        return self.names.get(language) or self.name

    def promise(self, language: Language) -> str:
        """What it is good for."""
        return self.words[language]


@dataclass(frozen=True, slots=True)
class CheckInOffer(Front):
    """A location at which customers check in by themselves, as its poster shows it."""

    location: LocationOut
    kind: OfferKind = "check_in"
    stamps: int = 0

    def title(self, language: Language) -> str:
        """What to do."""
        return texts(language)["poster_check_in_title"]

    def promise(self, language: Language) -> str:
        """What it is good for."""
        return texts(language)["poster_check_in_text"]


@dataclass(frozen=True, slots=True)
class Offer(Front):
    """A program as the public sees it; ``reward`` is the cheapest one that is offered."""

    program: Program
    location: LocationOut | None
    reward: RewardOut | None
    kind: OfferKind = "program"

    def title(self, language: Language) -> str:
        """The program's name."""
        return self.program.name_in(language)

    @property
    def stamps(self) -> int:
        """How many places a stamp card has that can be drawn; 0 for everything else."""
        goal = self.program.goal or 0
        return goal if self.program.kind == "stamps" and goal <= 20 else 0

    def promise(self, language: Language) -> str:
        """What one gets, such as “A free coffee after 10 stamps”."""
        unit = self.program.find_unit(self.reward.unit) if self.reward else None
        if self.reward is None or unit is None or self.reward.price is None:
            return texts(language)["no_reward"]
        amount = amount_text(unit, self.program, self.reward.price, language)
        reward = self.reward.names.get(language) or self.reward.name
        return texts(language)["reward"].format(reward=reward, amount=amount)

    def wordings(self, language: Language, *, with_email: bool) -> Wordings:
        """What people are asked to agree to."""
        return wordings(self.program.name_in(language), self.controller, language, with_email=with_email)


async def open_offer(tx: Tx, program_id: UUID, location_id: UUID | None = None) -> Offer:
    """Read an offer; raises ProgramNotFound, LocationNotFound."""
    program = await programs.get_program(tx, program_id)
    location = await organizations.get_location(tx, location_id) if location_id is not None else None
    catalogue = await rewards.list_rewards(tx, program_id, ABOVE_ALL, _REWARDS_READ)
    offered = [
        (reward.price, reward.id, reward) for reward in catalogue if reward.active and reward.price is not None
    ]
    return Offer(
        organization=await organizations.get_organization(tx),
        program=program,
        location=location,
        reward=min(offered)[2] if offered else None,
    )


async def campaign_offer(tx: Tx, campaign: Campaign) -> CardOffer:
    """What the pages of a coupon campaign show."""
    words = {language: await coupons.benefit_of(tx, campaign, language) for language in LANGUAGES}
    return CardOffer(await organizations.get_organization(tx), "coupon", campaign.name, campaign.names, words)


async def product_offer(tx: Tx, product: GiftCardProductOut) -> CardOffer:
    """What the public page of a gift card shows: for how much it can be had."""
    words = {language: _amounts(product, language) for language in LANGUAGES}
    return CardOffer(await organizations.get_organization(tx), "gift_card", product.name, product.names, words)


def _amounts(product: GiftCardProductOut, language: Language) -> str:
    amounts = product.amounts
    if amounts.amounts_minor:
        return " · ".join(Money(each, product.currency).formatted(language) for each in sorted(amounts.amounts_minor))
    assert amounts.minimum_minor is not None, "a product has either amounts or bounds"
    assert amounts.maximum_minor is not None, "a product has either amounts or bounds"
    low, high = (Money(each, product.currency) for each in (amounts.minimum_minor, amounts.maximum_minor))
    return f"{low.formatted(language)} \N{EN DASH} {high.formatted(language)}"


async def event_offer(tx: Tx, event: TicketedEvent) -> CardOffer:
    """What the pages of an event show: when and where it is."""
    words = {
        language: f"{moment(event.times.starts_at, language, event.time_zone)} · {event.venue.name}"
        for language in LANGUAGES
    }
    return CardOffer(await organizations.get_organization(tx), "ticket", event.name, event.names, words)


async def offer_of(tx: Tx, card: SubjectCard) -> Offer | CardOffer:
    """What the page of a card shows."""
    if card.program_id is not None:
        return await open_offer(tx, card.program_id)
    if card.kind == "coupon":
        return await campaign_offer(tx, (await coupons.get_coupon(tx, card.subject_id))[0])
    if card.kind == "ticket":
        return await event_offer(tx, (await ticketing.get_ticket(tx, card.subject_id))[0])
    assert card.offering_id is not None, "the database checks it"
    product = await giftcards.get_product(tx, card.offering_id)
    return CardOffer(
        await organizations.get_organization(tx),
        "gift_card",
        product.name,
        product.names,
        {language: texts(language)["gift_card_words"] for language in LANGUAGES},
    )

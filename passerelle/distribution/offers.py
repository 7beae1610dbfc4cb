"""What a join page, a card page and a poster say of a program: read in one go, in the reader's language."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.distribution.colours import Palette, palette
from passerelle.distribution.consents import Wordings, wordings
from passerelle.distribution.wording import texts
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.ids import encode
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import LocationOut, OrganizationOut
from passerelle.programs import service as programs
from passerelle.programs.schemas import Program
from passerelle.rewards import service as rewards
from passerelle.rewards.schemas import RewardOut

_ABOVE_ALL = UUID(int=(1 << 128) - 1)
_REWARDS_READ = 50


@dataclass(frozen=True, slots=True)
class Host:
    """Whose pages these are."""

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
class Offer(Host):
    """A program as the public sees it; ``reward`` is the cheapest one that is offered."""

    program: Program
    location: LocationOut | None
    reward: RewardOut | None

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
        count = self.reward.price
        reward = self.reward.names.get(language) or self.reward.name
        return texts(language)["reward"].format(reward=reward, count=count, unit=unit.name(count, language))

    def wordings(self, language: Language, *, with_email: bool) -> Wordings:
        """What people are asked to agree to."""
        return wordings(self.program.name_in(language), self.controller, language, with_email=with_email)


async def open_offer(tx: Tx, program_id: UUID, location_id: UUID | None = None) -> Offer:
    """Read an offer; raises ProgramNotFound, LocationNotFound."""
    program = await programs.get_program(tx, program_id)
    location = await organizations.get_location(tx, location_id) if location_id is not None else None
    catalogue = await rewards.list_rewards(tx, program_id, _ABOVE_ALL, _REWARDS_READ)
    offered = [
        (reward.price, reward.id, reward) for reward in catalogue if reward.active and reward.price is not None
    ]
    return Offer(
        organization=await organizations.get_organization(tx),
        program=program,
        location=location,
        reward=min(offered)[2] if offered else None,
    )

"""Tier sets between functions: made from rows, remembered under the version of their program, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from passerelle.programs.tiers.rules import NONE, Basis, Definition, Held, Recalculation
from passerelle.programs.timing import Timing

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Benefit:
    """What members of a tier enjoy, in words."""

    text: str
    texts: Names

    def in_language(self, language: str) -> str:
        """The words for a reader."""
        return in_language(self.text, self.texts, language)


@dataclass(frozen=True, slots=True)
class NamedTier:
    """A tier as people see it, and what reaching it brings. The columns are those of models.TierRow."""

    id: UUID
    name: str
    names: Names
    threshold: int
    colour: str | None
    permanent: bool
    benefits: tuple[Benefit, ...]
    entry_unit_id: UUID | None
    entry_units: int | None
    entry_reward_id: UUID | None
    timing: Timing | None

    def name_in(self, language: str) -> str:
        """The name for a reader, or the name as the shop gave it."""
        return in_language(self.name, self.names, language)


@dataclass(frozen=True, slots=True)
class TierSet:
    """A tier set of a program with its tiers, lowest first; ``definition`` is what decides."""

    id: UUID
    program_id: UUID
    name: str
    names: Names
    basis: Basis
    unit_id: UUID | None
    recalculation: Recalculation
    created_at: datetime
    tiers: tuple[NamedTier, ...]
    definition: Definition

    def name_in(self, language: str) -> str:
        """The name for a reader, or the name as the shop gave it."""
        return in_language(self.name, self.names, language)

    def tier(self, tier_id: UUID | None) -> NamedTier | None:
        """A tier by id; a retired one is shown as the one that takes its place."""
        rank = self.definition.rank(tier_id)
        return None if rank == NONE else self.tiers[rank]


@dataclass(frozen=True, slots=True)
class MemberTier:
    """Where a member stands in a tier set, and how far the next tier is.

    ``amount`` is what counts now; ``missing`` is for the ``next_tier``, zero when it comes with the next period.
    """

    membership_id: UUID
    tier_set: TierSet
    held: Held
    tier: NamedTier | None
    amount: int
    next_tier: NamedTier | None
    missing: int


@dataclass(frozen=True, slots=True)
class TierFacts:
    """What a card shows of a member's tier: names by language, its last local day, and how far the next one is.

    ``amount`` and ``missing`` are of ``unit_id``, in minor units for tiers by ``spend``, else a number.
    """

    tier_set_id: UUID
    basis: Basis
    unit_id: UUID | None
    name: str
    names: Names
    colour: str | None
    ends_on: date | None
    amount: int
    next_name: str | None
    next_names: Names
    missing: int

    def name_in(self, language: str) -> str:
        """The tier's name for a reader."""
        return in_language(self.name, self.names, language)

    def next_name_in(self, language: str) -> str | None:
        """The name of the next tier for a reader; None at the top."""
        return None if self.next_name is None else in_language(self.next_name, self.next_names, language)


def in_language(name: str, names: Names, language: str) -> str:
    """The translation for a reader, or the word as the shop gave it."""
    return names.get(language) or names.get(language.split("-", maxsplit=1)[0]) or name

"""Tiers on the wire; the values that services pass (values.py) are given out here, too."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Instant, Name, Outbound, WholeNumber, Wire
from passerelle.programs.prizes import UnitCode
from passerelle.programs.schemas import MembershipId, ProgramId, StandingOut, Translations, UnitId
from passerelle.programs.tiers.rules import (
    Basis,
    Cause,
    Downgrade,
    Recalculation,
    Refunds,
    Upgrade,
)
from passerelle.programs.tiers.values import MemberTier, NamedTier, TierFacts, TierSet
from passerelle.programs.tiers.windows import Period, Validity, Window
from passerelle.programs.timing import Timing
from passerelle.programs.values import Program, Standing

__all__ = ["MemberTier", "TierFacts", "TierSet"]  # what other domains see of values.py

TierSetId = Annotated[UUID, WireId("tst")]
TierId = Annotated[UUID, WireId("tir")]
EntryRewardId = Annotated[UUID, WireId("rwd")]

MAX_TIERS: Final = 20
MAX_AMOUNT: Final = 10**12

Amount = Annotated[WholeNumber, Field(ge=0, le=MAX_AMOUNT)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Text300 = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=NO_NUL)]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
ByReason = Annotated[Text300, Field(description="Kept with who did it.")]


class BenefitText(Wire):
    """What members of a tier enjoy, in words. What they earn more is said by the conditions of earning rules."""

    text: Text300
    texts: Annotated[dict[LanguageTag, Text300], Field(default_factory=dict, max_length=20)]


class EntryUnits(Wire):
    """Units that reaching a tier brings, once in a period."""

    unit: UnitCode | None = None
    amount: Annotated[WholeNumber, Field(ge=1, le=10**9)]


class TierIn(Wire):
    """One tier. ``id`` keeps one that is there already; ``threshold`` is in the set's amount.

    A ``permanent`` one is never lost. Reaching it brings ``entry_units`` and the reward ``entry_reward_id``. Its
    ``timing`` stands in for that of the units which its members earn, unless a rule or a promotion has one.
    """

    id: TierId | None = None
    name: Name
    names: Annotated[Translations, Field(default_factory=dict)]
    threshold: Amount
    colour: Colour | None = None
    permanent: bool = False
    benefits: Annotated[list[BenefitText], Field(default_factory=list, max_length=20)]
    entry_units: EntryUnits | None = None
    entry_reward_id: EntryRewardId | None = None
    timing: Timing | None = None


class Judged(Wire):
    """How tiers are reached, kept and lost. ``period`` is what calendar windows, next and ends of periods mean."""

    window: Window = Window(type="ever")
    period: Period = "year"
    upgrade: Upgrade = "at_once"
    validity: Validity = Validity(type="continuous")
    downgrade: Downgrade = "full"
    grace_days: Annotated[WholeNumber, Field(ge=0, le=366)] = 0
    grace_to_month_end: bool = False
    refunds: Refunds = "end_of_period"


class TierSetIn(Judged):
    """A whole tier set. Tiers are listed from the lowest threshold to the highest.

    ``basis``: active ``balance`` of a ``unit``, units ``earned``, money spent in minor units, visits, or days as a
    member. ``recalculation``: when a change of this may take tiers away.
    """

    program_id: ProgramId
    name: Name
    names: Annotated[Translations, Field(default_factory=dict)]
    basis: Basis
    unit: UnitCode | None = None
    recalculation: Recalculation = "at_once"
    tiers: Annotated[list[TierIn], Field(min_length=1, max_length=MAX_TIERS)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.unit is not None and self.basis not in {"balance", "earned"}:
            raise ValueError("Only tiers by balance or by units earned have a unit.")
        ids = [tier.id for tier in self.tiers if tier.id is not None]
        if len(ids) != len(set(ids)):
            raise ValueError("A tier is listed twice.")
        return self


class TierOut(Outbound):
    """A tier of a set; ``rank`` counts from 1, the lowest."""

    id: TierId
    rank: int
    name: str
    names: dict[str, str]
    threshold: int
    colour: str | None
    permanent: bool
    benefits: list[BenefitText]
    entry_units: EntryUnits | None
    entry_reward_id: EntryRewardId | None
    timing: Timing | None

    @classmethod
    def of(cls, tier: NamedTier, rank: int, program: Program) -> Self:
        """A tier with its rank in the set."""
        entry = None
        if tier.entry_units is not None:
            code = next(unit.code for unit in program.units if unit.id == tier.entry_unit_id)
            entry = EntryUnits(unit=code, amount=tier.entry_units)
        return cls(
            id=tier.id,
            rank=rank + 1,
            name=tier.name,
            names=dict(tier.names),
            threshold=tier.threshold,
            colour=tier.colour,
            permanent=tier.permanent,
            benefits=[BenefitText(text=benefit.text, texts=dict(benefit.texts)) for benefit in tier.benefits],
            entry_units=entry,
            entry_reward_id=tier.entry_reward_id,
            timing=tier.timing,
        )


class TierWarning(Outbound):
    """Something that is allowed and probably not meant."""

    code: Literal["threshold_is_a_price"]
    tier_id: TierId
    text: str


class TierSetOut(Outbound):
    """A tier set. ``left``: members that its last change is still to be applied to, counted for one set alone."""

    id: TierSetId
    program_id: ProgramId
    name: str
    names: dict[str, str]
    basis: Basis
    unit: str | None
    window: Window
    period: Period
    upgrade: Upgrade
    validity: Validity
    downgrade: Downgrade
    grace_days: int
    grace_to_month_end: bool
    refunds: Refunds
    recalculation: Recalculation
    applies_at: datetime
    tiers: list[TierOut]
    warnings: list[TierWarning]
    members: int | None = None
    left: int | None = None
    created_at: datetime


class DryRunTier(Outbound):
    """How many members hold a tier now and would then; ``tier_id`` is null below the lowest and for a new tier."""

    tier_id: TierId | None
    name: str | None
    before: int
    after: int
    up: Annotated[int, Field(description="Members who would come up to this tier.")]
    down: Annotated[int, Field(description="Members who would come down to this tier.")]


class DryRunMember(Outbound):
    """One member who would change."""

    membership_id: MembershipId
    from_tier: str | None
    to_tier: str | None
    outcome: Literal["up", "down", "grace"]


class DryRunOut(Outbound):
    """What saving a definition would do to every member. ``grace``: keep their tier now and may lose it after."""

    members: int
    up: int
    down: int
    grace: int
    same: int
    tiers: list[DryRunTier]
    sample: list[DryRunMember]


class HeldTierOut(Outbound):
    """A tier as its member sees it."""

    id: TierId
    rank: int
    name: str
    colour: str | None
    benefits: list[str]


class NextTierOut(Outbound):
    """The tier above; ``missing`` is zero when it comes with the next period."""

    id: TierId
    name: str
    threshold: int
    missing: int


class MemberTierOut(Outbound):
    """Where a member stands in a tier set: ``tier`` is null below the lowest, ``next_tier`` at the top.

    Amounts are of ``unit_id`` when the set counts units, and in minor units of the program's currency by spend.

    The tier is valid until ``ends_at``; in its grace it is lost at ``grace_until``; neither: as long as the amount
    is there, or for ever.
    """

    tier_set_id: TierSetId
    tier_set_name: str
    basis: Basis
    unit_id: UnitId | None
    tier: HeldTierOut | None
    since: datetime | None
    amount: int
    next_tier: NextTierOut | None
    ends_at: datetime | None
    grace_until: datetime | None
    locked: bool
    locked_until: datetime | None

    @classmethod
    def of(cls, member: MemberTier, language: Language) -> Self:
        """A member's tier in a reader's language."""
        tier, following, held = member.tier, member.next_tier, member.held
        return cls(
            tier_set_id=member.tier_set.id,
            tier_set_name=member.tier_set.name_in(language),
            basis=member.tier_set.basis,
            unit_id=member.tier_set.unit_id,
            tier=None if tier is None else _held_out(member, tier, language),
            since=held.since,
            amount=member.amount,
            next_tier=None
            if following is None
            else NextTierOut(
                id=following.id,
                name=following.name_in(language),
                threshold=following.threshold,
                missing=member.missing,
            ),
            ends_at=held.ends_at,
            grace_until=held.grace_until,
            locked=held.locked,
            locked_until=held.locked_until,
        )


class TierChangeOut(Outbound):
    """One change of a member's tier; ``reason`` is there when it was done by hand."""

    from_tier_id: TierId | None
    from_tier: str | None
    to_tier_id: TierId | None
    to_tier: str | None
    cause: Cause
    period: str
    reason: str | None
    actor: str
    occurred_at: datetime


class MemberTierDetailOut(MemberTierOut):
    """The same with the last changes, newest first."""

    history: list[TierChangeOut]


class MemberTiersOut(Outbound):
    """One entry for each tier set of the program."""

    items: list[MemberTierDetailOut]


class AssignmentIn(Wire):
    """Give a member a tier by hand; without ``tier_id`` the one they hold. ``locked``: nothing but a hand moves it.

    ``locked_until`` ends the lock; without it, it lasts until it is released.
    """

    tier_id: TierId | None = None
    locked: bool = True
    locked_until: Instant | None = None
    reason: ByReason

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.locked_until is not None and not self.locked:
            raise ValueError("locked_until needs locked.")
        if self.tier_id is None and not self.locked:
            raise ValueError("Give a tier, or lock the one that is held.")
        return self


class ReleaseIn(Wire):
    """End the lock on a member's tier."""

    reason: ByReason


class MemberStandingOut(StandingOut):
    """Where a member stands, with the tiers they hold."""

    tiers: list[MemberTierOut]

    @classmethod
    def with_tiers(cls, standing: Standing, tiers: list[MemberTier], language: Language) -> Self:
        """A standing in a reader's language."""
        return cls(
            **dict(StandingOut.of(standing, language)), tiers=[MemberTierOut.of(tier, language) for tier in tiers]
        )


def _held_out(member: MemberTier, tier: NamedTier, language: Language) -> HeldTierOut:
    return HeldTierOut(
        id=tier.id,
        rank=member.tier_set.tiers.index(tier) + 1,
        name=tier.name_in(language),
        colour=tier.colour,
        benefits=[benefit.in_language(language) for benefit in tier.benefits],
    )

"""Programs between domains: values that services pass, made from rows and never changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from passerelle.kit.wire import WholeNumber, Wire
from passerelle.ledger.schemas import Balance
from passerelle.programs.accrual_base import AccrualBase
from passerelle.programs.community_settings import (
    BirthdaySettings,
    HouseholdSettings,
    ReferralSettings,
    TransferSettings,
)
from passerelle.programs.earning_rules import SUM_OF_ALL, Combining, EarningRule
from passerelle.programs.plan import Plan, plan_of
from passerelle.programs.promoting import Promotion
from passerelle.programs.rules import Accrual, ProgramKind, ProgramState, Reason, ReasonCode, is_running, plural_form
from passerelle.programs.term_rules import TermSettings, TermStatus, status_at
from passerelle.programs.timing import Timing
from passerelle.purchases.schemas import Purchase

MembershipState = Literal["active", "suspended", "ended"]
JoinSource = Literal["form", "till", "import", "api"]
UnitKind = Literal["stamps", "points", "visits", "sessions", "money"]
UnitShortfall = Literal["refuse", "forgive", "owe"]
Plurals = Mapping[str, Mapping[str, str]]
_BARRED: Final[Mapping[TermStatus | None, ReasonCode]] = {
    "unpaid": "membership_unpaid",
    "lapsed": "membership_lapsed",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """What a program counts in; ``names`` are plural forms (CLDR categories) by language.

    ``combining`` is how several rules and promotions come together. The other fields are as in models.UnitRow.
    """

    id: UUID
    code: str
    kind: UnitKind
    decimals: int
    names: Plurals
    spendable: bool = True
    timing: Timing = field(default_factory=Timing)
    shortfall: UnitShortfall = "refuse"
    cost_micros: int = 0
    breakage_ppm: int = 0
    combining: Combining = SUM_OF_ALL

    def name(self, count: int, language: str) -> str:
        """The word that goes with a count: “point”, “points”; in English when the language is not there.

        The form is that of the language of the word: for a French reader 0 is “one”, but “0 stars” stays English.
        """
        spoken = self._spoken(language)
        forms = self.names[spoken]
        return forms.get(plural_form(self.shown(count), spoken)) or forms["other"]

    def shown(self, count: int) -> int | Decimal:
        """A count as people read it: 1250 of a unit with two decimals is 12.5."""
        return Decimal(count).scaleb(-self.decimals).normalize() if self.decimals else count

    def _spoken(self, language: str) -> str:
        """The language among those of the names that a reader understands best."""
        base = language.split("-", maxsplit=1)[0]
        regional = (each for each in self.names if each.startswith(f"{base}-"))
        wanted = (language, base, next(regional, base), "en")
        return next((each for each in wanted if each in self.names), None) or next(iter(self.names))


class ProgramSettings(Wire):
    """``units_by_hand_limit``: the most that a till may give in one visit without an amount.

    ``expiring_soon_days``: how many days ahead it is announced that units lapse; 0 for not at all. ``accrual_base``:
    which parts of a purchase count, for rules that do not say it themselves, and for promotions. What is null the
    program has not: no referral, no birthdays, no transfers between members, no households, no term after which
    memberships end.
    """

    units_by_hand_limit: Annotated[WholeNumber, Field(ge=0, le=1_000_000)] = 10
    expiring_soon_days: Annotated[WholeNumber, Field(ge=0, le=365)] = 30
    accrual_base: AccrualBase = AccrualBase()
    referral: ReferralSettings | None = None
    birthday: BirthdaySettings | None = None
    transfers: TransferSettings | None = None
    households: HouseholdSettings | None = None
    term: TermSettings | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """A program as it stands under ``version``; processes remember it by that.

    ``promotions`` are the active ones; ``plan`` is all that gives units, made ready; ``timings`` are by the id of a
    unit, and of a rule, a promotion or a tier (``tier_timings``) that has its own; ``slides``: whether activity
    postpones what one of them says.
    """

    id: UUID
    version: UUID
    name: str
    names: Mapping[str, str]
    kind: ProgramKind
    currency: str
    time_zone: str
    state: ProgramState
    goal: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    template_id: UUID | None
    settings: ProgramSettings
    created_at: datetime
    units: tuple[Unit, ...]
    rules: tuple[EarningRule, ...]
    promotions: tuple[Promotion, ...] = ()
    tier_timings: Mapping[UUID, Timing] = field(default_factory=dict)
    plan: Plan = field(init=False, compare=False, repr=False)
    timings: Mapping[UUID, Timing] = field(init=False, compare=False, repr=False)
    slides: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare what gives units, so that a purchase need not."""
        units = [(unit.id, unit.combining) for unit in self.units]
        object.__setattr__(self, "plan", plan_of(units, self.rules, self.promotions, self.settings.accrual_base))
        timings = {unit.id: unit.timing for unit in self.units}
        timings |= {rule.id: rule.timing for rule in self.rules if rule.timing is not None}
        timings |= {each.id: each.timing for each in self.promotions if each.timing is not None}
        timings |= self.tier_timings
        object.__setattr__(self, "timings", timings)
        object.__setattr__(self, "slides", any(timing.slides for timing in timings.values()))

    def name_in(self, language: str) -> str:
        """The name for a reader, or the name as the shop gave it."""
        return self.names.get(language) or self.names.get(language.split("-", maxsplit=1)[0]) or self.name

    def is_running(self, instant: datetime) -> bool:
        """Whether it takes members and gives units at an instant."""
        return is_running(self.state, self.starts_at, self.ends_at, instant)

    def unit(self, unit_id: UUID) -> Unit:
        """The unit that is known to be one of this program's."""
        return next(unit for unit in self.units if unit.id == unit_id)

    def find_unit(self, code: str | None) -> Unit | None:
        """The unit of that code; without one, the only unit there is."""
        if code is None:
            return self.units[0] if len(self.units) == 1 else None
        return next((unit for unit in self.units if unit.code == code), None)

    def timing_of(self, accrual: Accrual, tier_ids: Iterable[UUID]) -> Timing:
        """When the units of an accrual become usable and lapse: by its rule or promotion, else as ``unit_timing``."""
        giver = accrual.rule_id or accrual.promotion_id
        own = self.timings.get(giver) if giver is not None else None
        return own or self.unit_timing(accrual.unit_id, tier_ids)

    def unit_timing(self, unit_id: UUID, tier_ids: Iterable[UUID]) -> Timing:
        """When units become usable and lapse: by the first of the member's tiers with a timing, else by the unit."""
        tier = next((tier_id for tier_id in tier_ids if tier_id in self.tier_timings), None)
        return self.timings[unit_id if tier is None else tier]


@dataclass(frozen=True, slots=True)
class Membership:
    """A customer in a program; its id owns the balances in the ledger.

    In a program with a term it is good in ``[valid_from, valid_until)`` and the days of grace after it; both are the
    same instant when nothing was paid, and None for who was a member before there was a term.
    """

    id: UUID
    program_id: UUID
    customer_id: UUID
    state: MembershipState
    source: JoinSource
    location_id: UUID | None
    joined_at: datetime
    tier_ids: Sequence[UUID] = ()
    household_id: UUID | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def term_status(member: Membership, program: Program, instant: datetime) -> TermStatus | None:
    """What a membership is at an instant by what was paid; None in a program without a term."""
    term = program.settings.term
    if term is None:
        return None
    return status_at(term, member.valid_from, member.valid_until, instant, program.time_zone)


def barred(member: Membership, program: Program, instant: datetime) -> ReasonCode | None:
    """Why a member can neither earn nor be given or redeem anything at an instant; None when they can."""
    if member.state != "active":
        return "member_suspended"
    if not program.is_running(instant):
        return "program_not_running"
    if program.settings.term is None:
        return None
    return _BARRED.get(term_status(member, program, instant))


@dataclass(frozen=True, slots=True)
class LockedSeat:
    """What ``Tx.locked`` says of a membership; of a customer it has the ids of their memberships."""

    membership_id: UUID
    program_id: UUID
    customer_id: UUID
    version: UUID


@dataclass(frozen=True, slots=True)
class Seat:
    """A membership with its program as it stands."""

    membership: Membership
    program: Program


@dataclass(frozen=True, slots=True)
class Shared:
    """A program in which two customers are known who are one person."""

    program: Program
    kept: Membership
    merged: Membership


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a membership stands: what a card shows. ``balances`` are by unit id, all units of the program.

    ``pooled``: what an adult of a household can spend together with the others, for the units that are shared.
    """

    membership: Membership
    program: Program
    balances: Mapping[UUID, Balance]
    pooled: Mapping[UUID, int] = field(default_factory=dict)

    def spendable(self, unit_id: UUID) -> int:
        """How much of a unit this member can spend now."""
        return self.pooled.get(unit_id, self.balances[unit_id].active)

    def balance(self, code: str | None = None) -> Balance:
        """The balance in a unit; without a code, in the only one there is, or zero."""
        unit = self.program.find_unit(code)
        return self.balances[unit.id] if unit else Balance()


@dataclass(frozen=True, slots=True)
class NextExpiry:
    """So many units lapse at an instant; ``last_day`` is the last local day on which they can be used."""

    unit_id: UUID
    amount: int
    expires_at: datetime
    last_day: date


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The outcome of ``service.enroll``; ``created`` is false for somebody who was a member before."""

    membership_id: UUID
    created: bool


@dataclass(frozen=True, slots=True)
class Accrued:
    """What one membership earned and where it stands after that.

    ``accruals`` are one per rule, zeros with their reason. ``transfer_id`` is None when nothing was earned.
    ``replayed``: this was told before, and nothing was given again.
    """

    standing: Standing
    accruals: tuple[Accrual, ...]
    transfer_id: UUID | None
    replayed: bool = False

    def earned(self, unit_id: UUID) -> int:
        """How many units of one kind came in."""
        return sum(accrual.amount for accrual in self.accruals if accrual.unit_id == unit_id)


@dataclass(frozen=True, slots=True)
class Undone:
    """A voided purchase, where those stand from whom something was taken back, and what else that brought about."""

    purchase: Purchase
    standings: tuple[Standing, ...]
    reasons: tuple[Reason, ...] = ()

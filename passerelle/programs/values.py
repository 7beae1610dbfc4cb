"""Programs between domains: values that services pass, made from rows and never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from passerelle.kit.wire import WholeNumber, Wire
from passerelle.ledger.schemas import Balance
from passerelle.programs.rules import Accrual, EarningRule, ProgramKind, ProgramState, is_running, plural_form
from passerelle.programs.timing import Timing
from passerelle.purchases.schemas import Purchase

MembershipState = Literal["active", "suspended", "ended"]
JoinSource = Literal["form", "till", "import", "api"]
UnitKind = Literal["stamps", "points", "visits", "sessions", "money"]
UnitShortfall = Literal["refuse", "forgive", "owe"]
Plurals = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Unit:
    """What a program counts in; ``names`` are plural forms (CLDR categories) by language.

    The other fields are as in models.UnitRow.
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

    def name(self, count: int, language: str) -> str:
        """The word that goes with a count: “point”, “points”; in English when the language is not there."""
        forms = (
            self.names.get(language.split("-", maxsplit=1)[0])
            or self.names.get("en")
            or next(iter(self.names.values()))
        )
        return forms.get(plural_form(count, language)) or forms["other"]


class ProgramSettings(Wire):
    """``units_by_hand_limit``: the most that a till may give in one visit without an amount."""

    units_by_hand_limit: Annotated[WholeNumber, Field(ge=0, le=1_000_000)] = 10


@dataclass(frozen=True, slots=True)
class Program:
    """A program as it stands under ``version``; processes remember it by that."""

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

    def name_in(self, language: str) -> str:
        """The name for a reader, or the name as the shop gave it."""
        return self.names.get(language) or self.names.get(language.split("-", maxsplit=1)[0]) or self.name

    def is_running(self, instant: datetime) -> bool:
        """Whether it takes members and gives units at an instant."""
        return is_running(self.state, self.starts_at, self.ends_at, instant)

    def find_unit(self, code: str | None) -> Unit | None:
        """The unit of that code; without one, the only unit there is."""
        if code is None:
            return self.units[0] if len(self.units) == 1 else None
        return next((unit for unit in self.units if unit.code == code), None)


@dataclass(frozen=True, slots=True)
class Membership:
    """A customer in a program; its id owns the balances in the ledger."""

    id: UUID
    program_id: UUID
    customer_id: UUID
    state: MembershipState
    source: JoinSource
    location_id: UUID | None
    joined_at: datetime
    tier_ids: Sequence[UUID] = ()


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
    """Where a membership stands: what a card shows. ``balances`` are by unit id, all units of the program."""

    membership: Membership
    program: Program
    balances: Mapping[UUID, Balance]

    def balance(self, code: str | None = None) -> Balance:
        """The balance in a unit; without a code, in the only one there is, or zero."""
        unit = self.program.find_unit(code)
        return self.balances[unit.id] if unit else Balance()


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
    """A voided purchase, and where those stand from whom something was taken back."""

    purchase: Purchase
    standings: tuple[Standing, ...]

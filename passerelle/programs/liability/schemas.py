"""Liability on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from passerelle.kit.wire import Outbound, WholeNumber, Wire
from passerelle.programs.liability.rules import MAX_MINOR, MILLION
from passerelle.programs.schemas import ProgramId

Minor = Annotated[WholeNumber, Field(ge=0, le=MAX_MINOR, description="Whole minor units.")]
Units = Annotated[WholeNumber, Field(ge=0, le=10**15)]
Share = Annotated[WholeNumber, Field(ge=0, le=MILLION, description="Millionths: 970000 is 97 %.")]


class LiabilityRowOut(Outbound):
    """What members hold of one unit that is good until some day of ``month``, and what it is worth.

    ``month`` is in the program's time zone, ``never`` for what has no end. ``liability_minor`` is
    outstanding x cost x (1 - breakage), rounded so that the rows add up to the total.
    """

    program_id: ProgramId
    program_name: str
    currency: str
    unit: str
    month: str
    active: int
    pending: int
    outstanding: int
    cost_micros: int
    breakage_ppm: int
    liability_minor: int


class ProgramLiabilityOut(Outbound):
    """What one program owes; ``exceeded`` when that is more than its limit."""

    program_id: ProgramId
    program_name: str
    currency: str
    liability_minor: int
    limit_minor: int | None
    exceeded: bool


class LiabilityOut(Outbound):
    """What units owe, at ``as_of`` or now.

    ``totals_minor`` are by currency: the sums of the programs, which are those of the rows.
    """

    as_of: datetime | None
    totals_minor: dict[str, int]
    programs: list[ProgramLiabilityOut]
    rows: list[LiabilityRowOut]


class LimitIn(Wire):
    """How much the program may come to owe before ``program.liability_limit_exceeded`` is told; null is no limit."""

    limit_minor: Annotated[WholeNumber, Field(ge=1, le=MAX_MINOR)] | None


class LimitOut(Outbound):
    program_id: ProgramId
    limit_minor: int | None
    liability_minor: int
    exceeded: bool
    exceeded_at: datetime | None


class PeriodIn(Wire):
    """Units redeemed in one period, and how many are expected to be redeemed in all, as estimated at its end."""

    redeemed: Units
    expected_total: Units


class AllocationIn(Wire):
    """Figures of a period, to be allocated by IFRS 15.

    ``sales_minor`` is what customers paid, ``goods_minor`` what the goods sell for alone (the same when left out).
    ``unit_value_micros`` is what one unit is worth to its holder, in millionths of a minor unit; ``expected_ppm`` the
    share that is expected to be used. What goes to the units is rounded to ``round_to_minor``.
    """

    sales_minor: Minor
    goods_minor: Minor | None = None
    units_issued: Units
    unit_value_micros: Annotated[WholeNumber, Field(ge=0, le=10**12)]
    expected_ppm: Share
    round_to_minor: Annotated[WholeNumber, Field(ge=1, le=10**9)] = 1
    periods: Annotated[list[PeriodIn], Field(default_factory=list, max_length=120)]


class RecognisedOut(Outbound):
    """What one period recognises, what was recognised until its end, and what is left to defer."""

    revenue_minor: int
    recognised_minor: int
    deferred_minor: int


class AllocationOut(Outbound):
    """The price split between goods and units, and what each period recognises of the latter."""

    stand_alone_units_minor: int
    goods_minor: int
    units_minor: int
    periods: list[RecognisedOut]


class BooksAllocationOut(AllocationOut):
    """The same from the books: units given in ``[from, to)``, and what became of them until ``as_of``."""

    program_id: ProgramId
    unit: str
    currency: str
    as_of: datetime
    sales_minor: int
    issued: int
    redeemed: int
    expired: int
    expected_total: int

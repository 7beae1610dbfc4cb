"""Analytics on the wire."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

from pydantic import Field

from passerelle.analytics.rules import Period
from passerelle.kit.wire import Outbound
from passerelle.organizations.schemas import LocationId
from passerelle.programs.schemas import ProgramId, PromotionId
from passerelle.rewards.schemas import RewardId

KpiName = Literal["activated_cards", "visit_frequency", "average_basket", "rewards_distributed", "return_rate"]
KPI_NAMES: tuple[KpiName, ...] = get_args(KpiName)
KpiUnit = Literal["count", "per_30_days", "minor_units", "share"]
ReturnDays = Literal[30, 60, 90]
Step = Literal["viewed", "issued", "tapped", "installed", "first_visit", "returned"]
Severity = Literal["critical", "warning"]
AttentionKind = Literal[
    "wallets_missing",
    "certificate_expired",
    "certificate_expiring",
    "updates_delayed",
    "updates_failing",
    "mails_failing",
    "reward_sold_out",
    "reward_low_in_stock",
    "offline_rejected",
    "budget_nearly_used",
    "feedback_low",
]
FirstStepName = Literal["program", "location", "card", "scan", "team"]


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is of: local days of the organization, everywhere or at one location, of one program or all."""

    period: Period
    location_id: UUID | None = None
    program_id: UUID | None = None
    return_days: ReturnDays = 30


class PointOut(Outbound):
    """One day of a series; ``value`` is null where there is nothing to divide by."""

    day: date
    value: int | float | None
    numerator: int
    denominator: int | None


class KpiOut(Outbound):
    """A figure of the period beside that of the period before.

    ``change`` is the part by which it grew (0.1 is 10 %); null when there is nothing to compare with. ``minor_units``
    are of the organization's currency. ``used``: of the rewards distributed, how many were redeemed by now.
    """

    name: KpiName
    unit: KpiUnit
    value: int | float | None
    previous: int | float | None
    change: float | None
    numerator: int
    denominator: int | None
    used: int | None = None
    points: list[PointOut]


class SpanOut(Outbound):
    """Days of the organization's time zone, half-open."""

    first: Annotated[date, Field(serialization_alias="from")]
    end: Annotated[date, Field(serialization_alias="to")]


class ReportOut(SpanOut):
    """``complete`` is false while the visits of a large organization are derived for the first time."""

    time_zone: str
    location_id: LocationId | None
    program_id: ProgramId | None
    complete: bool


class KpisOut(ReportOut):
    """All KPIs of a period. See docs/algorithms/kpis.md for what each one counts."""

    previous: SpanOut
    currency: str
    return_days: ReturnDays
    kpis: list[KpiOut]


class SeriesOut(SpanOut):
    """One KPI day by day."""

    name: KpiName
    unit: KpiUnit
    currency: str
    points: list[PointOut]


class StepOut(Outbound):
    """How many got this far."""

    step: Step
    count: int


class FunnelReportOut(ReportOut):
    """From the page that was seen to the member who came back.

    ``viewed``, ``tapped``: pages opened and wallets asked, in the period. ``issued``, ``installed``: cards made, and
    cards that a wallet held for the first time, in the period. ``first_visit``, ``returned``: of those installed,
    whose members came since then, and came again on another day, until now.
    """

    steps: list[StepOut]


class WorkOut(Outbound):
    """What one operator, till or program wrote down. ``amount_minor`` is of its purchases.

    ``undone``: purchases, visits, rewards, coupons and entries that this one took back.
    """

    actor: str
    name: Annotated[str | None, Field(description="What people call the operator, till or API key.")]
    purchases: int
    amount_minor: int
    visits: int
    rewards: int
    coupons: int
    gift_cards: int
    tickets: int
    undone: int


class TeamReportOut(SpanOut):
    """Who did how much at the counter, busiest first."""

    time_zone: str
    currency: str
    items: list[WorkOut]


class AttentionOut(Outbound):
    """Something that a person should do something about.

    ``count`` is of days left, cards, pieces in stock, operations, or percent of a budget; ``subject`` names what it
    is about: a wallet, a reward, a promotion.
    """

    kind: AttentionKind
    severity: Severity
    count: int
    subject: str | None
    reward_id: RewardId | None
    promotion_id: PromotionId | None
    since: datetime | None


class FirstStepOut(Outbound):
    """Something to do once, at the beginning."""

    step: FirstStepName
    done: bool


class HealthOut(Outbound):
    """What needs attention, most urgent first; and the first steps with what is done of them."""

    items: list[AttentionOut]
    first_steps: list[FirstStepOut]

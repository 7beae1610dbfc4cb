"""The verbs of analytics: KPIs with their trend, one KPI day by day, the adoption funnel."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from passerelle.analytics import deriving, queries, rules
from passerelle.analytics.errors import ReportPeriodRefused
from passerelle.analytics.rules import Count, Day, Period
from passerelle.analytics.schemas import (
    KPI_NAMES,
    FunnelReportOut,
    KpiName,
    KpiOut,
    KpisOut,
    KpiUnit,
    PointOut,
    Question,
    ReturnDays,
    SeriesOut,
    SpanOut,
    Step,
    StepOut,
)
from passerelle.distribution import service as distribution
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import OrganizationOut
from passerelle.programs import service as programs
from passerelle.rewards import service as rewards

_DEFAULT_DAYS: Final = 30
_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2200, 1, 1)
_ALL_PROGRAMS: Final = 200
_UNITS: Final[dict[KpiName, KpiUnit]] = {
    "activated_cards": "count",
    "visit_frequency": "per_30_days",
    "average_basket": "minor_units",
    "rewards_distributed": "count",
    "return_rate": "share",
}


async def question_of(
    tx: Tx,
    *,
    first: date | None,
    end: date | None,
    location_id: UUID | None,
    program_id: UUID | None,
    return_days: ReturnDays = 30,
) -> Question:
    """What is asked, with what was left out: the last 30 days to the end of today.

    Raises ReportPeriodRefused, LocationNotFound, ProgramNotFound.
    """
    zone = (await organizations.get_organization(tx)).time_zone
    last = end or clock.today(zone) + timedelta(days=1)
    period = Period(first or max(last, _FIRST_DAY) - timedelta(days=_DEFAULT_DAYS), last)
    in_calendar = period.first >= _FIRST_DAY and last <= _LAST_DAY
    if not in_calendar or not 0 < period.length <= rules.MAX_PERIOD_DAYS:
        raise ReportPeriodRefused(limit_days=rules.MAX_PERIOD_DAYS)
    if location_id is not None:
        await organizations.get_location(tx, location_id)
    if program_id is not None:
        await programs.get_program(tx, program_id)
    return Question(period, location_id, program_id, return_days)


async def kpis(tx: Tx, about: Question) -> KpisOut:
    """Every KPI of a period, beside that of as many days before, with its days."""
    complete = await deriving.catch_up(tx)
    organization = await organizations.get_organization(tx)
    figures = await _Figures.read(tx, about, organization.time_zone)
    before = about.period.before
    return KpisOut(
        **_report(about, organization, complete=complete),
        previous=SpanOut(first=before.first, end=before.end),
        currency=organization.currency,
        return_days=about.return_days,
        kpis=[figures.kpi(name) for name in KPI_NAMES],
    )


async def series(tx: Tx, name: KpiName, about: Question) -> SeriesOut:
    """One KPI day by day."""
    report = await kpis(tx, about)
    found = next(kpi for kpi in report.kpis if kpi.name == name)
    return SeriesOut(
        first=about.period.first,
        end=about.period.end,
        name=name,
        unit=found.unit,
        currency=report.currency,
        points=found.points,
    )


def as_csv(found: SeriesOut) -> str:
    """A series for a spreadsheet; money is in minor units."""
    lines = [f"day,{found.name},numerator,denominator"]
    for point in found.points:
        cells = (point.day, point.value, point.numerator, point.denominator)
        lines.append(",".join("" if cell is None else str(cell) for cell in cells))
    return "\r\n".join([*lines, ""])


async def funnel(tx: Tx, about: Question) -> FunnelReportOut:
    """The adoption funnel of a period."""
    complete = await deriving.catch_up(tx)
    organization = await organizations.get_organization(tx)
    counts = await _steps(tx, about, organization.time_zone)
    steps = [StepOut(step=step, count=count) for step, count in counts.items()]
    return FunnelReportOut(**_report(about, organization, complete=complete), steps=steps)


async def _steps(tx: Tx, about: Question, zone: str) -> dict[Step, int]:
    midnights = about.period.midnights(zone)
    asked = [about.program_id] if about.program_id else await _program_ids(tx)
    links = await distribution.totals(tx, asked, midnights[0], midnights[-1], about.location_id)
    issued = sum(row["cards"] for row in await queries.issued_cards(tx, about, midnights))
    installed = sum(row["cards"] for row in await queries.activated_cards(tx, about, midnights))
    after = await queries.followed(tx, about, midnights, about.period.first)
    return {
        "viewed": links.viewed,
        "issued": issued,
        "tapped": links.tapped,
        "installed": installed,
        "first_visit": after["first_visit"],
        "returned": after["returned"],
    }


async def _program_ids(tx: Tx) -> list[UUID]:
    newest_first = await programs.list_programs(tx, ABOVE_ALL, _ALL_PROGRAMS)
    return [program.id for program in newest_first]


class _Figures:
    """What the KPIs of a question are made of: three reads, whatever is asked of them afterwards."""

    def __init__(
        self,
        about: Question,
        days: Mapping[date, Day],
        cards: Mapping[date, int],
        given: Mapping[date, tuple[int, int]],
        today: date,
    ) -> None:
        self._about = about
        self._days = days
        self._cards = cards
        self._given = given
        self._today = today

    @classmethod
    async def read(cls, tx: Tx, about: Question, zone: str) -> "_Figures":
        """Of the period and the one before. First visits count once their days to return have ended: further back."""
        both = Period(about.period.before.first, about.period.end)
        midnights = both.midnights(zone)
        since = both.first - timedelta(days=about.return_days)
        days = await queries.days(tx, about, since)
        activated = await queries.activated_cards(tx, about, midnights)
        given = await rewards.distributed(tx, midnights, location_id=about.location_id, program_id=about.program_id)
        return cls(
            about,
            days,
            {both.first + timedelta(days=row["day"]): row["cards"] for row in activated},
            {both.first + timedelta(days=each.day): (each.issued, each.redeemed) for each in given},
            clock.today(zone),
        )

    def kpi(self, name: KpiName) -> KpiOut:
        """One of them."""
        period = self._about.period
        count, before = self._count(name, period), self._count(name, period.before)
        value, previous = self._value(name, count), self._value(name, before)
        is_count = _UNITS[name] == "count"
        return KpiOut(
            name=name,
            unit=_UNITS[name],
            value=value,
            previous=previous,
            change=rules.change(value, previous),
            numerator=count.numerator,
            denominator=None if is_count else count.denominator,
            used=sum(self._given.get(day, (0, 0))[1] for day in period.days())
            if name == "rewards_distributed"
            else None,
            points=[
                PointOut(
                    day=day,
                    value=self._value(name, each),
                    numerator=each.numerator,
                    denominator=None if is_count else each.denominator,
                )
                for day, each in zip(period.days(), self._points(name), strict=True)
            ],
        )

    def _count(self, name: KpiName, period: Period) -> Count:
        if name == "activated_cards":
            return Count(sum(self._cards.get(day, 0) for day in period.days()))
        if name == "rewards_distributed":
            return Count(sum(self._given.get(day, (0, 0))[0] for day in period.days()))
        if name == "visit_frequency":
            return rules.visits_in(self._days, period)
        if name == "average_basket":
            return rules.sales_in(self._days, period)
        return rules.returns_in(self._days, period, self._about.return_days, self._today)

    def _points(self, name: KpiName) -> Sequence[Count]:
        if name == "visit_frequency":
            return rules.visits_until(self._days, self._about.period)
        # A rate of a single day jumps between nothing and all: it is drawn over a window, as the frequency is.
        days = self._about.period.length if name == "return_rate" else 1
        ends = (day + timedelta(days=1) for day in self._about.period.days())
        return [self._count(name, Period(end - timedelta(days=days), end)) for end in ends]

    def _value(self, name: KpiName, count: Count) -> float | None:
        if name == "visit_frequency":
            return rules.frequency(count, self._about.period.length)
        if name == "average_basket":
            return rules.average(count)
        return rules.share(count) if name == "return_rate" else count.numerator


def _report(about: Question, organization: OrganizationOut, *, complete: bool) -> dict[str, object]:
    return {
        "first": about.period.first,
        "end": about.period.end,
        "time_zone": organization.time_zone,
        "location_id": about.location_id,
        "program_id": about.program_id,
        "complete": complete,
    }

"""KPIs on a real database: the table of docs/algorithms/kpis.md, and random histories against counting by hand."""

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from passerelle.analytics import deriving, service
from passerelle.analytics.rules import Period
from passerelle.analytics.schemas import KpiOut, KpisOut, Question
from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import OrganizationChange
from tests.analytics.stories import DOCUMENT, ZONE, Deed, Teller, deeds_of
from tests.conftest import Shop

NOON = time(12, tzinfo=ZoneInfo(ZONE))


def _number(text: str) -> float | None:
    return None if text == "none" else float(text)


async def _report(teller: Teller, about: Question, today: date) -> KpisOut:
    with clock.frozen(datetime.combine(today, NOON)):
        async with teller.transaction() as tx:
            return await service.kpis(tx, about)


def _kpi(report: KpisOut, name: str) -> KpiOut:
    return next(kpi for kpi in report.kpis if kpi.name == name)


@DOCUMENT.each_row("figures")
async def test_figures(teller: Teller, row: dict[str, str]) -> None:
    first, end = row["period"].split(" to ")
    about = Question(Period(date.fromisoformat(first), date.fromisoformat(end)))
    await teller.tell(deeds_of(row["what happened"]))
    report = await _report(teller, about, date.fromisoformat(row["today"]))
    found = _kpi(report, row["KPI"])
    assert f"{found.numerator} / {found.denominator}" == row["made of"]
    assert (found.value, found.previous, found.change) == tuple(
        _number(row[column]) for column in ("value", "before", "change")
    )
    assert report.complete


def _history(seed: int) -> list[Deed]:
    """Some weeks of a shop with few customers, told in no order."""
    rng = random.Random(seed)  # noqa: S311  a history, not a secret
    zone = ZoneInfo(ZONE)
    deeds = []
    for _ in range(60):
        at = datetime(2026, 3, 10, tzinfo=zone) + timedelta(days=rng.randrange(50), minutes=rng.randrange(24 * 60))
        amount = rng.choice([None, rng.randrange(1, 5_000)])
        deeds.append(
            Deed(
                *(rng.choice("ABCDEF"), at, amount, rng.random() < 0.4),
                voided=rng.random() < 0.15,
                checked_in=amount is None and at.minute % 2 == 0,
            )
        )
    return sorted(deeds, key=lambda deed: deed.at)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("at", ["everywhere", "second location"])
async def test_visitors_and_sales_are_those_counted_by_hand(teller: Teller, seed: int, at: str) -> None:
    deeds = _history(seed)
    await teller.tell(deeds)
    about = Question(Period(date(2026, 4, 5), date(2026, 4, 19)), teller.locations[1] if at != "everywhere" else None)
    report = await _report(teller, about, date(2026, 5, 5))
    true = [deed for deed in deeds if not deed.voided and (at == "everywhere" or deed.at_second)]
    visits = {(deed.who, deed.at.date(), deed.at_second) for deed in true}

    def counted(period: Period) -> tuple[int, int]:
        inside = [visit for visit in visits if period.first <= visit[1] < period.end]
        return len(inside), len({who for who, _, _ in inside})

    found = _kpi(report, "visit_frequency")
    assert (found.numerator, found.denominator) == counted(about.period)
    for point in found.points:
        window = Period(point.day - timedelta(days=13), point.day + timedelta(days=1))
        assert (point.numerator, point.denominator) == counted(window), point.day
    for sliding in (found, _kpi(report, "return_rate")):
        assert sliding.points[-1].value == sliding.value
    basket = _kpi(report, "average_basket")
    bought = [deed for deed in true if deed.amount_minor and about.period.first <= deed.at.date() < about.period.end]
    assert (basket.numerator, basket.denominator) == (sum(deed.amount_minor or 0 for deed in bought), len(bought))
    assert sum(point.numerator for point in basket.points) == basket.numerator


@pytest.mark.parametrize("seed", range(2))
async def test_looking_often_or_once_finds_the_same(
    database: Database, other_shop: Shop, teller: Teller, seed: int
) -> None:
    """What is derived bit by bit, as reports are read, is what one walk over everybody finds."""
    other = await Teller.open(database, other_shop)
    about = Question(Period(date(2026, 4, 1), date(2026, 5, 1)))
    for deed in _history(seed):
        await teller.tell([deed])
        await _report(teller, about, date(2026, 5, 5))
        await other.tell([deed])
    assert (await _report(teller, about, date(2026, 5, 5))).kpis == (
        await _report(other, about, date(2026, 5, 5))
    ).kpis


async def test_a_walk_in_small_steps_says_that_it_is_not_complete(teller: Teller) -> None:
    await teller.tell(_history(0))
    results = [False]
    while not results[-1]:
        async with teller.transaction() as tx:
            results.append(await deriving.catch_up(tx, limit=2))
    assert results == [False, False, False, False, True]  # the six customers, two at a time, and those who visited


async def test_another_time_zone_moves_days(teller: Teller) -> None:
    await teller.tell(deeds_of("A 2026-03-07T23:30 450"))
    about = Question(Period(date(2026, 3, 8), date(2026, 3, 9)))
    assert _kpi(await _report(teller, about, date(2026, 3, 10)), "average_basket").value is None
    async with teller.transaction() as tx:
        await organizations.change_organization(tx, OrganizationChange(time_zone="Africa/Nairobi"))
    assert _kpi(await _report(teller, about, date(2026, 3, 10)), "average_basket").value == 450


async def test_a_program_counts_the_visits_of_its_members(teller: Teller) -> None:
    await teller.tell(deeds_of("A 2026-03-02T10:00 450; B 2026-03-02T11:00 300"))
    period = Period(date(2026, 3, 1), date(2026, 3, 8))
    of_program = await _report(teller, Question(period, None, teller.program_id), date(2026, 3, 10))
    assert _kpi(of_program, "average_basket").denominator == 2
    second = await teller.add_program()
    of_second = await _report(teller, Question(period, None, second), date(2026, 3, 10))
    assert _kpi(of_second, "average_basket").denominator == 0


async def test_another_tenant_adds_nothing(database: Database, other_shop: Shop, teller: Teller) -> None:
    await (await Teller.open(database, other_shop)).tell(deeds_of("A 2026-03-02T10:00 450"))
    report = await _report(teller, Question(Period(date(2026, 3, 1), date(2026, 3, 8))), date(2026, 3, 10))
    assert [kpi.numerator for kpi in report.kpis] == [0, 0, 0, 0, 0]

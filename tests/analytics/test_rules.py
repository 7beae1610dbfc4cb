"""The rules of analytics: the tables of docs/algorithms/kpis.md, and what holds for every history."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from passerelle.analytics import rules
from passerelle.analytics.rules import Count, Moment, Period, visits_of
from tests.analytics.stories import DOCUMENT, ZONE, deeds_of

FIRST, SECOND = UUID(int=1), UUID(int=2)


@DOCUMENT.each_row("midnights")
def test_days_begin_at_their_midnight(row: dict[str, str]) -> None:
    period = Period(date.fromisoformat(row["from"]), date.fromisoformat(row["to"]))
    midnights = [instant.astimezone(UTC) for instant in period.midnights(row["zone"])]
    assert midnights[0] == datetime.fromisoformat(row["first instant"])
    assert midnights[-1] == datetime.fromisoformat(row["end"])
    assert len(midnights) == period.length + 1


@DOCUMENT.each_row("visits")
def test_what_is_a_visit(row: dict[str, str]) -> None:
    moments = [
        Moment(SECOND if deed.at_second else FIRST, deed.at, deed.amount_minor)
        for deed in deeds_of(row["what happened"])
    ]
    visits = [
        f"{visit.day} {'@2 ' if visit.location_id == SECOND else ''}{visit.purchases}x {visit.net_minor}"
        for visit in visits_of(moments, ZONE)
    ]
    assert ", ".join(visits) == row["visits"]


_MOMENTS = st.builds(
    Moment,
    st.sampled_from([FIRST, SECOND, None]),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1), timezones=st.just(UTC)),  # noqa: DTZ001  hypothesis adds it
    st.none() | st.integers(1, 10_000),
)


@given(st.lists(_MOMENTS, max_size=30))
def test_neighbours_are_a_chain_and_nothing_is_lost(moments: list[Moment]) -> None:
    visits = visits_of(moments, ZONE)
    assert [visit.anywhere.previous_day for visit in visits[1:]] == [visit.day for visit in visits[:-1]]
    assert [visit.anywhere.next_day for visit in visits[:-1]] == [visit.day for visit in visits[1:]]
    assert [visit.anywhere.returned_after for visit in visits[1:]] == [None] * (len(visits) - 1 if visits else 0)
    assert sum(visit.net_minor for visit in visits) == sum(moment.net_minor or 0 for moment in moments)
    assert len({(visit.day, visit.location_id) for visit in visits}) == len(visits)
    for location_id in (FIRST, SECOND, None):
        here = [visit for visit in visits if visit.location_id == location_id]
        assert [visit.here.previous_day for visit in here] == [None, *(visit.day for visit in here)][: len(here)]
    if visits:
        later = [visit.day for visit in visits if visit.day > visits[0].day]
        assert visits[0].anywhere.returned_after == ((later[0] - visits[0].day).days if later else None)


def test_a_period_and_the_one_before_touch() -> None:
    period = Period(date(2026, 3, 1), date(2026, 4, 1))
    assert period.before == Period(date(2026, 1, 29), date(2026, 3, 1))
    assert period.before.length == period.length
    assert period.days()[-1] == period.end - timedelta(days=1)


def test_nothing_is_divided_by_nothing() -> None:
    nobody = Count(0, 0)
    assert (rules.frequency(nobody, 30), rules.average(nobody), rules.share(nobody)) == (None, None, None)
    assert (rules.change(None, 4), rules.change(4, None), rules.change(4, 0)) == (None, None, None)

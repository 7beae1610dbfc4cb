"""Random histories of payments, voids and clock jumps, compared after each step with a model of local days.

The model knows no entries that follow each other: it counts how many terms a run has had since its first day.
"""

import itertools
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.programs import service
from passerelle.programs.schemas import MembershipId, ProgramIn
from passerelle.programs.term_rules import end_of_grace
from passerelle.programs.terms import queries
from passerelle.programs.terms import service as terms
from passerelle.programs.terms.errors import RenewalTooEarly
from passerelle.programs.terms.schemas import GiftedTermIn, RenewalIn
from passerelle.programs.values import barred, term_status
from tests.conftest import Shop, open_shop
from tests.factories.benches import Bench, RollBackError
from tests.programs.conftest import Teller

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
LAST: MembershipId = UUID(int=(1 << 128) - 1)
Step: TypeAlias = tuple[str, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["pay", "gift", "wait", "wait_hours"]), st.integers(1, 45)),
        st.tuples(st.sampled_from(["void", "retry", "late"]), st.integers(0, 30)),
    ),
    min_size=3,
    max_size=12,
)


def later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)


@dataclass
class Model:
    """What was paid or given, by the instant at which it counts."""

    months: int
    grace: int
    early: int
    entries: dict[int, datetime] = field(default_factory=dict)
    voided: set[int] = field(default_factory=set)
    gifts: set[int] = field(default_factory=set)

    def run(self, before: tuple[datetime, int] | None = None) -> tuple[datetime, date] | None:
        """Since when it is good, and the first day on which it is no more."""
        since: datetime | None = None
        times = 0
        end = date.min
        for number, at in sorted(self.entries.items(), key=lambda each: (each[1], each[0])):
            if number in self.voided or (before is not None and (at, number) >= before):
                continue
            if since is None or at >= midnight(end + timedelta(days=self.grace)):
                since, times = at, 0
            times += 1
            end = later(since.astimezone(PARIS).date(), times * self.months)
        return None if since is None else (since, end)

    def refuses(self, at: datetime) -> bool:
        """Whether this payment, or one after it, would come too early."""
        new = len(self.entries)
        tried = replace(self, entries=self.entries | {new: at})
        paid = [(when, number) for number, when in tried.entries.items() if number not in self.gifts | self.voided]
        return any(
            each[0] < midnight(run[1] - timedelta(days=1 + self.early))
            for each in paid
            if each >= (at, new) and (run := tried.run(before=each)) is not None
        )

    def status(self, now: datetime) -> str:
        run = self.run()
        if run is None or now < run[0]:
            return "unpaid"
        if now < midnight(run[1]):
            return "active"
        return "grace" if now < midnight(run[1] + timedelta(days=self.grace)) else "lapsed"


@pytest.fixture(scope="module")
def bench(owner_dsn: str) -> Iterator[Bench]:
    opened = Bench(owner_dsn)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def bench_shop(bench: Bench) -> Shop:
    return bench.run(open_shop(bench.database))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.integers(1, 2), st.integers(0, 9), st.integers(0, 70))
def test_histories(bench: Bench, bench_shop: Shop, steps: list[Step], months: int, grace: int, early: int) -> None:
    async def play() -> None:
        async with bench.database.transaction(bench_shop.organization_id) as tx:
            await _play(tx, steps, Model(months, grace, early))
            raise RollBackError

    with pytest.raises(RollBackError):
        bench.run(play())


async def _play(tx: Tx, steps: list[Step], model: Model) -> None:
    now = START
    with clock.frozen(now):
        program = await service.create_program(
            tx, ProgramIn.model_validate({"name": "Club", "kind": "membership", "settings": _settings(model)})
        )
        customer_id = await Teller(tx).customer()
        membership_id = (await service.enroll(tx, program.id, customer_id, source="till")).membership_id
    ids: list[UUID] = []
    told: list[str] = []
    for verb, number in steps:
        now += {"wait": timedelta(days=number), "wait_hours": timedelta(hours=number)}.get(verb, timedelta(seconds=1))
        with clock.frozen(now):
            if verb in {"pay", "late"}:
                at = now - timedelta(days=number if verb == "late" else 0)
                await _pay(tx, membership_id, at, model, ids)
            elif verb == "gift":
                given_now = await terms.gift_term(tx, membership_id, GiftedTermIn(reason="Sorry"))
                model.entries[len(ids)] = now
                model.gifts.add(len(ids))
                ids.append(given_now.entry["id"])
            elif verb == "void" and ids:
                await terms.void_term(tx, ids[number % len(ids)])
                model.voided.add(number % len(ids))
            elif verb == "retry" and ids:
                await _retry(tx, membership_id, number % len(ids), ids)
            await terms.tell_due(tx, 10)
            await _compare(tx, membership_id, model, ids, now)
            told.append(model.status(now))
    lapses = [event for event in tx.events if event.name == "membership.lapsed"]
    assert len(lapses) <= sum(later_one == "lapsed" != one for one, later_one in zip(["", *told], told, strict=False))


def _settings(model: Model) -> dict[str, Any]:
    term = {"months": model.months, "grace_days": model.grace, "renew_early_days": model.early, "joining": "unpaid"}
    return {"term": term}


async def _pay(tx: Tx, membership_id: UUID, at: datetime, model: Model, ids: list[UUID]) -> None:
    paid = RenewalIn(at=at, reference=f"{membership_id}:{len(ids)}")
    if model.refuses(at):
        with pytest.raises(RenewalTooEarly):
            await terms.renew_membership(tx, membership_id, paid)
        return
    made = await terms.renew_membership(tx, membership_id, paid)
    model.entries[len(ids)] = at
    ids.append(made.entry["id"])


async def _retry(tx: Tx, membership_id: UUID, number: int, ids: list[UUID]) -> None:
    row = await queries.get_term(tx, ids[number])
    if row["kind"] == "payment":
        again = RenewalIn(at=row["occurred_at"], reference=row["reference"])
        made = await terms.renew_membership(tx, membership_id, again)
        assert (made.replayed, made.entry["id"]) == (True, ids[number])


async def _compare(tx: Tx, membership_id: UUID, model: Model, ids: list[UUID], now: datetime) -> None:
    standing = await service.standing(tx, membership_id)
    member, program, run = standing.membership, standing.program, model.run()
    assert term_status(member, program, now) == model.status(now)
    assert (barred(member, program, now) is None) == (model.status(now) in {"active", "grace"})
    if run is None:
        assert member.valid_from == member.valid_until
    else:
        assert (member.valid_from, member.valid_until) == (run[0], midnight(run[1]))
    rows = await queries.list_terms(tx, membership_id, LAST, 100)
    assert {row["id"] for row in rows} == set(ids)
    assert {row["id"] for row in rows if row["voided_at"]} == {ids[number] for number in model.voided}
    standing_rows = await queries.standing_entries(tx, membership_id)
    for earlier, following in itertools.pairwise(standing_rows):
        assert earlier["ends_at"] <= following["starts_at"]
        gap = end_of_grace(earlier["ends_at"], model.grace, program.time_zone)
        assert following["starts_at"] == earlier["ends_at"] or following["starts_at"] >= gap

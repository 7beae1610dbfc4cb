"""Complaint 13, “wrong tier”: random histories on a real database, compared with a model that adds up purchases.

With refunds that take effect at once and no grace, a tier is a function of what is in the window, whatever came
before, and however late the worker is.
"""

from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Debit
from tests.conftest import Shop
from tests.factories.benches import Bench, RollBackError
from tests.programs.tiers.conftest import LADDER, Counter

_START = date(2027, 10, 20)  # February of a leap year and a change of clocks lie ahead
T = TypeVar("T")


@dataclass(frozen=True)
class _Set:
    """A definition, and how the model counts: days or months back, or all; the last period, too, or it alone."""

    fields: dict[str, object]
    days: int | None = None
    calendar: bool = False
    months: tuple[int, ...] = ()


_SETS = {
    "earned ever": _Set({"basis": "earned"}),
    "balance": _Set({"basis": "balance"}),
    "spend in 7 days": _Set({"basis": "spend", "window": {"type": "rolling", "days": 7}}, days=7),
    "earned in 30 days": _Set({"basis": "earned", "window": {"type": "rolling", "days": 30}}, days=30),
    "visits in the month": _Set({"basis": "visits", "window": {"type": "calendar"}}, months=(0,)),
    "earned in the month": _Set({"basis": "earned", "window": {"type": "calendar"}}, months=(0,)),
    "held through the next month": _Set(
        {"basis": "earned", "window": {"type": "calendar"}, "validity": {"type": "end_of_next_period"}},
        months=(0, 1),
    ),
    "given with the next month": _Set(
        {"basis": "spend", "window": {"type": "calendar"}, "upgrade": "next_period"}, months=(1,)
    ),
}
_UNIT = {"spend": 100, "visits": 0}  # what a euro counts for; a visit counts itself


@dataclass
class _Bought:
    day: date
    euros: int
    purchase_id: UUID
    voided: bool = False


@dataclass
class _Model:
    """What was bought on which local day, and what was spent of the points."""

    chosen: _Set
    today: date = _START
    bought: list[_Bought] = field(default_factory=list)
    spent: int = 0

    def tier(self) -> str:
        """The highest tier that one of the windows pays for."""
        best = max(self.amount(back) for back in (self.chosen.months or (0,)))
        return [name for name, threshold in self.ladder() if threshold <= best][-1]

    def ladder(self) -> list[tuple[str, int]]:
        basis = str(self.chosen.fields["basis"])
        scale = {"spend": 100, "visits": 0.01}.get(basis, 1)
        return [(name, int(threshold * scale)) for name, threshold in LADDER]

    def amount(self, months_back: int) -> int:
        basis = self.chosen.fields["basis"]
        counted = [one for one in self.bought if not one.voided and self._counts(one.day, months_back)]
        if basis == "visits":
            return len(counted)
        euros = sum(one.euros for one in counted)
        return {"spend": euros * 100, "balance": euros - self.spent}.get(str(basis), euros)

    def _counts(self, day: date, months_back: int) -> bool:
        if self.chosen.days is not None:
            return day > self.today - timedelta(days=self.chosen.days)
        if not self.chosen.months:
            return True
        return self.today.year * 12 + self.today.month - (day.year * 12 + day.month) == months_back


class _ShopBench(Bench):
    """A bench with a shop."""

    def __init__(self, dsn: str, shop: Shop) -> None:
        super().__init__(dsn)
        self.shop = shop


class Histories(RuleBasedStateMachine):
    """One member of one tier set; each history is one transaction that is rolled back."""

    bench: ClassVar[_ShopBench]

    def __init__(self) -> None:
        super().__init__()
        self._transaction = self.bench.database.transaction(self.bench.shop.organization_id)
        self.tx: Tx = self.bench.run(self._transaction.__aenter__())
        self.counter = Counter(self.tx)
        self.settled = True

    def teardown(self) -> None:
        async def roll_back() -> None:
            assert not await self._transaction.__aexit__(RollBackError, RollBackError(), None)

        self.bench.run(roll_back())

    @initialize(name=st.sampled_from(sorted(_SETS)), early=st.booleans())
    def open(self, name: str, *, early: bool) -> None:
        """``early``: the member was there before the tiers were."""
        self.model = _Model(_SETS[name])

        async def opened() -> UUID:
            program = await self.counter.program()
            member = await self.counter.member(program) if early else None
            ladder = [{"name": tier, "threshold": threshold} for tier, threshold in self.model.ladder()]
            fields = {"period": "month", "refunds": "at_once", "tiers": ladder, **self.model.chosen.fields}
            self.unit_id = program.units[0].id
            await self.counter.tier_set(program, **fields)
            return member or await self.counter.member(program)

        self.member = self._at(opened())

    @rule(euros=st.sampled_from([1, 40, 100, 150, 300]), late=st.sampled_from([0, 0, 0, 2, 20, 40]))
    def buy(self, euros: int, late: int) -> None:
        day = self.model.today - timedelta(days=late)
        self._at(self.counter.buy(self.member, euros, occurred_at=_noon(day)))
        self.model.bought.append(_Bought(day, euros, self.counter.purchase_id))
        self.settled = True

    @precondition(lambda self: any(not one.voided for one in self.model.bought))
    @rule(choice=st.integers(0, 99))
    def void(self, choice: int) -> None:
        left = [one for one in self.model.bought if not one.voided]
        chosen = left[choice % len(left)]
        if self.model.chosen.fields["basis"] == "balance":
            held = sum(one.euros for one in left) - self.model.spent
            self.model.spent -= max(0, chosen.euros - held)  # what is spent already is forgiven
        self._at(self.counter.void(chosen.purchase_id))
        chosen.voided = self.settled = True

    @rule(part=st.sampled_from([1, 2, 5]))
    def spend(self, part: int) -> None:
        """Points that were spent are earned still."""

        async def spent() -> int:
            balances = (await ledger.balances(self.tx, [self.member]))[self.member]
            amount = balances[self.unit_id].active // part if self.unit_id in balances else 0
            if amount:
                debit = Debit(self.member, self.unit_id, amount)
                await self.counter.lock(self.member)
                await ledger.post(self.tx, kind="redemption", reference=str(new_id()), debits=[debit])
                await self.tx.settle()
            return amount

        amount = self._at(spent())
        self.model.spent += amount
        self.settled |= amount > 0 and self.model.chosen.fields["basis"] == "balance"

    @rule(days=st.sampled_from([1, 3, 7, 30, 45, 100]), punctual=st.booleans())
    def let_time_pass(self, days: int, *, punctual: bool) -> None:
        self.model.today += timedelta(days=days)
        self.settled = punctual
        if punctual:
            self._at(self.counter.turn())

    @invariant()
    def the_tier_is_a_function_of_what_is_counted(self) -> None:
        if self.settled:
            assert self._at(self.counter.tier(self.member)) == self.model.tier()

    def _at(self, work: Coroutine[Any, Any, T]) -> T:
        async def on_the_day() -> T:
            with clock.frozen(_noon(self.model.today)):
                return await work

        return self.bench.run(on_the_day())


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def bench(owner_dsn: str, shop: Shop) -> Iterator[_ShopBench]:
    opened = _ShopBench(owner_dsn, shop)
    yield opened
    opened.close()


@pytest.mark.timeout(180)  # some seconds when it passes; a failure takes longer to be made small
def test_complaint_13_the_tier_is_a_function_of_the_qualifying_sum_in_the_window(bench: _ShopBench) -> None:
    Histories.bench = bench
    few = settings(
        max_examples=30, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Histories, settings=few)

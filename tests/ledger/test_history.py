"""Random histories on a real database, compared after each step with a model that counts single points."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from passerelle.kit import clock
from passerelle.kit.crypto import Vault
from passerelle.kit.db import Database, Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from passerelle.ledger import service
from passerelle.ledger.errors import TransferConflict
from passerelle.ledger.schemas import Credit, Debit, Posted, PostKind
from tests.conftest import MASTER_KEY
from tests.ledger.model import NEVER, Model, Refused

_START = datetime(2026, 1, 1, tzinfo=UTC)
_Give = tuple[int, int, int, int | None]
_Take = tuple[int, int]
T = TypeVar("T")

owners = st.sampled_from([0, 1])
# owner, amount, days until active, days of life after that
gives = st.tuples(owners, st.integers(1, 20), st.sampled_from([0, 0, 0, 2]), st.sampled_from([None, 1, 3, 6]))
takes = st.tuples(owners, st.integers(1, 12))


class _Bench:
    """An event loop and a database for a test that is not async, for hypothesis drives its machines from outside."""

    def __init__(self, dsn: str) -> None:
        self._runner = asyncio.Runner()
        self.database = Database(dsn, Vault(MASTER_KEY), pool_size=1)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def close(self) -> None:
        self.run(self.database.close())
        self._runner.close()


class _RollBackError(Exception):
    pass


class Histories(RuleBasedStateMachine):
    """Two owners of one unit. Days are frozen instants; each history is one transaction that is rolled back."""

    bench: ClassVar[_Bench]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.unit_id = new_id()
        self.owner_ids = sorted(new_id() for _ in range(2))
        self.transfer_ids: dict[int, UUID] = {}
        self.done: list[tuple[Callable[[], Awaitable[Posted]], UUID]] = []
        self.number = 0
        self._transaction = self.bench.database.transaction(new_id())
        self.tx: Tx = self.bench.run(self._transaction.__aenter__())

    def teardown(self) -> None:
        async def roll_back() -> None:
            failure = _RollBackError()
            assert not await self._transaction.__aexit__(_RollBackError, failure, None)

        self.bench.run(roll_back())

    @rule(kind=st.sampled_from(["accrual", "adjustment"]), given=st.lists(gives, min_size=1, max_size=3))
    def give(self, kind: PostKind, given: list[_Give]) -> None:
        self._book(kind, given, [])

    @rule(kind=st.sampled_from(["redemption", "adjustment"]), taken=st.lists(takes, min_size=1, max_size=2))
    def take(self, kind: PostKind, taken: list[_Take]) -> None:
        self._book(kind, [], taken)

    @rule(owner=owners, kept=st.integers(0, 3))
    def spend_nearly_all(self, owner: int, kept: int) -> None:
        """What makes reversals find nothing: redemptions of an amount at random are mostly refused or small."""
        amount = len(self.model.live(owner)) - kept
        if amount > 0:
            self._book("redemption", [], [(owner, amount)])

    @rule(kind=st.sampled_from(["accrual", "redemption", "adjustment"]), given=gives, taken=takes)
    def give_and_take(self, kind: PostKind, given: _Give, taken: _Take) -> None:
        self._book(kind, [given], [taken])

    @precondition(lambda self: self.transfer_ids)
    @rule(choice=st.integers(0, 99), forgive=st.booleans())
    def undo(self, choice: int, *, forgive: bool) -> None:
        number, transfer_id = self._chosen(choice)
        reference = self._next()
        self._do(
            lambda: self.model.undo(number, None, forgive=forgive),
            lambda: service.reverse(
                self.tx, transfer_id, reference=reference, shortfall="forgive" if forgive else "refuse"
            ),
        )

    @precondition(lambda self: self.transfer_ids)
    @rule(choice=st.integers(0, 99), taken=takes, forgive=st.booleans())
    def refund(self, choice: int, taken: _Take, *, forgive: bool) -> None:
        number, transfer_id = self._chosen(choice)
        reference = self._next()
        self._do(
            lambda: self.model.undo(number, {taken[0]: taken[1]}, forgive=forgive),
            lambda: service.refund(
                self.tx,
                transfer_id,
                self._debits([taken]),
                reference=reference,
                shortfall="forgive" if forgive else "refuse",
            ),
        )

    @precondition(lambda self: self.transfer_ids)
    @rule(choice=st.integers(0, 99), amount=st.integers(1, 12))
    def give_back(self, choice: int, amount: int) -> None:
        number, transfer_id = self._chosen(choice)
        reference = self._next()
        self._do(
            lambda: self.model.give_back(number, amount),
            lambda: service.give_back(self.tx, transfer_id, self.unit_id, amount, reference=reference),
        )

    @precondition(lambda self: self.done)
    @rule(choice=st.integers(0, 99))
    def retry(self, choice: int) -> None:
        call, transfer_id = self.done[choice % len(self.done)]
        posted = self._at(call)
        assert (posted.transfer_id, posted.replayed) == (transfer_id, True)

    @precondition(lambda self: self.transfer_ids)
    @rule(choice=st.integers(0, 99))
    def use_a_reference_again(self, choice: int) -> None:
        number, _ = self._chosen(choice)
        other = [Credit(self.owner_ids[0], self.unit_id, 1_000)]
        with pytest.raises(TransferConflict):
            self._at(lambda: service.post(self.tx, kind="accrual", reference=f"t{number}", credits=other))

    @rule(days=st.integers(1, 8))
    def let_time_pass(self, days: int) -> None:
        self.model.let_time_pass(days)

    @rule()
    def do_the_nightly_work(self) -> None:
        self._at(lambda: service.activate_due_lots(self.tx, 50))
        self._at(lambda: service.expire_due_lots(self.tx, 50))

    @invariant()
    def books_are_sound(self) -> None:
        found = self._at(lambda: service.balances(self.tx, self.owner_ids))
        for owner, owner_id in enumerate(self.owner_ids):
            if not found[owner_id]:
                assert self.model.count(owner, "here") == 0
                continue
            balance = found[owner_id][self.unit_id]
            pending = self.model.pending(owner)
            assert (balance.active, balance.pending) == (self.model.count(owner, "here") - pending, pending)
            assert balance.expired == self.model.count(owner, "expired")
            assert balance.spent == self.model.count(owner, "spent")
            assert balance.earned == self.model.earned.get(owner, 0)
            assert balance.reversed == self.model.reversed.get(owner, 0)
            gone = balance.spent + balance.expired + balance.reversed
            assert balance.earned + balance.adjusted == balance.active + balance.pending + gone
        assert self._at(lambda: service.check_books(self.tx)) == []
        for unit in self._at(lambda: service.trial_balance(self.tx)).values():
            assert sum(unit.values()) == 0

    def _book(self, kind: PostKind, given: list[_Give], taken: list[_Take]) -> None:
        reference = self._next()
        number, today = self.number, self.model.today
        points = [
            (owner, amount, today + wait, NEVER if life is None else today + wait + life)
            for owner, amount, wait, life in given
        ]
        lines = [
            Credit(
                self.owner_ids[owner],
                self.unit_id,
                amount,
                _day(active_from) if active_from > today else None,
                None if until == NEVER else _day(until),
            )
            for owner, amount, active_from, until in points
        ]
        posted = self._do(
            lambda: self.model.book(number, kind, points, taken),
            lambda: service.post(self.tx, kind=kind, reference=reference, credits=lines, debits=self._debits(taken)),
        )
        if posted is not None:
            self.transfer_ids[number] = posted.transfer_id

    def _do(self, expected: Callable[[], None], call: Callable[[], Awaitable[Posted]]) -> Posted | None:
        """Both do it or both refuse it for the same reason."""
        refused, posted = None, None
        try:
            expected()
        except Refused as refusal:
            refused = str(refusal)
        try:
            posted = self._at(call)
        except Refusal as refusal:
            assert refusal.code == refused  # noqa: PT017  compared with the model's reason, which may be none
            return None
        assert (refused, posted.replayed) == (None, False)
        self.done.append((call, posted.transfer_id))
        return posted

    def _at(self, call: Callable[[], Awaitable[T]]) -> T:
        async def on_the_day() -> T:
            with clock.frozen(_day(self.model.today)):
                return await call()

        return self.bench.run(on_the_day())

    def _chosen(self, choice: int) -> tuple[int, UUID]:
        return list(self.transfer_ids.items())[choice % len(self.transfer_ids)]

    def _debits(self, taken: list[_Take]) -> list[Debit]:
        return [Debit(self.owner_ids[owner], self.unit_id, amount) for owner, amount in taken]

    def _next(self) -> str:
        self.number += 1
        return f"t{self.number}"


def _day(number: int) -> datetime:
    return _START + timedelta(days=number)


@pytest.fixture
def bench(owner_dsn: str) -> Iterator[_Bench]:
    opened = _Bench(owner_dsn)
    yield opened
    opened.close()


@pytest.mark.timeout(120)  # a few seconds when it passes; a failure takes longer to be made small
def test_random_histories_match_the_model(bench: _Bench) -> None:
    Histories.bench = bench
    few = settings(
        max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Histories, settings=few)

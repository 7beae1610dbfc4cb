"""Random histories on a real database, compared after each step with a model that counts single points."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar, TypeVar, get_args
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from passerelle.ledger import service
from passerelle.ledger.errors import TransferConflict
from passerelle.ledger.rules import NOT_BY_TIME
from passerelle.ledger.schemas import Credit, Debit, Posted, PostKind, Shortfall
from tests.factories.benches import Bench, RollBackError
from tests.ledger.model import NEVER, Gift, Model, Refused

_START = datetime(2026, 1, 1, tzinfo=UTC)
_SLIDES = "slides"  # what the ledger keeps of a policy that it does not read
_Give = tuple[int, int, int | None, int | None, bool]
_Take = tuple[int, int]
T = TypeVar("T")

owners = st.sampled_from([0, 1])
policies = st.sampled_from(list(get_args(Shortfall)))
# owner, amount, days until active (None: by an event), days of life after that, whether activity postpones its end
gives = st.tuples(
    owners,
    st.integers(1, 20),
    st.sampled_from([0, 0, 0, 0, 2, None]),
    st.sampled_from([None, 1, 3, 6]),
    st.booleans(),
)
takes = st.tuples(owners, st.integers(1, 12))


class Histories(RuleBasedStateMachine):
    """Two owners of one unit. Days are frozen instants; each history is one transaction that is rolled back."""

    bench: ClassVar[Bench]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.unit_id = new_id()
        self.owner_ids = sorted(new_id() for _ in range(2))
        self.transfer_ids: dict[int, UUID] = {}
        self.hold_ids: dict[int, UUID] = {}
        self.done: list[tuple[Callable[[], Awaitable[Posted]], UUID]] = []
        self.number = 0
        self._transaction = self.bench.database.transaction(new_id())
        self.tx: Tx = self.bench.run(self._transaction.__aenter__())

    def teardown(self) -> None:
        async def roll_back() -> None:
            failure = RollBackError()
            assert not await self._transaction.__aexit__(RollBackError, failure, None)

        self.bench.run(roll_back())

    @rule(kind=st.sampled_from(["accrual", "adjustment"]), given=st.lists(gives, min_size=1, max_size=3))
    def give(self, kind: PostKind, given: list[_Give]) -> None:
        self._book(kind, given, [])

    @rule(kind=st.sampled_from(["redemption", "adjustment"]), taken=st.lists(takes, min_size=1, max_size=2))
    def take(self, kind: PostKind, taken: list[_Take]) -> None:
        self._book(kind, [], taken)

    @rule(taken=takes)
    def take_on_credit(self, taken: _Take) -> None:
        self._book("adjustment", [], [taken], owe=True)

    @rule(owner=owners, kept=st.integers(0, 3))
    def spend_nearly_all(self, owner: int, kept: int) -> None:
        """What makes reversals find nothing: redemptions of an amount at random are mostly refused or small."""
        amount = len(self.model.live(owner)) - kept
        if amount > 0:
            self._book("redemption", [], [(owner, amount)])

    @rule(kind=st.sampled_from(["accrual", "redemption", "adjustment"]), given=gives, taken=takes)
    def give_and_take(self, kind: PostKind, given: _Give, taken: _Take) -> None:
        self._book(kind, [given], [taken])

    @rule(giver=owners, amount=st.integers(1, 12))
    def move(self, giver: int, amount: int) -> None:
        reference = self._next()
        number, places = self.number, (self.owner_ids[giver], self.owner_ids[1 - giver], self.unit_id)
        posted = self._do(
            lambda: self.model.move(number, giver, amount),
            lambda: service.move(self.tx, *places, amount, reference=reference),
        )
        if posted is not None:
            self.transfer_ids[number] = posted.transfer_id

    @rule(taken=takes, days=st.integers(1, 6))
    def hold(self, taken: _Take, days: int) -> None:
        reference, until = self._next(), self.model.today + days
        number, place = self.number, (self.owner_ids[taken[0]], self.unit_id, taken[1])
        posted = self._do(
            lambda: self.model.hold(number, *taken, until),
            lambda: service.hold(self.tx, *place, reference=reference, expires_at=_day(until)),
        )
        if posted is not None:
            self.hold_ids[number] = posted.transfer_id

    @precondition(lambda self: self.hold_ids)
    @rule(choice=st.integers(0, 99))
    def release(self, choice: int) -> None:
        number, hold_id = list(self.hold_ids.items())[choice % len(self.hold_ids)]
        was_open = self.model.holds[number].state == "open"
        self._do(
            lambda: self.model.release(number),
            lambda: service.release(self.tx, hold_id),
            replayed=not was_open,
        )

    @precondition(lambda self: self.hold_ids)
    @rule(choice=st.integers(0, 99))
    def capture(self, choice: int) -> None:
        held, hold_id = list(self.hold_ids.items())[choice % len(self.hold_ids)]
        reference = self._next()
        number = self.number
        posted = self._do(
            lambda: self.model.capture(number, held),
            lambda: service.capture(self.tx, hold_id, reference=reference),
        )
        if posted is not None:
            self.transfer_ids[number] = posted.transfer_id

    @rule(owner=owners, life=st.sampled_from([None, 1, 3]))
    def tell_the_event(self, owner: int, life: int | None) -> None:
        owner_id, today = self.owner_ids[owner], self.model.today

        async def activate() -> None:
            ends = None if life is None else _day(today + life)
            pending = await service.list_pending(self.tx, owner_id)
            await service.activate_pending(self.tx, owner_id, {lot.id: ends for lot in pending if lot.awaits})

        self.model.activate(owner, life)
        self._at(activate)

    @rule(owner=owners)
    def cancel_what_is_pending(self, owner: int) -> None:
        owner_id = self.owner_ids[owner]

        async def cancel() -> None:
            pending = await service.list_pending(self.tx, owner_id)
            await service.cancel_pending(self.tx, owner_id, [lot.id for lot in pending])

        self.model.cancel(owner)
        self._at(cancel)

    @rule(owner=owners, days=st.integers(2, 9))
    def keep_alive(self, owner: int, days: int) -> None:
        key, until = (self.owner_ids[owner], self.unit_id), self.model.today + days

        async def postpone() -> None:
            await service.lock_accounts(self.tx, [key])
            sliding = await service.list_sliding(self.tx, [key])
            await service.postpone(self.tx, sliding, [_day(until)] * len(sliding))

        self.model.keep_alive(owner, until)
        self._at(postpone)

    @precondition(lambda self: self.transfer_ids)
    @rule(choice=st.integers(0, 99), policy=policies)
    def undo(self, choice: int, policy: Shortfall) -> None:
        number, transfer_id = self._chosen(choice)
        reference = self._next()
        self._do(
            lambda: self.model.undo(number, None, policy=policy),
            lambda: service.reverse(self.tx, transfer_id, reference=reference, shortfall=policy),
        )

    @precondition(lambda self: self.transfer_ids)
    @rule(choice=st.integers(0, 99), taken=takes, policy=policies)
    def refund(self, choice: int, taken: _Take, policy: Shortfall) -> None:
        number, transfer_id = self._chosen(choice)
        reference = self._next()
        self._do(
            lambda: self.model.undo(number, {taken[0]: taken[1]}, policy=policy),
            lambda: service.refund(
                self.tx, transfer_id, self._debits([taken]), reference=reference, shortfall={self.unit_id: policy}
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
        self._at(lambda: service.end_due_holds(self.tx, 50))
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
            active = self.model.count(owner, "here") - pending - self.model.debts[owner]
            assert (balance.active, balance.pending) == (active, pending)
            assert balance.held == self.model.count(owner, "held")
            assert balance.expired == self.model.count(owner, "expired")
            assert balance.spent == self.model.count(owner, "spent")
            assert balance.earned == self.model.earned[owner]
            assert balance.reversed == self.model.reversed[owner]
            gone = balance.spent + balance.expired + balance.reversed
            assert balance.earned + balance.adjusted == balance.active + balance.pending + balance.held + gone
        assert self._at(lambda: service.check_books(self.tx)) == []
        for unit in self._at(lambda: service.trial_balance(self.tx)).values():
            assert sum(unit.values()) == 0

    def _book(self, kind: PostKind, given: list[_Give], taken: list[_Take], *, owe: bool = False) -> None:
        reference = self._next()
        number, gifts = self.number, [self._gift(*each) for each in given]
        lines = [self._credit(gift) for gift in gifts]
        shortfall: Shortfall = "owe" if owe else "refuse"
        posted = self._do(
            lambda: self.model.book(number, kind, gifts, taken, owe=owe),
            lambda: service.post(
                self.tx,
                kind=kind,
                reference=reference,
                credits=lines,
                debits=self._debits(taken),
                shortfall=shortfall,
            ),
        )
        if posted is not None:
            self.transfer_ids[number] = posted.transfer_id

    def _gift(self, owner: int, amount: int, wait: int | None, life: int | None, slides: bool) -> Gift:  # noqa: FBT001  a drawn tuple
        today = self.model.today
        if wait is None:
            return Gift(owner, amount, NEVER, NEVER if life is None else today + life, awaits=True)
        active_from = today + wait
        return Gift(owner, amount, active_from, NEVER if life is None else active_from + life, slides=slides)

    def _credit(self, gift: Gift) -> Credit:
        active_from = NOT_BY_TIME if gift.awaits else _day(gift.active_from)
        return Credit(
            self.owner_ids[gift.owner],
            self.unit_id,
            gift.amount,
            active_from if gift.active_from > self.model.today else None,
            None if gift.until == NEVER else _day(gift.until),
            "event" if gift.awaits else None,
            _SLIDES if gift.slides else None,
        )

    def _do(
        self, expected: Callable[[], None], call: Callable[[], Awaitable[Posted]], *, replayed: bool = False
    ) -> Posted | None:
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
        assert (refused, posted.replayed) == (None, replayed)
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
def bench(owner_dsn: str) -> Iterator[Bench]:
    opened = Bench(owner_dsn)
    yield opened
    opened.close()


@pytest.mark.timeout(120)  # a few seconds when it passes; a failure takes longer to be made small
def test_random_histories_match_the_model(bench: Bench) -> None:
    Histories.bench = bench
    few = settings(
        max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Histories, settings=few)

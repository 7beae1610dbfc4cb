"""Random histories of one customer in two programs, compared after each step with a model that counts single units.

The ledger has such a test of its own; here the services above it are driven: purchases that earn, refunds in slices,
voids, redemptions with and without a purchase, adjustments, expiry, retries, and a clock that jumps.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import floor
from typing import ClassVar, TypeVar, get_args
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
from passerelle.kit.errors import Refusal
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Debit
from passerelle.programs import service
from passerelle.programs.refunds.schemas import Returns
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase, NewRefund
from tests.conftest import Shop, open_shop
from tests.factories.benches import Bench, RollBackError
from tests.ledger.model import NEVER, Gift, Model, Policy, Refused
from tests.programs.conftest import Teller

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
POINTS, STAMPS = 0, 1
T = TypeVar("T")

owners = st.sampled_from([POINTS, STAMPS])
lives = st.sampled_from([None, 2, 5])
policies = st.sampled_from(list(get_args(Policy)))


def half_up(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))


@dataclass
class Spending:
    """A redemption in the model; ``number`` is its transfer."""

    number: int
    owner: int
    amount: int
    returns: Returns | None
    returned: int = 0


@dataclass
class Sale:
    """A purchase in the model, with what it earned by owner and what was taken back of it."""

    number: int
    amount: int
    earned: dict[int, int]
    undone: dict[int, int] = field(default_factory=lambda: {POINTS: 0, STAMPS: 0})
    refunded: int = 0
    voided: bool = False
    spendings: list[Spending] = field(default_factory=list)


class Shopkeeper(Model):
    """The model of the ledger, with sales on top; ``policies``: what the units do when something is missing."""

    policies: Mapping[int, Policy] = {POINTS: "refuse", STAMPS: "refuse"}

    def refund(self, sale: Sale, amount: int | None, *, forgive: bool) -> None:
        if sale.voided:
            raise Refused("voided_not_refundable")
        if sale.refunded == sale.amount:
            raise Refused("nothing_left_to_refund")
        part = sale.amount - sale.refunded if amount is None else amount
        if part > sale.amount - sale.refunded:
            raise Refused("refund_above_rest")
        share = Fraction(sale.refunded + part, sale.amount)
        totals = {POINTS: half_up(sale.earned[POINTS] * share), STAMPS: sale.earned[STAMPS] if share == 1 else 0}
        self._try_first(sale, lambda model, twin: model.settle(twin, share, totals, forgive=forgive))
        self.settle(sale, share, totals, forgive=forgive)
        sale.refunded += part

    def void(self, sale: Sale) -> None:
        if sale.voided:
            return
        if sale.refunded == sale.amount:
            raise Refused("nothing_left_to_refund")
        self._try_first(sale, lambda model, twin: model.settle(twin, Fraction(1), sale.earned, forgive=False))
        self.settle(sale, Fraction(1), sale.earned, forgive=False)
        sale.voided = True
        self.transfers[sale.number].reversed = True

    def settle(self, sale: Sale, share: Fraction, totals: dict[int, int], *, forgive: bool) -> None:
        """Give back what was spent on the sale, then take back what it earned."""
        for spending in sale.spendings:
            whole = spending.amount if share == 1 else 0
            total = whole if spending.returns == "whole" else half_up(spending.amount * share)
            if total > spending.returned and not self.transfers[spending.number].reversed:
                self.give_back(spending.number, total - spending.returned)
            spending.returned = max(spending.returned, total)
        for owner, total in totals.items():
            if total > sale.undone[owner]:
                _, missing = self._take(sale.number, owner, total - sale.undone[owner])
                self._make_up(sale.number, owner, missing, "forgive" if forgive else self.policies[owner])
            sale.undone[owner] = total
        self._settle()

    def _try_first(self, sale: Sale, act: Callable[["Shopkeeper", Sale], None]) -> None:
        """On a copy, so that a refusal leaves nothing half done."""
        model, twin = deepcopy((self, sale))
        act(model, twin)


class _ShopBench(Bench):
    """A bench with a shop."""

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn)
        self.shop: Shop = self.run(open_shop(self.database))


class Histories(RuleBasedStateMachine):
    """Days are frozen instants; each history is one transaction that is rolled back."""

    bench: ClassVar[_ShopBench]

    def __init__(self) -> None:
        super().__init__()
        self.model = Shopkeeper()
        self.sales: list[tuple[Sale, UUID]] = []
        self.spendings: list[tuple[Spending, UUID]] = []
        self.done: list[Callable[[], Awaitable[object]]] = []
        self.number = 0
        self.member_ids: list[UUID] = []
        self.unit_ids: list[UUID] = []
        self._transaction = self.bench.database.transaction(self.bench.shop.organization_id)
        self.tx: Tx = self.bench.run(self._transaction.__aenter__())

    def teardown(self) -> None:
        async def roll_back() -> None:
            failure = RollBackError()
            assert not await self._transaction.__aexit__(RollBackError, failure, None)

        self.bench.run(roll_back())

    @initialize(points=policies, stamps=policies)
    def open_the_shop(self, points: Policy, stamps: Policy) -> None:
        self.model.policies = {POINTS: points, STAMPS: stamps}
        self._at(lambda: self._open(self.model.policies))

    @rule(amount=st.integers(1, 1500), life=lives)
    def buy(self, amount: int, life: int | None) -> None:
        number, today = self._next(), self.model.today
        until = NEVER if life is None else today + life
        earned = {POINTS: amount // 50, STAMPS: 1}
        gives = [Gift(owner, units, today, until) for owner, units in earned.items() if units]
        self.model.book(number, "accrual", gives, [])
        purchase_id = self._at(lambda: self._buy(number, amount, None if life is None else _day(today + life)))
        self.sales.append((Sale(number, amount, earned), purchase_id))
        # Told again a moment later, with the instant of the first time.
        told_at = _day(today)
        self.done.append(lambda: self._record(number, amount, told_at))

    @precondition(lambda self: self.sales)
    @rule(choice=st.integers(0, 99), percent=st.integers(1, 110), forgive=st.booleans())
    def refund(self, choice: int, percent: int, *, forgive: bool) -> None:
        sale, purchase_id = self.sales[choice % len(self.sales)]
        amount = None if percent > 100 else max(1, sale.amount * percent // 100)
        new = NewRefund(amount, reference=f"R-{self._next()}")
        self._do(
            lambda: self.model.refund(sale, amount, forgive=forgive),
            lambda: service.refund_purchase(self.tx, purchase_id, new, forgive_missing=forgive),
        )

    @precondition(lambda self: self.sales)
    @rule(choice=st.integers(0, 99))
    def void(self, choice: int) -> None:
        sale, purchase_id = self.sales[choice % len(self.sales)]
        self._do(
            lambda: self.model.void(sale),
            lambda: service.undo_purchase(self.tx, purchase_id),
        )

    @rule(owner=owners, amount=st.integers(1, 8))
    def redeem(self, owner: int, amount: int) -> None:
        self._spend(owner, amount, None, None)

    @rule(owner=owners, kept=st.integers(0, 2))
    def spend_nearly_all(self, owner: int, kept: int) -> None:
        """What makes refunds find nothing."""
        amount = len(self.model.live(owner)) - kept
        if amount > 0:
            self._spend(owner, amount, None, None)

    @precondition(lambda self: self.sales)
    @rule(
        choice=st.integers(0, 99), owner=owners, amount=st.integers(1, 9), returns=st.sampled_from(["share", "whole"])
    )
    def pay_for_a_purchase(self, choice: int, owner: int, amount: int, returns: Returns) -> None:
        sale, purchase_id = self.sales[choice % len(self.sales)]
        if not sale.voided and sale.refunded < sale.amount:
            self._spend(owner, amount, (sale, purchase_id), returns)

    @precondition(lambda self: self.spendings)
    @rule(choice=st.integers(0, 99))
    def undo_a_redemption(self, choice: int) -> None:
        spending, transfer_id = self.spendings[choice % len(self.spendings)]
        reference = f"undo-{self._next()}"
        self._do(
            lambda: self.model.undo(spending.number, None, policy="refuse"),
            lambda: ledger.reverse(self.tx, transfer_id, reference=reference),
        )

    @rule(owner=owners, amount=st.integers(-6, 6).filter(bool))
    def adjust(self, owner: int, amount: int) -> None:
        number, today = self._next(), self.model.today
        gives = [Gift(owner, amount, today, NEVER)] if amount > 0 else []
        takes = [(owner, -amount)] if amount < 0 else []
        member = self.member_ids[owner]
        self._do(
            lambda: self.model.book(number, "adjustment", gives, takes, owe=self.model.policies[owner] == "owe"),
            lambda: service.adjust(self.tx, member, amount=amount, reason="count", reference=f"J-{number}"),
        )

    @precondition(lambda self: self.done)
    @rule(choice=st.integers(0, 99))
    def retry(self, choice: int) -> None:
        """Any call again changes nothing: the invariant compares with a model that was not told."""
        self._at(self.done[choice % len(self.done)])

    @rule(days=st.integers(1, 6))
    def let_time_pass(self, days: int) -> None:
        self.model.let_time_pass(days)

    @rule()
    def do_the_nightly_work(self) -> None:
        self._at(lambda: ledger.activate_due_lots(self.tx, 50))
        self._at(lambda: ledger.expire_due_lots(self.tx, 50))

    @invariant()
    def books_are_sound(self) -> None:
        self._at(self._require_sound_books)

    async def _require_sound_books(self) -> None:
        for owner, member_id in enumerate(self.member_ids):
            balance = (await service.standing(self.tx, member_id)).balance()
            pending = self.model.pending(owner)
            active = self.model.count(owner, "here") - pending - self.model.debts[owner]
            assert (balance.active, balance.pending) == (active, pending)
            assert balance.expired == self.model.count(owner, "expired")
            assert balance.spent == self.model.count(owner, "spent")
            assert balance.earned == self.model.earned.get(owner, 0)
            assert balance.reversed == self.model.reversed.get(owner, 0)
            gone = balance.spent + balance.expired + balance.reversed
            assert balance.earned + balance.adjusted == balance.active + balance.pending + gone
        assert await ledger.check_books(self.tx) == []
        for unit in (await ledger.trial_balance(self.tx)).values():
            assert sum(unit.values()) == 0
        for sale, purchase_id in self.sales[-3:]:
            purchase = await purchases.get_purchase(self.tx, purchase_id)
            assert (purchase.refunded_minor, purchase.state == "voided") == (sale.refunded, sale.voided)

    async def _open(self, policies: Mapping[int, Policy]) -> None:
        teller = Teller(self.tx)
        self.customer_id = await teller.customer()
        per_amount = [{"type": "per_amount", "amount_minor_per_step": 50}]
        made = [await teller.program("points", rules=per_amount), await teller.program("stamps")]
        self.unit_ids = [program.units[0].id for program in made]
        for owner, program in enumerate(made):
            await self.tx.execute(
                "UPDATE units SET shortfall = $3 WHERE organization_id = $1 AND id = $2",
                *(self.tx.organization_id, self.unit_ids[owner], policies[owner]),
            )
            await service.touch_program(self.tx, program.id, "units")
        self.member_ids = [await teller.member(program, self.customer_id) for program in made]

    async def _buy(self, number: int, amount: int, expires_at: datetime | None) -> UUID:
        purchase_id = await self._record(number, amount, clock.now())
        await self.tx.execute(
            """UPDATE ledger_lots l SET expires_at = $3 FROM ledger_transfers t
               WHERE l.organization_id = $1 AND t.organization_id = $1 AND t.id = l.transfer_id
                 AND t.reference = $2""",
            *(self.tx.organization_id, f"purchase:{purchase_id}", expires_at),
        )
        return purchase_id

    async def _record(self, number: int, amount: int, occurred_at: datetime) -> UUID:
        new = NewPurchase(self.customer_id, amount, occurred_at=occurred_at, external_reference=f"P-{number}")
        purchase = await purchases.record_purchase(self.tx, new)
        if purchase.state != "voided":
            await service.accrue_for_purchase(self.tx, self.customer_id, purchase)
        return purchase.id

    def _spend(self, owner: int, amount: int, on: tuple[Sale, UUID] | None, returns: Returns | None) -> None:
        number = self._next()
        transfer_id = self._do(
            lambda: self.model.book(number, "redemption", [], [(owner, amount)]),
            lambda: self._redeem(number, owner, amount, on[1] if on else None, returns),
            again=False,
        )
        if transfer_id is not None:
            spending = Spending(number, owner, amount, returns)
            self.spendings.append((spending, transfer_id))
            if on is not None:
                on[0].spendings.append(spending)

    async def _redeem(
        self, number: int, owner: int, amount: int, purchase_id: UUID | None, returns: Returns | None
    ) -> UUID:
        member_id, unit_id = self.member_ids[owner], self.unit_ids[owner]
        debit = Debit(member_id, unit_id, amount)
        posted = await ledger.post(self.tx, kind="redemption", reference=f"S-{number}", debits=[debit])
        if purchase_id is not None and returns is not None:
            await service.tie_spending(
                self.tx,
                await service.open_purchase(self.tx, purchase_id),
                posted.transfer_id,
                customer_id=self.customer_id,
                membership_id=member_id,
                unit_id=unit_id,
                amount=amount,
                returns=returns,
            )
        return posted.transfer_id

    def _do(self, expected: Callable[[], None], call: Callable[[], Awaitable[T]], *, again: bool = True) -> T | None:
        """Both do it or both refuse it for the same reason; what was refused leaves nothing behind."""
        refused = None
        try:
            expected()
        except Refused as refusal:
            refused = str(refusal)
        self.bench.run(self.tx.execute("SAVEPOINT step"))
        try:
            result = self._at(call)
        except Refusal as refusal:
            assert refusal.code == refused  # noqa: PT017  compared with the model's reason, which may be none
            self.bench.run(self.tx.execute("ROLLBACK TO step"))
            return None
        assert refused is None
        if again:
            self.done.append(call)
        return result

    def _at(self, call: Callable[[], Awaitable[T]]) -> T:
        async def on_the_day() -> T:
            with clock.frozen(_day(self.model.today)):
                return await call()

        return self.bench.run(on_the_day())

    def _next(self) -> int:
        self.number += 1
        return self.number


def _day(number: int) -> datetime:
    return START + timedelta(days=number)


@pytest.fixture
def bench(owner_dsn: str) -> Iterator[_ShopBench]:
    opened = _ShopBench(owner_dsn)
    yield opened
    opened.close()


@pytest.mark.timeout(180)  # a few seconds when it passes; a failure takes longer to be made small
def test_random_histories_match_the_model(bench: _ShopBench) -> None:
    Histories.bench = bench
    few = settings(
        max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Histories, settings=few)

"""Random lives of gift cards on a real database, compared after each step with a model in plain numbers."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from passerelle.giftcards import service
from passerelle.giftcards.rules import Kind
from passerelle.giftcards.schemas.activities import NewActivity
from passerelle.giftcards.schemas.cards import GiftCardIn
from passerelle.giftcards.schemas.holds import CapturedOut, CaptureIn, HoldIn, HoldOut
from passerelle.giftcards.schemas.products import GiftCardProductIn
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import OrganizationIn
from tests.conftest import PASSWORD
from tests.factories.benches import Bench, RollBackError
from tests.giftcards.model import FIRST_DAY, Card, Model, Refused

_START = datetime.combine(FIRST_DAY, time(12), UTC)
_LIMIT = 100
T = TypeVar("T")
cards = st.sampled_from([0, 1])
amounts = st.integers(1, 40)


class Lives(RuleBasedStateMachine):
    """Two cards of one product. Days are frozen instants; each life is one transaction that is rolled back."""

    bench: ClassVar[Bench]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model(limit=_LIMIT, cards={0: Card(), 1: Card()})
        self.number = 0
        self.redemptions: dict[int, UUID] = {}
        self.holds: dict[int, UUID] = {}
        self.done: list[tuple[UUID, NewActivity, UUID]] = []
        self._transaction = self.bench.database.transaction(new_id())
        self.tx: Tx = self.bench.run(self._transaction.__aenter__())
        self.card_ids = self.bench.run(self._open())
        self.sell(0, "ACTIVATE", 40)

    async def _open(self) -> list[UUID]:
        new = OrganizationIn(
            name="Café",
            currency="EUR",
            time_zone="UTC",
            owner_name="Ada",
            owner_email=f"{new_id().hex}@example.com",
            owner_password=PASSWORD,
        )
        await organizations.create_organization(self.tx, new)
        offer = {"name": "Card", "amounts": {"minimum_minor": 1, "maximum_minor": _LIMIT}}
        limits = {"max_balance_minor": _LIMIT, "expires_after_months": 1}
        product = await service.create_product(self.tx, GiftCardProductIn.model_validate(offer | limits))
        made = [await service.create_gift_card(self.tx, GiftCardIn(product_id=product.id)) for _ in range(2)]
        return [card.id for card in made]

    def teardown(self) -> None:
        async def roll_back() -> None:
            failure = RollBackError()
            assert not await self._transaction.__aexit__(RollBackError, failure, None)

        self.bench.run(roll_back())

    @rule(card=cards, kind=st.sampled_from(["ACTIVATE", "IMPORT", "LOAD", "LOAD", "LOAD"]), amount=amounts)
    def sell(self, card: int, kind: Kind, amount: int) -> None:
        state = "ACTIVE" if kind == "LOAD" else "PENDING"
        self._act(card, kind, amount, lambda: self.model.credit(self.model.cards[card], state, amount))

    @rule(card=cards, kind=st.sampled_from(["ADJUST_INCREMENT", "UNLINKED_ACTIVITY_REFUND"]), amount=amounts)
    def give(self, card: int, kind: Kind, amount: int) -> None:
        self._act(card, kind, amount, lambda: self.model.credit(self.model.cards[card], "ACTIVE", amount))

    @rule(card=cards, amount=amounts, partial=st.booleans())
    def redeem(self, card: int, amount: int, *, partial: bool) -> None:
        number = self.number + 1
        taken = self._act(
            card,
            "REDEEM",
            amount,
            lambda: self.model.redeem(self.model.cards[card], number, amount, partial=partial),
            allow_partial=partial,
        )
        if taken is not None:
            self.redemptions[number] = taken

    @rule(card=cards, choice=st.integers(0, 99), amount=amounts)
    def refund(self, card: int, choice: int, amount: int) -> None:
        if self.redemptions:
            number, activity_id = list(self.redemptions.items())[choice % len(self.redemptions)]
            self._act(
                card,
                "REFUND",
                amount,
                lambda: self.model.refund(self.model.cards[card], number, amount),
                redemption_id=activity_id,
            )

    @rule(choice=st.integers(0, 99), more=st.sampled_from([-5, -1, 0, 0, 1]))
    def refund_nearly_all(self, choice: int, more: int) -> None:
        """Refunds of an amount and a redemption at random are mostly refused: these meet the edge."""
        left = [
            (card, number, amount)
            for card, each in self.model.cards.items()
            for number, amount in each.redeemed.items()
            if each.state == "ACTIVE"
        ]
        if left:
            card, number, amount = left[choice % len(left)]
            asked = max(1, amount + more)
            self._act(
                card,
                "REFUND",
                asked,
                lambda: self.model.refund(self.model.cards[card], number, asked),
                redemption_id=self.redemptions[number],
            )

    @rule(card=cards, amount=amounts, slices=st.lists(st.integers(1, 20), min_size=2, max_size=4))
    def redeem_and_refund_in_slices(self, card: int, amount: int, slices: list[int]) -> None:
        self.redeem(card, amount, partial=True)
        if self.number in self.redemptions:
            number = self.number
            for each in slices:
                self._act(
                    card,
                    "REFUND",
                    each,
                    lambda: self.model.refund(self.model.cards[card], number, each),  # noqa: B023  called at once
                    redemption_id=self.redemptions[number],
                )

    @rule(card=cards, amount=amounts)
    def decrement(self, card: int, amount: int) -> None:
        self._act(card, "ADJUST_DECREMENT", amount, lambda: self.model.decrement(self.model.cards[card], amount))

    @rule(card=cards)
    def clear(self, card: int) -> None:
        self._act(card, "CLEAR_BALANCE", None, lambda: self.model.empty(self.model.cards[card], "ACTIVE", after=None))

    @rule(card=cards, sure=st.integers(0, 5))
    def deactivate(self, card: int, sure: int) -> None:
        """Rarely, for nothing happens after it."""
        if sure == 0:
            self._act(
                card,
                "DEACTIVATE",
                None,
                lambda: self.model.empty(self.model.cards[card], "PENDING", "ACTIVE", after="DEACTIVATED"),
            )

    @rule(card=cards, block=st.booleans())
    def switch(self, card: int, *, block: bool) -> None:
        before, after = ("ACTIVE", "BLOCKED") if block else ("BLOCKED", "ACTIVE")
        self._act(
            card,
            "BLOCK" if block else "UNBLOCK",
            None,
            lambda: self.model.switch(self.model.cards[card], before, after),
        )

    @rule(card=cards, outgoing=st.booleans())
    def transfer(self, card: int, *, outgoing: bool) -> None:
        source, target = (card, 1 - card) if outgoing else (1 - card, card)
        self._act(
            card,
            "TRANSFER_BALANCE_TO" if outgoing else "TRANSFER_BALANCE_FROM",
            None,
            lambda: self.model.transfer(self.model.cards[source], self.model.cards[target]),
            other_gift_card_id=self.card_ids[1 - card],
        )

    @rule(card=cards, amount=amounts, days=st.integers(1, 7))
    def hold(self, card: int, amount: int, days: int) -> None:
        self.number += 1
        number, new = self.number, HoldIn(amount_minor=amount, seconds=days * 86_400, reference=f"h{self.number}")
        made: HoldOut | None = self._do(
            lambda: self.model.hold(self.model.cards[card], number, amount, days),
            lambda: service.hold_amount(self.tx, self.card_ids[card], new),
        )
        if made is not None:
            self.holds[number] = made.id

    @rule(choice=st.integers(0, 99), amount=amounts)
    def capture(self, choice: int, amount: int) -> None:
        for number, card in self._a_hold(choice):
            self.number += 1
            redemption, hold_id = self.number, self.holds[number]
            captured: CapturedOut | None = self._do(
                lambda: self.model.capture(self.model.cards[card], number, redemption, amount),  # noqa: B023  called at once
                lambda: service.capture_hold(self.tx, self.card_ids[card], hold_id, CaptureIn(amount_minor=amount)),  # noqa: B023
            )
            if captured is not None:
                self.redemptions[redemption] = captured.activity.id

    @rule(choice=st.integers(0, 99))
    def release(self, choice: int) -> None:
        for number, card in self._a_hold(choice):
            self.model.release(self.model.cards[card], number)
            self._at(lambda: service.release_hold(self.tx, self.card_ids[card], self.holds[number]))  # noqa: B023

    @rule(choice=st.integers(0, 99))
    def retry(self, choice: int) -> None:
        if self.done:
            card_id, told, activity_id = self.done[choice % len(self.done)]
            again = self._at(lambda: service.act(self.tx, card_id, told))
            assert (again.activity.id, again.replayed) == (activity_id, True)

    @rule(days=st.integers(1, 15))
    def let_time_pass(self, days: int) -> None:
        self.model.today += days

    @rule()
    def age(self) -> None:
        self._at(lambda: ledger.expire_due_lots(self.tx, 50))

    @invariant()
    def books_are_sound(self) -> None:
        today = self.model.today
        for number, card_id in enumerate(self.card_ids):
            card = self.model.cards[number]
            seen = self._at(lambda: service.get_gift_card(self.tx, card_id))  # noqa: B023  called at once
            assert (seen.state, seen.balance_minor) == (card.state, card.balance(today))
            assert (seen.held_minor, seen.available_minor) == (card.held(today), card.available(today))
            assert sum(each.amount_minor for each in seen.lapses) + card.money.get(None, 0) == seen.balance_minor
        assert self._at(lambda: ledger.check_books(self.tx)) == []
        for unit in self._at(lambda: ledger.trial_balance(self.tx)).values():
            assert sum(unit.values()) == 0

    def _a_hold(self, choice: int) -> list[tuple[int, int]]:
        """A hold that the model knows as not captured or released, with its card; none when there is none."""
        open_holds = [(number, card) for card, each in self.model.cards.items() for number in each.holds]
        return [open_holds[choice % len(open_holds)]] if open_holds else []

    def _act(
        self, card: int, kind: Kind, amount: int | None, expected: Callable[[], object], **fields: Any
    ) -> UUID | None:
        self.number += 1
        told = NewActivity(kind, f"a{self.number}", amount_minor=amount, reason="test", **fields)
        acted = self._do(expected, lambda: service.act(self.tx, self.card_ids[card], told))
        if acted is None:
            return None
        self.done.append((self.card_ids[card], told, acted.activity.id))
        return acted.activity.id

    def _do(self, expected: Callable[[], object], call: Callable[[], Awaitable[T]]) -> T | None:
        """Both do it or both refuse it for the same reason."""
        refused, result = None, None
        try:
            expected()
        except Refused as refusal:
            refused = str(refusal)
        try:
            result = self._at(call)
        except Refusal as refusal:
            assert refusal.code == refused  # noqa: PT017  compared with the model's reason, which may be none
            return None
        assert refused is None
        return result

    def _at(self, call: Callable[[], Awaitable[T]]) -> T:
        async def on_the_day() -> T:
            with clock.frozen(_START + timedelta(days=self.model.today)):
                return await call()

        return self.bench.run(on_the_day())


@pytest.fixture
def bench(owner_dsn: str) -> Iterator[Bench]:
    opened = Bench(owner_dsn)
    yield opened
    opened.close()


@pytest.mark.timeout(120)  # a few seconds when it passes; a failure takes longer to be made small
def test_random_lives_match_the_model(bench: Bench) -> None:
    Lives.bench = bench
    few = settings(
        max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Lives, settings=few)

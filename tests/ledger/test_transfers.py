"""Transfers, reversals and refunds on a real database, by the stories of docs/algorithms/ledger.md."""

import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from passerelle.ledger import service
from passerelle.ledger.errors import (
    AlreadyReversed,
    HoldIsOver,
    HoldNotFound,
    InsufficientBalance,
    InvalidTransfer,
    NotReversible,
    TransferConflict,
    TransferNotFound,
)
from passerelle.ledger.events import BalanceChanged
from passerelle.ledger.rules import NOT_BY_TIME
from passerelle.ledger.schemas import Balance, Credit, Debit, Posted, Posting, Shortfall
from tests.ledger.conftest import DOCUMENT

_DAY_1 = datetime(2026, 5, 1, 9, tzinfo=UTC)
_BOOKING = re.compile(
    r"(?P<name>[A-Z])(?P<sign>[+-])(?P<amount>\d+)(@(?P<active>\d+)|(?P<event>\?))?(<(?P<lapse>\d+))?"
)
_SHORTFALLS: dict[str, Shortfall] = {"!": "forgive", "~": "owe"}


def _day(number: str | None) -> datetime | None:
    return None if number is None else _DAY_1 + timedelta(days=int(number) - 1)


class _Story:
    """One owner, a friend and one unit, and the transfers by their letters."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.owner_id, self.friend_id, self.unit_id = new_id(), new_id(), new_id()
        self.transfers: dict[str, UUID] = {}
        self.steps = 0

    async def balance(self) -> Balance:
        return (await service.balances(self.tx, [self.owner_id]))[self.owner_id].get(self.unit_id, Balance())

    async def tell(self, step: str) -> Posted:
        self.steps += 1
        reference = f"step {self.steps}"
        shortfall = _SHORTFALLS.get(step[-1], "refuse")
        verb, _, rest = step.rstrip("!~").partition(" ")
        if verb == "undo":
            return await service.reverse(self.tx, self.transfers[rest], reference=reference, shortfall=shortfall)
        if verb == "refund":
            name, amount = rest.split()
            part = [Debit(self.owner_id, self.unit_id, int(amount))]
            return await service.refund(self.tx, self.transfers[name], part, reference=reference, shortfall=shortfall)
        if verb == "return":
            name, amount = rest.split()
            place = (self.transfers[name], self.unit_id, int(amount))
            return await service.give_back(self.tx, *place, reference=reference)
        if verb == "release":
            return await service.release(self.tx, self.transfers[rest])
        if verb == "capture":
            posted = await service.capture(self.tx, self.transfers[rest], reference=reference)
            self.transfers[rest] = posted.transfer_id
            return posted
        told = _BOOKING.fullmatch(verb)
        assert told is not None, step
        posted = await self._book(told, reference, shortfall)
        self.transfers[told["name"]] = posted.transfer_id
        return posted

    async def activate(self) -> None:
        pending = await service.list_pending(self.tx, self.owner_id)
        await service.activate_pending(self.tx, self.owner_id, {lot.id: None for lot in pending if lot.awaits})

    async def _book(self, told: re.Match[str], reference: str, shortfall: Shortfall) -> Posted:
        amount, name, lapse = int(told["amount"]), told["name"], _day(told["lapse"])
        if name == "H":
            assert lapse is not None
            return await service.hold(
                self.tx, self.owner_id, self.unit_id, amount, reference=reference, expires_at=lapse
            )
        if name == "M":
            return await service.move(
                self.tx, self.owner_id, self.friend_id, self.unit_id, amount, reference=reference
            )
        active = NOT_BY_TIME if told["event"] else _day(told["active"])
        awaits = "event" if told["event"] else None
        credit = [Credit(self.owner_id, self.unit_id, amount, active, lapse, awaits)]
        debit = [Debit(self.friend_id if name == "F" else self.owner_id, self.unit_id, amount)]
        if name == "J":
            given = {"credits": credit} if told["sign"] == "+" else {"debits": debit}
            return await service.post(self.tx, kind="adjustment", reference=reference, shortfall=shortfall, **given)
        if told["sign"] == "+":
            return await service.post(self.tx, kind="accrual", reference=reference, credits=credit)
        return await service.post(self.tx, kind="redemption", reference=reference, debits=debit)


@pytest.mark.parametrize("row", DOCUMENT.rows_below("story"), ids=lambda row: row[0])
async def test_the_stories_of_the_page(tx: Tx, row: list[str]) -> None:
    steps = row[0].split(", ")
    story = _Story(tx)
    refused = "no"
    with ExitStack() as time:
        time.enter_context(clock.frozen(_DAY_1))
        for position, step in enumerate(steps):
            if step.startswith("day "):
                instant = _day(step.removeprefix("day "))
                assert instant is not None
                time.enter_context(clock.frozen(instant))
                continue
            if step == "event":
                await story.activate()
                continue
            try:
                await story.tell(step)
            except Refusal as refusal:
                assert position == len(steps) - 1
                refused = refusal.code
        found = await story.balance()
        assert await service.check_books(tx) == []
        assert sum((await service.trial_balance(tx)).get(story.unit_id, {}).values()) == 0
    active, pending, held, earned, spent, expired, reversed_, adjusted = (int(cell) for cell in row[1:9])
    expected = Balance(active, pending, earned, spent, expired, reversed_, adjusted, held)
    assert (found, refused) == (expected, row[9])


async def test_a_result_tells_balances_missing_and_facts(tx: Tx) -> None:
    story = _Story(tx)
    key = (story.owner_id, story.unit_id)
    await story.tell("A+100")
    await story.tell("R-80")
    tx.events.clear()
    posted = await story.tell("undo A!")
    assert (posted.replayed, posted.missing) == (False, {key: 80})
    assert posted.balances == {key: await story.balance()}
    fact = BalanceChanged(*key, posted.transfer_id, "reversal", delta=-20, active=0, pending=0)
    assert tx.events == [fact]
    again = await service.reverse(tx, story.transfers["A"], reference="step 3", shortfall="forgive")
    assert (again.transfer_id, again.replayed, again.missing) == (posted.transfer_id, True, {key: 80})
    assert tx.events == [fact]


async def test_a_pending_credit_is_announced_as_pending(tx: Tx) -> None:
    owner_id, unit_id = new_id(), new_id()
    credit = Credit(owner_id, unit_id, 7, activates_at=clock.now() + timedelta(days=1))
    posted = await service.post(tx, kind="accrual", reference="later", credits=[credit])
    fact = BalanceChanged(owner_id, unit_id, posted.transfer_id, "accrual", delta=0, active=0, pending=7)
    assert tx.events == [fact]
    assert posted.balances[owner_id, unit_id] == Balance(pending=7, earned=7)


async def test_what_a_transfer_earns_does_not_pay_for_it(tx: Tx) -> None:
    owner_id, unit_id = new_id(), new_id()
    lines = {"credits": [Credit(owner_id, unit_id, 50)], "debits": [Debit(owner_id, unit_id, 10)]}
    with pytest.raises(InsufficientBalance) as refused:
        await service.post(tx, kind="accrual", reference="order", **lines)  # type: ignore[arg-type]  # credits and debits
    assert refused.value.params == {"owner_id": owner_id, "unit_id": unit_id, "available": 0, "needed": 10}
    assert await service.find_transfer_by_reference(tx, "order") is None
    assert await service.list_transfers(tx, owner_id, new_id(), 10) == []
    assert await service.check_books(tx) == []


async def test_one_transfer_moves_several_owners_and_units(tx: Tx) -> None:
    one, two, points, stamps = new_id(), new_id(), new_id(), new_id()
    await service.post(tx, kind="accrual", reference="first", credits=[Credit(one, points, 30)])
    posted = await service.post(
        tx,
        kind="redemption",
        reference="both",
        debits=[Debit(one, points, 10), Debit(one, points, 5)],
        credits=[Credit(two, points, 4), Credit(two, stamps, 1), Credit(two, stamps, 1)],
        reason="gift",
    )
    assert {key: balance.active for key, balance in posted.balances.items()} == {
        (one, points): 15,
        (two, points): 4,
        (two, stamps): 2,
    }
    transfer = await service.get_transfer(tx, posted.transfer_id)
    assert (transfer.kind, transfer.reason, transfer.actor, transfer.reversed_by) == (
        "redemption",
        "gift",
        "system",
        None,
    )
    assert sorted((entry.account, entry.amount) for entry in transfer.entries) == [
        ("issued", 1),
        ("issued", 1),
        ("issued", 4),
        ("redeemed", -15),
    ]
    assert await service.trial_balance(tx) == {
        points: {"issued": -34, "redeemed": 15, "held": 19},
        stamps: {"issued": -2, "held": 2},
    }
    undone = await service.reverse(tx, posted.transfer_id, reference="not both")
    assert {balance.active for balance in undone.balances.values()} == {30, 0}
    assert (await service.get_transfer(tx, posted.transfer_id)).reversed_by == undone.transfer_id
    assert (await service.get_transfer(tx, undone.transfer_id)).reverses == posted.transfer_id


@pytest.mark.parametrize("row", DOCUMENT.rows_below("reference"), ids=" ".join)
async def test_references(tx: Tx, row: list[str]) -> None:
    reference, content, answer = row
    owner_id, unit_id = new_id(), new_id()
    first = await service.post(tx, kind="accrual", reference="one", credits=[Credit(owner_id, unit_id, 10)])
    amount = 10 if content == "the same" else 11
    again = service.post(
        tx,
        kind="accrual",
        reference="one" if reference == "known" else "two",
        credits=[Credit(owner_id, unit_id, amount, expires_at=clock.now() + timedelta(days=1))],
    )
    if answer.startswith("refused"):
        with pytest.raises(TransferConflict) as refused:
            await again
        assert answer == f"refused: `{refused.value.code}"
        held = 10
    else:
        posted = await again
        replayed = "replayed" in answer
        assert (posted.replayed, posted.transfer_id == first.transfer_id) == (replayed, replayed)
        held = 10 if replayed else 10 + amount
        assert posted.balances[owner_id, unit_id].active == held
    assert (await service.balances(tx, [owner_id]))[owner_id][unit_id].active == held


async def test_a_redemption_that_emptied_the_account_replays(tx: Tx) -> None:
    story = _Story(tx)
    await story.tell("A+10")
    spent = await story.tell("R-10")
    again = await service.post(
        tx, kind="redemption", reference="step 2", debits=[Debit(story.owner_id, story.unit_id, 10)]
    )
    assert (again.transfer_id, again.replayed) == (spent.transfer_id, True)
    with pytest.raises(TransferConflict):
        await service.post(
            tx, kind="redemption", reference="step 2", debits=[Debit(story.owner_id, story.unit_id, 9)]
        )


async def test_a_reference_is_of_one_kind(tx: Tx) -> None:
    story = _Story(tx)
    await story.tell("A+10")
    for attempt in (
        service.reverse(tx, story.transfers["A"], reference="step 1"),
        service.refund(tx, story.transfers["A"], [Debit(story.owner_id, story.unit_id, 1)], reference="step 1"),
        service.post(tx, kind="adjustment", reference="step 1", credits=[Credit(story.owner_id, story.unit_id, 10)]),
    ):
        with pytest.raises(TransferConflict):
            await attempt


async def test_reversals_refunds_and_expiries_stay(tx: Tx) -> None:
    story = _Story(tx)
    with clock.frozen(_DAY_1):
        await story.tell("A+100")
        refunded = await story.tell("refund A 10")
        undone = await story.tell("undo A")
        await story.tell("B+5<9")
    with clock.frozen(_DAY_1 + timedelta(days=30)):
        assert await service.expire_due_lots(tx, 10) == 1
        expiry = (await service.list_transfers(tx, story.owner_id, _above(), 1))[0]
        assert expiry.kind == "expiry"
        for transfer_id in (refunded.transfer_id, undone.transfer_id, expiry.id):
            with pytest.raises(NotReversible):
                await service.reverse(tx, transfer_id, reference=f"undo {transfer_id}")
        with pytest.raises(AlreadyReversed):
            await service.reverse(tx, story.transfers["A"], reference="again")
        with pytest.raises(TransferNotFound):
            await service.reverse(tx, new_id(), reference="nothing")


@pytest.mark.parametrize("slices", [[100], [33, 33, 34], [1] * 20 + [80], [50, 50]])
async def test_refunds_in_slices_make_the_whole(tx: Tx, slices: list[int]) -> None:
    story = _Story(tx)
    await story.tell("B+7")
    await story.tell("A+100")
    await story.tell("R-60")
    for amount in slices[:-1]:
        await story.tell(f"refund A {amount}!")
    await story.tell(f"refund A {slices[-1]}!")
    assert (await story.balance()).reversed == 100
    await story.tell("undo R")
    assert await story.balance() == Balance(active=7, earned=107, reversed=100)


async def test_history_is_paged_and_next_expiry_is_the_first_live_lot(tx: Tx) -> None:
    story = _Story(tx)
    with clock.frozen(_DAY_1):
        for step in ("A+1<9", "B+2<5", "C+4", "D+8@4<7", "E+16<5"):
            await story.tell(step)
        first = await service.list_transfers(tx, story.owner_id, _above(), 3)
        rest = await service.list_transfers(tx, story.owner_id, first[-1].id, 3)
        assert [transfer.reference for transfer in (*first, *rest)] == [f"step {n}" for n in (5, 4, 3, 2, 1)]
        expiries = await service.next_expiries(tx, story.owner_id, story.unit_id, 5)
        assert expiries == [(_day("5"), 18), (_day("9"), 1)]
    with clock.frozen(_DAY_1 + timedelta(days=4)):
        expiries = await service.next_expiries(tx, story.owner_id, story.unit_id, 1)
        assert expiries == [(_day("7"), 8)]


async def test_faulty_input_is_told(tx: Tx) -> None:
    owner_id, unit_id = new_id(), new_id()
    with pytest.raises(InvalidTransfer) as refused:
        await service.post(tx, kind="accrual", reference="", credits=[Credit(owner_id, unit_id, 1)])
    assert "reference" in refused.value.sentence("fr")
    with pytest.raises(InvalidTransfer):
        await service.post(tx, kind="accrual", reference="nothing")
    with pytest.raises(InvalidTransfer):
        await service.refund(tx, new_id(), [], reference="nothing")


def _above() -> UUID:
    """The cursor of a first page."""
    return UUID(int=(1 << 128) - 1)


async def test_a_move_keeps_the_end_of_each_lot(tx: Tx) -> None:
    story = _Story(tx)
    with clock.frozen(_DAY_1):
        for step in ("A+10<5", "B+20<9", "C+5", "D+8@4<7"):
            await story.tell(step)
        posted = await story.tell("M-33")
        again = await service.move(tx, story.owner_id, story.friend_id, story.unit_id, 33, reference="step 5")
        assert (again.transfer_id, again.replayed) == (posted.transfer_id, True)
        assert await service.next_expiries(tx, story.friend_id, story.unit_id, 5) == [
            (_day("5"), 10),
            (_day("9"), 20),
        ]
        assert posted.balances[story.friend_id, story.unit_id] == Balance(active=33, adjusted=33)
        for places in ((story.owner_id, story.owner_id), (story.friend_id, story.friend_id)):
            with pytest.raises(InvalidTransfer):
                await service.move(tx, *places, story.unit_id, 1, reference="to myself")
        with pytest.raises(TransferConflict):
            await service.move(tx, story.owner_id, story.friend_id, story.unit_id, 2, reference="step 5")


async def test_holds_replay_and_have_limits(tx: Tx) -> None:
    story = _Story(tx)
    place = (story.owner_id, story.unit_id)
    with clock.frozen(_DAY_1):
        await story.tell("A+10")
        hold = await story.tell("H-4<5")
        for ends_at in (_DAY_1, _DAY_1 + timedelta(days=367), datetime(2026, 5, 2)):  # noqa: DTZ001  what is refused
            with pytest.raises(InvalidTransfer):
                await service.hold(tx, *place, 1, reference="too long", expires_at=ends_at)
        with pytest.raises(NotReversible):
            await service.reverse(tx, hold.transfer_id, reference="undo")
        first = await service.capture(tx, hold.transfer_id, reference="paid")
        again = await service.capture(tx, hold.transfer_id, reference="paid")
        assert (again.transfer_id, again.replayed) == (first.transfer_id, True)
        with pytest.raises(HoldIsOver):
            await service.release(tx, hold.transfer_id)
    with clock.frozen(_DAY_1 + timedelta(days=30)):
        same = await service.hold(tx, *place, 4, reference="step 2", expires_at=_DAY_1 + timedelta(days=31))
        assert (same.transfer_id, same.replayed) == (hold.transfer_id, True)
        assert (await service.get_hold(tx, hold.transfer_id)).state == "captured"
        with pytest.raises(HoldNotFound):
            await service.release(tx, new_id())


async def test_a_hold_that_is_over_is_told_by_the_job(tx: Tx) -> None:
    story = _Story(tx)
    with clock.frozen(_DAY_1):
        await story.tell("A+10")
        hold = await story.tell("H-4<5")
    tx.events.clear()
    with clock.frozen(_DAY_1 + timedelta(days=4)):
        assert await service.end_due_holds(tx, 10) == 1
        assert await service.end_due_holds(tx, 10) == 0
        released = await service.get_hold(tx, hold.transfer_id)
        assert (released.state, released.ended_by is not None) == ("released", True)
        again = await service.release(tx, hold.transfer_id)
        assert (again.transfer_id, again.replayed) == (released.ended_by, True)
    [fact] = tx.events
    assert isinstance(fact, BalanceChanged)
    assert (fact.kind, fact.delta, fact.active) == ("settlement", 4, 10)


async def test_a_debt_that_is_paid_is_told_once(tx: Tx) -> None:
    """What becomes active pays; the facts add up to what the balance did."""
    story = _Story(tx)
    with clock.frozen(_DAY_1):
        await story.tell("J-30~")
        await story.tell("A+50@4")
    told = [fact.delta for fact in tx.events if isinstance(fact, BalanceChanged)]
    with clock.frozen(_DAY_1 + timedelta(days=3)):
        for _ in range(2):
            await service.activate_due_lots(tx, 10)
        facts = [fact for fact in tx.events if isinstance(fact, BalanceChanged)][len(told) :]
        assert [(fact.kind, fact.delta, fact.active) for fact in facts] == [
            ("settlement", 30, 20),
            ("activation", 20, 20),
        ]
        assert sum(told) + 50 == (await story.balance()).active == 20
        assert await service.check_books(tx) == []


async def test_a_reversal_that_makes_a_debt_tells_it(tx: Tx) -> None:
    story = _Story(tx)
    key = (story.owner_id, story.unit_id)
    await story.tell("A+100")
    await story.tell("R-80")
    posted = await story.tell("undo A~")
    assert (posted.missing, posted.balances[key].active) == ({key: 80}, -80)
    again = await service.reverse(tx, story.transfers["A"], reference="step 3", shortfall={story.unit_id: "owe"})
    assert (again.transfer_id, again.replayed, again.missing) == (posted.transfer_id, True, {key: 80})
    assert await service.next_expiries(tx, *key, 5) == []


async def test_what_is_pending_goes_first(tx: Tx) -> None:
    owner_id, unit_id = new_id(), new_id()
    with clock.frozen(_DAY_1):
        credits_ = [
            Credit(owner_id, unit_id, 60, expires_at=_day("9")),
            Credit(owner_id, unit_id, 40, activates_at=_day("5")),
        ]
        posted = await service.post(tx, kind="accrual", reference="a", credits=credits_)
        held = []
        for number, amount in enumerate((30, 30)):
            part = [Debit(owner_id, unit_id, amount)]
            refunded = await service.refund(tx, posted.transfer_id, part, reference=f"r{number}")
            balance = refunded.balances[owner_id, unit_id]
            held.append((balance.pending, balance.active))
    assert held == [(10, 60), (0, 40)]


async def test_many_credits_are_booked_as_one_by_one(tx: Tx) -> None:
    """What ``post_each`` booked ``post`` replays; another amount is a conflict; what is there already is left out."""
    unit_id, owners = new_id(), [new_id() for _ in range(5)]
    await service.post(tx, kind="adjustment", reference="r0", credits=[Credit(owners[0], unit_id, 5)], reason="why")
    several = [Posting(f"r{place}", [Credit(owner, unit_id, 5 + place)]) for place, owner in enumerate(owners)]
    booked = await service.post_each(tx, several, kind="adjustment", reason="why")
    assert sorted(booked) == ["r1", "r2", "r3", "r4"]
    assert [booked[f"r{place}"].balances[owners[place], unit_id].active for place in range(1, 5)] == [6, 7, 8, 9]
    held = await service.balances(tx, owners)
    assert [held[owner][unit_id].active for owner in owners] == [5, 6, 7, 8, 9]
    told = [event for event in tx.events if isinstance(event, BalanceChanged)]
    assert [(event.delta, event.active) for event in told[1:]] == [(amount, amount) for amount in (6, 7, 8, 9)]
    again = await service.post(tx, kind="adjustment", reference="r3", credits=several[3].credits, reason="why")
    assert (again.replayed, again.transfer_id) == (True, booked["r3"].transfer_id)
    other = [Credit(owners[3], unit_id, 1)]
    with pytest.raises(TransferConflict):
        await service.post(tx, kind="adjustment", reference="r3", credits=other, reason="why")
    assert await service.post_each(tx, several, kind="adjustment", reason="why") == {}
    assert await service.post_each(tx, [], kind="adjustment", reason="why") == {}
    with pytest.raises(InvalidTransfer):
        await service.post_each(tx, [Posting("", [Credit(new_id(), unit_id, 5)])], kind="adjustment", reason="why")
    assert await service.check_books(tx) == []


async def test_many_credits_pay_what_is_owed_first(tx: Tx) -> None:
    unit_id, owner_id = new_id(), new_id()
    await service.post(
        tx, kind="adjustment", reference="owes", debits=[Debit(owner_id, unit_id, 3)], reason="why", shortfall="owe"
    )
    await service.post_each(tx, [Posting("pays", [Credit(owner_id, unit_id, 5)])], kind="adjustment", reason="why")
    assert (await service.balances(tx, [owner_id]))[owner_id][unit_id].active == 2
    assert await service.check_books(tx) == []


async def test_of_several_credits_the_soonest_to_expire_pays_a_debt(tx: Tx) -> None:
    """In whichever order they are given: what pays is what would be spent first."""
    now, owner_id, unit_id = clock.now(), new_id(), new_id()
    await service.post(tx, kind="accrual", reference="first", credits=[Credit(owner_id, unit_id, 1)])
    debit = Debit(owner_id, unit_id, 2)
    await service.post(tx, kind="adjustment", reference="owed", debits=[debit], shortfall="owe")
    lasting, brief = Credit(owner_id, unit_id, 1), Credit(owner_id, unit_id, 1, expires_at=now + timedelta(days=1))
    await service.post(tx, kind="accrual", reference="two", credits=[lasting, brief])
    with clock.frozen(now + timedelta(days=1)):
        assert (await service.balances(tx, [owner_id]))[owner_id][unit_id].active == 1

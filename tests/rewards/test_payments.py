"""Paying part of a bill with units, on a real database."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance, TransferConflict
from passerelle.programs import service as programs
from passerelle.programs.errors import PurchaseIsVoided, UnitNotFound
from passerelle.programs.models import UnitRow
from passerelle.programs.refunds.errors import PurchaseNotOpen
from passerelle.programs.schemas import Program
from passerelle.purchases import service as purchases
from passerelle.purchases.errors import PurchaseNotFound
from passerelle.purchases.schemas import NewPurchase, NewRefund, Purchase
from passerelle.rewards import service as rewards
from passerelle.rewards.errors import SpendingCapReached
from passerelle.rewards.payments import service
from passerelle.rewards.payments.errors import (
    BasketShareExceeded,
    EarnedByThisPurchase,
    PaymentNotFound,
    PaymentNotOpen,
    PointsAboveMaximum,
    PointsBelowMinimum,
    PointsStepWrong,
    UnitPaysNoBills,
)
from passerelle.rewards.payments.schemas import Bill, Paid, SpendingTermsIn
from tests.conftest import Shop
from tests.rewards.conftest import Counter

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TERMS = {"value": {"units": 100, "amount_minor": 100}, "minimum": 100, "step": 50, "basket_percent": 50}


async def _points(counter: Counter, **terms: object) -> Program:
    program = await counter.program(kind="points", goal=None, reward_name=None)
    told = SpendingTermsIn.model_validate({"payment": TERMS | terms})
    await service.set_terms(counter.tx, program.id, "points", told)
    return program


async def _pay(counter: Counter, member: UUID, units: int, bill: Bill | None = None) -> Paid:
    return await service.make_payment(counter.tx, member, bill or Bill(2000), units=units, reference=str(new_id()))


async def _bought(counter: Counter, program: Program, units: int, amount_minor: int) -> tuple[UUID, Purchase]:
    """A member with units, and a purchase of theirs that earned more."""
    customer = (await customers.register(counter.tx, NewCustomer())).customer_id
    member = (await programs.enroll(counter.tx, program.id, customer, source="till")).membership_id
    if units:
        await counter.give(member, units)
    purchase = await purchases.record_purchase(counter.tx, NewPurchase(customer, amount_minor))
    await programs.accrue_for_purchase(counter.tx, customer, purchase)
    return member, purchase


async def test_complaint_7_the_member_chooses_how_many(counter: Counter) -> None:
    """Minimum, maximum, step and share of the basket; each is refused with what may be chosen instead."""
    program = await _points(counter, maximum=800)
    member = await counter.member(program, 5000)
    quote = await service.quote_payment(counter.tx, member, Bill(2000))
    assert (quote.payable.minimum, quote.payable.maximum, quote.payable.step) == (100, 800, 50)
    assert await counter.active(member) == 5000, "a quote books nothing"
    paid = await _pay(counter, member, 350)
    assert (paid.payment.discount_minor, paid.standing.balance().active) == (350, 4650)
    for units, bill, refusal, params in (
        (360, Bill(2000), PointsStepWrong, {"step": 50, "nearest": 350}),
        (50, Bill(2000), PointsBelowMinimum, {"minimum": 100}),
        (900, Bill(2000), PointsAboveMaximum, {"maximum": 800}),
        (600, Bill(1000), BasketShareExceeded, {"percent": 50, "maximum": 500}),
    ):
        with pytest.raises(refusal) as caught:
            await _pay(counter, member, units, bill)
        assert caught.value.params == params
    assert await counter.active(member) == 4650
    poor = await counter.member(program, 120)
    with pytest.raises(InsufficientBalance) as short:
        await _pay(counter, poor, 200)
    assert (short.value.params["available"], short.value.params["needed"]) == (120, 200)


async def test_complaint_5_a_purchase_does_not_pay_for_itself(counter: Counter) -> None:
    """What an order earns cannot pay for that order, however it is divided; what was there before can."""
    program = await _points(counter, basket_percent=100, minimum=1, step=1)
    member, purchase = await _bought(counter, program, 30, 10_000)
    bill = Bill(purchase_id=purchase.id)
    assert await counter.active(member) == 130
    assert (await service.quote_payment(counter.tx, member, bill)).payable.maximum == 30
    with pytest.raises(EarnedByThisPurchase) as caught:
        await _pay(counter, member, 31, bill)
    assert caught.value.params == {"available": 30, "earned": 100}
    await _pay(counter, member, 20, bill)
    with pytest.raises(EarnedByThisPurchase):
        await _pay(counter, member, 11, bill)
    await _pay(counter, member, 10, bill)
    with pytest.raises(EarnedByThisPurchase):
        await _pay(counter, member, 1, bill)
    assert (await _pay(counter, member, 100, Bill(5000))).payment.units == 100, "another bill takes them"


async def test_the_share_counts_what_paid_before(counter: Counter) -> None:
    program = await _points(counter, step=1, minimum=1)
    member, purchase = await _bought(counter, program, 5000, 1000)
    bill = Bill(purchase_id=purchase.id)
    await _pay(counter, member, 400, bill)
    with pytest.raises(BasketShareExceeded) as caught:
        await _pay(counter, member, 101, bill)
    assert caught.value.params["maximum"] == 100


async def test_complaint_11_spend_37_of_99(counter: Counter) -> None:
    """Stored credit below one major unit: 0.37 from 0.99 leaves 0.62, and nobody needs to say what money is worth."""
    program = await counter.program(kind="points", goal=None, reward_name=None)
    credit = UnitRow(
        organization_id=counter.tx.organization_id,
        id=new_id(),
        program_id=program.id,
        code="credit",
        kind="money",
        decimals=2,
        names={"en": {"other": "credit"}},
    )
    counter.tx.session.add(credit)
    await counter.tx.flush()
    await programs.touch_program(counter.tx, program.id, "units")
    member = await counter.member(program)
    await programs.adjust(counter.tx, member, amount=99, reason="test", reference="a", unit="credit")
    assert await service.may_pay(counter.tx, await programs.standing(counter.tx, member))
    paid = await service.make_payment(counter.tx, member, Bill(500), units=37, reference="p", unit="credit")
    assert (paid.payment.discount_minor, paid.standing.balance("credit").active) == (37, 62)
    with pytest.raises(UnitPaysNoBills):
        await service.quote_payment(counter.tx, member, Bill(500), unit="points")
    with pytest.raises(UnitNotFound):
        await service.quote_payment(counter.tx, member, Bill(500), unit="miles")


async def test_the_same_reference_pays_once(counter: Counter) -> None:
    program = await _points(counter)
    member, other = await counter.member(program, 500), await counter.member(program, 500)
    first = await service.make_payment(counter.tx, member, Bill(2000), units=500, reference="till:1")
    again = await service.make_payment(counter.tx, member, Bill(2000), units=500, reference="till:1")
    assert (again.payment, again.replayed, again.standing.balance().active) == (first.payment, True, 0)
    for who, units, bill in ((other, 500, 2000), (member, 450, 2000), (member, 500, 2001)):
        with pytest.raises(TransferConflict):
            await service.make_payment(counter.tx, who, Bill(bill), units=units, reference="till:1")
    assert len(counter.told("payment.made")) == 1


async def test_undo_gives_the_units_back_once(counter: Counter) -> None:
    program = await _points(counter)
    member = await counter.member(program, 500)
    before = await counter.lots(member)
    paid = await _pay(counter, member, 500)
    undone = await service.undo_payment(counter.tx, paid.payment.id)
    assert (undone.payment.state, undone.standing.balance().active) == ("undone", 500)
    assert (await service.undo_payment(counter.tx, paid.payment.id)).replayed
    assert await counter.lots(member) == before
    assert len(counter.told("payment.undone")) == 1
    with pytest.raises(PaymentNotFound):
        await service.undo_payment(counter.tx, new_id())


async def test_a_voided_purchase_takes_its_payments_along(counter: Counter) -> None:
    """Units come back first, so that what the purchase earned can be taken back from them."""
    program = await _points(counter, step=1, minimum=1, basket_percent=100)
    member, purchase = await _bought(counter, program, 300, 20_000)
    paid = await _pay(counter, member, 300)
    assert await counter.active(member) == 200
    customer = paid.payment.customer_id
    await service.attach_payments(counter.tx, purchase.id, customer, [paid.payment.id])
    await service.attach_payments(counter.tx, purchase.id, customer, [paid.payment.id])
    await rewards.redeem_reward(counter.tx, member, (await counter.reward(program, price=150)).id, reference="scan:1")
    undone = await programs.undo_purchase(counter.tx, purchase.id)
    assert [standing.balance().active for standing in undone.standings] == [150]
    assert (await service.get_payment(counter.tx, paid.payment.id)).state == "undone"
    with pytest.raises(PurchaseIsVoided):
        await _pay(counter, member, 10, Bill(purchase_id=purchase.id))
    assert await ledger.check_books(counter.tx) == []


async def test_a_refund_gives_the_units_of_payments_back_in_proportion(counter: Counter) -> None:
    program = await _points(counter, step=1, minimum=1, basket_percent=100)
    member, purchase = await _bought(counter, program, 300, 20_000)
    before = await counter.active(member)
    paid = await _pay(counter, member, 101, Bill(purchase_id=purchase.id))
    await programs.refund_purchase(counter.tx, purchase.id, NewRefund(10_000))
    assert await counter.active(member) == before - 101 + 51 - 100
    assert (await service.get_payment(counter.tx, paid.payment.id)).state == "made"
    await programs.refund_purchase(counter.tx, purchase.id, NewRefund())
    assert await counter.active(member) == before - 200
    assert (await service.get_payment(counter.tx, paid.payment.id)).state == "undone"
    assert (await service.undo_payment(counter.tx, paid.payment.id)).replayed
    with pytest.raises(PurchaseNotOpen):
        await _pay(counter, member, 10, Bill(purchase_id=purchase.id))
    assert await ledger.check_books(counter.tx) == []


async def test_a_payment_undone_between_two_slices_comes_back_once(counter: Counter) -> None:
    program = await _points(counter, step=1, minimum=1, basket_percent=100)
    member, purchase = await _bought(counter, program, 300, 20_000)
    before = await counter.active(member)
    paid = await _pay(counter, member, 100, Bill(purchase_id=purchase.id))
    await programs.refund_purchase(counter.tx, purchase.id, NewRefund(5_000))
    await service.undo_payment(counter.tx, paid.payment.id)
    assert await counter.active(member) == before - 50
    await programs.refund_purchase(counter.tx, purchase.id, NewRefund())
    assert await counter.active(member) == before - 200


async def test_a_payment_belongs_to_one_purchase_of_its_payer(counter: Counter) -> None:
    program = await _points(counter)
    member, purchase = await _bought(counter, program, 500, 2000)
    stranger, other = await _bought(counter, program, 0, 2000)
    paid = await _pay(counter, member, 100)
    with pytest.raises(PaymentNotOpen):
        await service.attach_payments(counter.tx, other.id, other.customer_id, [paid.payment.id])
    await service.attach_payments(counter.tx, purchase.id, purchase.customer_id, [paid.payment.id])
    again = await purchases.record_purchase(counter.tx, NewPurchase(purchase.customer_id, 100))
    with pytest.raises(PaymentNotOpen):
        await service.attach_payments(counter.tx, again.id, again.customer_id, [paid.payment.id])
    with pytest.raises(PurchaseNotFound):
        await service.quote_payment(counter.tx, stranger, Bill(purchase_id=purchase.id))


async def test_a_spending_cap_holds_for_bills_and_rewards_together(counter: Counter) -> None:
    program = await counter.program(kind="points", goal=None, reward_name=None)
    told = SpendingTermsIn.model_validate({"payment": TERMS, "caps": {"day": 400}})
    await service.set_terms(counter.tx, program.id, "points", told)
    mug = await counter.reward(program, price=200)
    with clock.frozen(NOON):
        member = await counter.member(program, 5000)
        paid = await _pay(counter, member, 250)
        with pytest.raises(SpendingCapReached) as caught:
            await _pay(counter, member, 200)
        assert caught.value.params == {"limit": 400, "left": 150, "period": "day"}
        with pytest.raises(SpendingCapReached):
            await rewards.redeem_reward(counter.tx, member, mug.id, reference="scan:1")
        await service.undo_payment(counter.tx, paid.payment.id)
        await rewards.redeem_reward(counter.tx, member, mug.id, reference="scan:1")
        assert (await service.quote_payment(counter.tx, member, Bill(2000))).payable.maximum == 200
    with clock.frozen(NOON + timedelta(days=1)):
        await _pay(counter, member, 400)


async def test_of_two_tills_one_spends_the_points(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        program = await _points(counter)
        member = await counter.member(program, 550)

    async def pay(till: int) -> int:
        async with database.transaction(shop.organization_id) as tx:
            return (
                await service.make_payment(tx, member, Bill(2000), units=250, reference=f"till:{till}")
            ).payment.units

    outcomes = await asyncio.gather(*(pay(till) for till in range(5)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InsufficientBalance"] * 3 + ["int"] * 2
    async with database.transaction(shop.organization_id) as tx:
        assert await Counter(tx).active(member) == 50
        assert await ledger.check_books(tx) == []


async def test_the_terms_say_what_holds(counter: Counter) -> None:
    program = await _points(counter)
    [(unit, terms)] = await service.list_terms(counter.tx, program.id)
    assert terms.payment is not None
    assert (unit.code, terms.payment.step, terms.caps) == ("points", 50, {})
    await service.set_terms(counter.tx, program.id, "points", SpendingTermsIn(caps={"week": 5}))
    [(_, terms)] = await service.list_terms(counter.tx, program.id)
    assert (terms.payment, terms.caps) == (None, {"week": 5})
    with pytest.raises(UnitNotFound):
        await service.set_terms(counter.tx, program.id, "miles", SpendingTermsIn())

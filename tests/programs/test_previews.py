"""Trying rules before they are in force: the evaluator of the commit, on purchases made and imagined."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.kit.ids import encode
from passerelle.programs import service
from passerelle.programs.earning_schemas import Trial, TrialIn
from passerelle.programs.errors import (
    EarnsTooMuch,
    MembershipElsewhere,
    ProgramNotFound,
    PromotionNotFound,
    RuleContradicts,
)
from passerelle.programs.promotions import service as promotions
from passerelle.programs.promotions.schemas import PromotionChange, PromotionTrialIn
from passerelle.programs.schemas import ProgramChange
from passerelle.purchases import service as purchases
from passerelle.purchases.errors import AmountNotPositive
from passerelle.purchases.schemas import NewPurchase, PaidWith, PurchaseLine
from tests.programs.conftest import Teller
from tests.programs.test_promotions import BONUS, DOUBLE, buy, promote

CAPPED = {"type": "per_amount", "amount_minor_per_step": 100, "cap_per_day": 40}
FIRST = {"type": "per_visit", "units": 100, "conditions": {"first_purchase": True}}


async def attempt(teller: Teller, program_id: UUID, **fields: Any) -> Trial:
    return await service.preview_trial(teller.tx, program_id, TrialIn.model_validate(fields))


def amounts(trial: Trial) -> list[int]:
    return [accrual.amount for accrual in trial.would_give]


async def test_a_past_purchase_under_its_own_rules_is_what_was_given(teller: Teller) -> None:
    units = [{"code": "points", "caps": [{"per": "week", "units": 170}]}]
    program, customer = await teller.program(rules=[CAPPED, FIRST], units=units), await teller.customer()
    await teller.member(program, customer)
    await promote(teller, program, BONUS, limit_per_customer=2)
    bought = []
    for amount in (1500, 3000, 2000):
        purchase = await teller.buy(customer, amount)
        await service.accrue_for_purchase(teller.tx, customer, purchase)
        bought.append(purchase)
    trials = [await attempt(teller, program.id, purchase_id=purchase.id) for purchase in bought]
    for trial in trials:
        assert trial.given == tuple(accrual for accrual in trial.would_give if accrual.amount)
    assert [amounts(trial) for trial in trials] == [[15, 100, 20], [25, 0, 10], [0, 0, 0]]


async def test_a_cap_of_the_balance_is_tried_without_what_the_purchase_gave(teller: Teller) -> None:
    units = [{"code": "points", "caps": [{"per": "balance", "units": 20}]}]
    program, customer = await teller.program(units=units), await teller.customer()
    await teller.member(program, customer)
    await buy(teller, customer, 1500)
    purchase = await teller.buy(customer, 1500)
    await service.accrue_for_purchase(teller.tx, customer, purchase)
    trial = await attempt(teller, program.id, purchase_id=purchase.id)
    assert trial.given == trial.would_give
    assert amounts(trial) == [5]


async def test_other_rules_on_a_past_purchase(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    await teller.member(program, customer)
    purchase = await teller.buy(customer, 1500)
    await service.accrue_for_purchase(teller.tx, customer, purchase)
    trial = await attempt(
        teller,
        program.id,
        purchase_id=purchase.id,
        rules=[{"type": "per_amount", "amount_minor_per_step": 50, "cap_per_purchase": 25}],
    )
    assert trial.given is not None
    assert ([accrual.amount for accrual in trial.given], amounts(trial)) == ([15], [25])
    assert [reason.code for reason in trial.would_give[0].reasons] == ["per_amount", "capped_per_purchase"]
    assert (await service.get_program(teller.tx, program.id)).rules == program.rules
    with pytest.raises(RuleContradicts):
        await attempt(
            teller, program.id, purchase_id=purchase.id, rules=[{"type": "per_visit", "units": 5, "cap_per_day": 1}]
        )


async def test_a_draft_promotion_on_a_past_purchase(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    await teller.member(program, customer)
    purchase = await teller.buy(customer, 1500)
    await service.accrue_for_purchase(teller.tx, customer, purchase)
    later = clock.now() + timedelta(days=30)
    draft = await promote(teller, program, DOUBLE, state="draft", starts_at=later)
    assert amounts(await attempt(teller, program.id, purchase_id=purchase.id)) == [15]
    tried = await attempt(teller, program.id, purchase_id=purchase.id, promotion_ids=[draft.id])
    assert amounts(tried) == [30]
    assert (await promotions.get_promotion(teller.tx, draft.id)).uses == 0
    elsewhere = await promote(teller, await teller.program(), DOUBLE)
    with pytest.raises(PromotionNotFound):
        await attempt(teller, program.id, purchase_id=purchase.id, promotion_ids=[elsewhere.id])


async def test_an_unsaved_promotion_on_a_past_purchase(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    await teller.member(program, customer)
    purchase = await teller.buy(customer, 1500)
    await service.accrue_for_purchase(teller.tx, customer, purchase)
    running = await promote(teller, program, DOUBLE)

    async def rehearse(**fields: Any) -> list[int]:
        new = {"program_id": program.id, "name": "Happy hour", "effect": BONUS} | fields.pop("promotion", {})
        wanted = PromotionTrialIn.model_validate({"promotion": new, "purchase_id": purchase.id} | fields)
        return amounts(await promotions.preview_promotion(teller.tx, wanted))

    assert await rehearse() == [30, 20]
    assert await rehearse(promotion_id=running.id) == [15, 20]
    assert await rehearse(promotion={"budget_uses": 1, "budget_units": 20}) == [30, 20]
    assert await rehearse(promotion={"minimum_amount_minor": 2000}) == [30, 0]
    assert len(await promotions.list_promotions(teller.tx, program.id, UUID(int=2**128 - 1), 10)) == 1
    elsewhere = await promote(teller, await teller.program(), DOUBLE)
    with pytest.raises(PromotionNotFound):
        await rehearse(promotion_id=elsewhere.id)
    with pytest.raises(RuleContradicts):
        await rehearse(promotion={"conditions": {"hours": [{"from": "10:00", "to": "10:00"}]}})


async def test_purchases_to_try_on_are_those_of_members(teller: Teller) -> None:
    program, member, stranger = await teller.program(), await teller.customer(), await teller.customer()
    await teller.member(program, member)
    bought = [await teller.buy(customer, 100) for customer in (member, stranger, member, member)]
    await purchases.void_purchase(teller.tx, bought[2].id)
    listed = await service.list_member_purchases(teller.tx, program.id, 20)
    assert [purchase.id for purchase in listed] == [bought[3].id, bought[0].id]
    assert len(await service.list_member_purchases(teller.tx, program.id, 1)) == 1
    with pytest.raises(ProgramNotFound):
        await service.list_member_purchases(teller.tx, stranger, 20)


async def test_a_draft_program_on_an_imagined_purchase(teller: Teller) -> None:
    program, customer = await teller.program(state="draft"), await teller.customer()
    purchase = {"customer_id": customer, "amount_minor": 1234}
    with pytest.raises(MembershipElsewhere):
        await attempt(teller, program.id, purchase=purchase)
    await service.change_program(teller.tx, program.id, ProgramChange(state="active"))
    await teller.member(program, customer)
    trial = await attempt(teller, program.id, purchase=purchase)
    assert (amounts(trial), trial.given) == ([12], None)
    with pytest.raises(AmountNotPositive):
        await attempt(teller, program.id, purchase=purchase | {"amount_minor": 0})


async def test_a_budget_is_tried_with_what_the_purchase_took_from_it(teller: Teller) -> None:
    program, customer = await teller.program(rules=[]), await teller.customer()
    await teller.member(program, customer)
    made = await promote(teller, program, BONUS, budget_units=20)
    purchase = await teller.buy(customer, 100)
    await service.accrue_for_purchase(teller.tx, customer, purchase)
    assert amounts(await attempt(teller, program.id, purchase_id=purchase.id)) == [20]
    assert (await buy(teller, customer, 100)).accruals[0].amount == 0
    await promotions.change_promotion(teller.tx, made.id, PromotionChange(state="paused"))
    assert amounts(await attempt(teller, program.id, purchase_id=purchase.id)) == []


async def test_the_preview_is_the_commit(teller: Teller) -> None:
    """Every kind of rule, promotion and cap, purchase after purchase: seen before is given then, reasons and all."""
    rules = [
        CAPPED | {"base": {"taxes": False}},
        FIRST,
        {"type": "per_item", "categories": ["coffee"], "minimum_quantity": 2, "times": [{"per": "week", "times": 1}]},
        {"type": "per_visit", "units": 3, "cooldown_minutes": 60, "conditions": {"segments": ["vip"]}},
        {"type": "per_visit", "conditions": {"channels": ["online"]}},
    ]
    caps = [{"per": "month", "units": 260}, {"per": "balance", "units": 300, "action": "refuse"}]
    program = await teller.program(rules=rules, units=[{"code": "points", "caps": caps, "multipliers": "product"}])
    customer = await teller.customer()
    await teller.member(program, customer)
    await teller.member(await teller.program("cashback"), customer)
    await promote(teller, program, DOUBLE, budget_units=90)
    await promote(teller, program, {"type": "multiplier", "percent": 150}, limit_per_customer=2)
    await promote(teller, program, BONUS, stacking="exclusive", priority=9, budget_uses=1)
    lines = (
        PurchaseLine(name="Espresso", quantity=2, unit_amount_minor=250, category="coffee"),
        PurchaseLine(name="Delivery", unit_amount_minor=400, kind="shipping"),
    )
    for amount, basket in ((1500, ()), (900, lines), (900, lines), (4000, ()), (9000, ()), (50, ())):
        new = NewPurchase(
            customer,
            amount,
            lines=basket,
            tax_minor=amount // 6,
            paid_with=PaidWith(points_minor=10),
            channel="till",
            occurred_at=clock.now(),
        )
        seen = await service.preview_purchase(teller.tx, new)
        purchase = await purchases.record_purchase(teller.tx, new)
        given = await service.accrue_for_purchase(teller.tx, customer, purchase)
        assert [one.accruals for one in seen] == [one.accruals for one in given]


async def test_what_cannot_be_booked_is_refused_by_the_preview_as_by_the_till(teller: Teller) -> None:
    rules = [{"type": "per_item", "units_per_item": 1_000_000}]
    program, customer = await teller.program(rules=rules), await teller.customer()
    await teller.member(program, customer)
    await promote(teller, program, {"type": "multiplier", "percent": 10_000})

    async def outcomes(*items: int) -> list[str]:
        lines = tuple(PurchaseLine(name="Bean", quantity=count, unit_amount_minor=1) for count in items)
        new = NewPurchase(customer, sum(items), "EUR", lines=lines)
        told = []
        for verb in (
            lambda: service.preview_purchase(teller.tx, new),
            lambda: attempt(teller, program.id, purchase=_wire(new)),
            lambda: _book(teller, new),
        ):
            try:
                await verb()
                told.append("booked")
            except EarnsTooMuch as refusal:
                told.append(refusal.code)
        return told

    assert await outcomes(10_000) == ["booked"] * 3
    assert await outcomes(10_000, 1) == ["earns_too_much"] * 3


def _wire(new: NewPurchase) -> dict[str, Any]:
    lines = [
        {"name": line.name, "quantity": line.quantity, "unit_amount_minor": line.unit_amount_minor}
        for line in new.lines
    ]
    return {"customer_id": encode("cus", new.customer_id), "amount_minor": new.amount_minor, "lines": lines}


async def _book(teller: Teller, new: NewPurchase) -> None:
    purchase = await purchases.record_purchase(teller.tx, new)
    await service.accrue_for_purchase(teller.tx, new.customer_id, purchase)

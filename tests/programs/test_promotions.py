"""Promotions on a real database: made, changed, within their budget whatever two tills do, and given back."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Debit
from passerelle.organizations.errors import LocationNotFound
from passerelle.programs import service
from passerelle.programs.errors import ProgramNotFound, PromotionNotFound, RuleContradicts, UnitNotFound
from passerelle.programs.promotions import service as promotions
from passerelle.programs.promotions.errors import (
    BudgetBelowUsed,
    PromotionStateRefused,
    TooManyPromotions,
)
from passerelle.programs.promotions.schemas import PromotionChange, PromotionIn, PromotionOut
from passerelle.programs.schemas import Accrued, Program
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase, NewRefund
from tests.conftest import Shop
from tests.programs.conftest import Teller

DOUBLE = {"type": "multiplier", "percent": 200}
BONUS = {"type": "bonus", "units": 20}


async def promote(teller: Teller, program: Program, effect: dict[str, Any], **fields: Any) -> PromotionOut:
    new = {"program_id": program.id, "name": "Happy hour", "effect": effect, "state": "active"} | fields
    return await promotions.create_promotion(teller.tx, PromotionIn.model_validate(new))


async def buy(teller: Teller, customer: Any, amount_minor: int = 1500, **fields: Any) -> Accrued:
    purchase = await teller.buy(customer, amount_minor, **fields)
    [accrued] = await service.accrue_for_purchase(teller.tx, customer, purchase)
    return accrued


async def test_a_promotion_is_felt_at_once(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    member = await teller.member(program, customer)
    assert (await buy(teller, customer)).standing.balance().active == 15
    made = await promote(teller, program, DOUBLE, names={"fr": "Heure joyeuse"})
    accrued = await buy(teller, customer)
    assert [(accrual.amount, accrual.promotion_id) for accrual in accrued.accruals] == [(30, None)]
    await promotions.change_promotion(teller.tx, made.id, PromotionChange(state="paused"))
    assert (await buy(teller, customer)).standing.balance().active == 15 + 30 + 15
    shown = await promotions.get_promotion(teller.tx, made.id)
    assert (shown.state, shown.uses, shown.units, shown.unit) == ("paused", 1, 15, "points")
    assert (await service.standing(teller.tx, member)).balance().active == 60


async def test_what_goes_out_comes_in_again(teller: Teller) -> None:
    program = await teller.program()
    conditions = {"weekdays": ["fri"], "hours": [{"from": "17:00", "to": "19:00"}], "channels": ["till"]}
    made = await promote(
        teller,
        program,
        BONUS,
        conditions=conditions,
        ends_at="2027-01-01T00:00:00Z",
        timing={"pending": {"type": "for", "days": 3}},
    )
    out = made.model_dump(mode="json", by_alias=True)
    assert out["conditions"]["hours"] == [{"from": "17:00", "to": "19:00"}]
    change = PromotionChange.model_validate({name: out[name] for name in PromotionChange.model_fields})
    again = await promotions.change_promotion(teller.tx, made.id, change)
    assert again == made
    [kept] = (await service.get_program(teller.tx, program.id)).promotions
    assert (kept.conditions, kept.ends_at, kept.timing) == (made.conditions, made.ends_at, made.timing)
    listed = await promotions.list_promotions(teller.tx, program.id, new_id(), 10)
    assert listed == [made]
    assert [event.name for event in teller.tx.events][-2:] == ["program.changed", "promotion.changed"]


async def test_dates_states_and_null(teller: Teller) -> None:
    program = await teller.program()
    made = await promote(teller, program, DOUBLE, state="draft", starts_at=clock.now(), budget_uses=5)
    assert (await service.get_program(teller.tx, program.id)).promotions == ()
    with pytest.raises(PromotionStateRefused):
        await promotions.change_promotion(teller.tx, made.id, PromotionChange(state="paused"))
    cleared = await promotions.change_promotion(
        teller.tx, made.id, PromotionChange.model_validate({"starts_at": None, "budget_uses": None, "name": None})
    )
    assert (cleared.starts_at, cleared.budget_uses, cleared.name) == (None, None, "Happy hour")
    await promotions.change_promotion(teller.tx, made.id, PromotionChange(state="ended"))
    with pytest.raises(PromotionStateRefused):
        await promotions.change_promotion(teller.tx, made.id, PromotionChange(state="active"))


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"program_id": new_id()}, ProgramNotFound),
        ({"unit": "miles"}, UnitNotFound),
        ({"conditions": {"locations": [new_id()]}}, LocationNotFound),
        ({"starts_at": clock.now(), "ends_at": clock.now() - timedelta(days=1)}, RuleContradicts),
        ({"conditions": {"hours": [{"from": "10:00", "to": "10:00"}]}}, RuleContradicts),
    ],
)
async def test_what_makes_no_promotion(teller: Teller, fields: dict[str, Any], refusal: type[Exception]) -> None:
    program = await teller.program()
    with pytest.raises(refusal):
        await promote(teller, program, DOUBLE, **fields)


async def test_a_program_keeps_so_many(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promotions, "MAX_PROMOTIONS", 2)
    program = await teller.program()
    first = await promote(teller, program, DOUBLE)
    await promote(teller, program, DOUBLE)
    await promotions.change_promotion(teller.tx, first.id, PromotionChange(state="ended"))
    await promote(teller, program, DOUBLE)
    with pytest.raises(TooManyPromotions):
        await promote(teller, program, DOUBLE)


async def test_a_limit_per_customer(teller: Teller) -> None:
    program, customer, other = await teller.program(), await teller.customer(), await teller.customer()
    await teller.member(program, customer)
    await teller.member(program, other)
    await promote(teller, program, BONUS, limit_per_customer=1)
    assert [(await buy(teller, each)).standing.balance().active for each in (customer, customer, other)] == [
        35,
        50,
        35,
    ]


async def test_limits_of_several_programs_are_told_apart(teller: Teller) -> None:
    customer = await teller.customer()
    per_visit = {"type": "per_visit", "units": 4}
    rules: list[list[dict[str, Any]]] = [
        [per_visit | {"cap_per_day": 6}, {"type": "per_amount", "amount_minor_per_step": 100}],
        [per_visit | {"times": [{"per": "ever", "times": 1}]}],
        [
            per_visit | {"cooldown_minutes": 60},
            per_visit | {"caps": [{"per": "year", "units": 9, "action": "refuse"}]},
        ],
        [per_visit],
    ]
    made = [await teller.program(rules=each) for each in rules]
    for program in made:
        await teller.member(program, customer)
    await promote(teller, made[3], BONUS, limit_per_customer=2)
    given, noon = [], clock.now().replace(hour=12)
    for minutes in (0, 50, 90):
        with clock.frozen(noon + timedelta(minutes=minutes)):
            purchase = await teller.buy(customer, 500)
            accrued = await service.accrue_for_purchase(teller.tx, customer, purchase)
        given.append([[accrual.amount for accrual in one.accruals] for one in accrued])
    assert given == [
        [[4, 5], [4], [4, 4], [4, 20]],
        [[2, 5], [0], [0, 4], [4, 20]],
        [[0, 5], [0], [4, 0], [4, 0]],
    ]


async def test_undoing_gives_the_budget_and_the_limit_back(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    await teller.member(program, customer)
    made = await promote(teller, program, BONUS, limit_per_customer=1, budget_uses=1, budget_units=20)
    purchase = await teller.buy(customer, 1500)
    await service.accrue_for_purchase(teller.tx, customer, purchase)
    assert (await buy(teller, customer)).accruals[-1].reasons[0].code == "promotion_budget_spent"
    await service.undo_purchase(teller.tx, purchase.id)
    await service.undo_purchase(teller.tx, purchase.id)
    assert (await promotions.get_promotion(teller.tx, made.id)).uses == 0
    assert (await buy(teller, customer)).accruals[-1].amount == 20


async def test_the_last_slice_of_a_refund_gives_the_budget_back(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    await teller.member(program, customer)
    made = await promote(teller, program, BONUS, budget_uses=1)
    purchase = await teller.buy(customer, 1500)
    await service.accrue_for_purchase(teller.tx, customer, purchase)
    await service.refund_purchase(teller.tx, purchase.id, NewRefund(amount_minor=500))
    assert (await promotions.get_promotion(teller.tx, made.id)).uses == 1
    await service.refund_purchase(teller.tx, purchase.id, NewRefund())
    assert (await promotions.get_promotion(teller.tx, made.id)).uses == 0
    assert (await buy(teller, customer)).accruals[-1].amount == 20


async def test_slices_give_the_units_of_a_budget_back_without_drift(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    await teller.member(program, customer)
    bonus = await promote(teller, program, BONUS, budget_units=1000, budget_uses=9)
    double = await promote(teller, program, DOUBLE, budget_units=1000)
    purchase = await teller.buy(customer, 1000)
    await service.accrue_for_purchase(teller.tx, customer, purchase)

    async def used() -> list[tuple[int, int]]:
        found = [await promotions.get_promotion(teller.tx, each.id) for each in (bonus, double)]
        kept = [
            await teller.tx.fetchval(
                "SELECT used_units FROM promotions WHERE organization_id = $1 AND id = $2",
                teller.tx.organization_id,
                each.id,
            )
            for each in (bonus, double)
        ]
        assert [each.units for each in found] == kept
        return [(each.uses, each.units) for each in found]

    assert await used() == [(1, 20), (1, 10)]
    for part, left in ((333, [(1, 13), (1, 6)]), (333, [(1, 7), (1, 3)]), (1, [(1, 7), (1, 3)])):
        await service.refund_purchase(teller.tx, purchase.id, NewRefund(amount_minor=part))
        assert await used() == left
    await service.refund_purchase(teller.tx, purchase.id, NewRefund())
    assert await used() == [(0, 0), (0, 0)]


async def test_a_void_after_a_slice_gives_the_rest_of_a_budget_back(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    await teller.member(program, customer)
    made = await promote(teller, program, BONUS, budget_units=20)
    purchase = await teller.buy(customer, 1000)
    await service.accrue_for_purchase(teller.tx, customer, purchase)
    await service.refund_purchase(teller.tx, purchase.id, NewRefund(amount_minor=500))
    assert (await buy(teller, customer)).accruals[-1].amount == 10, "what is left of the budget"
    await service.undo_purchase(teller.tx, purchase.id)
    assert (await promotions.get_promotion(teller.tx, made.id)).units == 10
    assert (await buy(teller, customer)).accruals[-1].amount == 10


async def test_a_budget_that_comes_later_counts_what_was_given(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    await teller.member(program, customer)
    made = await promote(teller, program, BONUS)
    await buy(teller, customer)
    await buy(teller, customer)
    with pytest.raises(BudgetBelowUsed):
        await promotions.change_promotion(teller.tx, made.id, PromotionChange(budget_units=39))


async def test_the_rest_of_a_budget_that_comes_later(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    await teller.member(program, customer)
    made = await promote(teller, program, BONUS)
    await buy(teller, customer)
    await promotions.change_promotion(teller.tx, made.id, PromotionChange(budget_units=25))
    assert (await buy(teller, customer)).accruals[-1].amount == 5


async def test_tills_do_not_overdraw_a_budget(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        teller = Teller(tx)
        program = await teller.program(rules=[])
        people = [await teller.customer() for _ in range(8)]
        for customer in people:
            await teller.member(program, customer)
        made = await promote(teller, program, BONUS, budget_units=70)
        await promote(teller, program, BONUS, budget_uses=3)

    async def scan(customer: Any) -> int:
        async with database.transaction(shop.organization_id) as tx:
            purchase = await purchases.record_purchase(tx, NewPurchase(customer, 450))
            [accrued] = await service.accrue_for_purchase(tx, customer, purchase)
            return sum(accrual.amount for accrual in accrued.accruals)

    given = await asyncio.gather(*(scan(customer) for customer in people))
    assert sum(given) == 70 + 60
    async with database.transaction(shop.organization_id) as tx:
        assert (await promotions.get_promotion(tx, made.id)).units == 70
        assert await tx.fetchval("SELECT used_units FROM promotions WHERE id = $1", made.id) == 70
        assert await ledger.check_books(tx) == []


async def test_a_cap_of_the_unit_holds_between_tills(database: Database, shop: Shop) -> None:
    caps = [{"per": "week", "units": 45}, {"per": "balance", "units": 40}]
    async with database.transaction(shop.organization_id) as tx:
        teller = Teller(tx)
        customer = await teller.customer()
        program = await teller.program(units=[{"code": "points", "caps": caps}])
        member = await teller.member(program, customer)

    async def scan() -> None:
        async with database.transaction(shop.organization_id) as tx:
            purchase = await purchases.record_purchase(tx, NewPurchase(customer, 1000))
            await service.accrue_for_purchase(tx, customer, purchase)

    await asyncio.gather(*(scan() for _ in range(6)))
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.standing(tx, member)).balance().active == 40
        spent = Debit(member, program.units[0].id, 30)
        await ledger.post(tx, kind="redemption", reference="gift", debits=[spent])
        assert (await buy(Teller(tx), customer, 1000)).standing.balance().active == 15, "the week's cap leaves 5"


async def test_a_bonus_has_its_own_lot(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    member = await teller.member(program, customer)
    await promote(teller, program, BONUS, timing={"pending": {"type": "for", "days": 7}})
    balance = (await buy(teller, customer)).standing.balance()
    assert (balance.active, balance.pending) == (15, 20)
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert (await service.standing(teller.tx, member)).balance().active == 35


async def test_promotions_of_another_tenant(database: Database, shop: Shop, other_shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        teller = Teller(tx)
        made = await promote(teller, await teller.program(), DOUBLE)
    async with database.transaction(other_shop.organization_id) as tx:
        assert await promotions.list_promotions(tx, None, new_id(), 10) == []
        with pytest.raises(PromotionNotFound):
            await promotions.get_promotion(tx, made.id)
        with pytest.raises(PromotionNotFound):
            await promotions.change_promotion(tx, made.id, PromotionChange(name="Mine"))

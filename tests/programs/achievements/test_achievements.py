"""Achievements on a real database: counted once, awarded once, taken back with what they rested on."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelle.kit import clock
from passerelle.kit.db import Database, Tx
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import SpentMeanwhile
from passerelle.programs import service
from passerelle.programs.achievements import service as achievements
from passerelle.programs.achievements.errors import TooManyAchievements
from passerelle.programs.achievements.schemas import Achievement, AchievementChange, AchievementIn
from passerelle.programs.errors import UnitNotFound
from passerelle.programs.schemas import Program, ProgramChange
from passerelle.purchases.schemas import NewRefund, Purchase, PurchaseLine, ReturnedLine
from tests.conftest import Shop
from tests.programs.conftest import Teller

VISITS = {"type": "goal", "metric": "visits", "target": 3}


async def _goal(teller: Teller, program: Program, definition: dict[str, Any], **fields: Any) -> Achievement:
    new = {"name": "Explorer", "definition": definition, "prize": {"amount": 100}, **fields}
    made, _ = await achievements.create_achievement(teller.tx, program.id, AchievementIn.model_validate(new))
    return made


async def _buy(tx: Tx, customer_id: UUID, amount_minor: int = 100, **fields: Any) -> Purchase:
    purchase = await Teller(tx).buy(customer_id, amount_minor, **fields)
    await service.accrue_for_purchase(tx, customer_id, purchase)
    return purchase


async def _prize(tx: Tx, membership_id: UUID) -> int:
    """What is there beyond purchases: the programs of these tests have no rules."""
    return (await service.standing(tx, membership_id)).balance().active


async def _current(tx: Tx, membership_id: UUID) -> list[tuple[int, int]]:
    return [(each.current, each.times) for each in await achievements.list_progress(tx, membership_id)]


async def _member(teller: Teller, **fields: Any) -> tuple[Program, UUID, UUID]:
    program = await teller.program(**{"rules": [], **fields})
    customer_id = await teller.customer()
    return program, customer_id, await teller.member(program, customer_id)


async def test_the_third_visit_is_told_at_the_till(teller: Teller) -> None:
    program, customer_id, member = await _member(teller)
    await _goal(teller, program, VISITS)
    for _ in range(2):
        await _buy(teller.tx, customer_id)
    assert await _current(teller.tx, member) == [(2, 0)]
    purchase = await teller.buy(customer_id, 100)
    [accrued] = await service.accrue_for_purchase(teller.tx, customer_id, purchase)
    assert [(accrual.amount, accrual.reasons[0].code) for accrual in accrued.accruals] == [(100, "achievement")]
    assert accrued.standing.balance().active == 100
    for _ in range(5):
        await _buy(teller.tx, customer_id)
    assert (await _prize(teller.tx, member), await _current(teller.tx, member)) == (100, [(8, 1)])


async def test_a_repeatable_goal_is_reached_again_and_several_times_at_once(teller: Teller) -> None:
    program, customer_id, member = await _member(teller)
    await _goal(
        teller, program, {"type": "goal", "metric": "spend", "target": 1000}, repeatable=True, prize={"amount": 1}
    )
    await _buy(teller.tx, customer_id, 999)
    assert await _prize(teller.tx, member) == 0
    await _buy(teller.tx, customer_id, 3501)
    assert (await _prize(teller.tx, member), await _current(teller.tx, member)) == (4, [(4500, 4)])


async def test_a_window_starts_anew(teller: Teller) -> None:
    program, customer_id, member = await _member(teller)
    await _goal(teller, program, {**VISITS, "target": 2, "window": "day"}, repeatable=True)
    noon = datetime.combine(clock.today(program.time_zone), time(12), ZoneInfo(program.time_zone))
    given = []
    for days in (9, 8, 8, 7, 9):
        await _buy(teller.tx, customer_id, occurred_at=noon - timedelta(days=days))
        given.append(await _prize(teller.tx, member))
    assert given == [0, 0, 100, 100, 200]


async def test_told_again_counts_once(teller: Teller) -> None:
    program, customer_id, member = await _member(teller)
    await _goal(teller, program, VISITS)
    now = clock.now()
    for _ in range(4):
        await _buy(teller.tx, customer_id, external_reference="1", occurred_at=now)
    assert await _current(teller.tx, member) == [(1, 0)]


async def test_a_visit_counts_when_it_gave_something(teller: Teller) -> None:
    program, _, member = await _member(teller, rules=[{"type": "per_visit", "once_per_minutes": 60}])
    await _goal(teller, program, VISITS)
    for number in range(3):
        await service.accrue_for_visit(teller.tx, member, reference=f"scan:{number}")
    assert await _current(teller.tx, member) == [(1, 0)]
    await service.undo_accrual(teller.tx, "scan:0")
    assert await _current(teller.tx, member) == [(0, 0)]


async def test_undoing_takes_the_award_back_and_it_can_be_reached_again(teller: Teller) -> None:
    program, customer_id, member = await _member(teller)
    await _goal(teller, program, VISITS)
    purchases = [await _buy(teller.tx, customer_id) for _ in range(3)]
    assert await _prize(teller.tx, member) == 100
    await service.undo_purchase(teller.tx, purchases[0].id)
    assert (await _prize(teller.tx, member), await _current(teller.tx, member)) == (0, [(2, 0)])
    await service.undo_purchase(teller.tx, purchases[0].id)
    assert await _current(teller.tx, member) == [(2, 0)]
    await _buy(teller.tx, customer_id)
    assert (await _prize(teller.tx, member), await _current(teller.tx, member)) == (100, [(3, 1)])
    assert await ledger.check_books(teller.tx) == []


async def test_items_that_come_back_count_no_more(teller: Teller) -> None:
    program, customer_id, member = await _member(teller)
    goal = {"type": "goal", "metric": "items", "target": 5, "skus": ["coffee"]}
    await _goal(teller, program, goal, repeatable=True)
    lines = (
        PurchaseLine(name="Coffee", sku="coffee", quantity=10, unit_amount_minor=100),
        PurchaseLine(name="Cake", sku="cake", quantity=2, unit_amount_minor=200),
    )
    purchase = await _buy(teller.tx, customer_id, 1400, lines=lines)
    assert (await _prize(teller.tx, member), await _current(teller.tx, member)) == (200, [(10, 2)])
    for refund, left in (
        (NewRefund(lines=(ReturnedLine(line=1, quantity=2),)), (200, [(10, 2)])),
        (NewRefund(amount_minor=50), (200, [(10, 2)])),
        (NewRefund(lines=(ReturnedLine(line=0, quantity=1),)), (100, [(9, 1)])),
        (NewRefund(amount_minor=1, lines=(ReturnedLine(line=0, quantity=9),)), (0, [(0, 0)])),
        (NewRefund(), (0, [(0, 0)])),
    ):
        await service.refund_purchase(teller.tx, purchase.id, refund)
        assert (await _prize(teller.tx, member), await _current(teller.tx, member)) == left
    assert await ledger.check_books(teller.tx) == []


async def test_a_refund_takes_the_award_back_with_the_last_slice(teller: Teller) -> None:
    program, customer_id, member = await _member(teller)
    await _goal(teller, program, VISITS)
    purchase, *_ = [await _buy(teller.tx, customer_id) for _ in range(3)]
    await service.refund_purchase(teller.tx, purchase.id, NewRefund(1))
    assert await _prize(teller.tx, member) == 100
    rest = NewRefund(reference="R-2")
    outcome = await service.refund_purchase(teller.tx, purchase.id, rest)
    assert (await _prize(teller.tx, member), await _current(teller.tx, member)) == (0, [(2, 0)])
    assert outcome.standings == (await service.standing(teller.tx, member),)
    again = await service.refund_purchase(teller.tx, purchase.id, rest)
    assert (again.replayed, await _current(teller.tx, member)) == (True, [(2, 0)])
    assert await ledger.check_books(teller.tx) == []


async def test_an_award_of_several_is_taken_back_in_part(teller: Teller) -> None:
    program, customer_id, member = await _member(teller)
    definition = {"type": "goal", "metric": "spend", "target": 100}
    await _goal(teller, program, definition, repeatable=True, prize={"amount": 1})
    small = await _buy(teller.tx, customer_id, 150)
    await _buy(teller.tx, customer_id, 350)
    assert await _prize(teller.tx, member) == 5
    await service.undo_purchase(teller.tx, small.id)
    assert (await _prize(teller.tx, member), await _current(teller.tx, member)) == (3, [(350, 3)])


async def test_a_prize_that_was_spent_refuses_the_undo_unless_it_is_forgiven(teller: Teller) -> None:
    program, customer_id, member = await _member(teller)
    await _goal(teller, program, {**VISITS, "target": 1})
    purchase = await _buy(teller.tx, customer_id)
    await service.adjust(teller.tx, member, amount=-60, reason="spent", reference="1")
    with pytest.raises(SpentMeanwhile):
        await service.undo_purchase(teller.tx, purchase.id)
    await service.undo_purchase(teller.tx, purchase.id, shortfall="forgive")
    assert await ledger.check_books(teller.tx) == []


async def test_a_badge_needs_no_units(teller: Teller) -> None:
    program, customer_id, member = await _member(teller, kind="membership")
    badge = {"badge": "Regular", "badges": {"fr": "Habitué"}, "prize": {"amount": 0}}
    goal = await _goal(teller, program, {**VISITS, "target": 1}, **badge)
    await _buy(teller.tx, customer_id)
    assert await _current(teller.tx, member) == [(1, 1)]
    assert (goal.badge_in("fr"), goal.badge_in("ar")) == ("Habitué", "Regular")


async def test_what_is_taken_out_counts_nothing(teller: Teller) -> None:
    program, customer_id, member = await _member(teller)
    goal = await _goal(teller, program, VISITS)
    await _buy(teller.tx, customer_id)
    await achievements.change_achievement(teller.tx, goal.id, AchievementChange(active=False))
    assert await _current(teller.tx, member) == []
    await _buy(teller.tx, customer_id)
    await achievements.change_achievement(teller.tx, goal.id, AchievementChange(active=True))
    assert await _current(teller.tx, member) == [(1, 0)]


async def test_limits_and_units_are_checked(teller: Teller) -> None:
    program, *_ = await _member(teller)
    with pytest.raises(UnitNotFound):
        await _goal(teller, program, VISITS, prize={"amount": 1, "unit": "stars"})
    for _ in range(achievements.MAX_ACTIVE):
        await _goal(teller, program, VISITS)
    with pytest.raises(TooManyAchievements):
        await _goal(teller, program, VISITS)


async def test_twenty_goals_cost_one_statement(teller: Teller) -> None:
    program, customer_id, _ = await _member(teller)
    purchase = await _buy(teller.tx, customer_id)
    async with teller.counted() as without:
        await service.accrue_for_purchase(teller.tx, customer_id, await teller.buy(customer_id, 100))
    for _ in range(achievements.MAX_ACTIVE):
        await _goal(teller, program, {**VISITS, "target": 100})
    await _buy(teller.tx, customer_id)
    async with teller.counted() as with_goals:
        await service.accrue_for_purchase(teller.tx, customer_id, await teller.buy(customer_id, 100))
    assert len(with_goals) == len(without) + 1
    assert purchase.state == "recorded"


_HISTORY = st.lists(
    st.one_of(st.tuples(st.just("visit"), st.integers(0, 12)), st.tuples(st.just("undo"), st.integers(0, 9))),
    min_size=3,
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_HISTORY, st.integers(2, 3))
async def test_a_streak_of_any_history_is_that_of_a_naive_model(
    database: Database, shop: Shop, history: Sequence[tuple[str, int]], length: int
) -> None:
    """Visits in any order, some undone: awards that stand are those of the days that are left."""
    async with database.transaction(shop.organization_id) as tx:
        teller = Teller(tx)
        program, customer_id, member = await _member(teller)
        await _goal(teller, program, {"type": "streak", "unit": "day", "length": length}, repeatable=True)
        noon = datetime.combine(clock.today(program.time_zone), time(12), ZoneInfo(program.time_zone))
        first = noon - timedelta(days=20)
        standing: list[tuple[UUID, int]] = []
        for action, number in history:
            if action == "visit":
                at = first + timedelta(days=number)
                standing.append(((await _buy(tx, customer_id, occurred_at=at)).id, number))
            elif standing:
                purchase_id, _ = standing.pop(number % len(standing))
                await service.undo_purchase(tx, purchase_id)
        days = {number for _, number in standing}
        marks = "".join("x" if number in days else " " for number in range(14))
        expected = sum(len(run) // length for run in marks.split())
        assert await _prize(tx, member) == 100 * expected
        assert [times for _, times in await _current(tx, member)] == [expected]
        assert await ledger.check_books(tx) == []
        await service.change_program(tx, program.id, ProgramChange(state="ended"))


async def test_two_tills_reach_a_goal_once(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        program, customer_id, member = await _member(Teller(tx))
        await _goal(Teller(tx), program, {**VISITS, "target": 4})

    async def buy() -> None:
        async with database.transaction(shop.organization_id) as own:
            await _buy(own, customer_id)

    await asyncio.gather(*(buy() for _ in range(8)))
    async with database.transaction(shop.organization_id) as tx:
        assert (await _prize(tx, member), await _current(tx, member)) == (100, [(8, 1)])
        assert await ledger.check_books(tx) == []

"""Earning on a real database: one transfer, locked, told once, taken back."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance, SpentMeanwhile, TransferConflict
from passerelle.ledger.schemas import Debit
from passerelle.programs import service
from passerelle.programs.errors import (
    MembershipNotActive,
    ProgramNotRunning,
    PurchaseIsVoided,
    TooManyUnits,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.schemas import Accrued, ProgramChange
from passerelle.purchases import service as purchases
from passerelle.purchases.errors import AmountNotPositive
from passerelle.purchases.schemas import NewPurchase, PurchaseLine
from tests.conftest import Shop
from tests.programs.conftest import Teller

DAILY = [{"type": "per_visit", "once_per_day": True}]


def _codes(accrued: Accrued) -> list[str]:
    return [reason.code for accrual in accrued.accruals for reason in accrual.reasons]


async def test_a_purchase_earns_in_every_program_with_one_transfer(teller: Teller) -> None:
    customer = await teller.customer()
    points = await teller.member(await teller.program("points"), customer)
    stamps = await teller.member(await teller.program("stamps"), customer)
    purchase = await teller.buy(customer, 1234)
    first, second = await service.accrue_for_purchase(teller.tx, customer, purchase)
    assert (first.standing.membership.id, first.standing.balance().active) == (points, 12)
    assert (second.standing.membership.id, second.standing.balance().active) == (stamps, 1)
    assert first.transfer_id == second.transfer_id
    transfer = await ledger.find_transfer_by_reference(teller.tx, f"purchase:{purchase.id}")
    assert transfer is not None
    assert sum(entry.amount for entry in transfer.entries) == 13
    assert await service.standing(teller.tx, points) == first.standing


async def test_the_statements_of_earning(teller: Teller) -> None:
    customer = await teller.customer()
    await teller.member(await teller.program("points"), customer)
    await service.accrue_for_purchase(teller.tx, customer, await teller.buy(customer, 1200))
    purchase = await teller.buy(customer, 1200)
    async with teller.counted() as statements:
        await service.accrue_for_purchase(teller.tx, customer, purchase)
    assert len(statements) == 2, "seats, booking; the explanation goes with the next message"
    await teller.member(await teller.program("stamps", rules=DAILY), customer)
    await service.accrue_for_purchase(teller.tx, customer, await teller.buy(customer, 1200))
    purchase = await teller.buy(customer, 1200)
    async with teller.counted() as statements:
        await service.accrue_for_purchase(teller.tx, customer, purchase)
    assert len(statements) == 4, "and the history, and the balance that did not change"


async def test_told_again_nothing_is_given_again(teller: Teller) -> None:
    customer = await teller.customer()
    await teller.member(await teller.program("points"), customer)
    await teller.member(await teller.program("stamps", rules=DAILY), customer)
    purchase = await teller.buy(customer, 1234)
    first = await service.accrue_for_purchase(teller.tx, customer, purchase)
    again = await service.accrue_for_purchase(teller.tx, customer, purchase)
    assert [(one.standing, one.accruals, one.transfer_id) for one in again] == [
        (one.standing, one.accruals, one.transfer_id) for one in first
    ]
    assert [one.replayed for one in again] == [True, True]


async def test_what_earned_nothing_earns_nothing_when_told_again(teller: Teller) -> None:
    customer = await teller.customer()
    program = await teller.program()
    await teller.member(program, customer)
    await service.change_program(teller.tx, program.id, ProgramChange(state="paused"))
    new = NewPurchase(customer, 450, external_reference="R-1")
    await service.accrue_for_purchase(teller.tx, customer, await purchases.record_purchase(teller.tx, new))
    await service.change_program(teller.tx, program.id, ProgramChange(state="active"))
    again = await purchases.record_purchase(teller.tx, new)
    [accrued] = await service.accrue_for_purchase(teller.tx, customer, again)
    assert (accrued.standing.balance().active, accrued.transfer_id, accrued.replayed) == (0, None, True)


async def test_two_tills_count_one_visit_of_the_day(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        teller = Teller(tx)
        customer = await teller.customer()
        member = await teller.member(await teller.program("stamps", rules=DAILY), customer)

    async def scan() -> int:
        async with database.transaction(shop.organization_id) as tx:
            purchase = await purchases.record_purchase(tx, NewPurchase(customer, 450))
            [accrued] = await service.accrue_for_purchase(tx, customer, purchase)
            return sum(accrual.amount for accrual in accrued.accruals)

    assert sorted(await asyncio.gather(*(scan() for _ in range(6)))) == [0, 0, 0, 0, 0, 1]
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.standing(tx, member)).balance().active == 1


async def test_a_daily_cap_holds_between_tills(database: Database, shop: Shop) -> None:
    rule = {"type": "per_amount", "amount_minor_per_step": 100, "cap_per_day": 25}
    async with database.transaction(shop.organization_id) as tx:
        teller = Teller(tx)
        customer = await teller.customer()
        member = await teller.member(await teller.program(rules=[rule]), customer)

    async def scan() -> None:
        async with database.transaction(shop.organization_id) as tx:
            purchase = await purchases.record_purchase(tx, NewPurchase(customer, 1000))
            await service.accrue_for_purchase(tx, customer, purchase)

    await asyncio.gather(*(scan() for _ in range(5)))
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.standing(tx, member)).balance().active == 25


async def test_the_day_is_the_programs_and_the_purchases(teller: Teller) -> None:
    customer = await teller.customer()
    await teller.member(await teller.program("stamps", rules=DAILY), customer)
    late, later = datetime(2026, 11, 21, 22, 59, tzinfo=UTC), datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
    earned = []
    with clock.frozen(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        for instant in (later, late, late - timedelta(hours=20)):
            purchase = await teller.buy(customer, 450, occurred_at=instant)
            [accrued] = await service.accrue_for_purchase(teller.tx, customer, purchase)
            earned.append(_codes(accrued)[0])
    assert earned == ["per_visit", "per_visit", "visit_counted"]


async def test_why_not(teller: Teller) -> None:
    customer = await teller.customer()
    paused = await teller.program()
    for program in (await teller.program(), paused, await teller.program("stamps"), await teller.program()):
        await teller.member(program, customer)
    suspended, _, _, ended = await service.memberships_of(teller.tx, customer)
    await service.change_membership(teller.tx, suspended.id, "suspended")
    await service.change_membership(teller.tx, ended.id, "ended")
    await service.change_program(teller.tx, paused.id, ProgramChange(state="paused"))
    told = await service.accrue_for_purchase(teller.tx, customer, await teller.buy(customer, 450))
    assert [_codes(one) for one in told] == [["member_suspended"], ["program_not_running"], ["per_visit"]]


async def test_who_is_in_no_program_earns_nothing(teller: Teller) -> None:
    customer = await teller.customer()
    assert await service.accrue_for_purchase(teller.tx, customer, await teller.buy(customer, 450)) == []


async def test_items_earn_by_their_lines(teller: Teller) -> None:
    customer = await teller.customer()
    rule = {"type": "per_item", "categories": ["coffee"]}
    await teller.member(await teller.program("stamps", rules=[rule]), customer)
    lines = (
        PurchaseLine(name="Espresso", quantity=3, unit_amount_minor=250, category="coffee"),
        PurchaseLine(name="Cake", quantity=1, unit_amount_minor=400, category="food"),
    )
    [accrued] = await service.accrue_for_purchase(teller.tx, customer, await teller.buy(customer, 1150, lines=lines))
    assert accrued.standing.balance().active == 3


async def test_the_preview_is_the_commit_without_the_writing(teller: Teller) -> None:
    customer = await teller.customer()
    rule = {"type": "per_amount", "amount_minor_per_step": 100, "cap_per_day": 20}
    await teller.member(await teller.program(rules=[rule]), customer)
    await teller.member(await teller.program("stamps", rules=DAILY), customer)
    for amount in (1500, 900, 50):
        instant = clock.now()
        new = NewPurchase(customer, amount, occurred_at=instant)
        seen = await service.preview_purchase(teller.tx, new)
        assert seen == await service.preview_purchase(teller.tx, new)
        given = await service.accrue_for_purchase(
            teller.tx, customer, await purchases.record_purchase(teller.tx, new)
        )
        assert [one.accruals for one in seen] == [one.accruals for one in given]
    with pytest.raises(AmountNotPositive):
        await service.preview_purchase(teller.tx, NewPurchase(customer, 0))


async def test_undo_takes_all_back_and_the_visit_counts_again(teller: Teller) -> None:
    customer = await teller.customer()
    await teller.member(await teller.program("points"), customer)
    await teller.member(await teller.program("stamps", rules=DAILY), customer)
    purchase = await teller.buy(customer, 1234)
    await service.accrue_for_purchase(teller.tx, customer, purchase)
    undone = await service.undo_purchase(teller.tx, purchase.id, reason="wrong amount")
    assert undone.purchase.state == "voided"
    assert [standing.balance().active for standing in undone.standings] == [0, 0]
    assert (await service.undo_purchase(teller.tx, purchase.id)).standings == ()
    with pytest.raises(PurchaseIsVoided):
        await service.accrue_for_purchase(teller.tx, customer, undone.purchase)
    again = await service.accrue_for_purchase(teller.tx, customer, await teller.buy(customer, 500))
    assert [one.standing.balance().active for one in again] == [5, 1]


async def test_undo_of_what_was_spent_is_refused_or_forgiven(teller: Teller) -> None:
    customer = await teller.customer()
    program = await teller.program("points")
    member = await teller.member(program, customer)
    purchase = await teller.buy(customer, 1000)
    await service.accrue_for_purchase(teller.tx, customer, purchase)
    spent = Debit(member, program.units[0].id, 8)
    await ledger.post(teller.tx, kind="redemption", reference="gift", debits=[spent])
    with pytest.raises(SpentMeanwhile):
        await service.undo_purchase(teller.tx, purchase.id)


async def test_undo_may_forgive(teller: Teller) -> None:
    customer = await teller.customer()
    program = await teller.program("points")
    member = await teller.member(program, customer)
    purchase = await teller.buy(customer, 1000)
    await service.accrue_for_purchase(teller.tx, customer, purchase)
    spent = Debit(member, program.units[0].id, 8)
    await ledger.post(teller.tx, kind="redemption", reference="gift", debits=[spent])
    undone = await service.undo_purchase(teller.tx, purchase.id, shortfall="forgive")
    assert [standing.balance().active for standing in undone.standings] == [0]


async def test_a_visit_needs_no_amount(teller: Teller) -> None:
    customer = await teller.customer()
    member = await teller.member(await teller.program("stamps"), customer)
    first = await service.accrue_for_visit(teller.tx, member, reference="scan:1")
    again = await service.accrue_for_visit(teller.tx, member, reference="scan:1")
    assert (first.standing.balance().active, again.standing, again.replayed) == (1, first.standing, True)
    three = await service.accrue_for_visit(teller.tx, member, reference="scan:2", units=3)
    assert (three.standing.balance().active, _codes(three)) == (4, ["by_hand"])
    [standing] = await service.undo_accrual(teller.tx, "scan:2")
    assert standing.balance().active == 1
    assert await service.undo_accrual(teller.tx, "scan:2") == []
    for units in (0, -1, 11):
        with pytest.raises(TooManyUnits):
            await service.accrue_for_visit(teller.tx, member, reference="scan:3", units=units)


async def test_a_visit_that_may_not_earn(teller: Teller) -> None:
    customer = await teller.customer()
    stamps, plain = await teller.program("stamps"), await teller.program("membership")
    member = await teller.member(stamps, customer)
    with pytest.raises(UnitNotNamed):
        await service.accrue_for_visit(teller.tx, await teller.member(plain, customer), reference="scan:1", units=1)
    await service.change_membership(teller.tx, member, "suspended")
    with pytest.raises(MembershipNotActive):
        await service.accrue_for_visit(teller.tx, member, reference="scan:1")
    await service.change_membership(teller.tx, member, "active")
    await service.change_program(teller.tx, stamps.id, ProgramChange(state="paused"))
    with pytest.raises(ProgramNotRunning):
        await service.accrue_for_visit(teller.tx, member, reference="scan:1")


async def test_adjustments_keep_their_reason(teller: Teller) -> None:
    member = await teller.member(await teller.program(), await teller.customer())

    async def adjust(amount: int, reference: str, unit: str | None = None) -> int:
        standing = await service.adjust(
            teller.tx, member, amount=amount, reason="goodwill", reference=reference, unit=unit
        )
        return standing.balance().active

    assert [await adjust(50, "a"), await adjust(-20, "b"), await adjust(50, "a")] == [50, 30, 30]
    with pytest.raises(InsufficientBalance):
        await adjust(-31, "c")
    with pytest.raises(TransferConflict):
        await adjust(51, "a")
    with pytest.raises(UnitNotFound):
        await adjust(1, "d", "miles")
    program, [newest, oldest] = await service.list_history(teller.tx, member, UUID(int=(1 << 128) - 1), 10)
    assert program.units[0].code == "points"
    assert (newest.kind, newest.reason, oldest.entries[0].amount) == ("adjustment", "goodwill", 50)
    assert await ledger.check_books(teller.tx) == []

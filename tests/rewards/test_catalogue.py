"""Who may have what when and at which price, on a real database."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.kit.errors import InvalidInput
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.programs import service as programs
from passerelle.programs.models import UnitRow
from passerelle.rewards import service
from passerelle.rewards.errors import (
    RewardEnded,
    RewardNotForThisTier,
    RewardNotOffered,
    RewardNotYetValid,
    RewardPeriodLimitReached,
    RewardSoldOut,
    SpendingCapReached,
    UnitNotSpendable,
)
from passerelle.rewards.payments import service as payments
from passerelle.rewards.payments.schemas import SpendingTermsIn
from passerelle.rewards.schemas import RewardChange
from tests.conftest import Shop, open_shop
from tests.rewards.conftest import Counter

NOON = datetime(2027, 11, 21, 12, tzinfo=UTC)  # a Sunday


async def _redeem(counter: Counter, member: UUID, reward: UUID) -> int:
    """What it cost."""
    outcome = await service.redeem_reward(counter.tx, member, reward, reference=str(new_id()))
    return outcome.issued_reward.price


async def test_a_tier_has_its_price(counter: Counter) -> None:
    program = await counter.program()
    gold, vip = await counter.tiers(program)
    mug = await counter.reward(program, price=10, tier_prices={gold: 8, vip: 5})
    member = await counter.member(program, 50)
    for tiers, price in (((), 10), ((gold,), 8), ((gold, vip), 5)):
        await counter.promote(member, *tiers)
        ready = {each.reward.id: each for each in await counter.ready(member)}
        assert ready[mug.id].price == price
        assert await _redeem(counter, member, mug.id) == price


async def test_a_reward_of_a_tier_is_for_its_members(counter: Counter) -> None:
    program = await counter.program(reward_name=None)
    gold, _ = await counter.tiers(program)
    lounge = await counter.reward(program, name="Lounge", price=1, tier_ids=[gold])
    member = await counter.member(program)
    await counter.give(member, 5)
    assert counter.told("reward.ready") == []
    [ready] = await counter.ready(member)
    assert (ready.ready_count, ready.held_back) == (0, "not_for_this_tier")
    with pytest.raises(RewardNotForThisTier) as caught:
        await _redeem(counter, member, lounge.id)
    assert caught.value.sentence("fr").startswith("« Lounge » est réservée")
    await counter.promote(member, gold)
    await counter.give(member, 1)
    assert [fact["ready_count"] for fact in counter.told("reward.ready")] == [6]
    assert await _redeem(counter, member, lounge.id) == 1


async def test_complaint_8_a_reward_is_valid_on_its_last_local_day(database: Database) -> None:
    """The client is at UTC+1, the server at UTC: in the last minute of the client's day both agree."""
    shop = await open_shop(database, time_zone="Africa/Casablanca")
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        with clock.frozen(datetime.fromisoformat("2026-11-22T12:00:00+01:00")):
            program = await counter.program()
            mug = await counter.reward(program, price=1, last_day=date(2026, 11, 22))
            member = await counter.member(program, 9)
        with clock.frozen(datetime.fromisoformat("2026-11-22T23:59:59+01:00")):
            assert await _redeem(counter, member, mug.id) == 1
        with clock.frozen(datetime.fromisoformat("2026-11-23T00:00:00+01:00")), pytest.raises(RewardEnded):
            await _redeem(counter, member, mug.id)


async def test_complaint_10_what_has_ended_is_not_given(counter: Counter) -> None:
    """One second after the end it is refused, with the reason."""
    program = await counter.program()
    mug = await counter.reward(program, price=1, first_day=date(2026, 11, 1), last_day=date(2026, 11, 21))
    member = await counter.member(program, 5)
    with clock.frozen(datetime.fromisoformat("2026-11-22T00:00:01+01:00")):
        ready = {each.reward.id: each for each in await counter.ready(member)}
        assert ready[mug.id].held_back == "ended"
        with pytest.raises(RewardEnded) as caught:
            await _redeem(counter, member, mug.id)
        assert "2026-11-21" in caught.value.sentence("ar")
        with pytest.raises(RewardEnded):
            await service.issue_reward(counter.tx, member, mug.id, source="tier", reference="tier:1")
    with clock.frozen(datetime.fromisoformat("2026-10-31T23:59:59+01:00")), pytest.raises(RewardNotYetValid):
        await _redeem(counter, member, mug.id)
    assert await counter.active(member) == 5


async def test_limits_by_period(counter: Counter) -> None:
    program = await counter.program()
    mug = await counter.reward(program, price=1, period_limits={"day": 1, "week": 2})
    member = await counter.member(program, 20)
    with clock.frozen(NOON):
        await _redeem(counter, member, mug.id)
        with pytest.raises(RewardPeriodLimitReached) as caught:
            await _redeem(counter, member, mug.id)
        assert (caught.value.params["limit"], caught.value.params["period"]) == (1, "day")
    with clock.frozen(NOON + timedelta(hours=11)):  # Monday in Paris
        await _redeem(counter, member, mug.id)
    with clock.frozen(NOON + timedelta(days=2)):
        undone = await service.redeem_reward(counter.tx, member, mug.id, reference="scan:x")
        await service.undo_redemption(counter.tx, undone.issued_reward.id)
        await _redeem(counter, member, mug.id)
    with clock.frozen(NOON + timedelta(days=3)):
        with pytest.raises(RewardPeriodLimitReached) as caught:
            await _redeem(counter, member, mug.id)
        assert caught.value.params["period"] == "week"
        ready = {each.reward.id: each for each in await counter.ready(member)}
        assert ready[mug.id].held_back == "limit_reached"
    with clock.frozen(NOON + timedelta(days=8)):
        await _redeem(counter, member, mug.id)


async def test_a_spending_cap_holds_for_rewards(counter: Counter) -> None:
    program = await counter.program()
    mug = await counter.reward(program, price=4)
    member = await counter.member(program, 50)
    await payments.set_terms(counter.tx, program.id, "stamps", SpendingTermsIn(caps={"day": 10, "year": 12}))
    with clock.frozen(NOON):
        assert {each.reward.name: each.ready_count for each in await counter.ready(member)} == {
            "Mug": 2,
            "Free coffee": 1,
        }
        await _redeem(counter, member, mug.id)
        await _redeem(counter, member, mug.id)
        with pytest.raises(SpendingCapReached) as caught:
            await _redeem(counter, member, mug.id)
        assert caught.value.params == {"limit": 10, "left": 2, "period": "day"}
    with clock.frozen(NOON + timedelta(days=1)):
        assert await _redeem(counter, member, mug.id) == 4
        with pytest.raises(SpendingCapReached) as caught:
            await _redeem(counter, member, mug.id)
        assert caught.value.params["period"] == "year"


async def test_a_cap_and_a_period_hold_between_tills(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        program = await counter.program()
        member = await counter.member(program, 50)
        mug = await counter.reward(program, price=4, period_limits={"day": 3})
        await payments.set_terms(tx, program.id, "stamps", SpendingTermsIn(caps={"day": 9}))

    async def redeem(reference: str) -> None:
        async with database.transaction(shop.organization_id) as tx:
            await service.redeem_reward(tx, member, mug.id, reference=reference)

    outcomes = await asyncio.gather(*(redeem(f"scan:{till}") for till in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(SpendingCapReached) == 3
    async with database.transaction(shop.organization_id) as tx:
        assert await Counter(tx).active(member) == 42
        assert await ledger.check_books(tx) == []


async def test_a_reward_without_price_is_only_given(counter: Counter) -> None:
    program = await counter.program(reward_name=None)
    cake = await counter.reward(program, name="Cake", price=None)
    member = await counter.member(program, 30)
    assert (cake.price, cake.unit) == (None, None)
    assert await counter.ready(member) == []
    with pytest.raises(RewardNotOffered):
        await _redeem(counter, member, cake.id)
    await service.issue_reward(counter.tx, member, cake.id, source="birthday", reference="birthday:2026")
    [ready] = await counter.ready(member)
    assert (ready.reward.name, ready.price, ready.issued_count, ready.ready_count) == ("Cake", None, 1, 0)
    with pytest.raises(InvalidInput):
        await service.change_reward(counter.tx, cake.id, RewardChange(price=5))


async def test_what_a_change_must_not_say(counter: Counter) -> None:
    program = await counter.program()
    mug = await counter.reward(program, last_day=date(2026, 11, 22))
    with pytest.raises(InvalidInput):
        await service.change_reward(counter.tx, mug.id, RewardChange(first_day=date(2026, 11, 23)))


async def test_null_takes_a_day_away(counter: Counter) -> None:
    program = await counter.program()
    gold, _ = await counter.tiers(program)
    mug = await counter.reward(program, last_day=date(2026, 11, 22), expires_after_days=3)
    change = RewardChange.model_validate({"last_day": None, "expires_after_days": None, "tier_prices": {gold: 3}})
    changed = await service.change_reward(counter.tx, mug.id, change)
    assert (changed.last_day, changed.expires_after_days, changed.tier_prices) == (None, None, {gold: 3})


async def test_a_unit_that_only_counts_buys_nothing(counter: Counter) -> None:
    program = await counter.program()
    unit = UnitRow(
        organization_id=counter.tx.organization_id,
        id=new_id(),
        program_id=program.id,
        code="status",
        kind="points",
        names={"en": {"other": "status points"}},
        spendable=False,
    )
    counter.tx.session.add(unit)
    await counter.tx.flush()
    with pytest.raises(UnitNotSpendable):
        await counter.reward(program, unit="status")
    with pytest.raises(UnitNotSpendable):
        await payments.set_terms(counter.tx, program.id, "status", SpendingTermsIn())


async def test_what_earns_asks_nothing_of_rewards(counter: Counter) -> None:
    """A till that books a visit must not wait for the catalogue."""
    program = await counter.program()
    member = await counter.member(program, 8)
    await programs.accrue_for_visit(counter.tx, member, reference="scan:1")
    async with counter.counted() as statements:
        await programs.accrue_for_visit(counter.tx, member, reference="scan:2")
    assert [fact["ready_count"] for fact in counter.told("reward.ready")] == [1]
    assert [text for text in statements if "rewards" in text or "spending" in text] == []
    assert len(statements) == 2, "seat, booking; the explanation goes with what comes next"


async def test_a_full_card_becomes_a_reward_by_itself(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        program = await counter.program()
        [coffee] = await counter.rewards(program)
        await service.change_reward(tx, coffee.id, RewardChange(auto_issue=True, stock=2))
        member = await counter.member(program)
        await programs.accrue_for_visit(tx, member, reference="scan:1", units=9)
    async with database.transaction(shop.organization_id) as tx:
        await programs.accrue_for_visit(tx, member, reference="scan:2", units=3)
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        assert await counter.active(member) == 2, "buy 3 at 9 of 10: a reward and 2 stamps"
        [issued] = await service.list_issued_rewards(tx, UUID(int=(1 << 128) - 1), 9, membership_id=member)
        assert (issued.state, issued.source, issued.price) == ("issued", "automatic", 10)
        await service.issue_automatically(tx, {member})
        assert await counter.active(member) == 2
        await counter.give(member, 28)
        await service.issue_automatically(tx, {member, new_id()})
        assert await counter.active(member) == 20, "one was left in stock"
        with pytest.raises(RewardSoldOut):
            await service.take_reward(tx, member, coffee.id, reference="scan:3")

"""What becomes of issued rewards: held, redeemed, cancelled, lapsed, handed over, undone; on a real database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.errors import InvalidInput, Refusal
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import Work
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance, TransferConflict
from passerelle.ledger.schemas import Credit
from passerelle.programs import service as programs
from passerelle.programs.errors import MembershipNotActive
from passerelle.programs.schemas import ProgramChange
from passerelle.rewards import jobs, personal_data, service
from passerelle.rewards.errors import (
    AlreadyRedeemed,
    FulfilmentRefused,
    HoldExpired,
    HoldNotFound,
    IssuedRewardClosed,
    IssuedRewardExpired,
    NotToFulfil,
    RewardNotOffered,
    RewardNotReady,
    RewardSoldOut,
)
from passerelle.rewards.payments import service as payments
from passerelle.rewards.payments.schemas import Bill, SpendingTermsIn
from passerelle.rewards.schemas import Basket, IssuedReward, RewardChange
from tests.conftest import Shop, open_shop
from tests.rewards.conftest import Counter
from tests.rewards.tables import DOCUMENT, span

NOON = datetime(2027, 11, 21, 12, tzinfo=UTC)


async def _issued(counter: Counter, price: int = 10, **fields: object) -> IssuedReward:
    """A member with 12 stamps who took a reward for 10 of them."""
    program = await counter.program(reward_name=None)
    mug = await counter.reward(program, price=price, **fields)
    member = await counter.member(program, 12)
    return (await service.take_reward(counter.tx, member, mug.id, reference=str(new_id()))).issued_reward


async def _state(tx: Tx, issued: IssuedReward) -> str:
    return (await service.get_issued_reward(tx, issued.id)).state


async def test_issuing_takes_the_price_and_redeeming_nothing_more(counter: Counter) -> None:
    issued = await _issued(counter)
    assert (issued.state, issued.price, await counter.active(issued.membership_id)) == ("issued", 10, 2)
    [waiting] = await service.open_rewards(counter.tx, await programs.standing(counter.tx, issued.membership_id))
    assert waiting == issued
    outcome = await service.redeem_issued_reward(counter.tx, issued.id)
    assert (outcome.issued_reward.state, outcome.standing.balance().active) == ("redeemed", 2)
    assert [len(counter.told(name)) for name in ("reward.issued", "reward.redeemed")] == [1, 1]
    with pytest.raises(AlreadyRedeemed):
        await service.redeem_issued_reward(counter.tx, issued.id)
    with pytest.raises(AlreadyRedeemed):
        await service.cancel_issued_reward(counter.tx, issued.id)


async def test_taking_twice_under_one_reference_is_once(counter: Counter) -> None:
    program = await counter.program()
    [coffee] = await counter.rewards(program)
    member, other = await counter.member(program, 40), await counter.member(program, 40)
    first = await service.take_reward(counter.tx, member, coffee.id, reference="app:1")
    await service.change_reward(counter.tx, coffee.id, RewardChange(price=12))
    again = await service.take_reward(counter.tx, member, coffee.id, reference="app:1")
    assert (again.issued_reward.id, again.replayed, again.standing.balance().active) == (
        first.issued_reward.id,
        True,
        30,
    )
    with pytest.raises(TransferConflict):
        await service.take_reward(counter.tx, other, coffee.id, reference="app:1")


async def test_cancelling_gives_back_price_stock_and_turn(counter: Counter) -> None:
    issued = await _issued(counter, stock=1, limit_per_customer=1)
    other = await counter.member(await _program(counter, issued), 12)
    with pytest.raises(RewardSoldOut):
        await service.take_reward(counter.tx, other, issued.reward_id, reference="app:2")
    cancelled = await service.cancel_issued_reward(counter.tx, issued.id, reason="changed their mind")
    ended = cancelled.issued_reward
    assert (ended.state, ended.ended_by, ended.ended_reason) == ("cancelled", "system", "changed their mind")
    assert cancelled.standing.balance().active == 12
    assert (await service.cancel_issued_reward(counter.tx, issued.id)).replayed
    assert len(counter.told("reward.cancelled")) == 1
    with pytest.raises(IssuedRewardClosed):
        await service.redeem_issued_reward(counter.tx, issued.id)
    await service.take_reward(counter.tx, issued.membership_id, issued.reward_id, reference="app:3")


async def _program(counter: Counter, issued: IssuedReward) -> Any:
    membership = await programs.get_membership(counter.tx, issued.membership_id)
    return await programs.get_program(counter.tx, membership.program_id)


@DOCUMENT.each_row("timers")
async def test_timers(counter: Counter, row: dict[str, str]) -> None:
    """Time acts at its instant, before any job has run."""
    with clock.frozen(NOON):
        issued = await _gift(counter, expires_after=row["expires after"])
        held = await service.hold_issued_reward(
            counter.tx, issued.id, minutes=int(span(row["held for"]).total_seconds()) // 60
        )
    with clock.frozen(NOON + span(row["asked after"])):
        assert await _state(counter.tx, issued) == row["state"]
        assert await _told(counter.tx, lambda: service.redeem_hold(counter.tx, held.code)) == row["by the code"]
        by_card = await _told(counter.tx, lambda: service.redeem_issued_reward(counter.tx, issued.id))
        assert by_card == ("already_redeemed" if row["by the code"] == "redeemed" else row["by the card"])


async def _gift(counter: Counter, expires_after: str) -> IssuedReward:
    program = await counter.program()
    [coffee] = await counter.rewards(program)
    member = await counter.member(program)
    expires_at = NOON + span(expires_after) if expires_after else None
    given = await service.issue_reward(
        counter.tx, member, coffee.id, source="campaign", reference=str(new_id()), expires_at=expires_at
    )
    return given.issued_reward


async def _told(tx: Tx, verb: Callable[[], Awaitable[Any]]) -> str:
    try:
        return str((await verb()).issued_reward.state)
    except Refusal as refusal:
        return refusal.code


async def test_a_hold_lapses_with_its_price(counter: Counter) -> None:
    program = await counter.program()
    [coffee] = await counter.rewards(program)
    member = await counter.member(program, 12)
    with clock.frozen(NOON):
        held = await service.hold_reward(counter.tx, member, coffee.id, reference="app:1", minutes=5)
    assert (held.outcome.issued_reward.state, held.outcome.standing.balance().active) == ("held", 2)
    assert held.outcome.issued_reward.held_until == NOON + timedelta(minutes=5)
    with clock.frozen(NOON + timedelta(minutes=5)):
        assert await _state(counter.tx, held.outcome.issued_reward) == "expired"
        with pytest.raises(HoldExpired):
            await service.redeem_hold(counter.tx, held.code)
        await service.expire_issued_reward(counter.tx, held.outcome.issued_reward.id)
        await service.expire_issued_reward(counter.tx, held.outcome.issued_reward.id)
        assert await counter.active(member) == 12
    assert len(counter.told("reward.expired")) == 1


async def test_a_hold_is_completed_by_its_code_or_the_card(counter: Counter) -> None:
    program = await counter.program()
    [coffee] = await counter.rewards(program)
    member = await counter.member(program, 30)
    by_code = await service.hold_reward(counter.tx, member, coffee.id, reference="app:1")
    by_card = await service.hold_reward(counter.tx, member, coffee.id, reference="app:2")
    typed = f" {by_code.code[:4].upper()}-{by_code.code[4:]} "
    assert (await service.redeem_hold(counter.tx, typed)).issued_reward.id == by_code.outcome.issued_reward.id
    with pytest.raises(AlreadyRedeemed):
        await service.redeem_hold(counter.tx, by_code.code)
    await service.redeem_issued_reward(counter.tx, by_card.outcome.issued_reward.id)
    with pytest.raises(AlreadyRedeemed):
        await service.redeem_hold(counter.tx, by_card.code)
    with pytest.raises(HoldNotFound):
        await service.redeem_hold(counter.tx, "00000000")
    fact = counter.told("reward.held")[0]
    assert by_code.code not in str(fact)


async def test_a_reward_held_again_has_a_new_code(counter: Counter) -> None:
    issued = await _issued(counter, hold_minutes=30)
    with clock.frozen(NOON):
        first = await service.hold_issued_reward(counter.tx, issued.id)
        second = await service.hold_issued_reward(counter.tx, issued.id)
    assert second.outcome.issued_reward.held_until == NOON + timedelta(minutes=30)
    with clock.frozen(NOON):
        with pytest.raises(HoldNotFound):
            await service.redeem_hold(counter.tx, first.code)
        await service.redeem_hold(counter.tx, second.code)


async def test_a_retried_hold_takes_the_price_once(counter: Counter) -> None:
    program = await counter.program()
    [coffee] = await counter.rewards(program)
    member = await counter.member(program, 30)
    first = await service.hold_reward(counter.tx, member, coffee.id, reference="app:1")
    again = await service.hold_reward(counter.tx, member, coffee.id, reference="app:1")
    assert first.outcome.issued_reward.id == again.outcome.issued_reward.id
    assert await counter.active(member) == 20


async def test_of_two_tills_one_redeems(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        issued = await _issued(counter)
        held = await service.hold_issued_reward(tx, issued.id)

    async def redeem(till: int) -> str:
        async with database.transaction(shop.organization_id) as tx:
            if till % 3 == 0:
                return (await service.redeem_hold(tx, held.code)).issued_reward.state
            if till % 3 == 1:
                return (await service.redeem_issued_reward(tx, issued.id)).issued_reward.state
            return (await service.cancel_issued_reward(tx, issued.id)).issued_reward.state

    outcomes = await asyncio.gather(*(redeem(till) for till in range(6)), return_exceptions=True)
    done = [outcome for outcome in outcomes if isinstance(outcome, str)]
    refused = {type(outcome) for outcome in outcomes if not isinstance(outcome, str)}
    async with database.transaction(shop.organization_id) as tx:
        state = await _state(tx, issued)
        assert await ledger.check_books(tx) == []
        assert await Counter(tx).active(issued.membership_id) == (2 if state == "redeemed" else 12)
    assert set(done) == {state}
    assert len(done) == (1 if state == "redeemed" else 2), "a cancellation may be repeated"
    assert refused == {AlreadyRedeemed if state == "redeemed" else IssuedRewardClosed}


async def test_the_last_one_in_stock_is_issued_once(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        program = await counter.program()
        members = [await counter.member(program, 10) for _ in range(4)]
        mug = await counter.reward(program, stock=1)

    async def take(position: int, member: UUID) -> None:
        async with database.transaction(shop.organization_id) as tx:
            if position % 2:
                await service.take_reward(tx, member, mug.id, reference=f"app:{position}")
            else:
                await service.issue_reward(tx, member, mug.id, source="referral", reference=f"friend:{position}")

    outcomes = await asyncio.gather(*(take(*each) for each in enumerate(members)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(RewardSoldOut) == 3
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.get_reward(tx, mug.id)).stock == 0


async def test_complaint_8_an_issued_reward_is_good_on_its_last_local_day(database: Database) -> None:
    """The client is at UTC+1, the server at UTC."""
    shop = await open_shop(database, time_zone="Africa/Casablanca")
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        with clock.frozen(NOON):
            one = await _issued(counter, price=4, expires_after_days=1)
            other = await service.take_reward(tx, one.membership_id, one.reward_id, reference="app:2")
        assert one.expires_at == datetime.fromisoformat("2027-11-23T00:00:00+01:00")
        with clock.frozen(datetime.fromisoformat("2027-11-22T23:59:59+01:00")):
            assert (await service.redeem_issued_reward(tx, one.id)).issued_reward.state == "redeemed"
        with clock.frozen(datetime.fromisoformat("2027-11-23T00:00:00+01:00")), pytest.raises(IssuedRewardExpired):
            await service.redeem_issued_reward(tx, other.issued_reward.id)


async def test_complaint_10_an_expired_reward_is_refused_with_its_reason(counter: Counter) -> None:
    """One second after its end, before any job has run."""
    with clock.frozen(NOON):
        issued = await _issued(counter, expires_after_days=0)
    with clock.frozen(datetime.fromisoformat("2027-11-22T00:00:01+01:00")):
        for verb in (service.redeem_issued_reward, service.hold_issued_reward, service.cancel_issued_reward):
            with pytest.raises(IssuedRewardExpired) as caught:
                await verb(counter.tx, issued.id)
            assert "2027-11-21T23:00:00" in caught.value.sentence("en")


async def test_the_job_books_what_lapsed(database: Database, settings: Settings, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        with clock.frozen(NOON):
            lapsing = [await _issued(counter, expires_after_days=0) for _ in range(3)]
            lasting = await _issued(counter, hold_minutes=5)
            await service.hold_issued_reward(tx, lasting.id)
    work, payload = Work(database, settings), {"organization_id": str(shop.organization_id)}
    with clock.frozen(NOON + timedelta(minutes=5)):
        await jobs.expire_rewards(work, payload)
    with clock.frozen(NOON + timedelta(days=1)):
        await asyncio.gather(*(jobs.expire_rewards(work, payload) for _ in range(3)))
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        with clock.frozen(NOON):  # what the books say, whatever the time
            assert [await _state(tx, issued) for issued in (*lapsing, lasting)] == ["expired"] * 3 + ["issued"]
        with clock.frozen(NOON + timedelta(days=1)):
            assert [await counter.active(issued.membership_id) for issued in lapsing] == [12] * 3
            assert await ledger.check_books(tx) == []


async def test_a_gift_is_given_once_and_outlives_nothing_it_should_not(counter: Counter) -> None:
    program = await counter.program()
    [coffee] = await counter.rewards(program)
    member = await counter.member(program)
    gift = {"source": "manual", "reference": "gift:1", "reason": "waited long"}
    first = await service.issue_reward(counter.tx, member, coffee.id, **gift)  # type: ignore[arg-type]  # of literals
    again = await service.issue_reward(counter.tx, member, coffee.id, **gift)  # type: ignore[arg-type]
    issued = first.issued_reward
    assert (issued.price, issued.transfer_id, issued.actor, issued.reason) == (0, None, "system", "waited long")
    assert (again.issued_reward, again.replayed) == (issued, True)
    redeemed = (await service.redeem_issued_reward(counter.tx, issued.id)).issued_reward
    assert redeemed.redeemed_by == "system"
    undone = (await service.undo_redemption(counter.tx, issued.id)).issued_reward
    assert (undone.state, undone.redeemed_at) == ("issued", None), "nothing to give back: it can be redeemed again"
    await service.redeem_issued_reward(counter.tx, issued.id)
    with pytest.raises(InvalidInput):
        await service.issue_reward(
            counter.tx, member, coffee.id, source="manual", reference="gift:2", expires_at=clock.now()
        )
    await service.change_reward(counter.tx, coffee.id, RewardChange(active=False))
    with pytest.raises(RewardNotOffered):
        await service.issue_reward(counter.tx, member, coffee.id, source="manual", reference="gift:3")


async def test_a_gift_of_a_retired_reward_is_still_redeemed(counter: Counter) -> None:
    issued = await _issued(counter)
    await service.change_reward(counter.tx, issued.reward_id, RewardChange(active=False))
    [ready] = await counter.ready(issued.membership_id)
    assert (ready.issued_count, ready.ready_count) == (1, 0)
    await service.redeem_issued_reward(counter.tx, issued.id)
    assert await counter.ready(issued.membership_id) == []


async def test_a_suspended_member_redeems_nothing(counter: Counter) -> None:
    issued = await _issued(counter)
    await programs.change_membership(counter.tx, issued.membership_id, "suspended")
    with pytest.raises(MembershipNotActive):
        await service.redeem_issued_reward(counter.tx, issued.id)


async def test_the_basket_tells_the_discount(counter: Counter) -> None:
    issued = await _issued(counter, benefit={"type": "percent_off", "percent": 20})
    redeemed = await service.redeem_issued_reward(counter.tx, issued.id, basket=Basket(1999))
    assert redeemed.issued_reward.discount_minor == 399
    assert (await service.get_issued_reward(counter.tx, issued.id)).discount_minor == 399


async def test_a_thing_is_handed_over(counter: Counter) -> None:
    issued = await _issued(counter, benefit={"type": "physical"})
    with pytest.raises(NotToFulfil):
        await service.fulfil_reward(counter.tx, issued.id, "prepared")
    await service.redeem_issued_reward(counter.tx, issued.id)
    await service.fulfil_reward(counter.tx, issued.id, "shipped", tracking="LX123")
    assert (await service.fulfil_reward(counter.tx, issued.id, "shipped")).tracking == "LX123"
    thing = await service.fulfil_reward(counter.tx, issued.id, "handed_over")
    assert [step["state"] for step in thing.fulfilment_steps] == ["ordered", "shipped", "handed_over"]
    assert {step["actor"] for step in thing.fulfilment_steps} == {"system"}
    with pytest.raises(FulfilmentRefused):
        await service.fulfil_reward(counter.tx, issued.id, "prepared")
    listed = await service.list_issued_rewards(
        counter.tx, UUID(int=(1 << 128) - 1), 9, fulfilment="handed_over", state="redeemed"
    )
    assert [each.id for each in listed] == [issued.id]
    returned = await service.fulfil_reward(counter.tx, issued.id, "returned")
    assert (returned.state, await counter.active(issued.membership_id)) == ("redeemed", 2)
    assert [fact["state"] for fact in counter.told("reward.fulfilled")] == ["shipped", "handed_over", "returned"]


async def test_a_thing_that_is_cancelled_gives_the_price_back(counter: Counter) -> None:
    issued = await _issued(counter, benefit={"type": "physical"}, stock=1)
    await service.redeem_issued_reward(counter.tx, issued.id)
    cancelled = await service.fulfil_reward(counter.tx, issued.id, "cancelled")
    assert (cancelled.state, cancelled.fulfilment) == ("undone", "cancelled")
    assert await counter.active(issued.membership_id) == 12
    assert (await service.get_reward(counter.tx, issued.reward_id)).stock == 1


async def test_what_staff_wrote_is_forgotten_with_the_person(counter: Counter) -> None:
    issued = await _issued(counter)
    await service.cancel_issued_reward(counter.tx, issued.id, reason="Lina moved away")
    exported = await personal_data.export(counter.tx, issued.customer_id)
    assert exported["issued_rewards"][0]["ended_reason"] == "Lina moved away"
    await personal_data.erase(counter.tx, issued.customer_id)
    assert (await service.get_issued_reward(counter.tx, issued.id)).ended_reason is None


_ENDINGS = ("cancel", "expire", "undo", "pay")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from([None, 10, 40])), min_size=1, max_size=4),
    st.lists(st.sampled_from(_ENDINGS), min_size=1, max_size=3),
)
async def test_what_returns_restores_the_exact_balance(
    counter: Counter, lots: list[tuple[int, int | None]], endings: list[str]
) -> None:
    """Whatever was taken and however it ends, every lot holds again what it held."""
    with clock.frozen(NOON):
        program = await counter.program(reward_name=None)
        mug = await counter.reward(program, price=7, expires_after_days=1)
        await payments.set_terms(
            counter.tx,
            program.id,
            "stamps",
            SpendingTermsIn.model_validate({"payment": {"value": {"units": 1, "amount_minor": 1}}}),
        )
        member = await counter.member(program)
        for amount, days in lots:
            expires_at = NOON + timedelta(days=days) if days else None
            credit = Credit(member, program.units[0].id, amount, expires_at=expires_at)
            await ledger.post(counter.tx, kind="accrual", reference=str(new_id()), credits=[credit])
        before = await counter.lots(member)
        begun = [await _begin(counter, member, mug.id, ending) for ending in endings]
    with clock.frozen(NOON + timedelta(days=2)):
        for end in begun:
            await end()
        await programs.change_program(counter.tx, program.id, ProgramChange(state="ended"))
        assert await counter.lots(member) == before
        assert await ledger.check_books(counter.tx) == []


async def _begin(counter: Counter, member: UUID, reward: UUID, ending: str) -> Callable[[], Awaitable[Any]]:
    """Take something, if the balance pays for it; returns what gives it back."""

    async def nothing() -> None: ...

    tx, reference = counter.tx, str(new_id())
    try:
        if ending == "pay":
            paid = await payments.make_payment(tx, member, Bill(500), units=5, reference=reference)
            return lambda: payments.undo_payment(tx, paid.payment.id)
        if ending == "undo":
            given = await service.redeem_reward(tx, member, reward, reference=reference)
            return lambda: service.undo_redemption(tx, given.issued_reward.id)
        taken = await service.take_reward(tx, member, reward, reference=reference)
    except (RewardNotReady, InsufficientBalance):
        return nothing
    if ending == "cancel":
        await service.cancel_issued_reward(tx, taken.issued_reward.id)
        return nothing
    return lambda: service.expire_issued_reward(tx, taken.issued_reward.id)

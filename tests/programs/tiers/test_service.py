"""Tiers in the database: reached, kept, lost and given by hand; what that announces, brings and costs."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.programs import service as programs
from passerelle.programs.tiers import definitions, service
from passerelle.programs.tiers.errors import (
    TierNamesEqual,
    TierNotFound,
    TierSetNotFound,
    TierSetProgramFixed,
    TiersNotSorted,
    TierThresholdsEqual,
    TierValidityUnfit,
    TierWindowUnfit,
    TooManyTierSets,
)
from passerelle.programs.tiers.schemas import AssignmentIn
from tests.programs.tiers.conftest import LADDER, Counter, tiers

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 23, tzinfo=UTC)  # in Paris


async def test_a_purchase_reaches_a_tier(counter: Counter) -> None:
    program = await counter.program()
    await counter.tier_set(program)
    member = await counter.member(program)
    assert await counter.tier(member) == "Basic"
    await counter.buy(member, 99)
    assert await counter.tier(member) == "Basic"
    await counter.buy(member, 1)
    assert await counter.tier(member) == "Silver"
    standing = await counter.stands(member)
    assert standing.next_tier is not None
    assert (standing.amount, standing.next_tier.name, standing.missing) == (100, "Gold", 200)
    await counter.buy(member, 250)
    assert await counter.tier(member) == "Gold"
    assert (await counter.stands(member)).next_tier is None
    assert [(fact["direction"], fact["cause"]) for fact in counter.told()] == [
        ("up", "enrolment"),
        ("up", "activity"),
        ("up", "activity"),
    ]


async def test_spending_does_not_demote_unless_the_balance_counts(counter: Counter) -> None:
    program = await counter.program()
    await counter.tier_set(program)
    await counter.tier_set(program, basis="balance")
    member = await counter.member(program)
    await counter.buy(member, 150)
    await counter.adjust(member, -100)
    held = {one.tier_set.basis: one.tier.name for one in await service.member_tiers(counter.tx, member) if one.tier}
    assert held == {"earned": "Silver", "balance": "Basic"}


async def test_a_program_without_tiers_costs_no_statement(counter: Counter) -> None:
    program = await counter.program()
    member = await counter.member(program)
    await counter.buy(member, 10)
    async with counter.counted() as statements:
        await counter.buy(member, 10)
    assert [sql for sql in statements if "tier_sets" in sql or "member_tiers" in sql] == []


async def test_a_purchase_costs_two_reads_and_a_write_when_the_tier_changes(counter: Counter) -> None:
    program = await counter.program()
    await counter.tier_set(program)
    member = await counter.member(program)
    await counter.buy(member, 10)
    for euros, reads, writes in ((10, 2, 0), (100, 2, 1)):
        async with counter.counted() as statements:
            await counter.buy(member, euros)
        about_tiers = [sql for sql in statements if "member_tiers" in sql or "coalesce(sum(a.amount" in sql]
        assert len([sql for sql in about_tiers if "INSERT" not in sql]) == reads
        assert len([sql for sql in about_tiers if "INSERT" in sql]) == writes


async def test_a_refund_does_not_demote_before_the_period_ends(counter: Counter) -> None:
    program = await counter.program()
    await counter.tier_set(program, period="month")
    with clock.frozen(NOON):
        member = await counter.member(program)
        await counter.buy(member, 120)
        await counter.void(counter.purchase_id)
        assert await counter.tier(member) == "Silver"
    with clock.frozen(datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)):
        await counter.turn()
        assert await counter.tier(member) == "Silver"
    with clock.frozen(datetime(2026, 11, 30, 23, tzinfo=UTC)):
        await counter.turn()
        assert await counter.tier(member) == "Basic"


async def test_a_tier_that_is_reached_again_is_told_once(counter: Counter) -> None:
    program = await counter.program()
    gold = {"name": "Gold", "threshold": 300, "entry_units": {"amount": 50}}
    await counter.tier_set(program, refunds="at_once", period="month", tiers=[*tiers(*LADDER[:2]), gold])
    with clock.frozen(NOON):
        member = await counter.member(program)
        await counter.buy(member, 310)
        assert await counter.tier(member) == "Gold"
        await counter.void(counter.purchase_id)
        assert await counter.tier(member) == "Basic"
        await counter.buy(member, 300)
    assert [(fact["direction"], fact["first_in_period"]) for fact in counter.told()] == [
        ("up", True),
        ("up", True),
        ("down", False),
        ("up", False),
    ]
    with clock.frozen(NOON + timedelta(days=30)):
        await counter.void(counter.purchase_id)
        await counter.buy(member, 301)
        assert (await counter.stands(member)).amount == 351
    assert counter.told()[-1]["first_in_period"] is True
    _, transfers = await programs.list_history(counter.tx, member, UUID(int=(1 << 128) - 1), 50)
    given = [one.entries[0].amount for one in transfers if one.reference.startswith("tier:")]
    assert given == [50, 50, 50]


async def test_a_tier_brings_units_and_announces_its_reward(counter: Counter) -> None:
    program = await counter.program()
    reward = "rwd_01m8131fbte88rgsk8x340gs0n"
    silver = {"name": "Silver", "threshold": 100, "entry_units": {"amount": 250}, "entry_reward_id": reward}
    await counter.tier_set(program, tiers=[silver, {"name": "Gold", "threshold": 300}])
    member = await counter.member(program)
    assert await counter.tier(member) is None
    await counter.buy(member, 100)
    # 100 for the purchase and 250 for the tier: what it brings counts as earned, too.
    assert await counter.tier(member) == "Gold"
    [earned] = counter.told("tier.reward_earned")
    assert earned["membership_id"] == member
    assert str(earned["reference"]).startswith(f"tier:{member}:")
    standing = await programs.standing(counter.tx, member)
    assert standing.balance().active == 350


async def test_a_suspended_member_reaches_a_tier_and_gets_nothing(counter: Counter) -> None:
    program = await counter.program()
    silver = {"name": "Silver", "threshold": 100, "entry_units": {"amount": 250}}
    await counter.tier_set(program, basis="spend", tiers=[{**silver, "threshold": 100_00}])
    member = await counter.member(program)
    await programs.change_membership(counter.tx, member, "suspended")
    await counter.buy(member, 100)
    assert await counter.tier(member) == "Silver"
    assert (await programs.standing(counter.tx, member)).balance().active == 0


async def test_a_purchase_counts_in_the_window_it_happened_in(counter: Counter) -> None:
    program = await counter.program()
    await counter.tier_set(
        program, basis="spend", window={"type": "calendar"}, validity={"type": "end_of_next_period"}, tiers=tiers()
    )
    with clock.frozen(NEW_YEAR - timedelta(hours=1)):
        member = await counter.member(program)
    with clock.frozen(NEW_YEAR + timedelta(hours=1)):
        await counter.buy(member, 3, occurred_at=NEW_YEAR - timedelta(minutes=1))
        standing = await counter.stands(member)
    assert await counter.tier(member) == "Gold"
    assert standing.amount == 0
    assert standing.held.ends_at == datetime(2027, 12, 31, 23, tzinfo=UTC)


async def test_days_as_a_member_reach_a_tier_by_themselves(counter: Counter) -> None:
    program = await counter.program()
    await counter.tier_set(program, basis="time", tiers=tiers(("New", 0), ("Friend", 30), ("Old friend", 365)))
    with clock.frozen(NOON):
        member = await counter.member(program)
        assert await counter.tier(member) == "New"
    with clock.frozen(datetime(2026, 12, 21, 22, 59, tzinfo=UTC)):
        await counter.turn()
        assert await counter.tier(member) == "New"
    with clock.frozen(datetime(2026, 12, 21, 23, tzinfo=UTC)):
        await counter.turn()
        assert await counter.tier(member) == "Friend"
    with clock.frozen(NOON + timedelta(days=4000)):
        await counter.turn()
        assert await counter.tier(member) == "Old friend"
    assert counter.told()[-1]["period"] == "2027"


async def test_a_permanent_tier_is_never_lost(counter: Counter) -> None:
    program = await counter.program()
    vip = {"name": "VIP", "threshold": 300, "permanent": True}
    await counter.tier_set(
        program, window={"type": "rolling", "days": 7}, refunds="at_once", tiers=[*tiers(*LADDER[:2]), vip]
    )
    with clock.frozen(NOON):
        member = await counter.member(program)
        await counter.buy(member, 300)
        await counter.void(counter.purchase_id)
        assert await counter.tier(member) == "VIP"
    with clock.frozen(NOON + timedelta(days=400)):
        await counter.turn()
        assert await counter.tier(member) == "VIP"
    assert (await counter.stands(member)).held.ends_at is None


async def test_one_level_a_period(counter: Counter) -> None:
    program = await counter.program()
    await counter.tier_set(
        program,
        window={"type": "calendar"},
        period="month",
        validity={"type": "end_of_period"},
        downgrade="one_level",
    )
    with clock.frozen(NOON):
        member = await counter.member(program)
        await counter.buy(member, 300)
    names = []
    for month in (12, 1, 2):
        with clock.frozen(datetime(2026 if month == 12 else 2027, month, 1, 12, tzinfo=UTC)):
            await counter.turn()
            names.append(await counter.tier(member))
    assert names == ["Silver", "Basic", "Basic"]


async def test_a_late_worker_comes_to_what_a_punctual_one_does(counter: Counter) -> None:
    program = await counter.program()
    fields = {"window": {"type": "calendar"}, "period": "month", "grace_days": 10}
    made = await counter.tier_set(program, validity={"type": "end_of_period"}, downgrade="one_level", **fields)
    with clock.frozen(NOON):
        punctual, late = await counter.member(program), await counter.member(program)
        await counter.buy(punctual, 300)
        await counter.buy(late, 300)
    for days in range(1, 120):
        with clock.frozen(NOON + timedelta(days=days)):
            await service.settle(counter.tx, [punctual], "activity")
    with clock.frozen(NOON + timedelta(days=120)):
        await counter.turn()
    told = []
    for member in (punctual, late):
        rows = await service.list_changes(counter.tx, member, made.id, 20)
        told.append([(row["to_tier"], row["occurred_at"]) for row in rows if row["cause"] == "time"])
    assert told[0] == told[1]
    assert [name for name, _ in told[0]] == ["Basic", "Silver"]


async def test_an_ended_membership_is_left_alone_until_it_is_active_again(counter: Counter) -> None:
    program = await counter.program()
    await counter.tier_set(program, window={"type": "rolling", "days": 7})
    with clock.frozen(NOON):
        member = await counter.member(program)
        await counter.buy(member, 100)
        await programs.change_membership(counter.tx, member, "ended")
    with clock.frozen(NOON + timedelta(days=30)):
        await counter.turn()
        assert len(counter.told()) == 2
        await programs.change_membership(counter.tx, member, "active")
        await counter.turn()
        assert await counter.tier(member) == "Basic"


async def test_by_hand(counter: Counter) -> None:
    program = await counter.program()
    made = await counter.tier_set(program, window={"type": "rolling", "days": 7})
    until = NOON + timedelta(days=60)
    with clock.frozen(NOON):
        member = await counter.member(program)
        wanted = AssignmentIn(tier_id=made.tiers[2].id, locked_until=until, reason="Press")
        given = await service.assign_tier(counter.tx, member, made.id, wanted)
        assert (given.held.locked, given.held.locked_until) == (True, until)
        await counter.buy(member, 1)
    with clock.frozen(until - timedelta(seconds=1)):
        await counter.turn()
        assert await counter.tier(member) == "Gold"
    with clock.frozen(NEW_YEAR):  # given to the end of the period
        await counter.turn()
        assert await counter.tier(member) == "Gold"
    with clock.frozen(until):
        await counter.turn()
        assert await counter.tier(member) == "Basic"
    first = (await service.list_changes(counter.tx, member, made.id, 20))[-2]
    assert (first["to_tier"], first["cause"], first["reason"], first["actor"]) == (
        "Gold",
        "manual",
        "Press",
        "system",
    )


async def test_a_lock_on_what_is_held_and_its_release(counter: Counter) -> None:
    program = await counter.program()
    made = await counter.tier_set(program)
    member = await counter.member(program)
    await service.assign_tier(counter.tx, member, made.id, AssignmentIn(reason="Under review"))
    await counter.buy(member, 300)
    assert await counter.tier(member) == "Basic"
    released = await service.release_tier(counter.tx, member, made.id, "Reviewed")
    assert released.tier is not None
    assert (released.tier.name, released.held.locked) == ("Gold", False)
    reasons = [row["reason"] for row in await service.list_changes(counter.tx, member, made.id, 20)]
    assert reasons == [None, "Reviewed", "Under review", None]
    assert [fact["locked"] for fact in counter.told("tier.lock_changed")] == [True, False]


async def test_what_cannot_be_given(counter: Counter) -> None:
    program, other = await counter.program(), await counter.program()
    made, foreign = await counter.tier_set(program), await counter.tier_set(other)
    member = await counter.member(program)
    wanted = AssignmentIn(tier_id=foreign.tiers[0].id, reason="x")
    with pytest.raises(TierNotFound):
        await service.assign_tier(counter.tx, member, made.id, wanted)
    with pytest.raises(TierSetNotFound):
        await service.assign_tier(counter.tx, member, foreign.id, AssignmentIn(reason="x"))


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"tiers": tiers(("A", 5), ("B", 5))}, TierThresholdsEqual),
        ({"tiers": tiers(("A", 5), ("B", 4))}, TiersNotSorted),
        ({"tiers": tiers(("Gold", 5), ("Silver", 6), ("gold", 7))}, TierNamesEqual),
        ({"basis": "balance", "window": {"type": "calendar"}}, TierWindowUnfit),
        ({"basis": "time", "window": {"type": "since_enrolment"}}, TierWindowUnfit),
        ({"window": {"type": "since_change"}}, TierValidityUnfit),
    ],
)
async def test_contradictions_are_refused(
    counter: Counter, fields: dict[str, object], refusal: type[Exception]
) -> None:
    program = await counter.program()
    made = await counter.tier_set(program)
    with pytest.raises(refusal):
        await counter.tier_set(program, **fields)
    with pytest.raises(refusal):
        await service.change_tier_set(counter.tx, made.id, counter.wanted(program, **fields))
    with pytest.raises(refusal):
        await service.draft_of(counter.tx, made.id, counter.wanted(program, **fields))


async def test_limits_of_tier_sets(counter: Counter) -> None:
    program = await counter.program()
    for _ in range(service.MAX_TIER_SETS):
        made = await counter.tier_set(program)
    with pytest.raises(TooManyTierSets):
        await counter.tier_set(program)
    with pytest.raises(TierSetProgramFixed):
        await service.change_tier_set(counter.tx, made.id, counter.wanted(await counter.program()))


async def test_counting_anew_since_the_last_change(counter: Counter) -> None:
    program = await counter.program()
    await counter.tier_set(program, window={"type": "since_change"}, validity={"type": "duration", "months": 12})
    with clock.frozen(NOON):
        member = await counter.member(program)
        await counter.buy(member, 150)
        assert await counter.tier(member) == "Silver"
        assert (await counter.stands(member)).amount == 0
    with clock.frozen(NOON + timedelta(days=1)):
        await counter.buy(member, 299)
        assert await counter.tier(member) == "Silver"
        await counter.buy(member, 1)
        assert await counter.tier(member) == "Gold"
        await counter.buy(member, 10)
    with clock.frozen(NOON + timedelta(days=367)):
        await counter.turn()
        assert await counter.tier(member) == "Basic"


async def test_a_card_is_told_names_and_what_is_missing(counter: Counter) -> None:
    program = await counter.program()
    silver = {"name": "Silver", "names": {"fr": "Argent"}, "threshold": 100, "colour": "#c0c0c0"}
    await counter.tier_set(program, tiers=[silver, {"name": "Gold", "names": {"fr": "Or"}, "threshold": 300}])
    member, stranger = await counter.member(program), await counter.member(await counter.program())
    await counter.buy(member, 130)
    facts = await service.tier_facts(counter.tx, [member, stranger])
    assert facts[stranger] == []
    [fact] = facts[member]
    assert (fact.name_in("fr"), fact.colour, fact.next_name_in("fr-MA"), fact.missing) == (
        "Argent",
        "#c0c0c0",
        "Or",
        170,
    )


async def test_a_process_knows_tier_sets_by_the_programs_version(counter: Counter, nothing_remembered: None) -> None:
    program = await counter.program()
    member = await counter.member(program)
    await counter.buy(member, 100)
    assert len(definitions._known) == 1
    await counter.tier_set(program)
    await counter.buy(member, 1)
    assert await counter.tier(member) == "Silver"

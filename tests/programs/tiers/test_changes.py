"""A changed definition: the dry run says what really happens after saving, and when it may take a tier away."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelle.kit import clock
from passerelle.kit.ids import encode
from passerelle.programs.schemas import Program
from passerelle.programs.tiers import service
from passerelle.programs.tiers.dry_run import dry_run
from passerelle.programs.tiers.schemas import DryRunOut, TierSet
from tests.programs.tiers.conftest import LADDER, Counter, tiers

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def kept(made: TierSet, **thresholds: int) -> list[dict[str, object]]:
    """The tiers of a set with other thresholds; one with a negative threshold is left out."""
    wanted = [(tier, thresholds.get(tier.name, tier.threshold)) for tier in made.tiers]
    return [
        {"id": encode("tir", tier.id), "name": tier.name, "threshold": threshold}
        for tier, threshold in wanted
        if threshold >= 0
    ]


async def _members(counter: Counter, program: Program, *euros: int) -> list[UUID]:
    members = [await counter.member(program) for _ in euros]
    for member, amount in zip(members, euros, strict=True):
        if amount:
            await counter.buy(member, amount)
    return members


async def _names(counter: Counter, members: list[UUID]) -> list[str | None]:
    return [await counter.tier(member) for member in members]


def _line(result: DryRunOut, name: str | None) -> tuple[int, int, int, int]:
    return next((one.before, one.after, one.up, one.down) for one in result.tiers if one.name == name)


async def test_a_dry_run_counts_who_would_move_and_writes_nothing(counter: Counter) -> None:
    program = await counter.program()
    made = await counter.tier_set(program)
    members = await _members(counter, program, 0, 150, 150, 310, 400)
    wanted = counter.wanted(program, tiers=kept(made, Silver=160, Gold=350))
    result = await dry_run(counter.tx, made.id, wanted)
    assert (result.members, result.up, result.down, result.grace, result.same) == (5, 0, 3, 0, 2)
    assert _line(result, "Basic") == (1, 3, 0, 2)
    assert _line(result, "Silver") == (2, 1, 0, 1)
    assert _line(result, "Gold") == (2, 1, 0, 0)
    assert sorted((one.from_tier, one.to_tier) for one in result.sample) == [
        ("Gold", "Silver"),
        ("Silver", "Basic"),
        ("Silver", "Basic"),
    ]
    assert await _names(counter, members) == ["Basic", "Silver", "Silver", "Gold", "Gold"]


async def test_a_dry_run_tells_grace_and_new_tiers(counter: Counter) -> None:
    program = await counter.program()
    made = await counter.tier_set(program, grace_days=30)
    await _members(counter, program, 150, 900)
    new = [*kept(made, Silver=160), {"name": "Platinum", "threshold": 800}]
    result = await dry_run(counter.tx, made.id, counter.wanted(program, grace_days=30, tiers=new))
    assert (result.up, result.down, result.grace) == (1, 0, 1)
    assert [one.tier_id for one in result.tiers if one.name == "Platinum"] == [None]
    assert _line(result, "Platinum") == (0, 1, 1, 0)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    euros=st.lists(st.sampled_from([0, 90, 100, 150, 300, 900]), min_size=1, max_size=4),
    thresholds=st.fixed_dictionaries(
        {"Silver": st.sampled_from([-1, 50, 100, 140]), "Gold": st.sampled_from([-1, 150, 300, 400])}
    ),
    fields=st.fixed_dictionaries(
        {
            "downgrade": st.sampled_from(["none", "one_level", "full"]),
            "grace_days": st.sampled_from([0, 0, 10]),
            "window": st.sampled_from([{"type": "ever"}, {"type": "calendar"}]),
            "validity": st.sampled_from([{"type": "continuous"}, {"type": "end_of_next_period"}]),
            "upgrade": st.sampled_from(["at_once", "at_once", "next_period"]),
        }
    ),
)
async def test_the_dry_run_is_what_happens_after_saving(
    counter: Counter, euros: list[int], thresholds: dict[str, int], fields: dict[str, object]
) -> None:
    program = await counter.program()
    made = await counter.tier_set(program)
    members = await _members(counter, program, *euros)
    wanted = counter.wanted(program, tiers=kept(made, **thresholds), **fields)
    told = await dry_run(counter.tx, made.id, wanted)
    before = [(await counter.stands(member)).held for member in members]
    saved = await service.change_tier_set(counter.tx, made.id, wanted)
    await counter.recalculate(saved)
    # A tier that stayed is compared by its new threshold, one that left by its old one.
    begins = {None: -1} | {tier.id: tier.threshold for tier in (*made.tiers, *saved.tiers)}
    moves = {"up": 0, "down": 0, "grace": 0, "same": 0}
    for member, held in zip(members, before, strict=True):
        after = (await counter.stands(member)).held
        was, now = begins[held.tier_id], begins[after.tier_id]
        move = "up" if now > was else "down" if now < was else "same"
        moves["grace" if move == "same" and after.grace_until else move] += 1
    assert moves == {"up": told.up, "down": told.down, "grace": told.grace, "same": told.same}


async def test_recalculation_shows_its_progress(counter: Counter) -> None:
    program = await counter.program()
    made = await counter.tier_set(program)
    members = await _members(counter, program, 150, 150, 150, 150)
    changed = await service.change_tier_set(
        counter.tx, made.id, counter.wanted(program, tiers=kept(made, Silver=160))
    )
    assert await service.progress(counter.tx, changed) == (4, 4)
    last = await service.recalculate_members(counter.tx, made.id, UUID(int=0), 3)
    assert last == sorted(members)[2]
    assert await service.progress(counter.tx, changed) == (4, 1)
    await counter.recalculate(changed)
    assert await service.progress(counter.tx, changed) == (4, 0)
    assert await _names(counter, members) == ["Basic"] * 4


async def test_words_alone_decide_nothing_anew(counter: Counter) -> None:
    program = await counter.program()
    made = await counter.tier_set(program)
    await _members(counter, program, 150)
    renamed = await service.change_tier_set(
        counter.tx, made.id, counter.wanted(program, name="Rank", tiers=kept(made))
    )
    assert await service.progress(counter.tx, renamed) == (1, 0)
    assert counter.told("tier_set.changed")[0]["redefined"] is False


@pytest.mark.parametrize("policy", ["next_activity", "next_period"])
async def test_a_change_waits_as_it_was_told(counter: Counter, policy: str) -> None:
    program = await counter.program()
    with clock.frozen(NOON):
        made = await counter.tier_set(program)
        quiet, busy, rising = await _members(counter, program, 150, 150, 90)
        wanted = counter.wanted(program, recalculation=policy, period="month", tiers=kept(made, Silver=160, Basic=0))
        changed = await service.change_tier_set(counter.tx, made.id, wanted)
        if policy == "next_period":
            await counter.recalculate(changed)
        assert await _names(counter, [quiet, busy]) == ["Silver", "Silver"]
        await counter.buy(busy, 1)
        await counter.buy(rising, 70)
        lost = {"next_activity": "Basic", "next_period": "Silver"}[policy]
        assert await _names(counter, [busy, rising]) == [lost, "Silver"]
    with clock.frozen(NOON + timedelta(days=9)):
        await counter.turn()
        at_last = {"next_activity": "Silver", "next_period": "Basic"}[policy]
        assert await _names(counter, [quiet, busy]) == [at_last, "Basic"]


async def test_members_of_a_tier_that_left_hold_the_next_lower_one(counter: Counter) -> None:
    program = await counter.program()
    made = await counter.tier_set(program, downgrade="none")
    [member] = await _members(counter, program, 310)
    await counter.recalculate(
        await service.change_tier_set(
            counter.tx, made.id, counter.wanted(program, downgrade="none", tiers=kept(made, Gold=-1))
        )
    )
    assert await counter.tier(member) == "Silver"
    assert counter.told()[-1]["direction"] == "down"


async def test_a_removed_set_is_forgotten(counter: Counter) -> None:
    program = await counter.program()
    made, other = await counter.tier_set(program), await counter.tier_set(program, basis="balance")
    members = await _members(counter, program, 150, 310)
    await service.remove_tier_set(counter.tx, made.id)
    last: UUID | None = UUID(int=0)
    while last is not None:
        last = await service.forget_members(counter.tx, made.id, last, 1)
    assert await _names(counter, members) == ["Silver", "Gold"]  # of the set that is left
    assert (await counter.stands(members[0])).tier_set.id == other.id
    await counter.buy(members[0], 500)
    assert await counter.tier(members[0]) == "Gold"


async def test_members_from_before_are_placed(counter: Counter) -> None:
    program = await counter.program()
    members = await _members(counter, program, 0, 150, 310)
    await counter.tier_set(program, tiers=tiers(*LADDER[1:]))
    assert await _names(counter, members) == [None, "Silver", "Gold"]
    assert {fact["cause"] for fact in counter.told()} == {"definition"}

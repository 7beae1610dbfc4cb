"""Tiers in the database: reached, lost, given, dry-run and recalculated; how many statements that costs."""

from datetime import UTC, datetime

from passerelle.kit import clock
from tests.programs.tiers.conftest import Counter, tiers

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def test_a_purchase_reaches_a_tier(counter: Counter) -> None:
    program = await counter.program()
    await counter.tier_set(program)
    member = await counter.member(program)
    assert await counter.tier(member) == "Basic"
    await counter.buy(member, 99)
    assert await counter.tier(member) == "Basic"
    await counter.buy(member, 1)
    assert await counter.tier(member) == "Silver"
    await counter.buy(member, 250)
    assert await counter.tier(member) == "Gold"
    assert [fact["direction"] for fact in counter.told()] == ["up", "up", "up"]

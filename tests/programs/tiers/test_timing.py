"""A tier with a timing of its own: which policy holds, by the table of docs/algorithms/expiry.md."""

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import encode, new_id
from passerelle.programs import service as programs
from passerelle.programs.rules import Reason
from passerelle.programs.tiers import service
from tests.factories.documents import Document
from tests.programs.tiers.conftest import Counter, tiers

DOCUMENT: Final = Document("algorithms/expiry.md")
_NOW: Final = datetime(2027, 1, 1, 12, tzinfo=UTC)
_LAST_DAYS: Final = {"R": "01-10", "T": "01-20", "U": "01-30"}


def _timing(name: str) -> dict[str, Any] | None:
    """The policy of a cell: units lapse after the day of January that stands for it."""
    return {"expiry": {"type": "on_dates", "dates": [_LAST_DAYS[name]]}} if name in _LAST_DAYS else None


async def _lapse_on(tx: Tx, membership_id: UUID) -> list[tuple[date, int]]:
    _, expiries = await programs.list_expiries(tx, membership_id)
    return [(expiry.last_day, expiry.amount) for expiry in expiries]


async def _club(counter: Counter, rule: str, tier: str, unit: str) -> UUID:
    """A program in which everybody holds the only tier, and a member of it."""
    earning = {"type": "per_amount", "amount_minor_per_step": 100, "timing": _timing(rule)}
    program = await counter.program(rules=[earning], units=[{"code": "points", "timing": _timing(unit)}])
    await counter.tier_set(program, tiers=tiers(("Basic", 0), timing=_timing(tier)))
    return await counter.member(program)


@DOCUMENT.each_row("precedence")
async def test_the_rule_comes_before_the_tier_and_the_tier_before_the_unit(
    counter: Counter, tx: Tx, row: dict[str, str]
) -> None:
    with clock.frozen(_NOW):
        membership_id = await _club(counter, row["rule"], row["tier"], row["unit"])
        await counter.buy(membership_id, 7)
        assert await _lapse_on(tx, membership_id) == [(date.fromisoformat(f"2027-{_LAST_DAYS[row['holds']]}"), 7)]


async def test_prizes_lapse_as_the_tier_says_and_what_is_given_by_hand_as_the_unit_says(
    counter: Counter, tx: Tx
) -> None:
    with clock.frozen(_NOW):
        membership_id = await _club(counter, "—", "T", "U")
        unit = (await programs.standing(tx, membership_id)).program.units[0]
        await programs.grant(
            tx, membership_id, unit_id=unit.id, amount=3, reason=Reason("birthday"), reference=str(new_id())
        )
        await counter.adjust(membership_id, 4)
        assert await _lapse_on(tx, membership_id) == [(date(2027, 1, 20), 3), (date(2027, 1, 30), 4)]


async def test_a_tiers_timing_is_changed_and_taken_away(counter: Counter, tx: Tx) -> None:
    with clock.frozen(_NOW):
        membership_id = await _club(counter, "—", "T", "U")
        program = (await programs.standing(tx, membership_id)).program
        [tier_set] = await service.list_tier_sets(tx, program.id, UUID(int=2**128 - 1), 1)
        kept = {"id": encode("tir", tier_set.tiers[0].id), "name": "Basic", "threshold": 0}
        await service.change_tier_set(
            tx, tier_set.id, counter.wanted(program, tiers=[kept | {"timing": _timing("R")}])
        )
        await counter.buy(membership_id, 1)
        await service.change_tier_set(tx, tier_set.id, counter.wanted(program, tiers=[kept]))
        await counter.buy(membership_id, 2)
        assert await _lapse_on(tx, membership_id) == [(date(2027, 1, 10), 1), (date(2027, 1, 30), 2)]

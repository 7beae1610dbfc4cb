"""The verbs of achievements; the only writer of its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.ledger.schemas import Shortfall
from passerelle.programs import earning
from passerelle.programs import queries as members
from passerelle.programs.achievements import queries, rules
from passerelle.programs.achievements.definitions import achievement_of, active_achievements
from passerelle.programs.achievements.errors import TooManyAchievements
from passerelle.programs.achievements.events import AchievementReached, AchievementTakenBack
from passerelle.programs.achievements.models import AchievementRow
from passerelle.programs.achievements.rules import Goal, Happening, Step, Streak
from passerelle.programs.achievements.schemas import (
    Achievement,
    AchievementChange,
    AchievementIn,
    Progress,
    definition_of,
)
from passerelle.programs.definitions import program_of, touch_program
from passerelle.programs.earning_rules import Item
from passerelle.programs.errors import MembershipNotFound, ProgramNotFound
from passerelle.programs.giving import give_units, may_receive
from passerelle.programs.prizes import unit_of
from passerelle.programs.refunds.service import undo_accrual
from passerelle.programs.values import Accrued, Program, Seat, barred
from passerelle.purchases.schemas import Purchase

MAX_ACTIVE: Final = 20


async def create_achievement(tx: Tx, program_id: UUID, new: AchievementIn) -> tuple[Achievement, Program]:
    """Set a goal; it counts from now on. Raises ProgramNotFound, UnitNotNamed, UnitNotFound, TooManyAchievements."""
    program = await _program(tx, program_id)
    row = AchievementRow(
        organization_id=tx.organization_id,
        id=new_id(),
        program_id=program_id,
        definition=new.definition.model_dump(),
        unit_id=unit_of(new.prize, program) if new.prize.amount else None,
        amount=new.prize.amount,
        active=True,
        created_at=clock.now(),
        **new.model_dump(include={"name", "names", "repeatable", "badge", "badges"}),
    )
    tx.session.add(row)
    await _keep(tx, program_id)
    return achievement_of((await queries.achievements_by_id(tx, [row.id]))[0]), program


async def change_achievement(tx: Tx, achievement_id: UUID, change: AchievementChange) -> tuple[Achievement, Program]:
    """Rename a goal, take it out or back in; raises AchievementNotFound, TooManyAchievements."""
    row = await queries.achievement_for_update(tx, achievement_id)
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(row, name, value)
    await _keep(tx, row.program_id)
    achievement = achievement_of((await queries.achievements_by_id(tx, [achievement_id]))[0])
    return achievement, await _program(tx, row.program_id)


async def list_achievements(tx: Tx, program_id: UUID, before: UUID, limit: int) -> tuple[list[Achievement], Program]:
    """Goals of a program, active or not, newest first; raises ProgramNotFound."""
    rows = await queries.list_achievements(tx, program_id, before, limit)
    return [achievement_of(row) for row in rows], await _program(tx, program_id)


async def list_progress(tx: Tx, membership_id: UUID) -> list[Progress]:
    """Where a member stands with every active goal of the program; raises MembershipNotFound."""
    seats = await earning.seats_of(tx, await members.seats_by_id(tx, [membership_id]))
    if not seats:
        raise MembershipNotFound
    program = seats[0].program
    achievements = (await active_achievements(tx, [program]))[program.id]
    today = clock.today(program.time_zone)
    places = [
        (each.id, rules.period_start(today, each.definition.window) if isinstance(each.definition, Goal) else "")
        for each in achievements
    ]
    tallies: dict[UUID, dict[str, int]] = {each.id: {} for each in achievements}
    for row in await queries.tallies_of(tx, membership_id, places):
        tallies[row["achievement_id"]][row["slot"]] = row["amount"]
    awards = {row["achievement_id"]: row for row in await queries.awards_of(tx, membership_id)}
    return [_progress(each, tallies[each.id], awards.get(each.id), today) for each in achievements]


async def count_purchase(tx: Tx, accrued: Sequence[Accrued], purchase: Purchase) -> list[Accrued]:
    """Count a purchase towards the goals of every program that it was accrued in, once.

    No statement when none of the programs has a goal, one when none is reached. Answers what was accrued together
    with what goals gave. The memberships are locked.
    """
    happening = Happening(
        "purchase",
        purchase.occurred_at,
        purchase.amount_minor,
        tuple(Item(line.quantity, line.sku, line.category) for line in purchase.lines if line.kind == "item"),
        purchase.location_id,
    )
    return await _count(tx, accrued, happening, earning.purchase_reference(purchase.id))


async def count_visit(
    tx: Tx, accrued: Accrued, *, reference: str, occurred_at: datetime, location_id: UUID | None
) -> Accrued:
    """The same for a visit without an amount; one that gave nothing was no visit, or was counted before."""
    if not any(accrual.amount for accrual in accrued.accruals):
        return accrued
    happening = Happening("visit", occurred_at, location_id=location_id)
    return (await _count(tx, [accrued], happening, reference))[0]


async def count_friend(tx: Tx, referrer: Seat, *, reference: str, occurred_at: datetime) -> None:
    """The same for a friend for whom a member, who is locked, was rewarded."""
    await _award(tx, await _counted(tx, [referrer], Happening("friend", occurred_at), reference), {})


async def take_back(tx: Tx, reference: str, shortfall: Shortfall | None) -> None:
    """Take back what was counted under a reference, and the awards that rested on it.

    Locks the members concerned; call it before anything that locks accounts. Raises the ledger's SpentMeanwhile
    when the units of an award were spent and neither ``shortfall`` nor the unit lets that go.
    """
    seats = await _stepping(tx, reference)
    if seats:
        await _reduce_all(tx, seats, await tx.fetch(queries.TAKE_BACK, tx.organization_id, reference), shortfall)


async def lessen(tx: Tx, reference: str, rest_minor: int, items: Sequence[Item], shortfall: Shortfall | None) -> None:
    """Count only what refunds left of a purchase, of its money and its items; the rest is as for ``take_back``."""
    seats = await _stepping(tx, reference)
    if not seats:
        return
    steps = await queries.steps_under(tx, reference)
    rests = [rules.rest_of(definition_of(step["definition"]), rest_minor, items) for step in steps]
    fewer = [(step, rest) for step, rest in zip(steps, rests, strict=True) if rest is not None]
    rows = await tx.fetch(
        queries.LESSEN,
        tx.organization_id,
        reference,
        [step["membership_id"] for step, _ in fewer],
        [step["achievement_id"] for step, _ in fewer],
        [rest for _, rest in fewer],
    )
    await _reduce_all(tx, seats, rows, shortfall)


async def _stepping(tx: Tx, reference: str) -> list[Seat]:
    """Those to whom something was counted under a reference, locked."""
    membership_ids = await queries.steppers(tx, reference)
    if not membership_ids:
        return []
    return await earning.seats_of(tx, await members.seats_for_update(tx, membership_ids))


async def _reduce_all(tx: Tx, seats: Sequence[Seat], rows: Sequence[Any], shortfall: Shortfall | None) -> None:
    known = {
        row["id"]: achievement_of(row)
        for row in await queries.achievements_by_id(tx, [row["achievement_id"] for row in rows])
    }
    for row in rows:
        achievement = known[row["achievement_id"]]
        seat = next(seat for seat in seats if seat.membership.id == row["membership_id"])
        await _reduce(tx, seat, achievement, row, shortfall)


_Judged = tuple[Seat, Achievement, Any]


async def _count(tx: Tx, accrued: Sequence[Accrued], happening: Happening, reference: str) -> list[Accrued]:
    by_member = {one.standing.membership.id: one for one in accrued if not one.replayed}
    seats = [
        Seat(one.standing.membership, one.standing.program)
        for one in by_member.values()
        if barred(one.standing.membership, one.standing.program, happening.occurred_at) is None
    ]
    given = await _award(tx, await _counted(tx, seats, happening, reference), by_member)
    return [given.get(one.standing.membership.id, one) for one in accrued]


async def _counted(tx: Tx, seats: Sequence[Seat], happening: Happening, reference: str) -> list[_Judged]:
    """Write the steps of a happening; what the tallies say now."""
    known = await active_achievements(tx, [seat.program for seat in seats])
    steps: list[tuple[Seat, Achievement, Step]] = []
    for seat in seats:
        for achievement in known[seat.program.id]:
            step = rules.step_of(achievement.definition, happening, seat.program.time_zone)
            if step is not None:
                steps.append((seat, achievement, step))
    if not steps:
        return []
    rows = await tx.fetch(
        queries.COUNT,
        tx.organization_id,
        reference,
        [seat.membership.id for seat, _, _ in steps],
        [achievement.id for _, achievement, _ in steps],
        [step.period for _, _, step in steps],
        [step.slot for _, _, step in steps],
        [step.amount for _, _, step in steps],
    )
    places = {(seat.membership.id, achievement.id): (seat, achievement) for seat, achievement, _ in steps}
    return [(*places[row["membership_id"], row["achievement_id"]], row) for row in rows]


async def _award(tx: Tx, judged: Sequence[_Judged], accrued: Mapping[UUID, Accrued]) -> dict[UUID, Accrued]:
    """Give what goals were reached for; what was accrued by member, with that, where something was given."""
    given: dict[UUID, Accrued] = {}
    for seat, achievement, row in judged:
        standing = row["standing"] if achievement.repeatable else row["standing_ever"]
        times = min(_due(achievement, row) - standing, rules.MOST_AT_ONCE)
        if times <= 0 or not may_receive(seat):
            continue
        extra = await _give(tx, seat, achievement, row["period"], int(times))
        before = given.get(seat.membership.id) or accrued.get(seat.membership.id)
        if extra is not None and before is not None:
            given[seat.membership.id] = replace(
                before, standing=extra.standing, accruals=(*before.accruals, *extra.accruals)
            )
    return given


async def _give(tx: Tx, seat: Seat, achievement: Achievement, period: str, times: int) -> Accrued | None:
    award_id, amount = new_id(), achievement.amount * times
    place = (tx.organization_id, award_id, seat.membership.id, achievement.id, period)
    await tx.execute(queries.ADD_AWARD, *place, times, amount, clock.now())
    extra: Accrued | None = None
    if achievement.unit_id is not None:
        extra = await give_units(
            tx,
            seat,
            achievement.unit_id,
            amount,
            "achievement",
            reference=_reference(award_id),
            name=achievement.name,
        )
    reached = AchievementReached(
        award_id=award_id,
        achievement_id=achievement.id,
        membership_id=seat.membership.id,
        program_id=seat.program.id,
        times=times,
        amount=amount,
    )
    await announce(tx, reached)
    return extra


async def _reduce(tx: Tx, seat: Seat, achievement: Achievement, row: Any, shortfall: Shortfall | None) -> None:
    """Take awards back, newest first, until no more stand than the tallies say; then give what that was too many."""
    due, standing = _due(achievement, row), int(row["standing"])
    if standing <= due:
        return
    for award in await queries.awards_standing(tx, seat.membership.id, achievement.id, row["period"]):
        if standing <= due:
            break
        await tx.execute(queries.DROP_AWARD, tx.organization_id, award["id"], clock.now())
        await undo_accrual(tx, _reference(award["id"]), reason="achievement", shortfall=shortfall)
        standing -= award["times"]
        await announce(tx, AchievementTakenBack(award["id"], achievement.id, seat.membership.id))
    if standing < due and may_receive(seat):
        await _give(tx, seat, achievement, row["period"], due - standing)


def _due(achievement: Achievement, row: Any) -> int:
    tallies = {**(row["others"] or {}), row["slot"]: row["amount"]}
    return rules.reached(achievement.definition, tallies, repeatable=achievement.repeatable)


def _progress(achievement: Achievement, tallies: Mapping[str, int], award: Any, today: Any) -> Progress:
    definition = achievement.definition
    times, last = (int(award["times"]), award["last_awarded_at"]) if award else (0, None)
    if isinstance(definition, Streak):
        current, target = rules.running(definition, tallies, today), definition.length
        best: int | None = max(rules.runs(int(slot) for slot in tallies), default=0)
    else:
        current, target, best = rules.progress(definition, tallies), definition.target, None
    return Progress(achievement, current, target, best, times, last)


async def _keep(tx: Tx, program_id: UUID) -> None:
    await tx.flush()
    if await queries.count_active(tx, program_id) > MAX_ACTIVE:
        raise TooManyAchievements(limit=MAX_ACTIVE)
    await touch_program(tx, program_id, "achievements")


async def _program(tx: Tx, program_id: UUID) -> Program:
    rows = await members.programs_by_id(tx, [program_id])
    if not rows:
        raise ProgramNotFound
    return program_of(rows[0])


def _reference(award_id: UUID) -> str:
    return f"achievement:{award_id}"

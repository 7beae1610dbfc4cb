"""The verbs of check-ins: the only public door. What locations set is in places.py.

The settings of a place are locked while somebody comes or goes there, so that the last free place is given once,
nobody is let in twice by two gates, and a visit counts once however it was told.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from asyncpg import UniqueViolationError

from passerelle.checkins import queries, rules
from passerelle.checkins.errors import (
    AlreadyCheckedIn,
    CheckedInEnough,
    CheckedInLately,
    CheckedOutLately,
    CheckInInFuture,
    CheckInIsOff,
    CheckInOutOfOrder,
    CheckInReferenceReused,
    CheckInTooLongAgo,
    LocationFull,
    LocationNotNamed,
    MembersOnly,
    NotCheckedIn,
    NothingToUndo,
    PositionMissing,
    PositionTooVague,
    TooFarAway,
)
from passerelle.checkins.events import CheckInClosed, CheckInOpened, CheckInReopened, CheckInUndone
from passerelle.checkins.places import (
    get_place,
    list_places,
    lock_place,
    open_screen,
    printed_code,
    read_code,
    renew_code,
    screen_secret,
    set_place,
)
from passerelle.checkins.rules import Closing, Direction, Position, Way
from passerelle.checkins.schemas import Act, CheckInOut, CheckInState, Done, PresentOut
from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.days import day_of
from passerelle.kit.db import Row, Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import encode, new_id
from passerelle.kit.moments import LocalTime, Metres
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.programs.schemas import Accrued

__all__ = [
    "check",
    "check_in_alone",
    "close_due",
    "get_check_in",
    "get_place",
    "list_check_ins",
    "list_places",
    "list_present",
    "names_of",
    "open_screen",
    "printed_code",
    "read_code",
    "renew_code",
    "screen_secret",
    "set_place",
    "undo_check_in",
]
_EVENT: Final = "check_in"
_DUE_AT_ONCE: Final = 500
_AS_STORED: Final = ("id", "location_id", "customer_id", "way", "opened_at", "opened_by", "closes_at", "undone_at")


async def check(tx: Tx, act: Act) -> Done:
    """Let a customer in or out; told again under its reference, it answers what was booked.

    Raises LocationNotFound, CustomerNotFound, CustomerGone and ACT_REFUSALS.
    """
    location_id = act.location_id or tx.actor.location_id
    if location_id is None:
        raise LocationNotNamed
    place = await lock_place(tx, location_id)
    if place is None or not place["by_staff"]:
        await organizations.get_location(tx, location_id)
        raise CheckInIsOff
    known = await queries.find_by_reference(tx, act.reference) if act.reference else None
    if known is not None:
        return await _replayed(tx, act, known, location_id)
    await customers.require_customer(tx, act.customer_id)
    await close_due(tx, location_id)
    at = _instant(act.at, clock.now())  # after the lock: whoever waited for it comes after who had it
    stay = await queries.find_stay(tx, location_id, act.customer_id, at if act.at else at + rules.CLOCK_SKEW)
    direction = rules.direction_of(act.asked, is_in=stay is not None)
    if direction == "out":
        return await _check_out(tx, act, stay, at)
    return await _check_in(tx, act, place, stay, at)


async def check_in_alone(
    tx: Tx, customer_id: UUID, location_id: UUID, reference: str, position: Position | None
) -> Done:
    """Note the visit of a customer who scanned the code of a place; the position is looked at and not kept.

    Raises CheckInIsOff, PositionMissing, PositionTooVague, TooFarAway, CheckedInLately, CheckedInEnough,
    CheckInReferenceReused, CustomerNotFound, CustomerGone, and what ``_require_member`` raises.
    """
    place = await lock_place(tx, location_id)
    if place is None or place["self_by"] == "none":
        raise CheckInIsOff
    known = await queries.find_by_reference(tx, reference)
    if known is not None:
        return await _replayed(tx, Act(customer_id, location_id, "in", reference), known, location_id)
    await customers.require_customer(tx, customer_id)
    await _require_near(tx, place, position)
    now = clock.now()
    await _require_member(tx, place, customer_id, now)
    zone = (await organizations.get_organization(tx)).time_zone
    around = await _around(tx, place, customer_id, now, zone)
    cooldown = timedelta(minutes=place["cooldown_minutes"])
    match _count(place, around, now):
        case "lately":
            raise CheckedInLately(on=LocalTime(around["counted_at"] + cooldown, zone))
        case "enough":
            raise CheckedInEnough(limit=place["per_day"])
    row = await _open(tx, Act(customer_id, location_id, "in", reference), "self", now, Closing(now, "visit"))
    return await _done(tx, "in", row["id"], await _tell_programs(tx, row))


async def undo_check_in(tx: Tx, check_in_id: UUID) -> Done:
    """Take the last step of a check-in back: an "out" puts the customer in again, an "in" never was.

    What the "in" earned is taken back. Raises CheckInNotFound, NothingToUndo, SpentMeanwhile.
    """
    row = await queries.get_check_in(tx, check_in_id)
    await lock_place(tx, row["location_id"])
    row = await queries.get_check_in(tx, check_in_id, for_update=True)
    about = {"check_in_id": check_in_id, "customer_id": row["customer_id"], "location_id": row["location_id"]}
    now = clock.now()
    is_over = row["undone_at"] is not None or row["closed_how"] in {"expired", "day_end"}
    if is_over or await queries.is_followed(tx, row):
        raise NothingToUndo
    if row["closed_how"] == "out":
        if row["closes_at"] <= now:
            raise NothingToUndo
        await tx.execute(queries.REOPEN, tx.organization_id, check_in_id)
        await announce(tx, CheckInReopened(**about))
        return await _done(tx, "in", check_in_id, ())
    if row["custom_event_id"] is not None:
        await programs.undo_accrual(tx, f"event:{row['custom_event_id']}")
    await tx.execute(queries.UNDO, tx.organization_id, check_in_id, now, tx.actor.label)
    await announce(tx, CheckInUndone(**about))
    return await _done(tx, "out", check_in_id, ())


async def close_due(tx: Tx, location_id: UUID | None = None) -> int:
    """Close stays whose time is over, some at a time; how many."""
    closed = await queries.close_due(tx, clock.now(), location_id, _DUE_AT_ONCE)
    for row in closed:
        about = {"check_in_id": row["id"], "customer_id": row["customer_id"], "location_id": row["location_id"]}
        await announce(tx, CheckInClosed(**about, how=row["closed_how"]))
    return len(closed)


async def get_check_in(tx: Tx, check_in_id: UUID) -> CheckInOut:
    """One check-in; raises CheckInNotFound."""
    return _out(await queries.get_check_in(tx, check_in_id), clock.now())


async def list_check_ins(tx: Tx, before: UUID, limit: int, **filters: Any) -> list[CheckInOut]:
    """Check-ins, last recorded first; ``filters`` are those of queries.list_check_ins, left out where not wanted."""
    now = clock.now()
    wanted = dict.fromkeys(("location_id", "customer_id", "way", "state", "since", "until")) | filters
    return [_out(row, now) for row in await queries.list_check_ins(tx, before, limit, now, **wanted)]


async def list_present(tx: Tx, location_id: UUID, before: UUID, limit: int) -> list[PresentOut]:
    """Who is in a location now, last come first, with their names."""
    now = clock.now()
    rows = await queries.list_present(tx, location_id, now, before, limit)
    names = await names_of(tx, [row["customer_id"] for row in rows])
    return [PresentOut(**dict(_out(row, now)), customer_name=names.get(row["customer_id"], "")) for row in rows]


async def names_of(tx: Tx, customer_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What staff call customers who are in; empty for those who gave no name."""
    return {known: facts.full_name for known, facts in (await customers.card_facts_of(tx, customer_ids)).items()}


def _instant(told: datetime | None, now: datetime) -> datetime:
    """When it happened; what a clock says that is a little ahead happened now."""
    if told is None:
        return now
    if told > now + rules.CLOCK_SKEW:
        raise CheckInInFuture
    if told < now - rules.MAX_AGE:
        raise CheckInTooLongAgo(days=rules.MAX_AGE.days)
    return min(told, now)


async def _check_in(tx: Tx, act: Act, place: Row, stay: Row | None, at: datetime) -> Done:
    await _require_member(tx, place, act.customer_id, at)
    location_id = place["location_id"]
    zone = (await organizations.get_organization(tx)).time_zone
    around = await _around(tx, place, act.customer_id, at, zone)
    inside = (await queries.count_inside(tx, [location_id], clock.now())).get(location_id, 0)
    left_at, pass_back = around["left_at"], timedelta(minutes=place["pass_back_minutes"])
    closing = rules.closing_of(
        at, timedelta(minutes=place["longest_minutes"]), ends_with_day=place["ends_with_day"], time_zone=zone
    )
    verdict = rules.judge_entry(
        is_in=stay is not None,
        since_out=at - left_at if left_at is not None else None,
        pass_back=pass_back,
        inside=inside,
        capacity=place["capacity"] if closing.at > clock.now() else None,  # who is gone again takes no place
    )
    match verdict:
        case "already_in":
            assert stay is not None
            raise AlreadyCheckedIn(since=LocalTime(stay["opened_at"], zone))
        case "pass_back":
            wait = rules.minutes_of(left_at + pass_back - at)
            raise CheckedOutLately(left=LocalTime(left_at, zone), minutes=wait)
        case "full":
            location = await organizations.get_location(tx, location_id)
            raise LocationFull(location=location.name, capacity=place["capacity"])
    if act.at is not None and around["is_late"]:
        raise CheckInOutOfOrder
    row = await _open(tx, replace(act, location_id=location_id), "staff", at, closing)
    counts = _count(place, around, at) == "count"
    return await _done(tx, "in", row["id"], await _tell_programs(tx, row) if counts else ())


async def _check_out(tx: Tx, act: Act, stay: Row | None, at: datetime) -> Done:
    if stay is None:
        raise NotCheckedIn
    left_at = max(at, stay["opened_at"])  # of two servers, the clock of one may be behind
    await _write(tx, queries.CLOSE, tx.organization_id, stay["id"], left_at, tx.actor.label, act.reference)
    about = {"check_in_id": stay["id"], "customer_id": stay["customer_id"], "location_id": stay["location_id"]}
    await announce(tx, CheckInClosed(**about, how="out"))
    return await _done(tx, "out", stay["id"], ())


async def _require_member(tx: Tx, place: Row, customer_id: UUID, at: datetime) -> None:
    """Let in only members in good standing, where the place asks for that.

    Raises MembersOnly, MembershipNotActive, MembershipUnpaid, MembershipLapsed, ProgramNotRunning.
    """
    program_id = place["program_id"]
    if program_id is None:
        return
    seat = await programs.find_member(tx, customer_id, program_id)
    if seat is None:
        raise MembersOnly(program=(await programs.get_program(tx, program_id)).name)
    await programs.require_acting_then(tx, seat, at)


async def _open(tx: Tx, act: Act, way: Way, at: datetime, closing: Closing) -> Row:
    check_in_id = new_id()
    assert act.location_id is not None
    closed = (at, tx.actor.label, "visit") if closing.how == "visit" else (None, None, None)
    await _write(
        tx,
        queries.ADD,
        *(tx.organization_id, check_in_id, act.location_id, act.customer_id, way, at, tx.actor.label),
        *(closing.at, closing.how, *closed, act.reference),
    )
    about = {"check_in_id": check_in_id, "customer_id": act.customer_id, "location_id": act.location_id}
    await announce(tx, CheckInOpened(**about, way=way, opened_at=at.isoformat()))
    return await queries.get_check_in(tx, check_in_id)


async def _write(tx: Tx, statement: str, *arguments: Any) -> None:
    """Write under a reference; raises CheckInReferenceReused when another place took it at this very instant."""
    try:
        await tx.execute(statement, *arguments)
    except UniqueViolationError:
        raise CheckInReferenceReused from None


async def _tell_programs(tx: Tx, row: Row) -> tuple[Accrued, ...]:
    """Have programs give what their rules say for the custom event ``check_in``; told again, what they gave."""
    told = programs.EventIn(
        name=_EVENT,
        reference=encode("chk", row["id"]),
        customer_id=row["customer_id"],
        attributes={"location": encode("loc", row["location_id"]), "way": row["way"]},
        location_id=row["location_id"],
        occurred_at=row["opened_at"],
    )
    recorded = await programs.record_event(tx, told)
    await tx.execute(queries.NOTE_EVENT, tx.organization_id, row["id"], recorded.id)
    return recorded.earned


async def _replayed(tx: Tx, act: Act, known: Row, location_id: UUID) -> Done:
    """What was booked under a reference before; raises CheckInReferenceReused for anybody or anything else."""
    direction: Direction = "in" if known["reference"] == act.reference else "out"
    same = known["customer_id"] == act.customer_id and known["location_id"] == location_id
    if not same or act.asked not in {direction, "toggle"}:
        raise CheckInReferenceReused
    earned: tuple[Accrued, ...] = ()
    if direction == "in" and known["custom_event_id"] is not None:
        earned = await _tell_programs(tx, known)
    return await _done(tx, direction, known["id"], earned)


async def _around(tx: Tx, place: Row, customer_id: UUID, at: datetime, zone: str) -> Row:
    """What the last days at a place say about a customer."""
    longest = max(place["pass_back_minutes"], place["cooldown_minutes"], 2 * 24 * 60)
    instants = (at, at - timedelta(minutes=longest), *day_of(at, zone))
    return await queries.around(tx, place["location_id"], customer_id, instants)


def _count(place: Row, around: Row, at: datetime) -> rules.Count:
    counted_at = around["counted_at"]
    return rules.judge_count(
        since_last=abs(at - counted_at) if counted_at is not None else None,
        today=around["counted_today"],
        cooldown=timedelta(minutes=place["cooldown_minutes"]),
        per_day=place["per_day"],
    )


async def _require_near(tx: Tx, place: Row, told: Position | None) -> None:
    location = await organizations.get_location(tx, place["location_id"])
    if place["radius_m"] is None or location.latitude is None or location.longitude is None:
        return
    here = Position(location.latitude, location.longitude)
    match rules.judge_position(here, place["radius_m"], told):
        case "missing":
            raise PositionMissing
        case "vague":
            assert told is not None
            raise PositionTooVague(accuracy=Metres(round(told.accuracy_m)))
        case "far":
            assert told is not None
            raise TooFarAway(distance=Metres(round(rules.distance_m(here, told))), location=location.name)


async def _done(tx: Tx, direction: Direction, check_in_id: UUID, earned: tuple[Accrued, ...]) -> Done:
    row = await queries.get_check_in(tx, check_in_id)
    return Done(direction, _out(row, clock.now()), await get_place(tx, row["location_id"]), earned)


def _out(row: Row, now: datetime) -> CheckInOut:
    """A row as it is now: a stay whose time is over has ended, whether or not anything has closed it yet."""
    closed_at, closed_by, closed_how = row["closed_at"], row["closed_by"], row["closed_how"]
    if closed_at is None and row["undone_at"] is None and row["closes_at"] <= now:
        closed_at, closed_by, closed_how = row["closes_at"], "system", row["closes_how"]
    state: CheckInState = "undone" if row["undone_at"] else "in" if closed_at is None else "out"
    lasted = (closed_at or row["undone_at"] or now) - row["opened_at"]
    return CheckInOut(
        **{name: row[name] for name in _AS_STORED},
        state=state,
        closed_at=closed_at,
        closed_by=closed_by,
        closed_how=closed_how,
        minutes=max(0, int(lasted.total_seconds()) // 60),
        counted=row["custom_event_id"] is not None and row["undone_at"] is None,
    )

"""The verbs of households; the only writer of their tables, and of ``household_id`` of memberships.

Order of locks: the household, then memberships by id, then accounts. Spending locks no household.
"""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_code, new_id
from passerelle.ledger import service as ledger
from passerelle.programs import earning
from passerelle.programs import queries as members
from passerelle.programs.community_settings import HouseholdSettings
from passerelle.programs.definitions import program_of
from passerelle.programs.errors import MembershipNotFound
from passerelle.programs.households import queries, rules
from passerelle.programs.households.errors import (
    AlreadyInHousehold,
    HeadMustBeAdult,
    HouseholdCodeNotFound,
    HouseholdFull,
    HouseholdsNotOffered,
    NotInHousehold,
)
from passerelle.programs.households.events import (
    HouseholdChanged,
    HouseholdCreated,
    HouseholdEnded,
    HouseholdJoined,
    HouseholdLeft,
)
from passerelle.programs.households.rules import Person, Role
from passerelle.programs.households.schemas import Household, HouseholdChange, Sharer
from passerelle.programs.pools import debits_for, lock_pool, pool_of, pooled_units
from passerelle.programs.referral.rules import normal_code
from passerelle.programs.values import Program, Seat

__all__ = [
    "change_household",
    "change_role",
    "create_household",
    "debits_for",
    "get_household",
    "join_household",
    "leave_household",
    "lock_pool",
    "may_share",
    "sharers",
]

_CODE_LETTERS: Final = 10
_SYSTEM_REASON: Final = "household"


def may_share(tx: Tx, owner_id: UUID) -> bool:
    """Whether the owner of a balance may be in a household, by what this transaction has read; no statement."""
    seat = tx.seen.get(owner_id)
    return not isinstance(seat, Seat) or seat.membership.household_id is not None


async def sharers(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    """The present members of these households, and of those that these members are in; one statement."""
    return await queries.sharers_by_any(tx, ids)


async def create_household(tx: Tx, membership_id: UUID, name: str) -> Household:
    """Open a household with this member as its head.

    Raises MembershipNotFound, MembershipNotActive, ProgramNotRunning, HouseholdsNotOffered, AlreadyInHousehold.
    """
    seat = await earning.seat_for_update(tx, membership_id)
    _settings(seat.program)
    _require_free(seat)
    household_id, now = new_id(), clock.now()
    place = (tx.organization_id, household_id, seat.program.id, name, membership_id, new_code(_CODE_LETTERS), now)
    await tx.execute(queries.ADD, *place)
    await _add(tx, household_id, membership_id, "adult")
    created = HouseholdCreated(household_id=household_id, program_id=seat.program.id, head_id=membership_id)
    await announce(tx, created)
    return await get_household(tx, household_id)


async def join_household(tx: Tx, membership_id: UUID, code: str, role: Role) -> Household:
    """Accept an invitation.

    Raises HouseholdCodeNotFound, HouseholdFull, and what ``create_household`` raises.
    """
    [row] = await members.seats_by_id(tx, [membership_id]) or [None]
    if row is None:
        raise MembershipNotFound
    household_id = await queries.find_by_code(tx, row["program_id"], normal_code(code))
    if household_id is None:
        raise HouseholdCodeNotFound
    household = await queries.get_household(tx, household_id, for_update=True)
    if household["ended_at"] is not None or household["code"] != normal_code(code):
        raise HouseholdCodeNotFound  # it changed while this one waited
    seat = await earning.seat_for_update(tx, membership_id)
    settings = _settings(seat.program)
    _require_free(seat)
    if len(await members.sharers_of(tx, [household_id])) >= settings.max_members:
        raise HouseholdFull(limit=settings.max_members)
    await _add(tx, household_id, membership_id, role)
    return await get_household(tx, household_id)


async def leave_household(tx: Tx, membership_id: UUID) -> None:
    """Take a member out, with what they have or without it, as the program says.

    The head's place goes to the adult who is in it longest; without one the household ends and everybody keeps what
    is theirs. Raises MembershipNotFound, NotInHousehold.
    """
    household_id = (await members.get_membership(tx, membership_id))["household_id"]
    if household_id is None:
        raise NotInHousehold
    household = await queries.get_household(tx, household_id, for_update=True)
    people = _people(await members.sharers_of(tx, [household_id]))
    if membership_id not in {person.membership_id for person in people}:
        raise NotInHousehold
    head_id: UUID | None = household["head_id"]
    if head_id == membership_id:
        head_id = rules.heir(people, membership_id)
    leaving = [membership_id] if head_id is not None else [person.membership_id for person in people]
    rows = await members.seats_for_update(tx, sorted({*leaving, *([head_id] if head_id else [])}))
    seats = {seat.membership.id: seat for seat in await earning.seats_of(tx, rows)}
    forfeited = head_id is not None and await _forfeit(tx, seats[membership_id], head_id)
    for each in leaving:
        await _remove(tx, household_id, each, forfeited=forfeited)
    await _pass_on(tx, household, head_id)


async def change_household(tx: Tx, household_id: UUID, change: HouseholdChange) -> Household:
    """Give another name, head or code; raises HouseholdNotFound, NotInHousehold, HeadMustBeAdult."""
    household = await queries.get_household(tx, household_id, for_update=True)
    if change.head_id is not None:
        people = _people(await members.sharers_of(tx, [household_id]))
        _require_adult(people, change.head_id)
    code = new_code(_CODE_LETTERS) if change.new_code else household["code"]
    name, head_id = change.name or household["name"], change.head_id or household["head_id"]
    place = (tx.organization_id, household_id, name, head_id, code, household["ended_at"])
    await tx.execute(queries.CHANGE, *place)
    await announce(tx, HouseholdChanged(household_id, tuple(sorted(change.model_fields_set))))
    return await get_household(tx, household_id)


async def change_role(tx: Tx, household_id: UUID, membership_id: UUID, role: Role) -> Household:
    """Make a child an adult or the other way round; raises HouseholdNotFound, NotInHousehold, HeadMustBeAdult."""
    household = await queries.get_household(tx, household_id, for_update=True)
    people = _people(await members.sharers_of(tx, [household_id]))
    if membership_id not in {person.membership_id for person in people}:
        raise NotInHousehold
    if role == "child" and household["head_id"] == membership_id:
        raise HeadMustBeAdult
    await tx.execute(queries.SET_ROLE, tx.organization_id, household_id, membership_id, role)
    await announce(tx, HouseholdChanged(household_id, ("role",)))
    return await get_household(tx, household_id)


async def get_household(tx: Tx, household_id: UUID) -> Household:
    """A household with its present members and their pool; raises HouseholdNotFound."""
    row = await queries.get_household(tx, household_id)
    sharers = [
        Sharer(each["membership_id"], each["role"], each["joined_at"], each["state"])
        for each in await members.sharers_of(tx, [household_id])
    ]
    program = program_of((await members.programs_by_id(tx, [row["program_id"]]))[0])
    pooled = await pool_of(tx, program, [each.membership_id for each in sharers if each.state == "active"])
    fields = {name: row[name] for name in ("id", "name", "head_id", "code", "created_at", "ended_at")}
    return Household(**fields, program=program, sharers=sharers, pooled=pooled)


async def _add(tx: Tx, household_id: UUID, membership_id: UUID, role: Role) -> None:
    now = clock.now()
    await tx.execute(queries.ADD_MEMBER, tx.organization_id, new_id(), household_id, membership_id, role, now)
    await tx.execute(queries.SET_HOUSEHOLD, tx.organization_id, membership_id, household_id)
    await announce(tx, HouseholdJoined(household_id, membership_id, role))


async def _remove(tx: Tx, household_id: UUID, membership_id: UUID, *, forfeited: bool) -> None:
    await tx.execute(queries.END_MEMBER, tx.organization_id, household_id, membership_id, clock.now())
    await tx.execute(queries.SET_HOUSEHOLD, tx.organization_id, membership_id, None)
    await announce(tx, HouseholdLeft(household_id, membership_id, forfeited))


async def _pass_on(tx: Tx, household: Any, head_id: UUID | None) -> None:
    """Write down who answers for the household now, or that nobody does."""
    if head_id == household["head_id"]:
        return
    ended_at = clock.now() if head_id is None else None
    head = head_id or household["head_id"]
    await tx.execute(
        queries.CHANGE, tx.organization_id, household["id"], household["name"], head, household["code"], ended_at
    )
    await announce(
        tx, HouseholdEnded(household["id"]) if head_id is None else HouseholdChanged(household["id"], ("head_id",))
    )


async def _forfeit(tx: Tx, seat: Seat, head_id: UUID) -> bool:
    """Leave what can be spent now to the head, if the program says so; each part keeps the end of its time."""
    settings = seat.program.settings.households
    if settings is None or settings.on_leave == "keep" or head_id == seat.membership.id:
        return False
    owner_id, units = seat.membership.id, sorted(pooled_units(seat.program))
    await ledger.lock_accounts(tx, [(owner, unit_id) for owner in (owner_id, head_id) for unit_id in units])
    held = (await ledger.balances(tx, [owner_id]))[owner_id]
    for unit_id in units:
        if held[unit_id].active > 0:
            reference = f"household:{new_id()}"
            amount = held[unit_id].active
            await ledger.move(tx, owner_id, head_id, unit_id, amount, reference=reference, reason=_SYSTEM_REASON)
    return True


def _settings(program: Program) -> HouseholdSettings:
    if program.settings.households is None:
        raise HouseholdsNotOffered(program=program.name)
    return program.settings.households


def _require_free(seat: Seat) -> None:
    if seat.membership.household_id is not None:
        raise AlreadyInHousehold


def _people(rows: Any) -> list[Person]:
    return [Person(row["membership_id"], row["role"], row["joined_at"]) for row in rows]


def _require_adult(people: list[Person], membership_id: UUID) -> None:
    person = next((each for each in people if each.membership_id == membership_id), None)
    if person is None:
        raise NotInHousehold
    if person.role != "adult":
        raise HeadMustBeAdult

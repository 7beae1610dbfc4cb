"""The verbs of programs; the only writer of its tables, with ``earning`` for what members earn."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import ForeignKeyViolationError

from passerelle.customers.errors import CustomerNotFound
from passerelle.kit import clock, directory
from passerelle.kit.days import midnight
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.events import announce
from passerelle.kit.ids import encode, new_id
from passerelle.kit.jobs import enqueue
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import PendingLot, TransferKind, TransferOut
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import LocationNotFound
from passerelle.programs import lifetimes, queries, rules
from passerelle.programs.building import (
    MAX_PROGRAMS,
    add_units,
    change_units,
    rename_unit,
    replace_rules,
    require_references,
    rules_of_new,
)
from passerelle.programs.claiming import Claimed, claim_receipt, preview_receipt, refund_receipt, void_receipt
from passerelle.programs.custom_events import record_event
from passerelle.programs.definitions import get_program, program_of, touch_program, touch_programs
from passerelle.programs.earning import (
    adjust,
    find_member,
    find_seat,
    find_seats,
    grant,
    preview_purchase,
    purchase_reference,
    require_acting_then,
    seat_for_update,
    seats_of,
    standing_with,
    standings_of,
    was_acting,
)
from passerelle.programs.earning_schemas import EventIn
from passerelle.programs.errors import (
    MembershipNotActive,
    MembershipNotFound,
    ProgramNotFound,
    ProgramNotRunning,
    ProgramStateRefused,
    TooManyPrograms,
)
from passerelle.programs.events import GoalChanged, MemberChanged, MemberEnrolled, ProgramChanged, ProgramCreated
from passerelle.programs.lifetimes import next_expiries_of
from passerelle.programs.merging import shared_programs
from passerelle.programs.models import ProgramRow
from passerelle.programs.newcomers import credit_newcomers, enroll_newcomers
from passerelle.programs.nightly import begun_nights
from passerelle.programs.occasions import (
    accrue_for_purchase,
    accrue_for_purchases,
    accrue_for_visit,
    refund_purchase,
    undo_accrual,
    undo_purchase,
)
from passerelle.programs.previews import list_member_purchases, preview_trial
from passerelle.programs.prizes import require_units
from passerelle.programs.referral import service as referral
from passerelle.programs.referral.errors import ReferralCodeNotFound
from passerelle.programs.referral.schemas import Referral
from passerelle.programs.refunds.service import list_refunds, open_purchase, tie_spending
from passerelle.programs.schemas import MAX_STAMPS, ProgramChange, ProgramIn, require_window
from passerelle.programs.situations import occasion_of
from passerelle.programs.term_rules import TermSettings
from passerelle.programs.terms import service as terms
from passerelle.programs.values import (
    Enrolled,
    JoinSource,
    LockedSeat,
    Membership,
    MembershipState,
    NextExpiry,
    Program,
    Seat,
    Standing,
)
from passerelle.purchases.errors import OtherCurrency

__all__ = [
    "Claimed",
    "EventIn",
    "accrue_for_purchase",
    "accrue_for_purchases",
    "accrue_for_visit",
    "activate_pending",
    "adjust",
    "begun_nights",
    "cancel_pending",
    "change_membership",
    "change_program",
    "claim_receipt",
    "create_program",
    "credit_newcomers",
    "enroll",
    "enroll_by_friend",
    "enroll_newcomers",
    "find_member",
    "find_seat",
    "find_seats",
    "get_membership",
    "get_memberships",
    "get_program",
    "get_programs",
    "grant",
    "last_visits",
    "list_expiries",
    "list_history",
    "list_member_purchases",
    "list_members",
    "list_pending",
    "list_programs",
    "list_refunds",
    "memberships_among",
    "memberships_of",
    "next_expiries_of",
    "occasion_of",
    "open_purchase",
    "preview_purchase",
    "preview_receipt",
    "preview_trial",
    "program_key",
    "programs_of_customers",
    "purchase_reference",
    "record_event",
    "refund_purchase",
    "refund_receipt",
    "require_acting_then",
    "require_references",
    "seat_for_update",
    "shared_programs",
    "standing",
    "standing_with",
    "standings_of",
    "tie_spending",
    "touch_program",
    "touch_programs",
    "undo_accrual",
    "undo_purchase",
    "void_receipt",
    "was_acting",
]


def program_key(wire_id: str) -> bytes:
    """The key of a program in the directory (kind ``program``), from its public id such as ``prg_…``."""
    return directory.fingerprint(wire_id)


async def create_program(tx: Tx, new: ProgramIn) -> Program:
    """Open a program with its unit and rules.

    ProgramCreated has those above complete it in this transaction (first reward, card template).
    Raises OtherCurrency, TooManyPrograms, and the refusals of ``building``.
    """
    organization = await organizations.get_organization(tx)
    if new.currency not in {None, organization.currency}:
        raise OtherCurrency(expected=organization.currency, given=new.currency)
    if await queries.count_programs(tx) >= MAX_PROGRAMS:
        raise TooManyPrograms(limit=MAX_PROGRAMS)
    program = ProgramRow(
        organization_id=tx.organization_id,
        id=new_id(),
        version=new_id(),
        currency=organization.currency,
        time_zone=organization.time_zone,
        settings=new.settings.model_dump(mode="json"),
        created_at=clock.now(),
        **new.model_dump(include={"name", "names", "kind", "state", "goal", "starts_at", "ends_at"}),
    )
    tx.session.add(program)
    await tx.flush()
    unit = await add_units(tx, program, new)
    await replace_rules(tx, program, rules_of_new(new, program.currency))
    await directory.add(tx, "program", program_key(encode("prg", program.id)))
    await announce(
        tx,
        ProgramCreated(
            program_id=program.id,
            kind=program.kind,
            unit_id=unit.id if unit else None,
            goal=new.goal,
            reward_name=new.reward_name,
            reward_names=new.reward_names,
        ),
    )
    made = await get_program(tx, program.id)
    require_units(made)
    return made


async def get_programs(tx: Tx, program_ids: Collection[UUID]) -> list[Program]:
    """Programs in no order; those that are not there are left out."""
    return [program_of(row) for row in await queries.programs_by_id(tx, sorted(program_ids))]


async def list_programs(tx: Tx, before: UUID, limit: int) -> list[Program]:
    """Programs, newest first."""
    return [program_of(row) for row in await queries.list_programs(tx, before, limit)]


async def change_program(tx: Tx, program_id: UUID, change: ProgramChange) -> Program:
    """Change what was given; of the settings, too, only those that were given.

    Raises ProgramNotFound, ProgramStateRefused, and the refusals of ``building`` and of ``require_units``.
    """
    program = await queries.program_for_update(tx, program_id)
    given = change.model_dump(exclude_unset=True, exclude={"rules", "settings", "units", "unit_names"})
    clearable = {"starts_at", "ends_at", "template_id"}
    values = {name: value for name, value in given.items() if value is not None or name in clearable}
    if change.state is not None and not rules.may_become(program.state, change.state):  # type: ignore[arg-type]  # the database checks the states
        raise ProgramStateRefused(state=program.state, wanted=change.state)
    if change.settings is not None:
        values["settings"] = program.settings | change.settings.model_dump(mode="json", exclude_unset=True)
        if values["settings"].get("term") != program.settings.get("term"):
            await enqueue(tx, terms.SETTLE, {"program_id": str(program_id)})
    goal = program.goal
    for name, value in values.items():
        setattr(program, name, value)
    _require_sound(program)
    program.version = new_id()
    await tx.flush()
    if change.units is not None:
        await change_units(tx, program, change.units)
    if change.rules is not None:
        await replace_rules(tx, program, change.rules)
    if change.unit_names is not None:
        await rename_unit(tx, program_id, change.unit_names)
    if goal is not None and program.goal is not None and program.goal != goal:
        await announce(tx, GoalChanged(program_id=program_id, before=goal, after=program.goal))
    await announce(tx, ProgramChanged(program_id=program_id, fields=tuple(sorted(change.model_fields_set))))
    changed = await get_program(tx, program_id)
    require_units(changed)
    return changed


async def enroll(
    tx: Tx, program_id: UUID, customer_id: UUID, *, source: JoinSource, location_id: UUID | None = None
) -> Enrolled:
    """Make a customer a member, once, however many ask at the same instant.

    Somebody whose membership ended joins again; somebody suspended is MembershipNotActive. Raises
    ProgramNotFound, ProgramNotRunning, CustomerNotFound, LocationNotFound.
    """
    place = (tx.organization_id, program_id, customer_id)
    try:
        row = await tx.fetchrow(queries.ENROLL, *place, new_id(), source, location_id, clock.now())
    except ForeignKeyViolationError as violation:
        at_location = "location_id" in (violation.constraint_name or "")
        raise (LocationNotFound() if at_location else CustomerNotFound()) from None
    if row is None:
        raise ProgramNotFound
    if row["made_id"] is not None:
        if row["term"]:
            terms.open_each(tx, TermSettings(**row["term"]), row["time_zone"], [row["made_id"]], clock.now())
        tx.locked[row["made_id"]] = LockedSeat(row["made_id"], program_id, customer_id, row["version"])
        joined = MemberEnrolled(
            membership_id=row["made_id"],
            program_id=program_id,
            customer_id=customer_id,
            source=source,
            location_id=location_id,
        )
        await announce(tx, joined)
        return Enrolled(row["made_id"], created=True)
    known = row if row["id"] is not None else await queries.membership_in(tx, program_id, customer_id)
    if known is None:
        raise ProgramNotRunning(program=row["name"], state=row["program_state"])
    if known["state"] == "suspended":
        raise MembershipNotActive(state="suspended")
    if known["state"] == "ended":
        await change_membership(tx, known["id"], "active")
    return Enrolled(known["id"], created=False)


async def enroll_by_friend(
    tx: Tx,
    program_id: UUID,
    customer_id: UUID,
    *,
    referral_code: str,
    source: JoinSource,
    location_id: UUID | None = None,
) -> tuple[Enrolled, Referral]:
    """The same with the code of the member who brought them; who cannot be a friend is a member all the same.

    Raises ReferralCodeNotFound, too.
    """
    enrolled = await enroll(tx, program_id, customer_id, source=source, location_id=location_id)
    credited = await referral.credit_referrer(tx, program_id, enrolled, customer_id, referral_code)
    if credited is None:
        raise ReferralCodeNotFound
    return enrolled, credited


async def get_membership(tx: Tx, membership_id: UUID) -> Membership:
    """A membership; raises MembershipNotFound."""
    return Membership(**await queries.get_membership(tx, membership_id))


async def get_memberships(tx: Tx, membership_ids: Collection[UUID]) -> list[Membership]:
    """Memberships in the order of ids; those that are not there are left out."""
    return [seat.membership for seat in await seats_of(tx, await queries.seats_by_id(tx, sorted(membership_ids)))]


async def programs_of_customers(tx: Tx, customer_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """In which programs customers are or were members; who never was is left out."""
    rows = await queries.programs_of_customers(tx, customer_ids)
    return {row["customer_id"]: tuple(row["program_ids"]) for row in rows}


async def memberships_of(tx: Tx, customer_id: UUID) -> list[Membership]:
    """A customer's memberships in every state, oldest first."""
    return [Membership(**row) for row in await queries.memberships_of(tx, customer_id)]


async def memberships_among(tx: Tx, customer_ids: Collection[UUID]) -> list[Membership]:
    """The same of many customers, in one statement."""
    return [Membership(**row) for row in await queries.memberships_among(tx, sorted(customer_ids))]


async def last_visits(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When these customers last came without an amount; who never did is left out."""
    return {row["customer_id"]: row["visited_at"] for row in await queries.last_visits(tx, sorted(customer_ids))}


async def list_members(
    tx: Tx, program_id: UUID, before: UUID, limit: int, ends: tuple[date | None, date | None] = (None, None)
) -> list[Membership]:
    """Members of a program, newest first; raises ProgramNotFound.

    With ``ends``, those whose term has its last day between two days, both included.
    """
    if ends == (None, None):
        rows = await queries.list_members(tx, program_id, before, limit)
        if not rows:
            await get_program(tx, program_id)
    else:
        zone = (await get_program(tx, program_id)).time_zone
        first, last = ends[0] or date(1900, 1, 1), ends[1] or date(2500, 1, 1)
        # A term ends with the midnight after its last day.
        span = midnight(first + timedelta(days=1), zone), midnight(last + timedelta(days=2), zone)
        rows = await queries.list_ending(tx, program_id, before, limit, span)
    return [Membership(**row) for row in rows]


async def change_membership(tx: Tx, membership_id: UUID, state: MembershipState) -> Membership:
    """Suspend, end or make active again; harmless when it is so already. Raises MembershipNotFound."""
    row: Any = await tx.fetchrow(queries.CHANGE_MEMBERSHIP, tx.organization_id, membership_id, state)
    if row is None:
        return await get_membership(tx, membership_id)
    membership = Membership(**row)
    changed = MemberChanged(
        membership_id=membership.id,
        program_id=membership.program_id,
        customer_id=membership.customer_id,
        state=membership.state,
    )
    await announce(tx, changed)
    return membership


async def standing(tx: Tx, membership_id: UUID) -> Standing:
    """Where a membership stands, in two statements; raises MembershipNotFound."""
    found = await standings_of(tx, [membership_id])
    if not found:
        raise MembershipNotFound
    return found[0]


async def list_history(
    tx: Tx, membership_id: UUID, before: UUID, limit: int, *, kind: TransferKind | None = None
) -> tuple[Program, list[TransferOut]]:
    """A member's ledger, newest first, with the program that names its units; all of it or one kind.

    Raises MembershipNotFound.
    """
    seat = await _seat(tx, membership_id)
    return seat.program, await ledger.list_transfers(tx, membership_id, before, limit, kind=kind)


async def list_expiries(tx: Tx, membership_id: UUID) -> tuple[Program, list[NextExpiry]]:
    """What of a member's units lapses when, soonest first; raises MembershipNotFound."""
    seat = await _seat(tx, membership_id)
    return seat.program, await lifetimes.list_expiries(tx, seat)


async def list_pending(tx: Tx, membership_id: UUID) -> tuple[Program, list[PendingLot]]:
    """What of a member's units is pending, soonest to become active first; raises MembershipNotFound."""
    seat = await _seat(tx, membership_id)
    return seat.program, await ledger.list_pending(tx, membership_id)


async def activate_pending(
    tx: Tx, membership_id: UUID, *, event: str | None = None, lots: Collection[UUID] = ()
) -> Standing:
    """Make pending units active now: those that await an event, or these lots.

    Harmless for an event that nothing awaits. Raises MembershipNotFound, NothingPending.
    """
    seat = await _seat(tx, membership_id)
    await lifetimes.activate_pending(tx, seat, event=event, lots=lots)
    return await standing_with(tx, seat, {})


async def cancel_pending(
    tx: Tx, membership_id: UUID, *, event: str | None = None, lots: Collection[UUID] = (), reason: str | None = None
) -> Standing:
    """Take pending units back: those that await an event, or these lots; harmless for what was taken back before.

    Raises MembershipNotFound, NothingPending.
    """
    seat = await _seat(tx, membership_id)
    await lifetimes.cancel_pending(tx, seat, event=event, lots=lots, reason=reason)
    return await standing_with(tx, seat, {})


async def _seat(tx: Tx, membership_id: UUID) -> Seat:
    seats = await seats_of(tx, await queries.seats_by_id(tx, [membership_id]))
    if not seats:
        raise MembershipNotFound
    return seats[0]


def _require_sound(program: ProgramRow) -> None:
    try:
        require_window(program.starts_at, program.ends_at)
    except ValueError as fault:
        raise InvalidInput(detail=str(fault)) from None
    most = {"membership": 0, "stamps": MAX_STAMPS}.get(program.kind)
    if program.goal is not None and most is not None and program.goal > most:
        raise InvalidInput(detail=f"goal: {program.goal} > {most}")

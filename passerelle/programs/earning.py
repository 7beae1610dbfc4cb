"""What members earn: for purchases and visits, and by hand. Part of the public door, service.py.

One path for all: the seats (membership and program), the facts, the pure rules (situations.py), one ledger transfer,
the kept explanation (accruing.py). A preview stops before the transfer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerGone
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Busy, Tx
from passerelle.kit.moments import LocalDay
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import TransferConflict
from passerelle.ledger.schemas import AccountKey, Balance, Debit
from passerelle.programs import queries, rules
from passerelle.programs.accrual_base import Occasion
from passerelle.programs.accruing import Giving, Kept, give, give_each, keep
from passerelle.programs.definitions import programs_at
from passerelle.programs.errors import (
    MembershipLapsed,
    MembershipNotActive,
    MembershipUnpaid,
    ProgramNotRunning,
    PurchaseIsVoided,
    TooManyUnits,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.evaluator import Earned
from passerelle.programs.lifetimes import activate_pending, keep_alive
from passerelle.programs.rules import Accrual, Reason
from passerelle.programs.situations import NOW, Case, Evaluated, Look, evaluate_cases, evaluate_seats, occasion_of
from passerelle.programs.standings import standings_with
from passerelle.programs.timing import Timing, credit_of, last_day_of, times_of
from passerelle.programs.values import Accrued, Membership, Program, Seat, Standing, Unit, barred
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase, Purchase

_HOLDING = Look(hold=True)


async def accrue_for_purchase(tx: Tx, customer_id: UUID, purchase: Purchase) -> list[Accrued]:
    """Give what a recorded purchase earns in every program of the customer, in one ledger transfer.

    One ``Accrued`` per membership that has not ended, zeros with their reasons. Told again, it answers what was
    given the first time, even if that was nothing. Raises PurchaseIsVoided, and Busy for a customer who was merged or
    erased while the purchase was recorded: it is to be told again, for whoever has the card then.

    Whatever pays for the purchase is taken before this is called, so nothing earned here can pay for it.
    """
    assert customer_id == purchase.customer_id
    if purchase.state == "voided":
        raise PurchaseIsVoided
    reference = purchase_reference(purchase.id)
    rows = await queries.seats_of_customer_for_update(tx, customer_id, reference)
    if not rows:
        await _require_there(tx, [customer_id])
    seats = await seats_of(tx, rows)
    if purchase.replayed or (rows and rows[0]["told"]):
        return await given_before(tx, seats, reference)
    occasion = occasion_of(purchase)
    evaluated = await evaluate_seats(tx, Case(occasion, seats, purchase), _HOLDING)
    return await give(tx, evaluated, reference, occasion)


async def accrue_for_purchases(tx: Tx, told: Sequence[tuple[Actor, Purchase]]) -> list[list[Accrued]]:
    """The same for purchases of as many customers that were recorded just now, in as many statements as for one."""
    rows = await queries.seats_of_customers_for_update(tx, [purchase.customer_id for _, purchase in told])
    seats: dict[UUID, list[Seat]] = defaultdict(list)
    for seat in await seats_of(tx, rows):
        seats[seat.membership.customer_id].append(seat)
    await _require_there(tx, [purchase.customer_id for _, purchase in told if purchase.customer_id not in seats])
    cases = [Case(occasion_of(purchase), seats[purchase.customer_id], purchase) for _, purchase in told]
    givings = [
        Giving(evaluated, purchase_reference(purchase.id), case.occasion, actor)
        for (actor, purchase), case, evaluated in zip(
            told, cases, await evaluate_cases(tx, cases, _HOLDING), strict=True
        )
    ]
    return await give_each(tx, givings)


async def preview_purchase(tx: Tx, new: NewPurchase) -> list[Accrued]:
    """What a purchase would earn, with the refusals of recording it; writes nothing. Balances are those of now."""
    purchase = await purchases.checked_purchase(tx, new)
    seats = await seats_of(tx, await queries.seats_of_customer(tx, new.customer_id))
    evaluated = await evaluate_seats(tx, Case(occasion_of(purchase), seats, purchase), NOW)
    return await accrued(tx, evaluated, None, {})


async def accrue_for_event(
    tx: Tx, customer_id: UUID, occasion: Occasion, *, reference: str, membership_id: UUID | None, replayed: bool
) -> list[Accrued]:
    """Give what a custom event earns in every program of the customer, or for one membership alone.

    What was pending until this event becomes active first.
    """
    rows = await queries.seats_of_customer_for_update(tx, customer_id, reference)
    seats = await seats_of(tx, [row for row in rows if membership_id in {None, row["id"]}])
    if replayed or (rows and rows[0]["told"]):
        return await given_before(tx, seats, reference)
    for seat in seats:
        await activate_pending(tx, seat, event=occasion.event)
    return await give(tx, await evaluate_seats(tx, Case(occasion, seats), _HOLDING), reference, occasion)


async def accrue_for_visit(
    tx: Tx,
    membership_id: UUID,
    *,
    reference: str,
    units: int | None = None,
    location_id: UUID | None = None,
    occurred_at: datetime | None = None,
) -> Accrued:
    """Give what a visit without an amount earns: by the rules, or ``units`` as a cashier counted them.

    ``reference`` is unique for the visit (``scan:…``) and makes it harmless to tell again. Raises
    MembershipNotFound, MembershipNotActive, ProgramNotRunning, TooManyUnits, UnitNotNamed, and TransferConflict for
    the reference of another visit.
    """
    row = await queries.seat_for_update(tx, membership_id, reference)
    seat = (await seats_of(tx, [row]))[0]
    if row["told"]:
        [before] = await given_before(tx, [seat], reference)
        if not before.accruals or _counted_by_hand(before.accruals) != units:
            raise TransferConflict
        return before
    instant = occurred_at or clock.now()
    await require_acting_then(tx, seat, instant)
    occasion = Occasion("visit", instant, location_id=location_id, channel="till")
    if units is None:
        evaluated = await evaluate_seats(tx, Case(occasion, [seat]), _HOLDING)
    else:
        evaluated = [Evaluated(seat, Earned((_by_hand(seat.program, units),)))]
    return (await give(tx, evaluated, reference, occasion))[0]


async def grant(
    tx: Tx,
    membership_id: UUID,
    *,
    unit_id: UUID,
    amount: int,
    reason: Reason,
    reference: str,
    timing: Timing | None = None,
) -> Accrued:
    """Give units for something other than a purchase: a birthday, a friend, a tier that was reached.

    ``reference`` is unique for the occasion and makes it harmless to tell again; ``timing`` overrides the tier's and
    the unit's. Raises MembershipNotFound, MembershipNotActive, ProgramNotRunning, UnitNotFound.
    """
    row = await queries.seat_for_update(tx, membership_id, reference)
    seat = (await seats_of(tx, [row]))[0]
    if row["told"]:
        return (await given_before(tx, [seat], reference))[0]
    now = clock.now()
    require_acting(seat, now)
    unit = next((unit for unit in seat.program.units if unit.id == unit_id), None)
    if unit is None:
        raise UnitNotFound
    timing = timing or seat.program.unit_timing(unit_id, seat.membership.tier_ids)
    times = times_of(timing, now, seat.program.time_zone)
    credit = credit_of(membership_id, unit_id, amount, times)
    posted = await ledger.post(tx, kind="accrual", reference=reference, credits=[credit])
    await keep_alive(tx, [seat], ("earn",), now)
    accrual = Accrual(unit_id, amount, None, (reason,))
    answers = await accrued(tx, [Evaluated(seat, Earned((accrual,)))], posted.transfer_id, posted.balances)
    keep(tx, [Kept(membership_id, accrual, reference, posted.transfer_id, None, now)])
    return answers[0]


async def adjust(
    tx: Tx, membership_id: UUID, *, amount: int, reason: str, reference: str, unit: str | None = None
) -> Standing:
    """Add to a balance by hand, or take from it when ``amount`` is negative; the actor and the reason are kept.

    What is added is active at once and lapses as the unit says. The balance may become negative where the unit lets
    members owe. Raises MembershipNotFound, UnitNotNamed, UnitNotFound, and the ledger's InsufficientBalance.
    """
    seats = await seats_of(tx, [await queries.seat_for_update(tx, membership_id, "")])
    chosen, program = _unit(seats[0].program, unit), seats[0].program
    times = times_of(Timing(expiry=chosen.timing.expiry), clock.now(), program.time_zone)
    posted = await ledger.post(
        tx,
        kind="adjustment",
        reference=adjustment_reference(reference),
        credits=[credit_of(membership_id, chosen.id, amount, times)] if amount > 0 else [],
        debits=[Debit(membership_id, chosen.id, -amount)] if amount < 0 else [],
        reason=reason,
        shortfall="owe" if chosen.shortfall == "owe" else "refuse",
    )
    return (await standings_with(tx, seats, posted.balances))[0]


async def standings_of(tx: Tx, membership_ids: Sequence[UUID]) -> list[Standing]:
    """Where memberships stand, in two statements for all; those that are not there are left out."""
    if not membership_ids:
        return []
    seats = await seats_of(tx, await queries.seats_by_id(tx, membership_ids))
    return await standings_with(tx, seats, {})


async def seat_for_update(tx: Tx, membership_id: UUID, at: datetime | None = None) -> Seat:
    """A membership that may act now, or at the instant of what is told late, with its running program.

    It is locked to the end of the transaction. Raises MembershipNotFound, MembershipNotActive (or which of its kinds
    it is: MembershipUnpaid, MembershipLapsed), ProgramNotRunning.
    """
    row = await queries.seat_for_update(tx, membership_id, "")
    seat = (await seats_of(tx, [row]))[0]
    await require_acting_then(tx, seat, at or clock.now())
    return seat


async def standing_with(tx: Tx, seat: Seat, known: Mapping[AccountKey, Balance]) -> Standing:
    """Where a membership stands after a transfer; balances that the transfer did not tell are read."""
    return (await standings_with(tx, [seat], known))[0]


async def seats_of(tx: Tx, rows: Iterable[Any]) -> list[Seat]:
    """Memberships with their programs, from rows that carry the programs' versions."""
    rows = list(rows)
    programs = await programs_at(tx, {row["program_id"]: row["version"] for row in rows})
    seats = [Seat(_membership(row), programs[row["program_id"]]) for row in rows]
    tx.seen.update((seat.membership.id, seat) for seat in seats)
    return seats


async def find_member(tx: Tx, customer_id: UUID, program_id: UUID) -> Seat | None:
    """A customer's membership in a program, suspended or not; None when they are no member or no longer."""
    seats = await seats_of(tx, await queries.seats_of_customer(tx, customer_id))
    return next((seat for seat in seats if seat.program.id == program_id), None)


async def find_seat(tx: Tx, owner_id: UUID) -> Seat | None:
    """The membership that owns a balance, as this transaction saw it last; None when it is no membership.

    Without a statement when the transaction has read it, as everything that books has.
    """
    return next(iter(await find_seats(tx, [owner_id])), None)


async def find_seats(tx: Tx, owner_ids: Collection[UUID]) -> list[Seat]:
    """The same for many, in one statement for those that were not seen; others than memberships are left out."""
    unseen = [owner_id for owner_id in owner_ids if owner_id not in tx.seen]
    if unseen:
        await seats_of(tx, await queries.seats_by_id(tx, unseen))
    found = [tx.seen.get(owner_id) for owner_id in owner_ids]
    return [seat for seat in found if isinstance(seat, Seat)]


def purchase_reference(purchase_id: UUID) -> str:
    """How the ledger and the kept accruals name a purchase."""
    return f"purchase:{purchase_id}"


def merge_reference(membership_id: UUID, unit: str) -> str:
    """How the ledger names what a merged membership had, which was booked over to the one that was kept."""
    return f"merge:{membership_id}:{unit}"


def adjustment_reference(reference: str) -> str:
    """How the ledger names what was adjusted by hand, or by an import."""
    return f"adjustment:{reference}"


async def given_before(tx: Tx, seats: Sequence[Seat], reference: str) -> list[Accrued]:
    """What seats were given under a reference that was told before."""
    rows = await queries.accruals_of(tx, reference)
    given: dict[UUID, list[Accrual]] = defaultdict(list)
    for row in rows:
        given[row["membership_id"]].append(kept_accrual(row))
    standings = await standings_with(tx, seats, {})
    transfer_id = rows[0]["transfer_id"] if rows else None
    return [
        Accrued(standing, tuple(given[standing.membership.id]), transfer_id, replayed=True) for standing in standings
    ]


def kept_accrual(row: Any) -> Accrual:
    """An accrual of the past with its reasons."""
    reasons = tuple(Reason(reason["code"], reason["params"]) for reason in row["reasons"])
    return Accrual(row["unit_id"], row["amount"], row["rule_id"], reasons, row["promotion_id"])


async def accrued(
    tx: Tx, evaluated: Sequence[Evaluated], transfer_id: UUID | None, known: Mapping[AccountKey, Balance]
) -> list[Accrued]:
    """What was evaluated with where each member stands; balances that are not known yet are read."""
    standings = await standings_with(tx, [one.seat for one in evaluated], known)
    return [
        Accrued(standing, one.earned.accruals, transfer_id)
        for standing, one in zip(standings, evaluated, strict=True)
    ]


def _membership(row: Any) -> Membership:
    return Membership(
        id=row["id"],
        program_id=row["program_id"],
        customer_id=row["customer_id"],
        state=row["state"],
        source=row["source"],
        location_id=row["location_id"],
        joined_at=row["joined_at"],
        tier_ids=tuple(row["tier_ids"]),
        household_id=row["household_id"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
    )


async def _require_there(tx: Tx, customer_ids: Iterable[UUID]) -> None:
    """Refuse what was recorded for somebody whose entry ended while that waited for it.

    Who has no membership is rare, so nobody else pays for the question. Locks of a purchase on its customer wait for
    a merger and an erasure, but then find the row that was left.
    """
    for customer_id in customer_ids:
        try:
            await customers.require_customer(tx, customer_id)
        except CustomerGone as gone:
            raise Busy from gone


def require_acting(seat: Seat, instant: datetime) -> None:
    """Refuse what a member may not do at an instant, and say which of the reasons it is."""
    member, program = seat.membership, seat.program
    code = barred(member, program, instant)
    if code == "member_suspended":
        raise MembershipNotActive(state=member.state)
    if code == "program_not_running":
        raise ProgramNotRunning(program=program.name, state=program.state)
    if code == "membership_unpaid":
        raise MembershipUnpaid
    if code == "membership_lapsed":
        assert member.valid_until is not None
        raise MembershipLapsed(last_day=LocalDay(last_day_of(member.valid_until, program.time_zone)))


async def require_acting_then(tx: Tx, seat: Seat, instant: datetime) -> None:
    """As ``require_acting`` for what may be told late, when an earlier term covered it."""
    if not await was_acting(tx, seat, instant):
        require_acting(seat, instant)


async def was_acting(tx: Tx, seat: Seat, instant: datetime) -> bool:
    """Whether a member could earn, be given and redeem something at an instant, in an earlier term, too."""
    code = barred(seat.membership, seat.program, instant)
    if code == "membership_unpaid":
        return bool(await queries.covered_then(tx, [(seat, instant)]))
    return code is None


def _counted_by_hand(accruals: Iterable[Accrual]) -> int | None:
    """How many units a cashier counted for a visit; None when the rules gave for it."""
    return next((each.amount for each in accruals if each.reasons[0].code == "by_hand"), None)


def _by_hand(program: Program, units: int) -> Accrual:
    limit = program.settings.units_by_hand_limit
    if not 0 < units <= limit:
        raise TooManyUnits(limit=limit)
    return rules.by_hand(_unit(program, None).id, units)


def _unit(program: Program, code: str | None) -> Unit:
    unit = program.find_unit(code)
    if unit is not None:
        return unit
    if code is None:
        raise UnitNotNamed(units=", ".join(known.code for known in program.units) or "—")
    raise UnitNotFound

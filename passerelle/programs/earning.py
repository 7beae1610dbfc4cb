"""What members earn: for purchases and visits, and by hand. Part of the public door, service.py.

One path for all: the seats (membership and program), the facts, the pure rules, one ledger transfer, the kept
explanation. A preview stops before the transfer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import AccountKey, Balance, Credit, Debit
from passerelle.programs import queries, rules
from passerelle.programs.definitions import programs_at
from passerelle.programs.errors import (
    MembershipNotActive,
    ProgramNotRunning,
    PurchaseIsVoided,
    TooManyUnits,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.pools import pools_of
from passerelle.programs.rules import Accrual, HistoryFacts, Item, PastAccrual, PurchaseFacts, Reason
from passerelle.programs.timing import Timing, times_of
from passerelle.programs.values import Accrued, Membership, Program, Seat, Standing, Unit
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase, Purchase


@dataclass(frozen=True, slots=True)
class _Evaluated:
    seat: Seat
    accruals: tuple[Accrual, ...]


async def accrue_for_purchase(tx: Tx, customer_id: UUID, purchase: Purchase) -> list[Accrued]:
    """Give what a recorded purchase earns in every program of the customer, in one ledger transfer.

    One ``Accrued`` per membership that has not ended, zeros with their reasons. Told again, it answers what was
    given the first time, even if that was nothing. Raises PurchaseIsVoided.
    """
    assert customer_id == purchase.customer_id
    if purchase.state == "voided":
        raise PurchaseIsVoided
    reference = purchase_reference(purchase.id)
    rows = await queries.seats_of_customer_for_update(tx, customer_id, reference)
    seats = await seats_of(tx, rows)
    if purchase.replayed or (rows and rows[0]["told"]):
        return await _given_before(tx, seats, reference)
    evaluated = await _evaluate(tx, seats, _facts(purchase))
    return await _give(tx, evaluated, reference, purchase.occurred_at, purchase.location_id)


async def preview_purchase(tx: Tx, new: NewPurchase) -> list[Accrued]:
    """What a purchase would earn, with the refusals of recording it; writes nothing. Balances are those of now."""
    purchase = await purchases.checked_purchase(tx, new)
    seats = await seats_of(tx, await queries.seats_of_customer(tx, new.customer_id))
    evaluated = await _evaluate(tx, seats, _facts(purchase))
    return await _accrued(tx, evaluated, None, {})


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
    MembershipNotFound, MembershipNotActive, ProgramNotRunning, TooManyUnits, UnitNotNamed.
    """
    row = await queries.seat_for_update(tx, membership_id, reference)
    seat = (await seats_of(tx, [row]))[0]
    if row["told"]:
        return (await _given_before(tx, [seat], reference))[0]
    instant = occurred_at or clock.now()
    _require_acting(seat, instant)
    if units is None:
        evaluated = await _evaluate(tx, [seat], PurchaseFacts(instant))
    else:
        evaluated = [_Evaluated(seat, (_by_hand(seat.program, units),))]
    return (await _give(tx, evaluated, reference, instant, location_id))[0]


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

    ``reference`` is unique for the occasion and makes it harmless to tell again; ``timing`` overrides the unit's.
    Raises MembershipNotFound, MembershipNotActive, ProgramNotRunning, UnitNotFound.
    """
    row = await queries.seat_for_update(tx, membership_id, reference)
    seat = (await seats_of(tx, [row]))[0]
    if row["told"]:
        return (await _given_before(tx, [seat], reference))[0]
    now = clock.now()
    _require_acting(seat, now)
    unit = next((unit for unit in seat.program.units if unit.id == unit_id), None)
    if unit is None:
        raise UnitNotFound
    times = times_of(timing or unit.timing, now, seat.program.time_zone)
    credit = Credit(membership_id, unit_id, amount, times.activates_at, times.expires_at)
    posted = await ledger.post(tx, kind="accrual", reference=reference, credits=[credit])
    accrual = Accrual(unit_id, amount, None, (reason,))
    await _keep(tx, [(membership_id, accrual)], (reference, posted.transfer_id, None, now))
    return (await _accrued(tx, [_Evaluated(seat, (accrual,))], posted.transfer_id, posted.balances))[0]


async def adjust(
    tx: Tx, membership_id: UUID, *, amount: int, reason: str, reference: str, unit: str | None = None
) -> Standing:
    """Add to a balance by hand, or take from it when ``amount`` is negative; the actor and the reason are kept.

    Raises MembershipNotFound, UnitNotNamed, UnitNotFound, and the ledger's InsufficientBalance.
    """
    seats = await seats_of(tx, [await queries.seat_for_update(tx, membership_id, "")])
    unit_id = _unit(seats[0].program, unit).id
    posted = await ledger.post(
        tx,
        kind="adjustment",
        reference=f"adjustment:{reference}",
        credits=[Credit(membership_id, unit_id, amount)] if amount > 0 else [],
        debits=[Debit(membership_id, unit_id, -amount)] if amount < 0 else [],
        reason=reason,
    )
    return (await _standings(tx, seats, posted.balances))[0]


async def standings_of(tx: Tx, membership_ids: Sequence[UUID]) -> list[Standing]:
    """Where memberships stand, in two statements for all; those that are not there are left out."""
    if not membership_ids:
        return []
    seats = await seats_of(tx, await queries.seats_by_id(tx, membership_ids))
    return await _standings(tx, seats, {})


async def seat_for_update(tx: Tx, membership_id: UUID) -> Seat:
    """A membership that may act now, locked to the end of the transaction, with its running program.

    Raises MembershipNotFound, MembershipNotActive, ProgramNotRunning.
    """
    row = await queries.seat_for_update(tx, membership_id, "")
    seat = (await seats_of(tx, [row]))[0]
    _require_acting(seat, clock.now())
    return seat


async def standing_with(tx: Tx, seat: Seat, known: Mapping[AccountKey, Balance]) -> Standing:
    """Where a membership stands after a transfer; balances that the transfer did not tell are read."""
    return (await _standings(tx, [seat], known))[0]


async def seats_of(tx: Tx, rows: Iterable[Any]) -> list[Seat]:
    """Memberships with their programs, from rows that carry the programs' versions."""
    rows = list(rows)
    programs = await programs_at(tx, {row["program_id"]: row["version"] for row in rows})
    seats = [Seat(_membership(row), programs[row["program_id"]]) for row in rows]
    tx.seen.update((seat.membership.id, seat) for seat in seats)
    return seats


async def find_seat(tx: Tx, owner_id: UUID) -> Seat | None:
    """The membership that owns a balance, as this transaction saw it last; None when it is no membership.

    Without a statement when the transaction has read it, as everything that books has.
    """
    if owner_id not in tx.seen:
        await seats_of(tx, await queries.seats_by_id(tx, [owner_id]))
    seat = tx.seen.get(owner_id)
    return seat if isinstance(seat, Seat) else None


def purchase_reference(purchase_id: UUID) -> str:
    """How the ledger and the kept accruals name a purchase."""
    return f"purchase:{purchase_id}"


async def _evaluate(tx: Tx, seats: Sequence[Seat], facts: PurchaseFacts) -> list[_Evaluated]:
    past = await _past(tx, seats, facts.occurred_at)
    evaluated = []
    for seat in seats:
        program = seat.program
        if seat.membership.state == "suspended":
            accruals = rules.nothing(program.rules, "member_suspended")
        elif not program.is_running(facts.occurred_at):
            accruals = rules.nothing(program.rules, "program_not_running", state=program.state)
        else:
            history = HistoryFacts(program.time_zone, tuple(past[seat.membership.id]))
            accruals = rules.accrue(program.rules, facts, history)
        evaluated.append(_Evaluated(seat, tuple(accruals)))
    return evaluated


async def _past(tx: Tx, seats: Sequence[Seat], occurred_at: datetime) -> Mapping[UUID, list[PastAccrual]]:
    """What was earned near an instant, by membership; asked only when a rule of theirs looks at it."""
    past: dict[UUID, list[PastAccrual]] = defaultdict(list)
    asking = [seat for seat in seats if any(rule.needs_history for rule in seat.program.rules)]
    if asking:
        windows = [rules.history_window(seat.program.rules, occurred_at, seat.program.time_zone) for seat in asking]
        rows = await queries.past_accruals(
            tx,
            [seat.membership.id for seat in asking],
            min(start for start, _ in windows),
            max(end for _, end in windows),
        )
        for row in rows:
            past[row["membership_id"]].append(PastAccrual(row["rule_id"], row["amount"], row["occurred_at"]))
    return past


async def _give(
    tx: Tx, evaluated: Sequence[_Evaluated], reference: str, occurred_at: datetime, location_id: UUID | None
) -> list[Accrued]:
    totals: dict[AccountKey, int] = defaultdict(int)
    for one in evaluated:
        for accrual in one.accruals:
            totals[one.seat.membership.id, accrual.unit_id] += accrual.amount
    earned = [Credit(owner_id, unit_id, amount) for (owner_id, unit_id), amount in totals.items() if amount > 0]
    if not earned:
        return await _accrued(tx, evaluated, None, {})
    posted = await ledger.post(tx, kind="accrual", reference=reference, credits=earned)
    given = [(one.seat.membership.id, accrual) for one in evaluated for accrual in one.accruals if accrual.amount > 0]
    await _keep(tx, given, (reference, posted.transfer_id, location_id, occurred_at))
    return await _accrued(tx, evaluated, posted.transfer_id, posted.balances)


async def _keep(
    tx: Tx,
    given: Sequence[tuple[UUID, Accrual]],
    circumstances: tuple[str, UUID, UUID | None, datetime],
) -> None:
    """Write down what memberships were given and why; the circumstances are the same for all."""
    await tx.execute(
        queries.KEEP_ACCRUALS,
        tx.organization_id,
        [new_id() for _ in given],
        [membership_id for membership_id, _ in given],
        [accrual.rule_id for _, accrual in given],
        [accrual.unit_id for _, accrual in given],
        [accrual.amount for _, accrual in given],
        [_reasons_json(accrual.reasons) for _, accrual in given],
        *circumstances,
    )


async def _given_before(tx: Tx, seats: Sequence[Seat], reference: str) -> list[Accrued]:
    rows = await queries.accruals_of(tx, reference)
    given: dict[UUID, list[Accrual]] = defaultdict(list)
    for row in rows:
        reasons = tuple(Reason(reason["code"], reason["params"]) for reason in row["reasons"])
        given[row["membership_id"]].append(Accrual(row["unit_id"], row["amount"], row["rule_id"], reasons))
    standings = await _standings(tx, seats, {})
    transfer_id = rows[0]["transfer_id"] if rows else None
    return [
        Accrued(standing, tuple(given[standing.membership.id]), transfer_id, replayed=True) for standing in standings
    ]


async def _accrued(
    tx: Tx, evaluated: Sequence[_Evaluated], transfer_id: UUID | None, known: Mapping[AccountKey, Balance]
) -> list[Accrued]:
    standings = await _standings(tx, [one.seat for one in evaluated], known)
    return [Accrued(standing, one.accruals, transfer_id) for standing, one in zip(standings, evaluated, strict=True)]


async def _standings(tx: Tx, seats: Sequence[Seat], known: Mapping[AccountKey, Balance]) -> list[Standing]:
    """Standings of seats; balances that are not known yet are read in one statement."""
    accounts = [(seat.membership.id, unit.id) for seat in seats for unit in seat.program.units]
    asked = sorted({owner_id for owner_id, unit_id in accounts if (owner_id, unit_id) not in known})
    read = await ledger.balances(tx, asked) if asked else {}
    pools = await pools_of(tx, seats, known)

    def balance(owner_id: UUID, unit_id: UUID) -> Balance:
        return known.get((owner_id, unit_id)) or read.get(owner_id, {}).get(unit_id) or Balance()

    return [
        Standing(
            seat.membership,
            seat.program,
            {unit.id: balance(seat.membership.id, unit.id) for unit in seat.program.units},
            pools.get(seat.membership.id, {}),
        )
        for seat in seats
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
    )


def _require_acting(seat: Seat, instant: datetime) -> None:
    if seat.membership.state != "active":
        raise MembershipNotActive(state=seat.membership.state)
    if not seat.program.is_running(instant):
        raise ProgramNotRunning(program=seat.program.name, state=seat.program.state)


def _facts(purchase: Purchase) -> PurchaseFacts:
    items = tuple(Item(line.quantity, line.sku, line.category) for line in purchase.lines)
    return PurchaseFacts(purchase.occurred_at, purchase.amount_minor, items)


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


def _reasons_json(reasons: Iterable[Reason]) -> str:
    return orjson.dumps([{"code": reason.code, "params": reason.params} for reason in reasons]).decode()

"""The verbs of terms: the only writer of their table and of the span that a membership's row keeps.

Who prolongs a membership holds its row, so two payments are told one after the other. The entries that stand are
told anew each time (terms_of), so a payment that is voided, or told late, moves what came after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from passerelle.kit import clock
from passerelle.kit.db import Row, Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import digest, new_id
from passerelle.kit.moments import LocalDay
from passerelle.organizations import service as organizations
from passerelle.programs import queries as members
from passerelle.programs.definitions import get_program, programs_at
from passerelle.programs.earning import require_acting, seats_of
from passerelle.programs.errors import MembershipNotActive, MembershipNotFound
from passerelle.programs.events import ProgramChanged
from passerelle.programs.term_rules import (
    CLOCK_SKEW,
    LAST_YEAR,
    OLDEST_PAYMENT,
    UNDO_BY_CASHIER,
    Entry,
    Length,
    Term,
    TermSettings,
    due_after,
    end_of_grace,
    next_term,
    renewable_from,
    stage_at,
    terms_of,
)
from passerelle.programs.terms import queries
from passerelle.programs.terms.errors import (
    NoTerm,
    PaymentDateRefused,
    RenewalTooEarly,
    TermIsOver,
    TermReferenceReused,
    TermTooLong,
    TooManyTerms,
    VoidNeedsManager,
)
from passerelle.programs.terms.events import (
    MembershipEndsSoon,
    MembershipInGrace,
    MembershipLapsed,
    MembershipRenewalVoided,
    MembershipRenewed,
)
from passerelle.programs.terms.schemas import GiftedTermIn, Method, RenewalIn, RenewalMoneyOut, Renewed, TermKind
from passerelle.programs.timing import first_day_of, last_day_of
from passerelle.programs.values import Membership, Program, Seat
from passerelle.purchases.errors import OtherCurrency

SETTLE: Final = "programs.settle_terms"
MAX_TERMS: Final = 500
_MANAGE: Final = "ledger:adjust"


@dataclass(frozen=True, slots=True)
class _New:
    """An entry that is not kept yet."""

    kind: TermKind
    reference: str
    input_digest: bytes
    entry: Entry
    amount_minor: int | None = None
    currency: str | None = None
    method: Method | None = None
    reason: str | None = None
    location_id: UUID | None = None


async def renew_membership(tx: Tx, membership_id: UUID, paid: RenewalIn) -> Renewed:
    """Record a payment; its term begins at the end of the running one, or now when that lapsed.

    Raises MembershipNotFound, NoTerm, MembershipNotActive, ProgramNotRunning, OtherCurrency, LocationNotFound,
    PaymentDateRefused, RenewalTooEarly, TermReferenceReused, TermTooLong, TooManyTerms.
    """
    seat, settings = await _seat(tx, membership_id)
    input_digest = _digest("payment", membership_id, paid.model_dump_json(exclude_none=True))
    if paid.reference is not None and (known := await _known(tx, seat, paid.reference, input_digest)):
        return known
    _require_open(seat)
    if paid.currency not in {None, seat.program.currency}:
        raise OtherCurrency(expected=seat.program.currency, given=paid.currency)
    if paid.location_id is not None:
        await organizations.get_location(tx, paid.location_id)
    now = clock.now()
    at = paid.at or now
    if now < at <= now + CLOCK_SKEW:
        at = now
    if not now - OLDEST_PAYMENT <= at <= now:
        raise PaymentDateRefused(earliest=LocalDay(first_day_of(now - OLDEST_PAYMENT, seat.program.time_zone)))
    new = _New(
        "payment",
        paid.reference or str(new_id()),
        input_digest,
        Entry(at, settings.length(), settings.grace_days),
        amount_minor=settings.price_minor if paid.amount_minor is None else paid.amount_minor,
        currency=seat.program.currency,
        method=paid.method,
        location_id=paid.location_id or tx.actor.location_id,
    )
    return await _add(tx, seat, new)


async def gift_term(tx: Tx, membership_id: UUID, gift: GiftedTermIn) -> Renewed:
    """Prolong a membership without a payment, with the reason; it may be given at any time.

    Raises MembershipNotFound, NoTerm, MembershipNotActive, ProgramNotRunning, TermIsOver, TermReferenceReused,
    TermTooLong, TooManyTerms.
    """
    seat, settings = await _seat(tx, membership_id)
    input_digest = _digest("gift", membership_id, gift.model_dump_json(exclude_none=True))
    if gift.reference is not None and (known := await _known(tx, seat, gift.reference, input_digest)):
        return known
    _require_open(seat)
    entry = Entry(clock.now(), gift.length or settings.length(), settings.grace_days)
    new = _New("gift", gift.reference or str(new_id()), input_digest, entry, reason=gift.reason)
    return await _add(tx, seat, new)


async def void_term(tx: Tx, term_id: UUID, *, reason: str | None = None) -> Renewed:
    """Take a payment or a gift back, with its term; harmless when it was voided before.

    Raises TermNotFound, VoidNeedsManager.
    """
    membership_id = (await queries.get_term(tx, term_id))["membership_id"]
    seat = await _locked(tx, membership_id)
    row = await queries.get_term(tx, term_id)
    if row["voided_at"] is not None:
        return Renewed(row, seat.membership, seat.program, replayed=True)
    now = clock.now()
    is_own = row["actor"] == tx.actor.label and now - row["recorded_at"] <= UNDO_BY_CASHIER
    if not (is_own or tx.actor.may(_MANAGE)):
        raise VoidNeedsManager(minutes=int(UNDO_BY_CASHIER.total_seconds() // 60))
    await tx.execute(queries.VOID, tx.organization_id, term_id, now, tx.actor.label, reason)
    membership = seat.membership
    if not row["set_aside"]:
        rows = await queries.standing_entries(tx, membership_id)
        membership = await _run(tx, seat, rows, _told_anew(rows, seat.program.time_zone))
    await announce(tx, MembershipRenewalVoided(*_subject(membership, seat.program), term_id=term_id))
    return Renewed(await queries.get_term(tx, term_id), membership, seat.program)


async def list_terms(tx: Tx, membership_id: UUID, before: UUID, limit: int) -> tuple[Program, Sequence[Row]]:
    """A membership's history, newest first, with its program; raises MembershipNotFound."""
    seats = await seats_of(tx, await members.seats_by_id(tx, [membership_id]))
    if not seats:
        raise MembershipNotFound
    return seats[0].program, await queries.list_terms(tx, membership_id, before, limit)


async def report_renewals(tx: Tx, first: str, last: str) -> list[RenewalMoneyOut]:
    """Money taken for terms in months such as 2026-01, both included, by month, program and currency."""
    rows = await queries.money_by_month(
        tx, (_month_begin(first), first), (_month_begin(last) + timedelta(days=31), last)
    )
    return [RenewalMoneyOut(**row) for row in rows]


def open_each(tx: Tx, settings: TermSettings, time_zone: str, membership_ids: Sequence[UUID], at: datetime) -> None:
    """Give memberships that were made just now their first term, or mark them as not paid.

    The statements travel with the next message to the database.
    """
    if settings.joining == "unpaid":
        tx.write_soon(queries.OPEN, tx.organization_id, list(membership_ids), at, at, 3, None)
        return
    entry = Entry(at, settings.length(), settings.grace_days)
    term = next_term(None, entry, time_zone)
    tx.write_soon(
        queries.ADD_EACH,
        *(tx.organization_id, _terms_json(entry), at, clock.now(), tx.actor.label, term.ends_at),
        *([new_id() for _ in membership_ids], list(membership_ids)),
    )
    told = stage_at(settings, at, term.ends_at, at, time_zone)
    due_at = due_after(settings, term.ends_at, told, time_zone)
    tx.write_soon(queries.OPEN, tx.organization_id, list(membership_ids), at, term.ends_at, told, due_at)


async def merge_terms(tx: Tx, kept: Membership, merged: Membership) -> None:
    """One membership of two: the later end wins with the history that brought it; the other is kept set aside.

    Both are locked.
    """
    wins = _end(merged) is not None and (_end(kept) is None or _end(merged) > _end(kept))  # type: ignore[operator]  # neither is None there
    loser = kept if wins else merged
    await tx.execute(queries.SET_ASIDE, tx.organization_id, loser.id)
    await tx.execute(queries.HAND_OVER, tx.organization_id, kept.id, merged.id)
    if wins:
        await tx.execute(queries.COPY_RUN, tx.organization_id, kept.id, merged.id)
    await tx.execute(queries.REST, tx.organization_id, merged.id)


async def settle_program(tx: Tx, program_id: UUID, after: UUID, limit: int) -> UUID | None:
    """Apply the term of a program to members who were there before it, some at a time; where to go on.

    They get their first term now, or are not paid; of the others it is noted anew what is to be told when.
    """
    program = await get_program(tx, program_id)
    settings, zone, now = program.settings.term, program.time_zone, clock.now()
    rows = await queries.members_for_update(tx, program_id, after, limit) if settings is not None else []
    if not rows or settings is None:
        await announce(tx, ProgramChanged(program_id=program_id, fields=("term",)))
        return None
    new = [row for row in rows if row["valid_from"] is None]
    if staying := [row["id"] for row in new if row["state"] != "ended"]:
        open_each(tx, settings, zone, staying, now)
    if left := [row["id"] for row in new if row["state"] == "ended"]:
        open_each(tx, settings.model_copy(update={"joining": "unpaid"}), zone, left, now)
    known = [row for row in rows if row["valid_from"] is not None]
    spans = [(row["valid_from"], row["valid_until"]) for row in known]
    told = [
        min(row["term_told"], stage_at(settings, *span, now, zone)) for row, span in zip(known, spans, strict=True)
    ]
    due = [
        None if since == until else due_after(settings, until, stage, zone)
        for (since, until), stage in zip(spans, told, strict=True)
    ]
    await tx.execute(
        queries.RUN,
        *(tx.organization_id, [row["id"] for row in known]),
        *([since for since, _ in spans], [until for _, until in spans], told, due),
    )
    last: UUID = rows[-1]["id"]
    return last


async def tell_due(tx: Tx, limit: int) -> int:
    """Announce what the clock brought: terms that end soon, grace, lapses; how many memberships were looked at."""
    now = clock.now()
    rows = await queries.due_memberships(tx, now, limit)
    programs = await programs_at(tx, {row["program_id"]: row["version"] for row in rows})
    told: list[int] = []
    due: list[datetime | None] = []
    for row in rows:
        program = programs[row["program_id"]]
        settings, zone = program.settings.term, program.time_zone
        if settings is None:
            told.append(row["term_told"])
            due.append(None)
            continue
        stage = stage_at(settings, row["valid_from"], row["valid_until"], now, zone)
        if stage > row["term_told"] and row["state"] != "ended":
            await _tell(tx, row, program, stage)
        told.append(max(stage, row["term_told"]))
        due.append(due_after(settings, row["valid_until"], max(stage, row["term_told"]), zone))
    if rows:
        spans = [row["valid_from"] for row in rows], [row["valid_until"] for row in rows]
        await tx.execute(queries.RUN, tx.organization_id, [row["id"] for row in rows], *spans, told, due)
    return len(rows)


async def _tell(tx: Tx, row: Row, program: Program, stage: int) -> None:
    until, settings = row["valid_until"], program.settings.term
    assert settings is not None
    last_day = last_day_of(until, program.time_zone).isoformat()
    subject = (row["id"], program.id, row["customer_id"], until.isoformat(), last_day)
    if stage == 1:
        await announce(tx, MembershipEndsSoon(*subject))
    elif stage == 2:
        lapses_at = end_of_grace(until, settings.grace_days, program.time_zone)
        await announce(tx, MembershipInGrace(*subject, lapses_at=lapses_at.isoformat()))
    else:
        await announce(tx, MembershipLapsed(*subject))


async def _locked(tx: Tx, membership_id: UUID) -> Seat:
    """A membership, held to the end of the transaction; raises MembershipNotFound."""
    return (await seats_of(tx, [await members.seat_for_update(tx, membership_id, "")]))[0]


async def _seat(tx: Tx, membership_id: UUID) -> tuple[Seat, TermSettings]:
    seat = await _locked(tx, membership_id)
    if seat.program.settings.term is None:
        raise NoTerm(program=seat.program.name)
    return seat, seat.program.settings.term


def _require_open(seat: Seat) -> None:
    """Refuse a member who was suspended, and a program that does not run; not one who has not paid."""
    if seat.membership.state != "active":
        raise MembershipNotActive(state=seat.membership.state)
    paid = replace(seat, membership=replace(seat.membership, valid_from=None, valid_until=None))
    require_acting(paid, clock.now())


async def _known(tx: Tx, seat: Seat, reference: str, input_digest: bytes) -> Renewed | None:
    """What was recorded under a reference before; raises TermReferenceReused when that was something else."""
    row = await queries.find_by_reference(tx, reference)
    if row is None:
        return None
    if row["input_digest"] != input_digest:
        raise TermReferenceReused
    return Renewed(row, seat.membership, seat.program, replayed=True)


async def _add(tx: Tx, seat: Seat, new: _New) -> Renewed:
    zone, settings = seat.program.time_zone, seat.program.settings.term
    assert settings is not None, "Whoever adds an entry has looked."
    rows = await queries.standing_entries(tx, seat.membership.id)
    if len(rows) >= MAX_TERMS:
        raise TooManyTerms(limit=MAX_TERMS)
    earlier = [row for row in rows if row["occurred_at"] <= new.entry.at]
    running = next(reversed(_told_anew(earlier, zone)), None)
    if new.kind == "payment":
        _require_none_too_early(earlier, new.entry, rows[len(earlier) :], settings, zone)
    term = next_term(running, new.entry, zone)
    if new.entry.length.until is not None and (term.ends_at <= term.starts_at or term.ends_at <= new.entry.at):
        raise TermIsOver(until=LocalDay(new.entry.length.until))
    term_id, now = new_id(), clock.now()
    added = await tx.fetchval(
        queries.ADD,
        *(tx.organization_id, term_id, seat.membership.id, new.kind, new.reference, new.input_digest),
        *(_terms_json(new.entry), new.amount_minor, new.currency, new.method, new.reason, new.location_id),
        *(new.entry.at, now, tx.actor.label, term.starts_at, term.ends_at),
    )
    if added is None:  # for another membership, at the same time
        raise TermReferenceReused
    rows = await queries.standing_entries(tx, seat.membership.id)
    terms = _told_anew(rows, zone)
    if terms[-1].ends_at.year > LAST_YEAR:
        raise TermTooLong(year=LAST_YEAR)
    membership = await _run(tx, seat, rows, terms)
    await announce(
        tx,
        MembershipRenewed(
            *_subject(membership, seat.program),
            term_id=term_id,
            kind=new.kind,
            amount_minor=new.amount_minor,
            currency=new.currency,
            starts_at=term.starts_at.isoformat(),
            ends_at=term.ends_at.isoformat(),
        ),
    )
    return Renewed(await queries.get_term(tx, term_id), membership, seat.program)


def _require_none_too_early(
    earlier: Sequence[Row], entry: Entry, later: Sequence[Row], settings: TermSettings, time_zone: str
) -> None:
    """Refuse a payment that comes too early, and one that is told late and makes one after it too early."""
    entries = [*map(_entry, earlier), entry, *map(_entry, later)]
    paid = [*(False for _ in earlier), True, *(row["kind"] == "payment" for row in later)]
    for term, each, is_new in zip(terms_of(entries, time_zone), entries[1:], paid[1:], strict=False):
        if is_new:
            _require_near_end(term, each.at, settings, time_zone)


def _require_near_end(running: Term, at: datetime, settings: TermSettings, time_zone: str) -> None:
    first = renewable_from(running.ends_at, settings.renew_early_days, time_zone)
    if at < first:
        raise RenewalTooEarly(
            last_day=LocalDay(last_day_of(running.ends_at, time_zone)),
            first_day=LocalDay(first_day_of(first, time_zone)),
        )


async def _run(tx: Tx, seat: Seat, rows: Sequence[Row], terms: Sequence[Term]) -> Membership:
    """Write the terms of the entries that stand, where they moved, and the span of the membership."""
    zone, now = seat.program.time_zone, clock.now()
    moved = [
        (row["id"], term.starts_at, term.ends_at)
        for row, term in zip(rows, terms, strict=True)
        if (row["starts_at"], row["ends_at"]) != (term.starts_at, term.ends_at)
    ]
    if moved:
        await tx.execute(queries.MOVE, tx.organization_id, *map(list, zip(*moved, strict=True)))
    since = terms[-1].good_since if terms else seat.membership.joined_at
    until = terms[-1].ends_at if terms else since
    settings = seat.program.settings.term
    told, due_at = 3, None
    if settings is not None:
        told = stage_at(settings, since, until, now, zone)
        due_at = due_after(settings, until, told, zone)
    await tx.execute(queries.RUN, tx.organization_id, [seat.membership.id], [since], [until], [told], [due_at])
    membership = replace(seat.membership, valid_from=since, valid_until=until)
    tx.seen[membership.id] = Seat(membership, seat.program)
    return membership


def _month_begin(month: str) -> datetime:
    return datetime.fromisoformat(f"{month}-01T00:00:00Z")


def _told_anew(rows: Sequence[Row], time_zone: str) -> list[Term]:
    return terms_of([_entry(row) for row in rows], time_zone)


def _entry(row: Row) -> Entry:
    return Entry(row["occurred_at"], Length(**row["terms"]["length"]), row["terms"]["grace_days"])


def _terms_json(entry: Entry) -> str:
    length = entry.length.model_dump(mode="json", exclude_none=True)
    return orjson.dumps({"length": length, "grace_days": entry.grace_days}).decode()


def _digest(kind: str, membership_id: UUID, told: str) -> bytes:
    return digest(f"{kind} {membership_id} {told}".encode())


def _subject(member: Membership, program: Program) -> tuple[UUID, UUID, UUID, str | None, str | None]:
    until = _end(member)
    last_day = None if until is None else last_day_of(until, program.time_zone).isoformat()
    return member.id, program.id, member.customer_id, None if until is None else until.isoformat(), last_day


def _end(member: Membership) -> datetime | None:
    """When a membership ends; None when nothing was paid."""
    return member.valid_until if member.valid_from != member.valid_until else None

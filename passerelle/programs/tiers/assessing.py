"""How a decision about tiers is made and kept: amounts are read, ``rules`` decide, one statement writes.

Cases are decided with their membership locked, which also orders two tills that change the same member. Part of the
public door, service.py.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.days import midnight
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.programs.tiers import queries, rules
from passerelle.programs.tiers.bringing import Place, bring, take_back
from passerelle.programs.tiers.events import TierChanged
from passerelle.programs.tiers.rules import Anchor, Basis, Cause, Held, Proof, Situation
from passerelle.programs.tiers.values import TierSet
from passerelle.programs.tiers.windows import MOMENT, Span, local_day, period_key
from passerelle.programs.values import Seat
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import PurchaseSpan

# How often time alone may change one member in a go: a year of days. What is left comes with the next go.
_MOST_STEPS: Final = 400


@dataclass(frozen=True, slots=True)
class Change:
    """A tier that changed, before it is written down."""

    id: UUID
    before: UUID | None
    after: UUID | None
    cause: Cause
    at: datetime
    reason: str | None = None


@dataclass(slots=True)
class Case:
    """One member in one tier set, as decided so far. ``dirty``: it is to be written."""

    membership_id: UUID
    customer_id: UUID
    joined_at: datetime
    tier_ids: Sequence[UUID]
    tier_set: TierSet
    held: Held
    due_at: datetime | None
    dirty: bool = False
    changes: list[Change] = field(default_factory=list)

    def become(self, held: Held, cause: Cause, at: datetime, reason: str | None = None) -> None:
        """Take over what was decided at an instant."""
        if held.tier_id != self.held.tier_id:
            self.changes.append(Change(new_id(), self.held.tier_id, held.tier_id, cause, at, reason))
        due_at = rules.next_due(self.tier_set.definition, held, self.joined_at, at)
        self.dirty |= held != self.held or due_at != self.due_at
        self.held, self.due_at = held, due_at

    def note(self, at: datetime, reason: str) -> None:
        """Have something that was done by hand in the history, also when the tier stayed."""
        if not any(change.cause == "manual" for change in self.changes):
            self.changes.append(Change(new_id(), self.held.tier_id, self.held.tier_id, "manual", at, reason))
            self.dirty = True


@dataclass(frozen=True, slots=True)
class _Asked:
    case: Case
    anchor: Anchor
    span: Span


async def cases_of(tx: Tx, membership_ids: Sequence[UUID], sets: Sequence[TierSet]) -> list[Case]:
    """Members in those of the tier sets that their programs have; memberships that ended are left out."""
    cases: dict[UUID, dict[UUID, Case]] = {}
    rows = await queries.states_of(tx, membership_ids)
    for row in rows:
        if row["member_id"] not in cases:
            own = [tier_set for tier_set in sets if tier_set.program_id == row["program_id"]]
            cases[row["member_id"]] = {tier_set.id: _new_case(row, tier_set) for tier_set in own}
        case = cases[row["member_id"]].get(row["tier_set_id"])
        if case is not None:
            case.held, case.due_at = _held(row), row["due_at"]
    return [case for found in cases.values() for case in found.values()]


async def catch_up(tx: Tx, cases: Sequence[Case], now: datetime) -> None:
    """Decide what time alone changed until now, each at the instant at which it was due."""
    for _ in range(_MOST_STEPS):
        late = [case for case in cases if case.due_at is not None and case.due_at <= now]
        if not late:
            return
        await _decide(tx, [(case, case.due_at) for case in late if case.due_at is not None], "time")


async def decide(tx: Tx, cases: Sequence[Case], cause: Cause, now: datetime) -> None:
    """Decide cases after something happened now; what time changed before comes first."""
    await catch_up(tx, cases, now)
    await _decide(tx, [(case, now) for case in cases], cause)


async def amounts_now(tx: Tx, cases: Sequence[Case], now: datetime) -> list[int]:
    """What counts now for each case, to be shown."""
    asked = [_Asked(case, "now", _spans(case, now, "activity")["now"]) for case in cases]
    return await _amounts(tx, asked)


async def write(tx: Tx, cases: Sequence[Case]) -> None:
    """Keep what was decided, in one statement; announce the changes and give what the tiers bring."""
    dirty = [case for case in cases if case.dirty]
    if not dirty:
        return
    told = [(case, change) for case in dirty for change in case.changes]
    shown = _shown(cases)
    rows = await tx.fetch(
        queries.KEEP,
        tx.organization_id,
        *_columns([_state_row(case) for case in dirty], 16),
        list(shown),
        [f"{{{','.join(map(str, tier_ids))}}}" for tier_ids in shown.values()],
        *_columns(_change_rows(told), 10),
        tx.actor.label,
    )
    first = {row["id"]: row["first_in_period"] for row in rows}
    for membership_id, tier_ids in shown.items():
        seat = tx.seen.get(membership_id)
        if isinstance(seat, Seat):
            tx.seen[membership_id] = replace(seat, membership=replace(seat.membership, tier_ids=tuple(tier_ids)))
    for case, change in told:
        if change.before != change.after:
            await _tell(tx, case, change, first_in_period=first[change.id])
    for case in dirty:
        case.dirty, case.changes = False, []


async def _decide(tx: Tx, moments: Sequence[tuple[Case, datetime]], cause: Cause) -> None:
    asked = [_Asked(case, anchor, span) for case, at in moments for anchor, span in _spans(case, at, cause).items()]
    amounts: dict[int, dict[Anchor, int]] = defaultdict(dict)
    for one, amount in zip(asked, await _amounts(tx, asked), strict=True):
        amounts[id(one.case)][one.anchor] = amount
    for case, at in moments:
        situation = Situation(at, case.joined_at, cause, amounts[id(case)])
        case.become(rules.assess(case.tier_set.definition, case.held, situation), cause, at)


def _spans(case: Case, at: datetime, cause: Cause) -> dict[Anchor, Span]:
    return rules.asked(case.tier_set.definition, case.held, case.joined_at, at, cause)


async def _amounts(tx: Tx, asked: Sequence[_Asked]) -> list[int]:
    """The amounts in the order asked for: one statement for each kind of amount."""
    found = [0] * len(asked)
    places: dict[Basis, list[int]] = defaultdict(list)
    for place, one in enumerate(asked):
        places[one.case.tier_set.basis].append(place)
    for basis, numbers in places.items():
        for place, amount in zip(numbers, await _counted(tx, basis, [asked[n] for n in numbers]), strict=True):
            found[place] = amount
    return found


async def _counted(tx: Tx, basis: Basis, asked: Sequence[_Asked]) -> list[int]:
    match basis:
        case "time":
            return [
                rules.days_as_member(
                    one.case.joined_at, one.span.ends_at - MOMENT, one.case.tier_set.definition.time_zone
                )
                for one in asked
            ]
        case "balance":
            balances = await ledger.balances(tx, sorted({one.case.membership_id for one in asked}))
            units = [(balances[one.case.membership_id], one.case.tier_set.unit_id) for one in asked]
            return [held[unit_id].active if unit_id in held else 0 for held, unit_id in units]
        case "earned":
            return await queries.earned(tx, _arrays(asked))
    spans = [PurchaseSpan(one.case.customer_id, one.span.starts_at, one.span.ends_at) for one in asked]
    totals = await purchases.totals(tx, spans)
    if basis == "spend":
        return [total.amount_minor for total in totals]
    visits = await queries.visits(tx, _arrays(asked))
    return [total.purchases + others for total, others in zip(totals, visits, strict=True)]


def _arrays(asked: Sequence[_Asked]) -> tuple[list[UUID], list[UUID | None], list[datetime], list[datetime]]:
    return (
        [one.case.membership_id for one in asked],
        [one.case.tier_set.unit_id for one in asked],
        [one.span.starts_at for one in asked],
        [one.span.ends_at for one in asked],
    )


async def _tell(tx: Tx, case: Case, change: Change, *, first_in_period: bool) -> None:
    definition = case.tier_set.definition
    direction = rules.direction(definition, change.before, change.after)
    period = period_key(change.at, definition.period, definition.time_zone)
    await announce(
        tx,
        TierChanged(
            membership_id=case.membership_id,
            program_id=case.tier_set.program_id,
            customer_id=case.customer_id,
            tier_set_id=case.tier_set.id,
            from_tier_id=change.before,
            to_tier_id=change.after,
            direction=direction,
            cause=change.cause,
            period=period,
            first_in_period=first_in_period,
        ),
    )
    place = Place(case.membership_id, case.customer_id, case.tier_set, change.id, period)
    if direction == "up":
        await bring(tx, place, change.after, first_in_period=first_in_period)
    elif direction == "down" and change.cause == "refund":
        await take_back(tx, place, change.after)


def _shown(cases: Sequence[Case]) -> dict[UUID, list[UUID]]:
    """The tiers that members whose tier changed hold now, in all their sets."""
    held: dict[UUID, list[UUID]] = {}
    for case in cases:
        if not case.changes:
            continue
        tier_ids = held.setdefault(case.membership_id, list(case.tier_ids))
        of_set = {tier.id for tier in case.tier_set.tiers} | case.tier_set.definition.retired.keys()
        tier_ids[:] = [tier_id for tier_id in tier_ids if tier_id not in of_set]
        if case.held.tier_id is not None:
            tier_ids.append(case.held.tier_id)
    return held


def _new_case(row: Any, tier_set: TierSet) -> Case:
    zone = tier_set.definition.time_zone
    counted_from = midnight(local_day(row["joined_at"], zone), zone) - MOMENT
    return Case(
        membership_id=row["member_id"],
        customer_id=row["customer_id"],
        joined_at=row["joined_at"],
        tier_ids=row["tier_ids"],
        tier_set=tier_set,
        held=Held(changed_at=counted_from),
        due_at=None,
    )


def _held(row: Any) -> Held:
    proof = None
    if row["proof_from"] is not None:
        proof = Proof(Span(row["proof_from"], row["proof_to"]), row["proof_amount"], row["proof_measure"])
    return Held(
        changed_at=row["changed_at"],
        tier_id=row["tier_id"],
        since=row["since"],
        ends_at=row["ends_at"],
        grace_until=row["grace_until"],
        recheck_at=row["recheck_at"],
        locked=row["locked"],
        locked_until=row["locked_until"],
        proof=proof,
        definition=row["definition"],
    )


def _state_row(case: Case) -> tuple[object, ...]:
    held, proof = case.held, case.held.proof
    return (
        case.membership_id,
        case.tier_set.id,
        held.tier_id,
        held.since,
        held.changed_at,
        held.ends_at,
        held.grace_until,
        held.recheck_at,
        held.locked,
        held.locked_until,
        proof.span.starts_at if proof else None,
        proof.span.ends_at if proof else None,
        proof.amount if proof else None,
        proof.measure if proof else None,
        held.definition,
        case.due_at,
    )


def _change_rows(told: Sequence[tuple[Case, Change]]) -> list[tuple[object, ...]]:
    """The history's rows. Of two changes to the same tier in one period, only the first may be the first."""
    seen: set[tuple[UUID, UUID | None, str]] = set()
    rows: list[tuple[object, ...]] = []
    for case, change in told:
        definition = case.tier_set.definition
        period = period_key(change.at, definition.period, definition.time_zone)
        place = (case.membership_id, change.after, period)
        better = rules.direction(definition, change.before, change.after) == "up" and place not in seen
        if better:
            seen.add(place)
        rows.append(
            (
                change.id,
                case.membership_id,
                case.tier_set.id,
                change.before,
                change.after,
                change.cause,
                period,
                better,
                change.reason,
                change.at,
            )
        )
    return rows


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]

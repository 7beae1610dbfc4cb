"""Decisions of tiers: which tier somebody holds after something happened; in prose in docs/algorithms/tiers.md.

A decision needs amounts, and says itself in which spans they are to be counted (``asked``). Ranks count from 0, the
lowest tier; ``NONE`` is below all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from passerelle.kit.days import midnight
from passerelle.programs.tiers.windows import (
    MOMENT,
    Period,
    Span,
    Validity,
    Window,
    counted_span,
    grace_until,
    local_day,
    period_of,
    valid_until,
)

Basis = Literal["balance", "earned", "spend", "visits", "time"]
Upgrade = Literal["at_once", "next_period"]
Downgrade = Literal["none", "one_level", "full"]
Refunds = Literal["at_once", "end_of_period"]
Recalculation = Literal["at_once", "next_activity", "next_period"]
Cause = Literal["enrolment", "activity", "refund", "time", "definition", "manual"]
Direction = Literal["up", "down", "same"]
Anchor = Literal["now", "previous", "proof"]

NONE: Final = -1
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
_FOR_EVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tier:
    """``permanent``: once reached it is never lost."""

    id: UUID
    threshold: int
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """What a tier set decides by. ``tiers`` are sorted by threshold, which differ.

    ``key`` names what is decided by, ``measure`` what is counted: equal when that is equal. ``applies_at``: from
    when on a change of the definition may take a tier away. ``retired``: thresholds of tiers that left the set.
    """

    tiers: tuple[Tier, ...]
    basis: Basis = "earned"
    window: Window = field(default_factory=lambda: Window(type="ever"))
    period: Period = "year"
    upgrade: Upgrade = "at_once"
    validity: Validity = field(default_factory=lambda: Validity(type="continuous"))
    downgrade: Downgrade = "full"
    grace_days: int = 0
    grace_to_month_end: bool = False
    refunds: Refunds = "end_of_period"
    time_zone: str = "UTC"
    key: str = ""
    measure: str = ""
    applies_at: datetime = _ALWAYS
    retired: Mapping[UUID, int] = field(default_factory=dict)

    def reached(self, amount: int) -> int:
        """The rank of the highest tier that an amount pays for."""
        return sum(tier.threshold <= amount for tier in self.tiers) - 1

    def rank(self, tier_id: UUID | None) -> int:
        """The rank of a tier; one that was retired ranks as the highest that begins no higher than it did."""
        for rank, tier in enumerate(self.tiers):
            if tier.id == tier_id:
                return rank
        threshold = None if tier_id is None else self.retired.get(tier_id)
        return NONE if threshold is None else self.reached(threshold)

    def tier_id(self, rank: int) -> UUID | None:
        """The tier of a rank."""
        return None if rank == NONE else self.tiers[rank].id

    def threshold(self, tier_id: UUID | None) -> int:
        """Where a tier begins, a retired one, too; none begins below zero."""
        known = {tier.id: tier.threshold for tier in self.tiers} | dict(self.retired)
        return NONE if tier_id is None else known.get(tier_id, NONE)

    def is_safe(self, rank: int) -> bool:
        """Whether a tier of this rank cannot be lost: it is permanent, everybody reaches it, or it is none."""
        return rank == NONE or self.tiers[rank].permanent or self.tiers[rank].threshold == 0

    @property
    def follows(self) -> bool:
        """Whether tiers follow the amount day by day."""
        return self.validity.type == "continuous" and self.upgrade == "at_once"

    def term(self, rank: int, reached_at: datetime) -> datetime | None:
        """Until when a tier is held that takes effect at an instant; None has no term."""
        if self.is_safe(rank):
            return None
        ends_at = valid_until(self.validity, self.period, self.time_zone, reached_at)
        return self.period_at(reached_at).ends_at if ends_at is None and not self.follows else ends_at

    def period_at(self, at: datetime) -> Span:
        """The calendar period at an instant."""
        return period_of(at, self.period, self.time_zone)


@dataclass(frozen=True, slots=True)
class Proof:
    """The amount that a tier was last reached with, and where it was counted."""

    span: Span
    amount: int
    measure: str


@dataclass(frozen=True, slots=True)
class Held:
    """Where a member stands in a tier set.

    ``changed_at``: when counting since the last change began. ``grace_until``: the tier has lapsed and is lost then.
    ``recheck_at``: a refund made the tier doubtful. ``proof`` is None for what was given and not reached.
    ``definition``: the key of the definition that was last decided by.
    """

    changed_at: datetime
    tier_id: UUID | None = None
    since: datetime | None = None
    ends_at: datetime | None = None
    grace_until: datetime | None = None
    recheck_at: datetime | None = None
    locked: bool = False
    locked_until: datetime | None = None
    proof: Proof | None = None
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when a decision is made. ``amounts`` are those that ``asked`` wanted."""

    at: datetime
    joined_at: datetime
    cause: Cause
    amounts: Mapping[Anchor, int]


@dataclass(frozen=True, slots=True)
class _Claim:
    """A tier that the member has a right to at the moment."""

    rank: int
    ends_at: datetime | None
    proof: Proof | None

    @property
    def height(self) -> tuple[int, datetime]:
        """What makes one claim better than another: the tier, then how long it is held."""
        return self.rank, self.ends_at or _FOR_EVER


def asked(definition: Definition, held: Held, joined_at: datetime, at: datetime, cause: Cause) -> dict[Anchor, Span]:
    """In which spans the amount is to be counted for a decision."""

    def span(instant: datetime) -> Span:
        window, period, zone = definition.window, definition.period, definition.time_zone
        return counted_span(window, period, zone, instant, joined_at=joined_at, changed_at=held.changed_at)

    wanted: dict[Anchor, Span] = {"now": span(at)}
    if definition.upgrade == "next_period" or definition.window.type == "calendar":
        wanted["previous"] = span(definition.period_at(at).starts_at - MOMENT)
    if held.proof is not None and (cause == "refund" or _is_past(held.recheck_at, at)):
        wanted["proof"] = held.proof.span
    return wanted


def assess(definition: Definition, held: Held, now: Situation) -> Held:
    """Where a member stands after something happened."""
    if held.locked and not _is_past(held.locked_until, now.at):
        return replace(held, definition=definition.key)
    held = replace(held, locked=False, locked_until=None)
    rank = definition.rank(held.tier_id)
    best = max(_claims(definition, held, now), key=lambda claim: claim.height)
    if best.rank > rank:
        moved = _moved(definition, best, now.at)
        # The tier that everybody begins with is not reached, so counting goes on.
        begins = rank == NONE and definition.tiers[best.rank].threshold == 0
        return replace(moved, changed_at=held.changed_at) if begins else moved
    if best.rank == rank:
        kept = _kept(definition, held, best, now)
        return replace(kept, tier_id=definition.tier_id(rank))
    return _outlasted(definition, held, best, now)


def next_due(definition: Definition, held: Held, joined_at: datetime, at: datetime) -> datetime | None:
    """When time alone may change something for this member; None when it cannot."""
    if held.locked:
        return held.locked_until
    rank, period_end = definition.rank(held.tier_id), definition.period_at(at).ends_at
    due = [held.grace_until or held.ends_at, held.recheck_at]
    if held.definition != definition.key and definition.applies_at > at:
        due.append(definition.applies_at)
    if definition.upgrade == "next_period":
        due.append(period_end)
    elif definition.basis == "time" and rank + 1 < len(definition.tiers):
        joined = local_day(joined_at, definition.time_zone)
        due.append(midnight(joined + timedelta(days=definition.tiers[rank + 1].threshold), definition.time_zone))
    if definition.follows and not definition.is_safe(rank) and definition.downgrade != "none":
        if definition.window.type == "calendar":
            due.append(period_end)
        elif definition.window.type == "rolling":
            tomorrow = local_day(at, definition.time_zone) + timedelta(days=1)
            due.append(midnight(tomorrow, definition.time_zone))
    return min((instant for instant in due if instant is not None and instant > at), default=None)


def assigned(definition: Definition, held: Held, tier_id: UUID | None, at: datetime) -> Held:
    """A tier that somebody was given by hand; it has the validity of one that is reached now."""
    rank = definition.rank(tier_id)
    moved = _moved(definition, _Claim(rank, _given_term(definition, rank, at), None), at)
    return moved if rank != definition.rank(held.tier_id) else replace(moved, since=held.since)


def locked(held: Held, *, locked: bool, until: datetime | None) -> Held:
    """The same with another lock."""
    return replace(held, locked=locked, locked_until=until)


def days_as_member(joined_at: datetime, at: datetime, zone: str) -> int:
    """Local days since somebody joined: 0 on the day itself."""
    return max(0, (local_day(at, zone) - local_day(joined_at, zone)).days)


def direction(definition: Definition, before: UUID | None, after: UUID | None) -> Direction:
    """Whether a change was for the better; a tier may also take the place of a retired one of its threshold."""
    thresholds = definition.threshold(before), definition.threshold(after)
    if thresholds[0] == thresholds[1]:
        return "same"
    return "up" if thresholds[1] > thresholds[0] else "down"


def unreachable(tiers: Sequence[Tier], prices: Sequence[int]) -> list[UUID]:
    """Tiers by balance that begin at a price: who redeems as soon as it can be paid never gets there."""
    return [tier.id for tier in tiers if tier.threshold in prices]


def _claims(definition: Definition, held: Held, now: Situation) -> Iterator[_Claim]:
    yield _Claim(NONE, None, None)
    if definition.tiers[0].threshold == 0:
        yield _Claim(0, None, None)
    spans = asked(definition, held, now.joined_at, now.at, now.cause)
    period_start = definition.period_at(now.at).starts_at
    later = definition.upgrade == "next_period"
    unheard: set[Anchor] = {"proof"}
    if later:
        unheard.add("now")  # what is reached in this period waits for the next one
    elif definition.follows:
        unheard.add("previous")
    for anchor, amount in now.amounts.items():
        if anchor in unheard:
            continue
        rank = definition.reached(amount)
        begins_at = now.at if anchor == "now" else period_start if later else period_start - MOMENT
        ends_at = definition.term(rank, begins_at)
        if ends_at is None or ends_at > now.at:
            yield _Claim(rank, ends_at, Proof(spans[anchor], amount, definition.measure))


def _kept(definition: Definition, held: Held, best: _Claim, now: Situation) -> Held:
    """The amount of the tier is there. What does not change its term is not written down again."""
    over = held.grace_until is not None or _is_past(held.ends_at, now.at)
    disproved = _is_doubtful(definition, held, now) and not _is_proven(definition, held, now)
    if definition.follows:
        ends_at = None if over else held.ends_at
    elif over or disproved or held.ends_at is None or best.ends_at is None:
        ends_at = best.ends_at
    else:
        ends_at = max(held.ends_at, best.ends_at)
    anew = over or disproved or ends_at != held.ends_at or (held.proof is None and ends_at == best.ends_at)
    return replace(
        held,
        changed_at=now.at if over else held.changed_at,
        ends_at=ends_at,
        grace_until=None,
        recheck_at=None if anew or definition.follows else _recheck_at(definition, held, now),
        proof=best.proof if anew else held.proof,
        definition=definition.key,
    )


def _outlasted(definition: Definition, held: Held, best: _Claim, now: Situation) -> Held:
    """The amount of the tier is no longer there: it is held still, lapses into its grace, or is lost."""
    if definition.is_safe(definition.rank(held.tier_id)):
        return replace(_still(definition, held, now), ends_at=None, grace_until=None, recheck_at=None)
    if held.grace_until is not None:
        over = held.grace_until <= now.at
        return _lowered(definition, held, best, now) if over else _still(definition, held, now)
    lapsed_at = _lapsed_at(definition, held, now)
    if lapsed_at is not None:
        return _lapsed(definition, held, best, now, lapsed_at)
    return replace(_still(definition, held, now), recheck_at=_recheck_at(definition, held, now))


def _lapsed(definition: Definition, held: Held, best: _Claim, now: Situation, lapsed_at: datetime) -> Held:
    """A refund takes at once what it undid; everything else leaves the grace that there is."""
    if now.cause == "refund" and definition.refunds == "at_once":
        return _moved(definition, best, now.at)
    if definition.downgrade == "none":
        return replace(_still(definition, held, now), ends_at=None, recheck_at=None)
    days, to_month_end = definition.grace_days, definition.grace_to_month_end
    graced = grace_until(lapsed_at, days, definition.time_zone, to_month_end=to_month_end) if days else now.at
    if graced > now.at:
        return replace(_still(definition, held, now), grace_until=graced, recheck_at=None)
    return _lowered(definition, held, best, now)


def _lowered(definition: Definition, held: Held, best: _Claim, now: Situation) -> Held:
    """A tier is lost: to what the amount pays for, or one level with the term of a tier that is reached now."""
    below = definition.rank(held.tier_id) - 1
    if definition.downgrade != "one_level" or best.rank >= below:
        return _moved(definition, best, now.at)
    return _moved(definition, _Claim(below, _given_term(definition, below, now.at), None), now.at)


def _given_term(definition: Definition, rank: int, at: datetime) -> datetime | None:
    """Until when a tier is held that was given and not reached; one without a term, to the end of the period."""
    if definition.is_safe(rank):
        return None
    return definition.term(rank, at) or definition.period_at(at).ends_at


def _lapsed_at(definition: Definition, held: Held, now: Situation) -> datetime | None:
    """Since when a tier is held without a right to it; None while there is one."""
    recheck_due = _is_past(held.recheck_at, now.at)
    if held.definition != definition.key:
        if now.at < definition.applies_at:
            return None
        if not _is_proven(definition, held, now):
            return now.at
    if definition.follows:
        waits = held.recheck_at is not None and not recheck_due
        refunded = now.cause == "refund" and definition.refunds == "end_of_period" and not recheck_due
        if waits or refunded or (held.ends_at is not None and held.ends_at > now.at):
            return None
        return held.ends_at or now.at
    if held.ends_at is not None and held.ends_at <= now.at:
        return held.ends_at
    return now.at if _is_doubtful(definition, held, now) and not _is_proven(definition, held, now) else None


def _is_doubtful(definition: Definition, held: Held, now: Situation) -> bool:
    """Whether something was taken back that the tier may have been reached with, and it is time to look."""
    return _is_past(held.recheck_at, now.at) or (now.cause == "refund" and definition.refunds == "at_once")


def _recheck_at(definition: Definition, held: Held, now: Situation) -> datetime | None:
    """When to look at a tier again that a refund may have undone: at the end of the period, not before."""
    if now.cause == "refund" and definition.refunds == "end_of_period" and held.recheck_at is None:
        return definition.period_at(now.at).ends_at
    return None if _is_past(held.recheck_at, now.at) else held.recheck_at


def _is_proven(definition: Definition, held: Held, now: Situation) -> bool:
    """Whether the amount that the tier was reached with would still reach it; what was given needs no proof."""
    if held.proof is None:
        return True
    if held.proof.measure != definition.measure:
        return False
    amount = now.amounts.get("proof", held.proof.amount)
    return definition.reached(amount) >= definition.rank(held.tier_id)


def _still(definition: Definition, held: Held, now: Situation) -> Held:
    """Held on. A change of the definition that may not take anything yet stays to be decided."""
    rank = definition.rank(held.tier_id)
    held = replace(held, tier_id=definition.tier_id(rank))
    if now.at < definition.applies_at:
        return held
    endless = held.definition != definition.key and held.ends_at is None and definition.downgrade != "none"
    ends_at = definition.term(rank, now.at) if endless and not definition.follows else held.ends_at
    return replace(held, ends_at=ends_at, definition=definition.key)


def _moved(definition: Definition, claim: _Claim, at: datetime) -> Held:
    return Held(
        changed_at=at,
        tier_id=definition.tier_id(claim.rank),
        since=None if claim.rank == NONE else at,
        ends_at=claim.ends_at,
        proof=claim.proof,
        definition=definition.key,
    )


def _is_past(instant: datetime | None, at: datetime) -> bool:
    return instant is not None and instant <= at

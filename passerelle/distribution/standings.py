"""Where a member stands, in words for the member: balances, tier, rewards ready and coming, what lapses next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from passerelle.distribution.wording import texts
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.money import Money
from passerelle.programs import service as programs
from passerelle.programs.schemas import NextExpiry, Program, Standing, Unit
from passerelle.programs.terms.schemas import MemberTermOut
from passerelle.programs.tiers import service as tiers
from passerelle.programs.tiers.schemas import MemberTier
from passerelle.rewards import service as rewards
from passerelle.rewards.schemas import ReadyReward

_MOST_LAPSING: Final = 3
_MOST_READY: Final = 10


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to come: its name, what is missing in words, and how much of the way is done, 0 to 100."""

    name: str
    missing: str
    percent: int
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Gift:
    """A reward that is ready so many times; ``picture`` is a path on our own server."""

    name: str
    count: int
    picture: str | None


@dataclass(frozen=True, slots=True)
class TierShown:
    """A tier that is held, and the next one."""

    name: str | None
    until: str | None
    goal: Goal | None


@dataclass(frozen=True, slots=True)
class MemberShown:
    """All of it for one membership; ``term`` and ``lapsing`` are whole phrases, ``term`` None where none ends."""

    program_name: str
    term: str | None
    balances: Sequence[str]
    tiers: Sequence[TierShown]
    ready: Sequence[Gift]
    coming: Goal | None
    lapsing: Sequence[str]


async def read_member(tx: Tx, membership_id: UUID, language: Language) -> MemberShown:
    """Read it now; raises MembershipNotFound."""
    standing = await programs.standing(tx, membership_id)
    program = standing.program
    found = await rewards.ready_rewards(tx, standing)
    expiries = (await programs.next_expiries_of(tx, [standing]))[membership_id]
    return MemberShown(
        program_name=program.name_in(language),
        term=_term(MemberTermOut.of(standing.membership, program, clock.now()), language),
        balances=[
            amount_text(unit, program, standing.spendable(unit.id), language)
            for unit in program.units
            if unit.spendable
        ],
        tiers=[_tier(each, program, language) for each in await tiers.tiers_of(tx, standing)],
        ready=[
            Gift(each.reward.name_in(language), each.ready_count + each.issued_count, _picture(each))
            for each in found
            if each.ready_count + each.issued_count > 0
        ][-_MOST_READY:],
        coming=_coming(found, standing, language),
        lapsing=[_lapsing(each, program, language) for each in expiries[:_MOST_LAPSING]],
    )


def amount_text(unit: Unit, program: Program, amount: int, language: Language) -> str:
    """So many of a unit: “12 points”, “4,50 €”."""
    if unit.kind == "money":
        return Money(amount, program.currency).formatted(language)
    return f"{format_decimal(unit.shown(amount), locale=language)} {unit.name(amount, language)}"


def day_text(day: date, language: Language) -> str:
    """A day as a reader writes it."""
    return format_date(day, "long", locale=language)


def _coming(found: Sequence[ReadyReward], standing: Standing, language: Language) -> Goal | None:
    """The cheapest reward that the balance does not pay for yet."""
    for each in found:
        unit_id = each.reward.unit_id
        if each.missing <= 0 or each.held_back is not None or each.price is None or unit_id is None:
            continue
        unit = next((unit for unit in standing.program.units if unit.id == unit_id), None)
        if unit is not None:
            missing = amount_text(unit, standing.program, each.missing, language)
            goal = _goal(each.reward.name_in(language), missing, each.price - each.missing, each.price, language)
            return replace(goal, picture=_picture(each))
    return None


def _picture(ready: ReadyReward) -> str | None:
    """What was uploaded here; the pages' policy lets nothing in from elsewhere."""
    url = ready.reward.image_url
    return url if url is not None and url.startswith("/images/") else None


def _tier(member: MemberTier, program: Program, language: Language) -> TierShown:
    following, ends_at = member.next_tier, member.held.ends_at
    goal = None
    if following is not None and member.missing > 0:
        have = max(member.amount, 0)
        missing = _basis_text(member, program, language)
        goal = _goal(following.name_in(language), missing, have, have + member.missing, language)
    return TierShown(
        name=member.tier.name_in(language) if member.tier else None,
        until=day_text(_last_day(ends_at, program.time_zone), language) if ends_at and member.tier else None,
        goal=goal,
    )


def _term(term: MemberTermOut | None, language: Language) -> str | None:
    if term is None:
        return None
    day = day_text(term.last_day, language) if term.last_day else ""
    return texts(language)[f"term_{term.status}" if day or term.status == "unpaid" else "term_endless"].format(
        day=day
    )


def _last_day(ends_at: datetime, time_zone: str) -> date:
    return (ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(time_zone)).date()


def _basis_text(member: MemberTier, program: Program, language: Language) -> str:
    """What a tier still wants, in what it counts."""
    missing, basis = member.missing, member.tier_set.basis
    if basis == "spend":
        return Money(missing, program.currency).formatted(language)
    unit = next((unit for unit in program.units if unit.id == member.tier_set.unit_id), None)
    if unit is not None:
        return amount_text(unit, program, missing, language)
    number = format_decimal(missing, locale=language)
    return texts(language)["tier_days" if basis == "time" else "tier_visits"].format(number=number)


def _goal(name: str, missing: str, have: int, wanted: int, language: Language) -> Goal:
    said = texts(language)["still_missing"].format(missing=missing)
    return Goal(name, said, min(100, max(0, 100 * have // wanted)) if wanted else 0)


def _lapsing(expiry: NextExpiry, program: Program, language: Language) -> str:
    unit = next(unit for unit in program.units if unit.id == expiry.unit_id)
    amount = amount_text(unit, program, expiry.amount, language)
    return texts(language)["lapses"].format(amount=amount, day=day_text(expiry.last_day, language))

"""Decisions of referral; written in prose, with tables, in docs/algorithms/community.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from passerelle.programs.community_settings import CapPeriod, Milestone, ReferralSettings

State = Literal["joined", "qualified", "rewarded", "refused"]
RefusedReason = Literal[
    "member_before", "same_customer", "same_email", "same_household", "below_minimum", "too_late", "not_running"
]
ShareReason = Literal["cap_total", "cap_period", "referrer_not_active"]
_LOOK_ALIKES: Final = str.maketrans({"o": "0", "i": "1", "l": "1"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known when somebody joins with a code. ``created``: they were no member of this program before."""

    created: bool
    same_customer: bool
    same_email: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a purchase means for a friend who joined: qualified, refused with the reason, or waiting for another."""

    state: Literal["qualified", "refused", "joined"]
    reason: RefusedReason | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Friends for whom a referrer was rewarded before, in all and in the cap's period."""

    total: int
    in_period: int


def why_no_friend(arrival: Arrival) -> RefusedReason | None:
    """Why somebody who joined with a code is nobody's friend; None for a friend."""
    if arrival.same_customer:
        return "same_customer"
    if not arrival.created:
        return "member_before"
    return "same_email" if arrival.same_email else None


def judge(
    settings: ReferralSettings, *, joined_at: datetime, occurred_at: datetime, amount_minor: int, same_household: bool
) -> Verdict:
    """What a purchase of a friend in state “joined” means; the time is ``[joined_at, joined_at + within_days)``.

    A purchase from before they joined says nothing: a till that was offline may tell it late.
    """
    if occurred_at < joined_at:
        return Verdict("joined")
    if occurred_at >= joined_at + timedelta(days=settings.within_days):
        return Verdict("refused", "too_late")
    if amount_minor < settings.minimum_amount_minor:
        return Verdict("refused", "below_minimum") if settings.first_purchase_only else Verdict("joined")
    if same_household and settings.refuse_household:
        return Verdict("refused", "same_household")
    return Verdict("qualified")


def why_no_share(settings: ReferralSettings, counted: Counted, *, referrer_acts: bool) -> ShareReason | None:
    """Why the referrer gets nothing for a friend who qualified; None when they do."""
    if not referrer_acts:
        return "referrer_not_active"
    if settings.max_per_referrer is not None and counted.total >= settings.max_per_referrer:
        return "cap_total"
    if settings.max_per_period is not None and counted.in_period >= settings.max_per_period:
        return "cap_period"
    return None


def milestone_at(milestones: Sequence[Milestone], friends: int) -> Milestone | None:
    """The milestone that exactly so many rewarded friends reach."""
    return next((milestone for milestone in milestones if milestone.friends == friends), None)


def period_of(instant: datetime, period: CapPeriod, time_zone: str) -> tuple[datetime, datetime]:
    """The calendar period ``[from, to)`` of an instant in the program's time zone."""
    zone = ZoneInfo(time_zone)
    local = instant.astimezone(zone)
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    first = (local.month - 1) // months * months
    start = datetime(local.year, first + 1, 1, tzinfo=zone)
    years, month = divmod(first + months, 12)
    return start, datetime(local.year + years, month + 1, 1, tzinfo=zone)


def normal_code(text: str) -> str:
    """A code as it is kept, from what was typed: no case, blanks or hyphens, look-alike letters understood."""
    kept = "".join(letter for letter in text.casefold() if letter.isascii() and letter.isalnum())
    return kept.translate(_LOOK_ALIKES)

"""Decisions of ticketing: whether a ticket may be issued, and whether it lets in. docs/algorithms/ticketing.md."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

EventState = Literal["published", "cancelled"]
TicketState = Literal["issued", "used", "cancelled"]
TicketCondition = Literal["valid", "used", "expired", "blocked"]
Entry = Literal["admit", "other_event", "ticket_cancelled", "event_cancelled", "used", "over", "too_early"]
Exit = Literal["leave", "other_event", "not_inside", "no_reentry"]
Issue = Literal["issue", "event_cancelled", "over", "sold_out"]

OPENS_BEFORE: Final = timedelta(hours=2)
"""How long before its start an event lets people in when it names no doors."""
LASTS: Final = timedelta(hours=12)
"""How long after its start an event lets people in when it names no end."""
LONGEST: Final = timedelta(days=31)
CODE_LENGTH: Final = 16
MAX_CAPACITY: Final = 1_000_000
# What people type for the letters that codes do not have (Crockford's base 32).
_TYPED: Final = str.maketrans({"o": "0", "i": "1", "l": "1"})


@dataclass(frozen=True, slots=True)
class Times:
    """When an event is; tickets let in in ``[opens_at, closes_at)``."""

    starts_at: datetime
    ends_at: datetime | None = None
    doors_at: datetime | None = None

    @property
    def opens_at(self) -> datetime:
        return self.doors_at or self.starts_at - OPENS_BEFORE

    @property
    def closes_at(self) -> datetime:
        return self.ends_at or self.starts_at + LASTS

    def fit(self) -> bool:
        """Whether doors, start and end follow each other, within reason."""
        doors_fit = self.doors_at is None or timedelta(0) <= self.starts_at - self.doors_at <= LONGEST
        return doors_fit and timedelta(0) < self.closes_at - self.starts_at <= LONGEST


def judge_issue(state: EventState, times: Times, capacity: int | None, issued: int, now: datetime) -> Issue:
    """Whether one more ticket may be issued; ``issued`` counts those that were not cancelled."""
    if state == "cancelled":
        return "event_cancelled"
    if now >= times.closes_at:
        return "over"
    return "sold_out" if capacity is not None and issued >= capacity else "issue"


def judge_entry(
    ticket: TicketState,
    event: EventState,
    times: Times,
    now: datetime,
    *,
    is_other_event: bool = False,
    may_return: bool = False,
) -> Entry:
    """Whether a ticket lets in now: the first thing that forbids it is the one that is told.

    ``may_return`` when its holder left and the event lets people in again.
    """
    forbidden: tuple[tuple[bool, Entry], ...] = (
        (is_other_event, "other_event"),
        (ticket == "cancelled", "ticket_cancelled"),
        (event == "cancelled", "event_cancelled"),
        (ticket == "used" and not may_return, "used"),
        (now >= times.closes_at, "over"),
        (now < times.opens_at, "too_early"),
    )
    return next((verdict for holds, verdict in forbidden if holds), "admit")


def judge_exit(ticket: TicketState, *, has_left: bool, reentry: bool, is_other_event: bool = False) -> Exit:
    """Whether somebody can be checked out with a ticket, to come in with it again; also after the end."""
    if is_other_event:
        return "other_event"
    if ticket != "used" or has_left:
        return "not_inside"
    return "leave" if reentry else "no_reentry"


def condition_of(
    ticket: TicketState, event: EventState, times: Times, now: datetime, *, reentry: bool = False
) -> TicketCondition:
    """What wallets show of a ticket: a blocked one may come back with its event, used and expired ones are over.

    With ``reentry`` a used ticket is needed until the end.
    """
    if ticket == "cancelled" or event == "cancelled":
        return "blocked"
    if ticket == "used" and not (reentry and now < times.closes_at):
        return "used"
    return "expired" if now >= times.closes_at else "valid"


def normal_code(typed: str) -> str:
    """A code as it is looked up: case, blanks, hyphens and look-alikes do not matter."""
    letters = "".join(character for character in typed.lower() if character.isascii() and character.isalnum())
    return letters.translate(_TYPED)[:64]


def shown_code(code: str) -> str:
    """A code as it is printed, in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4)).upper()

"""Decisions about queues: which instant is meant, whose turn it is, how much may be redeemed. Pure.

The tests read the tables of docs/mechanisms/offline.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

MAX_OPERATIONS: Final = 500
MAX_SEQUENCE: Final = 2**53 - 1
CLOCK_TOLERANCE: Final = timedelta(minutes=5)
MAX_SKEW: Final = timedelta(hours=24)
"""A clock that is further off was never set: what it said of the past means nothing."""
MAX_SINCE_SCAN: Final = timedelta(minutes=15)
"""So long may a card lie on the counter before something is done with it."""
LARGE_GAP: Final = 10_000
"""So many operations are not on their way: a device that jumps as far has lost its counter."""
WAIT_FOR_MISSING: Final = timedelta(hours=1)

Flag = Literal["clock_corrected", "sequence_gap", "late"]
Turn = Literal["now", "after_gap", "late", "wait"]
ClockFault = Literal["clock_wrong", "in_future"]


@dataclass(frozen=True, slots=True)
class Instant:
    """When an operation happened by our clock; ``corrected`` when the device's was off."""

    at: datetime
    corrected: bool = False


def skew_of(sent_at: datetime, now: datetime) -> timedelta:
    """How far a device's clock is behind ours; nothing when it is within the tolerance, else in whole minutes.

    The road from the device to us takes seconds, which must not make two answers of one till.
    """
    behind = now - sent_at
    if abs(behind) <= CLOCK_TOLERANCE:
        return timedelta(0)
    return timedelta(minutes=round(behind / timedelta(minutes=1)))


def instant_of(told_at: datetime, sent_at: datetime, now: datetime) -> Instant | ClockFault:
    """When an operation happened, or why that cannot be known.

    An operation must lie before the moment when the device sent it, by the device's own clock.
    """
    skew = skew_of(sent_at, now)
    if abs(skew) > MAX_SKEW:
        return "clock_wrong"
    if told_at > sent_at + CLOCK_TOLERANCE:
        return "in_future"
    return Instant(min(told_at + skew, now), corrected=bool(skew))


def turn_of(sequence: int, last_sequence: int, skipped_to: int, waited: timedelta) -> Turn:
    """Whether the lowest waiting operation of a device may be applied now.

    It waits for those before it, which may be on their way in another request, unless the device has said that they
    are not coming, the gap is too large for that, or they did not come for an hour.
    """
    if sequence <= last_sequence:
        return "late"
    if sequence == last_sequence + 1:
        return "now"
    missing = sequence - max(last_sequence, skipped_to) - 1
    if missing <= 0 or missing > LARGE_GAP or waited >= WAIT_FOR_MISSING:
        return "after_gap"
    return "wait"

"""Guessing made slow: unknown codes are counted per caller and per organization, in the database.

A caller may try some unknown codes; each one more doubles a pause in which no code is looked up, known or not. The
count survives the refusal that caused it (``Tx.despite_refusal``).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.rewards.coupons import queries
from passerelle.rewards.coupons.errors import TooManyAttempts

WINDOW: Final = timedelta(minutes=10)
FREE_FAILURES: Final = 20
FREE_FAILURES_OF_ORGANIZATION: Final = 1_000
LONGEST_PAUSE: Final = timedelta(minutes=15)
_ORGANIZATION: Final = "organization"


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failures since an instant, and until when nothing is looked up."""

    failures: int
    since: datetime
    blocked_until: datetime | None = None


def after_failure(known: Attempts, now: datetime, free: int) -> Attempts:
    """Count one unknown code: ``free`` cost nothing, the next a pause of one second, then two, four, eight …

    A window without end of pause begins anew ten minutes after its first failure.
    """
    paused = known.blocked_until is not None and now < known.blocked_until + WINDOW
    if now - known.since >= WINDOW and not paused:
        known = Attempts(0, now)
    failures = known.failures + 1
    beyond = failures - free
    if beyond <= 0:
        return Attempts(failures, known.since, known.blocked_until)
    pause = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(beyond - 1, 20)))
    return Attempts(failures, known.since, now + pause)


def seconds_left(blocked_until: datetime | None, now: datetime) -> int:
    """Whole seconds of the pause that are left, rounded up; 0 when there is none."""
    if blocked_until is None or blocked_until <= now:
        return 0
    return -((now - blocked_until) // timedelta(seconds=1))


async def require_patience(tx: Tx) -> None:
    """Refuse with TooManyAttempts while the caller, or the whole organization, must pause."""
    rows = await queries.read_attempts(tx, [tx.actor.label, _ORGANIZATION])
    left = max((seconds_left(row["blocked_until"], clock.now()) for row in rows), default=0)
    if left:
        raise TooManyAttempts(seconds=left)


def count_failure(tx: Tx) -> None:
    """Have an unknown code counted although it is refused."""
    tx.despite_refusal.append(_count_failure)


async def _count_failure(tx: Tx) -> None:
    now = clock.now()
    free = {tx.actor.label: FREE_FAILURES, _ORGANIZATION: FREE_FAILURES_OF_ORGANIZATION}
    await tx.execute(queries.OPEN_ATTEMPTS, tx.organization_id, list(free), now)
    for row in await queries.read_attempts(tx, list(free), for_update=True):
        known = Attempts(row["failures"], row["since"], row["blocked_until"])
        counted = after_failure(known, now, free[row["subject"]])
        await tx.execute(
            queries.KEEP_ATTEMPTS,
            tx.organization_id,
            row["subject"],
            counted.failures,
            counted.since,
            counted.blocked_until,
        )

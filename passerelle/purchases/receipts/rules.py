"""Decisions of receipts: how codes are read, what state shows, when a customer has enough.

The tests read docs/algorithms/receipts.md.
"""

import unicodedata
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from passerelle.kit.days import midnight
from passerelle.purchases.receipts.schemas import ReceiptSettings, ReceiptState

CODE_LETTERS: Final = 12
"""Of 32 letters each: 60 bits, so a million guesses find one of a million receipts once in a million times."""
SHARE_DAYS: Final = 28
GUESS_WINDOW: Final = timedelta(minutes=30)
FREE_GUESSES: Final = 10
FREE_GUESSES_OF_ORGANIZATION: Final = 300
KEPT_UNCLAIMED: Final = timedelta(days=35)
"""Longer than the share looks back, so that it counts everything that was told."""
_MAX_TYPED: Final = 100
_SAME: Final = str.maketrans({"o": "0", "i": "1", "l": "1", "u": "v"})
_LETTERS: Final = frozenset("0123456789abcdefghjkmnpqrstvwxyz")
_DROPPED: Final = frozenset({"Pd", "Zs", "Zl", "Zp", "Cc", "Cf", "Pc"})  # dashes, blanks, controls, underscores


def read_code(text: str) -> str | None:
    """The code that was typed or scanned: None for no code.

    Case, blanks and dashes do not matter, nor look-alikes, nor digits of other scripts.
    """
    if len(text) > _MAX_TYPED:
        return None
    kept = []
    for letter in unicodedata.normalize("NFKC", text).lower():
        digit = unicodedata.decimal(letter, None)
        if unicodedata.category(letter) not in _DROPPED:
            kept.append(letter if digit is None else str(digit))
    code = "".join(kept).translate(_SAME)
    return code if len(code) == CODE_LETTERS and _LETTERS.issuperset(code) else None


def written(code: str) -> str:
    """A code as it is printed: capitals in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, CODE_LETTERS, 4)).upper()


def shown_state(state: str, claim_until: datetime, now: datetime) -> ReceiptState:
    """The state as it is told: an open receipt is expired from the instant ``claim_until``."""
    if state == "open" and now >= claim_until:
        return "expired"
    return state  # type: ignore[return-value]  # the database checks the states


def beginnings(now: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """When the local day and the local month of an instant began."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    return midnight(today, time_zone), midnight(today.replace(day=1), time_zone)


def full_period(settings: ReceiptSettings, today: int, this_month: int) -> tuple[str, int] | None:
    """Which limit keeps a customer from claiming another one, and how many it allows; None when none does."""
    if today >= settings.per_day:
        return "day", settings.per_day
    return ("month", settings.per_month) if this_month >= settings.per_month else None


def must_wait(failures: int, since: datetime, now: datetime, free: int) -> bool:
    """Whether somebody guessed too often in the window that began at ``since``."""
    return failures >= free and now < since + GUESS_WINDOW

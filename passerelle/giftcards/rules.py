"""Decisions of gift cards: what is legal when, how much moves, until when it is good. Pure.

The prose and the tables are in docs/algorithms/giftcards.md; the tests read those tables.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, get_args
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from passerelle.giftcards.errors import (
    AmountNotOffered,
    GiftCardBalanceTooHigh,
    GiftCardBalanceTooLow,
    GiftCardHeld,
    GiftCardNotReloadable,
    GiftCardOtherCurrency,
    GiftCardStateRefused,
    MoreThanRedeemed,
)
from passerelle.kit.money import Money, exponent

State = Literal["PENDING", "ACTIVE", "BLOCKED", "DEACTIVATED"]
Kind = Literal[
    "ACTIVATE",
    "LOAD",
    "REDEEM",
    "CLEAR_BALANCE",
    "DEACTIVATE",
    "ADJUST_INCREMENT",
    "ADJUST_DECREMENT",
    "REFUND",
    "UNLINKED_ACTIVITY_REFUND",
    "IMPORT",
    "IMPORT_REVERSAL",
    "BLOCK",
    "UNBLOCK",
    "TRANSFER_BALANCE_FROM",
    "TRANSFER_BALANCE_TO",
]
Amount = Literal["given", "whole", "none"]
"""Whether the caller names the amount, the card's whole balance moves, or nothing does."""
STATES: Final[tuple[State, ...]] = get_args(State)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

NEXT_STATE: Final[Mapping[Kind, Mapping[State, State]]] = {
    "ACTIVATE": {"PENDING": "ACTIVE"},
    "LOAD": {"ACTIVE": "ACTIVE"},
    "REDEEM": {"ACTIVE": "ACTIVE"},
    "CLEAR_BALANCE": {"ACTIVE": "ACTIVE"},
    "DEACTIVATE": {"PENDING": "DEACTIVATED", "ACTIVE": "DEACTIVATED"},
    "ADJUST_INCREMENT": {"ACTIVE": "ACTIVE"},
    "ADJUST_DECREMENT": {"ACTIVE": "ACTIVE"},
    "REFUND": {"ACTIVE": "ACTIVE"},
    "UNLINKED_ACTIVITY_REFUND": {"ACTIVE": "ACTIVE"},
    "IMPORT": {"PENDING": "ACTIVE"},
    "IMPORT_REVERSAL": {"ACTIVE": "DEACTIVATED"},
    "BLOCK": {"ACTIVE": "BLOCKED"},
    "UNBLOCK": {"BLOCKED": "ACTIVE"},
    "TRANSFER_BALANCE_FROM": {"PENDING": "ACTIVE", "ACTIVE": "ACTIVE"},
    "TRANSFER_BALANCE_TO": {"ACTIVE": "ACTIVE", "BLOCKED": "BLOCKED"},
}
"""The state after an activity, by the state before it; a state that is missing forbids it."""
AMOUNT: Final[Mapping[Kind, Amount]] = {
    "ACTIVATE": "given",
    "LOAD": "given",
    "REDEEM": "given",
    "CLEAR_BALANCE": "whole",
    "DEACTIVATE": "whole",
    "ADJUST_INCREMENT": "given",
    "ADJUST_DECREMENT": "given",
    "REFUND": "given",
    "UNLINKED_ACTIVITY_REFUND": "given",
    "IMPORT": "given",
    "IMPORT_REVERSAL": "whole",
    "BLOCK": "none",
    "UNBLOCK": "none",
    "TRANSFER_BALANCE_FROM": "whole",
    "TRANSFER_BALANCE_TO": "whole",
}
TRANSFER_KIND: Final[Mapping[Kind, Literal["accrual", "redemption", "adjustment", "reversal"]]] = {
    "ACTIVATE": "accrual",
    "LOAD": "accrual",
    "REDEEM": "redemption",
    "CLEAR_BALANCE": "adjustment",
    "DEACTIVATE": "adjustment",
    "ADJUST_INCREMENT": "adjustment",
    "ADJUST_DECREMENT": "adjustment",
    "REFUND": "adjustment",
    "UNLINKED_ACTIVITY_REFUND": "accrual",
    "IMPORT": "accrual",
    "IMPORT_REVERSAL": "reversal",
    "TRANSFER_BALANCE_FROM": "adjustment",
    "TRANSFER_BALANCE_TO": "adjustment",
}
"""Which kind of transfer the ledger books; an activity that is missing books none."""
CREDITS: Final[frozenset[Kind]] = frozenset(
    {"ACTIVATE", "LOAD", "ADJUST_INCREMENT", "REFUND", "UNLINKED_ACTIVITY_REFUND", "IMPORT"}
)
NEEDS_REASON: Final[frozenset[Kind]] = frozenset(
    {"CLEAR_BALANCE", "DEACTIVATE", "ADJUST_INCREMENT", "ADJUST_DECREMENT", "UNLINKED_ACTIVITY_REFUND", "BLOCK"}
)
SOLD: Final[frozenset[Kind]] = frozenset({"ACTIVATE", "LOAD"})
"""What a person pays for; its amounts must be those that the product offers."""

MAX_AMOUNT_MINOR: Final = 10**9
RETURN_GRACE: Final = timedelta(days=14)
"""How long an amount that was given back is good at least."""
MAX_HOLD: Final = timedelta(days=7)
MAX_WRONG_PINS: Final = 5
PIN_LOCK: Final = timedelta(minutes=15)
MAX_UNKNOWN_CODES: Final = 30
UNKNOWN_CODES_WINDOW: Final = timedelta(minutes=10)
OWN_CODE: Final = r"^(?:[ -]?[A-Za-z0-9]){8,40}$"
# What people type for the letters that codes do not have (Crockford's base 32).
_TYPED: Final = str.maketrans({"o": "0", "i": "1", "l": "1"})


@dataclass(frozen=True, slots=True)
class Offer:
    """What a product allows: ``amounts_minor``, or any amount from ``minimum_minor`` to ``maximum_minor``."""

    currency: str
    amounts_minor: Sequence[int]
    minimum_minor: int | None
    maximum_minor: int | None
    max_balance_minor: int
    reloadable: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What a card holds now; ``held_minor`` is set aside by holds that have not ended."""

    balance_minor: int
    held_minor: int = 0

    @property
    def available_minor(self) -> int:
        """What may be spent. Money that lapsed under a hold can make the balance less than what is held."""
        return max(0, self.balance_minor - self.held_minor)


def unit_of(organization_id: UUID, currency: str) -> UUID:
    """The ledger's unit for gift cards of one organization and currency: always the same id."""
    return uuid5(organization_id, f"gift-card:{currency}")


def default_max_balance_minor(currency: str) -> int:
    """The most on one card when nothing is said: 10,000 in major units, 1,000,000 where the unit is small (JPY)."""
    ten_thousand: int = 10_000 * 10 ** exponent(currency)
    return max(ten_thousand, 1_000_000)


def state_after(kind: Kind, state: State) -> State:
    """The state after an activity; raises GiftCardStateRefused when it is not legal now."""
    after = NEXT_STATE[kind].get(state)
    if after is None:
        raise GiftCardStateRefused(activity=kind, state=state)
    return after


def require_currency(given: str | None, currency: str, *, foreign: bool) -> None:
    """Refuse another currency than the card's. Who names none means the organization's own."""
    if given != currency and (given is not None or foreign):
        raise GiftCardOtherCurrency(expected=currency, given=given or "—")


def require_offered(kind: Kind, amount_minor: int, offer: Offer) -> None:
    """Refuse to sell an amount that the product does not offer, or to load what is sold once."""
    if kind not in SOLD:
        return
    if kind == "LOAD" and not offer.reloadable:
        raise GiftCardNotReloadable
    if offer.amounts_minor and amount_minor not in offer.amounts_minor:
        raise AmountNotOffered(offered=", ".join(str(Money(each, offer.currency)) for each in offer.amounts_minor))
    low, high = offer.minimum_minor, offer.maximum_minor
    if low is not None and high is not None and not low <= amount_minor <= high:
        raise AmountNotOffered(offered=f"{Money(low, offer.currency)} ... {Money(high, offer.currency)}")


def require_room(kind: Kind, amount_minor: int, figures: Figures, offer: Offer) -> None:
    """Refuse to bring a card above its limit. What was taken from it may always come back."""
    if kind != "REFUND" and figures.balance_minor + amount_minor > offer.max_balance_minor:
        raise GiftCardBalanceTooHigh(
            limit=Money(offer.max_balance_minor, offer.currency), balance=Money(figures.balance_minor, offer.currency)
        )


def spendable(asked_minor: int, figures: Figures, currency: str, *, allow_partial: bool = False) -> int:
    """How much of what is asked is taken: all of it, or what is there when that is allowed.

    Raises GiftCardBalanceTooLow, also when nothing at all is there.
    """
    available = figures.available_minor
    if asked_minor <= available:
        return asked_minor
    if allow_partial and available > 0:
        return available
    raise GiftCardBalanceTooLow(
        available=Money(available, currency),
        available_minor=available,
        needed=Money(asked_minor, currency),
        needed_minor=asked_minor,
        missing=Money(asked_minor - available, currency),
        missing_minor=asked_minor - available,
    )


def require_unheld(figures: Figures, currency: str) -> None:
    """Refuse to take a balance whole while a part of it is set aside."""
    if figures.held_minor:
        raise GiftCardHeld(held=Money(figures.held_minor, currency))


def require_refundable(asked_minor: int, redeemed_minor: int, refunded_minor: int, currency: str) -> None:
    """Refuse more than a redemption took, less what came back of it before."""
    left = redeemed_minor - refunded_minor
    if asked_minor > left:
        raise MoreThanRedeemed(available=Money(left, currency), needed=Money(asked_minor, currency))


def lapses_at(months: int | None, credited_at: datetime, time_zone: str) -> datetime | None:
    """The first instant at which an amount is no longer good: the end of the day so many months later.

    A day that the month does not have is its last one: 31 January and one month is 28 February. Days are those of the
    organization. None is never.
    """
    if months is None:
        return None
    day = credited_at.astimezone(ZoneInfo(time_zone)).date()
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(time_zone))


def latest(first: datetime | None, second: datetime | None) -> datetime | None:
    """The later of two ends; None is never, hence the latest."""
    return None if first is None or second is None else max(first, second)


def returned_until(card_lapses_at: datetime | None, now: datetime) -> datetime | None:
    """How long a refunded amount is good: as long as the rest of the card, and RETURN_GRACE at least."""
    return latest(card_lapses_at, now + RETURN_GRACE)


def normal_code(typed: str) -> str:
    """A code as it is looked up: case, blanks, hyphens and look-alikes do not matter."""
    letters = "".join(character for character in typed.lower() if character.isascii() and character.isalnum())
    return letters.translate(_TYPED)[:64]


def last_four(code: str) -> str:
    """The end of a code as it is printed: all that lists show of it."""
    return "".join(character for character in code if character.isalnum())[-4:].upper()


def shown_code(code: str) -> str:
    """A code of ours as it is printed, in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4)).upper()


@dataclass(frozen=True, slots=True)
class PinState:
    """What is stored about wrong PINs after an attempt."""

    wrong_pins: int
    locked_until: datetime | None


def after_wrong_pin(wrong_pins: int, now: datetime) -> PinState:
    """Count a wrong PIN; the fifth in a row locks the card's PIN for a quarter of an hour."""
    if wrong_pins + 1 >= MAX_WRONG_PINS:
        return PinState(0, now + PIN_LOCK)
    return PinState(wrong_pins + 1, None)

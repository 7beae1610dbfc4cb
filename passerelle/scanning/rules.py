"""Decisions at the counter: what a caller may do with a card, and what may still be undone by whom."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, Literal

Action = Literal["purchase", "redeem", "pay", "renew", "undo"]
GiftCardAction = Literal["redeem", "hold"]
TicketAction = Literal["admit", "check_out", "undo"]
UNDO_BY_CASHIER: Final = timedelta(minutes=30)

_NEEDS: Final[dict[Action, str]] = {
    "purchase": "scans:write",
    "redeem": "rewards:redeem",
    "pay": "rewards:redeem",
    "renew": "members:renew",
    "undo": "scans:write",
}


def allowed_actions(
    scopes: Collection[str],
    *,
    takes_purchases: bool,
    rewards_ready: int,
    pays: bool = False,
    renewable: bool = False,
    code_may: Literal["everything", "earn", "look_up"] = "everything",
) -> list[Action]:
    """What the till should offer: what the caller may do and the card allows now, as it was shown."""
    possible: dict[Action, bool] = {
        "purchase": takes_purchases and code_may != "look_up",
        "redeem": rewards_ready > 0 and code_may == "everything",
        "pay": pays and code_may == "everything",
        "renew": renewable,
        "undo": True,
    }
    return [action for action, sensible in possible.items() if sensible and _has(scopes, _NEEDS[action])]


def coupon_actions(scopes: Collection[str], *, is_active: bool) -> list[Action]:
    """The same for a coupon."""
    return ["redeem"] if is_active and _has(scopes, _NEEDS["redeem"]) else []


def allowed_with_gift_card(scopes: Collection[str], *, is_active: bool, available_minor: int) -> list[GiftCardAction]:
    """What the till should offer for a gift card: to pay with it, or to set an amount aside."""
    if is_active and available_minor > 0 and _has(scopes, "giftcards:redeem"):
        return ["redeem", "hold"]
    return []


def ticket_actions(scopes: Collection[str], *, lets_in: bool, lets_out: bool, is_used: bool) -> list[TicketAction]:
    """What the gate should offer for a ticket: to let in, to let out for a while, or to take the last step back."""
    possible: dict[TicketAction, bool] = {"admit": lets_in, "check_out": lets_out, "undo": is_used}
    return [action for action, sensible in possible.items() if sensible and _has(scopes, "tickets:admit")]


def undo_refusal(
    *, is_own: bool, done_at: datetime, now: datetime, may_undo_all: bool
) -> Literal["not_yours", "too_late"] | None:
    """Why an operation may not be undone by this caller, or None when it may."""
    if may_undo_all:
        return None
    if not is_own:
        return "not_yours"
    return None if now - done_at <= UNDO_BY_CASHIER else "too_late"


def _has(scopes: Collection[str], scope: str) -> bool:
    return scope in scopes or "*" in scopes

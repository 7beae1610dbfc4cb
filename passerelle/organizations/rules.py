"""Decisions of organizations: what a role may do, when an account locks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import available_timezones

Role = Literal["owner", "manager", "cashier", "analyst"]

SCOPES: Final[dict[str, str]] = {
    "organization:read": "See the organization, its locations and settings.",
    "organization:write": "Change the organization, its locations and settings.",
    "operators:read": "See who works here.",
    "operators:write": "Add, invite and change operators.",
    "operators:reset": "Let an operator who forgot the password choose a new one.",
    "keys:write": "Create and revoke API keys.",
    "customers:read": "See customers and their contact data.",
    "customers:write": "Create and change customers.",
    "customers:export": "Export everything known of a customer.",
    "customers:erase": "Erase a customer for good.",
    "programs:read": "See programs, rewards and pass templates.",
    "programs:write": "Change programs, rewards and pass templates.",
    "ledger:read": "See balances and movements.",
    "ledger:adjust": "Adjust balances by hand.",
    "passes:read": "See cards and their installations.",
    "passes:write": "Issue, revoke and update cards.",
    "scans:write": "Scan a card, record a purchase, undo an own operation.",
    "members:renew": "Record payments and renewals of memberships, undo an own one.",
    "rewards:redeem": "Redeem rewards and coupons.",
    "coupons:read": "See coupon campaigns, their progress and what customers hold.",
    "coupons:write": "Change coupon campaigns; make, import, issue and block codes.",
    "coupons:export": "Read and download coupon codes in clear.",
    "giftcards:read": "See gift cards, their products and what happened to them.",
    "giftcards:write": "Sell, load, refund, correct, block and import gift cards.",
    "giftcards:redeem": "Look gift cards up by their code, and pay with them.",
    "tickets:read": "See events, their tickets and who came in.",
    "tickets:write": "Change events; issue and cancel tickets.",
    "tickets:admit": "Let people in with their tickets.",
    "checkins:read": "See who is in at a location, and who came and went.",
    "checkins:write": "Check customers in and out, undo an own check-in.",
    "links:read": "See links, posters and their figures.",
    "links:write": "Create links and posters.",
    "events:read": "Read the event log.",
    "reports:read": "See figures and what needs attention, and follow what happens live.",
    "events:write": "Tell custom events, which may earn.",
}
_CASHIER: Final = frozenset(
    {
        "organization:read",
        "programs:read",
        "scans:write",
        "members:renew",
        "rewards:redeem",
        "giftcards:redeem",
        "tickets:admit",
        "checkins:read",
        "checkins:write",
        "links:read",
    }
)
_ANALYST: Final = frozenset(
    {
        "organization:read",
        "programs:read",
        "ledger:read",
        "giftcards:read",
        "passes:read",
        "links:read",
        "coupons:read",
        "tickets:read",
        "events:read",
        "reports:read",
    }
)
ROLE_SCOPES: Final[dict[Role, frozenset[str]]] = {
    "owner": frozenset(SCOPES),
    "manager": frozenset(SCOPES) - {"keys:write", "operators:write", "organization:write", "customers:erase"},
    "cashier": _CASHIER,
    "analyst": _ANALYST,
}

MAX_FAILED_SIGN_INS: Final = 5
LOCK_MINUTES: Final = 15
SESSION_LIFE: Final = timedelta(days=14)
INVITATION_LIFE: Final = timedelta(days=7)
RESET_LIFE: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class SignInState:
    """What is stored about an operator's failures after an attempt."""

    failed_sign_ins: int
    locked_until: datetime | None


def after_failure(failed_sign_ins: int, now: datetime) -> SignInState:
    """Count a wrong password; the fifth in a row locks the account for a quarter of an hour."""
    failures = failed_sign_ins + 1
    if failures >= MAX_FAILED_SIGN_INS:
        return SignInState(0, now + timedelta(minutes=LOCK_MINUTES))
    return SignInState(failures, None)


def is_locked(locked_until: datetime | None, now: datetime) -> bool:
    """Whether sign-in is refused whatever the password."""
    return locked_until is not None and now < locked_until


def is_time_zone(name: str) -> bool:
    """Whether the name stands in the IANA database."""
    return name in available_timezones()


def normal_email(email: str) -> str:
    """The form in which e-mails of operators are compared."""
    return email.strip().lower()

"""The face of a card, and what faces of coupons, gift cards and tickets have in common."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from passerelle.customers import service as customers
from passerelle.kit.db import Row, Tx
from passerelle.passes.facts import name_facts, organization_facts
from passerelle.passes.schemas import Condition, SubjectCard
from passerelle.passes.wallets.occasion import Occasion
from passerelle.templates.service import CompiledTemplate, Facts


class Face(NamedTuple):
    """What a card shows: the facts of its texts, its condition, and the instant at which it ends.

    ``asks_name``: nobody knows who holds it, so Wallet may ask. ``occasion``: the event that a ticket is for.
    """

    facts: Facts
    condition: Condition
    ends_at: datetime | None
    asks_name: bool = False
    occasion: Occasion | None = None


class Blank(NamedTuple):
    """A card before its subject is written on it: its row, its design, and the facts of who holds it."""

    row: Row
    compiled: CompiledTemplate
    holder: dict[str, Any]

    async def facts(self, tx: Tx, code: str, until: date | None) -> dict[str, Any]:
        """What every card says that is no member's."""
        return {
            **self.holder,
            **await organization_facts(tx, self.compiled),
            "pass.code": code,
            "pass.serial": self.row["serial_number"],
            "pass.expires": until,
            "language": self.compiled.content.language,
        }


async def blanks_of(tx: Tx, cards: Sequence[tuple[Row, CompiledTemplate]]) -> list[Blank]:
    """The cards with those who hold them, where that is known, in their order."""
    known = [row["customer_id"] for row, _ in cards if row["customer_id"] is not None]
    people = await customers.card_facts_of(tx, known) if known else {}
    names = {customer_id: name_facts(person) for customer_id, person in people.items()}
    return [Blank(row, compiled, names.get(row["customer_id"], {})) for row, compiled in cards]


def last_day(ends_at: datetime | None, time_zone: str) -> date | None:
    """The local day on which the last instant before the end lies: people read “until”, not “before”."""
    if ends_at is None:
        return None
    return (ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(time_zone)).date()


def condition_of(row: Row, subject: Condition) -> Condition:
    """The card's own block comes before what its subject is."""
    return subject if row["state"] == "active" else "blocked"


def card_of(row: Row, code: str, subject: Condition, ends_at: datetime | None) -> SubjectCard:
    """The card of a coupon, a gift card or a ticket."""
    return SubjectCard(
        id=row["id"],
        kind=row["subject_kind"],
        subject_id=row["subject_id"],
        customer_id=row["customer_id"],
        program_id=None,
        offering_id=row["offering_id"],
        code=code,
        condition=condition_of(row, subject),
        expires_at=ends_at,
        version=row["version"],
    )

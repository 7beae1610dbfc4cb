"""What the card of a gift card shows: its balance, its code, from whom and for whom it is.

The code is read from the gift card each time and stored nowhere else. A PIN is not on the card: it is asked for at
the till.
"""

from collections.abc import Sequence
from datetime import datetime

from passerelle.giftcards import service as giftcards
from passerelle.giftcards.schemas.cards import GiftCardFacts
from passerelle.kit import clock
from passerelle.kit.db import Row, Tx
from passerelle.kit.money import Money
from passerelle.organizations import service as organizations
from passerelle.passes.face import Blank, Face, blanks_of, card_of, condition_of, last_day
from passerelle.passes.schemas import Condition, SubjectCard
from passerelle.templates.service import CompiledTemplate


async def read_faces(tx: Tx, cards: Sequence[tuple[Row, CompiledTemplate]]) -> list[Face]:
    """The faces of gift cards' cards, in their order."""
    found = await giftcards.card_facts_of(tx, [row["subject_id"] for row, _ in cards])
    zone = (await organizations.get_organization(tx)).time_zone
    return [await _face(tx, blank, found[blank.row["subject_id"]], zone) for blank in await blanks_of(tx, cards)]


async def read_card(tx: Tx, row: Row) -> SubjectCard:
    """A gift card's card as it is now."""
    gift_card = (await giftcards.card_facts_of(tx, [row["subject_id"]]))[row["subject_id"]]
    return card_of(row, gift_card.code, _condition(gift_card, clock.now()), gift_card.lapses_at)


async def _face(tx: Tx, blank: Blank, gift_card: GiftCardFacts, time_zone: str) -> Face:
    until = last_day(gift_card.lapses_at, time_zone)
    balance = Money(gift_card.balance_minor, gift_card.currency)
    product = gift_card.name_in(blank.compiled.content.language)
    facts = {
        **await blank.facts(tx, gift_card.code, until),
        "program.name": product,
        "balance.money": balance,
        "gift_card.product": product,
        "gift_card.balance": balance,
        "gift_card.available": Money(gift_card.available_minor, gift_card.currency),
        "gift_card.currency": gift_card.currency,
        "gift_card.expires_at": until,
        "gift_card.code": gift_card.code,
        "gift_card.number": f"•••• {gift_card.last_four}",
        "gift_card.state": gift_card.state,
        "gift_card.sender": gift_card.sender_name,
        "gift_card.recipient": gift_card.recipient_name or blank.holder.get("customer.full_name"),
        "gift_card.message": gift_card.message,
    }
    return Face(facts, condition_of(blank.row, _condition(gift_card, clock.now())), gift_card.lapses_at)


def _condition(gift_card: GiftCardFacts, now: datetime) -> Condition:
    """A card that was not sold yet is blocked, too: ACTIVATE makes it good."""
    if gift_card.state != "ACTIVE":
        return "blocked"
    return "expired" if gift_card.lapses_at is not None and gift_card.lapses_at <= now else "valid"

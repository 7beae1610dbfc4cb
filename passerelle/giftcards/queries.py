"""Every SQL text of gift cards; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import func, select

from passerelle.giftcards.errors import (
    GiftCardActivityNotFound,
    GiftCardHoldNotFound,
    GiftCardNotFound,
    GiftCardProductNotFound,
)
from passerelle.giftcards.models import GiftCardProductRow
from passerelle.giftcards.rules import Offer
from passerelle.giftcards.schemas.activities import Activity
from passerelle.giftcards.schemas.cards import GiftCard
from passerelle.kit.db import Busy, Row, Tx

_CARD: Final = """
SELECT g.id, g.product_id, g.state, g.currency, p.is_foreign, g.last_four, g.pin IS NOT NULL AS has_pin, g.lapses_at,
       g.activated_at, g.deliver_at, p.amounts_minor, p.minimum_minor, p.maximum_minor, p.max_balance_minor,
       p.reloadable, p.expires_after_months
FROM gift_cards g
JOIN gift_card_products p ON p.organization_id = g.organization_id AND p.id = g.product_id
WHERE g.organization_id = $1
"""
_LOCK: Final = f"{_CARD} AND g.id = ANY($2) ORDER BY g.id FOR NO KEY UPDATE OF g"
_BY_CODE: Final = f"{_CARD} AND g.code_index = $2"
_BY_ID: Final = f"{_CARD} AND g.id = $2"
_HELD: Final = """
SELECT coalesce(sum(amount_minor), 0)::bigint FROM gift_card_holds
WHERE organization_id = $1 AND gift_card_id = $2 AND state = 'held' AND expires_at > $3 AND id <> $4
"""
_HELD_BY_CARD: Final = """
SELECT gift_card_id, sum(amount_minor)::bigint AS held FROM gift_card_holds
WHERE organization_id = $1 AND gift_card_id = ANY($2) AND state = 'held' AND expires_at > $3 GROUP BY 1
"""
_ACTIVITY: Final = """id, gift_card_id, type, amount_minor, balance_minor, asked_minor, transfer_id, reference,
       reason, redemption_id, other_gift_card_id, hold_id, location_id, actor, occurred_at"""
_BY_REFERENCE: Final = f"""
SELECT {_ACTIVITY}, digest FROM gift_card_activities
WHERE organization_id = $1 AND gift_card_id = $2 AND reference = $3
"""
_GET_ACTIVITY: Final = f"SELECT {_ACTIVITY} FROM gift_card_activities WHERE organization_id = $1 AND id = $2"
_ACTIVITIES: Final = f"""
SELECT {_ACTIVITY} FROM gift_card_activities WHERE organization_id = $1 AND gift_card_id = $2 AND id < $3
ORDER BY id DESC LIMIT $4
"""
_MOVED: Final = f"""
SELECT {_ACTIVITY} FROM gift_card_activities
WHERE organization_id = $1 AND gift_card_id = $2 AND type NOT IN ('BLOCK', 'UNBLOCK') ORDER BY id LIMIT 2
"""
_REFUNDED: Final = """
SELECT coalesce(sum(amount_minor), 0)::bigint FROM gift_card_activities
WHERE organization_id = $1 AND redemption_id = $2
"""
ADDED: Final = ("digest", *_ACTIVITY.replace(",", " ").split())
ADD_ACTIVITY: Final = f"""
INSERT INTO gift_card_activities (organization_id, {", ".join(ADDED)})
VALUES ($1, {", ".join(f"${number}" for number in range(2, len(ADDED) + 2))})
"""
SET_STATE: Final = """
UPDATE gift_cards SET state = $3, lapses_at = $4, activated_at = coalesce(activated_at, $5)
WHERE organization_id = $1 AND id = $2
"""
ADD_CARD: Final = """
INSERT INTO gift_cards (organization_id, id, product_id, currency, state, code, code_index, last_four, pin,
    customer_id, sender_name, recipient_name, recipient_email, message, deliver_at, created_at)
VALUES ($1, $2, $3, $4, 'PENDING', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (organization_id, code_index) DO NOTHING RETURNING id
"""
_TAKEN: Final = "SELECT code_index FROM gift_cards WHERE organization_id = $1 AND code_index = ANY($2)"
_WIDE: Final = """
SELECT g.*, p.name AS product_name, p.names AS product_names, p.template_id FROM gift_cards g
JOIN gift_card_products p ON p.organization_id = g.organization_id AND p.id = g.product_id
WHERE g.organization_id = $1
"""
_WIDE_BY_ID: Final = f"{_WIDE} AND g.id = $2"
_WIDE_BY_IDS: Final = f"{_WIDE} AND g.id = ANY($2::uuid[])"
_PAGE: Final = f"""
{_WIDE} AND g.id < $2 AND ($4::text IS NULL OR g.state = $4) AND ($5::uuid IS NULL OR g.product_id = $5)
AND ($6::uuid IS NULL OR g.customer_id = $6) ORDER BY g.id DESC LIMIT $3
"""
CHANGE: Final = """
UPDATE gift_cards SET sender_name = $3, recipient_name = $4, recipient_email = $5, message = $6, deliver_at = $7
WHERE organization_id = $1 AND id = $2
"""
MERGE: Final = "UPDATE gift_cards SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
FORGET: Final = """
UPDATE gift_cards SET sender_name = NULL, recipient_name = NULL, recipient_email = NULL, message = NULL
WHERE organization_id = $1 AND customer_id = $2
"""
_PIN: Final = """
SELECT pin, wrong_pins, pin_locked_until FROM gift_cards WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE
"""
COUNT_PIN: Final = """
UPDATE gift_cards SET wrong_pins = $3, pin_locked_until = $4 WHERE organization_id = $1 AND id = $2
"""
_HOLD: Final = "id, gift_card_id, amount_minor, captured_minor, state, reference, created_at, expires_at"
ADD_HOLD: Final = """
INSERT INTO gift_card_holds (organization_id, id, gift_card_id, amount_minor, reference, actor, created_at,
    expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_GET_HOLD: Final = f"SELECT {_HOLD} FROM gift_card_holds WHERE organization_id = $1 AND gift_card_id = $2 AND id = $3"
_HOLD_BY_REFERENCE: Final = f"""
SELECT {_HOLD} FROM gift_card_holds WHERE organization_id = $1 AND gift_card_id = $2 AND reference = $3
"""
_HOLDS: Final = f"""
SELECT {_HOLD} FROM gift_card_holds WHERE organization_id = $1 AND gift_card_id = $2 AND id < $3
ORDER BY id DESC LIMIT $4
"""
END_HOLD: Final = """
UPDATE gift_card_holds SET state = $3, captured_minor = $4 WHERE organization_id = $1 AND id = $2
"""
_CURRENCIES: Final = "SELECT DISTINCT currency FROM gift_card_products WHERE organization_id = $1 ORDER BY currency"
_NOBODY: Final = UUID(int=0)


async def cards_for_update(tx: Tx, gift_card_ids: Sequence[UUID]) -> dict[UUID, GiftCard]:
    """Cards locked to the end of the transaction, in the order of their ids. Raises GiftCardNotFound, Busy."""
    try:
        rows = await tx.fetch(_LOCK, tx.organization_id, sorted(set(gift_card_ids)))
    except asyncpg.LockNotAvailableError:
        raise Busy from None
    if len(rows) < len(set(gift_card_ids)):
        raise GiftCardNotFound
    return {row["id"]: _card(row) for row in rows}


async def find_card_by_code(tx: Tx, code_index: bytes) -> GiftCard | None:
    row = await tx.fetchrow(_BY_CODE, tx.organization_id, code_index)
    return _card(row) if row is not None else None


async def get_card(tx: Tx, gift_card_id: UUID) -> GiftCard:
    row = await tx.fetchrow(_BY_ID, tx.organization_id, gift_card_id)
    if row is None:
        raise GiftCardNotFound
    return _card(row)


async def held_minor(tx: Tx, gift_card_id: UUID, now: datetime, *, but: UUID | None = None) -> int:
    """What is set aside on a card, without the hold ``but``."""
    held: int = await tx.fetchval(_HELD, tx.organization_id, gift_card_id, now, but or _NOBODY)
    return held


async def held_by_card(tx: Tx, gift_card_ids: Sequence[UUID], now: datetime) -> dict[UUID, int]:
    rows = await tx.fetch(_HELD_BY_CARD, tx.organization_id, list(gift_card_ids), now)
    return {row["gift_card_id"]: row["held"] for row in rows}


async def find_activity(tx: Tx, gift_card_id: UUID, reference: str) -> tuple[Activity, bytes] | None:
    """The activity under a reference, with the digest of its input."""
    row = await tx.fetchrow(_BY_REFERENCE, tx.organization_id, gift_card_id, reference)
    if row is None:
        return None
    fields = dict(row)
    return Activity(**{name: value for name, value in fields.items() if name != "digest"}), fields["digest"]


async def get_activity(tx: Tx, activity_id: UUID) -> Activity:
    row = await tx.fetchrow(_GET_ACTIVITY, tx.organization_id, activity_id)
    if row is None:
        raise GiftCardActivityNotFound
    return Activity(**row)


async def list_activities(tx: Tx, gift_card_id: UUID, before: UUID, limit: int) -> list[Activity]:
    rows = await tx.fetch(_ACTIVITIES, tx.organization_id, gift_card_id, before, limit)
    return [Activity(**row) for row in rows]


async def first_two_moves(tx: Tx, gift_card_id: UUID) -> list[Activity]:
    """What happened first to a card's money; one alone is all that ever did."""
    return [Activity(**row) for row in await tx.fetch(_MOVED, tx.organization_id, gift_card_id)]


async def refunded_minor(tx: Tx, redemption_id: UUID) -> int:
    """What came back of a redemption so far."""
    refunded: int = await tx.fetchval(_REFUNDED, tx.organization_id, redemption_id)
    return refunded


async def taken_codes(tx: Tx, indexes: Sequence[bytes]) -> set[bytes]:
    """Those of the code indexes that a card has already."""
    return {row["code_index"] for row in await tx.fetch(_TAKEN, tx.organization_id, list(indexes))}


async def get_wide(tx: Tx, gift_card_id: UUID) -> Row:
    """Every column of a card, with the name of its product."""
    row = await tx.fetchrow(_WIDE_BY_ID, tx.organization_id, gift_card_id)
    if row is None:
        raise GiftCardNotFound
    return row


async def list_wide_by_id(tx: Tx, gift_card_ids: Sequence[UUID]) -> Sequence[Row]:
    """Every column of cards, with their products' names, in no order."""
    return await tx.fetch(_WIDE_BY_IDS, tx.organization_id, list(gift_card_ids))


async def list_wide(
    tx: Tx, before: UUID, limit: int, *, state: str | None, product_id: UUID | None, customer_id: UUID | None
) -> Sequence[Row]:
    return await tx.fetch(_PAGE, tx.organization_id, before, limit, state, product_id, customer_id)


async def pin_for_update(tx: Tx, gift_card_id: UUID) -> Row:
    """The PIN's digest and its failures, the card locked: attempts at once are counted one after the other."""
    row = await tx.fetchrow(_PIN, tx.organization_id, gift_card_id)
    if row is None:
        raise GiftCardNotFound
    return row


async def get_hold(tx: Tx, gift_card_id: UUID, hold_id: UUID) -> Row:
    row = await tx.fetchrow(_GET_HOLD, tx.organization_id, gift_card_id, hold_id)
    if row is None:
        raise GiftCardHoldNotFound
    return row


async def find_hold(tx: Tx, gift_card_id: UUID, reference: str) -> Row:
    return await tx.fetchrow(_HOLD_BY_REFERENCE, tx.organization_id, gift_card_id, reference)


async def list_holds(tx: Tx, gift_card_id: UUID, before: UUID, limit: int) -> Sequence[Row]:
    return await tx.fetch(_HOLDS, tx.organization_id, gift_card_id, before, limit)


async def get_product(tx: Tx, product_id: UUID, *, for_update: bool = False) -> GiftCardProductRow:
    query = select(GiftCardProductRow).where(
        GiftCardProductRow.organization_id == tx.organization_id, GiftCardProductRow.id == product_id
    )
    if for_update:
        query = query.with_for_update(key_share=True)
    product = (await tx.session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if product is None:
        raise GiftCardProductNotFound
    return product


async def list_products(tx: Tx, before: UUID, limit: int) -> Sequence[GiftCardProductRow]:
    query = (
        select(GiftCardProductRow)
        .where(GiftCardProductRow.organization_id == tx.organization_id, GiftCardProductRow.id < before)
        .order_by(GiftCardProductRow.id.desc())
        .limit(limit)
    )
    return (await tx.session.execute(query)).scalars().all()


async def count_products(tx: Tx) -> int:
    query = select(func.count()).where(GiftCardProductRow.organization_id == tx.organization_id)
    return (await tx.session.execute(query)).scalar_one()


async def list_currencies(tx: Tx) -> list[str]:
    """The currencies in which cards are sold."""
    return [row["currency"] for row in await tx.fetch(_CURRENCIES, tx.organization_id)]


def _card(row: Row) -> GiftCard:
    offer = Offer(
        currency=row["currency"],
        amounts_minor=row["amounts_minor"],
        minimum_minor=row["minimum_minor"],
        maximum_minor=row["maximum_minor"],
        max_balance_minor=row["max_balance_minor"],
        reloadable=row["reloadable"],
    )
    fields: dict[str, Any] = {
        name: row[name]
        for name in ("id", "product_id", "state", "currency", "is_foreign", "last_four", "has_pin", "lapses_at")
    }
    return GiftCard(
        **fields,
        activated_at=row["activated_at"],
        deliver_at=row["deliver_at"],
        offer=offer,
        expires_after_months=row["expires_after_months"],
    )

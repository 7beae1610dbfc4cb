"""Every SELECT of customers; the tenant is named in each, beside row-level security."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from passerelle.customers.errors import CustomerGone, CustomerMerged, CustomerNotFound
from passerelle.customers.models import Customer
from passerelle.kit.db import Tx
from passerelle.kit.ids import encode

# Not “phone OR e-mail”: with one of them null the planner would read the whole table.
_MATCHES: Final = """
SELECT id, 1 AS rank FROM customers WHERE organization_id = $1 AND phone_index = $2
UNION ALL
SELECT id, 2 AS rank FROM customers WHERE organization_id = $1 AND email_index = $3
ORDER BY rank
"""
_CARD: Final = """
SELECT id, first_name, last_name, language FROM customers WHERE organization_id = $1 AND id = ANY($2::uuid[])
"""
# Walks the index of the first word in order of the page; the others only confirm.
_BY_NAME: Final = """
SELECT found.customer_id AS id FROM customer_name_words found
WHERE found.organization_id = $1 AND found.word = $2 AND found.customer_id < $4
AND NOT EXISTS (
    SELECT FROM unnest($3::bytea[]) AS wanted (word) WHERE NOT EXISTS (
        SELECT FROM customer_name_words other
        WHERE other.organization_id = $1 AND other.word = wanted.word AND other.customer_id = found.customer_id
    )
)
ORDER BY found.customer_id DESC LIMIT $5
"""
_BIRTHDAYS: Final = """
SELECT id FROM customers
WHERE organization_id = $1 AND birthday_index = $2 AND birthday_changed_at <= $3 AND id < $4
ORDER BY id DESC LIMIT $5
"""
_KNOWN: Final = """
SELECT id, phone_index, email_index FROM customers WHERE organization_id = $1 AND phone_index = ANY($2::bytea[])
UNION
SELECT id, phone_index, email_index FROM customers WHERE organization_id = $1 AND email_index = ANY($3::bytea[])
"""
_REGISTERED: Final = """
SELECT id FROM customers
WHERE organization_id = $1 AND id < $2 AND erased_at IS NULL
    AND ($4::timestamptz IS NULL OR created_at >= $4) AND ($5::timestamptz IS NULL OR created_at < $5)
"""
_IDS: Final = f"{_REGISTERED} ORDER BY id DESC LIMIT $3"
# A statement of its own: with “$6 IS NULL OR …” the planner would read the whole table for one id.
_IDS_AMONG: Final = f"{_REGISTERED} AND id = ANY($6::uuid[]) ORDER BY id DESC LIMIT $3"
_ATTRIBUTES: Final = """
SELECT DISTINCT jsonb_object_keys(attributes) AS name FROM customers WHERE organization_id = $1 ORDER BY 1 LIMIT $2
"""
_MERGED: Final = "SELECT id FROM customers WHERE organization_id = $1 AND merged_into_id = $2 ORDER BY id"
MERGED_FOLLOW: Final = "UPDATE customers SET merged_into_id = $3 WHERE organization_id = $1 AND merged_into_id = $2"
_STATE: Final = "SELECT erased_at, merged_into_id FROM customers WHERE organization_id = $1 AND id = $2"
_EMAILS: Final = """
SELECT email FROM customers WHERE organization_id = $1 AND id = ANY($2::uuid[]) AND email IS NOT NULL
"""
# As one row that is looked up by its key, whatever the size of the table (passerelle/ledger/queries.py, ``given``).
_SEGMENTS: Final = """
SELECT c.id, c.segments FROM (SELECT * FROM unnest($2::uuid[]) AS given(id) LIMIT (SELECT NULL::bigint)) AS k
JOIN customers c ON c.organization_id = $1 AND c.id = k.id
"""
# The weakest row lock: it gets in nobody's way but that of an erasure, which takes the strongest.
_HELD: Final = f"{_STATE} FOR KEY SHARE"


async def find_matches(tx: Tx, phone_index: bytes | None, email_index: bytes | None) -> Sequence[UUID]:
    """Customers of this phone or this e-mail, at most two, that of the phone first."""
    if phone_index is None and email_index is None:
        return ()
    rows = await tx.fetch(_MATCHES, tx.organization_id, phone_index, email_index)
    return list(dict.fromkeys(row["id"] for row in rows))


async def list_by_name(tx: Tx, words: Sequence[bytes], before: UUID, limit: int) -> Sequence[UUID]:
    """Customers whose name has every one of the words, newest first."""
    rows = await tx.fetch(_BY_NAME, tx.organization_id, words[0], list(words[1:]), before, limit)
    return [row["id"] for row in rows]


async def list_birthdays(
    tx: Tx, birthday_index: bytes, settled_before: datetime, before: UUID, limit: int
) -> Sequence[UUID]:
    rows = await tx.fetch(_BIRTHDAYS, tx.organization_id, birthday_index, settled_before, before, limit)
    return [row["id"] for row in rows]


async def list_known(tx: Tx, phone_indexes: Sequence[bytes], email_indexes: Sequence[bytes]) -> Sequence[Any]:
    """id, phone_index, email_index of everybody who has one of these."""
    return await tx.fetch(_KNOWN, tx.organization_id, list(phone_indexes), list(email_indexes))


async def list_ids(
    tx: Tx,
    before: UUID,
    limit: int,
    *,
    since: datetime | None,
    until: datetime | None,
    among: Sequence[UUID] | None,
) -> Sequence[UUID]:
    """Customers with data who were registered in ``[since, until)``, newest first."""
    place = (tx.organization_id, before, limit, since, until)
    rows = await (tx.fetch(_IDS, *place) if among is None else tx.fetch(_IDS_AMONG, *place, list(among)))
    return [row["id"] for row in rows]


async def list_attribute_names(tx: Tx, limit: int) -> Sequence[str]:
    return [row["name"] for row in await tx.fetch(_ATTRIBUTES, tx.organization_id, limit)]


async def list_merged(tx: Tx, customer_id: UUID) -> Sequence[UUID]:
    return [row["id"] for row in await tx.fetch(_MERGED, tx.organization_id, customer_id)]


async def find_merged_into(tx: Tx, customer_id: UUID) -> UUID | None:
    row = await tx.fetchrow(_STATE, tx.organization_id, customer_id)
    if row is None:
        raise CustomerNotFound
    found: UUID | None = row["merged_into_id"]
    return found


async def list_card_rows(tx: Tx, customer_ids: Sequence[UUID]) -> Sequence[Any]:
    """id, first_name, last_name, language; one statement."""
    return await tx.fetch(_CARD, tx.organization_id, list(customer_ids))


async def segments_of(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, Sequence[str]]:
    return {row["id"]: row["segments"] for row in await tx.fetch(_SEGMENTS, tx.organization_id, list(customer_ids))}


async def list_emails(tx: Tx, customer_ids: Sequence[UUID]) -> Sequence[bytes]:
    """The encrypted addresses of those who have one."""
    rows = await tx.fetch(_EMAILS, tx.organization_id, list(customer_ids))
    return [row["email"] for row in rows]


async def require_customer(tx: Tx, customer_id: UUID) -> None:
    """Raises CustomerNotFound or CustomerGone."""
    _require_present(await tx.fetchrow(_STATE, tx.organization_id, customer_id))


async def hold_customer(tx: Tx, customer_id: UUID) -> None:
    """The same, waiting for an erasure under way and keeping the next one waiting."""
    _require_present(await tx.fetchrow(_HELD, tx.organization_id, customer_id))


async def get_customer(tx: Tx, customer_id: UUID) -> Customer:
    """Raises CustomerNotFound or CustomerGone."""
    return _present(await tx.session.get(Customer, (tx.organization_id, customer_id)))


async def customer_for_update(tx: Tx, customer_id: UUID) -> Customer:
    """The same, locked against other changes and read afresh; what refers to the customer may go on."""
    return await _locked(tx, customer_id, {"key_share": True})


async def customers_for_update(tx: Tx, customer_ids: Collection[UUID]) -> Sequence[Customer]:
    """Those of them that have data, locked in the order of their ids and read afresh."""
    query = (
        select(Customer)
        .where(
            Customer.organization_id == tx.organization_id,
            Customer.id.in_(customer_ids),
            Customer.erased_at.is_(None),
            Customer.merged_into_id.is_(None),
        )
        .order_by(Customer.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await tx.session.execute(query)).scalars().all() if customer_ids else ()


async def customer_for_erasure(tx: Tx, customer_id: UUID) -> Customer:
    """The same, locked against everything that would refer to the customer, too."""
    return await _locked(tx, customer_id, {"key_share": False})


async def list_customers(tx: Tx, before: UUID, limit: int, among: Sequence[UUID] | None = None) -> Sequence[Customer]:
    """Customers with data, newest first; of those ``among`` when it is given."""
    query = select(Customer).where(
        Customer.organization_id == tx.organization_id, Customer.id < before, Customer.erased_at.is_(None)
    )
    if among is not None:
        query = query.where(Customer.id.in_(among))
    return (await tx.session.execute(query.order_by(Customer.id.desc()).limit(limit))).scalars().all()


async def _locked(tx: Tx, customer_id: UUID, strength: dict[str, Any]) -> Customer:
    place = (tx.organization_id, customer_id)
    return _present(await tx.session.get(Customer, place, with_for_update=strength, populate_existing=True))


def _require_present(row: Any) -> None:
    if row is None:
        raise CustomerNotFound
    _require_not_gone(row["erased_at"], row["merged_into_id"])


def _present(customer: Customer | None) -> Customer:
    if customer is None:
        raise CustomerNotFound
    _require_not_gone(customer.erased_at, customer.merged_into_id)
    return customer


def _require_not_gone(erased_at: datetime | None, merged_into_id: UUID | None) -> None:
    if merged_into_id is not None:
        raise CustomerMerged(customer=encode("cus", merged_into_id))
    if erased_at is not None:
        raise CustomerGone

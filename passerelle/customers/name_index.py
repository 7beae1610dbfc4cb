"""The words of a name, kept as blind indexes so that staff can search encrypted names."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from passerelle.customers import sealed
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Tx

_INSERT: Final = """
INSERT INTO customer_name_words (organization_id, word, customer_id) SELECT $1, unnest($3::bytea[]), $2
"""
_INSERT_MANY: Final = """
INSERT INTO customer_name_words (organization_id, word, customer_id)
SELECT $1, word, customer_id FROM unnest($2::uuid[], $3::bytea[]) AS given (customer_id, word)
"""
_DELETE_MANY: Final = "DELETE FROM customer_name_words WHERE organization_id = $1 AND customer_id = ANY($2::uuid[])"
_DELETE: Final = "DELETE FROM customer_name_words WHERE organization_id = $1 AND customer_id = $2"


async def add_name(tx: Tx, keys: TenantKeys, customer_id: UUID, name: str) -> None:
    """Have a new customer found by the words of their name."""
    if words := sealed.name_words(keys, name):
        await tx.execute(_INSERT, tx.organization_id, customer_id, words)


async def add_names(tx: Tx, keys: TenantKeys, names: Mapping[UUID, str]) -> None:
    """The same for many, in one statement."""
    found = [(customer_id, word) for customer_id, name in names.items() for word in sealed.name_words(keys, name)]
    if found:
        columns = ([customer_id for customer_id, _ in found], [word for _, word in found])
        await tx.execute(_INSERT_MANY, tx.organization_id, *columns)


async def replace_name(tx: Tx, keys: TenantKeys, customer_id: UUID, name: str) -> None:
    """Have a customer found by these words and by no others."""
    await forget_name(tx, customer_id)
    await add_name(tx, keys, customer_id, name)


async def replace_names(tx: Tx, keys: TenantKeys, names: Mapping[UUID, str]) -> None:
    """The same for many, in two statements."""
    if names:
        await tx.execute(_DELETE_MANY, tx.organization_id, list(names))
        await add_names(tx, keys, names)


async def forget_name(tx: Tx, customer_id: UUID) -> None:
    """Have a customer found by no name."""
    await tx.execute(_DELETE, tx.organization_id, customer_id)

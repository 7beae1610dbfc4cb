"""From a public key to its tenant: the one place that is searched before a tenant is known."""

import hashlib
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from passerelle.kit.db import Database, Tx

_ADD: Final = """
INSERT INTO directory (kind, digest, organization_id, position)
SELECT $1, $2, $3, count(*) FROM directory WHERE kind = $1 AND digest = $2
ON CONFLICT DO NOTHING
"""
_FIND: Final = (
    "SELECT organization_id FROM directory WHERE kind = $1 AND digest = $2 ORDER BY position, organization_id"
)
_FIND_MANY: Final = """
SELECT digest, organization_id FROM directory WHERE kind = $1 AND digest = ANY($2::bytea[])
ORDER BY position, organization_id
"""
_REMOVE: Final = "DELETE FROM directory WHERE kind = $1 AND digest = $2 AND organization_id = $3"


_TENANTS: Final = "SELECT organization_id FROM directory WHERE kind = 'tenant' ORDER BY organization_id"
_FIRST: Final = "SELECT NOT EXISTS (SELECT FROM directory WHERE kind = 'tenant')"
# Two that both want to be the first wait for each other.
_ONE_FIRST: Final = "SELECT pg_advisory_xact_lock(hashtextextended('first tenant', 0))"


def fingerprint(key: str | bytes) -> bytes:
    """Digest of a key that is not itself contact data; contact data comes as a blind index already."""
    return hashlib.sha256(key.encode() if isinstance(key, str) else key).digest()


async def add(tx: Tx, kind: str, key: bytes) -> None:
    """Say that ``key`` (a digest) belongs to this transaction's tenant, too."""
    await tx.execute(_ADD, kind, key, tx.organization_id)


async def remove(tx: Tx, kind: str, key: bytes) -> None:
    """Forget that ``key`` belongs to this tenant."""
    await tx.execute(_REMOVE, kind, key, tx.organization_id)


async def find(database: Database, kind: str, key: bytes) -> list[UUID]:
    """The tenants of a key, oldest first; empty when nobody knows it."""
    async with database.unscoped() as connection:
        return [row[0] for row in await connection.fetch(_FIND, kind, key)]


async def find_many(database: Database, kind: str, keys: Sequence[bytes]) -> dict[bytes, list[UUID]]:
    """The same for many keys; those that nobody knows are left out."""
    found: dict[bytes, list[UUID]] = {}
    async with database.unscoped() as connection:
        for row in await connection.fetch(_FIND_MANY, kind, list(keys)):
            found.setdefault(row["digest"], []).append(row["organization_id"])
    return found


async def add_tenant(tx: Tx) -> None:
    """Enter a new tenant, so that scheduled work reaches it."""
    await add(tx, "tenant", tx.organization_id.bytes)


async def list_tenants(database: Database) -> list[UUID]:
    """Every tenant of this database."""
    async with database.unscoped() as connection:
        return [row[0] for row in await connection.fetch(_TENANTS)]


async def has_tenants(database: Database) -> bool:
    """Whether anybody has opened an organization here."""
    async with database.unscoped() as connection:
        return not await connection.fetchval(_FIRST)


async def hold_first_place(tx: Tx) -> bool:
    """Whether there is no tenant yet; if so, nobody else becomes the first until this transaction ends."""
    await tx.execute(_ONE_FIRST)
    return bool(await tx.fetchval(_FIRST))

"""Every SELECT of organizations; the tenant is the transaction's."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from passerelle.kit.db import Tx
from passerelle.organizations.errors import ApiKeyNotFound, LocationNotFound, OperatorNotFound
from passerelle.organizations.models import ApiKey, Location, Operator, Organization

# The hot path of every request: one statement, whatever the credential.
_KEY: Final = """
SELECT id, scopes, location_id, expires_at, revoked_at FROM api_keys WHERE organization_id = $1 AND digest = $2
"""
KEY_HOLDS: Final = "SELECT require_api_key($1, $2, $3, $4)"
_SESSION: Final = """
SELECT o.id, o.role, s.expires_at FROM operator_sessions s
JOIN operators o ON o.organization_id = s.organization_id AND o.id = s.operator_id
WHERE s.organization_id = $1 AND s.digest = $2 AND o.disabled_at IS NULL
"""


END_SESSIONS: Final = """
DELETE FROM operator_sessions
WHERE organization_id = $1 AND operator_id = $2 AND digest IS DISTINCT FROM $3::bytea
"""
_SECOND_FACTORS: Final = """
SELECT operator_id FROM second_factors WHERE organization_id = $1 AND confirmed_at IS NOT NULL
"""
_ACTOR_NAMES: Final = """
SELECT id, name FROM operators WHERE organization_id = $1 AND id = ANY($2::uuid[])
UNION ALL SELECT id, name FROM api_keys WHERE organization_id = $1 AND id = ANY($2::uuid[])
"""


async def find_api_key(tx: Tx, digest: bytes) -> Any:
    """id, scopes, location_id, expires_at, revoked_at of the key with this digest, or None."""
    return await tx.fetchrow(_KEY, tx.organization_id, digest)


async def find_session(tx: Tx, digest: bytes) -> Any:
    """Id and role of the signed-in operator with the session's expires_at, or None."""
    return await tx.fetchrow(_SESSION, tx.organization_id, digest)


async def get_organization(tx: Tx) -> Organization:
    return (
        await tx.session.execute(select(Organization).where(Organization.organization_id == tx.organization_id))
    ).scalar_one()


async def get_operator(tx: Tx, operator_id: UUID) -> Operator:
    operator = await tx.session.get(Operator, (tx.organization_id, operator_id))
    if operator is None:
        raise OperatorNotFound
    return operator


async def count_owners_for_update(tx: Tx) -> int:
    """How many enabled owners there are, their rows locked."""
    query = (
        select(Operator.id)
        .where(
            Operator.organization_id == tx.organization_id, Operator.role == "owner", Operator.disabled_at.is_(None)
        )
        .with_for_update()
    )
    return len((await tx.session.execute(query)).all())


async def list_operators(tx: Tx, before: UUID, limit: int) -> Sequence[Operator]:
    query = (
        select(Operator)
        .where(Operator.organization_id == tx.organization_id, Operator.id < before)
        .order_by(Operator.id.desc())
        .limit(limit)
    )
    return (await tx.session.execute(query)).scalars().all()


async def get_location(tx: Tx, location_id: UUID) -> Location:
    location = await tx.session.get(Location, (tx.organization_id, location_id))
    if location is None:
        raise LocationNotFound
    return location


async def list_locations(tx: Tx, before: UUID, limit: int) -> Sequence[Location]:
    query = (
        select(Location)
        .where(Location.organization_id == tx.organization_id, Location.id < before)
        .order_by(Location.id.desc())
        .limit(limit)
    )
    return (await tx.session.execute(query)).scalars().all()


async def get_api_key(tx: Tx, api_key_id: UUID) -> ApiKey:
    key = await tx.session.get(ApiKey, (tx.organization_id, api_key_id))
    if key is None:
        raise ApiKeyNotFound
    return key


async def list_api_keys(tx: Tx, before: UUID, limit: int) -> Sequence[ApiKey]:
    query = (
        select(ApiKey)
        .where(ApiKey.organization_id == tx.organization_id, ApiKey.id < before)
        .order_by(ApiKey.id.desc())
        .limit(limit)
    )
    return (await tx.session.execute(query)).scalars().all()


async def operator_for_update(tx: Tx, operator_id: UUID) -> Operator:
    """The operator, locked, so that attempts at once are counted one by one; raises OperatorNotFound."""
    query = (
        select(Operator)
        .where(Operator.organization_id == tx.organization_id, Operator.id == operator_id)
        .with_for_update()
    )
    operator = (await tx.session.execute(query)).scalar_one_or_none()
    if operator is None:
        raise OperatorNotFound
    return operator


async def with_second_factor(tx: Tx) -> frozenset[UUID]:
    """Operators of whom a code is asked at sign-in."""
    return frozenset(row["operator_id"] for row in await tx.fetch(_SECOND_FACTORS, tx.organization_id))


async def actor_names(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names of operators and API keys."""
    return {row["id"]: row["name"] for row in await tx.fetch(_ACTOR_NAMES, tx.organization_id, list(ids))}

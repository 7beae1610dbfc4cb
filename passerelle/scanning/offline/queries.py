"""Every SQL text of devices and their queues; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.scanning.offline.errors import DeviceNotFound, OfflineOperationNotFound

_DEVICE: Final = """id, name, location_id, public_key, api_key_id, redemptions_per_day,
       redemptions_per_member_per_day, scan_action, last_sequence, skipped_to, clock_skew_seconds, created_by,
       created_at, last_seen_at, revoked_at"""
REGISTER: Final = f"""
INSERT INTO devices (organization_id, id, name, location_id, public_key, api_key_id, redemptions_per_day,
                     redemptions_per_member_per_day, scan_action, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (organization_id, public_key) DO NOTHING RETURNING {_DEVICE}
"""
CHANGE: Final = f"""
UPDATE devices SET name = coalesce($3, name), redemptions_per_day = coalesce($4, redemptions_per_day),
    redemptions_per_member_per_day = coalesce($5, redemptions_per_member_per_day),
    scan_action = CASE WHEN $6 THEN $7 ELSE scan_action END
WHERE organization_id = $1 AND id = $2 RETURNING {_DEVICE}
"""
REVOKE: Final = f"""
UPDATE devices SET revoked_at = $3 WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING {_DEVICE}
"""
SEEN: Final = """
UPDATE devices SET last_seen_at = $3, clock_skew_seconds = $4, skipped_to = greatest(skipped_to, $5)
WHERE organization_id = $1 AND id = $2
"""
ADVANCE: Final = """
UPDATE devices SET last_sequence = greatest(last_sequence, $3) WHERE organization_id = $1 AND id = $2
"""
_COUNT_DEVICES: Final = "SELECT count(*) FROM devices WHERE organization_id = $1 AND revoked_at IS NULL"
_GET_DEVICE: Final = f"SELECT {_DEVICE} FROM devices WHERE organization_id = $1 AND id = $2"
_OF_KEY: Final = f"""
SELECT {_DEVICE} FROM devices WHERE organization_id = $1 AND api_key_id = $2 AND revoked_at IS NULL
ORDER BY id DESC LIMIT 1
"""
_LOCK_DEVICE: Final = f"{_GET_DEVICE} FOR NO KEY UPDATE"
_DEVICES: Final = f"SELECT {_DEVICE} FROM devices WHERE organization_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
_OPERATION: Final = """id, device_id, operation_id, sequence, kind, payload, status, reason, flags, told_at,
       occurred_at, received_at, applied_at, customer_id, membership_id, purchase_id, issued_reward_id, reference,
       undone_at,
       resolution, resolution_reason, resolved_by, resolved_at"""
_KNOWN: Final = """
SELECT id, digest, operation_id, sequence, genuine FROM offline_operations
WHERE organization_id = $1 AND device_id = $2 AND (digest = ANY($3) OR operation_id = ANY($4) OR sequence = ANY($5))
"""
RECEIVE: Final = """
INSERT INTO offline_operations (organization_id, device_id, received_at, id, operation_id, sequence, kind, payload,
                                digest, genuine, status, reason, flags, told_at, occurred_at)
SELECT $1, $2, $3, given.* FROM unnest(
    $4::uuid[], $5::uuid[], $6::bigint[], $7::text[], $8::jsonb[], $9::bytea[], $10::bool[], $11::text[],
    $12::jsonb[], $13::jsonb[], $14::timestamptz[], $15::timestamptz[]) AS given
"""
_UNRESOLVED: Final = """
SELECT count(*) FROM offline_operations WHERE organization_id = $1 AND status = 'rejected' AND resolution IS NULL
"""
_NEXT_WAITING: Final = f"""
SELECT {_OPERATION} FROM offline_operations
WHERE organization_id = $1 AND device_id = $2 AND status = 'waiting' ORDER BY sequence LIMIT 1
"""
ACCEPT: Final = """
UPDATE offline_operations SET status = 'accepted', applied_at = $3, flags = $4::jsonb, customer_id = $5,
    membership_id = $6, purchase_id = $7, issued_reward_id = $8, reference = $9
WHERE organization_id = $1 AND id = $2
"""
REJECT: Final = """
UPDATE offline_operations SET status = 'rejected', applied_at = $3, flags = $4::jsonb, reason = $5::jsonb
WHERE organization_id = $1 AND id = $2 AND status = 'waiting' RETURNING sequence, kind
"""
UNDONE: Final = "UPDATE offline_operations SET undone_at = $3 WHERE organization_id = $1 AND id = $2"
_COUNT_SETTLED: Final = """
SELECT count(*) FROM offline_operations
WHERE organization_id = $1 AND device_id = $2 AND genuine AND sequence > $3 AND sequence < $4
"""
_EARLIER: Final = f"""
SELECT {_OPERATION} FROM offline_operations
WHERE organization_id = $1 AND device_id = $2 AND operation_id = $3 AND genuine
"""
_REDEEMED_BY_DEVICE: Final = """
SELECT count(*) FROM offline_operations
WHERE organization_id = $1 AND device_id = $2 AND kind = 'redemption' AND status = 'accepted' AND undone_at IS NULL
  AND occurred_at >= $3 AND occurred_at < $4
"""
_REDEEMED_BY_MEMBER: Final = """
SELECT count(*) FROM offline_operations
WHERE organization_id = $1 AND membership_id = $2 AND kind = 'redemption' AND status = 'accepted'
  AND undone_at IS NULL AND occurred_at >= $3 AND occurred_at < $4
"""
_BY_ID: Final = f"SELECT {_OPERATION} FROM offline_operations WHERE organization_id = $1 AND id = ANY($2)"
_PAGE: Final = f"""
SELECT {_OPERATION} FROM offline_operations
WHERE organization_id = $1 AND id < $2 AND ($3::text IS NULL OR status = $3)
  AND ($4::bool IS NULL OR (resolved_at IS NOT NULL) = $4) AND ($5::uuid IS NULL OR device_id = $5)
ORDER BY id DESC LIMIT $6
"""
RESOLVE: Final = f"""
UPDATE offline_operations SET resolution = $3, resolution_reason = $4, resolved_by = $5, resolved_at = $6
WHERE organization_id = $1 AND id = $2 AND status = 'rejected' AND resolved_at IS NULL RETURNING {_OPERATION}
"""
_DEVICES_WAITING: Final = """
SELECT DISTINCT device_id FROM offline_operations WHERE organization_id = $1 AND status = 'waiting'
"""
_OF_CUSTOMER: Final = f"""
SELECT {_OPERATION} FROM offline_operations WHERE organization_id = $1 AND customer_id = $2 ORDER BY id DESC
"""
MERGE: Final = "UPDATE offline_operations SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
FORGET: Final = """
UPDATE offline_operations SET payload = '{}' WHERE organization_id = $1 AND customer_id = $2
"""


async def count_devices(tx: Tx) -> int:
    """Devices that were not revoked."""
    count: int = await tx.fetchval(_COUNT_DEVICES, tx.organization_id)
    return count


async def get_device(tx: Tx, device_id: UUID) -> Any:
    return _found(await tx.fetchrow(_GET_DEVICE, tx.organization_id, device_id))


async def find_device_of_key(tx: Tx, api_key_id: UUID) -> Any:
    """The device that calls with this key, or None."""
    return await tx.fetchrow(_OF_KEY, tx.organization_id, api_key_id)


async def device_for_update(tx: Tx, device_id: UUID) -> Any:
    """The device, locked: its operations are taken and applied by one at a time."""
    return _found(await tx.fetchrow(_LOCK_DEVICE, tx.organization_id, device_id))


async def list_devices(tx: Tx, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_DEVICES, tx.organization_id, before, limit)


async def known_operations(
    tx: Tx, device_id: UUID, digests: Sequence[bytes], operation_ids: Sequence[UUID], sequences: Sequence[int]
) -> Sequence[Any]:
    """What a device sent before that is the same, or has the same id or number."""
    return await tx.fetch(_KNOWN, tx.organization_id, device_id, list(digests), list(operation_ids), list(sequences))


async def next_waiting(tx: Tx, device_id: UUID) -> Any:
    """The waiting operation of the lowest number, or None."""
    return await tx.fetchrow(_NEXT_WAITING, tx.organization_id, device_id)


async def count_settled(tx: Tx, device_id: UUID, after: int, before: int) -> int:
    """How many numbers between two, both left out, are there; asked below the lowest that waits."""
    count: int = await tx.fetchval(_COUNT_SETTLED, tx.organization_id, device_id, after, before)
    return count


async def find_earlier(tx: Tx, device_id: UUID, operation_id: UUID) -> Any:
    return await tx.fetchrow(_EARLIER, tx.organization_id, device_id, operation_id)


async def redeemed_by_device(tx: Tx, device_id: UUID, start: datetime, end: datetime) -> int:
    count: int = await tx.fetchval(_REDEEMED_BY_DEVICE, tx.organization_id, device_id, start, end)
    return count


async def redeemed_by_member(tx: Tx, membership_id: UUID, start: datetime, end: datetime) -> int:
    """On whatever device."""
    count: int = await tx.fetchval(_REDEEMED_BY_MEMBER, tx.organization_id, membership_id, start, end)
    return count


async def operations_by_id(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Any]:
    return {row["id"]: row for row in await tx.fetch(_BY_ID, tx.organization_id, list(ids))}


async def get_operation(tx: Tx, offline_operation_id: UUID) -> Any:
    found = await operations_by_id(tx, [offline_operation_id])
    if not found:
        raise OfflineOperationNotFound
    return found[offline_operation_id]


async def list_operations(
    tx: Tx, before: UUID, limit: int, *, status: str | None, resolved: bool | None, device_id: UUID | None
) -> Sequence[Any]:
    return await tx.fetch(_PAGE, tx.organization_id, before, status, resolved, device_id, limit)


async def devices_waiting(tx: Tx) -> list[UUID]:
    """Devices with operations that wait."""
    return [row["device_id"] for row in await tx.fetch(_DEVICES_WAITING, tx.organization_id)]


async def operations_of_customer(tx: Tx, customer_id: UUID) -> Sequence[Any]:
    return await tx.fetch(_OF_CUSTOMER, tx.organization_id, customer_id)


def _found(row: Any) -> Any:
    if row is None:
        raise DeviceNotFound
    return row


async def count_unresolved(tx: Tx) -> int:
    count: int = await tx.fetchval(_UNRESOLVED, tx.organization_id)
    return count

"""The verbs of devices, and what staff do with operations that were kept as rejected."""

import base64
from typing import Any, Final, get_args
from uuid import UUID

from asyncpg import ForeignKeyViolationError

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import ApiKeyNotFound, LocationNotFound
from passerelle.scanning.offline import queries
from passerelle.scanning.offline.errors import DeviceKeyTaken, NotRejected, TooManyDevices
from passerelle.scanning.offline.events import (
    DeviceChanged,
    DeviceEnded,
    DeviceRegistered,
    OfflineOperationResolved,
)
from passerelle.scanning.offline.schemas import (
    BookedOut,
    DefaultActionOut,
    DeviceChange,
    DeviceIn,
    DeviceOut,
    OfflineOperationOut,
    OperationStatus,
    RejectionOut,
    ResolutionIn,
)
from passerelle.scanning.offline.signing import KEY_BYTES, from_base64url

MAX_DEVICES: Final = 1_000
_OF_API_KEY: Final = "fk_devices_organization_id_api_key_id"


async def register_device(tx: Tx, new: DeviceIn) -> DeviceOut:
    """Let a till queue operations; raises ApiKeyNotFound, DeviceKeyTaken, LocationNotFound, TooManyDevices."""
    if await queries.count_devices(tx) >= MAX_DEVICES:
        raise TooManyDevices(limit=MAX_DEVICES)
    try:
        row = await tx.fetchrow(
            queries.REGISTER,
            *(tx.organization_id, new_id(), new.name, new.location_id, from_base64url(new.public_key, KEY_BYTES)),
            *(new.api_key_id, new.redemptions_per_day, new.redemptions_per_member_per_day),
            *(new.scan_action, tx.actor.label, clock.now()),
        )
    except ForeignKeyViolationError as fault:
        raise ApiKeyNotFound if fault.constraint_name == _OF_API_KEY else LocationNotFound from None
    if row is None:
        raise DeviceKeyTaken
    device = _device(row)
    await announce(tx, DeviceRegistered(device_id=device.id, location_id=device.location_id))
    return device


async def change_device(tx: Tx, device_id: UUID, change: DeviceChange) -> DeviceOut:
    """Change name or allowances; raises DeviceNotFound."""
    await queries.get_device(tx, device_id)
    given = (change.name, change.redemptions_per_day, change.redemptions_per_member_per_day)
    action = ("scan_action" in change.model_fields_set, change.scan_action)
    row = await tx.fetchrow(queries.CHANGE, tx.organization_id, device_id, *given, *action)
    await announce(tx, DeviceChanged(device_id=device_id, fields=tuple(sorted(change.model_fields_set))))
    return _device(row)


async def revoke_device(tx: Tx, device_id: UUID) -> DeviceOut:
    """Accept nothing more from a device, and nothing from its API key; harmless when it was revoked before.

    Raises DeviceNotFound.
    """
    row = await tx.fetchrow(queries.REVOKE, tx.organization_id, device_id, clock.now())
    if row is None:
        return await get_device(tx, device_id)
    if row["api_key_id"] is not None:
        await organizations.revoke_api_key(tx, row["api_key_id"])
    await announce(tx, DeviceEnded(device_id=device_id))
    return _device(row)


async def get_device(tx: Tx, device_id: UUID) -> DeviceOut:
    """A device; raises DeviceNotFound."""
    return _device(await queries.get_device(tx, device_id))


async def default_action(tx: Tx, device_id: UUID | None) -> DefaultActionOut:
    """What a till does by itself after a scan: as its device says, else its location, else the organization.

    Without an id it is the device that calls with this very key. Raises DeviceNotFound.
    """
    device = None
    if device_id is not None:
        device = await queries.get_device(tx, device_id)
    elif tx.actor.kind == "api_key" and tx.actor.id is not None:
        device = await queries.find_device_of_key(tx, tx.actor.id)
    if device is not None and device["scan_action"] is not None:
        return DefaultActionOut(scan_action=device["scan_action"], set_for="device")
    location_id = device["location_id"] if device is not None else tx.actor.location_id
    if location_id is not None:
        action = (await organizations.get_location(tx, location_id)).scan_action
        if action is not None:
            return DefaultActionOut(scan_action=action, set_for="location")
    action = (await organizations.get_organization(tx)).scan_action
    return DefaultActionOut(scan_action=action, set_for="organization")


async def list_devices(tx: Tx, before: UUID, limit: int) -> list[DeviceOut]:
    """Devices, newest first, revoked ones, too."""
    return [_device(row) for row in await queries.list_devices(tx, before, limit)]


async def list_operations(
    tx: Tx,
    before: UUID,
    limit: int,
    language: Language,
    *,
    status: OperationStatus | None = None,
    resolved: bool | None = None,
    device_id: UUID | None = None,
) -> list[OfflineOperationOut]:
    """Queued operations as they arrived, newest first."""
    rows = await queries.list_operations(tx, before, limit, status=status, resolved=resolved, device_id=device_id)
    return [_operation(row, language) for row in rows]


async def count_unresolved(tx: Tx) -> int:
    """Rejected operations that nobody has looked at."""
    return await queries.count_unresolved(tx)


async def resolve_operation(
    tx: Tx, offline_operation_id: UUID, told: ResolutionIn, language: Language
) -> OfflineOperationOut:
    """Say what was done about a rejected operation; raises OfflineOperationNotFound, NotRejected."""
    row = await tx.fetchrow(
        queries.RESOLVE,
        *(tx.organization_id, offline_operation_id, told.resolution, told.reason, tx.actor.label, clock.now()),
    )
    if row is None:
        await queries.get_operation(tx, offline_operation_id)
        raise NotRejected
    await announce(
        tx,
        OfflineOperationResolved(offline_operation_id=offline_operation_id, resolution=told.resolution),
    )
    return _operation(row, language)


def rejection_of(row: Any, language: Language) -> RejectionOut | None:
    """The kept reason of a rejected operation, in a reader's language."""
    reason = row["reason"]
    if reason is None:
        return None
    assert language in get_args(Language)
    return RejectionOut(code=reason["code"], text=reason["texts"][language], params=reason["params"])


def booked_of(row: Any) -> BookedOut | None:
    """What an accepted operation made."""
    made = {name: row[name] for name in BookedOut.model_fields}
    return BookedOut(**made) if any(made.values()) else None


def _device(row: Any) -> DeviceOut:
    fields = {name: row[name] for name in DeviceOut.model_fields}
    fields["public_key"] = base64.urlsafe_b64encode(row["public_key"]).rstrip(b"=").decode()
    return DeviceOut(**fields)


def _operation(row: Any, language: Language) -> OfflineOperationOut:
    fields = {name: row[name] for name in OfflineOperationOut.model_fields if name not in {"reason", "booked"}}
    return OfflineOperationOut(**fields, reason=rejection_of(row, language), booked=booked_of(row))

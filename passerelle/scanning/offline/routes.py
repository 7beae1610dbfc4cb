"""HTTP of devices, of their queues, and of what staff do with rejected operations."""

from typing import Annotated

from fastapi import Query, Request

from passerelle.kit.db import Tx
from passerelle.kit.web import Admitted, Router, admit, allow, language_of, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.organizations.errors import ApiKeyNotFound, LocationNotFound
from passerelle.scanning.offline import batches, service
from passerelle.scanning.offline.errors import (
    DeviceKeyTaken,
    DeviceNotFound,
    NotRejected,
    OfflineOperationNotFound,
    TooManyDevices,
)
from passerelle.scanning.offline.schemas import (
    BatchIn,
    BatchOut,
    DefaultActionOut,
    DeviceChange,
    DeviceId,
    DeviceIn,
    DeviceOut,
    OfflineOperationId,
    OfflineOperationOut,
    OperationStatus,
    ResolutionIn,
)

router = Router(prefix="/api/v1", tags=["offline"])


@router.post("/scans/batch", responses=refusals(DeviceNotFound))
async def take_batch(body: BatchIn, request: Request, who: Annotated[Admitted, admit("scans:write")]) -> BatchOut:
    """Book what a device did without a network, each operation by itself; send what got no answer again.

    Needs no Idempotency-Key: every operation has an id of its own, and is booked once.
    """
    return await batches.take_batch(who.transaction, body, language_of(request))


@router.get("/scans/default-action", responses=refusals(DeviceNotFound))
async def get_default_action(
    tx: Annotated[Tx, allow("scans:write")],
    device_id: Annotated[DeviceId | None, Query(description="The till; without it, the one with this key.")] = None,
) -> DefaultActionOut:
    """What this till should do by itself after a scan: the device's choice, else its location's, else yours."""
    return await service.default_action(tx, device_id)


@router.post(
    "/devices", status_code=201, responses=refusals(ApiKeyNotFound, DeviceKeyTaken, LocationNotFound, TooManyDevices)
)
async def register_device(body: DeviceIn, tx: Annotated[Tx, allow("keys:write")]) -> DeviceOut:
    """Let a till queue operations, signed with its own key; say which API key is its own."""
    return await service.register_device(tx, body)


@router.get("/devices", responses=refusals())
async def list_devices(
    tx: Annotated[Tx, allow("organization:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[DeviceOut]:
    """Devices, newest first, revoked ones, too."""
    items = await service.list_devices(tx, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/devices/{device_id}", responses=refusals(DeviceNotFound))
async def get_device(device_id: DeviceId, tx: Annotated[Tx, allow("organization:read")]) -> DeviceOut:
    """One device."""
    return await service.get_device(tx, device_id)


@router.patch("/devices/{device_id}", responses=refusals(DeviceNotFound))
async def change_device(device_id: DeviceId, body: DeviceChange, tx: Annotated[Tx, allow("keys:write")]) -> DeviceOut:
    """Change the name or how much may be redeemed without a network."""
    return await service.change_device(tx, device_id, body)


@router.delete("/devices/{device_id}", responses=refusals(DeviceNotFound))
async def revoke_device(device_id: DeviceId, tx: Annotated[Tx, allow("keys:write")]) -> DeviceOut:
    """Revoke the device's API key and book nothing more that it sends; what it sends is kept for staff."""
    return await service.revoke_device(tx, device_id)


@router.get("/offline-operations", responses=refusals())
async def list_operations(
    *,
    request: Request,
    tx: Annotated[Tx, allow("ledger:read")],
    status: OperationStatus | None = None,
    resolved: Annotated[bool | None, Query(description="Whether staff have resolved them.")] = None,
    device_id: DeviceId | None = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[OfflineOperationOut]:
    """What devices did without a network and what became of it, newest first."""
    items = await service.list_operations(
        tx, after(cursor), limit, language_of(request), status=status, resolved=resolved, device_id=device_id
    )
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.post(
    "/offline-operations/{offline_operation_id}/resolve", responses=refusals(OfflineOperationNotFound, NotRejected)
)
async def resolve_operation(
    offline_operation_id: OfflineOperationId,
    body: ResolutionIn,
    request: Request,
    tx: Annotated[Tx, allow("ledger:adjust")],
) -> OfflineOperationOut:
    """Say what was done about a rejected operation, and why."""
    return await service.resolve_operation(tx, offline_operation_id, body, language_of(request))

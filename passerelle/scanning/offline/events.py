"""Facts of devices and of their queues."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class DeviceRegistered(Event):
    name = "device.registered"
    device_id: UUID
    location_id: UUID | None


@dataclass(frozen=True, slots=True)
class DeviceChanged(Event):
    """``fields`` are what was given to change, sorted."""

    name = "device.changed"
    device_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeviceEnded(Event):
    name = "device.revoked"
    device_id: UUID


@dataclass(frozen=True, slots=True)
class OfflineOperationRejected(Event):
    """Something that happened at a till could not be booked; ``code`` is the refusal. Staff should look at it."""

    name = "offline_operation.rejected"
    offline_operation_id: UUID
    device_id: UUID
    kind: str | None
    code: str


@dataclass(frozen=True, slots=True)
class OfflineOperationResolved(Event):
    """``resolution`` is settled or dismissed."""

    name = "offline_operation.resolved"
    offline_operation_id: UUID
    resolution: str

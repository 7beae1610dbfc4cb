"""Facts of organizations."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class OrganizationCreated(Event):
    name = "organization.created"
    operator_id: UUID


@dataclass(frozen=True, slots=True)
class OrganizationChanged(Event):
    name = "organization.changed"
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocationCreated(Event):
    name = "location.created"
    location_id: UUID


@dataclass(frozen=True, slots=True)
class LocationChanged(Event):
    name = "location.changed"
    location_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperatorAdded(Event):
    name = "operator.added"
    operator_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class OperatorChanged(Event):
    name = "operator.changed"
    operator_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperatorSignedIn(Event):
    name = "operator.signed_in"
    operator_id: UUID
    method: str


@dataclass(frozen=True, slots=True)
class OperatorLockedOut(Event):
    name = "operator.locked_out"
    operator_id: UUID


@dataclass(frozen=True, slots=True)
class ApiKeyCreated(Event):
    name = "api_key.created"
    api_key_id: UUID
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked(Event):
    name = "api_key.revoked"
    api_key_id: UUID

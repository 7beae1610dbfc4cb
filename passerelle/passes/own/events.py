"""Facts of own identities."""

from dataclasses import dataclass
from datetime import datetime

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class AppleRequestMade(Event):
    name = "apple_request.made"


@dataclass(frozen=True, slots=True)
class AppleIdentityStored(Event):
    name = "apple_identity.stored"
    pass_type_identifier: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AppleIdentityLeft(Event):
    name = "apple_identity.left"
    pass_type_identifier: str


@dataclass(frozen=True, slots=True)
class GoogleIdentityStored(Event):
    name = "google_identity.stored"
    issuer_id: str


@dataclass(frozen=True, slots=True)
class GoogleIdentityLeft(Event):
    name = "google_identity.left"
    issuer_id: str

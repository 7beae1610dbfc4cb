"""Facts of invitations."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class InvitationMade(Event):
    name = "invitation.made"
    invitation_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class InvitationAccepted(Event):
    name = "invitation.accepted"
    invitation_id: UUID
    operator_id: UUID


@dataclass(frozen=True, slots=True)
class InvitationRevoked(Event):
    name = "invitation.revoked"
    invitation_id: UUID

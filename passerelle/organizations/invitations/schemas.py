"""Invitations on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import EmailStr, Field, SecretStr

from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Name, Outbound, Wire
from passerelle.organizations.rules import Role
from passerelle.organizations.schemas import Password

InvitationId = Annotated[UUID, WireId("inv")]
LinkToken = Annotated[SecretStr, Field(min_length=20, max_length=200, description="What stands behind # in a link.")]


class InvitationIn(Wire):
    email: EmailStr
    role: Role


class InvitationOut(Outbound):
    id: InvitationId
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime


class InvitationMadeOut(InvitationOut):
    """``url`` is shown this once: hand it to the person, it opens the door once. ``mailed`` when it was sent, too."""

    url: Annotated[str, Field(repr=False)]
    mailed: bool


class InvitationLink(Wire):
    token: LinkToken


class InvitationRead(Outbound):
    """What the invited person sees before they accept."""

    organization_name: str
    language: Language
    email: str
    role: Role
    expires_at: datetime


class Acceptance(InvitationLink):
    """Name and password of the new operator."""

    name: Name
    password: Password

"""Organizations on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import EmailStr, Field, SecretStr, StringConstraints

from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Instant, Name, Outbound, Wire
from passerelle.organizations.rules import Role

OrganizationId = Annotated[UUID, WireId("org")]
LocationId = Annotated[UUID, WireId("loc")]
OperatorId = Annotated[UUID, WireId("opr")]
ApiKeyId = Annotated[UUID, WireId("key")]

Password = Annotated[SecretStr, Field(min_length=10, max_length=200)]
Proof = Annotated[SecretStr, Field(max_length=200, description="The caller's own password.")]
ScanAction = Literal["ask", "visit", "amount", "redeem", "check_in", "look_up"]
"""What a till does by itself with a card that was scanned: ask what to do, book a visit, ask for the amount of a
bill, offer the reward that is ready (or else ask for an amount), let in or out, or only show the card."""
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


class Brand(Wire):
    """How pages and cards look when nothing else is said."""

    background: Colour = "#5b3a29"
    foreground: Colour = "#ffffff"
    label: Colour = "#f2d9c2"
    website: Annotated[str, Field(max_length=500, pattern=NO_NUL)] | None = None
    logo: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, description="Digest of an uploaded image: `/images/{organization_id}/{digest}.png`."
    )


class LegalNotices(Wire):
    """What the law wants beside a form: who processes the data, and how to object (GDPR 13, law 09-08)."""

    controller: Annotated[str, Field(max_length=300, pattern=NO_NUL)] | None = None
    contact_email: EmailStr | None = None
    data_protection_officer: Annotated[str, Field(max_length=300, pattern=NO_NUL)] | None = None
    cndp_receipt: Annotated[str, Field(max_length=100, pattern=NO_NUL)] | None = None
    privacy_url: Annotated[str, Field(max_length=500, pattern=r"^https?://[^\x00]*$")] | None = None


class OrganizationIn(Wire):
    """A new organization and its first owner."""

    name: Name
    currency: Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{3}$")] = "EUR"
    time_zone: str = "Europe/Paris"
    language: Language = "fr"
    owner_name: Name
    owner_email: EmailStr
    owner_password: Password
    brand: Brand = Brand()
    legal: LegalNotices = LegalNotices()


class SignUpIn(OrganizationIn):
    """A new organization as it is asked for; ``setup_token`` is what stands behind # in the server's setup link."""

    setup_token: Annotated[SecretStr, Field(max_length=100)] | None = None


class OrganizationChange(Wire):
    """Fields left out stay as they are."""

    name: Name | None = None
    time_zone: str | None = None
    language: Language | None = None
    brand: Brand | None = None
    legal: LegalNotices | None = None
    scan_action: ScanAction | None = None


class OrganizationOut(Outbound):
    id: OrganizationId
    name: str
    currency: str
    time_zone: str
    language: Language
    brand: Brand
    legal: LegalNotices
    scan_action: ScanAction
    created_at: datetime


class OrganizationCreatedOut(Outbound):
    """The organization with its owner's first API key, which is shown this once."""

    organization: OrganizationOut
    operator_id: OperatorId
    api_key: str


class LocationIn(Wire):
    """A place with a till. ``scan_action`` is what its tills do after a scan; null: as the organization says."""

    name: Name
    address: Annotated[str, Field(max_length=500, pattern=NO_NUL)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    scan_action: ScanAction | None = None


class LocationChange(Wire):
    """Fields left out stay as they are; null empties address, coordinates and ``scan_action``."""

    name: Name | None = None
    address: Annotated[str, Field(max_length=500, pattern=NO_NUL)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    scan_action: ScanAction | None = None


class LocationOut(Outbound):
    id: LocationId
    name: str
    address: str | None
    latitude: float | None
    longitude: float | None
    scan_action: ScanAction | None
    created_at: datetime


class OperatorIn(Wire):
    name: Name
    email: EmailStr
    role: Role
    password: Password


class OperatorChange(Wire):
    """Fields left out stay as they are; ``disabled`` ends all sessions."""

    name: Name | None = None
    role: Role | None = None
    password: Password | None = None
    disabled: bool | None = None


class OperatorOut(Outbound):
    id: OperatorId
    name: str
    email: str
    role: Role
    disabled: bool
    locked: bool = Field(description="Too many wrong passwords; ends by itself.")
    second_factor: bool = Field(description="Whether a code is asked for at sign-in.")
    created_at: datetime


class OwnChange(Wire):
    """What an operator may change of their own account."""

    name: Name


class OwnPassword(Wire):
    """A new password, and the present one as proof."""

    current: Proof
    new: Password


class Me(Outbound):
    """Who is calling, and what they may do."""

    organization: OrganizationOut
    actor: str
    name: str | None
    email: str | None = Field(description="The operator's own address, with which they sign in; null for API keys.")
    role: Role | None
    scopes: list[str]
    simulator_url: str | None = Field(
        description="A page with simulated phones, where this server is a demonstration; null elsewhere."
    )


class ApiKeyIn(Wire):
    name: Name
    scopes: Annotated[list[str], Field(min_length=1, max_length=50)]
    location_id: LocationId | None = None
    expires_at: Instant | None = None


class ApiKeyOut(Outbound):
    """``hint`` is the end of the key, to recognise it by."""

    id: ApiKeyId
    name: str
    scopes: list[str]
    hint: str
    location_id: LocationId | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class ApiKeyCreatedOut(ApiKeyOut):
    api_key: str

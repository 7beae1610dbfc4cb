"""Sessions on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import EmailStr, Field, SecretStr

from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Outbound, Wire
from passerelle.organizations.schemas import OrganizationId

SessionId = Annotated[UUID, WireId("sns")]
Method = Literal["password", "second_factor", "passkey", "link"]
Code = Annotated[str, Field(min_length=6, max_length=20, pattern=NO_NUL)]


class SignIn(Wire):
    """``code`` is asked for (``second_factor_required``) when the account has a second factor."""

    email: EmailStr
    password: Annotated[SecretStr, Field(max_length=200)]
    code: Code | None = None
    organization_id: OrganizationId | None = None


class SessionOut(Outbound):
    """A signed-in browser, as it calls itself; ``current`` is the one that asks."""

    id: SessionId
    method: Method
    browser: str | None
    created_at: datetime
    expires_at: datetime
    current: bool


class SessionList(Outbound):
    items: list[SessionOut]


class SignInOptions(Outbound):
    """What the door of this server offers."""

    sign_up: bool = Field(description="Whether anybody may open an organization.")
    setup: bool = Field(description="Whether the first organization waits to be opened by the setup link.")
    passkeys: bool = Field(description="Whether passkeys work: the server needs a name, not a bare address.")
    mail: bool = Field(description="Whether a forgotten password is mailed; otherwise a colleague makes the link.")

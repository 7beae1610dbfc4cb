"""Recovery on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import EmailStr, Field

from passerelle.kit.wire import Outbound, Wire
from passerelle.organizations.invitations.schemas import LinkToken
from passerelle.organizations.schemas import Password


class ForgottenPassword(Wire):
    email: EmailStr


class PasswordResetOut(Outbound):
    """``url`` is shown this once: hand it to the operator, it works once."""

    url: Annotated[str, Field(repr=False)]
    expires_at: datetime


class NewPassword(Wire):
    token: LinkToken
    password: Password

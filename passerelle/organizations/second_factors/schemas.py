"""Second factors on the wire."""

from typing import Annotated

from pydantic import Field

from passerelle.kit.wire import NO_NUL, Outbound, Wire
from passerelle.organizations.schemas import Proof


class PasswordProof(Wire):
    """The caller's own password, for what a borrowed browser must not be able to do."""

    password: Proof


class FirstCode(Wire):
    code: Annotated[str, Field(min_length=6, max_length=12, pattern=NO_NUL)]


class Enrolment(Outbound):
    """What an authenticator app must know, shown this once: ``qr`` is the picture of ``url``."""

    secret: Annotated[str, Field(repr=False)]
    url: Annotated[str, Field(repr=False)]
    qr: Annotated[str, Field(repr=False, description="SVG as a data URI.")]


class RecoveryCodes(Outbound):
    """Codes for the day the phone is lost, each good once, shown this once."""

    recovery_codes: Annotated[list[str], Field(repr=False)]


class SecondFactorOut(Outbound):
    """Whether a code is asked for at sign-in, and how many recovery codes are left."""

    on: bool
    recovery_codes_left: int

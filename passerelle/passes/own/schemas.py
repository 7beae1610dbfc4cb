"""Own identities on the wire. What was uploaded never comes back."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Base64Bytes, Field, SecretStr

from passerelle.kit.wire import NO_NUL, Outbound, Wire

Origin = Literal["own", "server"]
Severity = Literal["error", "warning", "note"]


class IdentityFinding(Outbound):
    """One fault or remark, in the caller's language."""

    severity: Severity
    code: str
    text: str


class AppleState(Outbound):
    """Which identity new cards are signed with; none when ``origin`` is null."""

    origin: Origin | None
    pass_type_identifier: str | None = None
    team_identifier: str | None = None
    nfc_capable: bool | None = None
    expires_at: datetime | None = None
    days_left: int | None = None
    findings: list[IdentityFinding] = Field(default=[])
    older_pass_types: list[str] = Field(default=[], description="Own ones that only cards given out still carry.")
    request_made_at: datetime | None = None


class GoogleState(Outbound):
    """Which issuer new cards are made under; none when ``origin`` is null."""

    origin: Origin | None
    issuer_id: str | None = None
    account: Annotated[
        str | None, Field(description="E-mail of the service account, to be added in the console.")
    ] = None


class WalletStates(Outbound):
    apple: AppleState
    google: GoogleState


class AppleRequestOut(Outbound):
    """A signing request (PKCS#10, PEM) to upload at Apple; its private key stays here."""

    request: str
    made_at: datetime


class AppleFiles(Wire):
    """What Apple's portal gave (.cer or .pem), or a whole .p12 with its password; base 64."""

    files: Annotated[list[Annotated[Base64Bytes, Field(max_length=400_000)]], Field(min_length=1, max_length=5)]
    password: Annotated[SecretStr, Field(max_length=200)] | None = None


class AppleExamined(Outbound):
    """Whether the files are used from now on, and every finding."""

    accepted: bool
    findings: list[IdentityFinding]


class GoogleFiles(Wire):
    """The service account's JSON key file as it was downloaded, and the issuer's number."""

    account: Annotated[SecretStr, Field(min_length=2, max_length=32_768)]
    issuer_id: Annotated[str, Field(min_length=1, max_length=30, pattern=NO_NUL)]


class GoogleExamined(Outbound):
    """Whether the issuer is used from now on, and what stands in the way."""

    accepted: bool
    findings: list[IdentityFinding]

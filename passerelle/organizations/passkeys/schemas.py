"""Passkeys on the wire: options and credentials are WebAuthn's own JSON (level 3, §5.1.8 to §5.1.10)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from passerelle.kit.ids import WireId
from passerelle.kit.wire import Name, Outbound, Wire

PasskeyId = Annotated[UUID, WireId("psk")]
_LONGEST = 8_000


def _small(credential: dict[str, Any]) -> dict[str, Any]:
    if len(repr(credential)) > _LONGEST:
        raise ValueError("A credential has a few kilobytes at most.")
    return credential


Credential = Annotated[
    dict[str, Any],
    AfterValidator(_small),
    Field(description="What `toJSON()` of the browser's PublicKeyCredential gives.", repr=False),
]


class PasskeyOptions(Outbound):
    """For `navigator.credentials`: pass on as `publicKey`."""

    public_key: dict[str, Any]


class NewPasskey(Wire):
    name: Name
    credential: Credential


class PasskeyAnswer(Wire):
    credential: Credential


class PasskeyOut(Outbound):
    id: PasskeyId
    name: str
    created_at: datetime
    last_used_at: datetime | None


class PasskeyList(Outbound):
    items: list[PasskeyOut]

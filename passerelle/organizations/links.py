"""Links that let somebody in once: an invitation, a new password. They name their tenant; nothing of them is stored.

A token is the organization, the id of what it opens, and a digest of both that only the organization's key makes.
Who reads the database learns no token; that it is used once, and until when, stands in the row it opens.
"""

import hmac
from typing import Final, NamedTuple
from uuid import UUID

from passerelle.kit.crypto import TenantKeys
from passerelle.kit.ids import open_tenant_token, tenant_token

_ID_BYTES: Final = 16


class Opened(NamedTuple):
    """A token's parts, not yet believed."""

    organization_id: UUID
    id: UUID
    proof: bytes


def make(prefix: str, keys: TenantKeys, organization_id: UUID, opens: UUID) -> str:
    """The token of a row, the same each time."""
    return tenant_token(prefix, organization_id, opens.bytes + keys.derive(prefix, str(opens)))


def read(prefix: str, token: str) -> Opened | None:
    """What a token claims, or None when it has not this form."""
    found = open_tenant_token(prefix, token)
    if found is None or len(found[1]) <= _ID_BYTES:
        return None
    organization_id, secret = found
    return Opened(organization_id, UUID(bytes=secret[:_ID_BYTES]), secret[_ID_BYTES:])


def is_genuine(prefix: str, keys: TenantKeys, opened: Opened) -> bool:
    """Whether we made the token; compared in constant time."""
    return hmac.compare_digest(keys.derive(prefix, str(opened.id)), opened.proof)

"""Every SELECT of own identities; the tenant is the transaction's."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from passerelle.kit.db import Tx
from passerelle.passes.own.models import AppleRequest, OwnApple, OwnGoogle

LEAVE_APPLE: Final = """
UPDATE apple_identities SET in_use = false WHERE organization_id = $1 AND in_use RETURNING pass_type_identifier
"""
FORGET_CLASSES: Final = "DELETE FROM google_classes WHERE organization_id = $1"
FORGET_REQUESTS: Final = "DELETE FROM apple_requests WHERE organization_id = $1"
_IN_GOOGLE: Final = """
SELECT count(*) FROM installations WHERE organization_id = $1 AND wallet = 'google' AND removed_at IS NULL
"""


async def find_request(tx: Tx) -> AppleRequest | None:
    """The newest signing request that waits."""
    query = (
        select(AppleRequest)
        .where(AppleRequest.organization_id == tx.organization_id)
        .order_by(AppleRequest.id.desc())
        .limit(1)
    )
    return (await tx.session.execute(query)).scalar_one_or_none()


async def list_apple(tx: Tx) -> Sequence[OwnApple]:
    """All own pass types; there are few."""
    query = select(OwnApple).where(OwnApple.organization_id == tx.organization_id)
    return (await tx.session.execute(query)).scalars().all()


async def find_google(tx: Tx) -> OwnGoogle | None:
    """The own issuer."""
    query = select(OwnGoogle).where(OwnGoogle.organization_id == tx.organization_id)
    return (await tx.session.execute(query)).scalar_one_or_none()


async def count_in_google(tx: Tx) -> int:
    """Cards that lie in Google Wallet now."""
    count: int = await tx.fetchval(_IN_GOOGLE, tx.organization_id)
    return count

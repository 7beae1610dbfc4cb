"""Every SELECT of passkeys; the tenant is the transaction's."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from passerelle.kit.db import Tx
from passerelle.organizations.passkeys.errors import PasskeyNotFound
from passerelle.organizations.passkeys.models import Passkey

SPEND_CHALLENGE: Final = """
INSERT INTO spent_challenges (organization_id, digest, expires_at) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING RETURNING 1
"""
FORGET_CHALLENGES: Final = "DELETE FROM spent_challenges WHERE organization_id = $1 AND expires_at < $2"


async def list_passkeys(tx: Tx, operator_id: UUID) -> Sequence[Passkey]:
    """An operator's passkeys, newest first; there are few."""
    query = (
        select(Passkey)
        .where(Passkey.organization_id == tx.organization_id, Passkey.operator_id == operator_id)
        .order_by(Passkey.id.desc())
    )
    return (await tx.session.execute(query)).scalars().all()


async def passkey_for_update(tx: Tx, credential_id: bytes) -> Passkey | None:
    """The passkey with this credential, locked, so that its count moves once per answer."""
    query = (
        select(Passkey)
        .where(Passkey.organization_id == tx.organization_id, Passkey.credential_id == credential_id)
        .with_for_update()
    )
    return (await tx.session.execute(query)).scalar_one_or_none()


async def get_passkey(tx: Tx, operator_id: UUID, passkey_id: UUID) -> Passkey:
    """One passkey of an operator; raises PasskeyNotFound."""
    passkey = await tx.session.get(Passkey, (tx.organization_id, passkey_id))
    if passkey is None or passkey.operator_id != operator_id:
        raise PasskeyNotFound
    return passkey
